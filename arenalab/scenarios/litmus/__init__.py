"""Litmus programs: short ones, each with one question about a late access, and the answer for every Go.

A litmus program is a scenario with a table `[litmus]`, as herd7 has it for memory models: a name, a program, a
condition that its end may meet ("the late read finds 41"), and whether that is so always, sometimes or never. A
program with goroutines has no order of turns: `states` performs it under each, and `seen` tells what
real Go, run again and again, came to. What the format is: docs/litmus.md.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from arenalab.asked import called
from arenalab.errors import ScenarioError, shown
from arenalab.scenarios.litmus.compared import Compared, compare
from arenalab.scenarios.litmus.question import Litmus, litmus_of
from arenalab.scenarios.litmus.recorded import Seen, seen
from arenalab.scenarios.litmus.states import answer_of, states
from arenalab.scenarios.read import read_scenario

__all__ = [
    "Compared",
    "Litmus",
    "Seen",
    "answer_of",
    "catalogue",
    "compare",
    "litmus_of",
    "load_litmus",
    "seen",
    "states",
]

FOLDER = Path(__file__).parent


@cache
def catalogue() -> tuple[Litmus, ...]:
    """Return every litmus program of the package, by name."""
    return tuple(litmus_of(read_scenario(path)) for path in sorted(FOLDER.glob("*.toml")))


@called
def load_litmus(name: str | Path) -> Litmus:
    """Return a litmus program of the package by its name, or one from a file by its path.

    Raises:
        ScenarioError: no such program, or a file that makes no sense.

    """
    if isinstance(name, str) and not name.endswith(".toml"):
        found = next((each for each in catalogue() if each.name == name), None)
        if found is None:
            raise ScenarioError(f"unknown litmus program {shown(name)}; catalogue() lists them")
        return found
    return litmus_of(read_scenario(name))
