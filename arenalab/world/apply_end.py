"""What the end of a user arena changes, and how a program goes on or dies; a part of `apply`, under the same laws."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from arenalab.world import end_events as end
from arenalab.world.apply_common import tells_only
from arenalab.world.event import Event
from arenalab.world.state import World


def _marked_defunct(w: World, e: end.MarkedDefunct) -> None:
    user_arena = w.user_arena_to_write(e.user_arena)
    user_arena.defunct, user_arena.finalizer = True, False


def _full_unlinked(w: World, e: end.FullUnlinked) -> None:
    w.user_arena_to_write(e.user_arena).full_list.remove(e.chunk)


def _arena_emptied(w: World, e: end.ArenaEmptied) -> None:
    user_arena = w.user_arena_to_write(e.user_arena)
    user_arena.active, user_arena.refs = None, []
    w.holders.pop(e.user_arena, None)


def _arena_value_left(w: World, e: end.ArenaValueLeft) -> None:
    w.holders[e.user_arena] = None


def _handle_dropped(w: World, e: end.HandleDropped) -> None:
    w.user_arena_to_write(e.user_arena).dropped = True


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


HANDLERS: dict[type[Event], Callable[[World, Any], None]] = {
    end.MarkedDefunct: _marked_defunct,
    end.FullUnlinked: _full_unlinked,
    end.SanitizerFreed: _sanitizer_freed,
    end.FaultListTaken: _fault_list_taken,
    end.FaultDeferred: _fault_deferred,
    end.SpanMadeNoscan: _span_made_noscan,
    end.ChunkUnmapped: _chunk_unmapped,
    end.ChunkUncounted: _chunk_uncounted,
    end.ChunkQuarantined: _chunk_quarantined,
    end.FaultsDone: tells_only,
    end.ReusePut: _reuse_put,
    end.ArenaEmptied: _arena_emptied,
    end.ArenaValueLeft: _arena_value_left,
    end.HandleDropped: _handle_dropped,
    end.PointerHeld: _pointer_held,
    end.PointerReleased: _pointer_released,
    end.PointerStored: _pointer_stored,
    end.Panicked: _panicked,
    end.Threw: _threw,
}
