"""Which events concern an address: those that made, used and freed the object there, or what became of its chunk.

Rule: an object lives from the event that made it until its chunk is obtained again; what happens to the
same address before or after that is another object's.
"""

from __future__ import annotations

import numpy as np

from arenalab.view.chunk_events import ChunkEvents
from arenalab.view.columns import Column
from arenalab.view.kind_column import KindColumn
from arenalab.world import access_events as access
from arenalab.world import chunk_events as ch
from arenalab.world import end_events as end
from arenalab.world import events as ev
from arenalab.world import gc_events as gc
from arenalab.world import run_events as run
from arenalab.world import weak_events as weak
from arenalab.world.event import Event
from arenalab.world.history import History
from arenalab.world.touch import rows_at

Fields = dict[type[Event], tuple[str, ...]]

#: Kinds that make objects; that name addresses, by these fields; that name an object, by these fields.
MAKES: tuple[type[Event], ...] = (ev.ObjectAllocated, ev.ObjectsAllocated, run.BumpRun, run.ArenaRun)
BY_ADDRESS: Fields = {
    end.PointerHeld: ("addr",), end.PointerStored: ("slot", "target"), access.Faulted: ("addr",),
    gc.RootFound: ("addr",), gc.PointerFollowed: ("slot", "target"), gc.BarrierShaded: ("addr",),
    ev.GCProgExpanded: ("addr",), ev.GCProgErased: ("addr",), weak.ValueShaded: ("addr",),
}  # fmt: skip
BY_OBJECT: Fields = {
    access.ValueWritten: ("object",), access.ValueRead: ("object",), access.CloneKept: ("object",),
    access.ClonedToHeap: ("object",), weak.WeakHandleMade: ("object",), weak.WeakPointerRead: ("object",),
    weak.WeakHandleCleared: ("object",), weak.HeapObjectShaded: ("row",), gc.HeapObjectSwept: ("row",),
}  # fmt: skip
WINDOW = 4096  #: events looked at together.
#: What becomes of the chunk of an object, and of its arena.
ENDS: tuple[type[Event], ...] = (
    ev.ChunkRetired, end.FullUnlinked, end.FaultDeferred, end.ChunkUnmapped, end.ChunkQuarantined, end.ReusePut,
    gc.ChunkReadied,
)  # fmt: skip


def events_at(history: History, addr: int) -> Column | None:
    """Return the events, rising, that concern what was ever at an address; None where the model has no such address."""
    span = history.world.span_of(addr)
    rows = rows_at(history.world.ledger, addr, addr + 1)
    if span is None and not len(rows):
        return None
    if not len(rows):
        return history.reader(ChunkEvents).of(span.chunk) if span is not None else None
    return np.unique(np.concatenate([_of_object(history, int(row)) for row in rows]))


def _of_object(history: History, row: int) -> Column:
    """Return the events that concern one object that was placed in a chunk."""
    start, size, _, _, owner, chunk = history.world.ledger.row(row)
    made = _made(history, row, start, chunk)
    last = _life_ends(history, chunk, made)
    inside = _naming(history, BY_ADDRESS, (made, last), start, start + size)
    named = _naming(history, BY_OBJECT, (made, last), row, row + 1)
    freed = _naming(history, {end.MarkedDefunct: ("user_arena",)}, (made, last), owner, owner + 1)
    ended = _naming(history, dict.fromkeys(ENDS, ("chunk",)), (made, last), chunk, chunk + 1)
    return np.array([made, *inside, *named, *freed, *ended], dtype=np.int64)


def _naming(history: History, table: Fields, life: tuple[int, int], low: int, high: int) -> list[int]:
    """Return the events within a life of which a field has a value in [low, high)."""
    numbers = history.reader(KindColumn).of(table, *life).tolist()
    events = history.events
    return [
        n for n in numbers if any(low <= getattr(events[n], name) < high for name in table[type(events[n])])
    ]


def _made(history: History, row: int, start: int, chunk: int) -> int:
    """Return the event that made an object."""
    first = history.op_starts[history.log.op_of_row(row)]
    kinds = history.reader(KindColumn)
    for window in range(first, len(history), WINDOW):
        for number in kinds.of(MAKES, window, window + WINDOW).tolist():
            if _makes(history.events[number], start, chunk):
                return int(number)
    return first


def _makes(event: Event, start: int, chunk: int) -> bool:
    """Return whether an event makes the object at an address of a chunk; of a run's many values any chunk's will do."""
    if isinstance(event, ev.ObjectAllocated):
        return event.addr == start
    if isinstance(event, ev.ObjectsAllocated):
        number, rest = divmod(start - event.first, event.stride or 1)
        return rest == 0 and 0 <= number < event.count
    return chunk in event.chunks


def _life_ends(history: History, chunk: int, made: int) -> int:
    """Return the event by which an object's chunk was zeroed for the next life, the history's end if it never was."""
    zeroed = _naming(history, {ch.ChunkZeroed: ("chunk",)}, (made + 1, len(history)), chunk, chunk + 1)
    return zeroed[0] if zeroed else len(history)
