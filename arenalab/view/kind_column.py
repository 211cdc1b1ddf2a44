"""KindColumn: of which kind each event of a history is, as a column, so that nobody walks through the events for it."""

from __future__ import annotations

from collections.abc import Collection
from itertools import islice

import numpy as np

from arenalab.codec.records import Stored
from arenalab.view.columns import Column
from arenalab.world.event import EVENTS, Event
from arenalab.world.history import History

BLOCK = 2**16  #: events whose kinds are counted together.


class KindColumn:
    """The kinds of a history's events; read on where the history grew, by whoever asks."""

    def __init__(self, history: History) -> None:
        """Start with what nobody has read yet."""
        self.history = history
        self.kinds: tuple[type[Event], ...] = ()
        self._numbers = np.zeros(0, dtype=np.uint8)
        self._there = np.zeros(0, dtype=bool)  #: of each kind whether an event is of it
        self._rewound = history.rewound

    @property
    def numbers(self) -> Column:
        """For each event the place of its kind in `kinds`, shape (events,)."""
        events, read = self.history.events, len(self._numbers)
        if self._rewound != self.history.rewound:
            self._numbers, self._there[:], read = self._numbers[:0], False, 0
            self._rewound = self.history.rewound
        if not self.kinds or len(self.kinds) != len(EVENTS):
            self.kinds, self._numbers, read = tuple(EVENTS.values()), self._numbers[:0], 0
            self._there = np.zeros(len(self.kinds), dtype=bool)
        if read < len(events):
            more = self._more(read)
            self._numbers = np.append(self._numbers, more) if read else more
            for first in range(0, len(more), BLOCK):  # counting widens what it counts
                self._there |= np.bincount(more[first : first + BLOCK], minlength=len(self.kinds)) > 0
        return self._numbers

    def _more(self, read: int) -> Column:
        """Return the kinds of the events that nobody has read yet: a file's as it says them."""
        events, place = self.history.events, {kind: number for number, kind in enumerate(self.kinds)}
        if isinstance(events, Stored) and read < events.kept:
            stored = np.array([place[kind] for kind in events.records.kinds], dtype=np.uint8)
            rest = np.fromiter((place[type(event)] for event in events.added), dtype=np.uint8)
            return np.append(stored[events.records.order[read : events.kept]], rest)
        new = map(place.__getitem__, map(type, islice(events, read, None)))
        return np.fromiter(new, dtype=np.uint8, count=len(events) - read)

    def number_of(self, kind: type[Event]) -> int:
        """Return what stands for a kind in `numbers`."""
        return self.kinds.index(kind)

    def there(self) -> list[type[Event]]:
        """Return the kinds that some event is of."""
        self.numbers  # noqa: B018  # reads on
        return [self.kinds[number] for number in np.flatnonzero(self._there).tolist()]

    def of(self, kinds: Collection[type[Event]], first: int, last: int) -> Column:
        """Return the numbers, rising, of the events [first, last) that are of some kinds."""
        numbers = self.numbers[first:last]
        wanted = np.array([kind in kinds for kind in self.kinds], dtype=bool)
        found: Column = first + np.flatnonzero(wanted[numbers])
        return found
