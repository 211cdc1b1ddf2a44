"""The heap bitmap of the chunks, and the noMorePtrs marks, at any moment.

Laws of this file:
1. Every store of a bitmap word is one row of a journal: where, and the word after it. "Where" packs
   chunk, word and whether the noMorePtrs mark is cleared into one number.
2. `clear` is what a chunk's birth does: all words 0, all marks set but the last one's.
3. A snapshot is a row count; the words of a chunk are rebuilt from the rows since its last clear.

Words are numbered from the chunk's own first word. Go 1.21 keeps them in the heapArena
(`bitmap`, `noMorePtrs`); chunk k of a heap arena owns the k-th eighth of both.
"""

from __future__ import annotations

from array import array

import numpy as np

from arenalab.world.columns import Columns
from arenalab.world.deferred import IntArray

ROW = ("where", "after")


class _Words:
    """Writes the journal's rows of words stored at once."""

    __slots__ = ("after", "clears", "counts", "lows")

    def __init__(
        self, lows: tuple[int, ...], counts: tuple[int, ...], after: IntArray, clears: IntArray
    ) -> None:
        self.lows, self.counts = lows, counts  #: each chunk's first word, counted through all chunks.
        self.after, self.clears = after, clears

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, _Words)
            and (self.lows, self.counts) == (other.lows, other.counts)
            and np.array_equal(self.after, other.after)
            and np.array_equal(self.clears, other.clears)
        )

    __hash__ = None  # type: ignore[assignment]  # nobody keeps them in a set

    def __call__(self, rows: IntArray, first: int) -> None:
        counts, part = np.array(self.counts), slice(first, first + len(rows))
        origins = np.array(self.lows) - (counts.cumsum() - counts)
        where = np.arange(len(self.after)) + origins.repeat(counts)
        rows[:, 0] = (where * 2 + self.clears)[part]
        rows[:, 1] = self.after[part]


