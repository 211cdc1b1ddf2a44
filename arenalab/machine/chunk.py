"""Chunks: how one is obtained, and how one is given back.

Rules:
1. The ready list comes first, from its head; only when it is empty is address space reserved.
2. A chunk is cleared, bits and bytes, when it is obtained; when it goes, only what lay in its memory goes with it.
3. Counters see a chunk as one large object: allocated when obtained, freed when set to fault.

Follows the lower half of runtime/arena.go, Go 1.21 to 1.27.
"""

from __future__ import annotations

from arenalab.errors import GoThrow
from arenalab.go.mirror import mirrors
from arenalab.go.rules import BITMAP, DUMMY_TYPE
from arenalab.machine import pacer
from arenalab.machine.general_heap import appended
from arenalab.machine.runtime import runtime
from arenalab.machine.steps import CycleDue, Steps, locked
from arenalab.world import chunk_events as ch
from arenalab.world import end_events as end
from arenalab.world import gc_events as gc
from arenalab.world.schedule import HEAP_LOCK, USER_ARENA_LOCK
from arenalab.world.state import World
from arenalab.world.tables import GC_MARK_TERMINATION, GC_OFF

BAD_PHASE = "newUserArenaChunk called with gcphase == _GCmarktermination"


def new_user_arena_chunk(w: World) -> Steps[int]:
    """Obtain a chunk and tell collector, sanitizers and pacer; return its number."""
    return runtime(w.rules).new_user_arena_chunk(w)


@mirrors("arena.go", "newUserArenaChunk", until="1.22")
def new_chunk_limit_shrinks(w: World) -> Steps[int]:
    """Obtain a chunk; under asan its red zone is taken from object and limit, after all counters were updated.

    Raises:
        GoThrow: called while the world is stopped for mark termination.

    """
    chunk = yield from _obtained(w)
    if w.rules.build_mode == "asan":
        yield _red_zone(w, chunk, limit_too=True)
    yield from _ready_to_fill(w, chunk)
    return chunk


@mirrors("arena.go", "newUserArenaChunk", since="1.22", until="1.24")
def new_chunk_object_shrinks(w: World) -> Steps[int]:
    """Obtain a chunk; under asan its red zone is taken from the object alone, after all counters were updated."""
    chunk = yield from _obtained(w)
    if w.rules.build_mode == "asan":
        yield _red_zone(w, chunk)
    yield from _ready_to_fill(w, chunk)
    return chunk


@mirrors("arena.go", "newUserArenaChunk", since="1.24")
def new_chunk(w: World) -> Steps[int]:
    """Obtain a chunk; its red zone was taken when its span was set up."""
    chunk = yield from _obtained(w)
    yield from _ready_to_fill(w, chunk)
    return chunk


def _obtained(w: World) -> Steps[int]:
    """Obtain a chunk; while the collector marks, its bytes are charged as assist debt and it is allocated black."""
    if w.gc.phase == GC_MARK_TERMINATION:
        raise GoThrow(BAD_PHASE, "the world should be stopped")
    if w.gc.phase != GC_OFF:
        yield ch.AssistCharged(w.rules.chunk.stride)
    chunk = yield from runtime(w.rules).alloc_user_arena_chunk(w)
    if w.gc.phase != GC_OFF:
        yield gc.ChunkMarkedBlack(chunk, w.spans[chunk].elemsize)
    return chunk


def _red_zone(w: World, chunk: int, *, limit_too: bool = False) -> ch.RedZoneSet:
    """Return the event that takes asan's red zone from a chunk's object and its free range, and perhaps its limit."""
    span, red_zone = w.spans[chunk], w.rules.asan_red_zone
    elemsize = span.elemsize - red_zone
    end_of_objects = span.base + elemsize
    limit = end_of_objects if limit_too else span.limit
    made = span.free_limit > 0  # since Go 1.24 the free range is made later, of the object that is left
    return ch.RedZoneSet(chunk, red_zone, elemsize, limit, end_of_objects if made else 0)


def _ready_to_fill(w: World, chunk: int) -> Steps[None]:
    yield ch.ChunkObtained(chunk)
    if pacer.should_start(w):
        yield CycleDue()


@mirrors("arena.go", "(*mheap).allocUserArenaChunk", until="1.22")
def alloc_chunk_bits_apart(w: World) -> Steps[int]:
    """Take a chunk and make it ready to allocate from; its bits lie in the heapArena."""
    chunk = yield from _mapped(w)
    base, nbytes = w.spans[chunk].base, w.rules.chunk.usable_bytes
    yield ch.ChunkAccounted(chunk, nbytes, w.rules.chunk.mapped_bytes)
    yield ch.ChunkPushedSwept(chunk)
    yield ch.LimitSet(chunk, base + nbytes)
    yield ch.SpanFilled(chunk)
    yield from _cleared(w, chunk, marks=w.rules.chunk_bitmap_words - 1)
    yield ch.FreeRangeSet(chunk, base, base + nbytes)
    return chunk


@mirrors("arena.go", "(*mheap).allocUserArenaChunk", since="1.22", until="1.24")
def alloc_chunk_limit_first(w: World) -> Steps[int]:
    """Take a chunk and make it ready to allocate from; its bits lie in its own tail, behind a dummy type."""
    chunk = yield from _mapped(w)
    yield _limit(w, chunk)
    yield ch.SpanFilled(chunk)
    yield from _counted_and_typed(w, chunk)
    return chunk


