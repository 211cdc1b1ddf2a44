"""ChunkIndex: finds the objects of one chunk at one moment without walking through all others.

Laws of this file:
1. An index answers as a scan of the ledger would; it only answers sooner.
2. Within one life of a chunk, pointerful objects lie in the order of time, pointer-free ones against
   it. So each of the two runs is sorted by address, and whatever a picture asks is a binary search.

Objects never change, so one sorted copy of the head's ledger serves every moment: at a moment a
chunk holds those of its rows that were made since it was last obtained and before now.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from arenalab.view.columns import Column
from arenalab.world.history import History
from arenalab.world.state import World


@dataclass(frozen=True, eq=False)
class Run:
    """The objects of one direction in one chunk at one moment, by address; all columns but `total` are equally long."""

    pointerful: bool
    row: Column  #: ledger rows: rising for pointerful objects, falling for pointer-free ones.
    left: Column  #: offset of the first byte, rising.
    right: Column  #: offset behind the last byte, rising.
    total: Column  #: in the order of time: bytes of all objects before each one, and one more for the end.
    type: Column  #: index into World.types.
    cap: Column  #: −1 for a single value.
    user_arena: Column

    def __len__(self) -> int:
        """Return the number of objects."""
        return len(self.row)

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
        rising = self.user_arena if self.pointerful else self.user_arena[::-1]
        first = bisect_left(rising, True, key=lambda user_arena: bool(user_arena == owner))  # noqa: FBT003
        return (first, len(self)) if self.pointerful else (0, len(self) - first)

    def bytes_of(self, cuts: Column) -> Column:
        """Return the bytes of the objects between each cut (an index) and the next."""
        total = self.total if self.pointerful else -self.total[::-1]
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
        columns = {name: world.ledger.column(name) for name in world.ledger.names}
        if len(columns["type"]):
            key = 2 * columns["chunk"] + np.logical_not(has_pointers[columns["type"]])
        else:
            key = columns["chunk"]
        self._row = np.argsort(key, kind="stable")
        bases = np.array([span.base for span in world.spans] + [0, 0], dtype=np.int64)  # −1 and −2: no chunk
        columns["left"] = columns["addr"] - bases[columns["chunk"]]
        columns["right"] = columns["left"] + columns["size"]
        self._columns = {name: column[self._row] for name, column in columns.items()}
        self._total = np.concatenate(([0], np.cumsum(self._columns["size"])))
        self._starts = np.searchsorted(key[self._row], np.arange(2 * len(world.spans) + 1))
        self._op_rows = np.array(self.history.op_rows, dtype=np.int64)
        self._extents: dict[int, Extent] = {}
        self._kept: dict[Any, Any] = {}

    def nothing(self, chunk: int) -> Contents:
        """Return the contents of a chunk that holds nothing."""
        return Contents(self._run(2 * chunk, 0, 0), self._run(2 * chunk + 1, 0, 0))

    def contents(self, chunk: int, world: World) -> Contents:
        """Return what a chunk holds in a World of this history; nothing before it is obtained."""
        born, now = world.births.get(chunk, world.ledger.count), world.ledger.count
        return Contents(self._run(2 * chunk, born, now), self._run(2 * chunk + 1, born, now))

    def _run(self, key: int, born: int, now: int) -> Run:
        start, stop = self._starts[key], self._starts[key + 1]
        first, last = (int(n) for n in start + np.searchsorted(self._row[start:stop], [born, now]))
        step = 1 if key % 2 == 0 else -1
        columns = {name: column[first:last][::step] for name, column in self._columns.items()}
        return Run(
            pointerful=step > 0,
            row=self._row[first:last][::step],
            left=columns["left"],
            right=columns["right"],
            total=self._total[first : last + 1],
            type=columns["type"],
            cap=columns["cap"],
            user_arena=columns["user_arena"],
        )

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
        front = int(self._columns["right"][low:middle].max(initial=0))
        return Extent(front, size - int(self._columns["left"][middle:high].min(initial=size)))

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
        values, where = np.unique(self._columns[name][those], return_inverse=True)
        return values, np.bincount(where, self._columns["size"][those], minlength=len(values))

    def first_row_of(self, op: int) -> int:
        """Return the first ledger row that an operation made or would have made."""
        return int(self._op_rows[op]) if 0 <= op < len(self._op_rows) else self.history.world.ledger.count

    def ops_of(self, rows: Column) -> Column:
        """Return the operations that made ledger rows."""
        made: Column = np.searchsorted(self._op_rows, rows, side="right") - 1
        return made
