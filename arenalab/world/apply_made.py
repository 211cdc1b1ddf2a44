"""What the making of user arenas and objects changes: a part of `apply`, under the same laws."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from arenalab.world import events as ev
from arenalab.world.apply_common import large_object_made, type_number
from arenalab.world.apply_run import EqualRows
from arenalab.world.event import Event
from arenalab.world.state import AT_ZEROBASE, ON_HEAP, World
from arenalab.world.tables import SmallObject, UserArena, class_key


def _handle_made(w: World, e: ev.HandleMade) -> None:
    w.user_arenas[e.user_arena] = UserArena(e.user_arena, finalizer=True, marked=e.black, epoch=w.epoch)
    w.handles[e.user_arena] = e.slot
    w.holders[e.user_arena] = None
    w.handle_spans.taken[e.slot] = e.user_arena
    spans, p = w.handle_spans, w.p
    p.handle_span, p.freeindex, spans.made = e.span, e.freeindex, e.spans_made
    if e.from_partial:
        spans.partial.remove(e.span)


def _small_object_made(w: World, e: ev.SmallObjectMade) -> None:
    small, p = w.small, w.p
    if e.refilled:
        p.cached[class_key(e.size, e.scan_bytes)] = 0
        w.counters.heap_live += e.refilled - e.used
        w.counters.heap_scan += e.to_heap_scan
        p.scan_alloc = 0
    p.cached[class_key(e.size, e.scan_bytes)] += e.size
    p.scan_alloc += e.scan_alloc
    small.objects[small.made] = SmallObject(e.what, e.owner, e.size, e.scan_bytes, w.gc.sweepgen, e.black)
    small.newest[e.what, e.owner] = small.made
    small.made += 1
    if e.black:
        w.gc.bytes_marked += e.size
    _capacity_set(w, e)


def _capacity_set(w: World, e: ev.SmallObjectMade) -> None:
    if e.what == "refs":
        w.user_arena_to_write(e.owner).refs_cap = e.cap
    elif e.what == "reuse":
        w.small.reuse_cap = e.cap
    elif e.what == "fault":
        w.small.fault_cap = e.cap


def _chunk_retired(w: World, e: ev.ChunkRetired) -> None:
    user_arena = w.user_arena_to_write(e.user_arena)
    user_arena.full_list.insert(0, e.chunk)
    user_arena.active = None


def _reuse_taken(w: World, e: ev.ReuseTaken) -> None:
    w.reuse.remove(e.chunk)


def _chunk_activated(w: World, e: ev.ChunkActivated) -> None:
    user_arena = w.user_arena_to_write(e.user_arena)
    user_arena.refs.append(e.chunk)
    user_arena.active = e.chunk


def _object_allocated(w: World, e: ev.ObjectAllocated) -> None:
    chunk, addr, go_type = e.chunk, e.addr, e.type
    span = w.spans[chunk]
    if span.epoch != w.epoch:
        span = w.span_to_write(chunk)
    user_arena = w.user_arenas[e.user_arena]
    if user_arena.epoch != w.epoch:
        user_arena = w.user_arena_to_write(e.user_arena)
    user_arena.last_object = w.ledger.count
    if go_type.ptr_bytes:
        span.free_base = addr + e.size
        user_arena.last_pointerful = w.ledger.count
    else:
        span.free_limit = addr
    w.ledger.append((addr, e.size, type_number(w, go_type), e.cap, e.user_arena, chunk))


def _objects_allocated(w: World, e: ev.ObjectsAllocated) -> None:
    span, user_arena = w.span_to_write(e.chunk), w.user_arena_to_write(e.user_arena)
    size = e.type.size * max(e.cap, 1)
    last = e.first + (e.count - 1) * e.stride
    user_arena.last_object = w.ledger.count + e.count - 1
    if e.type.ptr_bytes:
        span.free_base = last + size
        user_arena.last_pointerful = user_arena.last_object
    else:
        span.free_limit = last
    w.ledger.extend_later(e.count, EqualRows(e, type_number(w, e.type)))


def _bitmap_word_written(w: World, e: ev.BitmapWordWritten) -> None:
    w.bits.write(e.chunk, e.word, e.after)
    if e.clears:
        w.scan_limits.clear_mark(e.chunk, e.word)


def _gc_prog_expanded(w: World, e: ev.GCProgExpanded) -> None:
    w.scratch = (e.addr, e.nbits, type_number(w, e.type))


def _gc_prog_erased(w: World, _: ev.GCProgErased) -> None:
    w.scratch = None


def _ptr_bytes_set(w: World, e: ev.PtrBytesSet) -> None:
    w.scan_limits.set_ptr_bytes(e.chunk, e.ptr_bytes)


def _mask_built(w: World, e: ev.MaskBuilt) -> None:
    w.masks[type_number(w, e.type)] = e.nbytes


def _scan_alloc_added(w: World, e: ev.ScanAllocAdded) -> None:
    w.ps[w.on_p].scan_alloc += e.nbytes


def _placed_at_zerobase(w: World, e: ev.PlacedAtZerobase) -> None:
    w.ledger.append((0, 0, type_number(w, e.type), e.cap, e.user_arena, AT_ZEROBASE))


def _redirected_to_heap(w: World, e: ev.RedirectedToHeap) -> None:
    large_object_made(w, e)
    w.ledger.append((0, e.size, type_number(w, e.type), e.cap, e.user_arena, ON_HEAP))


HANDLERS: dict[type[Event], Callable[[World, Any], None]] = {
    ev.HandleMade: _handle_made,
    ev.SmallObjectMade: _small_object_made,
    ev.ChunkRetired: _chunk_retired,
    ev.ReuseTaken: _reuse_taken,
    ev.ChunkActivated: _chunk_activated,
    ev.ObjectAllocated: _object_allocated,
    ev.ObjectsAllocated: _objects_allocated,
    ev.BitmapWordWritten: _bitmap_word_written,
    ev.GCProgExpanded: _gc_prog_expanded,
    ev.GCProgErased: _gc_prog_erased,
    ev.MaskBuilt: _mask_built,
    ev.PtrBytesSet: _ptr_bytes_set,
    ev.ScanAllocAdded: _scan_alloc_added,
    ev.PlacedAtZerobase: _placed_at_zerobase,
    ev.RedirectedToHeap: _redirected_to_heap,
}
