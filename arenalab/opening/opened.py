"""One way in: whatever holds a run, opened.

Rule: what a file is decides its content, never its name.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from arenalab.advice.trace_run import TraceRun
from arenalab.asked import called, path_of
from arenalab.errors import ArgumentError, ScenarioError
from arenalab.file_kind import EXECUTION, kind_of
from arenalab.machine.machine import Machine
from arenalab.opening.open_file import NO_HISTORY, of_recording, of_scenario, open_file, open_trace
from arenalab.replay.replay import replay
from arenalab.replay.trace import Trace
from arenalab.scenarios.read import Scenario
from arenalab.truth.recording import Recording
from arenalab.world.history import History

Source = History | Machine | Recording | Scenario | Trace | TraceRun | str | Path


@called
def open(source: Source) -> History | TraceRun:  # noqa: A001  # as gzip.open: arenalab.open is what people try
    """Open whatever holds a run: a file of any kind that ArenaLab knows, or an object.

    >>> import arenalab
    >>> lab = arenalab.Lab(gogc="off")
    >>> arenalab.open(lab) is lab.history
    True

    Args:
        source: a path (text or Path), or a History, Machine, Recording, Scenario, Trace or TraceRun. A file is a
            recording (of operations or of a Go program), a saved history, a scenario, a trace (.npz or a folder) or
            an execution trace that Go wrote; gzip'ed or not, under whatever name.

    Returns:
        Of an execution trace a TraceRun (`scopes()`, `verdict(kind)`, `columns()`); of anything else the History,
        which every explorer takes. An object that is one of the two already comes back as it is.

    Raises:
        ArenaLabError: no such file, none of these kinds, damaged, or an object of another type.

    """
    if isinstance(source, TraceRun):
        return source
    if isinstance(source, str | Path) and kind_of(path_of("source", source)) == EXECUTION:
        return open_trace(source)
    return history_in(source)


def history_in(source: Source) -> History:
    """Return the history in a file or an object.

    Raises:
        ArgumentError: something else was given.
        ScenarioError: the trace of a program without arenas.
        ArenaLabError: a file that can't be opened.

    """
    for kind, opened in OPENED.items():
        if isinstance(source, kind):
            return opened(source)
    kinds = "a History, a Machine, a Recording, a Scenario, a Trace or the path of a file"
    hint = "arenalab.Machine().run(program) performs operations" if isinstance(source, list | tuple) else ""
    raise ArgumentError("source", source, kinds, hint)


def _no_history(run: TraceRun) -> History:
    raise ScenarioError(f"{run.path}: {NO_HISTORY}")


#: Kind of what is given -> how its history is got.
OPENED: dict[type, Callable[[Any], History]] = {
    History: lambda history: history,
    Machine: lambda machine: machine.history,
    Recording: of_recording,
    Scenario: of_scenario,
    Trace: replay,
    TraceRun: _no_history,
    str: open_file,
    Path: open_file,
}
