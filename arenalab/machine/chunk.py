"""Chunks: how one is obtained, and how one is given back.

Laws of this file:
1. The ready list comes first, from its head; only when it is empty is address space reserved.
2. A chunk is cleared, bits and bytes, when it is obtained; nothing is cleared when it goes.
3. Counters see a chunk as one large object: allocated when obtained, freed when set to fault.

Follows the lower half of runtime/arena.go, Go 1.21.
"""

from __future__ import annotations

from arenalab.errors import GoThrow
from arenalab.go.mirror import mirrors
from arenalab.machine import pacer
from arenalab.machine.general_heap import appended
from arenalab.machine.runtime import runtime
from arenalab.machine.steps import CycleDue, Steps
from arenalab.units import KiB
from arenalab.world import chunk_events as ch
from arenalab.world import end_events as end
from arenalab.world import gc_events as gc
from arenalab.world.state import World
from arenalab.world.tables import GC_MARK_TERMINATION, GC_OFF

BAD_PHASE = "newUserArenaChunk called with gcphase == _GCmarktermination"
ASAN_RED_ZONE = 2 * KiB  #: computeRZlog of anything from 64 KiB on.


@mirrors("arena.go", "newUserArenaChunk")
def new_user_arena_chunk(w: World) -> Steps[int]:
    """Obtain a chunk and tell collector, sanitizers and pacer; return its number.

    Raises:
        GoThrow: called while the world is stopped for mark termination.

    """
    if w.gc.phase == GC_MARK_TERMINATION:
        raise GoThrow(BAD_PHASE, "the world should be stopped")
    if w.gc.phase != GC_OFF:
        yield ch.AssistCharged(w.rules.chunk.stride)
    chunk = yield from runtime(w.rules).alloc_user_arena_chunk(w)
    if w.gc.phase != GC_OFF:
        yield gc.ChunkMarkedBlack(chunk, w.spans[chunk].elemsize)
    if w.rules.build_mode == "asan":
        span = w.spans[chunk]
        limit = span.limit - ASAN_RED_ZONE
        yield ch.RedZoneSet(chunk, ASAN_RED_ZONE, span.elemsize - ASAN_RED_ZONE, limit, limit)
    yield ch.ChunkObtained(chunk)
    if pacer.should_start(w):
        yield CycleDue()
    return chunk


@mirrors("arena.go", "(*mheap).allocUserArenaChunk")
def alloc_user_arena_chunk(w: World) -> Steps[int]:
    """Take the first ready chunk, or reserve a heap arena and split it; make it ready to carve."""
    layout = w.rules.chunk
    if w.ready:
        chunk = w.ready[0]
        yield ch.ReadyTaken(chunk)
    else:
        chunk = yield from _reserve_heap_arena(w)
    base = w.spans[chunk].base
    end_of_objects = base + layout.usable_bytes
    yield ch.ChunkMapped(chunk, layout.mapped_bytes)
    yield init_span(w, chunk)
    yield ch.ChunkAccounted(chunk, layout.usable_bytes, layout.mapped_bytes)
    yield ch.ChunkPushedSwept(chunk)
    yield ch.LimitSet(chunk, end_of_objects)
    yield ch.SpanFilled(chunk)
    yield ch.ChunkBitsCleared(chunk)
    # Zeroed even when fresh: the touch is what makes Linux back it with huge pages.
    yield ch.ChunkZeroed(chunk, layout.usable_bytes)
    yield ch.FreeRangeSet(chunk, base, end_of_objects)
    return chunk


@mirrors("mheap.go", "(*mheap).initSpan")
def init_span(w: World, chunk: int) -> ch.SpanInitialised:
    """Return the event that sets a chunk's span up; it needs zeroing if its addresses were handed out before."""
    base, layout = w.spans[chunk].base, w.rules.chunk
    number = next(i for i, h in enumerate(w.heap_arenas) if 0 <= base - h.base < h.chunks * layout.stride)
    heap_arena = w.heap_arenas[number]
    offset, zeroed = base - heap_arena.base, heap_arena.zeroed_base
    return ch.SpanInitialised(
        chunk, layout.usable_bytes, int(zeroed > offset), number, max(zeroed, offset + layout.stride)
    )


def _reserve_heap_arena(w: World) -> Steps[int]:
    """Reserve a heap arena behind the last one; its first chunk is ours, the others become ready."""
    size, whole = w.rules.chunk.stride, w.rules.heap_arena_bytes
    # The race detector wants one range, so its builds go on where the heap's first heap arena ends.
    behind_heap = w.rules.heap_hint + whole
    hint = behind_heap if w.rules.build_mode == "race" else w.rules.user_arena_hint
    base = w.heap_arenas[-1].base + whole if w.heap_arenas else hint
    first = len(w.spans)
    npages = w.rules.user_arena_chunk_pages
    yield ch.HeapArenaReserved(base, first, whole // size, npages, w.rules.heap_arena_meta_bytes)
    for number in range(1, whole // size):
        yield ch.ChunkSplitOff(first + number, base + number * size, npages)
    return first


@mirrors("arena.go", "freeUserArenaChunk")
def free_user_arena_chunk(w: World, chunk: int) -> Steps[None]:
    """Set a chunk to fault now, or have it wait while the collector is at work."""
    if w.rules.sanitizer:
        yield end.SanitizerFreed(chunk, w.rules.build_mode)
    if w.gc.phase == GC_OFF:
        pending = tuple(w.fault)
        if pending:
            yield end.FaultListTaken(pending)
        to_fault = runtime(w.rules).set_user_arena_chunk_to_fault
        yield from to_fault(w, chunk)
        for waiting in pending:
            yield from to_fault(w, waiting)
        yield end.FaultsDone()
    else:
        yield from appended(w, "fault", len(w.fault), w.small.fault_cap, 2 * w.rules.ptr_size)
        yield end.FaultDeferred(chunk)


@mirrors("arena.go", "(*mspan).setUserArenaChunkToFault")
def set_user_arena_chunk_to_fault(w: World, chunk: int) -> Steps[None]:
    """Give the memory back and quarantine the addresses.

    The span turns noscan first: marking must go on finding pointers into it, never read it.
    """
    layout = w.rules.chunk
    yield end.SpanMadeNoscan(chunk)
    yield end.ChunkUnmapped(chunk, layout.mapped_bytes)
    yield end.ChunkUncounted(chunk, layout.usable_bytes, layout.mapped_bytes)
    yield end.ChunkQuarantined(chunk)


@mirrors("mgc.go", "gcMarkTermination")
def drain_fault_list(w: World) -> Steps[None]:
    """Set everything that waited for the cycle's end to fault, oldest first."""
    pending = tuple(w.fault)
    if not pending:
        return
    yield end.FaultListTaken(pending)
    for chunk in pending:
        yield from runtime(w.rules).set_user_arena_chunk_to_fault(w, chunk)
    yield end.FaultsDone()
