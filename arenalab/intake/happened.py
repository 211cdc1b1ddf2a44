"""What happened beside the heap: collections, goroutines, tasks, regions. Few beside allocations; kept as columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from arenalab.intake.events import Events
from arenalab.intake.kinds import NUMBER, TIMED
from arenalab.intake.turns import Column, Narrow
from arenalab.narrow import SIGNED, narrow

#: The events that are kept, with their arguments.
OTHER = (
    *("GCBegin", "GCEnd", "GCActive", "HeapAlloc", "HeapGoal", "STWBegin", "STWEnd"),
    *("GoCreate", "GoCreateBlocked", "GoDestroy", "GoBlock"),
    *("UserTaskBegin", "UserTaskEnd", "UserRegionBegin", "UserRegionEnd"),
)
MOST_ARGUMENTS = max(len(TIMED[NUMBER[name]][1]) for name in OTHER)
BLOCK = 2**14  #: events that are made at once from their columns.
_OTHER = np.zeros(256, np.bool_)
_OTHER[[NUMBER[name] for name in OTHER]] = True


class Happened(NamedTuple):
    """One event that is not about the heap; `g` as in `Running`."""

    earliest: int  #: ticks; it happened in [earliest, time].
    time: int  #: ticks.
    name: str  #: of the kind of event, as Go has it.
    m: int  #: number of the thread.
    g: int  #: goroutine that it is of.
    generation: int  #: that the event is in.
    arguments: tuple[int, ...]  #: without the time, by the names in `kinds.TIMED`.
    first: int  #: place in the heap's log: the events before it came before this one,
    last: int  #: and those from here on after it. Between are those of other threads with the same stamp.


@dataclass(frozen=True)
class Others:
    """These events by time; equal-length columns, of which `of` makes `Happened` again."""

    earliest: Column  #: ticks.
    time: Column  #: ticks; each happened in [earliest, time].
    kind: NDArray[np.uint8]  #: number of the event.
    m: Narrow  #: number of the thread.
    g: Narrow  #: goroutine that it is of.
    generation: Narrow  #: that the event is in.
    words: NDArray[np.uint64]  #: its arguments, and after them what is none of its own.
    first: Narrow  #: places in the heap's log, as in `Happened`.
    last: Narrow  #: see `first`.

    def __len__(self) -> int:
        """Return the number of events."""
        return len(self.kind)

    def of(self, *names: str) -> Iterator[Happened]:
        """Yield the events of some kinds by time."""
        rows = np.flatnonzero(np.isin(self.kind, [NUMBER[name] for name in names]))
        order = ("earliest", "time", "kind", "m", "g", "generation", "words", "first", "last")
        for at in range(0, len(rows), BLOCK):
            some = rows[at : at + BLOCK]
            columns = (getattr(self, name)[some].tolist() for name in order)
            for soonest, stamp, kind, m, g, generation, said, *both in zip(*columns, strict=True):
                name, its = TIMED[kind]
                yield Happened(soonest, stamp, name, m, g, generation, tuple(said[: len(its)]), *both)


def others_part(events: Events, g: Column, earliest: Column, heap: NDArray[np.intp]) -> list[NDArray[Any]]:
    """Return a batch's rows: earliest, time, kind, m, g, generation, words, and how many of the heap's came before.

    `heap`: the rows of the heap's events.
    """
    rows = np.flatnonzero(_OTHER[events.kind])
    places = np.minimum(events.at[rows][:, None] + np.arange(MOST_ARGUMENTS), len(events.words) - 1)
    return [
        earliest[rows],
        events.time[rows].astype(np.int64),
        events.kind[rows],
        narrow(np.full(len(rows), events.m), SIGNED),
        narrow(g[rows], SIGNED),
        narrow(np.full(len(rows), events.generation), SIGNED),
        events.words[places],
        np.searchsorted(heap, rows),
    ]


def others_of(parts: list[tuple[int, int, list[NDArray[Any]]]], times: Column, place: Narrow) -> Others:
    """Return the events of all batches by time.

    Args:
        parts: of each batch its thread, how many rows of the heap it has, and `others_part`.
        times: of the heap's log.
        place: of each of the heap's rows, in the order of the batches, its place in the log.

    """
    rows = [
        (*part[:-1], *bounds)
        for (_, _, part), bounds in zip(parts, _bounds(parts, times, place), strict=True)
    ]
    columns = [np.concatenate(column) for column in zip(*(rows or [_NONE]), strict=True)]
    order = np.argsort(columns[1], kind="stable")
    return Others(*(column[order] for column in columns))


_NONE = (
    *(np.zeros(0, np.int64),) * 6,
    np.zeros((0, MOST_ARGUMENTS), np.uint64),
    *(np.zeros(0, np.int64),) * 2,
)


def _bounds(
    parts: list[tuple[int, int, list[NDArray[Any]]]], times: Column, place: Narrow
) -> Iterator[tuple[Narrow, Narrow]]:
    """Yield for each batch between which places of the heap's log its events came."""
    following = dict[int, int]()  # of each thread, the place of its first row in a later part
    edges, end = [], len(place)
    for m, rows, _ in reversed(parts):
        mine = place[end - rows : end].astype(np.int64)
        edges.append(np.append(mine, following.get(m, len(times))))
        following[m] = int(edges[-1][0])
        end -= rows
    before = dict[int, int]()  # of each thread, the place after its last row in an earlier part
    for (m, rows, part), its in zip(parts, reversed(edges), strict=True):
        time, count = part[1], part[-1]
        low = np.concatenate([[before.get(m, 0)], its[:-1] + 1])[count]
        yield (
            narrow(np.clip(np.searchsorted(times, time, side="left"), low, its[count]), SIGNED),
            narrow(np.clip(np.searchsorted(times, time, side="right"), low, its[count]), SIGNED),
        )
        if rows:
            before[m] = int(its[-2]) + 1
