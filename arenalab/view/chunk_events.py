"""ChunkEvents: which events concern which chunk, without walking through the history.

Rule: it answers as `History.story` would; it only answers sooner.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

import numpy as np

from arenalab.latest import Latest
from arenalab.narrow import begins_of
from arenalab.view.columns import Column
from arenalab.view.event_columns import EventColumns
from arenalab.world.event import Event
from arenalab.world.history import History

NEVER = -1  #: in a column of event numbers.
MOST_CHUNKS = 8  #: of those looked at last, whose events are kept.


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
    """The events of a history that concern chunks, as the columns of the kinds of events tell them."""

    def __init__(self, history: History) -> None:
        """Start with what nobody has asked yet."""
        self.history, self._columns = history, history.reader(EventColumns)
        self._state = (-1, -1)
        self._of = Latest[int, Column]()

    def refresh(self) -> None:
        """Forget what the history has outgrown."""
        state = len(self.history), self.history.rewound
        if state != self._state:
            self._state = state
            self._of.clear()

    def rows_of(
        self, kind: type[Event], first: int = 0, last: int | None = None
    ) -> Iterator[tuple[Column, Column]]:
        """Yield (event, chunk) of the events [first, last) of a kind, field by field; each pair once."""
        if not kind.chunk_fields:
            return
        at = self._columns.at(kind)
        begin = int(np.searchsorted(at, np.uint32(first)))
        end = len(at) if last is None else int(np.searchsorted(at, np.uint32(last)))
        its = at[begin:end]
        names = [name for name in kind.chunk_fields if not _is_list(kind, name)]
        columns = [self._columns.field(kind, name)[begin:end] for name in names]
        for place, chunk in enumerate(columns):
            new = chunk >= 0
            for before in columns[:place]:  # a value that points to itself names its chunk twice
                new = new * (chunk != before)
            yield (its, chunk) if new.all() else (its[new], chunk[new])
        for name in kind.chunk_fields:
            if name not in names and begin < end:
                yield _each_once(self._columns.lists(kind, name), its, begin)

    def of(self, chunk: int) -> Column:
        """Return the numbers, rising, of the events that concern a chunk, kept for the latest that were asked for."""
        self.refresh()
        return self._of.of(chunk, lambda: self._read(chunk), MOST_CHUNKS)

    def _read(self, chunk: int) -> Column:
        rows = (rows for kind in self._columns.there() for rows in self.rows_of(kind))
        parts = [event[chunks == chunk] for event, chunks in rows]
        return np.sort(np.concatenate([np.zeros(0, dtype=np.uint32), *parts]), kind="stable").astype(np.int64)

    def touched(self, first: int, last: int) -> set[int]:
        """Return the chunks that the events [first, last) concern."""
        found: set[int] = set()
        for kind in self._columns.there():
            for _, chunk in self.rows_of(kind, first, last):
                found.update(chunk.tolist())
        return found

    def last(self, kind: type[Event], at: int, chunks: int) -> Column:
        """Return the number of the last event of a kind before a moment, for each of so many chunks."""
        found = np.full(chunks, NEVER, dtype=np.int64)
        for event, chunk in self.rows_of(kind):
            until = int(np.searchsorted(event, np.uint32(at)))
            there = chunk[:until] < chunks
            latest = np.full(chunks, NEVER, dtype=np.int64)
            latest[chunk[:until][there]] = event[:until][there]  # the later of two is written last
            found = np.maximum(found, latest)
        return found


def _is_list(kind: type[Event], name: str) -> bool:
    return next(str(field.type) for field in fields(kind) if field.name == name).startswith("tuple")


def _each_once(lists: tuple[Column, Column], events: Column, begin: int) -> tuple[Column, Column]:
    """Return (event, chunk) of some events that name several chunks, the first of which is in place `begin`."""
    lengths, chunks = lists
    event = events.repeat(lengths[begin : begin + len(events)])
    start = int(lengths[:begin].sum())
    chunks = chunks[start : start + len(event)]
    order = np.lexsort((chunks, event))
    kept = np.sort(order[begins_of([event[order], chunks[order]])])
    return event[kept], chunks[kept]
