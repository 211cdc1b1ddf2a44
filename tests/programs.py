"""Programs that make every kind of event happen at least once: the scenarios and the committed recordings."""

from functools import cache, partial
from pathlib import Path

from arenalab.replay.replay import replay
from arenalab.replay.workloads import workload
from arenalab.scenarios import scenarios
from arenalab.scenarios.run import ENGINES, run, start_trouble
from arenalab.truth.check import history_of
from arenalab.truth.recording import load_recording
from tests.examples import number

RECORDINGS = Path(__file__).parent / "data" / "recordings"
MANY = 50_000  #: values above which a scenario is performed in bulk only.


def is_large(scenario):
    """Return whether single steps would take minutes: more than a few bulk allocations' worth of values."""
    return sum(row.get("n", 1) for row in scenario.rows) > MANY


@cache
def makers():
    """Return name -> what makes the history of that name: each scenario, step by step and in bulk, each recording."""
    made = {}
    for scenario in scenarios():
        for name in () if start_trouble(scenario) else ("step", "bulk"):
            if name == "bulk" or not is_large(scenario):
                made[f"{scenario.name} {name}"] = partial(_performed, scenario, name)
    for name, count in (("mixed", 1_000), ("many-small-arenas", 7_000)):
        made[f"{name} replayed in bulk"] = partial(_replayed, name, count)
    return made | {path.stem: partial(_recorded, path) for path in sorted(RECORDINGS.glob("*.jsonl"))}


def _replayed(name, count):
    return replay(workload(name, count))


def _performed(scenario, engine):
    return run(scenario, ENGINES[engine], after_op=lambda _: None)


def _recorded(path):
    return history_of(load_recording(path))


def moments_of(history, asked):
    """Return moments all along a history, its first among them: as many as a test asks for, or its share of them."""
    return range(0, len(history) + 1, max(1, len(history) // number(asked)))


def histories():
    """Yield (name, history) of all, each made as it is asked for and kept by nobody."""
    return ((name, make()) for name, make in makers().items())
