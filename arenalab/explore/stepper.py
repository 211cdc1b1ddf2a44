"""Where the controls may stand: positions by operation or by event, and how to move between them.

Position 0 is the start; position n is after n operations, or after n events.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from arenalab.world.event import Event
from arenalab.world.history import History

OPERATION, EVENT = "operation", "event"


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
        position = self.position(place)
        inside = self.unit == OPERATION and position and place.cursor < self._end(position)
        return self.place(position if inside else position + 1)

    def back(self, place: Place) -> Place:
        """Return the place before; from within an operation, its start."""
        return self.place(self.position(place) - 1)

    def find(self, place: Place, wanted: Callable[[Event], bool], *, forwards: bool) -> Place | None:
        """Return the nearest place right after an event that is as wanted; None when there is none."""
        events = self.history.events
        numbers = range(place.cursor, len(events)) if forwards else range(place.cursor - 2, -1, -1)
        return next((Place(number + 1) for number in numbers if wanted(events[number])), None)
