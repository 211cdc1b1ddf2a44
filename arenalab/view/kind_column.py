"""KindColumn: of which kind each event of a history is, as a column, so that nobody walks through the events for it."""

from __future__ import annotations

from collections.abc import Collection
from itertools import islice

import numpy as np

from arenalab.view.columns import Column
from arenalab.world.event import EVENTS, Event
from arenalab.world.history import History


class KindColumn:
    """The kinds of a history's events; read on where the history grew, by whoever asks."""

    def __init__(self, history: History) -> None:
        """Start with what nobody has read yet."""
        self.history = history
        self.kinds: tuple[type[Event], ...] = ()
        self._numbers = np.zeros(0, dtype=np.uint8)
        self._there = np.zeros(0, dtype=bool)  #: of each kind whether an event is of it
        self._last: Event | None = None

    @property
    def numbers(self) -> Column:
        """For each event the place of its kind in `kinds`, shape (events,)."""
        events, read = self.history.events, len(self._numbers)
        if read > len(events) or (read and events[read - 1] is not self._last):
            self._numbers, self._there[:], read = self._numbers[:0], False, 0  # some were taken back
        if not self.kinds or len(self.kinds) != len(EVENTS):
            self.kinds, self._numbers, read = tuple(EVENTS.values()), self._numbers[:0], 0
            self._there = np.zeros(len(self.kinds), dtype=bool)
        if read < len(events):
            place = {kind: number for number, kind in enumerate(self.kinds)}
            new = map(place.__getitem__, map(type, islice(events, read, None)))
            more = np.fromiter(new, dtype=np.uint8, count=len(events) - read)
            self._numbers, self._last = np.append(self._numbers, more), events[-1]
            self._there[more] = True
        return self._numbers

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
