"""What the coming of a chunk changes: reserved, mapped, initialised, counted. A part of `apply`, under its laws."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from arenalab.world import chunk_events as ch
from arenalab.world.apply_common import tells_only, without_strays
from arenalab.world.event import Event
from arenalab.world.state import World
from arenalab.world.tables import MSPAN_IN_USE, HeapArena, MSpan


def _assist_charged(w: World, e: ch.AssistCharged) -> None:
    w.gs[w.running].assist_bytes -= e.nbytes


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
    w.cells = without_strays(w.cells, span.base, e.nbytes)
    w.births[e.chunk] = w.ledger.count


def _free_range_set(w: World, e: ch.FreeRangeSet) -> None:
    span = w.span_to_write(e.chunk)
    span.free_base, span.free_limit = e.base, e.limit


def _red_zone_set(w: World, e: ch.RedZoneSet) -> None:
    span = w.span_to_write(e.chunk)
    span.elemsize, span.limit, span.free_limit = e.elemsize, e.limit, e.free_limit


HANDLERS: dict[type[Event], Callable[[World, Any], None]] = {
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
    ch.ChunkObtained: tells_only,
    ch.RedZoneSet: _red_zone_set,
}
