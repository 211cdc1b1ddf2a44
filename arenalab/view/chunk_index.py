"""ChunkIndex: finds the objects of one chunk at one moment without walking through all others.

Laws of this file:
1. An index answers as a scan of the ledger would; it only answers sooner.
2. Within one life of a chunk, pointerful objects lie in the order of time, pointer-free ones against
   it. So each of the two runs is sorted by address, and whatever a picture asks is a binary search.

Objects never change, so one order of the head's ledger serves every moment: at a moment a chunk holds those
of its rows that were made since it was last obtained and before now. Four bytes an object are kept, and the
edges of the objects of the chunks that were looked into last; all else is read from the ledger.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from arenalab.view.columns import Column
from arenalab.world.history import History
from arenalab.world.state import LEDGER, World

MOST_EDGES = 4  #: directions of chunks whose edges are kept: a step goes between two chunks at most.


@dataclass(eq=False)
class Run:
    """The objects of one direction in one chunk at one moment, by address; all columns are equally long."""

    index: ChunkIndex
    key: int  #: twice the chunk, plus one for pointer-free objects.
    first: int  #: place in the index's order of the first in time.
    last: int  #: place behind the last one.

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
        """Offset of the first byte, rising."""
        return self._by_address(self.index.edges(self.key).left(self.first, self.last))

    @cached_property
    def right(self) -> Column:
        """Offset behind the last byte, rising."""
        return self._by_address(self.index.edges(self.key).right(self.first, self.last))

    def of(self, name: str, which: Any) -> Any:
        """Return a column of the ledger for some of the objects: a number, a slice or an array of numbers."""
        return self.index.ledger(name)[self.row[which]]

    def edges_of(self, one: int) -> tuple[int, int]:
        """Return the offsets of one object, without looking at the others."""
        row = self.row[one]
        left = int(self.index.ledger("addr")[row]) - self.index.history.world.spans[self.key // 2].base
        return left, left + int(self.index.ledger("size")[row])

    def made_since(self, row: int) -> tuple[int, int]:
        """Return the slice of objects that are in ledger row `row` or a later one."""
        if self.pointerful:
            return int(np.searchsorted(self.row, row)), len(self)
        return 0, len(self) - int(np.searchsorted(self.row[::-1], row))

    def reaching_into(self, left: int, right: int) -> slice:
        """Return the slice of objects that have bytes in [left, right)."""
        return slice(np.searchsorted(self.right, left, side="right"), np.searchsorted(self.left, right))

    def made_by(self, owner: int) -> tuple[int, int]:
        """Return the slice of a chunk's present user arena; those before it are freed for good."""
        rising = self.row if self.pointerful else self.row[::-1]
        owners = self.index.ledger("user_arena")
        first = bisect_left(rising, True, key=lambda row: bool(owners[row] == owner))  # noqa: FBT003
        return (first, len(self)) if self.pointerful else (0, len(self) - first)

    def bytes_of(self, cuts: Column) -> Column:
        """Return the bytes of the objects between each cut (an index) and the next."""
        total = np.concatenate(([0], np.cumsum(self.right - self.left)))
        nbytes: Column = np.diff(total[cuts])
        return nbytes


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
        rows: Column = np.sort(np.concatenate([run.row[run.reaching_into(left, right)] for run in self]))
        return rows


class Extent(NamedTuple):
    """How far a chunk was ever filled: bytes from its low end, bytes from its high end."""

    front: int
    back: int


class Edges:
    """Where the objects of one direction in one chunk begin and end, for all times; 32-bit offsets."""

    def __init__(self, index: ChunkIndex, key: int) -> None:
        """Read them from the ledger."""
        self.start, stop = index.range_of(key)
        rows = index.rows(self.start, stop)
        left = index.ledger("addr")[rows] - index.history.world.spans[key // 2].base
        self._left, self._right = narrowed(left), narrowed(left + index.ledger("size")[rows])

    def left(self, first: int, last: int) -> Column:
        """Return the offsets of the first bytes, in the order of time."""
        return self._left[first - self.start : last - self.start].astype(np.int64)

    def right(self, first: int, last: int) -> Column:
        """Return the offsets behind the last bytes, in the order of time."""
        return self._right[first - self.start : last - self.start].astype(np.int64)


def narrowed(column: Column) -> Column:
    """Return a column of numbers from 0 up in 32 bits where they fit."""
    return column.astype(np.uint32) if column.max(initial=0) < 2**32 else column


class ChunkIndex:
    """The ledger of a history, sorted by chunk and direction; made anew when the history has grown."""

    def __init__(self, history: History) -> None:
        """Read the history's ledger as it is now."""
        self.history = history
        self._size: tuple[int, ...] = ()
        self.refresh()

    def refresh(self) -> None:
        """Look whether the history has grown since, and read it again if so."""
        world = self.history.world
        size = (len(self.history.ops), world.ledger.count, len(world.spans))
        if size != self._size:
            self._size = size
            self._read(world)

    def _read(self, world: World) -> None:
        """Sort the ledger by chunk and direction; what falls together stays in the order of time."""
        has_pointers = np.array([t.ptr_bytes > 0 for t in world.types], dtype=bool)
        key = self.ledger("chunk").copy()
        if len(key):
            key = 2 * key + np.logical_not(has_pointers[self.ledger("type")])
        self._row = narrowed(np.argsort(key, kind="stable"))
        self._starts = np.searchsorted(key[self._row], np.arange(2 * len(world.spans) + 1))
        self._op_rows = self.history.op_rows.numbers
        self._extents: dict[int, Extent] = {}
        self._kept: dict[Any, Any] = {}
        self._edges: dict[int, Edges] = {}

    def ledger(self, name: str) -> Column:
        """Return a column of the ledger, in the order of time, as a window; the ledger moves as it grows."""
        return self.history.world.ledger.table()[:, LEDGER.index(name)]

    def rows(self, first: int, last: int) -> Column:
        """Return the ledger rows at some places of the order by chunk and direction."""
        return self._row[first:last].astype(np.int64)

    def range_of(self, key: int) -> tuple[int, int]:
        """Return the places (first, behind the last) of the objects of one direction in one chunk."""
        return int(self._starts[key]), int(self._starts[key + 1])

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
        first, last = (bisect_left(self._row, row, start, stop) for row in (born, now))
        return Run(self, key, first, last)

    def extent(self, chunk: int) -> Extent:
        """Return how far a chunk is filled from either end at the fullest moment of the whole history."""
        if chunk not in self._extents:
            self._extents[chunk] = self._extent(chunk)
        return self._extents[chunk]

    def _extent(self, chunk: int) -> Extent:
        world = self.history.world
        if not 0 <= chunk < len(world.spans):
            return Extent(0, 0)
        size = world.rules.chunk.stride
        low, middle, high = (int(n) for n in self._starts[2 * chunk : 2 * chunk + 3])
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
        first, last = (0, -1) if chunk < 0 else (2 * chunk, 2 * chunk + 2)
        those = slice(int(self._starts[first]), int(self._starts[last]))
        rows = self._row[those]
        values, where = np.unique(self.ledger(name)[rows], return_inverse=True)
        return values, np.bincount(where, self.ledger("size")[rows], minlength=len(values))

    def first_row_of(self, op: int) -> int:
        """Return the first ledger row that an operation made or would have made."""
        return int(self._op_rows[op]) if 0 <= op < len(self._op_rows) else self.history.world.ledger.count

    def ops_of(self, rows: Column) -> Column:
        """Return the operations that made ledger rows."""
        made: Column = np.searchsorted(self._op_rows, rows, side="right") - 1
        return made
