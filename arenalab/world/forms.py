"""The rows of operations and events: by a history's names, by a scenario's arguments, as real Go was asked.

All are made from the descriptions of operations (`ops`) and events (`event_fields`): nothing else knows their fields.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, Field, fields
from functools import cache
from typing import Any

from arenalab.codec.forms import Cell, Form
from arenalab.errors import ScenarioError, listed, shown
from arenalab.world import op_fields as may_be
from arenalab.world.event import Event
from arenalab.world.event_fields import kind_of
from arenalab.world.ops import OPS, Op

#: Field of an operation -> its argument in a scenario or recording.
ARGUMENTS = {"user_arena": "arena", "from_arena": "from", "to_arena": "to"}
#: What a field may hold -> what it may in a recording: a program names only what it made.
_MADE = {
    may_be.ANY_ARENA["kind"]: may_be.MADE_ARENA["kind"],
    may_be.OBJECT_OR_PLACE["kind"]: may_be.OBJECT["kind"],
}


def kind_named(name: Any) -> type[Op]:
    """Return the operation of a file's name.

    Raises:
        ScenarioError: there is none.

    """
    kind = OPS.get(name) if isinstance(name, str) else None
    if kind is None:
        raise ScenarioError(f"unknown operation {shown(name)}; expected one of: {listed(OPS, name)}")
    return kind


@cache
def history_form(kind: type[Op]) -> Form[Op]:
    """Return an operation's row in a history: all of its fields by their own names."""
    return Form(kind.name, kind, _cells(kind, {}), checked=True)


@cache
def argument_form(kind: type[Op]) -> Form[Op]:
    """Return an operation's row in a scenario: all of its fields by the names of arguments."""
    return Form(kind.name, kind, _cells(kind, ARGUMENTS), checked=True)


@cache
def asked_form(kind: type[Op]) -> Form[Op]:
    """Return an operation's row in a recording: what real Go was asked for, and what only it can tell.

    Raises:
        ScenarioError: real Go can't be asked for it.

    """
    if kind.asked is None:
        asked = ", ".join(name for name, each in OPS.items() if each.asked is not None)
        raise ScenarioError(f"real Go can't be asked for {kind.name!r}; expected one of: {asked}")
    names = {name: ARGUMENTS.get(name, name) for name in kind.asked} | dict(kind.told)
    cells = [cell for cell in _cells(kind, names) if cell.name in names]
    return Form(
        kind.name,
        kind,
        [cell._replace(kind=_MADE.get(cell.kind, cell.kind)) for cell in cells],
        checked=False,
    )


def asked_keys(kind: type[Op]) -> tuple[str, ...]:
    """Return the arguments that real Go can be asked with, as a recording and a scenario name them; () for none."""
    return tuple(ARGUMENTS.get(name, name) for name in kind.asked or ())


def event_form(kind: type[Event]) -> Form[Event]:
    """Return an event's row in a history."""
    return _EVENT_FORMS.get(kind) or _EVENT_FORMS.setdefault(kind, _event_form(kind))


_EVENT_FORMS: dict[type[Event], Form[Event]] = {}  #: made when a kind is first met.


def _event_form(kind: type[Event]) -> Form[Event]:
    cells = (Cell(it.name, it.name, kind_of(kind, it.name, str(it.type))) for it in fields(kind))
    return Form(kind.__name__, kind, cells, checked=False)


def _cells(kind: type[Op], names: dict[str, str]) -> Iterator[Cell]:
    for it in fields(kind):
        yield Cell(names.get(it.name, it.name), it.name, it.metadata["kind"], _needed(it))


def _needed(it: Field[Any]) -> bool:
    return it.default is MISSING
