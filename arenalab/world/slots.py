"""The pointers that the program stored into chunk memory.

Law: one row per store, (slot address, target address); a nil store is target 0.
A chunk's birth zeroes its memory, so rows before it no longer count (`since`).
"""

from __future__ import annotations

import numpy as np

from arenalab.world.columns import Columns, IntArray


class Slots:
    """Pointer stores into chunks, and what each slot holds now."""

    __slots__ = ("journal", "since")

    def __init__(self) -> None:
        """Start with all memory nil."""
        self.journal = Columns(("slot", "target"), "Q")
        self.since: dict[int, int] = {}  #: chunk -> journal row at which its memory was last zeroed.

    def fork(self) -> Slots:
        """Return a snapshot that shares the rows."""
        twin = Slots.__new__(Slots)
        twin.journal, twin.since = self.journal.fork(), dict(self.since)
        return twin

    def store(self, slot: int, target: int) -> None:
        """Write a pointer; 0 is nil."""
        self.journal.append((slot, target))

    def zero(self, chunk: int) -> None:
        """Note that a chunk's memory was cleared."""
        self.since[chunk] = self.journal.count

    def within(self, chunk: int, base: int, limit: int) -> IntArray:
        """Return the non-nil pointers in [base, limit) of a chunk as rows (slot, target), by slot."""
        rows = self.journal.table(self.since.get(chunk, self.journal.count))
        rows = rows[np.logical_and(rows[:, 0] >= base, rows[:, 0] < limit)][::-1]
        _, newest = np.unique(rows[:, 0], return_index=True)
        rows = rows[newest]
        held: IntArray = rows[rows[:, 1] != 0]
        return held

    def target(self, chunk: int, slot: int) -> int:
        """Return what a slot holds now, 0 for nil."""
        rows = self.within(chunk, slot, slot + 1)
        return int(rows[0, 1]) if len(rows) else 0

    def __eq__(self, other: object) -> bool:
        """Compare the rows and the moments of zeroing."""
        if not isinstance(other, Slots):
            return NotImplemented
        return self.since == other.since and self.journal == other.journal

    __hash__ = None  # type: ignore[assignment]  # it changes
