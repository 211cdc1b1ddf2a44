"""Whole numbers in one growing buffer, some of them left to be written when somebody reads them.

Law: a number, once written, never changes.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

import numpy as np

from arenalab.world.deferred import Block, IntArray, Write

LARGE = 2**20  #: numbers in a buffer that grows by an eighth when it is full, no longer by as much again.


class GrowableArray:
    """Whole numbers of 64 bits that grow at the end, in one buffer that moves to a larger one when it is full.

    Windows on it stay valid: growing moves to a new buffer, and what was written never changes. Large
    buffers come from numpy, which asks for huge pages, so a page fault is rare. Many numbers that one
    rule gives may be left unwritten until somebody reads: no reader can tell. Until then the buffer holds
    the others only, one after the other.
    """

    __slots__ = ("_blocks", "_cells", "_numbers", "_starts", "_written", "filled", "left")

    def __init__(self, dtype: type[np.int64 | np.uint64] = np.int64, capacity: int = 64) -> None:
        """Start empty."""
        self.filled = 0  #: numbers in the buffer.
        self.left = 0  #: numbers left for later.
        self._blocks: list[Block] = []  #: what was left for later.
        self._starts: list[int] = []  #: where each of them begins.
        self._written = 0  #: how many of them are written.
        self._numbers: IntArray = np.empty(capacity, dtype=dtype)
        self._cells = self._numbers.data  # reading and writing single numbers is quicker through it

    @property
    def dtype(self) -> np.dtype[Any]:
        """Return the type of each number."""
        return self._numbers.dtype

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
        self._starts.append(at)

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

    def is_unwritten(self, at: int) -> bool:
        """Return whether the number at place `at` was left for later and is not written yet."""
        number = self._block_of(at)
        return number >= self._written and at < self._blocks[number].behind

    def left_between(self, at: int, behind: int) -> Block | None:
        """Return what the numbers [at, behind) are left to; None unless all of them are, to one rule."""
        number = self._block_of(at)
        if number < self._written or behind > self._blocks[number].behind:
            return None
        return self._blocks[number]

    def holds(self, at: int, numbers: IntArray) -> bool:
        """Return whether these numbers stand from place `at` on."""
        return at + len(numbers) <= len(self) and np.array_equal(self.part(at, len(numbers)), numbers)

    def part(self, at: int, count: int) -> IntArray:
        """Return numbers: a window where one buffer holds them, else a copy; what is unwritten stays so."""
        if self.stretch(at, count) == at + count:
            return self.some(at, count)
        numbers = np.empty(count, dtype=self._numbers.dtype)
        self.fill(numbers, at)
        return numbers

    def fill(self, window: IntArray, at: int) -> None:
        """Copy the numbers from place `at` on into a window; what is unwritten here stays so."""
        done, count = 0, len(window)
        while done < count:
            number = self._block_of(at + done)
            stop = self.stretch(at + done, count - done) - at
            if number >= self._written and at + done < self._blocks[number].behind:
                block = self._blocks[number]
                block.write(window[done:stop], at + done - block.at)
            else:
                window[done:stop] = self.some(at + done, stop - done)
            done = stop

    def stretch(self, at: int, most: int) -> int:
        """Return where a stretch from `at` on ends that `some` can give: `most` numbers, of one block or of none."""
        number = self._block_of(at)
        if number >= 0 and at < self._blocks[number].behind:
            return min(at + most, self._blocks[number].behind)
        after = self._blocks[number + 1].at if number + 1 < len(self._blocks) else len(self)
        return min(at + most, after)

    def _block_of(self, at: int) -> int:
        return bisect_right(self._starts, at) - 1

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
        if self.left and len(self) == self._blocks[-1].behind:
            self._write_blocks()
        last = self[-1]
        self.filled -= 1
        return last

    def until(self, count: int) -> GrowableArray:
        """Return the first `count` numbers, to go another way from there: read here, so nothing is copied."""
        twin = GrowableArray(self._numbers.dtype.type)
        source, shared = self._source
        # What is read elsewhere itself is read there, so no chain of readers grows; the rest is little.
        shared = min(shared, count)
        if shared:
            twin.extend_later(shared, Through(source))
        if count > shared:
            twin.extend_array(self.part(shared, count - shared))
        return twin

    @property
    def _source(self) -> tuple[GrowableArray, int]:
        """Return whose numbers the first of these are, and how many."""
        if self._blocks and isinstance(write := self._blocks[0].write, Through):
            return write.numbers, self._blocks[0].behind
        return self, len(self)

    def shared(self, other: GrowableArray) -> int:
        """Return how many of the first numbers are known to be another's, too, without looking at them."""
        (source, count), (another, number) = self._source, other._source
        return min(count, number) if source is another else 0

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
            return int(self.some(at, 1)[0])
        return self._cells[at - self.left]

    def __iter__(self) -> Iterator[int]:
        """Walk through the numbers."""
        return iter(self.numbers.tolist())

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> IntArray:
        """Return the numbers, for numpy."""
        return np.array(self.numbers, dtype=dtype, copy=copy)


class Through:
    """Reads the first numbers of another buffer, which never change, instead of copying them."""

    __slots__ = ("numbers",)

    def __init__(self, numbers: GrowableArray) -> None:
        """Read those."""
        self.numbers = numbers

    def __call__(self, window: IntArray, first: int) -> None:
        """Fill a window."""
        self.numbers.fill(window, first)
