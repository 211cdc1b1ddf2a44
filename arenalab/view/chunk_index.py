"""ChunkIndex: finds the objects of one chunk at one moment without walking through all others.

Law of this file: an index answers as a scan of the ledger would; it only answers sooner.
Objects never change, so one sorted copy of the head's ledger serves every moment: at a moment
a chunk holds those of its rows that were made since it was last obtained and before now.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from arenalab.view.columns import Column
from arenalab.world.history import History
from arenalab.world.state import LEDGER, World

_COLUMN = {name: number for number, name in enumerate(LEDGER)}


@dataclass(frozen=True, eq=False)
class Contents:
    """The objects of one chunk at one moment, oldest first; columns of equal length."""

    row: Column  #: ledger rows.
    left: Column  #: offset of the first byte.
    size: Column  #: bytes.
    type: Column  #: index into World.types.
    cap: Column  #: −1 for a single value.
    user_arena: Column
    pointerful: Column  #: whether it was carved off the front.

    def __len__(self) -> int:
        """Return the number of objects."""
        return len(self.row)

    def where(self, chosen: Column) -> Contents:
        """Return the objects that a mask or an index array chooses."""
        return Contents(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))


class Extent(NamedTuple):
    """How far a chunk was ever filled: bytes from its low end, bytes from its high end."""

    front: int
    back: int


class ChunkIndex:
    """The ledger of a history, sorted by chunk; made anew when the history has grown."""

    def __init__(self, history: History) -> None:
        """Read the history's ledger as it is now."""
        self.history = history
        self._rows = -1
        self._op_rows = np.zeros(0, dtype=np.int64)
        self._read()

    def _read(self) -> None:
        """Sort the ledger by chunk; within a chunk the order stays that of time."""
        world = self.history.world
        self._rows = world.ledger.count
        chunks = world.ledger.column("chunk")
        self._row = np.argsort(chunks, kind="stable")
        self._table = world.ledger.table()[self._row]
        self._starts = np.searchsorted(chunks[self._row], np.arange(len(world.spans) + 1))
        self._has_pointers = np.array([t.ptr_bytes > 0 for t in world.types], dtype=bool)
        self._op_rows = np.array(self.history.op_rows, dtype=np.int64)

    def refresh(self) -> None:
        """Look whether the history has grown since, and take the new rows in."""
        grown = (
            len(self.history.op_rows) != len(self._op_rows) or self.history.world.ledger.count != self._rows
        )
        if grown or len(self.history.world.spans) + 1 != len(self._starts):
            self._read()

    def contents(self, chunk: int, world: World) -> Contents:
        """Return what a chunk holds in a World of this history."""
        start, stop = self._starts[chunk], self._starts[chunk + 1]
        born, now = world.births.get(chunk, 0), world.ledger.count
        first, last = start + np.searchsorted(self._row[start:stop], [born, now])
        return self._contents(int(first), int(last), world.spans[chunk].base)

    def _contents(self, first: int, last: int, base: int) -> Contents:
        part = self._table[first:last]
        types = part[:, _COLUMN["type"]]
        pointerful = self._has_pointers[types] if len(part) else np.zeros(0, dtype=bool)
        return Contents(
            self._row[first:last],
            part[:, _COLUMN["addr"]] - base,
            part[:, _COLUMN["size"]],
            types,
            part[:, _COLUMN["cap"]],
            part[:, _COLUMN["user_arena"]],
            pointerful,
        )

    def extent(self, chunk: int) -> Extent:
        """Return how far a chunk is filled from either end at the fullest moment of the whole history."""
        world = self.history.world
        if not 0 <= chunk < len(world.spans):
            return Extent(0, 0)
        base, size = world.spans[chunk].base, world.rules.user_arena_chunk_bytes
        every = self._contents(int(self._starts[chunk]), int(self._starts[chunk + 1]), base)
        front, back = every.where(every.pointerful), every.where(np.logical_not(every.pointerful))
        return Extent(int((front.left + front.size).max(initial=0)), size - int(back.left.min(initial=size)))

    def ops_of(self, rows: Column) -> Column:
        """Return the operations that made ledger rows."""
        made: Column = np.searchsorted(self._op_rows, rows, side="right") - 1
        return made
