"""Blocks of late rows, and which of them may hold a key: a long program leaves thousands, so none is asked in vain."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from typing import Any, Generic, Protocol, Self, TypeVar

K = TypeVar("K")
V_co = TypeVar("V_co", covariant=True)


class LateRows(Protocol[K, V_co]):
    """Rows that are made when somebody looks: under which keys, and how one is made."""

    @property
    def bounds(self) -> tuple[int, int]:
        """Return the least and the greatest rank of its keys; see `LateTable.ranks`."""

    def __len__(self) -> int:
        """Return how many there are, one at least."""

    def place(self, key: K) -> int:
        """Return the place of a key's row, −1 for none."""

    def row(self, place: int) -> V_co:
        """Make a row."""

    def among(self, keys: list[K]) -> list[K]:
        """Return those of some keys that are its own."""

    def items(self) -> Iterable[tuple[K, V_co]]:
        """Make all rows, each with its key, in order."""


R = TypeVar("R", bound=LateRows[Any, Any])


class Blocks(Generic[R]):
    """Blocks in the order in which they came.

    Most have keys above those of all before, so that a search by halves finds those which may hold a key.
    """

    __slots__ = ("_highs", "_lows", "_others", "_risen", "all", "highest", "rows")

    def __init__(self, blocks: Iterable[tuple[int, R]] = ()) -> None:
        """Start with some blocks, each with how many rows of the table itself came before it."""
        self.all: list[tuple[int, R]] = []
        self.rows, self.highest = 0, -1  #: how many rows they have, and the highest rank of their keys.
        self._risen: list[R] = []
        self._lows: list[int] = []
        self._highs: list[int] = []
        self._others: list[R] = []  #: with keys below some of an earlier block.
        for before, rows in blocks:
            self.add(before, rows)

    def add(self, before: int, rows: R) -> None:
        """Add a block."""
        self.all.append((before, rows))
        self.rows += len(rows)
        low, high = rows.bounds
        self.highest = max(self.highest, high)
        if self._highs and low <= self._highs[-1]:
            self._others.append(rows)
        else:
            self._risen.append(rows)
            self._lows.append(low)
            self._highs.append(high)

    def near(self, low: int, high: int) -> list[R]:
        """Return the blocks that may hold a key whose rank is from `low` to `high`."""
        found = self._risen[bisect_left(self._highs, low) : bisect_right(self._lows, high)]
        return found + [rows for rows in self._others if low <= rows.bounds[1] and rows.bounds[0] <= high]

    def without(self, gone: Iterable[R]) -> Blocks[R]:
        """Return all blocks but some."""
        left_out = {id(rows) for rows in gone}
        return Blocks(pair for pair in self.all if id(pair[1]) not in left_out)

    def copy(self) -> Self:
        """Return the same blocks, to which others can be added."""
        twin = type(self)()
        for name in ("all", "_risen", "_lows", "_highs", "_others"):
            setattr(twin, name, getattr(self, name).copy())
        twin.rows, twin.highest = self.rows, self.highest
        return twin
