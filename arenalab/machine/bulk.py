"""Many equal values at once: runs between two refills, and long slices.

Laws of this file:
1. Everything rare (a refill, a redirect, the zero base) goes through the ordinary procedures.
2. A run's addresses are put, as columns, through the same `take_from_*` that places one value;
   its bits through `certify_bits`. A row that breaks a rule raises `ModelBug`.
3. By induction a run ends in the very World that the single steps end in; `replay.expand`
   gives those steps.
"""

from __future__ import annotations

import numpy as np

from arenalab.errors import ModelBug, ScenarioError
from arenalab.go import layout
from arenalab.go.bulkbits import certify_bits, solve_bits
from arenalab.go.type_layout import laid_out
from arenalab.go.types import GoType
from arenalab.machine import user_arena
from arenalab.machine.heap_bits import ONE_VALUE, set_bits
from arenalab.machine.steps import Steps
from arenalab.world import events as ev
from arenalab.world.state import World
from arenalab.world.tables import MSpan

#: Fewer steps than this are taken one by one: a macro event would hide more than it saves.
SHORT = 32
LONGEST = 2**20  #: more values than this are more than one run, so that a certificate's columns stay small.


def rep(w: World, number: int, go_type: GoType, count: int) -> Steps[None]:
    """Place `count` single values: runs in bulk, whatever ends a run step by step.

    Raises:
        ScenarioError: a negative count.

    """
    if count < 0:
        msg = f"n is {count}; a repetition needs 0 or more"
        raise ScenarioError(msg)
    go_type = laid_out(go_type, w.rules)
    while count > 0:
        fitting = min(count, LONGEST, run_length(w, number, go_type))
        if many(w, go_type, fitting):
            yield from _run(w, number, go_type, fitting)
            count -= fitting
        else:
            yield from user_arena.alloc(w, number, go_type, ONE_VALUE, set_bits_in_bulk)
            count -= 1


def many(w: World, go_type: GoType, count: int) -> bool:
    """Return whether so many values are worth a macro event: by their number, or by their bitmap words.

    One value of 2 MiB that holds pointers is 4,096 stores.
    """
    stores = count * go_type.size // w.rules.bitmap_word_bytes if go_type.ptr_bytes else 0
    return max(count, stores) >= SHORT


def run_length(w: World, number: int, go_type: GoType) -> int:
    """Return how many values of a type fit the active chunk before it must be refilled (0: not a run)."""
    active, size, rules = w.user_arenas[number].active, go_type.size, w.rules
    if active is None or not 0 < size <= rules.user_arena_chunk_max_alloc_bytes or rules.ptr_size != 8:
        return 0
    span = w.spans[active]
    if go_type.ptr_bytes:
        low, high = layout.align_up(span.free_base, go_type.align), span.free_limit
    else:
        low, high = span.free_base, layout.align_down(span.free_limit, go_type.align)
    return int(max(0, high - low) // size)


def _run(w: World, number: int, go_type: GoType, count: int) -> Steps[None]:
    span = w.spans[w.user_arenas[number].active or 0]
    first, stride = solve_run(span, go_type)
    certify_run(span, go_type, first, stride, count)
    yield ev.ObjectsCarved(number, span.chunk, go_type, ONE_VALUE, first, stride, count)
    if go_type.ptr_bytes:
        yield words_written(w, go_type, count, first, span)
        yield ev.ScanAllocAdded(go_type.ptr_bytes * count)


def solve_run(span: MSpan, go_type: GoType) -> tuple[int, int]:
    """Return the first address of a run in a chunk and the step to the next; untrusted."""
    if go_type.ptr_bytes:
        return layout.align_up(span.free_base, go_type.align), go_type.size
    return layout.align_down(span.free_limit - go_type.size, go_type.align), -go_type.size


def certify_run(span: MSpan, go_type: GoType, first: int, stride: int, count: int) -> None:
    """Refuse a run unless each value stands where `take_from_*` puts it after the one before.

    Raises:
        ModelBug: naming the first value that stands elsewhere.

    """
    starts = first + stride * np.arange(count, dtype=np.int64)
    if go_type.ptr_bytes:
        edges = np.concatenate(([span.free_base], starts[:-1] + go_type.size))
        ruled, _, fits = layout.take_from_front(edges, span.free_limit, go_type.size, go_type.align)
    else:
        edges = np.concatenate(([span.free_limit], starts[:-1]))
        ruled, _, fits = layout.take_from_back(span.free_base, edges, go_type.size, go_type.align)
    wrong = np.flatnonzero(np.logical_or(ruled != starts, np.logical_not(fits)))
    if len(wrong):
        at = int(wrong[0])
        msg = f"value {at} of the run in chunk {span.chunk}: solver says {starts[at]:#x}, the rule {ruled[at]:#x}"
        raise ModelBug(msg)


def set_bits_in_bulk(w: World, go_type: GoType, cap: int, addr: int, span: MSpan) -> Steps[None]:
    """Set the bits of a value or a slice: few words store by store, many solved and certified."""
    count = 1 if cap == ONE_VALUE else cap
    if w.rules.ptr_size == 8 and many(w, go_type, count):
        yield words_written(w, go_type, count, addr, span)
    else:
        yield from set_bits(w, go_type, cap, addr, span)


def words_written(w: World, go_type: GoType, count: int, addr: int, span: MSpan) -> ev.WordsWritten:
    """Return the event that leaves the bits of values laid end to end, solved in numpy and certified."""
    words, start = w.bits.words(span.chunk), (addr - span.base) // w.rules.ptr_size
    run = solve_bits(words, go_type, start, count)
    certify_bits(words, go_type, start, count, run)
    return ev.WordsWritten(span.chunk, run.first, run.after.tobytes(), run.clears.tobytes())
