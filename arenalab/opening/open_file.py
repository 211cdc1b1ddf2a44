"""Opening a file: the history in it, or the run that an execution trace tells of.

Rule: whatever is wrong with a file is one ArenaLabError that names it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from arenalab.advice.trace_run import TraceRun
from arenalab.errors import ArenaLabError, GoThrow, ModelBug, ScenarioError
from arenalab.file_kind import EXECUTION, HISTORY, RECORDING, SCENARIO, TRACE, kind_of, known_kind
from arenalab.replay.replay import replay
from arenalab.replay.trace_file import load_trace
from arenalab.scenarios.read import Scenario, read_scenario
from arenalab.scenarios.run import engine_for, run
from arenalab.truth.check import Steps, check_and_follow, history_of
from arenalab.truth.recording import Recording, load_recording
from arenalab.truth.report import Report
from arenalab.world.history import History

NO_HISTORY = (
    "an execution trace of a Go program, no arenas in it; arenalab.explore.HeapMovie shows its heap, and "
    "arenalab.open(FILE).history(kind, n) puts the objects of n scopes into arenas, for any explorer"
)
#: What reads the files that are no execution traces.
READ_BY = {
    RECORDING: "`arenalab report` and `arenalab check` read it",
    HISTORY: "`arenalab report` and `arenalab lab` read it",
    TRACE: "`arenalab report` and `arenalab lab` read it",
    SCENARIO: "`arenalab check` and `arenalab lab` read it",
}


def open_file(path: str | Path) -> History:
    """Return the history in a recording, a saved history, a trace or a scenario, packed by gzip or not.

    Raises:
        ArenaLabError: none of these, or one that can't be read; the text names the file.

    """
    source = Path(path)
    with _named(source):
        kind = kind_of(source)
        if kind == EXECUTION:
            raise ScenarioError(f"{source}: {NO_HISTORY}")
        return OPENERS[kind](source)


def open_compared(path: str | Path, steps: Steps = iter) -> tuple[History, Report | None]:
    """Return the history in a file, and of a recording how it compares with real Go, in one run of the model.

    `steps` hands on a recording's rows one by one: a progress bar, say.

    Raises:
        ArenaLabError: as `open_file`.

    """
    source = Path(path)
    if kind_of(source) != RECORDING:
        return open_file(source), None
    with _named(source):
        report, history = check_and_follow(_with_ops(load_recording(source)), steps=steps)
    return history, report


@contextmanager
def _named(source: Path) -> Iterator[None]:
    """See to it that an error about a file's content names the file."""
    try:
        yield
    except ModelBug:
        raise
    except GoThrow as thrown:
        raise ScenarioError(f"{source}: Go would not start: {thrown.text} ({thrown.why})") from None
    except ArenaLabError as error:
        if str(source) in str(error):
            raise
        raise ScenarioError(f"{source}: {error}") from None


def open_trace(
    path: str | Path, watch: Callable[[float], None] = lambda _: None, *, binary: str | Path | None = None
) -> TraceRun:
    """Return the run in an execution trace of a Go program, which may be given as `binary`: `TraceRun.read`.

    Raises:
        ArenaLabError: no such file, of another kind, or damaged; the text names the file and who reads it.

    """
    source = Path(path)
    if not source.is_dir() and (kind := known_kind(source)) in READ_BY:
        raise ScenarioError(f"{source}: a {kind}, no execution trace of a Go program; {READ_BY[kind]}")
    return TraceRun.read(source, watch, binary=binary)


def of_scenario(scenario: Scenario) -> History:
    """Perform a scenario step by step; one with very many values in bulk, which tells runs of them at once."""
    return run(scenario, engine_for(scenario), after_op=lambda _: None)


def of_recording(recording: Recording) -> History:
    """Re-execute a recorded run.

    Raises:
        ScenarioError: it holds types or single cases, and no run.

    """
    return history_of(_with_ops(recording))


def _with_ops(recording: Recording) -> Recording:
    if not recording.ops:
        raise ScenarioError(f"{recording.path}: a recording without operations; there is nothing to look at")
    return recording


OPENERS: dict[str, Callable[[Path], History]] = {
    RECORDING: lambda path: of_recording(load_recording(path)),
    HISTORY: History.load,
    TRACE: lambda path: replay(load_trace(path)),
    SCENARIO: lambda path: of_scenario(read_scenario(path)),
}
