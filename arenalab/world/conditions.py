"""What must be so for events of user arenas, chunks and single objects.

Each is a condition on the World before an event; `event_rules` says which kinds need which. Its name is what it says.
"""

from __future__ import annotations

from typing import Any

from arenalab.go.layout import ceil_div
from arenalab.go.types import GoType
from arenalab.world import access_events as access
from arenalab.world import chunk_events as ch
from arenalab.world import end_events as end
from arenalab.world import events as ev
from arenalab.world.event import Event
from arenalab.world.state import World
from arenalab.world.tables import MSPAN_IN_USE, class_key


def its_chunks_exist(w: World, e: Event) -> bool:
    """Each chunk that it names exists."""
    return all(chunk < len(w.spans) for chunk in e.chunks)


def its_user_arena_was_made(w: World, e: Any) -> bool:
    """Its user arena was made."""
    return e.user_arena in w.user_arenas


def its_chunk_is_the_next(w: World, e: Any) -> bool:
    """Its chunk has the next number, and the pages of a chunk."""
    return bool(e.chunk == len(w.spans) and e.npages == w.rules.user_arena_chunk_pages)


def it_is_black_while_marking(w: World, e: Any) -> bool:
    """What is made is black exactly while a cycle marks."""
    return bool(e.black == w.gc.marking)


def its_bytes_are_a_chunks_at_most(w: World, e: Any) -> bool:
    """Its bytes are no more than a chunk has."""
    return bool(e.nbytes <= w.rules.chunk.stride)


def its_object_was_made(w: World, e: Any) -> bool:
    """Its object was made."""
    return bool(e.object < w.ledger.count)


def its_size_is_the_types(_: World, e: Any) -> bool:
    """Its size is that of so many values of its type."""
    return bool(e.size == size_of(e.type, e.cap))


def its_address_is_in_the_chunk(w: World, e: Any) -> bool:
    """Its address is in its chunk."""
    return bool(0 <= e.addr - w.spans[e.chunk].base < w.rules.chunk.stride)


def its_slot_is_in_the_chunk(w: World, e: Any) -> bool:
    """Its slot is a word of its chunk."""
    offset = e.slot - w.spans[e.chunk].base
    return bool(0 <= offset < w.rules.chunk.stride and offset % w.rules.ptr_size == 0)


def size_of(go_type: GoType, cap: int) -> int:
    """Return the bytes of a value, or of a slice of `cap` of them."""
    return go_type.size * (1 if cap < 0 else cap)


def it_takes_a_free_slot(w: World, e: ev.HandleMade) -> bool:
    """A new user arena gets a slot that is free, in the span that is cached from now on."""
    spans, size = w.handle_spans, w.rules.handles_per_span
    return (
        e.user_arena not in w.user_arenas
        and divmod(e.slot, size) == (e.span, e.freeindex - 1)
        and e.slot not in spans.taken
        and e.span < e.spans_made in (spans.made, spans.made + 1)
        and e.from_partial == (e.span in spans.partial)
    )


SMALL_OBJECTS = ("handle", "Arena", "refs", "reuse", "fault", "frame", "weak handles")


def its_small_object_fits(w: World, e: ev.SmallObjectMade) -> bool:
    """It is one of the small objects that the runtime makes, from a size class that is cached or refilled."""
    return (
        e.what in SMALL_OBJECTS
        and (e.owner in w.user_arenas or e.what != "refs")
        and e.scan_bytes <= e.size
        and e.scan_alloc <= e.size
        and (e.refilled > 0 or class_key(e.size, e.scan_bytes) in w.p.cached)
    )


def its_chunk_is_active_there(w: World, e: Any) -> bool:
    """Its chunk is its user arena's active one."""
    return bool(w.user_arenas[e.user_arena].active == e.chunk)


def its_user_arena_has_no_active_chunk(w: World, e: Any) -> bool:
    """Its user arena has no active chunk."""
    return w.user_arenas[e.user_arena].active is None


def its_user_arena_lives(w: World, e: Any) -> bool:
    """Its user arena is not freed."""
    return not w.user_arenas[e.user_arena].defunct


def it_was_not_dropped(w: World, e: Any) -> bool:
    """Its user arena was not dropped before."""
    return not w.user_arenas[e.user_arena].dropped


def its_full_list_is_empty(w: World, e: Any) -> bool:
    """Its user arena is being freed and has no full chunk left."""
    row = w.user_arenas[e.user_arena]
    return row.defunct and not row.full_list


def its_user_arena_is_emptied(w: World, e: Any) -> bool:
    """Its user arena is freed and has no chunk any more."""
    row = w.user_arenas[e.user_arena]
    return row.defunct and row.active is None


def it_lies_behind_the_others(w: World, e: ch.HeapArenaReserved) -> bool:
    """The heap arena lies after the others, within the address space."""
    nbytes = w.rules.heap_arena_bytes
    behind = w.heap_arenas[-1].base + nbytes if w.heap_arenas else 1
    return behind <= e.base <= 2**48 - nbytes and e.base % w.rules.page_size == 0


def it_is_split_into_chunks(w: World, e: ch.HeapArenaReserved) -> bool:
    """The heap arena is split into as many chunks as fit."""
    return e.count == w.rules.heap_arena_bytes // w.rules.chunk.stride


def it_is_in_the_last_heap_arena(w: World, e: ch.ChunkSplitOff) -> bool:
    """The chunk stands where its number puts it in the heap arena reserved last."""
    if not w.heap_arenas:
        return False
    last = w.heap_arenas[-1]
    number = e.chunk - last.first_chunk
    return 0 < number < last.chunks and e.base == last.base + number * w.rules.chunk.stride


