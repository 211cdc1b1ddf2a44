"""Where the controls may stand: positions by operation or by event, and how to move between them.

Position 0 is the start; position n is after n operations, or after n events. Whoever follows a goroutine steps to
what it did, and to nothing else; positions stay what they are.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from arenalab.world.event import Event
from arenalab.world.history import History

OPERATION, EVENT = "operation", "event"
EVERYBODY = 0  #: no goroutine has this number.

Positions = npt.NDArray[np.int64]


class Place(NamedTuple):
    """A place in a history: events that have happened, and the operation that led there."""

    cursor: int
    op: int | None = None  #: None where it follows from the cursor.


class Stepper:
    """Moves through a history by operations or by events."""

    def __init__(self, history: History) -> None:
        """Step through `history`, which may grow."""
        self.history = history
        self.unit = OPERATION
        self.who = EVERYBODY  #: the goroutine, or the runtime's own, that is followed.

    @property
    def last(self) -> int:
        """Return the last position."""
        return len(self.history.ops) if self.unit == OPERATION else len(self.history)

    def position(self, place: Place) -> int:
        """Return the position of the controls for a place; within an operation it is that operation's."""
        return self._op(place) + 1 if self.unit == OPERATION else place.cursor

    def _end(self, position: int) -> int:
        """Return the events after which so many operations are done, also where some overlapped."""
        return int(self.history.log.settled()[position - 1]) if position else 0

    def _op(self, place: Place) -> int:
        return self.history.op_of(place.cursor) if place.op is None else place.op

    def place(self, position: int) -> Place:
        """Return the place of a position; positions outside the history mean its ends."""
        position = min(max(position, 0), self.last)
        if self.unit == EVENT:
            return Place(position)
        return Place(self._end(position), position - 1)

    def step(self, place: Place) -> Place:
        """Return the next place; from within an operation, its end."""
        if self.who:
            return self._step_of(place)
        position = self.position(place)
        inside = self.unit == OPERATION and position and place.cursor < self._end(position)
        return self.place(position if inside else position + 1)

    def back(self, place: Place) -> Place:
        """Return the place before; from within an operation, its start."""
        if self.who:
            moments = self._moments()
            earlier = int(moments.searchsorted(place.cursor))
            return self._place_of(int(moments[earlier - 1])) if earlier else Place(0)
        return self.place(self.position(place) - 1)

    def find(self, place: Place, wanted: Callable[[Event], bool], *, forwards: bool) -> Place | None:
        """Return the nearest place right after an event that is as wanted; None when there is none."""
        events = self.history.events
        numbers = range(place.cursor, len(events)) if forwards else range(place.cursor - 2, -1, -1)
        return next((Place(n + 1) for n in numbers if self._is_followed(n) and wanted(events[n])), None)

    # one goroutine's

    def _is_followed(self, event: int) -> bool:
        return not self.who or self.history.log.actor_of_event(event) == self.who

    def _moments(self) -> Positions:
        """Return after how many events the one followed has done something: an event, or its last of an operation."""
        log = self.history.log
        events = np.flatnonzero(log.column("actor") == self.who)
        if self.unit == OPERATION and len(events):
            ops = log.column("op")[events]
            order = np.lexsort((events, ops))
            last = np.append(np.diff(ops[order]) != 0, True)
            events = np.sort(events[order][last])
        return events + 1

    def _step_of(self, place: Place) -> Place:
        """Return the next place at which the one followed has done something; the same one where there is none."""
        moments = self._moments()
        later = int(moments.searchsorted(place.cursor, side="right"))
        return self._place_of(int(moments[later])) if later < len(moments) else place

    def _place_of(self, at: int) -> Place:
        return Place(at, None if self.unit == EVENT else self.history.op_of(at))
