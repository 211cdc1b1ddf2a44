"""The laws of a World, re-derived from scratch and compared with what the tables say.

`check` holds between any two events; `check_settled` adds what holds between operations, when
no chunk is in anybody's hands. Each law is one function that yields what breaks it, with the
reason Go has for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

import numpy as np

from arenalab.errors import ModelBug
from arenalab.go.bitscan import pointer_words
from arenalab.rules.chunk_layout import OBJECTS
from arenalab.units import plainly
from arenalab.world.deferred import IntArray
from arenalab.world.state import World
from arenalab.world.tables import GC_OFF, MSPAN_DEAD, MSPAN_IN_USE, MSpan

Law = Callable[[World], Iterator[str]]


def a_chunk_is_on_at_most_one_list(w: World) -> Iterator[str]:
    """mspan.next is shared by all lists, so a second list would corrupt the first."""
    for chunk, count in _places(w).items():
        if count > 1:
            yield f"chunk {chunk} is on {plainly(count, 'list')}"


def a_chunk_is_on_exactly_one_list(w: World) -> Iterator[str]:
    """Between operations no chunk is in transit."""
    places = _places(w)
    for span in w.spans:
        if places[span.chunk] != 1:
            yield f"chunk {span.chunk} is on {plainly(places[span.chunk], 'list')}"


def active_ref_is_last(w: World) -> Iterator[str]:
    """Free walks fullList and refs side by side; they must mirror each other."""
    for user_arena in w.user_arenas.values():
        if user_arena.active is not None and user_arena.refs != user_arena.chunks:
            yield f"user arena {user_arena.id} has refs {user_arena.refs}, its chunks are {user_arena.chunks}"


def quarantined_chunks_are_noscan_and_faulted(w: World) -> Iterator[str]:
    """The collector must never read memory that faults."""
    for chunk in w.quarantine:
        span = w.spans[chunk]
        if not (span.noscan and span.faulted and span.state == MSPAN_IN_USE):
            yield f"chunk {chunk} is quarantined with spanclass {span.spanclass}, faulted {span.faulted}"


def ready_chunks_are_dead(w: World) -> Iterator[str]:
    """A ready chunk is address space only."""
    for chunk in w.ready:
        if w.spans[chunk].state != MSPAN_DEAD or not w.spans[chunk].faulted:
            yield f"chunk {chunk} is ready with state {w.spans[chunk].state}"


def free_ranges_lie_within_their_chunks(w: World) -> Iterator[str]:
    """Both bump pointers stay inside the usable bytes, in the region that is for objects, and never cross."""
    objects = next(region for region in w.rules.chunk.regions if region.name == OBJECTS)
    for span in w.spans:
        if (
            span.state == MSPAN_IN_USE
            and span.free_limit
            and not (
                span.base + objects.offset <= span.free_base <= span.free_limit <= span.limit
                and span.limit <= span.base + objects.offset + objects.nbytes
            )
        ):
            yield f"chunk {span.chunk} is free from {span.free_base:#x} to {span.free_limit:#x}"


def mapped_bytes_agree_with_the_counters(w: World) -> Iterator[str]:
    """heapInUse, inHeap and totalAlloc − totalFree count mapped chunks and large objects, the last small ones too."""
    layout, page = w.rules.chunk, w.rules.page_size
    chunks = sum(span.mapped for span in w.spans)
    large = sum(kept.npages for kept in w.heap_objects.values()) * page
    # totalAlloc counts small objects only when the P's cache is flushed.
    small = sum(kept.size for kept in w.small.objects.values()) - sum(sum(p.cached.values()) for p in w.ps)
    seen, backed = chunks * layout.usable_bytes + large, chunks * layout.mapped_bytes + large
    counters = w.counters
    for name, value, counted in (
        ("heapInUse", counters.heap_in_use, backed),
        ("inHeap", counters.in_heap, backed),
        ("totalAlloc − totalFree", counters.total_alloc - counters.total_free, seen + small),
        ("largeAlloc − largeFree", counters.large_alloc - counters.large_free, seen),
    ):
        if value != counted and not _is_drift(w, value - counted):
            yield f"{name} is {value}, a recount gives {counted}"
    mapped = chunks * layout.mapped_bytes + len(w.heap_arenas) * w.rules.heap_arena_meta_bytes
    if counters.mapped_ready != mapped:
        yield f"mappedReady is {counters.mapped_ready}, a recount gives {mapped}"


def _is_drift(w: World, more: int) -> bool:
    """Return whether red zones explain it: some versions count a chunk whole where another leaves its red zone out.

    Go 1.22 and 1.23 do one when it is obtained and the other when it is freed, so their counters drift.
    """
    obtained, red_zone = w.counters.large_alloc_count, w.rules.asan_red_zone
    return w.rules.build_mode == "asan" and more % red_zone == 0 and abs(more) <= obtained * red_zone


def pages_in_use_agree_with_the_counter(w: World) -> Iterator[str]:
    """PagesInUse falls at sweep, not at free: quarantined chunks still count."""
    pages = sum(span.npages for span in w.spans if span.state == MSPAN_IN_USE)
    pages += sum(kept.npages for kept in w.heap_objects.values())
    if w.counters.pages_in_use != pages:
        yield f"pagesInUse is {w.counters.pages_in_use}, a recount gives {pages}"


def every_chunk_in_use_is_in_one_sweep_set(w: World) -> Iterator[str]:
    """The sweeper finds chunks by these sets alone."""
    members = Counter(chunk for sets in (w.swept, w.unswept) for chunks in sets.values() for chunk in chunks)
    for span in w.spans:
        if members[span.chunk] != int(span.state == MSPAN_IN_USE):
            yield f"chunk {span.chunk} with state {span.state} is in {plainly(members[span.chunk], 'sweep set')}"


def swept_spans_have_the_heaps_sweepgen(w: World) -> Iterator[str]:
    """A span needs sweeping exactly when its sweepgen is two behind."""
    for sets, lag in ((w.swept, 0), (w.unswept, 2)):
        for chunk in (chunk for chunks in sets.values() for chunk in chunks):
            if w.spans[chunk].sweepgen != w.gc.sweepgen - lag:
                yield f"chunk {chunk} has sweepgen {w.spans[chunk].sweepgen}, the heap {w.gc.sweepgen}"


def grey_chunks_are_marked(w: World) -> Iterator[str]:
    """Greying sets the mark bit first."""
    for chunk, oblet in w.gc.grey:
        if not w.spans[chunk].mark_bit:
            yield f"oblet {oblet} of chunk {chunk} is grey, its chunk unmarked"


def marking_rests_when_the_phase_is_off(w: World) -> Iterator[str]:
    """A swept span's mark bits are fresh, so all zero."""
    if w.gc.phase == GC_OFF:
        if w.gc.grey:
            yield f"{plainly(len(w.gc.grey), 'oblet is', 'oblets are')} grey while the collector is off"
        for chunk in (chunk for chunks in w.swept.values() for chunk in chunks):
            if w.spans[chunk].mark_bit:
                yield f"chunk {chunk} is swept and still marked"


