"""Scenarios: small programs and what must be true after them, one for each rule of the runtime.

Data for tests, notebooks and the recorder of real Go. A scenario never names an engine:
`run` performs it step by step or in bulk, `arenalab record` in real Go.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from arenalab.asked import called
from arenalab.errors import ScenarioError, shown
from arenalab.scenarios.read import Scenario, parse_scenario, read_scenario

__all__ = ["Scenario", "load_scenario", "parse_scenario", "read_scenario", "scenarios"]

FOLDER = Path(__file__).parent
FOLDERS = (FOLDER, FOLDER / "litmus")  #: where a name is looked for.


@cache
def scenarios() -> tuple[Scenario, ...]:
    """Return every scenario of the package, by name."""
    return tuple(read_scenario(path) for path in sorted(FOLDER.glob("*.toml")))


@called
def load_scenario(name: str | Path) -> Scenario:
    """Return a scenario of the package by its name, or one from a file by its path.

    >>> load_scenario("refill-takes-the-chunk-put-last").about
    'The reuse list is a stack: the partly used chunk of the arena freed last is taken first.'

    Raises:
        ScenarioError: no such scenario, or a file that makes no sense.

    """
    if isinstance(name, str) and not name.endswith(".toml"):
        path = next((path for folder in FOLDERS if (path := folder / f"{name}.toml").exists()), None)
        if not name.replace("-", "").isalnum() or path is None:
            raise ScenarioError(f"unknown scenario {shown(name)}; arenalab.scenarios.scenarios() lists them")
        return read_scenario(path)
    return read_scenario(name)
