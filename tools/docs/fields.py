"""What the fields of operations and events hold: said once as data, and shown in the reference."""

from __future__ import annotations

import inspect
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any

from arenalab.world.event import Event
from arenalab.world.ops import Op
from tools.docs.docstrings import as_rst

#: Fields that need no comment where they stand.
WORDS = {"chunk": "number of the chunk.", "user_arena": "the program's number for the arena."}


def fields_told(thing: Any) -> list[str]:
    """Return ":param:" lines of an operation's or event's fields, [] of any other class."""
    if not (inspect.isclass(thing) and is_dataclass(thing) and issubclass(thing, Op | Event)):
        return []
    return [
        "",
        *(f":param {field.name}: {said}" for field in fields(thing) if (said := _told(thing, field))),
        "",
    ]


def _told(thing: type, field: Field[Any]) -> str:
    if issubclass(thing, Op):
        usual = "" if field.default is MISSING else f"; {field.default!r} unless given"
        return as_rst([f"{field.metadata['kind'].expected}{usual}"])[0]
    return WORDS.get(field.name, "")