def live_chunks_are_reachable(w: World) -> Iterator[str]:
    """Refs and the reuse list keep every chunk with live objects; a sweep may not find it unmarked."""
    for user_arena in w.user_arenas.values():
        for chunk in () if user_arena.defunct else user_arena.refs:
            if w.spans[chunk].faulted:
                yield f"chunk {chunk} of user arena {user_arena.id} is set to fault"


def specials_lead_to_what_is_not_nil(w: World) -> Iterator[str]:
    """Only a sweep that finds its object dead frees a special, and sets the handle to nil with it."""
    for (chunk, row), numbers in w.specials.items():
        if chunk >= 0 and not (w.spans[chunk].specials and w.spans[chunk].state == MSPAN_IN_USE):
            yield f"chunk {chunk} has specials {numbers}, its span says otherwise"
        if chunk < 0 and row not in w.heap_objects:
            yield f"object {row} is gone and has specials {numbers}"
    for span in w.spans:
        if span.specials and (span.chunk, -1) not in w.specials:
            yield f"chunk {span.chunk} has none of the specials that its span says it has"
    led = [number for numbers in w.specials.values() for number in numbers]
    kept = [n for n, handle in w.weak_handles.items() if handle.block >= 0 and not handle.cleared]
    if sorted(led) != kept:
        yield f"specials lead to weak handles {sorted(led)}, those that are not nil are {kept}"


EVERYWHERE: tuple[Law, ...] = (
    a_chunk_is_on_at_most_one_list,
    quarantined_chunks_are_noscan_and_faulted,
    ready_chunks_are_dead,
    free_ranges_lie_within_their_chunks,
    grey_chunks_are_marked,
    live_chunks_are_reachable,
    specials_lead_to_what_is_not_nil,
)
SETTLED: tuple[Law, ...] = (
    *EVERYWHERE,
    a_chunk_is_on_exactly_one_list,
    active_ref_is_last,
    mapped_bytes_agree_with_the_counters,
    pages_in_use_agree_with_the_counter,
    every_chunk_in_use_is_in_one_sweep_set,
    swept_spans_have_the_heaps_sweepgen,
    marking_rests_when_the_phase_is_off,
)


