"""Many equal values: a repetition, and the bits of long slices; step by step, or as runs that bulk solves.

Rule: whatever ends a run (a refill, a redirect, zerobase) goes through the ordinary procedures, so a
run ends in the very World that the single steps end in; `replay.expand` gives those steps.
"""

from __future__ import annotations

from arenalab.bulk.equal import many, run_length, run_of_equal
from arenalab.bulk.written import bits_of_values
from arenalab.go.type_layout import laid_out
from arenalab.go.types import GoType
from arenalab.machine import user_arena
from arenalab.machine.heap_bits import ONE_VALUE, mask_built, set_bits
from arenalab.machine.steps import Steps
from arenalab.world import events as ev
from arenalab.world.state import World
from arenalab.world.tables import MSpan


def repeat(w: World, number: int, go_type: GoType, count: int) -> Steps[None]:
    """Place `count` values one after the other."""
    go_type = laid_out(go_type, w.rules)
    for _ in range(count):
        yield from user_arena.alloc(w, number, go_type, ONE_VALUE)


def repeat_in_bulk(w: World, number: int, go_type: GoType, count: int) -> Steps[None]:
    """Place `count` values one after the other: runs at once, whatever ends a run step by step."""
    go_type = laid_out(go_type, w.rules)
    while count > 0:
        fitting = min(count, run_length(w, number, go_type))
        if many(w.rules, go_type, fitting):
            yield from _run(w, number, go_type, fitting)
            count -= fitting
        else:
            yield from user_arena.alloc(w, number, go_type, ONE_VALUE, set_bits_in_bulk)
            count -= 1


def _run(w: World, number: int, go_type: GoType, count: int) -> Steps[None]:
    span = w.spans[w.user_arenas[number].active or 0]
    run = run_of_equal(number, span, go_type, count)
    yield run
    if go_type.ptr_bytes:
        yield from mask_built(w, go_type)
        yield bits_of_values(w, go_type, count, run.first, span)
        yield ev.ScanAllocAdded(go_type.ptr_bytes * count)


def set_bits_in_bulk(w: World, go_type: GoType, cap: int, addr: int, span: MSpan) -> Steps[None]:
    """Set the bits of a value or a slice: few words store by store, many solved and certified."""
    count = 1 if cap == ONE_VALUE else cap
    if many(w.rules, go_type, count):
        yield from mask_built(w, go_type)
        yield bits_of_values(w, go_type, count, addr, span)
    else:
        yield from set_bits(w, go_type, cap, addr, span)
