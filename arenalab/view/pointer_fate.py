"""What decides what a touch of one pointer finds, moment by moment, told by the events alone: no World is made for it.

Rules:
1. A field of a span is what the last event says that sets it, and each such event names the chunk. So where the kinds
   of a chunk's events came last in the same order, its memory does the same.
2. Where the chunk is follows from the table of `world.life_cycle`; whose bytes are there from the events that placed
   an object over the address.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np

from arenalab.view.event_columns import EventColumns
from arenalab.world import chunk_events as ch
from arenalab.world.end_events import MarkedDefunct
from arenalab.world.event import Event
from arenalab.world.events import ObjectAllocated
from arenalab.world.history import History
from arenalab.world.life_cycle import ABSENT, TRANSITIONS, moves
from arenalab.world.run_events import ArenaRun, freed_by
from arenalab.world.touch import Pointer

NOBODY, OWN, OTHER = range(
    3
)  #: whose bytes are at the address: no object's, the pointer's own object's, another's.
BEFORE = -1  #: the event of what was there from the start.


class Fate(NamedTuple):
    """What decides what a touch finds, but for the number of the object that it meets."""

    alike: tuple[Any, ...]  #: equal at two moments: what a touch finds is.
    row: int  #: ledger row of the object at the address, −1 for none.


def fates(history: History, pointer: Pointer, over: list[int], moves_of_chunk: list[int]) -> Fates | None:
    """Return what tells the fate of a pointer; None where not each object over it has an event of its own.

    Args:
        history: what happened.
        pointer: to an object in a chunk.
        over: ledger rows of all objects that ever lay over its address, rising.
        moves_of_chunk: events that move its chunk or change what its memory does.

    """
    placed = _placed(history, pointer)
    if len(placed) != len(over) or len(history.at(0).ledger):
        return None
    return Fates(history, pointer, dict(zip(over, placed, strict=True)), moves_of_chunk)


def _placed(history: History, pointer: Pointer) -> list[int]:
    """Return the events, rising, that placed a single object over a pointer's address."""
    first, *_, chunk = history.world.ledger.row(pointer.object)
    addr, columns = first + pointer.offset, history.reader(EventColumns)
    starts, sizes, chunks = (columns.field(ObjectAllocated, name) for name in ("addr", "size", "chunk"))
    here = np.flatnonzero(chunks == chunk)
    begins = starts[here].astype(np.int64)
    inside = (begins <= addr) * (addr < begins + sizes[here])
    events: list[int] = columns.at(ObjectAllocated)[here[inside]].tolist()
    return events


class Fates:
    """Tells the fate of one pointer at moments that rise."""

    def __init__(
        self, history: History, pointer: Pointer, placed: dict[int, int], moving: Iterable[int]
    ) -> None:
        self._history, self._own, self._chunk = (
            history,
            pointer.object,
            history.world.ledger.row(pointer.object)[5],
        )
        self._rows, self._placed = list(placed), list(placed.values())
        self._moving = sorted(set(moving))
        self._freed = _freed(history, {history.world.ledger.row(row)[4] for row in placed})
        start = history.at(0)
        self._state = start.list_of(self._chunk) if self._chunk < len(start.spans) else ABSENT
        self._last: dict[Any, None] = {}  #: the kinds of the chunk's events, the latest last.
        self._born = BEFORE  #: the event that began the chunk's present life.

    def at(self, moments: Iterable[int]) -> Iterator[Fate]:
        """Yield the fate at each of some moments, which rise."""
        done = 0
        for moment in moments:
            until = bisect_left(self._moving, moment)
            for number in self._moving[done:until]:
                self._take(number, self._history.events[number])
            done = until
            yield self._fate(moment)

    def _take(self, number: int, event: Event) -> None:
        """Take in an event that names the chunk."""
        if isinstance(event, ch.ChunkZeroed):
            self._born = number
        said = (type(event), event.limit) if isinstance(event, ch.LimitSet) else type(event)
        self._last.pop(said, None)
        self._last[said] = None
        kinds = (
            (kind for chunk, kind in moves(event) if chunk == self._chunk)
            if isinstance(event, ArenaRun)
            else (type(event),)
        )
        for kind in kinds:
            self._state = TRANSITIONS.get((self._state, kind), self._state)

    def _fate(self, moment: int) -> Fate:
        place = bisect_left(self._placed, moment) - 1
        row = self._rows[place] if place >= 0 and self._placed[place] > self._born else -1
        whose = NOBODY if row < 0 else OWN if row == self._own else OTHER
        freed = row >= 0 and self._freed.get(self._history.world.ledger.row(row)[4], moment) < moment
        return Fate((self._state, tuple(self._last), whose, freed), row)


def _freed(history: History, owners: set[int]) -> dict[int, int]:
    """Return the event that freed each of some arenas, of those that were."""
    columns = history.reader(EventColumns)
    its = columns.field(MarkedDefunct, "user_arena")
    mine = np.flatnonzero(np.isin(its, list(owners)))
    freed = dict(zip(its[mine].tolist(), columns.at(MarkedDefunct)[mine].tolist(), strict=True))
    for number, run in columns.events(ArenaRun):
        freed |= dict.fromkeys(owners.intersection(freed_by(run)), number)
    return freed
