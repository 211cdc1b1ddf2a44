"""Where the controls may stand: positions by operation or by event, and how to move between them.

Position 0 is the start; position n is after n events, or after n operations: where the next one begins. So one that
waits, while others begin and end, stands waiting at its own position. Whoever follows a goroutine steps to
what it did, and to nothing else; positions stay what they are.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from arenalab.errors import NoSuchError
from arenalab.world.history import History

OPERATION, EVENT = "operation", "event"
EVERYBODY = 0  #: no goroutine has this number.

KEY = re.compile(r"([0-9]{1,15})|e([0-9]{1,15})(?:\.([0-9]{1,15}))?")

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
        self._known: tuple[tuple[object, ...], Positions] = ((), np.zeros(0, dtype=np.int64))

    @property
    def last(self) -> int:
        """Return the last position."""
        return len(self.history.ops) if self.unit == OPERATION else len(self.history)

    def position(self, place: Place) -> int:
        """Return the position of the controls for a place; within an operation it is that operation's."""
        return self._op(place) + 1 if self.unit == OPERATION else place.cursor

    def _end(self, position: int) -> int:
        """Return the events after which the next operation begins; an earlier one may still wait."""
        return int(self.history.log.steps()[position - 1]) if position else 0

    def _op(self, place: Place) -> int:
        return self.history.log.op_at(place.cursor) if place.op is None else place.op

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

    # keys

    def key(self, place: Place) -> str:
        """Return the short text that stands for a place: equal ones have equal keys, by whatever unit one steps.

        "12" is after 12 operations, "e345" after 345 events, "e345.7" the same of operation 7.
        """
        cursor, follows = place.cursor, self.history.log.op_at(place.cursor) if place.cursor else -1
        op = follows if place.op is None else place.op
        if cursor == self._end(op + 1):
            return str(op + 1)
        return f"e{cursor}" if op == follows else f"e{cursor}.{op}"

    def place_of(self, key: str) -> Place:
        """Return the place of a key.

        Raises:
            NoSuchError: it stands for no place of this history.

        """
        found = KEY.fullmatch(key)
        events, op = (int(part) if part else None for part in found.groups()[1:]) if found else (None, None)
        if found and found[1] and int(found[1]) <= len(self.history.ops):
            position = int(found[1])
            return Place(self._end(position), position - 1)
        if events is not None and events <= len(self.history) and (op is None or op < len(self.history.ops)):
            return Place(events, op)
        raise NoSuchError("place", key, f"0 to {len(self.history.ops)}, or e0 to e{len(self.history)}")

    # one goroutine's

    def _moments(self) -> Positions:
        """Return after how many events the one followed has done something: an event, or its last of an operation."""
        log, asked = self.history.log, (self.who, self.unit, len(self.history), self.history.rewound)
        if self._known[0] == asked:
            return self._known[1]
        events = np.flatnonzero(log.column("actor") == self.who)
        if self.unit == OPERATION and len(events):
            ops = log.column("op")[events]
            order = np.lexsort((events, ops))
            last = np.append(np.diff(ops[order]) != 0, True)
            events = np.sort(events[order][last])
        self._known = asked, events + 1
        return self._known[1]

    def _step_of(self, place: Place) -> Place:
        """Return the next place at which the one followed has done something; the same one where there is none."""
        moments = self._moments()
        later = int(moments.searchsorted(place.cursor, side="right"))
        return self._place_of(int(moments[later])) if later < len(moments) else place

    def _place_of(self, at: int) -> Place:
        return Place(at, None if self.unit == EVENT else self.history.log.op_at(at))
