"""apply(world, event): the only code that changes a World.

Laws of this file:
1. One function per kind of event; it writes what the event says and decides nothing.
2. A missing kind is an error at once, never a silent pass.
3. Re-applying a log to a fresh World gives the World that the log came from, so time travel
   re-applies and never re-decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from arenalab.errors import ModelBug
from arenalab.world import apply_access, apply_gc, apply_run, apply_weak
from arenalab.world import chunk_events as ch
from arenalab.world import end_events as end
from arenalab.world import events as ev
from arenalab.world.actors import MAIN
from arenalab.world.apply_common import large_object_made, type_number
from arenalab.world.event import Event
from arenalab.world.state import AT_ZEROBASE, ON_HEAP, World
from arenalab.world.tables import MSPAN_IN_USE, HeapArena, MSpan, SmallObject, UserArena, class_key

Handler = Callable[[World, Any], None]

MORE = object()  #: there may be more steps.


def apply(world: World, event: Event) -> None:
    """Write one event into the world.

    Raises:
        ModelBug: nobody wrote down what this kind of event changes.

    """
    try:
        handler = HANDLERS[type(event)]
    except KeyError:
        msg = f"no rule says what {type(event).__name__} changes"
        raise ModelBug(msg) from None
    handler(world, event)
    world.now += 1


def apply_all(world: World, steps: Iterator[object], events: list[Event], most: int) -> object | None:
    """Write steps into the world and keep them in `events` until there are `most`.

    Returns MORE where `most` was reached, None where the steps have ended, and a step that is no event, or one
    that nobody wrote down, as it is.
    """
    handlers, keep = HANDLERS, events.append
    for step in steps:
        handler = handlers.get(type(step))  # type: ignore[arg-type]  # anything but an event is not found
        if handler is None:
            return step
        handler(world, step)
        world.now += 1
        keep(step)  # type: ignore[arg-type]  # what has a handler is an event
        if len(events) >= most:
            return MORE
    return None


# user arenas


def _handle_made(w: World, e: ev.HandleMade) -> None:
    w.user_arenas[e.user_arena] = UserArena(e.user_arena, finalizer=True, marked=e.black, epoch=w.epoch)
    w.handles[e.user_arena] = e.slot
    w.holders[e.user_arena] = None
    w.handle_spans.taken[e.slot] = e.user_arena
    spans, p = w.handle_spans, w.ps[0]
    p.handle_span, p.freeindex, spans.made = e.span, e.freeindex, e.spans_made
    if e.from_partial:
        spans.partial.remove(e.span)


def _small_object_made(w: World, e: ev.SmallObjectMade) -> None:
    small, p = w.small, w.ps[0]
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


def _marked_defunct(w: World, e: end.MarkedDefunct) -> None:
    user_arena = w.user_arena_to_write(e.user_arena)
    user_arena.defunct, user_arena.finalizer = True, False


def _full_unlinked(w: World, e: end.FullUnlinked) -> None:
    w.user_arena_to_write(e.user_arena).full_list.remove(e.chunk)


def _arena_emptied(w: World, e: end.ArenaEmptied) -> None:
    user_arena = w.user_arena_to_write(e.user_arena)
    user_arena.active, user_arena.refs = None, []
    w.holders.pop(e.user_arena, None)


def _handle_dropped(w: World, e: end.HandleDropped) -> None:
    w.user_arena_to_write(e.user_arena).dropped = True


# chunks come


def _assist_charged(w: World, e: ch.AssistCharged) -> None:
    w.gs[MAIN].assist_bytes -= e.nbytes


def _heap_arena_reserved(w: World, e: ch.HeapArenaReserved) -> None:
    w.heap_arenas.append(HeapArena(e.base, e.chunk, e.count))
    w.spans.append(MSpan(e.chunk, e.base, e.npages, faulted=True, epoch=w.epoch))
    w.counters.mapped_ready += e.meta_bytes


def _chunk_split_off(w: World, e: ch.ChunkSplitOff) -> None:
    w.spans.append(MSpan(e.chunk, e.base, e.npages, faulted=True, epoch=w.epoch))
    w.ready.append(e.chunk)


def _ready_taken(w: World, e: ch.ReadyTaken) -> None:
    w.ready.remove(e.chunk)


def _chunk_mapped(w: World, e: ch.ChunkMapped) -> None:
    span = w.span_to_write(e.chunk)
    span.faulted = span.poisoned = False
    w.counters.heap_released += e.nbytes
    w.counters.mapped_ready += e.nbytes


def _span_initialised(w: World, e: ch.SpanInitialised) -> None:
    span = w.span_to_write(e.chunk)
    w.heap_arenas[e.heap_arena] = replace(w.heap_arenas[e.heap_arena], zeroed_base=e.zeroed_base)
    span.spanclass, span.elemsize, span.nelems, span.state = 0, e.elemsize, 1, MSPAN_IN_USE
    span.needzero = e.needzero
    span.mark_bit = span.alloc_bit = span.alloc_count = span.freeindex = span.free_index_for_scan = 0
    span.limit, span.specials, span.sweepgen = 0, False, w.gc.sweepgen
    span.page_in_use, span.is_user_arena_chunk = 1, True
    span.free_base = span.free_limit = 0
    w.counters.pages_in_use += span.npages


def _chunk_accounted(w: World, e: ch.ChunkAccounted) -> None:
    counters = w.counters
    counters.heap_in_use += e.mapped_bytes
    counters.heap_released -= e.mapped_bytes
    counters.in_heap += e.mapped_bytes
    counters.committed += e.mapped_bytes
    counters.large_alloc += e.nbytes
    counters.large_alloc_count += 1
    counters.total_alloc += e.nbytes
    counters.heap_live += e.nbytes


def _chunk_pushed_swept(w: World, e: ch.ChunkPushedSwept) -> None:
    w.swept[0].append(e.chunk)


def _limit_set(w: World, e: ch.LimitSet) -> None:
    w.span_to_write(e.chunk).limit = e.limit


def _span_filled(w: World, e: ch.SpanFilled) -> None:
    span = w.span_to_write(e.chunk)
    span.freeindex = span.alloc_count = 1


def _chunk_bits_cleared(w: World, e: ch.ChunkBitsCleared) -> None:
    w.bits.clear(e.chunk)
    w.scan_limits.begin_chunk(e.chunk)


def _dummy_type_set(w: World, e: ch.DummyTypeSet) -> None:
    w.scan_limits.begin_chunk(e.chunk)


def _chunk_zeroed(w: World, e: ch.ChunkZeroed) -> None:
    span = w.span_to_write(e.chunk)
    span.needzero, span.free_index_for_scan = 0, 1
    w.slots.zero(e.chunk)
    w.births[e.chunk] = w.ledger.count


def _free_range_set(w: World, e: ch.FreeRangeSet) -> None:
    span = w.span_to_write(e.chunk)
    span.free_base, span.free_limit = e.base, e.limit


def _tells_only(w: World, e: Event) -> None:
    """Change nothing: the event tells that the world may be stopped again."""


def _red_zone_set(w: World, e: ch.RedZoneSet) -> None:
    span = w.span_to_write(e.chunk)
    span.elemsize, span.limit, span.free_limit = e.elemsize, e.limit, e.free_limit


# objects


def _object_carved(w: World, e: ev.ObjectCarved) -> None:
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


def _objects_carved(w: World, e: ev.ObjectsCarved) -> None:
    span, user_arena = w.span_to_write(e.chunk), w.user_arena_to_write(e.user_arena)
    size = e.type.size * max(e.cap, 1)
    last = e.first + (e.count - 1) * e.stride
    user_arena.last_object = w.ledger.count + e.count - 1
    if e.type.ptr_bytes:
        span.free_base = last + size
        user_arena.last_pointerful = user_arena.last_object
    else:
        span.free_limit = last
    w.ledger.extend_later(e.count, apply_run.EqualRows(e, type_number(w, e.type)))


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
    w.ps[0].scan_alloc += e.nbytes


def _placed_at_zerobase(w: World, e: ev.PlacedAtZerobase) -> None:
    w.ledger.append((0, 0, type_number(w, e.type), e.cap, e.user_arena, AT_ZEROBASE))


def _redirected_to_heap(w: World, e: ev.RedirectedToHeap) -> None:
    large_object_made(w, e)
    w.ledger.append((0, e.size, type_number(w, e.type), e.cap, e.user_arena, ON_HEAP))


# chunks go


def _sanitizer_freed(w: World, e: end.SanitizerFreed) -> None:
    w.span_to_write(e.chunk).poisoned = True


def _fault_list_taken(w: World, _: end.FaultListTaken) -> None:
    w.fault.clear()
    w.small.fault_cap = 0


def _fault_deferred(w: World, e: end.FaultDeferred) -> None:
    w.fault.append(e.chunk)


def _span_made_noscan(w: World, e: end.SpanMadeNoscan) -> None:
    w.span_to_write(e.chunk).spanclass = 1


def _chunk_unmapped(w: World, e: end.ChunkUnmapped) -> None:
    w.span_to_write(e.chunk).faulted = True
    w.counters.mapped_ready -= e.nbytes
    if e.bits_too:
        w.bits.clear(e.chunk)
        w.scan_limits.begin_chunk(e.chunk)


def _chunk_uncounted(w: World, e: end.ChunkUncounted) -> None:
    counters = w.counters
    counters.heap_in_use -= e.mapped_bytes
    counters.total_free += e.nbytes
    counters.committed -= e.mapped_bytes
    counters.in_heap -= e.mapped_bytes
    counters.large_free_count += 1
    counters.large_free += e.nbytes
    counters.heap_live -= e.nbytes


def _chunk_quarantined(w: World, e: end.ChunkQuarantined) -> None:
    w.quarantine.insert(0, e.chunk)


def _reuse_put(w: World, e: end.ReusePut) -> None:
    w.reuse.append(e.chunk)


# the program


def _pointer_held(w: World, e: end.PointerHeld) -> None:
    w.holds[e.hold] = e.addr


def _pointer_released(w: World, e: end.PointerReleased) -> None:
    w.holds.pop(e.hold, None)


def _pointer_stored(w: World, e: end.PointerStored) -> None:
    w.slots.store(e.slot, e.target)


def _panicked(w: World, _: end.Panicked) -> None:
    w.scratch = None


def _threw(w: World, e: end.Threw) -> None:
    w.died = e.text


HANDLERS: dict[type[Event], Handler] = {
    ev.HandleMade: _handle_made,
    ev.SmallObjectMade: _small_object_made,
    ev.ChunkRetired: _chunk_retired,
    ev.ReuseTaken: _reuse_taken,
    ev.ChunkActivated: _chunk_activated,
    ch.AssistCharged: _assist_charged,
    ch.HeapArenaReserved: _heap_arena_reserved,
    ch.ChunkSplitOff: _chunk_split_off,
    ch.ReadyTaken: _ready_taken,
    ch.ChunkMapped: _chunk_mapped,
    ch.SpanInitialised: _span_initialised,
    ch.ChunkAccounted: _chunk_accounted,
    ch.ChunkPushedSwept: _chunk_pushed_swept,
    ch.LimitSet: _limit_set,
    ch.SpanFilled: _span_filled,
    ch.ChunkBitsCleared: _chunk_bits_cleared,
    ch.ChunkZeroed: _chunk_zeroed,
    ch.DummyTypeSet: _dummy_type_set,
    ch.FreeRangeSet: _free_range_set,
    ch.ChunkObtained: _tells_only,
    ch.RedZoneSet: _red_zone_set,
    ev.ObjectCarved: _object_carved,
    ev.ObjectsCarved: _objects_carved,
    ev.BitmapWordWritten: _bitmap_word_written,
    ev.GCProgExpanded: _gc_prog_expanded,
    ev.GCProgErased: _gc_prog_erased,
    ev.MaskBuilt: _mask_built,
    ev.PtrBytesSet: _ptr_bytes_set,
    ev.ScanAllocAdded: _scan_alloc_added,
    ev.PlacedAtZerobase: _placed_at_zerobase,
    ev.RedirectedToHeap: _redirected_to_heap,
    end.MarkedDefunct: _marked_defunct,
    end.FullUnlinked: _full_unlinked,
    end.SanitizerFreed: _sanitizer_freed,
    end.FaultListTaken: _fault_list_taken,
    end.FaultDeferred: _fault_deferred,
    end.SpanMadeNoscan: _span_made_noscan,
    end.ChunkUnmapped: _chunk_unmapped,
    end.ChunkUncounted: _chunk_uncounted,
    end.ChunkQuarantined: _chunk_quarantined,
    end.FaultsDone: _tells_only,
    end.ReusePut: _reuse_put,
    end.ArenaEmptied: _arena_emptied,
    end.HandleDropped: _handle_dropped,
    end.PointerHeld: _pointer_held,
    end.PointerReleased: _pointer_released,
    end.PointerStored: _pointer_stored,
    end.Panicked: _panicked,
    end.Threw: _threw,
    **apply_access.HANDLERS,
    **apply_gc.HANDLERS,
    **apply_run.HANDLERS,
    **apply_weak.HANDLERS,
}
