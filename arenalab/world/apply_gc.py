"""What the collector's events change: the other half of `apply`, under the same laws."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from itertools import repeat
from typing import Any

from arenalab.world import gc_events as gc
from arenalab.world.event import Event
from arenalab.world.late_arenas import without_late
from arenalab.world.state import World
from arenalab.world.tables import MSPAN_DEAD, SmallObject


def _nothing(w: World, e: Event) -> None:
    """Change nothing: the event only tells why another follows."""


def _cycle_started(w: World, e: gc.CycleStarted) -> None:
    w.gc.phase, w.gc.cycles = e.begins_phase, e.cycle
    w.gc.triggered = w.counters.heap_live
    w.gc.bytes_marked = w.gc.heap_scan_work = 0
    for g in w.gs.values():
        g.assist_bytes = 0
    w.heap_objects = {row: replace(kept, marked=False) for row, kept in w.heap_objects.items()}


def _chunk_greyed(w: World, e: gc.ChunkGreyed) -> None:
    w.span_to_write(e.chunk).mark_bit = 1
    w.gc.grey.extend((e.chunk, oblet) for oblet in range(e.oblets))
    if not e.oblets:
        w.gc.bytes_marked += e.nbytes


def _chunk_marked_black(w: World, e: gc.ChunkMarkedBlack) -> None:
    w.span_to_write(e.chunk).mark_bit = 1
    w.gc.bytes_marked += e.nbytes


def _oblet_scanned(w: World, e: gc.ObletScanned) -> None:
    w.gc.grey.remove((e.chunk, e.oblet))
    w.gc.bytes_marked += e.nbytes
    w.gc.heap_scan_work += e.scan_work


def _chunks_marked(w: World, e: gc.ChunksMarked) -> None:
    for chunk in e.marked:
        w.span_to_write(chunk).mark_bit = 1
    w.gc.bytes_marked += e.nbytes
    w.gc.heap_scan_work += e.scan_work


def _mark_terminated(w: World, e: gc.MarkTerminated) -> None:
    w.gc.phase, w.gc.heap_marked = e.begins_phase, e.heap_live
    w.counters.heap_live, w.counters.heap_scan = e.heap_live, e.heap_scan
    for p in w.ps:
        p.scan_alloc = 0


def _small_marked(w: World, e: gc.SmallMarked) -> None:
    for number in e.numbers:
        w.small.objects[number] = _remarked(w.small.objects[number], marked=True)
    w.gc.bytes_marked += e.nbytes
    w.gc.heap_scan_work += e.scan_work


def _remarked(each: SmallObject, *, marked: bool) -> SmallObject:
    """Return an object with another mark; `replace` takes four times as long, and a cycle marks all that are kept."""
    return SmallObject(each.what, each.owner, each.size, each.scan_bytes, each.sweepgen, marked)


def _cache_flushed(w: World, e: gc.CacheFlushed) -> None:
    w.counters.total_alloc += e.nbytes
    for p in w.ps:
        p.cached.clear()
        p.tiny_block, p.tiny_taken = -1, 0


def _small_swept(w: World, e: gc.SmallSwept) -> None:
    small = w.small
    for number in without_late(small.newest, e.newest):
        gone = small.objects[number]
        del small.newest[gone.what, gone.owner]
    for number in without_late(small.objects, e.numbers):
        del small.objects[number]
    for number in e.kept:
        small.objects[number] = _remarked(small.objects[number], marked=False)
    small.swept = w.gc.sweepgen
    w.counters.total_free += e.nbytes


def _sweep_started(w: World, e: gc.SweepStarted) -> None:
    w.gc.phase, w.gc.sweepgen = e.begins_phase, e.sweepgen
    w.counters.numgc += 1
    w.handle_spans.unswept, w.handle_spans.partial = list(range(w.handle_spans.made)), []
    for spanclass in (0, 1):
        w.unswept[spanclass] = w.unswept[spanclass] + w.swept[spanclass]
        w.swept[spanclass] = []


def _goal_set(w: World, e: gc.GoalSet) -> None:
    w.gc.goal, w.gc.trigger = e.goal, e.trigger


def _sweep_common(w: World, e: gc.ChunkSwept | gc.ChunkReadied) -> None:
    """Do what every sweep of a span does."""
    span = w.span_to_write(e.chunk)
    w.unswept[e.found].remove(e.chunk)
    span.alloc_count = span.alloc_bit = span.mark_bit
    span.mark_bit = span.freeindex = span.free_index_for_scan = 0
    span.sweepgen = w.gc.sweepgen


def _chunk_swept(w: World, e: gc.ChunkSwept) -> None:
    _sweep_common(w, e)
    w.swept[w.spans[e.chunk].spanclass].append(e.chunk)


def _chunk_readied(w: World, e: gc.ChunkReadied) -> None:
    _sweep_common(w, e)
    span = w.span_to_write(e.chunk)
    span.state = MSPAN_DEAD
    w.counters.pages_in_use -= span.npages
    w.quarantine.remove(e.chunk)
    w.ready.insert(0, e.chunk)


def _heap_object_swept(w: World, e: gc.HeapObjectSwept) -> None:
    del w.heap_objects[e.row]
    nbytes, counters = e.nbytes, w.counters
    counters.heap_in_use -= nbytes
    counters.in_heap -= nbytes
    counters.pages_in_use -= e.npages
    counters.large_free += nbytes
    counters.large_free_count += 1
    counters.total_free += nbytes


def _handle_marked(w: World, e: gc.HandleMarked) -> None:
    w.user_arena_to_write(e.user_arena).marked = True


def _handle_kept(w: World, e: gc.HandleKept) -> None:
    w.user_arena_to_write(e.user_arena).marked = False


def _finalizer_queued(w: World, e: gc.FinalizerQueued) -> None:
    w.user_arena_to_write(e.user_arena).finalizer = False
    w.gc.finalizers.append(e.user_arena)


def _finalizer_run(w: World, e: gc.FinalizerRun) -> None:
    w.gc.finalizers.remove(e.user_arena)


def _handle_swept(w: World, e: gc.HandleSwept) -> None:
    w.handle_spans.taken.pop(w.handles.pop(e.user_arena, -1), None)


def _handles_swept(w: World, e: gc.HandlesSwept) -> None:
    handles, taken = w.handles, w.handle_spans.taken
    slots = map(handles.pop, e.user_arenas, repeat(-1))
    deque(map(taken.pop, slots, repeat(None)), maxlen=0)  # thousands at once: no loop of Python's own


def _handle_span_swept(w: World, e: gc.HandleSpanSwept) -> None:
    spans = w.handle_spans
    spans.unswept.remove(e.span)
    if e.was_cached:
        for p in w.cached_by(e.span):
            p.handle_span, p.freeindex = -1, 0
    if e.has_room:
        spans.partial.append(e.span)


HANDLERS: dict[type[Event], Callable[[World, Any], None]] = {
    gc.TriggerReached: _nothing,
    gc.CycleStarted: _cycle_started,
    gc.RootFound: _nothing,
    gc.ChunkGreyed: _chunk_greyed,
    gc.ChunkMarkedBlack: _chunk_marked_black,
    gc.ObletScanned: _oblet_scanned,
    gc.PointerFollowed: _nothing,
    gc.ChunksMarked: _chunks_marked,
    gc.SmallMarked: _small_marked,
    gc.CacheFlushed: _cache_flushed,
    gc.SmallSwept: _small_swept,
    gc.BarrierShaded: _nothing,
    gc.MarkTerminated: _mark_terminated,
    gc.SweepStarted: _sweep_started,
    gc.GoalSet: _goal_set,
    gc.ChunkSwept: _chunk_swept,
    gc.ChunkReadied: _chunk_readied,
    gc.HeapObjectSwept: _heap_object_swept,
    gc.HandleMarked: _handle_marked,
    gc.HandleKept: _handle_kept,
    gc.FinalizerQueued: _finalizer_queued,
    gc.FinalizerRun: _finalizer_run,
    gc.HandleSwept: _handle_swept,
    gc.HandlesSwept: _handles_swept,
    gc.HandleSpanSwept: _handle_span_swept,
}
