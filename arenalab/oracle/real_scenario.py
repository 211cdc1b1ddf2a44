"""A scenario performed in real Go, to be compared with the model."""

from __future__ import annotations

import tempfile
from pathlib import Path

from arenalab.errors import ScenarioError
from arenalab.oracle.program import program_of
from arenalab.oracle.record import record
from arenalab.oracle.toolchain import Toolchain, chosen_toolchains
from arenalab.scenarios.read import Scenario
from arenalab.truth.recording import Recording, load_recording


def performers(scenario: Scenario, go: str | None = None) -> list[Toolchain]:
    """Return the toolchains that are asked for and of which a scenario says something.

    Raises:
        ToolchainError: one that is asked for is not there.
        ScenarioError: the scenario says nothing of any of them.

    """
    chosen = chosen_toolchains(go)
    fit = [each for each in chosen if scenario.runs_on(each.minor)]
    if not fit:
        there = ", ".join(each.version for each in chosen)
        raise ScenarioError(
            f"{scenario.path}: it says nothing of {there}: its go is {scenario.go!r}; "
            "choose another with --go VERSION"
        )
    return fit


def in_real_go(scenario: Scenario, go: Toolchain) -> Recording:
    """Record a scenario, all there is to see after each operation.

    Raises:
        ScenarioError: real Go can't perform it.
        ToolchainError: it could not be built, or did not end.

    """
    with tempfile.TemporaryDirectory(prefix="arenalab-real-") as folder:
        path = Path(folder) / f"{scenario.name}.jsonl"
        record(program_of(scenario), path, go=go, snapshot=1)
        return load_recording(path)
