"""All that is kept of a trace for what comes after: the heap's events in one order, and who did what when.

One pass over the file. Threads write batches of their own, so the order is made here, by time, and that is no clock to
trust: within a buffer each event is at least one tick (64 ns) after the one before it, so in a burst, a sweep say, the
stamps run ahead of the clock, by 300 µs in one trace, and the next buffer begins earlier than the last one ended. What
is known of an event's moment is an interval: not later than its stamp nor than the next event of its thread, not
earlier than the last event of its thread that came two ticks or more after another, which only the clock can have
stamped. Go: traceEventWriter.event and refill, runtime/traceevent.go, tracebuf.go, 1.23 to 1.27.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from arenalab.errors import CutOffError
from arenalab.intake.batches import Batch, TraceFile
from arenalab.intake.events import Events, events_of, has_events
from arenalab.intake.happened import Others, others_of, others_part
from arenalab.intake.kinds import NUMBER, arguments
from arenalab.intake.running import Running
from arenalab.intake.shelf import Shelf
from arenalab.intake.tables import Heap, Tables
from arenalab.intake.turns import Turns, not_after, turns_of, turns_part
from arenalab.narrow import SIGNED, narrow, places_in

Column = NDArray[np.int64]
Narrow = NDArray[np.signedinteger[Any]]
HEAP = ("HeapObjectFree", "SpanFree", "Span", "SpanAlloc", "HeapObject", "HeapObjectAlloc")
LARGEST = 2**48  #: no page, word, type or class of an event is as large: addresses have 48 bits.
_PLACE = np.full(256, len(HEAP), np.uint8)
_PLACE[[NUMBER[name] for name in HEAP]] = np.arange(len(HEAP))
_PLACE[NUMBER["HeapObjectAllocStack"]] = HEAP.index("HeapObjectAlloc")  # the same, with a stack
_ARGUMENTS = arguments() - 1
FARTHEST = 2**31 - 1  #: ticks that no stamp runs ahead, as it takes so many events, one to a tick.
COLUMNS = ("what", "time", "ahead", "g", "generation", "first", "second", "third")  #: of `HeapLog`.
NOTHING = np.zeros(0, np.int64)


@dataclass(frozen=True)
class HeapLog:
    """The heap's events in order; equal-length arrays, one row for each event, as narrow as they come.

    Who computes with them takes them with `wide`: an int32 times 8 is no address.
    """

    what: NDArray[np.uint8]  #: place in `HEAP`.
    time: Column  #: ticks; it happened in [time − ahead, time].
    ahead: Narrow  #: ticks by which the stamp may be ahead.
    g: Narrow  #: goroutine that did it, −1 for none.
    generation: Narrow  #: that the event is in.
    first: Narrow  #: page of a span or word of an object, from the heap's start.
    second: Narrow  #: pages of a span, type id of an object; 0 where there is none.
    third: Narrow  #: kind and class of a span, id of the stack of an allocation; 0 where there is none.

    def __len__(self) -> int:
        """Return the number of events."""
        return len(self.what)

    def wide(self, column: str, rows: NDArray[np.integer[Any]]) -> Column:
        """Return a column of some rows as 64-bit numbers."""
        answer: Column = getattr(self, column)[rows].astype(np.int64)
        return answer

    def rows(self, *names: str) -> NDArray[np.intp]:
        """Return the places of the events of some kinds, named as in `HEAP`."""
        return np.flatnonzero(np.isin(self.what, [HEAP.index(name) for name in names]))


@dataclass(frozen=True)
class TraceLog:
    """A trace as it was read: columns of what happened, tables of names."""

    path: str  #: the file.
    version: int  #: of its format, 26 for "go 1.26 trace".
    events: int  #: all, kept or not.
    tables: dict[int, Tables]  #: of each generation.
    heap: HeapLog  #: allocations, frees, spans.
    other: Others  #: collections, goroutines, tasks, regions.
    turns: Turns  #: who had which thread, and what for.
    cut: str = ""  #: what of the file was not read, as it was cut off; "" for nothing.

    @property
    def where(self) -> Heap | None:
        """The heap's start and units; None in a trace without allocations."""
        return next((each.heap for each in self.tables.values() if each.heap), None)

    def says(self, text: str) -> bool:
        """Return whether a name is among the trace's strings."""
        return any(text in each.strings.values() for each in self.tables.values())

    @property
    def ticks(self) -> int:
        """Return how many ticks a second has."""
        return next((each.frequency for each in self.tables.values() if each.frequency), 0)


def read_log(trace: TraceFile, watch: Callable[[float], None] = lambda _: None) -> TraceLog:
    """Read a whole trace; `watch` receives now and then the share of the file is read.

    Of one that is cut off, as its writer was killed, the generations that are whole; a generation is about a second.

    Raises:
        TraceError: it is damaged, or cut off within its first generation.

    """
    running, tables, exact = Running(), dict[int, Tables](), dict[int, int]()
    parts, lost, shelves = list[Part](), "", Shelves()
    try:
        for batch in trace.batches():
            watch(min(batch.at / trace.size, 1.0))
            if has_events(batch):
                parts.append(_part(trace, batch, running, exact, shelves))
            else:
                tables.setdefault(batch.generation, Tables(batch.generation)).add(trace, batch)
    except CutOffError as trouble:
        if trouble.generation is None:
            raise
        parts = [part for part in parts if part.generation < trouble.generation]
        tables = {key: each for key, each in tables.items() if key < trouble.generation}
        lost = f"cut off in generation {trouble.generation}: {trace.unread(trouble.began)} not read"
    _pull_back(parts)
    turns = turns_of([part.turns for part in parts])
    count = sum(part.events for part in parts)
    heap, place = _ordered(parts)
    other = others_of([(part.m, part.rows, part.other) for part in parts], heap.time, place)
    return TraceLog(str(trace.path), trace.version, count, tables, heap, other, turns, lost)


