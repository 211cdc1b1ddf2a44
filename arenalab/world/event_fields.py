"""What each field of an event may hold: one description per kind of field, by its declared type and its name.

For events that come from a file; those that a procedure makes are its business. Whether one can happen *now*
is told by `event_rules`.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass, fields
from typing import Any, Final

from arenalab.errors import ArgumentError, ScenarioError, shown
from arenalab.go.types import GoType
from arenalab.world.access_events import Faulted
from arenalab.world.actors import MAIN, MOST_PS
from arenalab.world.event import Event
from arenalab.world.gc_events import TriggerReached
from arenalab.world.op_fields import MOST_ID
from arenalab.world.weak_events import WeakHandleCleared, WeakHandleMade

LONGEST_TEXT = 10_000  #: characters.
_AMOUNT: Final = range(
    2**48 + 1
)  #: bytes, pages, words, numbers of things: never more than there are addresses.
_NUMBER: Final = range(MOST_ID + 1)
_ADDRESS: Final = range(2**63)
_WORD: Final = range(2**64)
_COUNTER: Final = range(-(2**62), 2**62)

#: Name of a field -> its range, where that is no amount; (kind, name) where one kind differs from the others.
WITHIN: dict[str | tuple[type[Event], str], range] = {
    **dict.fromkeys(
        ("chunk", "to_chunk", "user_arena", "hold", "homes", "marked", "user_arenas", "pending"), _NUMBER
    ),
    **dict.fromkeys(("owner", "parents", "last_pointerful"), range(-1, MOST_ID + 1)),
    **dict.fromkeys(
        ("addr", "base", "limit", "free_limit", "first", "bases", "free_bases", "free_limits"), _ADDRESS
    ),
    "slot": _ADDRESS,
    "target": range(2**64),  # a program may store any word where a pointer belongs
    **dict.fromkeys(("before", "after", "goal", "trigger", "fault_addr"), _WORD),
    **dict.fromkeys(("value", "values"), range(-(2**63), 2**64)),
    **dict.fromkeys(("heap_live", "heap_scan", "to_heap_scan", "stride"), _COUNTER),
    "object": range(-3, 2**63),
    "goroutine": range(MAIN, 2**31),
    "p": range(MOST_PS),
    "cap": range(-1, 2**63),
    "clears": range(2),
    "needzero": range(2),
    "found": range(2),
    "fault_code": range(3),
    (Faulted, "addr"): _WORD,
    **dict.fromkeys(((WeakHandleMade, "chunk"), (WeakHandleCleared, "chunk")), range(-3, MOST_ID + 1)),
    (WeakHandleCleared, "object"): range(-3, 2**63),
    **dict.fromkeys(("weak", "number", "row"), _NUMBER),
    **dict.fromkeys(("handle", "position", "block"), range(-1, MOST_ID + 1)),
    (TriggerReached, "heap_live"): range(-(2**62), 2**64),
}

Take = Callable[[Any, list[GoType]], Any]
Takes = tuple[frozenset[str], tuple[tuple[str, Take], ...]]
_TAKES: dict[type[Event], Takes] = {}  #: made when a kind is first met.


@dataclass(frozen=True, slots=True)
class _Plain:
    """A number, a truth value or a text."""

    name: str
    exact: type
    within: Container[Any] | None

    def __call__(self, value: Any, _: list[GoType]) -> Any:
        if type(value) is not self.exact or (self.within is not None and value not in self.within):
            raise ArgumentError(self.name, value, _said(self.exact, self.within))
        if isinstance(value, str) and len(value) > LONGEST_TEXT:
            raise ArgumentError(self.name, value, f"a text of at most {LONGEST_TEXT:,} characters")
        return value


@dataclass(frozen=True, slots=True)
class _Several:
    """A list, which becomes a tuple."""

    name: str
    one: Take

    def __call__(self, value: Any, types: list[GoType]) -> Any:
        if not isinstance(value, list | tuple):
            raise ArgumentError(self.name, value, "a list")
        return tuple(self.one(each, types) for each in value)


@dataclass(frozen=True, slots=True)
class _Type:
    """The number of a type row above it."""

    name: str

    def __call__(self, value: Any, types: list[GoType]) -> Any:
        return type_of_row(self.name, value, types)


def type_of_row(name: str, value: Any, types: list[GoType]) -> GoType:
    """Return the type of the type row that a field names.

    Raises:
        ArgumentError: there is none of that number above it.

    """
    if type(value) is not int or not 0 <= value < len(types):
        raise ArgumentError(name, value, f"a type row above it, of which there are {len(types)}")
    return types[value]


@dataclass(frozen=True, slots=True)
class _Bytes:
    """A column of numbers, written in hex."""

    name: str

    def __call__(self, value: Any, _: list[GoType]) -> Any:
        try:
            return bytes.fromhex(value)
        except (TypeError, ValueError):
            raise ArgumentError(self.name, value, "bytes in hexadecimal") from None


def _said(exact: type, within: Container[Any] | None) -> str:
    if isinstance(within, range):
        return f"a whole number from {within.start:,} to {within.stop - 1:,}"
    return {bool: "true or false", str: "a text"}[exact]


def _takes(kind: type[Event]) -> Takes:
    """Return what keys a row of this kind has, and for each field what takes its value."""
    takes = tuple((field.name, _take(kind, field.name, str(field.type))) for field in fields(kind))
    return frozenset(("event", *(name for name, _ in takes))), takes


def _take(kind: type[Event], name: str, declared: str) -> Take:
    within = WITHIN.get((kind, name), WITHIN.get(name, _AMOUNT))
    plain = {"int": (int, within), "bool": (bool, None), "str": (str, None)}
    inner = declared.removeprefix("tuple[").removesuffix(", ...]")
    one: Take = (
        _Type(name)
        if inner == "GoType"
        else _Bytes(name)
        if inner == "bytes"
        else _Plain(name, *plain[inner])
    )
    return one if inner == declared else _Several(name, one)


def taken(kind: type[Event], row: dict[str, Any], types: list[GoType]) -> Event:
    """Make an event from a file's row, which holds "event" as well.

    Raises:
        ScenarioError: a field is missing, unknown, or holds what it may not; the text says which.

    """
    keys, takes = _TAKES.get(kind) or _TAKES.setdefault(kind, _takes(kind))
    if row.keys() != keys:
        strange = shown(sorted(keys.symmetric_difference(row)))
        raise ScenarioError(
            f"its fields are {', '.join(name for name, _ in takes) or 'none'}; missing or unknown: {strange}"
        )
    return kind(*[take(row[name], types) for name, take in takes])
