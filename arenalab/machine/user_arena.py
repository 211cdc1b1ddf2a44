"""User arenas: new, alloc, refill, free.

The life of a user arena, with the events that tell it:

1. It is made: `HandleMade`, then a first refill, so an empty arena already holds a chunk.
2. It is filled: `ObjectAllocated` from both ends of the active chunk, until an object doesn't fit.
3. It is refilled: the active chunk is retired to the full list (`ChunkRetired`), another comes
   from the reuse list (`ReuseTaken`), the ready list or new address space, and becomes the
   active one (`ChunkActivated`).
4. It is freed: `MarkedDefunct`; the full chunks go, latest first, to fault and quarantine (or
   wait on the fault list while the collector marks); the active one goes to the reuse list
   (`ReusePut`), unless a sanitizer is watching.

Follows the upper half of runtime/arena.go, Go 1.21; `refill`, `alloc`, `free` and
`newUserArena` read the same in 1.27.
"""

from __future__ import annotations

from collections.abc import Callable

from arenalab.errors import GoPanic, GoThrow, ScenarioError, Signal
from arenalab.go import layout
from arenalab.go.mirror import mirrors
from arenalab.go.nil_reads import span_free_base, span_free_limit
from arenalab.go.types import GoType
from arenalab.machine import chunk as chunks
from arenalab.machine.general_heap import (
    HANDLE_SCAN_WORDS,
    appended,
    finalizer_set,
    handle_made,
    handle_slot,
    newarray,
    newobject,
    small_object,
)
from arenalab.machine.heap_bits import set_bits
from arenalab.machine.steps import Point, Steps, locked
from arenalab.machine.sweep import sweep_if_due
from arenalab.world import end_events as end
from arenalab.world import events as ev
from arenalab.world.schedule import CENTRAL_LOCK, CHUNK_FREED, REFILLED, REUSE_EMPTY, USER_ARENA_LOCK
from arenalab.world.state import World
from arenalab.world.tables import MSpan, UserArena

DOUBLE_FREE = "arena double free"
OUT_OF_MEMORY = "out of memory"
LISTS_DISAGREE = "full list doesn't match refs list in length"
WASTED = "wasted too much memory in an arena chunk"
NEEDS_ZEROING = "arena chunk needs zeroing, but should already be zeroed"
DEFUNCT_NEW = "unexpected signal during runtime execution"

#: How bits are set, given a type, a capacity and an address: store by store, or in bulk with the same result.
SetBits = Callable[[World, GoType, int, int, MSpan], Steps[None]]


@mirrors("arena.go", "arena_newArena")
@mirrors("arena.go", "newUserArena")
def new_user_arena(w: World, number: int) -> Steps[None]:
    """Make a user arena: its handle with a finalizer, and its first chunk."""
    if number in w.user_arenas:
        msg = f"user arena {number} exists already; give the new one another number"
        raise ScenarioError(msg)
    yield from locked(CENTRAL_LOCK, _handle(w, number))
    yield from finalizer_set(w)
    yield from refill(w, number)
    yield from _wrapped(w, number)


def _wrapped(w: World, number: int) -> Steps[None]:
    """Wrap the handle's pointer in a value of its own, as the public package does."""
    yield from small_object(w, "Arena", w.rules.ptr_size, w.rules.ptr_size, owner=number)


def objects_of_one(w: World, number: int) -> list[ev.SmallObjectMade]:
    """Return the small objects that are made with an arena whose first chunk is a reused one, as things are now."""
    steps = (_handle_object(w, number), _refs_grown(w, number, 0, 0), _wrapped(w, number))
    return [event for each in steps for event in each if isinstance(event, ev.SmallObjectMade)]


@mirrors("malloc.go", "(*mcache).nextFree")
def _handle(w: World, number: int) -> Steps[None]:
    """Make the handle in a slot that is free."""
    yield from sweep_for_a_slot(w)
    slot = handle_slot(w)
    yield from _handle_object(w, number)
    yield handle_made(w, number, slot)


