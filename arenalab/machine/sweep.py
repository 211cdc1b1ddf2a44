"""Sweeping: what the cycle's marks decide about chunks, large objects and handles.

Rules:
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
from arenalab.machine.steps import Steps, locked
from arenalab.world import gc_events as gc
from arenalab.world.queries import is_unswept
from arenalab.world.schedule import SWEEP_LOCK
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
            yield sweep_heap_object(w, row)
    for span in tuple(w.handle_spans.unswept):
        if span in w.handle_spans.unswept:  # unless somebody swept it out of turn
            yield sweep_if_due(w, span)
    yield sweep_small(w)


@mirrors("mcache.go", "(*mcache).prepareForSweep")
def flush_cached_handles(w: World) -> Steps[None]:
    """Sweep the handles' spans that the Ps have cached: their own duty, before any other sweeping.

    So the finalizers of handles made since the last cycle are queued, and run, before the first
    chunk is swept.
    """
    yield gc.CacheFlushed(sum(sum(p.cached.values()) for p in w.ps))
    for span in [p.handle_span for p in w.ps]:
        yield from sweep_if_due(w, span)


def sweep_one(w: World) -> Steps[None]:
    """Sweep the next chunk, if one is left."""
    yield from locked(SWEEP_LOCK, _swept(w, None))


def sweep_chunk(w: World, chunk: int) -> Steps[None]:
    """Sweep a chunk, unless somebody has done so by the time it can be.

    Raises:
        GoThrow: an unmarked chunk that was never set to fault (unreachable in a safe program).

    """
    yield from locked(SWEEP_LOCK, _swept(w, chunk))


@mirrors("mgcsweep.go", "(*sweepLocked).sweep")
def _swept(w: World, chunk: int | None) -> Steps[None]:
    """Decide about one chunk, the next one for None, by its mark bit."""
    due = w.unswept[0] or w.unswept[1]
    if chunk is None and due:
        chunk = due[0]
    if chunk is None or not is_unswept(w, chunk):
        return
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


def sweep_heap_object(w: World, row: int) -> Steps[None]:
    """Free the span of a large object that no mark keeps, unless somebody has done so by the time it can be."""
    yield from locked(SWEEP_LOCK, _heap_object_swept(w, row))


def _heap_object_swept(w: World, row: int) -> Steps[None]:
    unmarked = w.heap_objects.get(row)
    if unmarked is not None and heap_object_is_due(w, unmarked):
        yield from free_specials(w, ON_HEAP, row)
        yield gc.HeapObjectSwept(row, unmarked.npages, unmarked.npages * w.rules.page_size)


def sweep_if_due(w: World, span: int) -> Steps[None]:
    """Sweep the handles of one span if that is due, and still is when it can be."""
    if span in w.handle_spans.unswept:
        yield from locked(SWEEP_LOCK, _handles_swept(w, span))


def _handles_swept(w: World, span: int) -> Steps[None]:
    """Sweep the handles of one span, slot by slot; finalizers are queued in that order."""
    if span not in w.handle_spans.unswept:
        return
    size = w.rules.handles_per_span
    slots, taken = range(span * size, (span + 1) * size), w.handle_spans.taken
    numbers = [number for number in map(taken.get, slots) if number is not None]
    # Those of arenas that came and went in a run are freed, and were not marked since: nobody has looked at them.
    if gone := w.user_arenas.late_ones(numbers):
        yield gc.HandlesSwept(tuple(gone))
        numbers = [number for number in numbers if number in w.handles] if len(gone) < len(numbers) else []
    for number in numbers:
        user_arena = w.user_arenas[number]
        if user_arena.marked:
            yield gc.HandleKept(number)
        elif user_arena.finalizer:
            yield gc.FinalizerQueued(number)
        else:
            yield gc.HandleSwept(number)
    left = sum(number in w.handles for number in numbers)
    yield gc.HandleSpanSwept(span, bool(w.cached_by(span)), left < len(slots))
