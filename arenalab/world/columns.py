"""Append-only rows of integers that many Worlds share.

Law: a row, once written, never changes. So a snapshot keeps only how many rows it saw,
and time travel costs nothing. A snapshot that is written to again finds the rows it would write
already there (it re-applies the same log) and only counts on; when they differ (a what-if
branch) it goes on with rows of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from arenalab.units import plainly
from arenalab.world.deferred import ByRow, IntArray, Picks, Write
from arenalab.world.growing import GrowableArray

WINDOW = 2**16  #: rows of a window at most.


class Columns:
    """A growable table of 64-bit integers with named columns; `fork()` makes a cheap snapshot."""

    __slots__ = ("_data", "count", "names", "width")

    def __init__(self, names: tuple[str, ...], typecode: str = "q") -> None:
        """Start an empty table; `typecode` is 'q' for signed and 'Q' for unsigned integers."""
        self.names = names  #: of the columns, in order.
        self.width = len(names)  #: how many columns.
        self.count = 0  #: rows written so far.
        self._data = GrowableArray(np.int64 if typecode == "q" else np.uint64)

    def __repr__(self) -> str:
        """Return how many rows of which columns."""
        return f"<{plainly(self.count, 'row')} of {', '.join(self.names)}>"

    def fork(self, *, apart: bool = False) -> Columns:
        """Return a snapshot that shares all rows written so far; with `apart`, what it writes stands elsewhere."""
        twin = Columns.__new__(Columns)
        twin.names, twin.width, twin.count, twin._data = self.names, self.width, self.count, self._data
        if apart:
            twin._data = self._data.until(self.count * self.width)
        return twin

    def append(self, row: tuple[int, ...]) -> None:
        """Write one row, of `width` integers."""
        at = self.count * self.width
        if at == self._data.filled + self._data.left:
            self._data.extend(row)
        elif self._data.is_unwritten(at) or tuple(self._data.some(at, self.width).tolist()) != row:
            # Another World wrote a different row here: from now on the two go separate ways. So they do where
            # nobody has written what stands here yet: who writes it row by row had better not have it written.
            self._data = self._data.until(at)
            self._data.extend(row)
        self.count += 1

    def extend(self, rows: IntArray) -> None:
        """Write many rows at once, shape (n, width)."""
        at, new = self.count * self.width, rows.reshape(-1)
        if at < len(self._data) and not self._data.holds(at, new):
            self._data = self._data.until(at)
        if at == self._data.filled + self._data.left:
            self._data.extend_array(new)
        self.count += len(rows)

    def windows(self, start: int = 0, stop: int | None = None) -> Iterator[tuple[int, IntArray]]:
        """Yield (number of the first row, some rows) of the rows [start, stop); what is unwritten stays so."""
        start, stop, _ = slice(start, stop).indices(self.count)
        at, end = start * self.width, stop * self.width
        while at < end:
            behind = min(end, self._data.stretch(at, WINDOW * self.width))
            yield at // self.width, self._data.some(at, behind - at).reshape(-1, self.width)
            at = behind

    def extend_later(self, count: int, write: Write) -> None:
        """Add many rows that `write` gives, shape (n, width), when they are read; see `GrowableArray`."""
        at, cells, by_cell = self.count * self.width, count * self.width, ByRow(write, self.width)
        if at == self._data.filled + self._data.left:
            self._data.extend_later(cells, by_cell)
            self.count += count
        elif self._data.is_block(at, cells, by_cell):
            self.count += count
        else:
            rows = np.empty((count, self.width), dtype=self._data.dtype)
            write(rows, 0)
            self.extend(rows)

    def table(self, start: int = 0, stop: int | None = None) -> IntArray:
        """Return the rows [start, stop) as an array of shape (n, width), to read from.

        Asked for all rows, it has them written; of some, those that are unwritten stay so.
        """
        start, stop, _ = slice(start, stop).indices(self.count)
        if (start, stop) == (0, self.count):
            return self._data.numbers[: self.count * self.width].reshape(-1, self.width)
        return self._part(start, stop)

    def column(self, name: str, start: int = 0) -> IntArray:
        """Return a copy of one column; what is unwritten stays so."""
        place, column = self.names.index(name), np.empty(max(self.count - start, 0), dtype=self._data.dtype)
        for first, rows in self.windows(start):
            column[first - start : first - start + len(rows)] = rows[:, place]
        return column

    def gather(self, rows: IntArray, *names: str) -> IntArray:
        """Return columns of some rows, whatever their order, shape (rows, names); what is unwritten stays so."""
        places = [self.names.index(name) for name in names]
        picked = self._picked(rows, places) if len(rows) else None
        return self._gathered(rows, places) if picked is None else picked

    def _picked(self, rows: IntArray, places: list[int]) -> IntArray | None:
        """Return columns of some rows as one rule picks them that gives all of those; None where none can."""
        low, high = int(rows.min()) * self.width, int(rows.max() + 1) * self.width
        block = self._data.left_between(low, high)
        if block is None or not isinstance(block.write, ByRow) or not isinstance(block.write.write, Picks):
            return None
        its, rule = rows - block.at // self.width, block.write.write
        found = np.empty((len(rows), len(places)), dtype=self._data.dtype)
        for number, place in enumerate(places):
            found[:, number] = rule.pick(its, place)
        return found

    def _gathered(self, rows: IntArray, places: list[int]) -> IntArray:
        """Return columns of some rows, which are made with those between, some at a time."""
        found = np.empty((len(rows), len(places)), dtype=self._data.dtype)
        order = np.argsort(rows, kind="stable")
        rising, done = rows[order], 0
        while done < len(rows):
            first = int(rising[done])
            behind = int(np.searchsorted(rising, first + WINDOW))
            part = self._part(first, int(rising[behind - 1]) + 1)
            found[order[done:behind]] = part[rising[done:behind] - first][:, places]
            done = behind
        return found

    def _part(self, start: int, stop: int) -> IntArray:
        count = max(stop - start, 0)
        return self._data.part(start * self.width, count * self.width).reshape(-1, self.width)

    def row(self, number: int) -> tuple[int, ...]:
        """Return one row; negative numbers count from the end of what this snapshot sees."""
        at = (number if number >= 0 else self.count + number) * self.width
        if not 0 <= at < self.count * self.width:
            msg = f"row {number} of {self.count}"
            raise IndexError(msg)
        return tuple(self._data.some(at, self.width).tolist())

    def __len__(self) -> int:
        """Return how many rows this snapshot sees."""
        return self.count

    def __eq__(self, other: object) -> bool:
        """Compare what the two snapshots see."""
        if not isinstance(other, Columns):
            return NotImplemented
        shared = self.shared(other)
        return (self.names, self.count) == (other.names, other.count) and np.array_equal(
            self.table(shared), other.table(shared)
        )

    def shared(self, other: Columns) -> int:
        """Return how many of the first rows are known to be another's, too, without looking at them."""
        return min(self.count, other.count, self._data.shared(other._data) // self.width)

    __hash__ = None  # type: ignore[assignment]  # a growing table has no hash
