"""What must be so for an event to happen: the conditions of each kind, and the list that its chunk is on.

For events that come from a file. A procedure yields no others; by induction a history whose events all
could happen is one that every view can show.

Rule: how chunks move from list to list is written once, in `life_cycle.TRANSITIONS`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from arenalab.world import access_events as access
from arenalab.world import chunk_events as ch
from arenalab.world import conditions as so
from arenalab.world import conditions_arenas as in_turn
from arenalab.world import conditions_gc as is_so
from arenalab.world import conditions_weak as weakly
from arenalab.world import end_events as end
from arenalab.world import events as ev
from arenalab.world import gc_events as gc
from arenalab.world import run_events as run
from arenalab.world import schedule_events as sched
from arenalab.world import weak_events as weak
from arenalab.world.event import Event
from arenalab.world.life_cycle import ACTIVE, IN_TRANSIT
from arenalab.world.state import World

Condition = Callable[[World, Any], bool]

_CHUNK = (so.its_chunks_exist,)
_USED = (so.its_chunks_exist, so.its_spans_are_in_use)
_ARENA = (so.its_user_arena_was_made,)
_PIECE = (so.its_chunks_exist, so.its_bytes_are_a_chunks_at_most)

#: Kind of event -> its conditions, in the order in which they are asked; a later one may rely on an earlier.
CONDITIONS: dict[type[Event], tuple[Condition, ...]] = {
    ev.HandleMade: (so.it_takes_a_free_slot, so.it_is_black_while_marking),
    ev.SmallObjectMade: (so.its_small_object_fits, so.it_is_black_while_marking),
    ev.ChunkRetired: (*_CHUNK, *_ARENA, so.its_chunk_is_active_there),
    ev.ReuseTaken: _CHUNK,
    ev.ChunkActivated: (*_USED, *_ARENA, so.its_user_arena_has_no_active_chunk, so.its_user_arena_lives),
    ch.AssistCharged: (),
    ch.HeapArenaReserved: (so.its_chunk_is_the_next, so.it_lies_behind_the_others, so.it_is_split_into_chunks),
    ch.ChunkSplitOff: (so.its_chunk_is_the_next, so.it_is_in_the_last_heap_arena),
    ch.ReadyTaken: _CHUNK,
    ch.ChunkMapped: _PIECE,
    ch.SpanInitialised: (*_CHUNK, so.its_chunk_is_mapped, so.its_heap_arena_holds_it, so.its_size_is_a_chunks_at_most),
    ch.ChunkAccounted: (*_PIECE, so.its_spans_are_in_use),
    ch.ChunkPushedSwept: (*_USED, so.it_is_in_no_sweep_set),
    ch.LimitSet: (*_USED, so.its_limit_is_in_the_chunk),
    ch.SpanFilled: _USED,
    ch.ChunkBitsCleared: _USED,
    ch.ChunkZeroed: (*_PIECE, so.its_spans_are_in_use),
    ch.DummyTypeSet: (*_USED, so.its_dummy_type_is_in_its_tail),
    ch.FreeRangeSet: (*_USED, so.its_range_is_in_the_chunk),
    ch.ChunkObtained: _USED,
    ch.RedZoneSet: (*_PIECE, so.its_size_is_a_chunks_at_most, so.its_red_zone_is_at_the_end),
    ev.ObjectAllocated: (*_CHUNK, *_ARENA, so.it_fits_the_free_range),
    ev.ObjectsAllocated: (*_CHUNK, *_ARENA, so.they_fit_the_free_range),
    ev.BitmapWordWritten: (*_CHUNK, so.its_word_is_as_before),
    ev.GCProgExpanded: (*_CHUNK, so.its_address_is_in_the_chunk),
    ev.GCProgErased: (*_CHUNK, so.its_address_is_in_the_chunk),
    ev.MaskBuilt: (so.its_mask_is_built_on_demand,),
    ev.PtrBytesSet: (*_CHUNK, so.its_scans_end_by_ptr_bytes),
    ev.ScanAllocAdded: (),
    ev.PlacedAtZerobase: _ARENA,
    ev.RedirectedToHeap: (*_ARENA, so.its_size_is_the_types, so.its_pages_hold_it, so.it_is_black_while_marking),
    run.BumpRun: (
        is_so.its_columns_have_one_length, so.its_chunks_exist, is_so.its_arenas_fill_those_chunks,
        is_so.its_edges_move_inwards,
        is_so.its_values_are_in_their_chunks, is_so.its_last_values_are_theirs,
    ),
    run.ArenaRun: (
        so.its_chunks_exist, in_turn.its_columns_fit, in_turn.its_arenas_are_new, in_turn.its_chunks_are_handed_on,
        in_turn.its_edges_move_inwards, in_turn.its_values_are_in_their_chunks, in_turn.its_handles_are_free,
    ),
    run.RunBitsWritten: (*_CHUNK, is_so.its_words_are_in_those_chunks),
    end.MarkedDefunct: (*_ARENA, so.its_user_arena_lives),
    end.FullUnlinked: (*_CHUNK, *_ARENA),
    end.SanitizerFreed: _CHUNK,
    end.FaultListTaken: (*_CHUNK, so.it_takes_the_whole_list),
    end.FaultDeferred: _USED,
    end.SpanMadeNoscan: (*_CHUNK, so.its_chunk_is_mapped),
    end.ChunkUnmapped: (*_PIECE, so.its_chunk_is_mapped),
    end.ChunkUncounted: _PIECE,
    end.ChunkQuarantined: (*_CHUNK, so.its_chunk_faults),
    end.FaultsDone: (),
    end.ReusePut: _USED,
    end.ArenaEmptied: (*_ARENA, so.its_full_list_is_empty),
    end.ArenaValueLeft: (*_ARENA, so.its_user_arena_is_emptied),
    end.HandleDropped: (*_ARENA, so.it_was_not_dropped),
    end.PointerHeld: (),
    end.PointerReleased: (),
    end.PointerStored: (*_CHUNK, so.its_slot_is_in_the_chunk),
    end.Panicked: (),
    end.Threw: (),
    access.ValueWritten: (so.its_object_was_made,),
    access.ValueRead: (so.its_object_was_made,),
    access.CloneKept: (so.its_object_was_made,),
    access.ClonedToHeap: (
        so.its_object_was_made, so.its_pages_hold_it, so.its_words_are_in_the_copy, so.it_is_black_while_marking,
    ),
    access.Faulted: (),
    gc.TriggerReached: (),
    gc.CycleStarted: (is_so.it_is_the_next_cycle,),
    gc.RootFound: (*_CHUNK, is_so.a_cycle_is_marking),
    gc.ChunkGreyed: (
        *_PIECE, so.its_spans_are_in_use, is_so.a_cycle_is_marking, is_so.its_oblets_are_the_chunks,
    ),
    gc.ChunkMarkedBlack: (*_PIECE, so.its_spans_are_in_use, is_so.a_cycle_is_marking),
    gc.ObletScanned: (*_PIECE, is_so.its_oblet_is_grey),
    gc.PointerFollowed: (*_CHUNK, is_so.a_cycle_is_marking, so.its_slot_is_in_the_chunk),
    gc.ChunksMarked: (*_USED, is_so.a_cycle_is_marking, is_so.each_has_a_parent),
    gc.SmallMarked: (is_so.its_small_objects_are_there,),
    gc.CacheFlushed: (),
    gc.SmallSwept: (is_so.its_small_objects_are_there, is_so.it_splits_the_small_objects),
    gc.BarrierShaded: (*_CHUNK, is_so.a_cycle_is_marking),
    gc.MarkTerminated: (is_so.a_cycle_is_marking,),
    gc.SweepStarted: (is_so.marking_has_ended,),
    gc.GoalSet: (),
    gc.ChunkSwept: (*_CHUNK, so.it_is_in_that_unswept_set),
    gc.ChunkReadied: (*_CHUNK, so.it_is_in_that_unswept_set),
    gc.HeapObjectSwept: (is_so.it_is_followed,),
    gc.HandleMarked: _ARENA,
    gc.HandleKept: _ARENA,
    gc.FinalizerQueued: _ARENA,
    gc.FinalizerRun: (*_ARENA, is_so.its_finalizer_is_queued),
    gc.HandleSwept: _ARENA,
    gc.HandlesSwept: (in_turn.its_arenas_were_made,),
    gc.HandleSpanSwept: (is_so.its_span_is_unswept,),
    sched.GoroutineScheduled: (),
    weak.WeakHandleMade: (
        *_USED, so.its_object_was_made, weakly.its_handle_is_the_next, weakly.its_byte_is_where_it_says,
        weakly.its_special_has_that_place,
    ),
    weak.WeakPointerMade: (weakly.its_weak_pointer_is_new,),
    weak.WeakPointerRead: (weakly.its_weak_pointer_was_made, so.its_object_was_made),
    weak.ValueShaded: (*_CHUNK, is_so.a_cycle_is_marking),
    weak.HeapObjectShaded: (is_so.a_cycle_is_marking, weakly.its_ordinary_object_is_followed),
    weak.WeakHandleCleared: (*_CHUNK, weakly.its_special_is_the_first),
}  # fmt: skip

#: Kinds that move no chunk -> the lists on which its chunk is then.
STAYS: dict[type[Event], tuple[str, ...]] = {
    **dict.fromkeys(
        (ch.ChunkMapped, ch.SpanInitialised, ch.ChunkAccounted, ch.ChunkPushedSwept), (IN_TRANSIT,)
    ),
    **dict.fromkeys((ch.LimitSet, ch.SpanFilled, ch.ChunkBitsCleared, ch.ChunkZeroed), (IN_TRANSIT,)),
    **dict.fromkeys((ch.FreeRangeSet, ch.RedZoneSet, ch.ChunkObtained), (IN_TRANSIT,)),
    **dict.fromkeys(
        (end.SpanMadeNoscan, end.ChunkUnmapped, end.ChunkUncounted, end.SanitizerFreed), (IN_TRANSIT, ACTIVE)
    ),
}
