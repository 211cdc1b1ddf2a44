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

#: Kinds of events, by name.
KINDS = {kind.__name__: kind for kind in HANDLERS}


def is_ints(value: Any) -> bool:
    """Return whether a value is a list of whole numbers."""
    return isinstance(value, list) and all(map(is_whole, value))


def is_texts(value: Any) -> bool:
    """Return whether a value is a list of texts."""
    return isinstance(value, list) and all(isinstance(entry, str) for entry in value)


def numbered(inner: Callable[[Any], bool]) -> Callable[[Any], bool]:
    """Return a test of tables from a number to something."""

    def good(value: Any) -> bool:
        return isinstance(value, dict) and all(k.isdigit() and inner(v) for k, v in value.items())

    return good


def fields_of(row: type, *more: str) -> Callable[[Any], bool]:
    """Return a test of tables from a row's field to its value."""
    names = {field.name for field in fields(row)} | set(more)
    return lambda value: isinstance(value, dict) and names.issuperset(value)


def is_counters(value: Any) -> bool:
    """Return whether a value is a table of Go counters to whole numbers."""
    names = Counters().as_dict()
    return isinstance(value, dict) and all(snake(k) in names and is_whole(v) for k, v in value.items())


def snake(name: str) -> str:
    """Return a Go counter's name as the model spells it: heapLive -> heap_live."""
    return re.sub(r"(?<=[a-z])([A-Z])", r"_\1", name).lower()


def is_places(value: Any) -> bool:
    """Return whether a value is a list of places, each naming the operation that made the value."""
    return isinstance(value, list) and all(isinstance(p, dict) and is_whole(p.get("op")) for p in value)


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
        isinstance(t, dict) and is_whole(t.get("object")) and keys.issuperset(t) for t in value
    )
