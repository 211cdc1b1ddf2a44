"""Usage by whom: which goroutine, and which line of the program, made and freed what; which arenas nobody freed.

Laws of this file:
1. A group is a line of the program where lines were recorded, else a goroutine where there are several.
2. Whose an arena's end is, the events say: a free by the program, one by a finalizer, or none up to the end.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from arenalab.view.acting import asked, is_told, made
from arenalab.world import ops
from arenalab.world.actors import FINALIZER, actor_name
from arenalab.world.end_events import MarkedDefunct
from arenalab.world.history import History
from arenalab.world.ops import Op

FREED, BY_FINALIZER, NEVER = "freed", "by a finalizer", "never"


@dataclass(frozen=True)
class End:
    """How a user arena ended."""

    user_arena: int
    how: str  #: FREED, BY_FINALIZER or NEVER.
    op: int | None  #: in which operation, from 0; None for NEVER.
    made: str  #: who made it and where: "by goroutine 7 at server.go:42"; "" where nobody is told apart.
    freed: str  #: who asked for its end and where; "" where nobody is told apart.


@dataclass
class Asker:
    """What one line of the program, or one goroutine, asked for."""

    who: str  #: "server.go:42 in main.answer", "goroutine 7".
    arenas: int = 0  #: that it made.
    freed: int = 0  #: of those it made: freed by the program.
    finalized: int = 0  #: by a finalizer.
    unfreed: int = 0  #: never.
    values: int = 0  #: that it allocated; a slice is one.
    nbytes: int = 0
    frees: int = 0  #: arenas that it freed, whoever made them.
    goroutines: int = 0  #: how many asked so.


def ends(history: History) -> dict[int, End]:
    """Return how each user arena of a run ended."""
    numbers: dict[int, int] = {}
    for number, event in enumerate(history.events):
        if type(event) is MarkedDefunct:
            numbers[event.user_arena] = number
    return {arena: _end(history, arena, numbers.get(arena)) for arena in history.world.user_arenas}


def _end(history: History, user_arena: int, event: int | None) -> End:
    by = made(history, user_arena)
    if event is None:
        return End(user_arena, NEVER, None, by, "")
    op, log = history.log.op_of_event(event), history.log
    if log.actor_of_event(event) == FINALIZER:
        return End(user_arena, BY_FINALIZER, op, by, "")
    return End(user_arena, FREED, op, by, asked(history, op).strip())


def askers(history: History, ended: dict[int, End]) -> tuple[Asker, ...]:
    """Return the lines, or the goroutines, of a program: those that made the most arenas first."""
    if not is_told(history):
        return ()
    found: dict[str, Asker] = {}
    users: dict[str, set[int]] = defaultdict(set)
    for number, op in enumerate(history.ops):
        if isinstance(op, ops.NewArena | ops.New | ops.MakeSlice | ops.Rep | ops.Free):
            who = _who(history, number, op)
            if who:
                _count(found.setdefault(who, Asker(who)), op, ended)
                users[who].add(history.log.goroutine_of(number))
    for who, each in found.items():
        each.goroutines = len(users[who])
    return tuple(sorted(found.values(), key=lambda each: (-each.arenas, -each.nbytes, -each.frees, each.who)))


def _who(history: History, number: int, op: Op) -> str:
    site = None if history.sites is None else history.sites.of(number)
    if site is not None:
        return site.words()
    if isinstance(op, ops.Free) and op.by_finalizer:
        return actor_name(FINALIZER)
    return "" if history.sites is not None else actor_name(history.log.goroutine_of(number))


def _count(its: Asker, op: Op, ended: dict[int, End]) -> None:
    match op:
        case ops.NewArena():
            its.arenas += 1
            how = ended[op.user_arena].how if op.user_arena in ended else NEVER
            its.freed += how == FREED
            its.finalized += how == BY_FINALIZER
            its.unfreed += how == NEVER
        case ops.Free():
            its.frees += 1
        case ops.New():
            its.values, its.nbytes = its.values + 1, its.nbytes + op.type.size
        case ops.Rep():
            its.values, its.nbytes = its.values + op.n, its.nbytes + op.n * op.type.size
        case ops.MakeSlice():
            its.values, its.nbytes = its.values + 1, its.nbytes + max(op.cap, 0) * op.type.size
