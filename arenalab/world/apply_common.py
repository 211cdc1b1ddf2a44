"""What several events change alike: the table of types, the counters of a large ordinary object."""

from __future__ import annotations

from arenalab.go.types import GoType
from arenalab.world.state import World
from arenalab.world.tables import GC_OFF, HeapObject


def type_number(w: World, go_type: GoType) -> int:
    """Return the index of a type in World.types, entering it at first use. For `apply` only."""
    number = w.type_index.get(go_type)
    if number is None:
        number = w.type_index[go_type] = len(w.types)
        w.types.append(go_type)
    return number


def large_object_made(w: World, npages: int, *, noscan: bool) -> None:
    """Enter the next ledger row as an ordinary object with a span of its own, and count its pages."""
    row, black = w.ledger.count, w.gc.phase != GC_OFF
    w.heap_objects[row] = HeapObject(row, npages, noscan, marked=black)
    nbytes, counters = npages * w.rules.page_size, w.counters
    counters.heap_in_use += nbytes
    counters.in_heap += nbytes
    counters.pages_in_use += npages
    counters.large_alloc += nbytes
    counters.large_alloc_count += 1
    counters.total_alloc += nbytes
    counters.heap_live += nbytes
