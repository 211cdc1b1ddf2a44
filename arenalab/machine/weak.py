"""Weak pointers to objects in chunks, to large ordinary objects, and to what is in no span.

Rules:
1. A byte has one weak handle at a time; all weak pointers to it lead there.
2. The program keeps each weak pointer that it made, so no handle is garbage. One that a chunk's special alone
   kept would be: the collector marks the specials of ordinary spans, not those of chunks.
3. A span whose sweep is due is swept before its specials are touched, out of turn.

Follows mheap.go, Go 1.24.
"""

from __future__ import annotations

from arenalab.asked import one_of, position
from arenalab.errors import ArgumentError, GoThrow, ScenarioError
from arenalab.go.heap_scan import large_scan_work
from arenalab.go.mirror import mirrors
from arenalab.go.sizeclasses import TINY_SIZE
from arenalab.machine.general_heap import small_object
from arenalab.machine.mark import grey_object
from arenalab.machine.runtime import runtime
from arenalab.machine.steps import Steps, locked
from arenalab.machine.sweep import heap_object_is_due, sweep_chunk, sweep_heap_object
from arenalab.units import counted
from arenalab.world.ops import HEAP, NIL, STATIC, MakeWeak, WeakValue
from arenalab.world.queries import is_unswept
from arenalab.world.schedule import SPECIAL_LOCK
from arenalab.world.state import AT_ZEROBASE, ON_HEAP, World
from arenalab.world.tables import MSPAN_IN_USE
from arenalab.world.weak import IN_IMAGE, NO_HANDLE, Spot, span_key
from arenalab.world.weak_events import (
    HeapObjectShaded,
    ValueShaded,
    WeakHandleMade,
    WeakPointerMade,
    WeakPointerRead,
)

INVALID, INVALID_BY_NOW = "getWeakHandle on invalid pointer", "addspecial on invalid pointer"


@mirrors("mheap.go", "getOrAddWeakHandle", since=MakeWeak.since)
def make_weak(w: World, op: MakeWeak) -> Steps[None]:
    """Make a weak pointer, and its weak handle unless the byte has one.

    Raises:
        ScenarioError: the program has that weak pointer, or the model doesn't follow the object.
        ArgumentError: no such object, or not so many bytes.
        GoThrow: this Go refuses what is in no span.

    """
    if op.weak in w.weak_pointers:
        raise ScenarioError(f"weak pointer {op.weak} was made before; give each its own number")
    if op.object == NIL:
        yield WeakPointerMade(op.weak, NO_HANDLE)
        return
    spot = spot_of(w, op.object, op.offset)
    if spot.chunk == ON_HEAP or (spot.chunk >= 0 and w.spans[spot.chunk].state == MSPAN_IN_USE):
        yield from ensure_swept(w, spot)
        handle = yield from locked(SPECIAL_LOCK, _handle_there(w, spot))
    else:
        handle = yield from runtime(w.rules).handle_without_span(w, spot)
    yield WeakPointerMade(op.weak, handle)


@mirrors("mheap.go", "internal_weak_runtime_makeStrongFromWeak", since=WeakValue.since)
def weak_value(w: World, number: int) -> Steps[None]:
    """Give what a weak pointer leads to, or nil; while a cycle marks, mark it.

    Raises:
        NoSuchError: the program made no such weak pointer.

    """
    handle = w.weak_pointers[one_of("WeakValue.weak", number, w.weak_pointers, "one that MakeWeak made")]
    if handle == NO_HANDLE or w.weak_handles[handle].cleared:
        yield WeakPointerRead(number, NIL, 0)
        return
    spot = w.weak_handles[handle].spot
    yield from ensure_swept(w, spot)
    if w.weak_handles[handle].cleared:
        yield WeakPointerRead(number, NIL, 0)
        return
    if w.gc.marking:
        yield from _shade(w, spot)
    yield WeakPointerRead(number, spot.object, spot.offset)


@mirrors("mgcsweep.go", "(*mspan).ensureSwept")
def ensure_swept(w: World, spot: Spot) -> Steps[None]:
    """Sweep a span now if that is due."""
    if is_unswept(w, spot.chunk):
        yield from sweep_chunk(w, spot.chunk)
    elif spot.chunk == ON_HEAP and heap_object_is_due(w, w.heap_objects[spot.object]):
        yield from sweep_heap_object(w, spot.object)


@mirrors("mheap.go", "getWeakHandle", since=MakeWeak.since, until="1.25")
def refuse_without_span(_: World, spot: Spot) -> Steps[int]:
    """Refuse what is in no span.

    Raises:
        GoThrow: always.

    """
    yield from ()
    raise GoThrow(INVALID, _why_without_span(spot))


