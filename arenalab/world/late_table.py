"""A table some of whose rows are made when somebody looks at them: those that a bulk run leaves.

Rule: no reader can tell. A row that nobody has written is made again at each look, a written one is kept;
who walks through the table, or compares it, has all rows made first, in the order in which the keys came.
"""

from __future__ import annotations

from collections.abc import ItemsView, Iterable, Iterator, KeysView, Sequence, ValuesView
from typing import Any, Generic, Self, TypeVar, overload

from arenalab.world.late_blocks import Blocks, LateRows

K = TypeVar("K")
V = TypeVar("V")
D = TypeVar("D")


class LateTable(dict[K, V], Generic[K, V]):
    """A dict to which blocks of late rows can be added; see the rule above."""

    __slots__ = ("_blocks", "_written")

    def __init__(self, rows: Iterable[tuple[K, V]] = ()) -> None:
        """Start with rows that are there."""
        super().__init__(rows)
        self._blocks: Blocks[LateRows[K, V]] = Blocks()
        self._written: dict[K, V] = {}  #: rows of blocks that were written since.

    @staticmethod
    def ranks(keys: list[K]) -> list[int]:
        """Return numbers that keys are found by: themselves, where a subclass doesn't know better."""
        return keys  # type: ignore[return-value]

    # late rows

    def add_late(self, rows: LateRows[K, V]) -> None:
        """Add rows under new keys."""
        self._blocks.add(super().__len__(), rows)

    @property
    def late(self) -> list[LateRows[K, V]]:
        """Return the blocks whose rows are not made, oldest first."""
        return [rows for _, rows in self._blocks.all]

    @property
    def untouched(self) -> bool:
        """Whether no late row was written since."""
        return not self._written

    def late_ones(self, keys: list[K]) -> list[K]:
        """Return those of some keys whose rows are as their blocks give them: nobody has written them since."""
        found = set[K]()
        for rows in self._near(keys):
            mine = rows.among(keys)
            if len(mine) == len(keys) and not self._written:
                return keys
            found.update(mine)
        return [key for key in keys if key in found and key not in self._written]

    def has_none(self, keys: list[K]) -> bool:
        """Return whether there is no row under any of some keys."""
        return super().keys().isdisjoint(keys) and not any(rows.among(keys) for rows in self._near(keys))

    def is_below(self, rank: int) -> bool:
        """Return whether all keys are of lower ranks than one."""
        return max([self._blocks.highest, *self.ranks([*super().keys()])]) < rank

    def drop_late(self, gone: Sequence[LateRows[K, V]]) -> None:
        """Remove whole blocks."""
        self._blocks = self._blocks.without(gone)
        self._written = {
            key: row for key, row in self._written.items() if all(each.place(key) < 0 for each in gone)
        }

    def made(self) -> Iterable[tuple[K, V]]:
        """Return the rows that are made, those of no block, with their keys."""
        return super().items()

    def whole(self) -> Self:
        """Make all rows; return the table."""
        if self._blocks.rows:
            rows, taken = list(super().items()), 0
            super().clear()
            for before, block in self._blocks.all:
                super().update(rows[taken:before])
                super().update(block.items())
                taken = before
            super().update(rows[taken:])
            super().update(self._written)
            self._blocks, self._written = Blocks(), {}
        return self

    def _near(self, keys: list[K]) -> list[LateRows[K, V]]:
        """Return the blocks that may hold any of some keys."""
        ranks = self.ranks(keys)
        return self._blocks.near(min(ranks), max(ranks)) if ranks else []

    def _find(self, key: K) -> tuple[LateRows[K, V], int] | None:
        for rows in self._near([key]):
            place = rows.place(key)
            if place >= 0:
                return rows, place
        return None

    # a dict

    def __missing__(self, key: K) -> V:
        """Make a late row."""
        if key in self._written:
            return self._written[key]
        found = self._find(key)
        if found is None:
            raise KeyError(key)
        return found[0].row(found[1])

    def __contains__(self, key: object) -> bool:
        """Return whether there is a row under a key."""
        return super().__contains__(key) or (self._blocks.rows > 0 and self._find(key) is not None)  # type: ignore[arg-type]

    @overload
    def get(self, key: K, default: None = None, /) -> V | None: ...
    @overload
    def get(self, key: K, default: V, /) -> V: ...
    @overload
    def get(self, key: K, default: D, /) -> V | D: ...
    def get(self, key: K, default: Any = None, /) -> Any:
        """Return a row, or `default`."""
        try:
            return self[key]
        except KeyError:
            return default

    def __setitem__(self, key: K, row: V) -> None:
        """Write a row."""
        if self._blocks.rows and not super().__contains__(key) and self._find(key) is not None:
            self._written[key] = row
        else:
            super().__setitem__(key, row)

    def __delitem__(self, key: K) -> None:
        """Remove a row."""
        self.whole()
        super().__delitem__(key)

    def pop(self, key: K, *default: Any) -> Any:
        """Remove a row and return it."""
        self.whole()
        return super().pop(key, *default)

    def __len__(self) -> int:
        """Return how many rows there are."""
        return super().__len__() + self._blocks.rows

    def __bool__(self) -> bool:
        """Return whether there are any."""
        return len(self) > 0

    def __iter__(self) -> Iterator[K]:
        """Walk through the keys."""
        self.whole()
        return super().__iter__()

    def keys(self) -> KeysView[K]:  # type: ignore[override]  # dict's own is one
        """Return the keys."""
        self.whole()
        return super().keys()

    def values(self) -> ValuesView[V]:  # type: ignore[override]
        """Return the rows."""
        self.whole()
        return super().values()

    def items(self) -> ItemsView[K, V]:  # type: ignore[override]
        """Return keys and rows."""
        self.whole()
        return super().items()

    def copy(self) -> Self:
        """Return a table that shares the rows and goes its own way."""
        twin = type(self)(super().items())
        twin._blocks, twin._written = self._blocks.copy(), dict(self._written)
        return twin

    def __eq__(self, other: object) -> bool:
        """Compare all rows."""
        if isinstance(other, LateTable):
            other.whole()
        self.whole()
        return super().__eq__(other)

    def __ne__(self, other: object) -> bool:
        """Compare all rows."""
        return not self == other

    __hash__ = None  # it changes
