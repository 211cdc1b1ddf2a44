"""What must be so for events of runs and of the collector.

Each is a condition on the World before an event; `event_rules` says which kinds need which. Its name is what it says.
"""

from __future__ import annotations

import numpy as np

from arenalab.go.layout import ceil_div
from arenalab.world import gc_events as gc
from arenalab.world import run_events as run
from arenalab.world.conditions import its_marks_are_one_a_word
from arenalab.world.event import Event
from arenalab.world.state import World
from arenalab.world.tables import GC_MARK_TERMINATION, GC_OFF


def its_columns_have_one_length(_: World, e: run.BumpRun) -> bool:
    """Its columns have one entry for each value, or for each user arena."""
    arenas = (e.homes, e.bases, e.free_bases, e.free_limits, e.last, e.last_pointerful)
    return (
        e.count > 0
        and {len(column) for column in arenas} == {len(set(e.user_arenas))} == {len(e.user_arenas)}
        and len(e.slots) == len(e.kinds) == 2 * e.count
        and len(e.offsets) == 4 * e.count
        and len(e.caps) in (0, 8 * e.count)
    )


def its_arenas_fill_those_chunks(w: World, e: run.BumpRun) -> bool:
    """Each of its user arenas fills the chunk that it says, at that base."""
    for arena, chunk, base in zip(e.user_arenas, e.homes, e.bases, strict=True):
        if arena not in w.user_arenas or w.user_arenas[arena].active != chunk or w.spans[chunk].base != base:
            return False
    return True


def its_edges_move_inwards(w: World, e: run.BumpRun) -> bool:
    """Each chunk's free range shrinks."""
    edges = zip((w.spans[chunk] for chunk in e.homes), e.free_bases, e.free_limits, strict=True)
    return all(span.free_base <= low <= high <= span.free_limit for span, low, high in edges)


def its_values_are_in_their_chunks(w: World, e: run.BumpRun) -> bool:
    """Each value has a type and an arena of the run, and is in its chunk."""
    slots, kinds = np.frombuffer(e.slots, dtype=np.uint16), np.frombuffer(e.kinds, dtype=np.uint16)
    if slots.max() >= len(e.user_arenas) or kinds.max() >= len(e.types):
        return False
    stride = w.rules.chunk.stride
    sizes = np.array([min(go_type.size, stride + 1) for go_type in e.types], dtype=np.int64)[kinds]
    caps = np.frombuffer(e.caps, dtype=np.int64) if e.caps else np.full(e.count, run.SINGLE)
    if caps.min() < run.SINGLE or caps.max() > stride:
        return False
    ends = np.frombuffer(e.offsets, dtype=np.uint32) + sizes * np.where(caps < 0, 1, caps)
    return bool(ends.max() <= stride) and bool(sizes.min() > 0)


def its_last_values_are_theirs(_: World, e: run.BumpRun) -> bool:
    """Each arena's last values are of that arena."""
    slots = np.frombuffer(e.slots, dtype=np.uint16)
    pairs = enumerate(zip(e.last, e.last_pointerful, strict=True))
    return all(
        last < e.count
        and slots[last] == number
        and pointerful <= last
        and (pointerful < 0 or slots[pointerful] == number)
        for number, (last, pointerful) in pairs
    )


def its_words_are_in_those_chunks(w: World, e: run.RunBitsWritten) -> bool:
    """The bitmap words are in their chunks, each with its mark."""
    return (
        len(e.homes) == len(e.firsts) == len(e.counts)
        and 8 * sum(e.counts) == len(e.after)
        and its_marks_are_one_a_word(w, len(e.after), e.clears)
        and len(e.ptr_bytes) == (len(e.homes) if w.rules.bitmap_home == "chunk" else 0)
        and all(a + b <= w.rules.chunk_bitmap_words for a, b in zip(e.firsts, e.counts, strict=True))
    )


def it_is_the_next_cycle(w: World, e: gc.CycleStarted) -> bool:
    """No cycle is marking, and this is the next one."""
    return w.gc.phase == GC_OFF and e.cycle == w.gc.cycles + 1


def a_cycle_is_marking(w: World, _: Event) -> bool:
    """A cycle is marking."""
    return w.gc.marking


def its_oblets_are_the_chunks(w: World, e: gc.ChunkGreyed) -> bool:
    """Its chunk is white, and has as many oblets at most."""
    span = w.spans[e.chunk]
    return e.oblets <= ceil_div(span.elemsize, w.rules.max_oblet_bytes) and not span.mark_bit


def its_oblet_is_grey(w: World, e: gc.ObletScanned) -> bool:
    """Its oblet is grey."""
    return (e.chunk, e.oblet) in w.gc.grey


def each_has_a_parent(w: World, e: gc.ChunksMarked) -> bool:
    """Each chunk is found once, from a chunk or a root."""
    return len(e.marked) == len(e.parents) == len(set(e.marked)) and all(
        chunk < len(w.spans) for chunk in e.parents
    )


def its_small_objects_are_there(w: World, e: gc.SmallMarked | gc.SmallSwept) -> bool:
    """Each small object that it names is there, once."""
    return len(set(e.numbers)) == len(e.numbers) and w.small.objects.keys() >= set(e.numbers)


def it_splits_the_small_objects(w: World, e: gc.SmallSwept) -> bool:
    """What goes is not kept, and the newest of its kind is named so."""
    gone, small = set(e.numbers), w.small
    newest = {number for number in e.numbers if number in small.newest.values()}
    return set(e.newest) == newest and gone.isdisjoint(e.kept) and small.objects.keys() >= set(e.kept)


def marking_has_ended(w: World, e: gc.SweepStarted) -> bool:
    """Mark termination is under way, and sweepgen moves by two."""
    return w.gc.phase == GC_MARK_TERMINATION and e.sweepgen == w.gc.sweepgen + 2


def it_is_followed(w: World, e: gc.HeapObjectSwept) -> bool:
    """Its ordinary object is there, with those pages."""
    kept = w.heap_objects.get(e.row)
    return kept is not None and (e.npages, e.nbytes) == (kept.npages, kept.npages * w.rules.page_size)


def its_finalizer_is_queued(w: World, e: gc.FinalizerRun) -> bool:
    """Its finalizer is queued."""
    return e.user_arena in w.gc.finalizers


def its_span_is_unswept(w: World, e: gc.HandleSpanSwept) -> bool:
    """Its span is unswept, and cached by a P exactly if it says so."""
    return e.span in w.handle_spans.unswept and e.was_cached == bool(w.cached_by(e.span))
