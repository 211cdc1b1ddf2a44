"""Append-only rows of integers that many Worlds share.

Law: a row, once written, never changes. So a snapshot keeps only how many rows it saw,
and time travel costs nothing. A snapshot that is written to again finds the rows it would write
already there (it re-applies the same log) and only counts on; when they differ (a what-if
branch) it goes on with rows of its own.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

import numpy as np

from arenalab.world.deferred import Block, ByRow, IntArray, Write

WINDOW = 2**16  #: rows of a window at most.
LARGE = 2**20  #: numbers in a buffer that grows by an eighth when it is full, no longer by as much again.


class Growing:
    """Whole numbers of 64 bits that grow at the end, in one buffer that moves to a larger one when it is full.

    Windows on it stay valid: growing moves to a new buffer, and what was written never changes. Large
    buffers come from numpy, which asks for huge pages, so a page fault is rare. Many numbers that one
    rule gives may be left unwritten until somebody reads: no reader can tell. Until then the buffer holds
    the others only, one after the other.
    """

    __slots__ = ("_blocks", "_cells", "_numbers", "_written", "filled", "left")

    def __init__(self, dtype: type[np.int64 | np.uint64] = np.int64, capacity: int = 64) -> None:
        """Start empty."""
        self.filled = 0  #: numbers in the buffer.
        self.left = 0  #: numbers left for later.
        self._blocks: list[Block] = []  #: what was left for later.
        self._written = 0  #: how many of them are written.
        self._numbers: IntArray = np.empty(capacity, dtype=dtype)
        self._cells = self._numbers.data  # reading and writing single numbers is quicker through it

    @property
    def numbers(self) -> IntArray:
        """Return all numbers, as a window."""
        if self.left:
            self._write_blocks()
        return self._numbers[: self.filled]

    def append(self, number: int) -> None:
        """Write one number."""
        if self.filled == len(self._cells):
            self._reserve(1)
        self._cells[self.filled] = number
        self.filled += 1

    def extend(self, row: tuple[int, ...]) -> None:
        """Write a few numbers."""
        if self.filled + len(row) > len(self._cells):
            self._reserve(len(row))
        at, cells = self.filled, self._cells
        if len(row) == 2:  # the bitmap's rows, by far the most
            cells[at], cells[at + 1] = row
            self.filled = at + 2
            return
        for number in row:
            cells[at] = number
            at += 1
        self.filled = at

    def extend_array(self, numbers: IntArray) -> None:
        """Write many numbers."""
        self._reserve(len(numbers))
        self._numbers[self.filled : self.filled + len(numbers)] = numbers
        self.filled += len(numbers)

    def extend_later(self, count: int, write: Write) -> None:
        """Add many numbers that `write` gives when they are read; it must give the same at any time."""
        at = len(self)
        self.left += count
        self._blocks.append(Block(at, at + count, self.left, write))

    def is_block(self, at: int, count: int, write: Write) -> bool:
        """Return whether just these numbers were left for later from place `at` on."""
        number = self._block_of(at)
        if number < 0:
            return False
        block = self._blocks[number]
        return (block.at, block.behind) == (at, at + count) and block.write == write

    def some(self, at: int, count: int) -> IntArray:
        """Return a few numbers, all of one block or all of none."""
        number = self._block_of(at)
        if number < self._written:
            return self._numbers[at : at + count]
        block = self._blocks[number]
        if at >= block.behind:
            return self._numbers[at - block.left : at - block.left + count]
        window = np.empty(count, dtype=self._numbers.dtype)
        block.write(window, at - block.at)
        return window

    def there(self, at: int, count: int) -> IntArray:
        """Return a few numbers as `some` does; whoever compares one row of a block will ask for the next."""
        number = self._block_of(at)
        if self.left and number >= self._written and at < self._blocks[number].behind:
            self._write_blocks()
        return self.some(at, count)

    def stretch(self, at: int, most: int) -> int:
        """Return where a stretch from `at` on ends that `some` can give: `most` numbers, of one block or of none."""
        number = self._block_of(at)
        if number >= 0 and at < self._blocks[number].behind:
            return min(at + most, self._blocks[number].behind)
        after = self._blocks[number + 1].at if number + 1 < len(self._blocks) else len(self)
        return min(at + most, after)

    def _block_of(self, at: int) -> int:
        return bisect_right(self._blocks, at, key=lambda block: block.at) - 1

    def _write_blocks(self) -> None:
        """Move to a buffer that holds everything."""
        whole = np.empty(len(self), dtype=self._numbers.dtype)
        at = taken = 0
        for block in self._blocks[self._written :]:
            own = block.at - at
            whole[at : block.at] = self._numbers[taken : taken + own]
            block.write(whole[block.at : block.behind], 0)
            at, taken = block.behind, taken + own
        whole[at:] = self._numbers[taken : self.filled]
        self._numbers, self._cells, self.filled, self.left = whole, whole.data, len(whole), 0
        self._written = len(self._blocks)

    def pop(self) -> int:
        """Take the last number back."""
        last = self[-1]
        self.filled -= 1
        return last

    def until(self, count: int) -> Growing:
        """Return a copy of the first `count` numbers, to go another way from there."""
        twin = Growing(self._numbers.dtype.type)
        twin.extend_array(self.numbers[:count])
        return twin

    def _reserve(self, more: int) -> None:
        if self.filled + more > len(self._numbers):
            slack = len(self._numbers) if len(self._numbers) < LARGE else len(self._numbers) // 8
            larger = np.empty(max(len(self._numbers) + slack, self.filled + more), dtype=self._numbers.dtype)
            larger[: self.filled] = self._numbers[: self.filled]
            self._numbers, self._cells = larger, larger.data

    def __len__(self) -> int:
        """Return how many numbers there are."""
        return self.filled + self.left

    def __getitem__(self, index: int) -> int:
        """Return one number; negative indices count from the end."""
        at = index if index >= 0 else len(self) + index
        if not 0 <= at < len(self):
            msg = f"number {index} of {len(self)}"
            raise IndexError(msg)
        if self.left and at < self._blocks[-1].behind:
            self._write_blocks()
        return self._cells[at - self.left]

    def __iter__(self) -> Iterator[int]:
        """Walk through the numbers."""
        return iter(self.numbers.tolist())

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> IntArray:
        """Return the numbers, for numpy."""
        return np.array(self.numbers, dtype=dtype, copy=copy)


class Columns:
    """A growable table of 64-bit integers with named columns; `fork()` makes a cheap snapshot."""

    __slots__ = ("_data", "count", "names", "width")

    def __init__(self, names: tuple[str, ...], typecode: str = "q") -> None:
        """Start an empty table; `typecode` is 'q' for signed and 'Q' for unsigned integers."""
        self.names = names
        self.width = len(names)
        self.count = 0
        self._data = Growing(np.int64 if typecode == "q" else np.uint64)

    def fork(self) -> Columns:
        """Return a snapshot that shares all rows written so far."""
        twin = Columns.__new__(Columns)
        twin.names, twin.width, twin.count, twin._data = self.names, self.width, self.count, self._data
        return twin

    def append(self, row: tuple[int, ...]) -> None:
        """Write one row, of `width` integers."""
        at = self.count * self.width
        if at == self._data.filled + self._data.left:
            self._data.extend(row)
        elif tuple(self._data.there(at, self.width).tolist()) != row:
            # Another World wrote a different row here: from now on the two go separate ways.
            self._data = self._data.until(at)
            self._data.extend(row)
        self.count += 1

    def extend(self, rows: IntArray) -> None:
        """Write many rows at once, shape (n, width)."""
        at, new = self.count * self.width, rows.reshape(-1)
        if at < len(self._data) and not np.array_equal(self._data.numbers[at : at + len(new)], new):
            self._data = self._data.until(at)
        if at == self._data.filled + self._data.left:
            self._data.extend_array(new)
        self.count += len(rows)

    def windows(self, start: int = 0) -> Iterator[tuple[int, IntArray]]:
        """Yield (number of the first row, some rows) from a row to the last; what is unwritten stays so."""
        at, end = start * self.width, self.count * self.width
        while at < end:
            stop = min(end, self._data.stretch(at, WINDOW * self.width))
            yield at // self.width, self._data.some(at, stop - at).reshape(-1, self.width)
            at = stop

    def extend_later(self, count: int, write: Write) -> None:
        """Add many rows that `write` gives, shape (n, width), when they are read; see `Growing`."""
        at, cells, by_cell = self.count * self.width, count * self.width, ByRow(write, self.width)
        if at == self._data.filled + self._data.left:
            self._data.extend_later(cells, by_cell)
            self.count += count
        elif self._data.is_block(at, cells, by_cell):
            self.count += count
        else:
            rows = np.empty((count, self.width), dtype=self._data.numbers.dtype)
            write(rows, 0)
            self.extend(rows)

    def table(self, start: int = 0, stop: int | None = None) -> IntArray:
        """Return the rows [start, stop) as an array of shape (n, width), a window to read from."""
        window = self._data.numbers[: self.count * self.width]
        return window.reshape(-1, self.width)[start:stop]

    def column(self, name: str, start: int = 0) -> IntArray:
        """Return a copy of one column."""
        return self.table(start)[:, self.names.index(name)].copy()

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
        return self.names == other.names and np.array_equal(self.table(), other.table())

    __hash__ = None  # type: ignore[assignment]  # a growing table has no hash
