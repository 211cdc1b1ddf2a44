"""What changed between two versions of Go, told by a scenario: which of its facts hold in one and not in the other."""

from __future__ import annotations

from arenalab.asked import called
from arenalab.go.versions import version_of
from arenalab.scenarios import Scenario, load_scenario
from arenalab.scenarios.run import broken, engine_for, perform
from arenalab.units import plainly
from arenalab.world.history import History


@called
def shown_by(name: str, before: str, after: str) -> str:
    """Describe how a scenario tells two versions of Go apart: how much it expects of one that the other does not do.

    Raises:
        ScenarioError: no such scenario, no such version.

    """
    scenario = load_scenario(name)
    absent = [go for go in (before, after) if not scenario.runs_on(version_of(go))]
    if absent:
        return f"{name}: about Go {scenario.go}, so not about Go {' or '.join(dict.fromkeys(absent))}"
    asked = scenario.under(after)
    false = len(broken(asked, _run(scenario.under(before)), unseen=engine_for(asked).unseen))
    if not false:
        return f"{name}: the same in Go {before} and Go {after}"
    return f"{name}: {plainly(false, 'expectation')} of Go {after} not met in Go {before}"


def _run(scenario: Scenario) -> History:
    return perform(scenario, engine_for(scenario), after_op=lambda _: None)