@mirrors("arena.go", "(*mheap).allocUserArenaChunk", since="1.24")
def alloc_chunk(w: World) -> Steps[int]:
    """Take a chunk and make it ready to allocate from; under asan its red zone is gone before counters are updated."""
    chunk = yield from _mapped(w)
    yield ch.SpanFilled(chunk)
    yield _limit(w, chunk)
    if w.rules.build_mode == "asan":
        yield _red_zone(w, chunk)
    yield from _counted_and_typed(w, chunk)
    return chunk


def _mapped(w: World) -> Steps[int]:
    """Take the first ready chunk, or reserve a heap arena and split it; back it with memory, set its span up."""
    chunk = yield from locked(HEAP_LOCK, _reserved(w))
    yield ch.ChunkMapped(chunk, w.rules.chunk.mapped_bytes)
    yield init_span(w, chunk)
    return chunk


def _reserved(w: World) -> Steps[int]:
    """Take the first ready chunk, or the first of a new heap arena."""
    if w.ready:
        chunk = w.ready[0]
        yield ch.ReadyTaken(chunk)
        return chunk
    return (yield from _reserve_heap_arena(w))


def _limit(w: World, chunk: int) -> ch.LimitSet:
    span = w.spans[chunk]
    return ch.LimitSet(chunk, span.base + span.elemsize)


def _cleared(w: World, chunk: int, *, marks: int) -> Steps[None]:
    yield ch.ChunkBitsCleared(chunk, marks)
    # Zeroed even when fresh: the touch is what makes Linux back it with huge pages.
    yield ch.ChunkZeroed(chunk, w.spans[chunk].elemsize)


def _counted_and_typed(w: World, chunk: int) -> Steps[None]:
    """Update the counters for a chunk's object, clear it, and give it its free range and its dummy type."""
    base, nbytes, layout = w.spans[chunk].base, w.spans[chunk].elemsize, w.rules.chunk
    yield ch.ChunkAccounted(chunk, nbytes, layout.mapped_bytes)
    yield from _cleared(w, chunk, marks=0)
    yield ch.FreeRangeSet(chunk, base, base + nbytes)
    yield ch.ChunkPushedSwept(chunk)
    yield ch.DummyTypeSet(chunk, base + layout.at(DUMMY_TYPE), base + layout.at(BITMAP), nbytes)


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


def _next_heap_arena(w: World) -> int:
    """Return where the next heap arena of user arenas begins: after the last one, as long as that is free."""
    rules, number = w.rules, len(w.heap_arenas)
    whole = rules.heap_arena_bytes
    if rules.build_mode != "race":
        return w.heap_arenas[-1].base + whole if w.heap_arenas else rules.user_arena_hint
    # The race detector wants one range, so its builds go on where the heap ends.
    others = rules.heap_arenas_between[number] if number < len(rules.heap_arenas_between) else 0
    end = (w.heap_arenas[-1].base if w.heap_arenas else rules.heap_hint) + whole
    return end + others * whole


def _reserve_heap_arena(w: World) -> Steps[int]:
    """Reserve a heap arena after the last one; its first chunk is ours, the others become ready."""
    size, whole = w.rules.chunk.stride, w.rules.heap_arena_bytes
    base, first = _next_heap_arena(w), len(w.spans)
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
        pending = yield from locked(USER_ARENA_LOCK, _fault_list_taken(w))
        to_fault = runtime(w.rules).set_user_arena_chunk_to_fault
        yield from to_fault(w, chunk)
        for waiting in pending:
            yield from to_fault(w, waiting)
        yield end.FaultsDone()
    else:
        yield from locked(USER_ARENA_LOCK, _deferred(w, chunk))


def _fault_list_taken(w: World) -> Steps[tuple[int, ...]]:
    pending = tuple(w.fault)
    if pending:
        yield end.FaultListTaken(pending)
    return pending


def _deferred(w: World, chunk: int) -> Steps[None]:
    yield from appended(w, "fault", len(w.fault), w.small.fault_cap, 2 * w.rules.ptr_size)
    yield end.FaultDeferred(chunk)


@mirrors("arena.go", "(*mspan).setUserArenaChunkToFault", until="1.22")
def set_to_fault_whole(w: World, chunk: int) -> Steps[None]:
    """Give the memory back and quarantine the addresses; the counters lose a whole chunk."""
    yield from _to_fault(w, chunk, w.rules.chunk.stride, bits_too=False)


@mirrors("arena.go", "(*mspan).setUserArenaChunkToFault", since="1.22")
def set_to_fault(w: World, chunk: int) -> Steps[None]:
    """Give the memory back, pointer bits included, and quarantine the addresses; the counters lose the object."""
    yield from _to_fault(w, chunk, w.spans[chunk].elemsize, bits_too=True)


def _to_fault(w: World, chunk: int, nbytes: int, *, bits_too: bool) -> Steps[None]:
    # The span turns noscan first: marking must go on finding pointers into it, never read it.
    mapped = w.rules.chunk.mapped_bytes
    yield end.SpanMadeNoscan(chunk)
    yield end.ChunkUnmapped(chunk, mapped, bits_too)
    yield end.ChunkUncounted(chunk, nbytes, mapped)
    yield end.ChunkQuarantined(chunk)


@mirrors("mgc.go", "gcMarkTermination")
def drain_fault_list(w: World) -> Steps[None]:
    """Set everything that waited for the cycle's end to fault, oldest first."""
    pending = yield from locked(USER_ARENA_LOCK, _fault_list_taken(w))
    if not pending:
        return
    for chunk in pending:
        yield from runtime(w.rules).set_user_arena_chunk_to_fault(w, chunk)
    yield end.FaultsDone()
