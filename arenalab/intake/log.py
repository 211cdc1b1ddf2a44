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

from arenalab.intake.batches import Batch, TraceFile
from arenalab.intake.events import Events, events_of, has_events
from arenalab.intake.kinds import NUMBER, TIMED
from arenalab.intake.running import Running
from arenalab.intake.tables import Heap, Tables
from arenalab.narrow import SIGNED, narrow

Column = NDArray[np.int64]
Narrow = NDArray[np.signedinteger[Any]]
HEAP = ("HeapObjectFree", "SpanFree", "Span", "SpanAlloc", "HeapObject", "HeapObjectAlloc")
LARGEST = 2**48  #: no page, word, type or class of an event is as large: addresses have 48 bits.
_PLACE = np.full(256, len(HEAP), np.uint8)
_PLACE[[NUMBER[name] for name in HEAP]] = np.arange(len(HEAP))
_ARGUMENTS = np.array([len(TIMED[NUMBER[name]][1]) for name in HEAP])
#: Other events that are kept, with their arguments.
OTHER = (
    *("GCBegin", "GCEnd", "GCActive", "HeapAlloc", "HeapGoal", "STWBegin", "STWEnd"),
    *("GoCreate", "GoCreateBlocked", "GoDestroy", "GoBlock"),
    *("UserTaskBegin", "UserTaskEnd", "UserRegionBegin", "UserRegionEnd"),
)
_OTHER = np.zeros(256, np.bool_)
_OTHER[[NUMBER[name] for name in OTHER]] = True


class Happened(NamedTuple):
    """One event that is not about the heap; `g` as in `Running`."""

    earliest: int  #: ticks; it happened in [earliest, time].
    time: int
    name: str
    m: int
    g: int
    generation: int
    arguments: tuple[int, ...]


@dataclass(frozen=True)
class HeapLog:
    """The heap's events in order; equal-length arrays, one row for each event, as narrow as they come.

    Who computes with them takes them with `wide`: an int32 times 8 is no address.
    """

    what: NDArray[np.uint8]  #: place in `HEAP`.
    time: Column  #: ticks; it happened in [time − ahead, time].
    ahead: Narrow
    g: Narrow
    generation: Narrow
    first: Narrow  #: page of a span or word of an object, from the heap's start.
    second: Narrow  #: pages of a span, type id of an object; 0 where there is none.
    third: Narrow  #: kind and class of a span; 0 for an object.

    def __len__(self) -> int:
        """Return the number of events."""
        return len(self.what)

    def wide(self, column: str, rows: NDArray[np.intp]) -> Column:
        """Return a column of some rows as 64-bit numbers."""
        answer: Column = getattr(self, column)[rows].astype(np.int64)
        return answer

    def rows(self, *names: str) -> NDArray[np.intp]:
        """Return the places of the events of some kinds, named as in `HEAP`."""
        return np.flatnonzero(np.isin(self.what, [HEAP.index(name) for name in names]))


@dataclass(frozen=True)
class TraceLog:
    """A trace, read."""

    path: str
    version: int
    events: int  #: all, kept or not.
    tables: dict[int, Tables]  #: of each generation.
    heap: HeapLog
    other: list[Happened]  #: by time.

    @property
    def where(self) -> Heap | None:
        """The heap's start and units; None in a trace without allocations."""
        return next((each.heap for each in self.tables.values() if each.heap), None)

    @property
    def ticks(self) -> int:
        """Ticks a second."""
        return next((each.frequency for each in self.tables.values() if each.frequency), 0)


