"""Sweeping: what the cycle's marks decide about chunks, large objects and handles.

Laws of this file:
1. Chunks are swept in the order in which they were pushed on their set, class 0 before class 1.
2. A marked chunk stays on whatever list it is; an unmarked one must be in quarantine and
   becomes the head of the ready list.
3. A handle found unmarked with its finalizer on is kept once more and the finalizer queued.

Follows mgcsweep.go and mfinal.go, Go 1.21.
"""

from __future__ import annotations

from collections.abc import Iterator

from arenalab.errors import GoThrow
from arenalab.go.mirror import mirrors
from arenalab.machine.general_heap import sweep_small
from arenalab.machine.steps import Steps
from arenalab.world import gc_events as gc
from arenalab.world.state import ON_HEAP, World
from arenalab.world.tables import GC_OFF, HeapObject
from arenalab.world.weak import span_key
from arenalab.world.weak_events import WeakHandleCleared

WRONG_LIST = "user arena span is on the wrong list"


@mirrors("mgcsweep.go", "sweepone")
def sweep_all(w: World) -> Steps[None]:
    """Sweep whatever is left."""
    for visit in sweep_visits(w):
        yield from visit


def sweep_visits(w: World) -> Iterator[Steps[None]]:
    """Return the sweeper's visits, one span each: chunks and large objects, then handles' spans, by size class.

    Between two of them another goroutine may run. The runtime's other small spans count as the last visit.
    """
    while any(w.unswept.values()):
        yield sweep_one(w)
    for row, kept in tuple(w.heap_objects.items()):
        if row in w.heap_objects and heap_object_is_due(w, kept):  # unless somebody swept it out of turn
            yield sweep_heap_object(w, row, kept)
    for span in tuple(w.handle_spans.unswept):
        if span in w.handle_spans.unswept:  # unless somebody swept it out of turn
            yield sweep_handles(w, span)
    yield sweep_small(w)


@mirrors("mcache.go", "(*mcache).prepareForSweep")
def flush_cached_handles(w: World) -> Steps[None]:
    """Sweep the handles' span that the P has cached: its own duty, before any other sweeping.

    So the finalizers of handles made since the last cycle are queued, and run, before the first
    chunk is swept.
    """
    yield gc.CacheFlushed(sum(w.p.cached.values()))
    if w.p.handle_span in w.handle_spans.unswept:
        yield from sweep_handles(w, w.p.handle_span)


def sweep_one(w: World) -> Steps[None]:
    """Sweep the next chunk, if one is left."""
    for spanclass in (0, 1):
        if w.unswept[spanclass]:
            yield from sweep_chunk(w, w.unswept[spanclass][0])
            return


@mirrors("mgcsweep.go", "(*sweepLocked).sweep")
def sweep_chunk(w: World, chunk: int) -> Steps[None]:
    """Decide about one chunk by its mark bit.

    Raises:
        GoThrow: an unmarked chunk that was never set to fault (unreachable in a safe program).

    """
    found = 0 if chunk in w.unswept[0] else 1
    if w.spans[chunk].mark_bit:
        yield gc.ChunkSwept(chunk, found)
        return
    yield from free_specials(w, chunk, -1)
    if chunk not in w.quarantine:
        raise GoThrow(WRONG_LIST, f"chunk {chunk} is unmarked and on the {w.list_of(chunk)} list")
    yield gc.ChunkReadied(chunk, found)


def free_specials(w: World, chunk: int, row: int) -> Steps[None]:
    """Free the specials of a span whose object is dead, by offset. Go: freeSpecial, mheap.go, 1.24."""
    handles = w.specials.get(span_key(chunk, row), ())
    for number in handles:
        yield WeakHandleCleared(number, chunk, row, number == handles[-1])


def heap_object_is_due(w: World, kept: HeapObject) -> bool:
    """Return whether a large object is to be swept, and not to be kept."""
    unmarked = w.gc.phase == GC_OFF and not kept.marked
    return w.rules.heap_known and unmarked and kept.sweepgen != w.gc.sweepgen


def sweep_heap_object(w: World, row: int, unmarked: HeapObject) -> Steps[None]:
    """Free the span of a large object that no mark keeps."""
    yield from free_specials(w, ON_HEAP, row)
    yield gc.HeapObjectSwept(row, unmarked.npages, unmarked.npages * w.rules.page_size)


def sweep_handles(w: World, span: int) -> Steps[None]:
    """Sweep the handles of one span, slot by slot; finalizers are queued in that order."""
    size = w.rules.handles_per_span
    slots, taken = range(span * size, (span + 1) * size), w.handle_spans.taken
    for number in [taken[slot] for slot in slots if slot in taken]:
        user_arena = w.user_arenas[number]
        if user_arena.marked:
            yield gc.HandleKept(number)
        elif user_arena.finalizer:
            yield gc.FinalizerQueued(number)
        else:
            yield gc.HandleSwept(number)
    left = sum(slot in w.handle_spans.taken for slot in slots)
    yield gc.HandleSpanSwept(span, w.p.handle_span == span, left < len(slots))
