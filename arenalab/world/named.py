"""Numbers and names that a caller gives, held against what there is.

Law of this file: what does not exist is one `NoSuchError`, never an empty answer or somebody else's.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import islice
from operator import index
from typing import Any

from arenalab.errors import ArgumentError, NoSuchError


def whole(name: str, given: Any, what: str) -> int:
    """Return a whole number that a caller gave, of whatever integer type.

    Raises:
        ArgumentError: it is none; True is none either.

    """
    if type(given) is int:
        return given
    try:
        if not isinstance(given, bool):
            return index(given)
    except Exception:  # noqa: BLE001, S110  # a stranger's __index__ may raise anything: it is no integer then
        pass
    raise ArgumentError(name, given, what)


def position(name: str, given: Any, count: int, what: str, *, low: int = 0) -> int:
    """Return the number of something of which there are `count`.

    Raises:
        ArgumentError: no whole number.
        NoSuchError: there is none of that number.

    """
    number = whole(name, given, f"the number of {what}")
    if low <= number < count:
        return number
    there = f"{low} to {count - 1}" if count > low else "none yet"
    raise NoSuchError(name, given, f"the number of {what}: {there}")


def one_of(name: str, given: Any, there: Collection[Any], what: str) -> Any:
    """Return a number or name that is among those there are.

    Raises:
        NoSuchError: it is not.

    """
    if isinstance(given, str):
        plain: Any = given
    else:
        plain = whole(name, given, what)
    if plain in there:
        return plain
    texts = list(map(str, islice(there, 12)))
    if len(there) > 12:
        texts.append(f"… ({len(there)} in all)")
    raise NoSuchError(name, given, f"{what}: {', '.join(texts) or 'none yet'}")
