"""Lives: in which state each chunk was, and when, for a whole history.

Rules:
1. A chunk moves where the table of `world.life_cycle` says so, and nowhere else.
2. A moment is a number of events that have happened; a chunk that moves by event n has moved at moment n + 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, NamedTuple

import numpy as np

from arenalab.view.acting import who
from arenalab.view.chunk_events import ChunkEvents
from arenalab.view.columns import Column
from arenalab.view.event_columns import EventColumns
from arenalab.world.event import Event
from arenalab.world.history import History
from arenalab.world.history_indexes import Kept, indexed
from arenalab.world.life_cycle import STATES, TRANSITIONS, moves, states_of
from arenalab.world.run_events import ArenaRun

NUMBERS = {state: number for number, state in enumerate(STATES)}
AT_START = ""  #: the event that brought a chunk where it was before the first event.


_MOVING: tuple[type[Event], ...] = tuple(dict.fromkeys(kind for _, kind in TRANSITIONS))

COLUMNS = ("moment", "chunk", "before", "state", "kind")  #: of a move.


class Stays(NamedTuple):
    """Times that one chunk spent in a state, in order; equally long columns."""

    state: Column  #: index into STATES.
    entered: Column  #: moment of its beginning.
    left: Column  #: moment of its end; the last one lasts until the end of the history.


@indexed
class Lives:
    """All moves of all chunks; extended only by what a history has grown by."""

    in_file: ClassVar[str] = "lives 1"
    words: ClassVar[tuple[str, ...]] = (*STATES, *(kind.__name__ for kind in _MOVING))

    def __init__(self, history: History, moves: tuple[Column, ...] | None = None) -> None:
        """Read the history as it is now, or take its moves."""
        self.history, self.events = history, history.reader(ChunkEvents)
        start = [NUMBERS[state] for state in states_of(history.at(0))]
        self._now = dict(enumerate(start))  #: chunk -> state after all that was read.
        states, chunks = np.array(start, dtype=np.int64), np.arange(len(start))
        #: Each move: moment, chunk, state before, state after, kind of its event in `_MOVING` (−1 at the start).
        at_start = (0 * chunks, chunks, states, states, 0 * chunks - 1)
        self._moves: tuple[Column, ...] = at_start if moves is None else moves
        #: The state after an event, −1 where it moves no chunk that is there: by the state before, and the kind.
        leads = {(before, kind): NUMBERS[after] for (before, kind), after in TRANSITIONS.items()}
        self._after = np.array([[leads.get((state, kind), -1) for kind in _MOVING] for state in STATES])
        self._read = 0 if moves is None else len(history)  #: events that were read.
        self._size = -1
        if moves is not None:
            self._now |= dict(zip(moves[1].tolist(), moves[3].tolist(), strict=True))
        self.busy: dict[str, Column] = {}  #: what `lanes.busy` counted of what was read.
        self.refresh()

    def refresh(self) -> None:
        """Read what the history has grown by."""
        size = len(self.history)
        if size == self._size:
            return
        self._size, self.busy = size, {}
        self._moves = tuple(
            np.append(old, new) for old, new in zip(self._moves, self._read_moves(), strict=True)
        )
        self.moment, self.chunk, self.before, self.state, self.kind = self._moves
        self._order = np.argsort(self.chunk, kind="stable")
        self._by_chunk = self.chunk[self._order]
        self._starts = np.append(np.array(self.history.op_starts, dtype=np.int64), size)

    def for_file(self) -> dict[str, Column]:
        """Return what a file keeps of it."""
        return dict(zip(COLUMNS, self._moves, strict=True))

    @classmethod
    def from_file(cls, history: History, kept: Kept) -> Lives:
        """Return the moves that a file keeps."""
        moment = kept.rising("moment", range(len(history) + 1))
        within = (
            range(len(history.world.spans)),
            range(len(STATES)),
            range(len(STATES)),
            range(-1, len(_MOVING)),
        )
        rest = (kept.column(name, its, len(moment)) for name, its in zip(COLUMNS[1:], within, strict=True))
        return cls(history, tuple(column.astype(np.int64) for column in (moment, *rest)))

    def _read_moves(self) -> tuple[Column, ...]:
        """Return the moves that are new: moment, chunk, state before, state after, kind of its event."""
        first, self._read = self._read, len(self.history)
        moment, chunk, kind = np.concatenate([*self._moved(first), *self._moved_by_runs(first)], axis=1)
        order = np.lexsort((moment, chunk))  # stable: a run's moves of a chunk stay in their order
        chunks, kinds = chunk[order], kind[order]
        after = self._after.max(axis=0)[kinds]  # as a kind of event leads to one state, wherever it does
        begins = np.flatnonzero(np.diff(chunks, prepend=-1))
        before = np.append(0, after[:-1])[: len(after)]
        before[begins] = [self._now.get(number, 0) for number in chunks[begins].tolist()]
        if not (self._after[before, kinds] == after).all():
            before, after = self._one_by_one(chunks, kinds)
        self._now |= dict(zip(chunks.tolist(), after.tolist(), strict=True))  # the last of a chunk counts
        states = np.empty((2, len(order)), dtype=np.int64)
        states[:, order] = before, after
        rows = np.stack([moment, chunk, *states, kind])[:, np.argsort(moment, kind="stable")]
        return tuple(rows[:, self._after[rows[2], rows[4]] >= 0])

    def _moved(self, first: int) -> Iterator[Column]:
        """Yield (moment, chunk, kind) of the events from number `first` on that may move a chunk, kind by kind."""
        for number, kind in enumerate(_MOVING):
            for event, chunk in self.events.rows_of(kind, first):
                its = np.full(len(event), number)
                yield np.stack([event.astype(np.int64) + 1, chunk.astype(np.int64), its])

    def _moved_by_runs(self, first: int) -> Iterator[Column]:
        """Yield the same of runs of arenas, which stand for such events."""
        runs = self.history.reader(EventColumns).events(ArenaRun, first)
        rows = [(event + 1, chunk, _MOVING.index(kind)) for event, run in runs for chunk, kind in moves(run)]
        yield np.array(rows, dtype=np.int64).reshape(-1, 3).T

    def _one_by_one(self, chunks: Column, kinds: Column) -> tuple[Column, Column]:
        """Return the states before and after some events, by chunk and in order, of which not each moves its chunk."""
        now, before, after = dict(self._now), np.zeros_like(kinds), np.zeros_like(kinds)
        for place, (chunk, kind) in enumerate(zip(chunks.tolist(), kinds.tolist(), strict=True)):
            before[place] = now.get(chunk, 0)
            moved = int(self._after[before[place], kind])
            after[place] = now[chunk] = moved if moved >= 0 else before[place]
        return before, after

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
        codes = self.before[rows] * len(_MOVING) + self.kind[rows]
        counts = np.bincount(codes[self.kind[rows] >= 0], minlength=1)
        pairs = ((divmod(code, len(_MOVING)), int(counts[code])) for code in np.flatnonzero(counts).tolist())
        return {(STATES[before], _MOVING[kind]): count for (before, kind), count in pairs}

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
        return _MOVING[self.kind[row]].__name__ if row >= 0 and self.kind[row] >= 0 else AT_START

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