@mirrors("mheap.go", "getWeakHandle", since="1.25")
def immortal_handle(w: World, spot: Spot) -> Steps[int]:
    """Give static values and zerobase a handle that is never nil.

    Raises:
        GoThrow: a chunk that is not in use.

    """
    if spot.chunk >= 0:
        raise GoThrow(INVALID, _why_without_span(spot))
    handle = handle_of(w, spot)
    if handle == NO_HANDLE:
        handle = len(w.weak_handles)
        yield WeakHandleMade(handle, *spot, -1, -1, 0)
    return handle


def _why_without_span(spot: Spot) -> str:
    return (
        f"chunk {spot.chunk} is not in use" if spot.chunk >= 0 else "a static value or zerobase is in no span"
    )


def spot_of(w: World, number: int, offset: int) -> Spot:
    """Return the byte at an offset of an object, a ledger row or `STATIC`.

    Raises:
        ScenarioError: an ordinary object that is gone, or that shares its span with others.
        ArgumentError: no such object, or not so many bytes.

    """
    if number == STATIC:
        return Spot(IN_IMAGE, STATIC, offset, 0)
    if number == HEAP:
        raise ScenarioError("the model doesn't know when a nameless value of the heap dies; name an object")
    row = position("object", number, len(w.ledger), "the number of an object")
    addr, size, _, _, _, chunk = w.ledger.row(row)
    if offset >= max(size, 1):
        raise ArgumentError("offset", offset, f"a byte of object {row}, which has {counted(size, 'byte')}")
    if chunk == ON_HEAP and row not in w.heap_objects:
        raise ScenarioError(f"object {row} is gone, or shares a span of the heap, which is not followed")
    return Spot(chunk, row, offset, addr + offset if chunk >= 0 else 0)


def handle_of(w: World, spot: Spot) -> int:
    """Return the weak handle that a byte has, `NO_HANDLE` where it has none."""
    mine = _byte(spot)
    handles = w.weak_handles.items()
    return next((n for n, handle in handles if not handle.cleared and _byte(handle.spot) == mine), NO_HANDLE)


def _byte(spot: Spot) -> tuple[int, ...]:
    """Return what two spots have in common exactly where they are one byte."""
    if spot.chunk >= 0:
        return (spot.addr,)
    return (spot.chunk,) if spot.chunk == AT_ZEROBASE else spot[:3]


def _handle_there(w: World, spot: Spot) -> Steps[int]:
    handle = handle_of(w, spot)
    return handle if handle != NO_HANDLE else (yield from _add_handle(w, spot))


def _add_handle(w: World, spot: Spot) -> Steps[int]:
    """Make a handle in the P's tiny block while it has room, else in a new one, and add the special."""
    if spot.chunk >= 0 and w.spans[spot.chunk].state != MSPAN_IN_USE:  # by the sweep just now
        raise GoThrow(INVALID_BY_NOW, _why_without_span(spot))
    size = w.rules.weak_handle_bytes
    block, taken = w.p.tiny_block, w.p.tiny_taken + size
    if block < 0 or taken > TINY_SIZE:
        block, taken = w.small.made, size
        yield from small_object(w, "weak handles", TINY_SIZE, 0)
    number, key = len(w.weak_handles), span_key(spot.chunk, spot.object)
    offsets = [w.weak_handles[other].spot for other in w.specials.get(key, ())]
    before = sum((other.addr, other.offset) < (spot.addr, spot.offset) for other in offsets)
    yield WeakHandleMade(number, *spot, before, block, taken)
    return number


def _shade(w: World, spot: Spot) -> Steps[None]:
    """Mark what Value is about to return. Go: shade, mgcmark.go, 1.24."""
    if spot.chunk >= 0:
        span = w.spans[spot.chunk]
        if not span.mark_bit:
            yield ValueShaded(spot.addr, spot.chunk)
            yield from grey_object(w, span)
    elif spot.chunk == ON_HEAP and not w.heap_objects[spot.object].marked:
        yield HeapObjectShaded(spot.object, _scan_work(w, spot.object))


def _scan_work(w: World, row: int) -> int:
    """Return what reading a large object costs; nothing that it points to is followed: nobody can write there."""
    kept = w.heap_objects[row]
    go_type = w.types[w.ledger.row(row)[2]]
    return 0 if kept.noscan else large_scan_work(go_type, kept.npages * w.rules.page_size, w.rules)
