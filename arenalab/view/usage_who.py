"""Usage by whom: which goroutine, and which line of the program, made and freed what; which arenas nobody freed.

Rules:
1. A group is a line of the program where lines were recorded, else a goroutine where there are several.
2. Whose an arena's end is, the events say: a free by the program, one by a finalizer, or none up to the end.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from arenalab.view.acting import asked, is_told, made
from arenalab.view.allocated import allocated
from arenalab.view.columns import Column
from arenalab.view.event_columns import EventColumns
from arenalab.world import ops
from arenalab.world.actors import FINALIZER, actor_name
from arenalab.world.end_events import MarkedDefunct
from arenalab.world.history import History
from arenalab.world.many_ops import one_by_one
from arenalab.world.run_events import ArenaRun, freed_by

NOBODY = -1  #: of an operation whose actor is unknown.
FREED, BY_FINALIZER, NEVER = "freed", "by a finalizer", "never"
NOT_YET = "not yet where the recording ends"  #: as its end is missing, it may have been freed after all.


@dataclass(frozen=True)
class End:
    """How a user arena ended."""

    user_arena: int  #: its number.
    how: str  #: FREED, BY_FINALIZER, NEVER or NOT_YET.
    op: int | None  #: in which operation, from 0; None for the last two.
    made: str  #: who made it and where: "by goroutine 7 at server.go:42"; "" where the run does not say.
    freed: str  #: who asked for its end and where; "" where the run does not say.


@dataclass
class Asker:
    """What one line of the program, or one goroutine, asked for."""

    who: str  #: "server.go:42 in main.answer", "goroutine 7".
    arenas: int = 0  #: that it made.
    freed: int = 0  #: of those it made: freed by the program.
    finalized: int = 0  #: by a finalizer.
    unfreed: int = 0  #: never.
    values: int = 0  #: that it allocated; a slice is one.
    nbytes: int = 0  #: of those values.
    frees: int = 0  #: arenas that it freed, whoever made them.
    goroutines: int = 0  #: how many asked so.


def ends(history: History) -> dict[int, End]:
    """Return how each user arena of a run ended."""
    columns = history.reader(EventColumns)
    alone = zip(
        columns.field(MarkedDefunct, "user_arena").tolist(), columns.at(MarkedDefunct).tolist(), strict=True
    )
    numbers = dict(alone)
    numbers |= {arena: number for number, run in columns.events(ArenaRun) for arena in freed_by(run)}
    return {arena: _end(history, arena, numbers.get(arena)) for arena in history.world.user_arenas}


def _end(history: History, user_arena: int, event: int | None) -> End:
    by = made(history, user_arena)
    if event is None:
        return End(user_arena, NOT_YET if history.end_is_missing else NEVER, None, by, "")
    op, log = history.log.op_of_event(event), history.log
    if log.actor_of_event(event) == FINALIZER:
        return End(user_arena, BY_FINALIZER, op, by, "")
    return End(user_arena, FREED, op, by, asked(history, op).strip())


def askers(history: History, ended: dict[int, End]) -> tuple[Asker, ...]:
    """Return the lines, or the goroutines, of a program: those that made the most arenas first."""
    if not is_told(history):
        return ()
    names, group = _groups(history)
    found = [Asker(name) for name in names]
    asks = np.zeros(len(group), dtype=bool)  # operations that make an arena or a value, or free one
    for number, op in one_by_one(history.ops):
        if isinstance(op, ops.NewArena | ops.Free):
            asks[number] = True
            if group[number] != NOBODY:
                _count(found[group[number]], op, ended)
    for op_of, nbytes in allocated(history):
        asks[op_of] = True
        _count_values(found, group[op_of], nbytes)
    wanted = np.logical_and(asks, group != NOBODY)
    pairs = np.unique(np.stack([group[wanted], history.log.goroutines()[wanted]]), axis=1)
    for its in pairs[0].tolist():
        found[its].goroutines += 1
    told = (each for each in found if each.goroutines)
    return tuple(sorted(told, key=lambda each: (-each.arenas, -each.nbytes, -each.frees, each.who)))


def _groups(history: History) -> tuple[list[str], Column]:
    """Return the names of all groups, and for each operation the number of its own, shape (operations,)."""
    sites, goroutine = history.sites, history.log.goroutines()
    if sites is None:
        actors, group = np.unique(goroutine, return_inverse=True)
        numbers = {actor_name(actor): number for number, actor in enumerate(actors.tolist())}
    else:
        numbers = {}
        of_site = [numbers.setdefault(site.words(), len(numbers)) for site in sites.known]
        group = np.full(len(goroutine), NOBODY)
        group[: len(sites.of_op)] = np.array([*of_site, NOBODY])[sites.of_op[: len(goroutine)]]
    names = [*numbers, actor_name(FINALIZER)]
    for at, op in one_by_one(history.ops):
        if isinstance(op, ops.Free) and op.by_finalizer and (sites is None or group[at] == NOBODY):
            group[at] = len(numbers)
    return names, group


def _count(its: Asker, op: ops.NewArena | ops.Free, ended: dict[int, End]) -> None:
    if isinstance(op, ops.Free):
        its.frees += 1
        return
    how = ended[op.user_arena].how if op.user_arena in ended else NEVER
    its.arenas += 1
    its.freed += how == FREED
    its.finalized += how == BY_FINALIZER
    its.unfreed += how in (NEVER, NOT_YET)


def _count_values(found: list[Asker], group: Column, nbytes: Column) -> None:
    known = group != NOBODY
    values = np.bincount(group[known], minlength=len(found)).tolist()
    total = np.bincount(group[known], weights=nbytes[known], minlength=len(found)).tolist()
    for each, number, more in zip(found, values, total, strict=True):
        each.values, each.nbytes = each.values + number, each.nbytes + int(more)
