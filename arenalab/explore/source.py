"""What an explorer may be given, and the history in it."""

from __future__ import annotations

from pathlib import Path

from arenalab.file_kind import RECORDING, kind_of
from arenalab.machine.machine import Machine
from arenalab.opening import history_in
from arenalab.opening.opened import Source
from arenalab.truth.recording import Recording, load_recording
from arenalab.world.history import History

__all__ = ["Source", "as_source", "recording_in"]


def as_source(given: Source) -> tuple[History, Machine | None]:
    """Return the history to look at, and the machine that may continue it; a text is a file's path.

    Raises:
        ScenarioError: something else was given, or the trace of a program without arenas.
        ArenaLabError: a file that can't be opened.

    """
    return history_in(given), given if isinstance(given, Machine) else None


def recording_in(given: Source) -> Recording | None:
    """Return the recording that was given, read from its file where a path was; None for anything else."""
    if isinstance(given, str | Path):
        return load_recording(given) if kind_of(given) == RECORDING else None
    return given if isinstance(given, Recording) else None
