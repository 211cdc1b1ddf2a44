"""The heap bitmap of the chunks at any moment; where a scan stops is `scan_limits`'.

Laws of this file:
1. Every store of a bitmap word is one row of a journal: where, counted through all chunks, and the word after it.
2. `clear` is what a chunk's birth does: all words 0.
3. A snapshot is a row count; the words of a chunk are rebuilt from the rows since its last clear.

Words are numbered from the chunk's own first word. Go 1.21 keeps them in the heapArena (`bitmap`);
chunk k of a heap arena owns the k-th eighth.
"""

from __future__ import annotations

from array import array

import numpy as np

from arenalab.world.columns import Columns
from arenalab.world.deferred import IntArray

ROW = ("where", "after")


class _Words:
    """Writes the journal's rows of words stored at once."""

    __slots__ = ("after", "counts", "lows")

    def __init__(self, lows: tuple[int, ...], counts: tuple[int, ...], after: IntArray) -> None:
        self.lows, self.counts = lows, counts  #: each chunk's first word, counted through all chunks.
        self.after = after

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, _Words)
            and (self.lows, self.counts) == (other.lows, other.counts)
            and np.array_equal(self.after, other.after)
        )

    __hash__ = None  # type: ignore[assignment]  # nobody keeps them in a set

    def __call__(self, rows: IntArray, first: int) -> None:
        counts, part = np.array(self.counts), slice(first, first + len(rows))
        origins = np.array(self.lows) - (counts.cumsum() - counts)
        where = np.arange(len(self.after)) + origins.repeat(counts)
        rows[:, 0] = where[part]
        rows[:, 1] = self.after[part]


class HeapBits:
    """Pointer bits of all chunks; reading is cheap, forking is cheaper."""

    __slots__ = ("_now", "chunk_words", "journal", "since", "until")

    def __init__(self, chunk_words: int) -> None:
        """Describe chunks of `chunk_words` bitmap words each (16,384 on linux/amd64)."""
        self.chunk_words = chunk_words
        self.journal = Columns(ROW, "Q")
        self.since: dict[int, int] = {}  #: chunk -> journal row at which its bits were last cleared.
        self.until: dict[int, int] = {}  #: chunk -> journal row behind its last store.
        self._now: dict[int, array[int]] = {}

    def fork(self) -> HeapBits:
        """Return a snapshot; its words are rebuilt only when somebody asks."""
        twin = HeapBits.__new__(HeapBits)
        twin.chunk_words, twin.journal, twin.since = self.chunk_words, self.journal.fork(), dict(self.since)
        twin.until, twin._now = dict(self.until), {}
        return twin

    def clear(self, chunk: int) -> None:
        """Forget a chunk's bits: all words become 0. Go: (*mspan).initHeapBits(true), mbitmap.go, 1.21."""
        self.since[chunk] = self.until[chunk] = self.journal.count
        self._now[chunk] = self._blank()

    def write(self, chunk: int, word: int, after: int) -> None:
        """Store one bitmap word."""
        self.journal.append((chunk * self.chunk_words + word, after))
        self.until[chunk] = self.journal.count
        now = self._now.get(chunk)
        if now is not None:  # else nobody has asked yet, and whoever asks will rebuild from the rows
            now[word] = after

    def write_runs(
        self, chunks: tuple[int, ...], firsts: tuple[int, ...], counts: tuple[int, ...], after: IntArray
    ) -> None:
        """Store consecutive words of several chunks at once, as a bulk run leaves them; `after` holds those of all."""
        begin = 0
        for chunk, first, count in zip(chunks, firsts, counts, strict=True):
            now = self._now.get(chunk)
            if now is not None:
                np.frombuffer(now, np.uint64, count, 8 * first)[:] = after[begin : begin + count]
            begin += count
        lows = tuple(chunk * self.chunk_words + first for chunk, first in zip(chunks, firsts, strict=True))
        self.journal.extend_later(len(after), _Words(lows, counts, after))
        self.until.update(dict.fromkeys(chunks, self.journal.count))

    def word(self, chunk: int, number: int) -> int:
        """Return one bitmap word of a chunk."""
        return self._chunk(chunk)[number]

    def some_words(self, chunk: int, first: int, count: int) -> IntArray:
        """Return a copy of `count` consecutive bitmap words of a chunk, uint64."""
        return np.frombuffer(self._chunk(chunk), np.uint64, count, 8 * first).copy()

    def words(self, chunk: int) -> IntArray:
        """Return a copy of a chunk's bitmap words, uint64, shape (chunk_words,)."""
        return np.frombuffer(self._chunk(chunk), np.uint64).copy()

    def compacted(self) -> HeapBits:
        """Return the same bits with a journal that tells each word once, however often it was stored."""
        twin = HeapBits(self.chunk_words)
        parts, told = [np.empty((0, len(ROW)), dtype=np.uint64)], 0
        for chunk in self.since:
            after = np.frombuffer(self._chunk(chunk), dtype=np.uint64)
            rows = np.flatnonzero(after)
            where = chunk * self.chunk_words + rows
            parts.append(np.column_stack((where.astype(np.uint64), after[rows])))
            twin.since[chunk], told = told, told + len(rows)
            twin.until[chunk] = told
        twin.journal.extend(np.concatenate(parts))  # at once, so that no buffer grows step by step
        return twin

    def _blank(self) -> array[int]:
        return array("Q", bytes(8 * self.chunk_words))

    def _chunk(self, chunk: int) -> array[int]:
        """Return the present words of a chunk, rebuilt from the journal if need be."""
        now = self._now.get(chunk)
        if now is None:
            now = self._now[chunk] = self._rebuild(chunk)
        return now

    def _rebuild(self, chunk: int) -> array[int]:
        words = self._blank()
        if chunk not in self.since:
            return words
        rows = self.journal.table(self.since[chunk], self.until[chunk])
        where = rows[:, 0] - np.uint64(chunk * self.chunk_words)
        own = where < self.chunk_words  # as unsigned: of chunks below this one the numbers are huge
        after = rows[:, 1]
        if not own.all():
            where, after = where[own], after[own]
        np.frombuffer(words, dtype=np.uint64)[where.astype(np.intp)] = after
        return words

    def __eq__(self, other: object) -> bool:
        """Compare what both would answer: the words of every chunk, not how they came about."""
        if not isinstance(other, HeapBits):
            return NotImplemented
        if self.since.keys() != other.since.keys():
            return False
        return all(self._chunk(chunk) == other._chunk(chunk) for chunk in self.since)

    __hash__ = None  # type: ignore[assignment]  # it changes
