"""ChunkEvents: which events concern which chunk, read in one pass over a history.

Rules:
1. It answers as `History.story` would; it only answers sooner.
2. When the history has grown, only what is new is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

import numpy as np

from arenalab.narrow import narrow
from arenalab.view.columns import Column
from arenalab.view.event_columns import EventColumns
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
        self.history, self._columns = history, history.reader(EventColumns)
        self.event, self.chunk = (
            np.zeros(0, dtype=kind) for kind in (np.uint32, np.uint8)
        )  #: in the order of time.
        self._read = 0  #: events read.
        self.refresh()

    def refresh(self) -> None:
        """Read what the history has grown by."""
        if self._read == len(self.history) and len(self.event):
            return
        event, chunk = self._rows_since(self._read)
        self._read = len(self.history)
        if len(self.event):
            event, chunk = np.append(self.event, event), np.append(self.chunk, chunk)
        self.event, self.chunk = event, narrow(chunk)

    def _rows_since(self, first: int) -> tuple[Column, Column]:
        """Return (event, chunk) of each later event and each chunk that it concerns."""
        parts = [rows for kind in self._columns.there() for rows in self.rows_of(kind, first)]
        if not parts:
            return self.event[:0], self.chunk[:0]
        event, chunk = (np.concatenate(column) for column in zip(*parts, strict=True))
        order = np.argsort(event, kind="stable")
        return event[order], chunk[order]

    def rows_of(self, kind: type[Event], first: int = 0) -> Iterator[tuple[Column, Column]]:
        """Yield (event, chunk) of the events of a kind from number `first` on, field by field; each pair once."""
        if not kind.chunk_fields:
            return
        at = self._columns.at(kind)
        begin = int(np.searchsorted(at, np.uint32(first)))
        names = [name for name in kind.chunk_fields if not _is_list(kind, name)]
        columns = [self._columns.field(kind, name)[begin:] for name in names]
        for place, chunk in enumerate(columns):
            new = chunk >= 0
            for before in columns[:place]:  # a value that points to itself names its chunk twice
                new = new * (chunk != before)
            yield (at[begin:], chunk) if new.all() else (at[begin:][new], chunk[new])
        for name in kind.chunk_fields:
            if name not in names:
                yield _each_once(self._columns.lists(kind, name), at, begin)

    def of(self, chunk: int) -> Column:
        """Return the numbers of the events that concern a chunk, in order."""
        mine: Column = self.event[self.chunk == chunk].astype(np.int64)
        return mine

    def last(self, kind: type[Event], at: int, chunks: int) -> Column:
        """Return the number of the last event of a kind before a moment, for each of so many chunks."""
        found = np.full(chunks, NEVER, dtype=np.int64)
        for event, chunk in self.rows_of(kind):
            until = int(np.searchsorted(event, np.uint32(at)))
            there = chunk[:until] < chunks
            np.maximum.at(found, chunk[:until][there], event[:until][there])
        return found


def _is_list(kind: type[Event], name: str) -> bool:
    return next(str(field.type) for field in fields(kind) if field.name == name).startswith("tuple")


def _each_once(lists: tuple[Column, Column], at: Column, begin: int) -> tuple[Column, Column]:
    """Return (event, chunk) of events that name several chunks, from the one in place `begin` on."""
    lengths, chunks = lists
    event = at[begin:].repeat(lengths[begin:])
    chunks = chunks[len(chunks) - len(event) :]
    order = np.lexsort((chunks, event))
    new = np.logical_or(np.diff(event[order]) > 0, np.diff(chunks[order]) != 0)
    kept = np.sort(order[np.append(True, new)[: len(order)]])
    return event[kept], chunks[kept]
