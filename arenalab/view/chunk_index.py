"""ChunkIndex: finds the objects of one chunk at one moment without walking through all others.

Rules:
1. An index answers as a scan of the ledger would; it only answers sooner.
2. Within one life of a chunk, pointerful objects lie in the order of time, pointer-free ones against
   it. So each of the two runs is sorted by address, and whatever a picture asks is a binary search.

Objects never change, so one order of the head's ledger serves every moment: at a moment a chunk holds those
of its rows that were made since it was last obtained and before now. Four bytes are kept for each stretch of
objects made side by side (eight where such have several), and the edges of the objects of the chunks that were
looked into last; all else is read from the ledger, of which what is unwritten stays so.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, NamedTuple

import numpy as np

from arenalab.view.columns import Column
from arenalab.view.object_order import ObjectOrder, narrowed
from arenalab.world.columns import WINDOW
from arenalab.world.history import History
from arenalab.world.history_indexes import Kept, indexed
from arenalab.world.state import LEDGER, World

OWNER = LEDGER.index("user_arena")
MOST_EDGES = 4  #: directions of chunks whose edges are kept: a step goes between two chunks at most.


@dataclass(eq=False)
class Run:
    """The objects of one direction in one chunk at one moment, by address; all columns are equally long."""

    index: ChunkIndex  #: the index that it is a part of.
    key: int  #: twice the chunk, plus one for pointer-free objects.
    first: int  #: place in the index's order of the first in time.
    last: int  #: place after the last one.

    @property
    def pointerful(self) -> bool:
        """Whether these are the objects with pointers, which rise with time."""
        return self.key % 2 == 0

    def __len__(self) -> int:
        """Return the number of objects."""
        return self.last - self.first

    def _by_address(self, column: Column) -> Column:
        return column if self.pointerful else column[::-1]

    @cached_property
    def row(self) -> Column:
        """Ledger rows: rising for pointerful objects, falling for pointer-free ones."""
        return self._by_address(self.index.rows(self.first, self.last))

    @cached_property
    def left(self) -> Column:
        """Offset of the first byte, rising; as narrow as it is kept, so that a step copies nothing."""
        return self._by_address(self.index.edges(self.key).left(self.first, self.last))

    @cached_property
    def right(self) -> Column:
        """Offset after the last byte, rising; so, too."""
        return self._by_address(self.index.edges(self.key).right(self.first, self.last))

    def rows_at(self, which: Column) -> Column:
        """Return the ledger rows of some of the objects, by their numbers, without making those of the others."""
        return self.index.rows_at(self.first + which if self.pointerful else self.last - 1 - which)

    def of(self, name: str, which: Any) -> Any:
        """Return a column of the ledger for some of the objects: a number, a slice or an array of numbers."""
        if np.ndim(which) == 0 and not isinstance(which, slice):
            return self._object(which)[LEDGER.index(name)]
        return self.table(which, name)[:, 0]

    def table(self, which: slice | Column, *names: str) -> Column:
        """Return columns of the ledger for some of the objects, shape (objects, names)."""
        which = np.arange(*which.indices(len(self))) if isinstance(which, slice) else which
        return self.index.ledger(self.rows_at(which), *names)

    def _object(self, one: int) -> tuple[int, ...]:
        """Return the ledger's row of one object."""
        return self.index.object(int(self.rows_at(np.array([one]))[0]))

    def edges_of(self, one: int) -> tuple[int, int]:
        """Return the offsets of one object, without looking at the others."""
        addr, size, *_ = self._object(one)
        left = addr - self.index.history.world.spans[self.key // 2].base
        return left, left + size

    def made_since(self, row: int) -> tuple[int, int]:
        """Return the slice of objects that are in ledger row `row` or a later one."""
        before = self.index.place_of(row, self.first, self.last) - self.first
        return (before, len(self)) if self.pointerful else (0, len(self) - before)

    def reaching_into(self, left: int, right: int) -> slice:
        """Return the slice of objects that have bytes in [left, right)."""
        return slice(bisect_right(self.right, left), bisect_left(self.left, right))

    def made_by(self, owner: int) -> tuple[int, int]:
        """Return the slice of a chunk's present user arena; those before it stay freed."""
        numbers = range(len(self)) if self.pointerful else range(len(self))[::-1]  # in the order of time
        first = bisect_left(numbers, True, key=lambda one: self._object(one)[OWNER] == owner)  # noqa: FBT003
        return (first, len(self)) if self.pointerful else (0, len(self) - first)

    def bytes_of(self, first: Column, last: Column) -> Column:
        """Return the bytes of the objects from each number of `first` to that of `last`, itself included."""
        if np.array_equal(first, last):
            return (self.right[first] - self.left[first]).astype(np.int64)
        sizes = self.right - self.left
        return np.array(
            [int(sizes[low : high + 1].sum(dtype=np.int64)) for low, high in zip(first, last, strict=True)]
        )


class Contents(NamedTuple):
    """What a chunk holds at a moment."""

    front: Run  #: pointerful objects, from the low end up.
    back: Run  #: pointer-free objects, up to the high end.

    @property
    def objects(self) -> int:
        """How many objects there are."""
        return len(self.front) + len(self.back)

    def rows_in(self, left: int, right: int) -> Column:
        """Return the ledger rows, rising, of the objects that reach into the bytes [left, right)."""
        found = [run.rows_at(np.arange(*run.reaching_into(left, right).indices(len(run)))) for run in self]
        return np.sort(np.concatenate(found))


class Extent(NamedTuple):
    """How far a chunk was ever filled: bytes from its low end, bytes from its high end."""

    front: int  #: bytes from the low end.
    back: int  #: bytes from the high end.


class Edges:
    """Where the objects of one direction in one chunk begin and end, for all times; 32-bit offsets."""

    def __init__(self, index: ChunkIndex, key: int) -> None:
        """Read them from the ledger."""
        self.start, stop = index.range_of(key)
        rows = index.rows(self.start, stop)
        addr, size = index.ledger(rows, "addr", "size").T
        left = addr - index.history.world.spans[key // 2].base
        self._left, self._right = narrowed(left), narrowed(left + size)

    def left(self, first: int, last: int) -> Column:
        """Return the offsets of the first bytes, in the order of time."""
        return self._left[first - self.start : last - self.start]

    def right(self, first: int, last: int) -> Column:
        """Return the offsets after the last bytes, in the order of time."""
        return self._right[first - self.start : last - self.start]


@indexed
class ChunkIndex:
    """The ledger of a history, sorted by chunk and direction; rebuilt when the history has grown."""

    in_file: ClassVar[str] = "chunks 1"
    words: ClassVar[tuple[str, ...]] = ()

    def __init__(self, history: History, order: ObjectOrder | None = None) -> None:
        """Read the history's ledger as it is now, or take it sorted."""
        self.history = history
        self._size: tuple[int, ...] = () if order is None else self._now()
        if order is not None:
            self._take(order)
        self.refresh()

    def _now(self) -> tuple[int, ...]:
        world = self.history.world
        return len(self.history.ops), world.ledger.count, len(world.spans)

    def refresh(self) -> None:
        """Read it again if the history has grown since."""
        if (size := self._now()) != self._size:
            self._size = size
            self._take(self._sorted(self.history.world))

    def for_file(self) -> dict[str, Column]:
        """Return what a file keeps of it."""
        return self._order.for_file()

    @classmethod
    def from_file(cls, history: History, kept: Kept) -> ChunkIndex:
        """Return the index that a file keeps."""
        world = history.world
        return cls(history, ObjectOrder.from_file(kept, len(world.ledger), 2 * len(world.spans)))

    def _sorted(self, world: World) -> ObjectOrder:
        """Sort the ledger by chunk and direction; what falls together stays in the order of time."""
        pointer_free = np.array([t.ptr_bytes == 0 for t in world.types], dtype=bool)
        chunk, kind = LEDGER.index("chunk"), LEDGER.index("type")
        return ObjectOrder.of(
            world.ledger, lambda rows: 2 * rows[:, chunk] + pointer_free[rows[:, kind]], 2 * len(world.spans)
        )

    def _take(self, order: ObjectOrder) -> None:
        self._order = order
        self._extents: dict[int, Extent] = {}
        self._kept: dict[Any, Any] = {}
        self._edges: dict[int, Edges] = {}

    def ledger(self, rows: Column, *names: str) -> Column:
        """Return columns of the ledger for some rows, shape (rows, names)."""
        return self.history.world.ledger.gather(rows, *names)

    def object(self, row: int) -> tuple[int, ...]:
        """Return one row of the ledger."""
        return self.history.world.ledger.row(row)

    def rows(self, first: int, last: int) -> Column:
        """Return the ledger rows at some places of the order by chunk and direction."""
        return self._order.rows(first, last)

    def rows_at(self, places: Column) -> Column:
        """Return the ledger rows at some places of that order, whichever they are."""
        return self._order.rows_at(places)

    def place_of(self, row: int, first: int, last: int) -> int:
        """Return the first of some places of that order, of one key, that has a ledger row or a later one."""
        return self._order.place_of(row, first, last)

    def range_of(self, key: int) -> tuple[int, int]:
        """Return the places (first, end) of the objects of one direction in one chunk."""
        return int(self._order.starts[key]), int(self._order.starts[key + 1])

    def edges(self, key: int) -> Edges:
        """Return the edges of the objects of one direction in one chunk, kept for the latest that were asked for."""
        found = self._edges.pop(key, None) or Edges(self, key)
        self._edges[key] = found  # the latest stands last
        while len(self._edges) > MOST_EDGES:
            del self._edges[next(iter(self._edges))]
        return found

    def nothing(self, chunk: int) -> Contents:
        """Return the contents of a chunk that holds nothing."""
        return Contents(self._run(2 * chunk, 0, 0), self._run(2 * chunk + 1, 0, 0))

    def contents(self, chunk: int, world: World) -> Contents:
        """Return what a chunk holds in a World of this history; nothing before it is obtained."""
        born, now = world.births.get(chunk, world.ledger.count), world.ledger.count
        return Contents(self._run(2 * chunk, born, now), self._run(2 * chunk + 1, born, now))

    def _run(self, key: int, born: int, now: int) -> Run:
        start, stop = self.range_of(key)
        first, last = (self._order.place_of(row, start, stop) for row in (born, now))
        return Run(self, key, first, last)

    def extent(self, chunk: int) -> Extent:
        """Return how far a chunk is filled from either end of its room at the fullest moment of the whole history."""
        if chunk not in self._extents:
            self._extents[chunk] = self._extent(chunk)
        return self._extents[chunk]

    def _extent(self, chunk: int) -> Extent:
        world = self.history.world
        if not 0 <= chunk < len(world.spans):
            return Extent(0, 0)
        size = world.rules.chunk.usable_bytes
        (low, middle), (_, high) = self.range_of(2 * chunk), self.range_of(2 * chunk + 1)
        front = int(self.edges(2 * chunk).right(low, middle).max(initial=0))
        return Extent(front, size - int(self.edges(2 * chunk + 1).left(middle, high).min(initial=size)))

    def keep(self, key: Any, make: Callable[[], Any]) -> Any:
        """Return what was made for a key since the history last grew, or make it now."""
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]

    def ever_in(self, chunk: int, name: str) -> tuple[Column, Column]:
        """Return the different values of a ledger column among all objects a chunk ever held, and their bytes.

        −1 means the objects of all chunks.
        """
        nbytes: dict[int, int] = {}
        for part in self._parts(chunk):
            values, where = np.unique(self.ledger(part, name), return_inverse=True)
            sums = np.bincount(where.ravel(), self.ledger(part, "size")[:, 0], minlength=len(values))
            for value, more in zip(values.tolist(), sums.astype(np.int64).tolist(), strict=True):
                nbytes[value] = nbytes.get(value, 0) + more
        different = sorted(nbytes)
        return np.array(different, dtype=np.int64), np.array([nbytes[value] for value in different])

    def _parts(self, chunk: int) -> Iterator[Column]:
        """Yield the rows of all objects that a chunk ever held, of all chunks for −1, some at a time."""
        starts = self._order.starts
        first, last = (starts[0], starts[-1]) if chunk < 0 else (starts[2 * chunk], starts[2 * chunk + 2])
        for start in range(int(first), int(last), WINDOW):
            yield self.rows(start, min(start + WINDOW, int(last)))

    def first_row_of(self, op: int) -> int:
        """Return the first ledger row that an operation made or would have made."""
        starts = self.history.op_rows
        return starts[op] if 0 <= op < len(starts) else self.history.world.ledger.count

    def ops_of(self, rows: Column) -> Column:
        """Return the operations that made ledger rows."""
        different, where = np.unique(rows, return_inverse=True)
        made = np.empty(len(different), dtype=np.int64)
        self._find_ops(different, made)
        return made[where]

    def _find_ops(self, rows: Column, made: Column) -> None:
        """Write the operations of rising rows, looking only at those that are between the first and the last."""
        if not len(rows):
            return
        starts = self.history.op_rows
        low, high = (bisect_right(starts, int(row)) for row in (rows[0], rows[-1]))
        if len(rows) > 1 and high - low > WINDOW:
            half = len(rows) // 2
            self._find_ops(rows[:half], made[:half])
            self._find_ops(rows[half:], made[half:])
        else:
            made[:] = low - 1 + np.searchsorted(starts.part(low, high - low), rows, side="right")
