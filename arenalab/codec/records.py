"""Records: objects of several kinds in their order, each kind's fields as columns of an archive.

A table has one column with the kind of each object in order (`TABLE.order`), and for each field of each kind one with
what that kind's objects hold in it (`TABLE.KIND.FIELD`), in their order. Objects are made when somebody looks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, MutableSequence, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np

from arenalab.codec.archive import Archive, ArchiveOut, Column
from arenalab.codec.cells import Cells, Texts, write_cells
from arenalab.codec.forms import Form
from arenalab.codec.gathered import Gathered
from arenalab.codec.kinds import Number
from arenalab.errors import ArenaLabError, cut
from arenalab.go.types import GoType

T = TypeVar("T")
BLOCK = 2048  #: objects that are made together.
MOST_BLOCKS = 8  #: of those looked at last, which are kept.
NEAR = 64  #: who asks for one that is no further from the last goes on from there: so many are made together.
MOST_KINDS = 256


class Named(NamedTuple, Generic[T]):
    """A kind of object in a table."""

    name: str  #: in the names of columns.
    form: Form[T]


def write_records(
    out: ArchiveOut,
    table: str,
    objects: Iterable[T],
    named: Callable[[type[T]], Named[T]],
    number: Number,
    texts: Texts,
) -> list[str]:
    """Write objects in their order; return the names of their kinds, as the reader must be given them.

    Args:
        out: the archive.
        table: begins the names of the columns.
        objects: of at most MOST_KINDS kinds.
        named: returns a kind's name and form.
        number: returns a type's number in the file.
        texts: of each column of texts those in it; the table's are entered.

    """
    read = Gathered(objects, lambda kind: named(kind).form)
    out.put_counted(f"{table}.order", read.order)
    for kind, fields in read.kinds.items():
        for field in fields:
            name = f"{table}.{named(kind).name}.{field.cell.name}"
            write_cells(out, name, field.cell.kind, field.values(), number, texts)
    return [named(kind).name for kind in read.kinds]


class Records(Generic[T]):
    """A table of an archive, read column by column as somebody looks."""

    def __init__(
        self, archive: Archive, table: str, kinds: Sequence[Named[T]], types: Sequence[GoType]
    ) -> None:
        """Read the order.

        Raises:
            ArenaLabError: it is not there, or names a kind that is none; as the archive's.

        """
        self.archive, self.table = archive, table
        self.kinds = tuple(kind.form.made for kind in kinds)  #: what the numbers of `order` stand for.
        self.order = archive.column(
            f"{table}.order", None, range(len(kinds))
        )  #: the kind of each object, its number.
        self._ranks = _ranks(self.order, len(kinds))
        counts = self._ranks[-1].tolist()
        self._cells = [
            {
                cell.name: Cells(archive, f"{table}.{kind.name}.{cell.name}", cell.kind, count, types)
                for cell in kind.form.cells
            }
            for kind, count in zip(kinds, counts, strict=True)
        ]

    def __len__(self) -> int:
        """Return how many objects there are."""
        return len(self.order)

    def cells(self, kind: type[T], name: str) -> Cells | None:
        """Return a field of a kind, for all objects of it in order; None where there is no such object."""
        return self._cells[self.kinds.index(kind)][name] if kind in self.kinds else None

    def fields(self, kind: type[T]) -> dict[str, Cells]:
        """Return the fields of a kind that there are objects of, by their names."""
        return self._cells[self.kinds.index(kind)]

    def before(self, at: int) -> Column:
        """Return how many objects of each kind stand before the one in place `at`, shape (kinds,)."""
        block = at // BLOCK
        rest = np.bincount(self.order[block * BLOCK : at], minlength=len(self.kinds))
        counts: Column = self._ranks[block] + rest
        return counts

    def some(self, first: int, last: int) -> list[T]:
        """Return the objects [first, last), made now.

        Raises:
            ArenaLabError: a column holds what it may not; as the archive's.

        """
        order = self.order[first:last]
        found: list[Any] = [None] * len(order)
        before = self.before(first)
        for kind in sorted(set(order.tolist())):
            places = np.flatnonzero(order == kind).tolist()
            begin = int(before[kind])
            for place, each in zip(places, self._made(kind, begin, begin + len(places)), strict=True):
                found[place] = each
        return found

    def _made(self, kind: int, first: int, last: int) -> Iterator[T]:
        """Make objects of one kind by their places among its own."""
        made, cells = self.kinds[kind], self._cells[kind]
        if not cells:
            return (made() for _ in range(last - first))
        try:
            return iter(list(map(made, *(each.values(slice(first, last)) for each in cells.values()))))
        except ArenaLabError as error:
            if self.archive.where in str(error):
                raise
            name = f"{self.table}.{made.__name__}, row {first:,} to {last - 1:,}"
            raise self.archive.refused(f"{name}: {cut(error)}") from None


def _ranks(order: Column, kinds: int) -> Column:
    """Return how many objects of each kind stand before each block, shape (blocks + 1, kinds); the last row is all."""
    blocks = [np.bincount(order[at : at + BLOCK], minlength=kinds) for at in range(0, len(order), BLOCK)]
    return np.cumsum([np.zeros(kinds, dtype=np.int64), *blocks], axis=0)


class Stored(MutableSequence[T]):
    """The objects of a table as a list that makes them when somebody looks; others may be added at its end."""

    def __init__(self, records: Records[T]) -> None:
        """Begin with all that are in the table."""
        self.records = records
        self.kept = len(records)  #: of the table's; fewer where some were taken back.
        self.added: list[T] = []  #: after those.
        self._blocks: dict[int, list[T]] = {}  #: of those that are walked through.
        self._pieces: dict[int, list[T]] = {}  #: of those that are looked at one by one.
        self._last = 0  #: the one that was asked for last.

    def __len__(self) -> int:
        """Return how many there are."""
        return self.kept + len(self.added)

    def __getitem__(self, number: Any) -> Any:
        """Return one, or those of a slice as a list."""
        if isinstance(number, slice):
            first, last, step = number.indices(len(self))
            if step != 1:
                return [self[at] for at in range(first, last, step)]
            return self._part(first, last)
        at = range(len(self))[number]
        if at >= self.kept:
            return self.added[at - self.kept]
        if (block := self._blocks.get(at // BLOCK)) is not None:
            return block[at % BLOCK]
        far, self._last = abs(at - self._last) > NEAR, at
        if far and at // NEAR not in self._pieces:
            return self.records.some(at, at + 1)[0]  # who looks here and there needs no others
        return self._made(self._pieces, at // NEAR, NEAR)[at % NEAR]

    def _part(self, first: int, last: int) -> list[T]:
        found: list[T] = []
        for block in range(first // BLOCK, -(-min(last, self.kept) // BLOCK)):
            start = block * BLOCK
            found += self._made(self._blocks, block, BLOCK)[
                max(first - start, 0) : min(last, self.kept) - start
            ]
        return found + self.added[max(first - self.kept, 0) : max(last - self.kept, 0)]

    def _made(self, kept: dict[int, list[T]], number: int, size: int) -> list[T]:
        """Return objects that are made together, kept for those that were asked for last."""
        found = kept.pop(number, None)
        if found is None:
            found = self.records.some(number * size, min((number + 1) * size, len(self.records)))
        kept[number] = found  # the latest stands last
        while len(kept) > MOST_BLOCKS:
            del kept[next(iter(kept))]
        return found

    def __iter__(self) -> Iterator[T]:
        """Walk through them, block by block."""
        for start in range(0, len(self), BLOCK):
            yield from self._part(start, min(start + BLOCK, len(self)))

    def insert(self, index: int, value: T) -> None:
        """Add one at the end, the only place for it."""
        if index < len(self):
            raise IndexError("only at the end")
        self.added.append(value)

    def append(self, value: T) -> None:
        """Add one at the end."""
        self.added.append(value)

    def __setitem__(self, number: Any, value: Any) -> None:
        """Refuse: what has happened stays."""
        raise TypeError("what is there can't be replaced")

    def __delitem__(self, number: Any) -> None:
        """Take the last ones back."""
        first = range(len(self))[number].start if isinstance(number, slice) else range(len(self))[number]
        del self.added[max(first - self.kept, 0) :]
        self.kept = min(self.kept, first)

    def __eq__(self, other: object) -> bool:
        """Compare with any sequence, one by one."""
        if not isinstance(other, Sequence):
            return NotImplemented
        return len(self) == len(other) and all(mine == its for mine, its in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]  # it grows
