"""What an explorer may be given, and the history in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from arenalab.errors import ScenarioError
from arenalab.file_kind import RECORDING, kind_of
from arenalab.machine.machine import Machine
from arenalab.opening import of_recording, of_scenario, open_file
from arenalab.replay.replay import replay
from arenalab.replay.trace import Trace
from arenalab.scenarios.read import Scenario
from arenalab.truth.recording import Recording, load_recording
from arenalab.world.history import History

Source = History | Machine | Recording | Scenario | Trace | str | Path


def as_source(given: Source) -> tuple[History, Machine | None]:
    """Return the history to look at, and the machine that may continue it; a text is a file's path.

    Raises:
        ScenarioError: something else was given.
        ArenaLabError: a file that can't be opened.

    """
    if isinstance(given, Machine):
        return given.history, given
    for kind, opened in OPENED.items():
        if isinstance(given, kind):
            return opened(given), None
    kinds = "a History, a Machine, a Recording, a Scenario, a Trace or a file"
    raise ScenarioError(f"an explorer shows {kinds}; this is a {type(given).__name__}")


def recording_in(given: Source) -> Recording | None:
    """Return the recording that was given, read from its file where a path was; None for anything else."""
    if isinstance(given, str | Path):
        return load_recording(given) if kind_of(given) == RECORDING else None
    return given if isinstance(given, Recording) else None


#: Kind of what is given -> how its history is got.
OPENED: dict[type, Callable[[Any], History]] = {
    History: lambda history: history,
    Recording: of_recording,
    Scenario: of_scenario,
    Trace: replay,
    str: open_file,
    Path: open_file,
}