def _handle_object(w: World, number: int) -> Steps[None]:
    scanned = HANDLE_SCAN_WORDS * w.rules.ptr_size
    yield from small_object(w, "handle", w.rules.user_arena_handle_bytes, scanned, owner=number)


def _refs_grown(w: World, number: int, length: int, cap: int) -> Steps[None]:
    """Grow an arena's refs for one chunk more, where they are full."""
    yield from appended(w, "refs", length, cap, w.rules.ptr_size, owner=number)


@mirrors("mgcsweep.go", "(*mspan).ensureSwept")
def sweep_its_handles(w: World, number: int) -> Steps[None]:
    """Sweep the span of a user arena's handle if that is due: its finalizer can't be removed before."""
    yield from sweep_if_due(w, w.handles.get(number, -1) // w.rules.handles_per_span)


@mirrors("mcentral.go", "(*mcentral).cacheSpan")
def sweep_for_a_slot(w: World) -> Steps[None]:
    """Sweep spans of handles that are due until one has room, where none that is swept has: partial ones first."""
    spans, size = w.handle_spans, w.rules.handles_per_span
    while spans.unswept and handle_slot(w) == spans.made * size:
        full = [slot // size for slot in spans.taken]
        partial = (span for span in spans.unswept if full.count(span) < size)
        yield from sweep_if_due(w, next(partial, spans.unswept[0]))


@mirrors("arena.go", "(*userArena).refill")
def refill(w: World, number: int) -> Steps[MSpan]:
    """Retire the active chunk and give the user arena another.

    Raises:
        GoThrow: more than a quarter of the chunk would be wasted.

    """
    user_arena = w.user_arenas[number]
    if user_arena.active is not None:
        span = w.spans[user_arena.active]
        if span.free_bytes > w.rules.user_arena_chunk_max_alloc_bytes:
            raise GoThrow(WASTED, f"{span.free_bytes} bytes of chunk {span.chunk} are free")
        yield ev.ChunkRetired(number, span.chunk, span.free_bytes)
    # Whatever is partly used comes first, the last one put there before the others.
    chunk = yield from locked(USER_ARENA_LOCK, _reused(w))
    if chunk < 0:
        yield Point(REUSE_EMPTY)
        chunk = yield from chunks.new_user_arena_chunk(w)
    user_arena = w.user_arenas[number]
    yield from _refs_grown(w, number, len(user_arena.refs), user_arena.refs_cap)
    yield ev.ChunkActivated(number, chunk)
    yield Point(REFILLED)
    return w.spans[chunk]


def _reused(w: World) -> Steps[int]:
    """Take a chunk off the reuse list; return −1 where it is empty."""
    chunk = next_of_reuse(w)
    if chunk >= 0:
        yield ev.ReuseTaken(chunk, w.spans[chunk].free_bytes)
    return chunk


def next_of_reuse(w: World) -> int:
    """Return the chunk that comes off the reuse list next; −1 where it is empty."""
    return w.reuse[-1 if w.rules.reuse_order == "lifo" else 0] if w.reuse else -1


@mirrors("arena.go", "(*userArena).alloc")
def alloc(w: World, number: int, go_type: GoType, cap: int, bits: SetBits = set_bits) -> Steps[None]:
    """Place a value, or `cap` of them in a row, refilling until it fits."""
    while not (yield from user_arena_next_free(w, number, go_type, cap, bits)):
        yield from refill(w, number)


@mirrors("arena.go", "(*mspan).userArenaNextFree")
def user_arena_next_free(w: World, number: int, go_type: GoType, cap: int, bits: SetBits) -> Steps[bool]:
    """Try to place a value in the active chunk; return False when it doesn't fit.

    The size is looked at before the chunk, so values of size 0 and those redirected to the
    heap succeed on any arena, a freed one included.

    Raises:
        GoThrow: size × capacity leaves 64 bits, or the arena is freed and has no chunk.

    """
    size = go_type.size
    if cap > 0:
        if layout.mul_overflows(size, cap):
            raise GoThrow(OUT_OF_MEMORY, f"{cap} × {size} bytes leave 64 bits")
        size *= cap
    if size == 0 or cap == 0:
        yield ev.PlacedAtZerobase(number, go_type, cap)
        return True
    if size > w.rules.user_arena_chunk_max_alloc_bytes:
        yield from newarray(w, number, go_type, cap) if cap >= 0 else newobject(w, number, go_type)
        return True
    span = _active_span(w, w.user_arenas[number], go_type)
    take = layout.take_from_front if go_type.ptr_bytes else layout.take_from_back
    addr, _, fits = take(span.free_base, span.free_limit, size, go_type.align)
    if not fits:
        return False
    if span.needzero:
        raise GoThrow(NEEDS_ZEROING, f"chunk {span.chunk}")
    yield ev.ObjectAllocated(number, span.chunk, go_type, cap, addr, size)
    if go_type.ptr_bytes:
        yield from bits(w, go_type, cap, addr, span)
        yield ev.ScanAllocAdded(scan_bytes(go_type, cap))
    return True


def scan_bytes(go_type: GoType, cap: int) -> int:
    """Return what a pointerful value adds to scanAlloc: all but the last element's pointer-free tail."""
    if cap > 0:
        return go_type.size * cap - (go_type.size - go_type.ptr_bytes)
    return go_type.ptr_bytes


def _active_span(w: World, user_arena: UserArena, go_type: GoType) -> MSpan:
    """Return the chunk being filled.

    Raises:
        GoThrow: the arena is freed; the nil span is read while mallocing is set.

    """
    if user_arena.active is None:
        why = f"user arena {user_arena.id} is freed: its active chunk is nil, and a fault while allocating is fatal"
        first_read = span_free_limit if go_type.noscan else span_free_base
        signal = Signal(1, first_read(w.rules))
        raise GoThrow(DEFUNCT_NEW, why, signal=signal)
    return w.spans[user_arena.active]


@mirrors("arena.go", "(*userArena).free")
def free(w: World, number: int) -> Steps[None]:
    """Give the chunks back: full ones latest first, then the active one.

    Raises:
        GoPanic: the arena was freed before (possible through a copied Arena value).
        GoThrow: full list and refs disagree.

    """
    user_arena = w.user_arenas[number]
    if user_arena.defunct:
        raise GoPanic(DOUBLE_FREE, f"user arena {number} was freed before")
    yield from sweep_its_handles(w, number)
    yield end.MarkedDefunct(number)
    freed = yield from free_full_chunks(w, number)
    user_arena = w.user_arenas[number]
    if (left := len(user_arena.refs) - 1 - freed) > 0:
        raise GoThrow(LISTS_DISAGREE, f"{left} refs are left")
    # The partly used chunk is kept alive for another arena, unless a sanitizer wants to see
    # every use after free.
    if user_arena.active is not None:
        if w.rules.sanitizer:
            yield from chunks.free_user_arena_chunk(w, user_arena.active)
        else:
            yield from locked(USER_ARENA_LOCK, _reuse(w, user_arena.active))
    yield end.ArenaEmptied(number)


def free_full_chunks(w: World, number: int) -> Steps[int]:
    """Give back the chunks of a full list, the latest first; return how many there were."""
    freed = 0
    while full_list := w.user_arenas[number].full_list:
        chunk = full_list[0]
        yield end.FullUnlinked(number, chunk)
        yield from chunks.free_user_arena_chunk(w, chunk)
        yield Point(CHUNK_FREED)
        freed += 1
    return freed


def _reuse(w: World, chunk: int) -> Steps[None]:
    """Put a chunk on the reuse list."""
    yield from appended(w, "reuse", len(w.reuse), w.small.reuse_cap, 2 * w.rules.ptr_size)
    yield end.ReusePut(chunk, w.spans[chunk].free_bytes)
