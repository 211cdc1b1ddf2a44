"""Where the collector's scan of each chunk ends, at any moment: a table of its own beside the bitmap.

Laws of this file:
1. One row of a journal for each noMorePtrs mark that is cleared: the bitmap word, counted through all chunks.
2. `begin_chunk` is what a chunk's birth does: all marks set but the last one's.
3. A snapshot is a row count; a chunk's marks are rebuilt from the rows since its birth.

Go 1.21 keeps the marks in the heapArena (`noMorePtrs`); chunk k of a heap arena owns the k-th eighth.
"""

from __future__ import annotations

import numpy as np

from arenalab.go.scan_limit import NoMorePtrs, ScanLimit
from arenalab.world.columns import Columns
from arenalab.world.deferred import IntArray
from arenalab.world.heap_bits import places
from arenalab.world.journalled import Journalled


class _Marks:
    """Writes the journal's rows of marks cleared at once."""

    __slots__ = ("clears", "counts", "lows")

    def __init__(self, lows: tuple[int, ...], counts: tuple[int, ...], clears: IntArray) -> None:
        self.lows, self.counts = lows, counts  #: each chunk's first word, counted through all chunks.
        self.clears = clears

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, _Marks)
            and (self.lows, self.counts) == (other.lows, other.counts)
            and np.array_equal(self.clears, other.clears)
        )

    __hash__ = None  # type: ignore[assignment]  # nobody keeps them in a set

    def __call__(self, rows: IntArray, first: int) -> None:
        cleared = np.flatnonzero(self.clears)[first : first + len(rows)]
        rows[:, 0] = places(self.lows, self.counts, cleared)


class ScanLimits(Journalled[bytearray]):
    """The noMorePtrs marks of all chunks; `since` is when they were last set, `until` behind the last cleared."""

    __slots__ = ()

    def __init__(self, chunk_words: int) -> None:
        """Describe chunks of `chunk_words` bitmap words each (16,384 on linux/amd64)."""
        super().__init__(chunk_words, Columns(("where",), "Q"))

    def begin_chunk(self, chunk: int) -> None:
        """Set a chunk's marks, all but the last. Go: (*mspan).initHeapBits(true), mbitmap.go, 1.21."""
        self.reset(chunk)

    def clear_mark(self, chunk: int, word: int) -> None:
        """Clear one mark."""
        self.journal.append((chunk * self.chunk_words + word,))
        self.until[chunk] = self.journal.count
        now = self._now.get(chunk)
        if now is not None:  # else nobody has asked yet, and whoever asks will rebuild from the rows
            now[word] = 0

    def clear_marks(
        self, chunks: tuple[int, ...], firsts: tuple[int, ...], counts: tuple[int, ...], clears: IntArray
    ) -> None:
        """Clear marks of consecutive words of several chunks at once; `clears` (uint8) holds those of all."""
        kept, begin = np.uint8(1) - clears, 0
        for chunk, first, count in zip(chunks, firsts, counts, strict=True):
            now = self._now.get(chunk)
            if now is not None:
                marks = np.frombuffer(now, np.uint8, count, first)
                np.multiply(marks, kept[begin : begin + count], out=marks)
            begin += count
        lows = tuple(chunk * self.chunk_words + first for chunk, first in zip(chunks, firsts, strict=True))
        self.journal.extend_later(int(np.count_nonzero(clears)), _Marks(lows, counts, clears))
        self.until.update(dict.fromkeys(chunks, self.journal.count))

    def no_more_ptrs(self, chunk: int) -> IntArray:
        """Return a copy of a chunk's noMorePtrs marks, bool, shape (chunk_words,)."""
        return np.frombuffer(self._chunk(chunk), dtype=bool).copy()

    def of(self, chunk: int) -> ScanLimit:
        """Return where scans of a chunk end."""
        return NoMorePtrs(self.no_more_ptrs(chunk))

    def compacted(self) -> ScanLimits:
        """Return the same marks with a journal that tells each cleared one once."""
        twin, rows, told = ScanLimits(self.chunk_words), [np.empty(0, dtype=np.uint64)], 0
        for chunk in self.since:
            cleared = np.flatnonzero(np.frombuffer(self._chunk(chunk), dtype=np.uint8)[:-1] == 0)
            rows.append((chunk * self.chunk_words + cleared).astype(np.uint64))
            twin.since[chunk], told = told, told + len(cleared)
            twin.until[chunk] = told
        twin.journal.extend(np.concatenate(rows).reshape(-1, 1))
        return twin

    def _blank(self) -> bytearray:
        marks = bytearray(b"\x01" * self.chunk_words)
        marks[-1] = 0
        return marks

    def _rebuild(self, chunk: int) -> bytearray:
        if chunk not in self.since:
            return bytearray(self.chunk_words)
        marks = self._blank()
        rows = self.journal.table(self.since[chunk], self.until[chunk])[:, 0]
        word = rows - np.uint64(chunk * self.chunk_words)
        own = word[word < self.chunk_words]  # as unsigned: of chunks below this one the numbers are huge
        np.frombuffer(marks, dtype=np.uint8)[own.astype(np.intp)] = 0
        return marks
