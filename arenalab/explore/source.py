"""What an explorer may be given, and the history in it."""

from __future__ import annotations

from arenalab.errors import ScenarioError
from arenalab.machine.machine import Machine
from arenalab.truth.check import history_of
from arenalab.truth.recording import Recording
from arenalab.world.history import History

Source = History | Machine | Recording


def as_source(given: Source) -> tuple[History, Machine | None]:
    """Return the history to look at, and the machine that may continue it.

    Raises:
        ScenarioError: something else was given.

    """
    if isinstance(given, Machine):
        return given.history, given
    if isinstance(given, Recording):
        return history_of(given), None
    if isinstance(given, History):
        return given, None
    kind = type(given).__name__
    raise ScenarioError(f"an explorer shows a History, a Machine or a Recording; this is a {kind}")