def check(w: World) -> None:
    """Check what holds between any two events.

    Raises:
        ModelBug: naming the law, what breaks it and why Go has it.

    """
    _hold(w, EVERYWHERE)


def check_settled(w: World) -> None:
    """Check what holds between operations, pointer bits included.

    Raises:
        ModelBug: naming the law, what breaks it and why Go has it.

    """
    if not w.died:
        _hold(w, (*SETTLED, *SLOW))


def bits_are_the_union_of_pointer_words(w: World) -> Iterator[str]:
    """Closed form: a chunk's set bits are exactly the pointer words of the objects in it."""
    for span in w.spans:
        if span.state == MSPAN_IN_USE and has_bits(w, span):
            found = pointer_words(w.bits.words(span.chunk))
            expected = _pointer_words_of(w, span.chunk)
            if not np.array_equal(found, expected):
                yield f"chunk {span.chunk} has {plainly(len(found), 'pointer bit')}, its objects {len(expected)}"


def has_bits(w: World, span: MSpan) -> bool:
    """Return whether a chunk's pointer bits are there: those that lie in it go when it is set to fault."""
    return w.rules.bitmap_home == "heap arena" or not span.faulted


def scans_reach_every_pointer_bit(w: World) -> Iterator[str]:
    """Marks and PtrBytes save the collector work; neither may hide a pointer from it."""
    width = w.rules.max_oblet_bytes // w.rules.bitmap_word_bytes
    for span in w.spans:
        if span.state == MSPAN_IN_USE and has_bits(w, span):
            words = w.bits.words(span.chunk)
            filled = np.flatnonzero(words)
            last = w.scan_limits.of(span.chunk).last_words(len(words), width)
            hidden = filled[filled % width > last[filled // width]]
            if len(hidden):
                yield f"bitmap word {hidden[0]} of chunk {span.chunk}, which is not read, has pointer bits"


def objects_do_not_overlap(w: World) -> Iterator[str]:
    """Bump allocation never reuses a byte while a chunk is in use."""
    for span in w.spans:
        rows = _objects(w, span.chunk)
        rows = rows[np.argsort(rows[:, 0], kind="stable")]
        if np.any(rows[:-1, 0] + rows[:-1, 1] > rows[1:, 0]):
            yield f"two objects overlap in chunk {span.chunk}"


def _objects(w: World, chunk: int) -> IntArray:
    """Return the ledger rows of a chunk since it was last obtained."""
    rows = w.ledger.table(w.births.get(chunk, 0))
    here: IntArray = rows[rows[:, 5] == chunk]
    return here


def _pointer_words_of(w: World, chunk: int) -> IntArray:
    """Return the heap words that hold pointers according to the ledger, in order."""
    rows, base, found = _objects(w, chunk), w.spans[chunk].base, []
    for number in np.unique(rows[:, 2]):
        go_type = w.types[int(number)]
        if not go_type.ptr_bytes:
            continue
        here = rows[rows[:, 2] == number]
        counts = np.maximum(here[:, 3], 1)
        first = np.repeat((here[:, 0] - base) // 8, counts)
        within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        starts = first + within * (go_type.size // 8)
        found.append((starts[:, None] + pointer_words(go_type.mask.words())).ravel())
    # Those of each type rise nearly everywhere already: this kind of sort is quick then.
    return np.sort(np.concatenate(found), kind="stable") if found else np.empty(0, dtype=np.int64)


def _places(w: World) -> Counter[int]:
    places = Counter([*w.ready, *w.quarantine, *w.reuse, *w.fault])
    for user_arena in w.user_arenas.values():
        places.update(user_arena.full_list)
        # free appends the active chunk to the reuse list before it forgets it.
        if user_arena.active is not None and not user_arena.defunct:
            places[user_arena.active] += 1
    return places


def _hold(w: World, laws: tuple[Law, ...]) -> None:
    for law in laws:
        for broken in law(w):
            reason = (law.__doc__ or "").strip()
            msg = f"{law.__name__.replace('_', ' ')}: {broken} (event {w.now}; {reason})"
            raise ModelBug(msg)


#: Laws about every object and every bit, for the end of an operation.
SLOW: tuple[Law, ...] = (
    bits_are_the_union_of_pointer_words,
    scans_reach_every_pointer_bit,
    objects_do_not_overlap,
)
