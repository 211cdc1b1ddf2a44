"""Reading single values out of a recording's rows, with one clear error each.

Law: nothing in a file is trusted. Types and ranges are checked before a value is used, and
no value may ask for memory or time beyond the bounds below.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from arenalab.errors import RecordingError, shown

MAX_INT = 2**63 - 1
MAX_ID = 2**31 - 1
MAX_LINE_CHARS = 64 * 1024 * 1024

Row = Mapping[str, Any]


def parse_line(text: str, where: str) -> dict[str, Any]:
    """Read one JSON line into a row.

    Raises:
        RecordingError: bad JSON, or JSON that is no object.

    """
    if len(text) > MAX_LINE_CHARS:
        raise RecordingError(f"{where}: the line has {len(text)} characters; the most is {MAX_LINE_CHARS}")
    try:
        row = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RecordingError(f"{where}: not JSON ({error}); the file may be cut off") from None
    if not isinstance(row, dict):
        raise RecordingError(f"{where}: a row must be a JSON object, not {shown(row)}")
    return row


def integer(row: Row, key: str, where: str, *, low: int = 0, high: int = MAX_INT) -> int:
    """Return a row's integer within [low, high].

    Raises:
        RecordingError: missing, of another type, or out of range.

    """
    value = present(row, key, where)
    if isinstance(value, bool) or not isinstance(value, int):
        raise RecordingError(f"{where}: {key!r} must be a whole number, not {shown(value)}")
    if not low <= value <= high:
        raise RecordingError(f"{where}: {key!r} is {shown(value)}; it must be {low} … {high}")
    return value


def text(row: Row, key: str, where: str) -> str:
    """Return a row's text.

    Raises:
        RecordingError: missing, or of another type.

    """
    value = present(row, key, where)
    if not isinstance(value, str):
        raise RecordingError(f"{where}: {key!r} must be text, not {shown(value)}")
    return value


def address(row: Row, key: str, where: str) -> int:
    """Return an address, written as text "0x…".

    Raises:
        RecordingError: missing, or not such a text.

    """
    value = text(row, key, where)
    if not re.fullmatch(r"0x[0-9a-f]{1,16}", value):
        raise RecordingError(f"{where}: {key!r} must be an address like 0x40c000000000, not {shown(value)}")
    return int(value, 16)


def mapping(row: Row, key: str, where: str) -> dict[str, Any]:
    """Return a row's inner object.

    Raises:
        RecordingError: missing, or of another type.

    """
    value = present(row, key, where)
    if not isinstance(value, dict):
        raise RecordingError(f"{where}: {key!r} must be an object, not {shown(value)}")
    return value


def integers(row: Row, key: str, where: str) -> list[int]:
    """Return a row's list of whole numbers.

    Raises:
        RecordingError: missing, or not such a list.

    """
    value = present(row, key, where)
    if not isinstance(value, list) or any(isinstance(v, bool) or not isinstance(v, int) for v in value):
        raise RecordingError(f"{where}: {key!r} must be a list of whole numbers, not {shown(value)}")
    return value


def integer_lists(row: Row, key: str, where: str) -> list[list[int]]:
    """Return a row's list of lists of whole numbers.

    Raises:
        RecordingError: missing, or not such a list.

    """
    value = present(row, key, where)
    if not isinstance(value, list) or not all(isinstance(inner, list) for inner in value):
        raise RecordingError(f"{where}: {key!r} must be a list of lists, not {shown(value)}")
    return [integers({key: inner}, key, where) for inner in value]


def counters(row: Row, key: str, where: str) -> dict[str, int]:
    """Return a row's object of counter changes.

    Raises:
        RecordingError: missing, or a value that is no whole number.

    """
    values = mapping(row, key, where)
    for name, value in values.items():
        if isinstance(value, bool) or not isinstance(value, int) or abs(value) > 2**64:
            raise RecordingError(f"{where}: counter {shown(name)} must be a whole number, not {shown(value)}")
    return values


def present(row: Row, key: str, where: str) -> Any:
    """Return a row's value.

    Raises:
        RecordingError: there is none.

    """
    if key not in row:
        raise RecordingError(f"{where}: {key!r} is missing")
    return row[key]
