"""Opening a file: the history in it, whatever kind it is.

Law of this file: whatever is wrong with a file is one ArenaLabError that names it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from arenalab.errors import ArenaLabError, GoThrow, ModelBug, ScenarioError
from arenalab.file_kind import HISTORY, RECORDING, SCENARIO, TRACE, kind_of
from arenalab.replay.replay import replay
from arenalab.replay.trace_file import load_trace
from arenalab.scenarios.read import Scenario, read_scenario
from arenalab.scenarios.run import engine_for, run
from arenalab.truth.check import Steps, check_and_follow, history_of
from arenalab.truth.recording import Recording, load_recording
from arenalab.truth.report import Report
from arenalab.world.history import History


def open_file(path: str | Path) -> History:
    """Return the history in a recording, a saved history, a trace or a scenario.

    Raises:
        ArenaLabError: none of these, or one that can't be read; the text names the file.

    """
    source = Path(path)
    with _named(source):
        return OPENERS[kind_of(source)](source)


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
