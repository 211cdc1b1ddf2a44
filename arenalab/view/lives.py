"""Lives: in which state each chunk was, and when, for a whole history.

Rules:
1. A chunk moves where the table of `world.life_cycle` says so, and nowhere else.
2. A moment is a number of events that have happened; a chunk that moves by event n has moved at moment n + 1.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from arenalab.view.acting import who
from arenalab.view.chunk_events import ChunkEvents
from arenalab.view.columns import Column
from arenalab.world.event import Event
from arenalab.world.history import History
from arenalab.world.life_cycle import STATES, TRANSITIONS, moves, states_of
from arenalab.world.run_events import ArenaRun

NUMBERS = {state: number for number, state in enumerate(STATES)}
AT_START = ""  #: the event that brought a chunk where it was before the first event.


class Stays(NamedTuple):
    """Times that one chunk spent in a state, in order; equally long columns."""

    state: Column  #: index into STATES.
    entered: Column  #: moment of its beginning.
    left: Column  #: moment of its end; the last one lasts until the end of the history.


class Lives:
    """All moves of all chunks; extended only by what a history has grown by."""

    def __init__(self, history: History) -> None:
        """Read the history as it is now."""
        self.history, self.events = history, history.reader(ChunkEvents)
        start = [NUMBERS[state] for state in states_of(history.at(0))]
        self._now = dict(enumerate(start))  #: chunk -> state after all that was read.
        #: Each move: moment, chunk, state before, state after, kind of its event (−1 at the start).
        self._moves = [(0, chunk, state, state, -1) for chunk, state in enumerate(start)]
        self._read = 0  #: rows of `events` that were read.
        self._size = -1
        self.busy: dict[str, Column] = {}  #: what `lanes.busy` counted of what was read.
        self.refresh()

    def refresh(self) -> None:
        """Read what the history has grown by."""
        self.events.refresh()
        size = len(self.history)
        if size == self._size:
            return
        self._size, self.busy = size, {}
        self._read_moves()
        table = np.array(self._moves, dtype=np.int64).reshape(-1, 5)
        self.moment, self.chunk, self.before, self.state, self.kind = table.T.copy()
        self._order = np.argsort(self.chunk, kind="stable")
        self._by_chunk = self.chunk[self._order]
        self._starts = np.append(np.array(self.history.op_starts, dtype=np.int64), size)

    def _read_moves(self) -> None:
        events = self.events
        moving = events.are((ArenaRun, *{kind for _, kind in TRANSITIONS}))
        moving[: self._read] = False
        self._read = len(events.event)
        rows = np.column_stack((events.event, events.chunk, events.kind))[moving]
        for event, chunk, kind in rows.tolist():
            for each in self._moved_by(event, chunk, kind):
                before = self._now.get(chunk, 0)
                after = TRANSITIONS.get((STATES[before], events.kinds[each]))
                if after is not None:
                    self._now[chunk] = NUMBERS[after]
                    self._moves.append((event + 1, chunk, before, NUMBERS[after], each))

    def _moved_by(self, event: int, chunk: int, kind: int) -> list[int]:
        """Return the kinds of events that moved a chunk: for a run of arenas those that it stands for."""
        if self.events.kinds[kind] is not ArenaRun:
            return [kind]
        moved = moves(self.history.events[event])
        return [self.events.number_of(each) for moving, each in moved if moving == chunk]

    def states(self, at: int, chunks: int) -> tuple[Column, Column, Column]:
        """Return at a moment, for each of so many chunks: state, moment when it began, row of the move or −1."""
        rows = np.arange(np.searchsorted(self.moment, at, side="right"))
        row = np.full(max(chunks, int(self.chunk.max(initial=-1)) + 1), -1, dtype=np.int64)
        row[self.chunk[rows]] = rows  # the later of two moves is written last
        row = row[:chunks]
        known = row >= 0
        state, since = (np.zeros(chunks, dtype=np.int64) for _ in range(2))
        state[known], since[known] = self.state[row[known]], self.moment[row[known]]
        return state, since, row

    def moves(self, first: int, behind: int) -> Column:
        """Return the rows of the moves by the events [first, end)."""
        low, high = np.searchsorted(self.moment, [first, behind], side="right")
        rows: Column = np.arange(low, high)
        return rows[self.kind[rows] >= 0]

    def counts(self, rows: Column) -> dict[tuple[str, type[Event]], int]:
        """Return how often each row of the table was used by some moves."""
        pairs, counts = np.unique(
            np.column_stack((self.before[rows], self.kind[rows])), axis=0, return_counts=True
        )
        return {
            (STATES[before], self.events.kinds[kind]): int(count)
            for (before, kind), count in zip(pairs.tolist(), counts, strict=True)
        }

    def stays(self, chunk: int) -> Stays:
        """Return the life of a chunk; before its heap arena is reserved it is absent."""
        first, last = np.searchsorted(self._by_chunk, [chunk, chunk + 1])
        rows = self._order[first:last]
        state, entered = self.state[rows], self.moment[rows]
        if not len(rows) or entered[0] > 0:
            state, entered = np.append(0, state), np.append(0, entered)
        return Stays(state, entered, np.append(entered[1:], self._size))

    def kind_of(self, row: int) -> str:
        """Return the name of the event of a move."""
        return self.events.kinds[self.kind[row]].__name__ if row >= 0 and self.kind[row] >= 0 else AT_START

    def who(self, moment: int) -> str:
        """Return who brought a chunk where it is at a moment, "" for nobody and where only one acts."""
        return who(self.history, moment - 1) if moment else ""

    def in_operations(self, moments: Column) -> Column:
        """Return moments counted in operations: 2.5 is halfway through the events of the third."""
        starts = self._starts
        if len(starts) == 1:
            return np.zeros(len(moments))
        op = np.clip(np.searchsorted(starts[:-1], moments - 1, side="right") - 1, 0, len(starts) - 2)
        length = np.maximum(starts[op + 1] - starts[op], 1)
        done: Column = np.where(moments > 0, op + (moments - starts[op]) / length, 0.0)
        return done
