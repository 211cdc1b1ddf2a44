"""What kind of file a file is, told by its content.

Law of this file: no name and no suffix decides, so a file that was renamed is known all the same.
"""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

from arenalab.errors import ScenarioError

RECORDING, HISTORY, TRACE, SCENARIO = "recording", "history", "trace", "scenario"
ZIP = b"PK\x03\x04"
TYPES_COLUMN = "types.npy"  #: the file that a trace's folder always has.
LONGEST_HEAD = 1_000_000  #: bytes of a first line that are looked at.
MAX_SCENARIO_BYTES = 1_000_000


def kind_of(path: str | Path) -> str:
    """Say what a file is: "recording", "history", "trace" (.npz or a folder) or "scenario".

    Raises:
        ScenarioError: it is none of them, or can't be read.

    """
    found = known_kind(path)
    if not found:
        raise ScenarioError(
            f"{path}: neither a recording, a saved history, a trace (.npz or a folder) nor a scenario"
        )
    return found


def known_kind(path: str | Path) -> str:
    """Say what a file is as `kind_of` does, and "" for anything else: recorded types and cases, say.

    Raises:
        ScenarioError: it can't be read.

    """
    source = Path(path)
    try:
        if source.is_dir():
            return TRACE if (source / TYPES_COLUMN).exists() else ""
        with source.open("rb") as file:
            head = file.readline(LONGEST_HEAD)
        return TRACE if head.startswith(ZIP) else _kind_of_row(head) or _kind_of_text(source)
    except (OSError, ValueError) as trouble:
        raise ScenarioError(f"{source}: can't be read ({trouble})") from None


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
    if source.stat().st_size > MAX_SCENARIO_BYTES:
        return ""
    try:
        data = tomllib.loads(source.read_text(encoding="utf-8"))
    except (ValueError, RecursionError):  # not UTF-8, not TOML
        return ""
    return SCENARIO if {"name", "ops"}.issubset(data) else ""