def its_heap_arena_holds_it(w: World, e: ch.SpanInitialised) -> bool:
    """Its heap arena holds the chunk."""
    if e.heap_arena >= len(w.heap_arenas):
        return False
    there = w.heap_arenas[e.heap_arena]
    return 0 <= e.chunk - there.first_chunk < there.chunks and e.zeroed_base <= w.rules.heap_arena_bytes


def its_size_is_a_chunks_at_most(w: World, e: Any) -> bool:
    """The size of its one large object is no more than a chunk."""
    return bool(0 < e.elemsize <= w.rules.chunk.stride)


def it_is_in_no_sweep_set(w: World, e: Any) -> bool:
    """Its chunk is in no sweep set."""
    return not any(e.chunk in chunks for sets in (w.swept, w.unswept) for chunks in sets.values())


def it_is_in_that_unswept_set(w: World, e: Any) -> bool:
    """Its chunk is in the unswept set of that span class."""
    return e.chunk in w.unswept[e.found]


def its_limit_is_in_the_chunk(w: World, e: Any) -> bool:
    """Its limit is in its chunk."""
    return bool(0 <= e.limit - w.spans[e.chunk].base <= w.rules.chunk.stride)


def its_range_is_in_the_chunk(w: World, e: ch.FreeRangeSet) -> bool:
    """Its range is between the base and the limit of its chunk."""
    span = w.spans[e.chunk]
    return span.base <= e.base <= e.limit <= span.limit


def its_red_zone_is_at_the_end(w: World, e: ch.RedZoneSet) -> bool:
    """The red zone is at the end of its chunk's free range."""
    span = w.spans[e.chunk]
    if not span.free_limit:  # not made yet
        return not e.free_limit and e.limit <= span.limit
    return span.free_base <= e.free_limit <= e.limit <= span.limit


def its_chunk_is_mapped(w: World, e: Any) -> bool:
    """Its chunk is mapped."""
    return not w.spans[e.chunk].faulted


def its_spans_are_in_use(w: World, e: Event) -> bool:
    """Each chunk that it names has had its span set up."""
    return all(w.spans[chunk].state == MSPAN_IN_USE for chunk in e.chunks)


def its_chunk_faults(w: World, e: Any) -> bool:
    """Its chunk is noscan and set to fault."""
    return bool(w.spans[e.chunk].faulted and w.spans[e.chunk].noscan)


def it_takes_the_whole_list(w: World, e: end.FaultListTaken) -> bool:
    """What it takes is the fault list."""
    return list(e.pending) == w.fault


def it_fits_the_free_range(w: World, e: ev.ObjectAllocated) -> bool:
    """The object has its type's size and alignment, and fits the free range of the active chunk."""
    span, size = w.spans[e.chunk], e.size
    return (
        w.user_arenas[e.user_arena].active == e.chunk
        and span.free_base <= e.addr
        and e.addr + size <= span.free_limit
        and size == size_of(e.type, e.cap) > 0
        and e.addr % e.type.align == 0
    )


def they_fit_the_free_range(w: World, e: ev.ObjectsAllocated) -> bool:
    """The objects have their type's size and alignment, and fit the free range of the active chunk."""
    span, size = w.spans[e.chunk], size_of(e.type, e.cap)
    last = e.first + (e.count - 1) * e.stride
    return (
        w.user_arenas[e.user_arena].active == e.chunk
        and e.stride == (size if e.type.ptr_bytes else -size) != 0
        and e.count > 0
        and span.free_base <= min(e.first, last)
        and max(e.first, last) + size <= span.free_limit
        and e.first % e.type.align == 0
    )


def its_word_is_as_before(w: World, e: ev.BitmapWordWritten) -> bool:
    """The bitmap word is in its chunk, and was what it says."""
    there = e.word < w.rules.chunk_bitmap_words and w.bits.word(e.chunk, e.word) == e.before
    return there and (not e.clears or w.rules.bitmap_home == "heap arena")


def its_marks_are_one_a_word(w: World, nbytes: int, clears: bytes) -> bool:
    """Of so many bytes of bitmap words each has its noMorePtrs mark, where there are any."""
    marks = nbytes // 8 if w.rules.bitmap_home == "heap arena" else 0
    return nbytes % 8 == 0 and len(clears) == marks and not clears.strip(b"\x00\x01")


def its_scans_end_by_ptr_bytes(w: World, e: ev.PtrBytesSet) -> bool:
    """Its chunk has a dummy type, and what it describes is in the chunk."""
    return w.rules.bitmap_home == "chunk" and e.ptr_bytes <= w.rules.chunk.usable_bytes


def its_mask_is_built_on_demand(_: World, e: ev.MaskBuilt) -> bool:
    """The type's descriptor holds no mask."""
    return e.type.on_demand


def its_dummy_type_is_in_its_tail(w: World, e: ch.DummyTypeSet) -> bool:
    """The chunk has a dummy type and a bitmap after its usable bytes."""
    base, layout = w.spans[e.chunk].base, w.rules.chunk
    return (
        w.rules.bitmap_home == "chunk"
        and base + layout.usable_bytes <= e.addr < e.gc_data < base + layout.stride
    )


def its_pages_hold_it(w: World, e: Any) -> bool:
    """Its pages are no more than it needs, and have those bytes."""
    return bool(
        e.npages <= ceil_div(e.size, w.rules.page_size) and e.span_bytes == e.npages * w.rules.page_size
    )


def its_words_are_in_the_copy(_: World, e: access.ClonedToHeap) -> bool:
    """Each word copied has its offset in the copy."""
    return len(e.offsets) == len(e.values) and all(offset < e.size for offset in e.offsets)
