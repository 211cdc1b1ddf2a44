"""Append-only rows of integers that many Worlds share.

Law: a row, once written, never changes. So a snapshot keeps only how many rows it saw,
and time travel costs nothing. A snapshot that is written to again finds the rows it would write
already there (it re-applies the same log) and only counts on; when they differ (a what-if
branch) it goes on with rows of its own.
"""

from __future__ import annotations

from array import array
from typing import Any

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[Any]


class Columns:
    """A growable table of 64-bit integers with named columns; `fork()` makes a cheap snapshot."""

    __slots__ = ("_data", "count", "names", "width")

    def __init__(self, names: tuple[str, ...], typecode: str = "q") -> None:
        """Start an empty table; `typecode` is 'q' for signed and 'Q' for unsigned integers."""
        self.names = names
        self.width = len(names)
        self.count = 0
        self._data: array[int] = array(typecode)

    def fork(self) -> Columns:
        """Return a snapshot that shares all rows written so far."""
        twin = Columns.__new__(Columns)
        twin.names, twin.width, twin.count, twin._data = self.names, self.width, self.count, self._data
        return twin

    def append(self, row: tuple[int, ...]) -> None:
        """Write one row, of `width` integers."""
        at = self.count * self.width
        if at == len(self._data):
            self._data.extend(row)
        elif tuple(self._data[at : at + self.width]) != row:
            # Another World wrote a different row here: from now on the two go separate ways.
            self._data = self._data[:at]
            self._data.extend(row)
        self.count += 1

    def extend(self, rows: IntArray) -> None:
        """Write many rows at once, shape (n, width)."""
        at = self.count * self.width
        new = np.ascontiguousarray(rows, dtype=self._dtype).reshape(-1)
        if at < len(self._data) and not self._has(at, new):
            self._data = self._data[:at]
        if at == len(self._data):
            self._data.frombytes(new.view(np.uint8).data)
        self.count += len(rows)

    def _has(self, at: int, new: IntArray) -> bool:
        """Return whether the numbers stand there already."""
        there = np.frombuffer(self._data, dtype=self._dtype, count=min(len(new), len(self._data) - at), offset=8 * at)
        return np.array_equal(there, new)

    @property
    def _dtype(self) -> type[np.int64 | np.uint64]:
        return np.int64 if self._data.typecode == "q" else np.uint64

    def table(self, start: int = 0, stop: int | None = None) -> IntArray:
        """Return the rows [start, stop) as an array of shape (n, width).

        The array is a window on the shared rows: keep no reference to it beyond the statement
        that reads it, since rows can't grow while a window is open.
        """
        window = np.frombuffer(self._data, dtype=self._dtype, count=self.count * self.width)
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
        return tuple(self._data[at : at + self.width])

    def __len__(self) -> int:
        """Return how many rows this snapshot sees."""
        return self.count

    def __eq__(self, other: object) -> bool:
        """Compare what the two snapshots see."""
        if not isinstance(other, Columns):
            return NotImplemented
        return self.names == other.names and np.array_equal(self.table(), other.table())

    __hash__ = None  # type: ignore[assignment]  # a growing table has no hash
