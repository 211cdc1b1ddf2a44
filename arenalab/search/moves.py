"""Moves: what a program may do next, by the rank of an arena among the living and not by its number.

So two states that differ in how many arenas came and went have the same moves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from arenalab.search.bounds import WHOLE, Bounds
from arenalab.world import ops
from arenalab.world.ops import Op
from arenalab.world.state import World
from arenalab.world.tables import GC_OFF, UserArena

NEW_ARENA, NEW, FREE, DROP, HOLD, UNHOLD, LINK, GC, GC_LATE, START, MARK, FINISH, SWEEP, FINALIZE = range(14)

POINTERFUL = 0  #: number of the type that holds a pointer, in `Bounds.types`


class Move(NamedTuple):
    """One move: a kind and what it is about."""

    kind: int  #: which of them: NEW_ARENA, NEW, FREE, ...
    one: int = 0  #: rank of an arena, or which of the held pointers.
    other: int = 0  #: number of a type, or another arena's rank.


def living(w: World) -> list[int]:
    """Return the numbers of the arenas that the program can name, in the order of their making."""
    return [number for number, row in w.user_arenas.items() if not (row.defunct or row.dropped)]


def moves(w: World, bounds: Bounds) -> Iterator[Move]:
    """Yield what the program may do next, in an order that is always the same."""
    if w.died:
        return
    arenas = [w.user_arenas[number] for number in living(w)]
    if len(arenas) < bounds.arenas:
        yield Move(NEW_ARENA)
    for rank, arena in enumerate(arenas):
        yield from (Move(NEW, rank, kind) for kind in range(len(bounds.types)) if _adds(w, arena, kind))
        yield Move(FREE, rank)
        yield Move(DROP, rank)
        if arena.last_object >= 0 and len(w.holds) < bounds.holds:
            yield Move(HOLD, rank)
        if bounds.links and arena.last_pointerful >= 0:
            yield from (Move(LINK, rank, other) for other, it in enumerate(arenas) if it.last_object >= 0)
    yield from (Move(UNHOLD, which) for which in range(len(w.holds)))
    yield from _collecting(w, bounds)


def _adds(w: World, arena: UserArena, kind: int) -> bool:
    """Return whether a value is worth a state: small ones with a pointer differ in nothing after a chunk's first."""
    last = arena.last_pointerful
    return kind != POINTERFUL or last < 0 or w.ledger.row(last)[5] != arena.active


def _collecting(w: World, bounds: Bounds) -> Iterator[Move]:
    if bounds.collector == WHOLE:
        yield Move(GC)
        if any(row.dropped and row.finalizer for row in w.user_arenas.values()):
            yield Move(GC_LATE)  # what is queued runs after the sweep
    elif w.gc.phase != GC_OFF:
        yield from (Move(MARK), Move(FINISH))
    else:
        yield Move(SWEEP if w.sweep_due else START)
        if w.gc.finalizers:
            yield Move(FINALIZE)


def op_of(move: Move, w: World, bounds: Bounds) -> Op:
    """Return the operation that a move is in a World."""
    kind, one, other = move
    if kind in COLLECTING:
        return COLLECTING[kind]
    if kind == NEW_ARENA:
        return ops.NewArena(len(w.user_arenas))
    if kind == UNHOLD:
        return ops.Unhold(list(w.holds)[one])
    arena = living(w)[one]
    if kind == HOLD:
        return ops.Hold(next(number for number in range(bounds.holds) if number not in w.holds), arena)
    return _OF_AN_ARENA[kind](arena, other, w, bounds)


_OF_AN_ARENA: dict[int, Callable[[int, int, World, Bounds], Op]] = {
    NEW: lambda arena, kind, _, bounds: ops.New(arena, bounds.types[kind]),
    LINK: lambda arena, other, w, _: ops.Link(arena, living(w)[other]),
    FREE: lambda arena, *_: ops.Free(arena),
    DROP: lambda arena, *_: ops.Drop(arena),
}


COLLECTING: dict[int, Op] = {
    GC: ops.RunGC(),
    GC_LATE: ops.RunGC(finalizers_after=ops.SWEEP_FIRST),
    START: ops.StartGC(),
    MARK: ops.MarkStep(),
    FINISH: ops.FinishMark(),
    SWEEP: ops.SweepStep(),
    FINALIZE: ops.RunFinalizers(),
}
