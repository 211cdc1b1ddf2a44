"""Files of JSON lines: one object a line."""

from __future__ import annotations

import json
from typing import Any

from arenalab.errors import ScenarioError, cut, shown

MOST_CHARS = 64 * 1024 * 1024  #: of one line.


_SCAN = json.JSONDecoder().raw_decode  #: without the half of `loads` that looks around it.


def row_of(line: str) -> dict[str, Any]:
    """Return the object in a line.

    Raises:
        ScenarioError: the line is too long, no JSON, or JSON that is no object.

    """
    if len(line) > MOST_CHARS:
        raise ScenarioError(f"the line has {len(line):,} characters; the most is {MOST_CHARS:,}")
    try:
        row, end = _SCAN(line)
        if line[end:].strip(" \t\r\n"):
            row = _slowly(line)
    except (ValueError, RecursionError):
        row = _slowly(line)
    if not isinstance(row, dict):
        raise ScenarioError(f"got {shown(row)}; expected a JSON object in each line")
    return row


def _slowly(line: str) -> Any:
    """Read a line that begins with a blank, or say what is wrong with it."""
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ScenarioError(f"not JSON ({cut(error)}); the file may be cut off") from None
