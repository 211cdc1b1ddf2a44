"""Opening a file: what kind it is, told by its content, and the history in it.

Law of this file: whatever is wrong with a file is one ArenaLabError that names it; no name and no
suffix decides, so a file that was renamed opens all the same.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from pathlib import Path

from arenalab.errors import ScenarioError
from arenalab.go.rules import GoRules
from arenalab.go.versions import GO_1_21
from arenalab.replay.replay import Replayer
from arenalab.replay.trace import Trace
from arenalab.replay.trace_file import TYPES, load_trace
from arenalab.scenarios.read import MAX_FILE_BYTES, Scenario, read_scenario
from arenalab.scenarios.run import ENGINES, run
from arenalab.truth.check import history_of
from arenalab.truth.recording import Recording, load_recording
from arenalab.world.history import History
from arenalab.world.ops import Rep

RECORDING, HISTORY, TRACE, SCENARIO = "recording", "history", "trace", "scenario"
ZIP = b"PK\x03\x04"
MOST_STEPS = 20_000  #: values that a scenario may make one by one.
LONGEST_HEAD = 1_000_000  #: bytes of a first line that are looked at.


def open_file(path: str | Path) -> History:
    """Return the history in a recording, a saved history, a trace or a scenario.

    Raises:
        ArenaLabError: none of these, or one that can't be read; the text names the file.

    """
    return OPENERS[kind_of(path)](Path(path))


def kind_of(path: str | Path) -> str:
    """Say what a file is: "recording", "history", "trace" (.npz or a folder) or "scenario".

    Raises:
        ScenarioError: it is none of them, or can't be read.

    """
    source = Path(path)
    try:
        if source.is_dir():
            found = TRACE if (source / f"{TYPES}.npy").exists() else ""
        else:
            with source.open("rb") as file:
                head = file.readline(LONGEST_HEAD)
            found = TRACE if head.startswith(ZIP) else _kind_of_row(head) or _kind_of_text(source)
    except (OSError, ValueError) as trouble:
        raise ScenarioError(f"{source}: can't be read ({trouble})") from None
    if not found:
        raise ScenarioError(
            f"{source}: neither a recording, a saved history, a trace (.npz or a folder) nor a scenario"
        )
    return found


def _kind_of_row(head: bytes) -> str:
    """Tell by the first line, when it is a JSON object."""
    try:
        row = json.loads(head)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(row, dict):
        return ""
    return HISTORY if "arenalab_history" in row else RECORDING if "oracle" in row else ""


def _kind_of_text(source: Path) -> str:
    """Tell whether it is TOML with the tables of a scenario; a scenario is small."""
    if source.stat().st_size > MAX_FILE_BYTES:
        return ""
    try:
        data = tomllib.loads(source.read_text(encoding="utf-8"))
    except (ValueError, RecursionError):  # not UTF-8, not TOML
        return ""
    return SCENARIO if {"name", "ops"}.issubset(data) else ""


def of_scenario(scenario: Scenario) -> History:
    """Perform a scenario step by step; one with very many values in bulk, which tells runs of them at once."""
    values = sum(op.n for op in scenario.ops if isinstance(op, Rep))
    engine = ENGINES["step" if values <= MOST_STEPS else "bulk"]
    return run(scenario, engine, after_op=lambda _: None)


def of_trace(trace: Trace, rules: GoRules = GO_1_21) -> History:
    """Replay a trace as Go would run it by default; cycles that allocations start come to their end."""
    return Replayer(trace, rules, finish_cycles=True).run()


def of_recording(recording: Recording) -> History:
    """Re-execute a recorded run.

    Raises:
        ScenarioError: it holds types or single cases, and no run.

    """
    if not recording.ops:
        raise ScenarioError(f"{recording.path}: a recording without operations; there is nothing to look at")
    return history_of(recording)


OPENERS: dict[str, Callable[[Path], History]] = {
    RECORDING: lambda path: of_recording(load_recording(path)),
    HISTORY: History.load,
    TRACE: lambda path: of_trace(load_trace(path)),
    SCENARIO: lambda path: of_scenario(read_scenario(path)),
}
