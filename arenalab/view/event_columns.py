"""EventColumns: what the events of each kind hold in a field, as columns, so that nobody walks through them.

Rules:
1. Of a history that a file holds as columns they are the file's; of any other they are read from the events.
2. When the history has grown, only what is new is read.
"""

from __future__ import annotations

from operator import attrgetter
from typing import Any

import numpy as np

from arenalab.codec.records import Stored
from arenalab.narrow import joined, narrow
from arenalab.view.columns import Column
from arenalab.view.kind_column import KindColumn
from arenalab.world.event import Event
from arenalab.world.history import History

Kind = type[Event]


class EventColumns:
    """The events of a history by kind; read on where it grew, by whoever asks."""

    def __init__(self, history: History) -> None:
        """Start with what nobody has read yet."""
        self.history, self._kinds = history, history.reader(KindColumn)
        self._rewound = -1
        self._at: dict[Kind, tuple[int, Column]] = {}
        self._fields: dict[tuple[Kind, str], Column] = {}

    def there(self) -> list[Kind]:
        """Return the kinds that some event is of."""
        return self._kinds.there()

    def at(self, kind: Kind) -> Column:
        """Return the numbers, rising, of the events of a kind."""
        self._forget_what_was_taken_back()
        numbers = self._kinds.numbers
        read, known = self._at.get(kind, (0, np.zeros(0, dtype=np.uint32)))
        if read < len(numbers):
            more = np.flatnonzero(numbers[read:] == self._kinds.number_of(kind))
            known = np.append(known, (read + more).astype(np.uint32)) if len(more) else known
            self._at[kind] = len(numbers), known
        return known

    def _forget_what_was_taken_back(self) -> None:
        if self._rewound != self.history.rewound:
            self._rewound = self.history.rewound
            self._at, self._fields = {}, {}

    def since(self, kind: Kind, first: int) -> Column:
        """Return those of them from number `first` on."""
        at = self.at(kind)
        return at[int(np.searchsorted(at, np.uint32(first))) :]

    def field(self, kind: Kind, name: str) -> Column:
        """Return what the events of a kind hold in a field: a whole number or a flag each, as narrow as it is kept."""
        at, key = self.at(kind), (kind, name)
        known = self._fields.get(key)
        if known is None:
            known = self._stored(kind, name, len(at))
        if len(known) < len(at):
            known = joined([known, self._read(at[len(known) :], name)])
        self._fields[key] = known
        return known

    def _stored(self, kind: Kind, name: str, count: int) -> Column:
        """Return what a file says of them, of as many as it holds."""
        events = self.history.events
        if isinstance(events, Stored) and (cells := events.records.cells(kind, name)) is not None:
            kept = int(np.searchsorted(self.at(kind)[:count], np.uint32(events.kept)))
            return cells.numbers[:kept]
        return np.zeros(0, dtype=np.int64)

    def _read(self, at: Column, name: str) -> Column:
        events, of = self.history.events, attrgetter(name)
        values = [of(events[number]) for number in at.tolist()]
        try:
            return narrow(np.array(values, dtype=np.int64))
        except OverflowError:
            return np.array(values, dtype=np.uint64)

    def lists(self, kind: Kind, name: str) -> tuple[Column, Column]:
        """Return how many numbers each event of a kind holds in a field that is a list, and all of them in order."""
        at, events, of = self.at(kind), self.history.events, attrgetter(name)
        lengths, parts = self._stored_lists(kind, name)
        held: list[tuple[int, ...]] = [of(events[number]) for number in at[len(lengths) :].tolist()]
        more = np.fromiter(map(len, held), dtype=np.int64, count=len(held))
        own = np.array([number for each in held for number in each], dtype=np.int64)
        return np.append(lengths, more), np.append(parts, own)

    def _stored_lists(self, kind: Kind, name: str) -> tuple[Column, Column]:
        """Return what a file says of the lists of those events that it holds, as `lists`."""
        events = self.history.events
        if not isinstance(events, Stored) or (cells := events.records.cells(kind, name)) is None:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        kept = int(np.searchsorted(self.at(kind), np.uint32(events.kept)))
        starts = cells.starts[: kept + 1]
        return np.diff(starts), cells.numbers[: int(starts[-1])].astype(np.int64)

    def events(self, kind: Kind, first: int = 0) -> list[tuple[int, Any]]:
        """Return the events of a kind, from number `first` on, with their numbers; made now where a file holds them."""
        events = self.history.events
        return [(number, events[number]) for number in self.since(kind, first).tolist()]
