"""Ledger rows sorted by what holds them: the chunk and the end that an object was allocated from.

Law: rows that fall together stay in the order of time. So the rows of one key rise, and those that follow each
other in the ledger are one stretch: a run of equal values takes as little here as a single value.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable

import numpy as np

from arenalab.view.columns import Column
from arenalab.world.columns import Columns
from arenalab.world.history_indexes import Kept

Key = Callable[
    [Column], Column
]  #: the keys of some rows of the ledger, as int64; those below 0 don't matter.


def narrowed(column: Column) -> Column:
    """Return a column of numbers from 0 up in 32 bits where they fit."""
    return column.astype(np.uint32) if column.max(initial=0) < 2**32 else column


class ObjectOrder:
    """Places in the order of keys, from 0; the rows of one key stand side by side and rise."""

    def __init__(self, row: Column, count: Column, first: Column) -> None:
        """Take the first row and the length of each stretch, by key, and the first stretch of each key, and the end."""
        self._first = first
        single = bool((count == 1).all())
        place = np.arange(len(count) + 1) if single else np.append(0, np.cumsum(count, dtype=np.int64))
        self._row = row  #: of each stretch.
        self.starts: Column = place[first]  #: where each key begins, and the end.
        self._place = None if single else narrowed(place)  #: where each stretch begins; None: stretch n at n.

    @classmethod
    def of(cls, ledger: Columns, key_of: Key, keys: int) -> ObjectOrder:
        """Sort the rows of a ledger by keys from 0 to `keys` − 1."""
        row, key = _stretches(ledger, key_of)
        count = narrowed(np.diff(row, append=len(ledger)))
        by_key = np.argsort(key, kind="stable")
        first = np.searchsorted(key[by_key], np.arange(keys + 1, dtype=key.dtype))
        return cls(row[by_key], count[by_key], first)

    def for_file(self) -> dict[str, Column]:
        """Return what a file keeps of it."""
        one = np.broadcast_to(np.uint8(1), len(self._row))
        count = one if self._place is None else np.diff(self._place)
        return {"row": self._row, "count": count, "first": self._first}

    @classmethod
    def from_file(cls, kept: Kept, rows: int, keys: int) -> ObjectOrder:
        """Return the order of a ledger of so many rows that a file keeps.

        Raises:
            ArenaLabError: it makes no sense.

        """
        row = narrowed(kept.column("row", range(rows)))
        count = narrowed(kept.column("count", range(1, rows + 1), len(row)))
        first = kept.rising("first", range(len(row) + 1), keys + 1)
        ends = row[:-1].astype(np.int64) + count[:-1]
        follows = row[1:] >= ends
        follows[first[(first > 0) * (first < len(row))] - 1] = True  # another key begins with any row
        follows[: int(first[0])] = True  # keys below 0
        if first[-1] != len(row) or int(count.sum(dtype=np.int64)) != rows or not follows.all():
            raise kept.refused("its rows are no order of the ledger's")
        return cls(row, count, first)

    def rows(self, first: int, last: int) -> Column:
        """Return the ledger rows at the places [first, last)."""
        if self._place is None or first >= last:
            return self._row[first:last].astype(np.int64)
        low, high = bisect_right(self._place, first) - 1, bisect_left(self._place, last)
        place, row = self._place[low : high + 1].astype(np.int64), self._row[low:high].astype(np.int64)
        edges = np.clip(place, first, last)
        rows: Column = np.repeat(row - place[:-1], np.diff(edges)) + np.arange(first, last)
        return rows

    def rows_at(self, places: Column) -> Column:
        """Return the ledger rows at some places, in any order."""
        if self._place is None:
            return self._row[places].astype(np.int64)
        stretch = np.searchsorted(self._place, places.astype(self._place.dtype), side="right") - 1
        rows: Column = self._row[stretch].astype(np.int64) + places - self._place[stretch]
        return rows

    def place_of(self, row: int, start: int, stop: int) -> int:
        """Return the first place whose row is `row` or a later one, among the places [start, stop) of one key."""
        if self._place is None:
            return bisect_left(self._row, row, start, stop)
        low, high = bisect_left(self._place, start), bisect_left(self._place, stop)
        stretch = bisect_right(self._row, row, low, high) - 1
        if stretch < low:
            return start
        return min(int(self._place[stretch]) + row - int(self._row[stretch]), int(self._place[stretch + 1]))


def _stretches(ledger: Columns, key_of: Key) -> tuple[Column, Column]:
    """Return the first row of each stretch of rows of one key, and its key."""
    rows, keys = [np.zeros(0, dtype=np.uint32)], [np.zeros(0, dtype=np.int32)]
    for first, part in ledger.windows():
        key = key_of(part)
        begins = np.flatnonzero(np.append(True, key[1:] != key[:-1]))  # the first row of a window
        rows.append(narrowed(first + begins))
        keys.append(key[begins].astype(np.int32))
    row, key = np.concatenate(rows), np.concatenate(keys)
    begins = np.append(True, key[1:] != key[:-1])[: len(key)]  # one that goes on in the next window
    return row[begins], key[begins]