def read_log(trace: TraceFile, watch: Callable[[float], None] = lambda _: None) -> TraceLog:
    """Read a whole trace; `watch` is told now and then which share of the file is read.

    Raises:
        TraceError: it is damaged or cut off.

    """
    running, tables, exact = Running(), dict[int, Tables](), dict[int, int]()
    parts, count = list[Part](), 0
    for batch in trace.batches():
        watch(batch.at / trace.size)
        if not has_events(batch):
            tables.setdefault(batch.generation, Tables(batch.generation)).add(trace, batch)
            continue
        events = events_of(trace, batch)
        g, _ = running.of(events)
        earliest = _earliest(events, batch.time, exact)
        parts.append(
            Part(
                events.m,
                int(events.time[0]),
                _heap_part(trace, batch, events, g, earliest),
                _others(events, g, earliest),
            )
        )
        count += len(events)
    _pull_back(parts)
    other = sorted((each for part in parts for each in part.other), key=lambda each: each.time)
    return TraceLog(str(trace.path), trace.version, count, tables, _ordered(parts), other)


class Part(NamedTuple):
    """What is kept of one batch."""

    m: int
    first: int  #: stamp of its first event.
    heap: list[NDArray[Any]]  #: the columns of `HeapLog`; of `ahead` the earliest moment.
    other: list[Happened]


def _earliest(events: Events, begin: int, exact: dict[int, int]) -> Column:
    """Return for each event the last moment of its thread that the clock gave; `exact` holds it from batch to batch."""
    time = events.time.astype(np.int64)
    given = np.diff(time, prepend=begin) > 1
    known = np.maximum.accumulate(np.where(given, time, exact.get(events.m, 0)))
    exact[events.m] = int(known[-1])
    return known


def _heap_part(
    trace: TraceFile, batch: Batch, events: Events, g: Column, earliest: Column
) -> list[NDArray[Any]]:
    """Return a batch's heap events, each column as narrow as its numbers allow."""
    rows = np.flatnonzero(_PLACE[events.kind] < len(HEAP))
    what = _PLACE[events.kind[rows]]
    columns: list[NDArray[Any]] = [
        what,
        events.time[rows].astype(np.int64),
        earliest[rows],
        narrow(g[rows], SIGNED),
    ]
    columns.append(narrow(np.full(len(rows), events.generation), SIGNED))
    for number in range(3):
        column = np.zeros(len(rows), np.int64)
        having = _ARGUMENTS[what] > number
        given = events.column(rows[having], number)
        if int(given.max(initial=0)) >= LARGEST:
            trace.wrong(batch.at, f"an allocation event with {given.max():,}, beyond 2⁴⁸")
        column[having] = given
        columns.append(narrow(column, SIGNED))
    return columns


def _others(events: Events, g: Column, earliest: Column) -> list[Happened]:
    """Return a batch's other events that are kept."""
    rows = np.flatnonzero(_OTHER[events.kind])
    columns = (column[rows].tolist() for column in (earliest, events.time, events.kind, g, events.at))
    found = []
    for first, time, kind, goroutine, at in zip(*columns, strict=True):
        name, names = TIMED[kind]
        arguments = tuple(events.words[at : at + len(names)].tolist())
        found.append(Happened(first, time, name, events.m, goroutine, events.generation, arguments))
    return found


def _pull_back(parts: list[Part]) -> None:
    """Pull back stamps that ran ahead: no event is later than the first one of its thread's next batch."""
    next_of: dict[int, int] = {}
    for m, first, heap, other in reversed(parts):
        limit = next_of.get(m, np.iinfo(np.int64).max)
        heap[1] = np.minimum(heap[1], limit)
        other[:] = [each._replace(time=min(each.time, limit)) for each in other]
        next_of[m] = min(first, limit)


def _ordered(parts: list[Part]) -> HeapLog:
    """Bring the batches' rows into one order; within a thread it is the file's."""
    columns = [part.heap for part in parts] or [[np.zeros(0, np.int64)] * 8]
    order = np.argsort(np.concatenate([each[1] for each in columns]), kind="stable")
    what, time, earliest, *rest = (
        np.concatenate([each[number] for each in columns])[order] for number in range(8)
    )
    return HeapLog(what.astype(np.uint8), time, narrow(time - earliest, SIGNED), *rest)
