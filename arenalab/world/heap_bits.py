"""The heap bitmap of the chunks at any moment; where a scan stops is `scan_limits`'.

Rules:
1. Every store of a bitmap word is one row of a journal: where, counted through all chunks, and the word after it.
2. `clear` is what a chunk's birth does: all words 0.
3. A snapshot is a row count; the words of a chunk are rebuilt from the rows since its last clear.

Words are numbered from the chunk's own first word. Go 1.21 keeps them in the heapArena (`bitmap`);
chunk k of a heap arena owns the k-th eighth.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable

import numpy as np

from arenalab.world.columns import Columns
from arenalab.world.deferred import IntArray, alike
from arenalab.world.journalled import Journalled

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
            and alike(self.after, other.after)
        )

    __hash__ = None  # type: ignore[assignment]  # nobody keeps them in a set

    def __call__(self, rows: IntArray, first: int) -> None:
        rows[:, 0] = places(self.lows, self.counts, np.arange(first, first + len(rows)))
        rows[:, 1] = self.after[first : first + len(rows)]


def places(lows: tuple[int, ...], counts: tuple[int, ...], numbers: IntArray) -> IntArray:
    """Return where some of the words stand that lie, `counts` of them from each of `lows` on, end to end."""
    if len(lows) == 1:
        return numbers + lows[0]
    behind = np.cumsum(counts)
    stretch = np.searchsorted(behind, numbers, side="right")
    where: IntArray = numbers + (np.array(lows) - (behind - counts))[stretch]
    return where


class HeapBits(Journalled["array[int]"]):
    """Pointer bits of all chunks; `since` is when they were last cleared, `until` after the last store."""

    __slots__ = ()

    def __init__(self, chunk_words: int) -> None:
        """Describe chunks of `chunk_words` bitmap words each (16,384 on linux/amd64)."""
        super().__init__(chunk_words, Columns(ROW, "Q"))

    def clear(self, chunk: int) -> None:
        """Forget a chunk's bits: all words become 0. Go: (*mspan).initHeapBits(true), mbitmap.go, 1.21."""
        self.reset(chunk)

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
        begin, cells = 0, after.data.cast("B").cast("Q")  # windows of it are quicker made than numpy's
        for chunk, first, count in zip(chunks, firsts, counts, strict=True):
            now = self._known(chunk)
            if now is not None:
                memoryview(now)[first : first + count] = cells[begin : begin + count]
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

    def words_of_runs(self, chunks: Iterable[int], firsts: Iterable[int], counts: Iterable[int]) -> IntArray:
        """Return consecutive words of several chunks, end to end, uint64; to read from."""
        parts = [
            memoryview(self._chunk(chunk))[first : first + count]
            for chunk, first, count in zip(chunks, firsts, counts, strict=True)
        ]
        return np.frombuffer(b"".join(parts), dtype=np.uint64)

    def words(self, chunk: int) -> IntArray:
        """Return a copy of a chunk's bitmap words, uint64, shape (chunk_words,)."""
        return np.frombuffer(self._chunk(chunk), np.uint64).copy()

    def compacted(self) -> HeapBits:
        """Return the same bits with a journal that tells each word once, however often it was stored.

        The present words go there: who asks for them here again has them rebuilt.
        """
        twin = HeapBits(self.chunk_words)
        parts, told = [np.empty((0, len(ROW)), dtype=np.uint64)], 0
        for chunk in self.since:
            twin._now[chunk] = self._handed_over(chunk)
            after = np.frombuffer(twin._now[chunk], dtype=np.uint64)
            rows = np.flatnonzero(after)
            where = chunk * self.chunk_words + rows
            parts.append(np.column_stack((where.astype(np.uint64), after[rows])))
            twin.since[chunk], told = told, told + len(rows)
            twin.until[chunk] = told
        twin.journal.extend(np.concatenate(parts))  # at once, so that no buffer grows step by step
        return twin

    def _blank(self) -> array[int]:
        return array("Q", bytes(8 * self.chunk_words))

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
