"""Which Clone is looked at: the run's latest one, or one that the reader asks about on a machine of its own."""

from __future__ import annotations

from typing import Any, NamedTuple

from arenalab.errors import ArenaLabError
from arenalab.machine.machine import Machine
from arenalab.syntax import type_of
from arenalab.view.acting import asked as asked_by
from arenalab.view.reading import Reading
from arenalab.world.access_events import ClonedToHeap
from arenalab.world.event import Event
from arenalab.world.history import History
from arenalab.world.of_kind import latest_first
from arenalab.world.ops import Clone
from arenalab.world.state import World

AS_MADE, KINDS = "as it was made", ("ptr", "slice", "string")
BYTE = type_of("byte")


class Cloned(NamedTuple):
    """A Clone and what it did; the world is that of the moment looked at, after it."""

    world: World
    op: Clone | None
    event: Event | str
    copy_row: int
    asked: bool
    by: str = ""  #: who asked for it and where, as it follows the call; "" where the run does not say.


def latest_clone(history: History, cursor: int, op: int) -> Cloned | None:
    """Return the run's last Clone at or before a moment, None without any."""
    for number in latest_first(history.ops, Clone, op + 1):
        start = next(iter(history.log.numbers_of(number)), cursor)
        if start >= cursor:
            continue
        event = history.events[start]
        row = history.at(start).ledger.count if isinstance(event, ClonedToHeap) else -1
        found: Any = history.ops[number]  # a Clone
        by = asked_by(history, number)
        return Cloned(history.at(cursor), found, event, row, asked=False, by=by)
    return None


def clone_now(history: History, cursor: int, op: Clone) -> Cloned:
    """Ask what a Clone would do now; the run itself goes on as if nobody had asked."""
    machine = Machine(history.rules, start=history.at(cursor))
    row = machine.world.ledger.count
    try:
        event: Event | str = machine.do(op)[-1]
    except ArenaLabError as error:
        event = str(error)
    return Cloned(machine.world, op, event, row if isinstance(event, ClonedToHeap) else -1, asked=True)


def asked_clone(world: World, row: int, kind: str, length: int | None) -> Clone | None:
    """Return the Clone of an object: as the program made it, or declared to be of a kind."""
    if not 0 <= row < len(world.ledger):
        return None
    *_, number, cap, _, _ = world.ledger.row(row)
    size, go_type = world.ledger.row(row)[1], world.types[number]
    if kind == AS_MADE:
        kind = "ptr" if cap < 0 else "slice"
    if kind == "ptr":
        return Clone(row, go_type)
    most = size if kind == "string" else max(cap, 1)
    taken = most if length is None else length
    return Clone(row, BYTE if kind == "string" else go_type, kind, len=taken)


def telling_object(world: World) -> int:
    """Return the last pointerful object in a chunk of an arena that lives, else the last object; −1 without any."""
    rows = [arena.last_pointerful for arena in world.holding() if not arena.defunct]
    return max(rows, default=-1) if max(rows, default=-1) >= 0 else len(world.ledger) - 1


def cloned(history: History, moment: Reading, row: int | None, kind: str, length: int | None) -> Cloned:
    """Return the Clone to look at: of an object that was named, else the run's latest, else of a telling one."""
    found = latest_clone(history, moment.index, moment.op) if row is None else None
    if found is not None:
        return found
    world = history.at(moment.index)
    op = asked_clone(world, telling_object(world) if row is None else row, kind, length)
    return Cloned(world, None, "", -1, asked=True) if op is None else clone_now(history, moment.index, op)
