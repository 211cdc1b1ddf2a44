"""What reading, writing and copying objects change: a part of `apply`, under the same laws."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from arenalab.world import access_events as access
from arenalab.world.apply_common import large_object_made, type_number
from arenalab.world.event import Event
from arenalab.world.state import AT_ZEROBASE, NO_ARENA, ON_HEAP, World


def _value_written(w: World, e: access.ValueWritten) -> None:
    w.cells[e.object, e.offset] = e.value


def _nothing(w: World, e: Event) -> None:
    """Change nothing: reading, or returning what was given, leaves the world as it is."""


def _faulted(w: World, e: access.Faulted) -> None:
    w.died = e.text


def _cloned_to_heap(w: World, e: access.ClonedToHeap) -> None:
    row = w.ledger.count
    if e.npages:  # a slot of a small span is outside the model's counters
        large_object_made(w, e)
    chunk = ON_HEAP if e.size else AT_ZEROBASE
    w.ledger.append((0, e.size, type_number(w, e.type), e.cap, NO_ARENA, chunk))
    w.cells.update({(row, offset): value for offset, value in zip(e.offsets, e.values, strict=True)})


HANDLERS: dict[type[Event], Callable[[World, Any], None]] = {
    access.ValueWritten: _value_written,
    access.ValueRead: _nothing,
    access.CloneKept: _nothing,
    access.ClonedToHeap: _cloned_to_heap,
    access.Faulted: _faulted,
}
