"""What the values of expectations must look like: tests without opinions about what is true."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields
from typing import Any

from arenalab.scenarios.values import is_whole
from arenalab.world.apply import HANDLERS
from arenalab.world.tables import Counters

Shape = Callable[[Any], bool]
LONGEST_NUMBER = 9  #: digits of a number that is a key.

#: Kinds of events, by name.
KINDS = {kind.__name__: kind for kind in HANDLERS}


def is_ints(value: Any) -> bool:
    """Return whether a value is a list of whole numbers."""
    return isinstance(value, list) and all(map(is_whole, value))


def is_texts(value: Any) -> bool:
    """Return whether a value is a list of texts."""
    return isinstance(value, list) and all(isinstance(entry, str) for entry in value)


def is_number(text: str) -> bool:
    """Return whether a key is a number: of a chunk, a user arena, a word or a global."""
    return text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER


def numbered(inner: Callable[[Any], bool]) -> Callable[[Any], bool]:
    """Return a test of tables from a number to something."""

    def good(value: Any) -> bool:
        return isinstance(value, dict) and all(is_number(k) and inner(v) for k, v in value.items())

    return good


def fields_of(row: type, *more: str) -> Callable[[Any], bool]:
    """Return a test of tables from a row's field to its value."""
    names = {field.name for field in fields(row)} | set(more)
    return lambda value: isinstance(value, dict) and names.issuperset(value)


def numbers_of(row: type) -> Callable[[Any], bool]:
    """Return a test of tables from a row's field that holds a number to its value."""
    names = {field.name for field in fields(row) if field.type == "int"}
    return lambda value: (
        isinstance(value, dict) and names.issuperset(value) and all(map(is_whole, value.values()))
    )


def is_counters(value: Any) -> bool:
    """Return whether a value is a table of Go counters to whole numbers."""
    names = {*Counters().as_dict(), "scan_alloc"}
    return isinstance(value, dict) and all(snake(k) in names and is_whole(v) for k, v in value.items())


def snake(name: str) -> str:
    """Return a Go counter's name as the model spells it: heapLive -> heap_live."""
    return re.sub(r"(?<=[a-z])([A-Z])", r"_\1", name).lower()


def is_places(value: Any) -> bool:
    """Return whether a value is a list of places, each naming the operation that made the value."""
    keys = {"op", "nth", "at", "chunk", "off", "size"}
    return isinstance(value, list) and all(
        isinstance(p, dict) and keys.issuperset(p) and is_whole(p.get("op")) and is_whole(p.get("nth", 0))
        for p in value
    )


def is_kinds(value: Any) -> bool:
    """Return whether a value is a list of kinds of events, alone or with fields."""
    kinds = [v.get("kind") if isinstance(v, dict) else v for v in value] if isinstance(value, list) else [0]
    return all(isinstance(kind, str) and kind in KINDS for kind in kinds)


def is_hex(value: Any) -> bool:
    """Return whether a value is a bitmap word in hex."""
    return isinstance(value, str) and re.fullmatch(r"0x[0-9a-f]{1,16}", value) is not None


def is_touches(value: Any) -> bool:
    """Return whether a value is a list of touches, each naming an object by its ledger row."""
    keys = {"object", "offset", "write", "outcome", "text", "chunk"}
    return isinstance(value, list) and all(
        isinstance(t, dict)
        and keys.issuperset(t)
        and is_whole(t.get("object"))
        and is_whole(t.get("offset", 0))
        and isinstance(t.get("write", False), bool)
        for t in value
    )
