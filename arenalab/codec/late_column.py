"""Long columns of an archive, of which a block is read when somebody looks at a number in it.

Rule: a block is checked as the whole column is, by its length and its range, and kept once it is read.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from arenalab.codec.archive import Archive, Column
from arenalab.narrow import different, joined

NONE = np.zeros(0, dtype=np.uint8)  #: no numbers.


class LateColumn:
    """A column of an archive, read as somebody looks: some of its blocks, or all of it where it is in one piece."""

    def __init__(self, archive: Archive, name: str, count: int, within: range) -> None:
        """Describe it as `Archive.column` is asked; nothing is read yet."""
        self.archive, self.name, self.count, self.within = archive, name, count, within
        self._blocks: dict[int, Column] = {}

    @cached_property
    def whole(self) -> Column:
        """Return all of its numbers, from now on.

        Raises:
            ArenaLabError: it is not there, or holds what it may not; as the archive's.

        """
        self._blocks = {}
        return self.archive.column(self.name, self.count, self.within)

    @cached_property
    def _size(self) -> int:
        return self.archive.block_size(self.name)

    def __getitem__(self, which: slice | Column) -> Column:
        """Return some of its numbers: a slice without a step, or those of an array of places, 0 and up.

        Raises:
            ArenaLabError: as `whole`.

        """
        if "whole" in self.__dict__ or not self._size:
            return self.whole[which]
        if isinstance(which, slice):
            first, last, _ = which.indices(self.count)
            return self._stretch(first, max(first, last))
        return self._places(which)

    def _places(self, which: Column) -> Column:
        """Return the numbers in some places; where those lie in most blocks, all of it is read, once."""
        at = which // self._size
        blocks = different(at).tolist()
        if 2 * len(blocks) > self.count // self._size:
            return self.whole[which]
        parts = [self._block(block)[which[at == block] - block * self._size] for block in blocks]
        found = joined([NONE, *parts])
        back = np.empty(len(which), dtype=np.int64)
        back[np.argsort(at, kind="stable")] = np.arange(len(which))
        return found[back]

    def _stretch(self, first: int, last: int) -> Column:
        """Return the numbers [first, last)."""
        size = self._size
        parts = [
            self._block(place)[max(first - place * size, 0) : last - place * size]
            for place in range(first // size, -(-last // size))
        ]
        return parts[0] if len(parts) == 1 else joined([NONE, *parts])

    def _block(self, place: int) -> Column:
        if place not in self._blocks:
            self._blocks[place] = self.archive.block(self.name, place, self.count, self.within)
        return self._blocks[place]
