"""What several events change alike: the table of types, the counters of a large ordinary object."""

from __future__ import annotations

from arenalab.go.types import GoType
from arenalab.world.access_events import ClonedToHeap
from arenalab.world.event import Event
from arenalab.world.events import RedirectedToHeap
from arenalab.world.state import World
from arenalab.world.tables import HeapObject


def type_number(w: World, go_type: GoType) -> int:
    """Return the index of a type in World.types, entering it at first use. For `apply` only."""
    try:
        return w.type_index[go_type]
    except KeyError:
        number = w.type_index[go_type] = len(w.types)
        w.types.append(go_type)
        return number


def large_object_made(w: World, e: RedirectedToHeap | ClonedToHeap) -> None:
    """Enter the next ledger row as an ordinary object with a span of its own, and count its pages."""
    row, nbytes, counters = w.ledger.count, e.span_bytes, w.counters
    w.heap_objects[row] = HeapObject(row, e.npages, e.noscan, w.gc.sweepgen, marked=e.black)
    counters.heap_in_use += nbytes
    counters.in_heap += nbytes
    counters.pages_in_use += e.npages
    counters.large_alloc += nbytes
    counters.large_alloc_count += 1
    counters.total_alloc += nbytes
    counters.heap_live += nbytes


def tells_only(w: World, e: Event) -> None:
    """Change nothing: the event tells what others have done."""


def without_strays(cells: dict[tuple[int, int], int], base: int, nbytes: int) -> dict[tuple[int, int], int]:
    """Return written values but for those in `nbytes` from `base` that were written where no object was."""
    return {
        (row, place): value
        for (row, place), value in cells.items()
        if row >= 0 or not base <= place < base + nbytes
    }
