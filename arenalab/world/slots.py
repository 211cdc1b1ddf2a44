"""The pointers that the program stored into chunk memory.

Rules:
1. One row per store, (slot address, target address); a nil store is target 0.
2. A chunk's birth zeroes its memory, so rows before it no longer count (`since`).
3. What a slot holds now is derived from the rows and cached; a store drops what it outdates.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from arenalab.world.columns import Columns
from arenalab.world.deferred import IntArray


class Slots:
    """Pointer stores into chunks, and what each slot holds now."""

    __slots__ = ("_latest", "_sorted", "journal", "since")

    def __init__(self) -> None:
        """Start with all memory nil."""
        self.journal = Columns(("slot", "target"), "Q")  #: every store, in order: (address, target), uint64.
        self.since: dict[int, int] = {}  #: chunk -> journal row at which its memory was last zeroed.
        self._latest: dict[int, int] | None = None  #: slot -> its last row, once somebody asked.
        self._sorted: tuple[IntArray, IntArray] | None = None  #: (rows, row numbers), by slot.

    def fork(self, *, apart: bool = False) -> Slots:
        """Return a snapshot that shares the rows."""
        twin = Slots.__new__(Slots)
        twin.journal, twin.since = self.journal.fork(apart=apart), dict(self.since)
        twin._latest = twin._sorted = None
        return twin

    def store(self, slot: int, target: int) -> None:
        """Write a pointer; 0 is nil."""
        if self._latest is not None:
            self._latest[slot] = self.journal.count
        self._sorted = None
        self.journal.append((slot, target))

    def zero(self, chunk: int) -> None:
        """Note that a chunk's memory was cleared."""
        self.since[chunk] = self.journal.count

    def target(self, chunk: int, slot: int) -> int:
        """Return what a slot of a chunk holds now, 0 for nil."""
        if self._latest is None:
            self._latest = {row[0]: number for number, row in enumerate(self.journal.table().tolist())}
        number = self._latest.get(slot, -1)
        return self.journal.row(number)[1] if number >= self.since.get(chunk, 0) and number >= 0 else 0

    def within(self, chunk: int, base: int, limit: int) -> IntArray:
        """Return the non-nil pointers in [base, limit) of a chunk as rows (slot, target), by slot."""
        rows, numbers = self._by_slot()
        low, high = np.searchsorted(rows[:, 0], np.array([base, limit], dtype=np.uint64))
        rows, numbers = rows[low:high], numbers[low:high]
        held: IntArray = rows[np.logical_and(rows[:, 1] != 0, numbers >= self.since.get(chunk, 0))]
        return held

    def now(self, chunks: Callable[[IntArray], IntArray]) -> IntArray:
        """Return every non-nil pointer there is as rows (slot, target, chunk), by slot.

        `chunks` tells the chunk of each slot; stores from before its last zeroing don't count.
        """
        rows, numbers = self._by_slot()
        homes = chunks(rows[:, 0])
        births = np.zeros(int(homes.max(initial=0)) + 1, dtype=np.int64)
        for chunk, row in self.since.items():
            if chunk < len(births):
                births[chunk] = row
        alive = np.logical_and(rows[:, 1] != 0, numbers >= births[homes])
        pointers: IntArray = np.column_stack((rows, homes.astype(np.uint64)))[alive]
        return pointers

    def compacted(self, rows: IntArray) -> Slots:
        """Return slots that hold just these pointers (slot, target), and know no earlier store."""
        twin = Slots()
        twin.journal.extend(rows)
        twin.since = dict.fromkeys(self.since, 0)
        return twin

    def _by_slot(self) -> tuple[IntArray, IntArray]:
        """Return each slot's last row, sorted by slot, and the rows' numbers."""
        if self._sorted is None:
            table = self.journal.table()
            _, back = np.unique(table[::-1, 0], return_index=True)
            numbers = len(table) - 1 - back
            self._sorted = table[numbers], numbers
        return self._sorted

    def __eq__(self, other: object) -> bool:
        """Compare the rows and the moments of zeroing."""
        if not isinstance(other, Slots):
            return NotImplemented
        return self.since == other.since and self.journal == other.journal

    __hash__ = None  # type: ignore[assignment]  # it changes
