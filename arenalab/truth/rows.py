"""Reading single values out of a recording's rows, with one clear error each.

Law: nothing in a file is trusted. Types and ranges are checked before a value is used, and
no value may ask for memory or time beyond its bounds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from arenalab.errors import ArgumentError, RecordingError, shown

MAX_INT = 2**63 - 1
MAX_ID = 2**31 - 1
_ADDRESS = re.compile(r"0x[0-9a-f]{1,16}")

Row = Mapping[str, Any]


def refuse(where: str, key: str, given: object, expected: str) -> NoReturn:
    """Describe what a row holds that it may not.

    Raises:
        RecordingError: always.

    """
    raise RecordingError(f"{where}: {ArgumentError(key, given, expected)}")


def present(row: Row, key: str, where: str, expected: str = "") -> Any:
    """Return a row's value.

    Raises:
        RecordingError: there is none.

    """
    if key not in row:
        raise RecordingError(f"{where}: {key} is missing{expected and f'; expected {expected}'}")
    return row[key]


def integer(row: Row, key: str, where: str, *, low: int = 0, high: int = MAX_INT) -> int:
    """Return a row's integer within [low, high].

    Raises:
        RecordingError: missing, of another type, or out of range.

    """
    value = row.get(key)
    if type(value) is int and low <= value <= high:
        return value
    expected = f"a whole number from {low:,} to {high:,}"
    refuse(where, key, present(row, key, where, expected), expected)


def _reader(
    kind: type, expected: str, good: Callable[[Any], bool] = lambda _: True
) -> Callable[[Row, str, str], Any]:
    """Make what returns a row's value by key, and place for an error, if it is of a kind and good."""

    def read(row: Row, key: str, where: str) -> Any:
        value = present(row, key, where, expected)
        return value if isinstance(value, kind) and good(value) else refuse(where, key, value, expected)

    return read


def _all(kind: type) -> Callable[[Any], bool]:
    return lambda values: all(isinstance(each, kind) for each in values)


def _whole(values: Any) -> bool:
    return all(type(each) is int for each in values)


text = _reader(str, "a text")
mapping = _reader(dict, "an object")
integers = _reader(list, "a list of whole numbers", _whole)
integer_lists = _reader(
    list, "a list of lists of whole numbers", lambda v: _all(list)(v) and all(map(_whole, v))
)
objects = _reader(list, "a list of objects", _all(dict))
listed = _reader(list, "a list")
_address = _reader(
    str, "an address, such as '0x40c000000000'", lambda text: _ADDRESS.fullmatch(text) is not None
)


def address(row: Row, key: str, where: str) -> int:
    """Return an address, written as text "0x…".

    Raises:
        RecordingError: missing, or not such a text.

    """
    return int(_address(row, key, where), 16)


def counters(row: Row, key: str, where: str) -> dict[str, int]:
    """Return a row's object of counter changes.

    Raises:
        RecordingError: missing, or a value that is no whole number.

    """
    values: dict[str, int] = mapping(row, key, where)
    for name, value in values.items():
        if type(value) is not int or abs(value) > 2**64:
            refuse(where, f"{key}.{shown(name)}", value, "a whole number: a counter's change")
    return values