class HeapBits:
    """Pointer bits and noMorePtrs marks of all chunks; reading is cheap, forking is cheaper."""

    __slots__ = ("_now", "chunk_words", "journal", "since", "until")

    def __init__(self, chunk_words: int) -> None:
        """Describe chunks of `chunk_words` bitmap words each (16,384 on linux/amd64)."""
        self.chunk_words = chunk_words
        self.journal = Columns(ROW, "Q")
        self.since: dict[int, int] = {}  #: chunk -> journal row at which its bits were last cleared.
        self.until: dict[int, int] = {}  #: chunk -> journal row behind its last store.
        self._now: dict[int, tuple[array[int], bytearray]] = {}

    def fork(self) -> HeapBits:
        """Return a snapshot; its words are rebuilt only when somebody asks."""
        twin = HeapBits.__new__(HeapBits)
        twin.chunk_words, twin.journal, twin.since = self.chunk_words, self.journal.fork(), dict(self.since)
        twin.until, twin._now = dict(self.until), {}
        return twin

    def clear(self, chunk: int) -> None:
        """Forget a chunk's bits. Go: (*mspan).initHeapBits(true), mbitmap.go, 1.21.

        All words become 0; the marks of all words but the last are set.
        """
        self.since[chunk] = self.until[chunk] = self.journal.count
        self._now[chunk] = self._blank()

    def write(self, chunk: int, word: int, after: int, clears: int) -> None:
        """Store one bitmap word; `clears` (0 or 1) says that its noMorePtrs mark goes too."""
        self.journal.append(((chunk * self.chunk_words + word) * 2 + clears, after))
        self.until[chunk] = self.journal.count
        now = self._now.get(chunk)
        if now is not None:  # else nobody has asked yet, and whoever asks will rebuild from the rows
            now[0][word] = after
            if clears:
                now[1][word] = 0

    def write_run(self, chunk: int, first: int, after: IntArray, clears: IntArray) -> None:
        """Store consecutive words at once: their final values, as a bulk run leaves them."""
        self.write_runs((chunk,), (first,), (len(after),), after, clears)

    def write_runs(
        self,
        chunks: tuple[int, ...],
        firsts: tuple[int, ...],
        counts: tuple[int, ...],
        after: IntArray,
        clears: IntArray,
    ) -> None:
        """Store consecutive words of several chunks at once; `after` and `clears` hold those of all."""
        kept, begin = np.uint8(1) - clears, 0
        for chunk, first, count in zip(chunks, firsts, counts, strict=True):
            now = self._now.get(chunk)
            if now is not None:
                behind = begin + count
                np.frombuffer(now[0], np.uint64, count, 8 * first)[:] = after[begin:behind]
                marks = np.frombuffer(now[1], np.uint8, count, first)
                np.multiply(marks, kept[begin:behind], out=marks)
            begin += count
        lows = tuple(chunk * self.chunk_words + first for chunk, first in zip(chunks, firsts, strict=True))
        self.journal.extend_later(len(after), _Words(lows, counts, after, clears))
        self.until.update(dict.fromkeys(chunks, self.journal.count))

    def word(self, chunk: int, number: int) -> int:
        """Return one bitmap word of a chunk."""
        return self._chunk(chunk)[0][number]

    def some_words(self, chunk: int, first: int, count: int) -> IntArray:
        """Return a copy of `count` consecutive bitmap words of a chunk, uint64."""
        return np.frombuffer(self._chunk(chunk)[0], np.uint64, count, 8 * first).copy()

    def words(self, chunk: int) -> IntArray:
        """Return a copy of a chunk's bitmap words, uint64, shape (chunk_words,)."""
        return np.frombuffer(self._chunk(chunk)[0], np.uint64).copy()

    def no_more_ptrs(self, chunk: int) -> IntArray:
        """Return a copy of a chunk's noMorePtrs marks, bool, shape (chunk_words,)."""
        return np.frombuffer(self._chunk(chunk)[1], dtype=bool).copy()

    def compacted(self) -> HeapBits:
        """Return the same bits with a journal that tells each word once, however often it was stored."""
        twin = HeapBits(self.chunk_words)
        parts, told = [np.empty((0, len(ROW)), dtype=np.uint64)], 0
        for chunk in self.since:
            words, marks = self._chunk(chunk)
            after, cleared = np.frombuffer(words, dtype=np.uint64), np.frombuffer(marks, dtype=np.uint8) == 0
            cleared[-1] = False  # it never had a mark
            rows = np.flatnonzero(np.logical_or(after != 0, cleared))
            where = (chunk * self.chunk_words + rows) * 2 + cleared[rows]
            parts.append(np.column_stack((where.astype(np.uint64), after[rows])))
            twin.since[chunk], told = told, told + len(rows)
            twin.until[chunk] = told
        twin.journal.extend(np.concatenate(parts))  # at once, so that no buffer grows step by step
        return twin

    def _blank(self) -> tuple[array[int], bytearray]:
        marks = bytearray(b"\x01" * self.chunk_words)
        marks[-1] = 0
        return array("Q", bytes(8 * self.chunk_words)), marks

    def _chunk(self, chunk: int) -> tuple[array[int], bytearray]:
        """Return the present words and marks of a chunk, rebuilt from the journal if need be."""
        now = self._now.get(chunk)
        if now is None:
            now = self._now[chunk] = self._rebuild(chunk)
        return now

    def _rebuild(self, chunk: int) -> tuple[array[int], bytearray]:
        words, marks = self._blank()
        if chunk not in self.since:
            return words, bytearray(self.chunk_words)
        rows = self.journal.table(self.since[chunk], self.until[chunk])
        where = rows[:, 0] - np.uint64(2 * chunk * self.chunk_words)
        own = where < 2 * self.chunk_words  # as unsigned: of chunks below this one the numbers are huge
        after = rows[:, 1]
        if not own.all():
            where, after = where[own], after[own]
        number = where // np.uint64(2)
        np.frombuffer(words, dtype=np.uint64)[number.astype(np.intp)] = after
        cleared = number[where != number * np.uint64(2)]
        np.frombuffer(marks, dtype=np.uint8)[cleared.astype(np.intp)] = 0
        return words, marks

    def __eq__(self, other: object) -> bool:
        """Compare what both would answer: the words and marks of every chunk, not how they came about."""
        if not isinstance(other, HeapBits):
            return NotImplemented
        if self.since.keys() != other.since.keys():
            return False
        return all(self._chunk(chunk) == other._chunk(chunk) for chunk in self.since)

    __hash__ = None  # type: ignore[assignment]  # it changes
