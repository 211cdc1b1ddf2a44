"""ChunkEvents: which events concern which chunk, read in one pass over a history.

Rules:
1. It answers as `History.story` would; it only answers sooner.
2. When the history has grown, only what is new is read.
"""

from __future__ import annotations

import numpy as np

from arenalab.view.columns import Column
from arenalab.world.event import Event
from arenalab.world.history import History

NEVER = -1  #: in a column of event numbers.


def step_at_hand(history: History, at: int, op: int | None = None) -> tuple[int, int]:
    """Return the events (first, end) of the step that led to a moment.

    Where an operation is just done, it is all of its events; within an operation it is its latest one.

    Args:
        history: what happened.
        at: how many events have happened.
        op: the operation that led here, when it made no event of its own.

    """
    number = history.log.op_at(at) if op is None else op
    if number < 0 or history.op_starts[number] >= at:
        return at, at
    return (history.op_starts[number] if history.log.op_end(number) == at else at - 1), at


class ChunkEvents:
    """The events of a history that concern chunks, by time and by chunk."""

    def __init__(self, history: History) -> None:
        """Read the history as it is now."""
        self.history = history
        self.kinds: list[type[Event]] = []  #: kinds, by the number that stands for each.
        self.event = self.chunk = self.kind = np.zeros(0, dtype=np.int64)  #: in the order of time.
        self._numbers: dict[type[Event], int] = {}
        self._read = 0  #: events read.
        self.refresh()

    def refresh(self) -> None:
        """Read what the history has grown by."""
        if self._read == len(self.history) and len(self.event):
            return
        rows = self._rows_since(self._read)
        self._read = len(self.history)
        self.event, self.chunk, self.kind = (
            np.concatenate((old, rows[:, i])) for i, old in enumerate((self.event, self.chunk, self.kind))
        )
        self._order = np.argsort(self.chunk, kind="stable")
        self._by_chunk = self.chunk[self._order]

    def _rows_since(self, first: int) -> Column:
        """Return (event, chunk, kind) of each later event and each chunk that it concerns."""
        rows = [
            (number, chunk, self.number_of(type(event)))
            for number, event in enumerate(self.history.events[first:], first)
            for chunk in dict.fromkeys(event.chunks)  # a value that points to itself names its chunk twice
        ]
        return np.array(rows, dtype=np.int64).reshape(-1, 3)

    def number_of(self, kind: type[Event]) -> int:
        """Return the number that stands for a kind."""
        number = self._numbers.setdefault(kind, len(self.kinds))
        if number == len(self.kinds):
            self.kinds.append(kind)
        return number

    def of(self, chunk: int) -> Column:
        """Return the numbers of the events that concern a chunk, in order."""
        first, last = np.searchsorted(self._by_chunk, [chunk, chunk + 1])
        mine: Column = self.event[self._order[first:last]]
        return mine

    def are(self, kinds: tuple[type[Event], ...]) -> Column:
        """Return for each row whether its event is of one of the kinds."""
        wanted = [number for number, kind in enumerate(self.kinds) if kind in kinds]
        found: Column = np.isin(self.kind, wanted)
        return found

    def last(self, kind: type[Event], at: int, chunks: int) -> Column:
        """Return the number of the last event of a kind before a moment, for each of so many chunks."""
        until = int(np.searchsorted(self.event, at))
        rows = np.flatnonzero(self.are((kind,))[:until])
        found = np.full(max(chunks, int(self.chunk.max(initial=-1)) + 1), NEVER, dtype=np.int64)
        found[self.chunk[rows]] = self.event[rows]  # the later of two rows of a chunk is written last
        return found[:chunks]