def _part(trace: TraceFile, batch: Batch, running: Running, exact: dict[int, int], shelves: Shelves) -> Part:
    """Return what is kept of a batch; `running`, `exact` and `shelves` go on from batch to batch."""
    events = events_of(trace, batch)
    g, _ = running.of(events)
    earliest = _earliest(events, batch.time, exact)
    rows = np.flatnonzero(_PLACE[events.kind] < len(HEAP))
    return Part(
        batch.generation,
        len(events),
        events.m,
        int(events.time[0]),
        len(rows),
        shelves.heap_of(_heap_part(trace, batch, events, g, earliest, rows)),
        [shelves.other.keep(each) for each in others_part(events, g, earliest, rows)],
        [shelves.turns.keep(each) for each in turns_part(events, g, earliest)],
    )


class Shelves:
    """Where the batches' columns are kept; each of the heap's goes by itself."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.heap = [Shelf() for _ in COLUMNS]
        self.other, self.turns = Shelf(), Shelf()

    def heap_of(self, columns: list[NDArray[Any]]) -> list[NDArray[Any]]:
        """Return copies of a batch's heap columns."""
        return [shelf.keep(column) for shelf, column in zip(self.heap, columns, strict=True)]


class Part(NamedTuple):
    """What is kept of one batch."""

    generation: int  #: that the batch is in.
    events: int  #: all, kept or not.
    m: int  #: number of the thread.
    first: int  #: stamp of its first event.
    rows: int  #: of the heap.
    heap: list[NDArray[Any]]  #: the columns of `HeapLog`; of `ahead` the earliest moment.
    other: list[NDArray[Any]]  #: see `others_part`.
    turns: list[NDArray[Any]]  #: the columns of `Turns`; of `ahead` the earliest moment.


def _earliest(events: Events, begin: int, exact: dict[int, int]) -> Column:
    """Return for each event the last moment of its thread that the clock gave; `exact` holds it from batch to batch."""
    time = events.time.astype(np.int64)
    given = np.diff(time, prepend=begin) > 1
    known = np.maximum.accumulate(np.where(given, time, exact.get(events.m, 0)))
    exact[events.m] = int(known[-1])
    return np.maximum(known, time - FARTHEST)


def _heap_part(
    trace: TraceFile, batch: Batch, events: Events, g: Column, earliest: Column, rows: NDArray[np.intp]
) -> list[NDArray[Any]]:
    """Return a batch's heap events, each column as narrow as its numbers allow."""
    kind = events.kind[rows]
    what = _PLACE[kind]
    columns: list[NDArray[Any]] = [
        what,
        events.time[rows].astype(np.int64),
        earliest[rows],
        narrow(g[rows], SIGNED),
    ]
    columns.append(narrow(np.full(len(rows), events.generation), SIGNED))
    for number in range(3):
        column = np.zeros(len(rows), np.int64)
        having = _ARGUMENTS[kind] > number
        given = events.column(rows[having], number)
        if int(given.max(initial=0)) >= LARGEST:
            trace.wrong(batch.at, f"an allocation event with {given.max():,}, beyond 2⁴⁸")
        column[having] = given
        columns.append(narrow(column, SIGNED))
    return columns


def _pull_back(parts: list[Part]) -> None:
    """Pull back stamps that ran ahead: no event is later than the first one of its thread's next batch."""
    next_of: dict[int, int] = {}
    for _, _, m, first, _, heap, other, turns in reversed(parts):
        limit = next_of.get(m, np.iinfo(np.int64).max)
        for column in (heap[1], other[1]):
            np.minimum(column, limit, out=column)
        not_after(turns, limit)
        next_of[m] = min(first, limit)


def _ordered(parts: list[Part]) -> tuple[HeapLog, Narrow]:
    """Bring the batches' rows into one order; within a thread it is the file's. The batches' columns go meanwhile.

    Returns the log, and of each row, in the order of the batches, its place there.
    """
    columns = [part.heap for part in parts] or [[NOTHING] * len(COLUMNS)]
    order = np.argsort(np.concatenate([each[1] for each in columns]), kind="stable")
    place = places_in(order)

    def taken(number: int) -> NDArray[Any]:
        column = np.concatenate([each[number] for each in columns])
        for each in columns:
            each[number] = NOTHING
        return column[order]

    what, time = taken(0), taken(1)
    ahead = narrow(time - taken(2), SIGNED)
    return HeapLog(
        what.astype(np.uint8), time, ahead, *(taken(number) for number in range(3, len(COLUMNS)))
    ), place
