"""Refills in a replay: which value finds no room in its chunk, and whether a run may begin with the refill.

It may where nothing else comes of it: no cycle starts, and the value fits the chunk that comes. Go never throws there:
what finds no room is no more than may be wasted.
"""

from __future__ import annotations

from typing import NamedTuple

from arenalab.bulk.run import span_of
from arenalab.bulk.type_table import TypeTable
from arenalab.go import layout
from arenalab.machine import pacer
from arenalab.machine.process import ran_on, scheduled
from arenalab.machine.user_arena import next_of_reuse
from arenalab.replay.runs import Cut
from arenalab.replay.trace import Trace
from arenalab.world.actors import MAIN
from arenalab.world.state import World
from arenalab.world.tables import GC_OFF, MSpan


class Value(NamedTuple):
    """A value that a program asks for."""

    user_arena: int
    nbytes: int
    align: int
    back: bool  #: whether it goes to the back: it has no pointers.

    def fits(self, span: MSpan) -> bool:
        """Return whether there is room for it in a chunk."""
        take = layout.take_from_back if self.back else layout.take_from_front
        return bool(take(span.free_base, span.free_limit, self.nbytes, self.align)[2])


def without_room(world: World, trace: Trace, cut: Cut, row: int, table: TypeTable) -> Value | None:
    """Return the plain value that a row asks for where its arena must be refilled for it, else None."""
    nbytes, kind = int(cut.bytes_of(row, row + 1)[0]), int(trace.type[row])
    span = span_of(world, int(trace.user_arena[row])) if 0 < nbytes <= table.most_bytes else None
    if span is None:
        return None
    value = Value(int(trace.user_arena[row]), nbytes, int(table.align[kind]), bool(table.back[kind]))
    return None if value.fits(span) else value


def may_refill(world: World, value: Value) -> bool:
    """Return whether the refill for a value does nothing but give its arena a chunk in which the value fits."""
    if world.gc.phase != GC_OFF or scheduled(world, MAIN, ran_on(world, MAIN)) is not None:
        return False
    if (chunk := next_of_reuse(world)) >= 0:
        return not world.spans[chunk].needzero and value.fits(world.spans[chunk])
    return not pacer.should_start(world, world.rules.chunk.stride)
