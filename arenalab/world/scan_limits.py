"""Where the collector's scan of each chunk ends, at any moment: a table of its own beside the bitmap.

Two kinds, one interface: `Marks`, which Go up to 1.21 keeps in the heapArena (`noMorePtrs`; chunk k of a heap
arena owns the k-th eighth), and `Prefixes`, the PtrBytes of each chunk's dummy type since Go 1.22.

Laws of `Marks`:
1. One row of a journal for each mark that is cleared: the bitmap word, counted through all chunks.
2. `begin_chunk` is what a chunk's birth does: all marks set but the last one's.
3. A snapshot is a row count; a chunk's marks are rebuilt from the rows since its birth.
"""

from __future__ import annotations

from typing import Self

import numpy as np

from arenalab.errors import ModelBug
from arenalab.go.rules import GoRules
from arenalab.go.scan_limit import NoMorePtrs, PtrBytes, ScanLimit
from arenalab.world.columns import Columns
from arenalab.world.deferred import IntArray, alike
from arenalab.world.heap_bits import places
from arenalab.world.journalled import Journalled


class _Cleared:
    """Writes the journal's rows of marks cleared at once."""

    __slots__ = ("clears", "counts", "lows")

    def __init__(self, lows: tuple[int, ...], counts: tuple[int, ...], clears: IntArray) -> None:
        self.lows, self.counts = lows, counts  #: each chunk's first word, counted through all chunks.
        self.clears = clears

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, _Cleared)
            and (self.lows, self.counts) == (other.lows, other.counts)
            and alike(self.clears, other.clears)
        )

    __hash__ = None  # type: ignore[assignment]  # nobody keeps them in a set

    def __call__(self, rows: IntArray, first: int) -> None:
        cleared = np.flatnonzero(self.clears)[first : first + len(rows)]
        rows[:, 0] = places(self.lows, self.counts, cleared)


class ScanLimits:
    """Where scans end, of all chunks. Each kind has its own way to be written; the other one's is a fault of ours."""

    __slots__ = ()

    chunk_words: int  #: bitmap words of a chunk, 16,384 on linux/amd64.

    def begin_chunk(self, chunk: int) -> None:
        """Set a chunk to what it is at its birth."""
        raise NotImplementedError

    def clear_mark(self, chunk: int, word: int) -> None:
        """Clear the noMorePtrs mark of a bitmap word. Raises ModelBug where there are none."""
        raise ModelBug(f"the noMorePtrs mark of word {word} of chunk {chunk} is to go; this Go has none")

    def clear_marks(
        self, chunks: tuple[int, ...], firsts: tuple[int, ...], counts: tuple[int, ...], clears: IntArray
    ) -> None:
        """Clear marks of consecutive words of several chunks at once; `clears` (uint8) holds those of all.

        Raises ModelBug where there are none.
        """
        raise ModelBug(
            f"{clears.sum()} noMorePtrs marks of {chunks} {firsts} {counts} are to go; this Go has none"
        )

    def set_ptr_bytes(self, chunk: int, ptr_bytes: int) -> None:
        """Set the PtrBytes of a chunk's dummy type. Raises ModelBug where there is none."""
        raise ModelBug(f"PtrBytes of chunk {chunk} are to be {ptr_bytes}; this Go has no dummy type")

    def no_more_ptrs(self, _: int) -> IntArray:
        """Return a copy of a chunk's noMorePtrs marks, bool, shape (chunk_words,); all False where there are none."""
        return np.zeros(self.chunk_words, dtype=bool)

    def ptr_bytes(self, _: int) -> int:
        """Return the PtrBytes of a chunk's dummy type, 0 where there is none."""
        return 0

    def of(self, chunk: int) -> ScanLimit:
        """Return where scans of a chunk end."""
        raise NotImplementedError

    def fork(self, *, apart: bool = False) -> Self:
        """Return a snapshot; `apart`: one that goes a way of its own."""
        raise NotImplementedError

    def compacted(self) -> ScanLimits:
        """Return the same limits without their past."""
        raise NotImplementedError


def scan_limits(rules: GoRules) -> ScanLimits:
    """Return the table that the rules' version of Go keeps."""
    words = rules.chunk_bitmap_words
    return Marks(words) if rules.bitmap_home == "heap arena" else Prefixes(words, rules.bitmap_word_bytes)


class Prefixes(ScanLimits):
    """The PtrBytes of each chunk's dummy type."""

    __slots__ = ("all_ptr_bytes", "chunk_words", "word_bytes")

    def __init__(self, chunk_words: int, word_bytes: int) -> None:
        """Describe chunks of so many bitmap words, each of which describes `word_bytes` heap bytes."""
        self.chunk_words = chunk_words  #: bitmap words of a chunk.
        self.word_bytes = word_bytes  #: heap bytes that one of them describes.
        self.all_ptr_bytes: dict[int, int] = {}  #: chunk -> PtrBytes.

    def fork(self, *, apart: bool = False) -> Self:  # noqa: ARG002  # nothing is shared
        """Return a snapshot; `apart`: one that goes a way of its own."""
        twin = self.__new__(type(self))
        twin.chunk_words, twin.word_bytes, twin.all_ptr_bytes = (
            self.chunk_words,
            self.word_bytes,
            dict(self.all_ptr_bytes),
        )
        return twin

    def compacted(self) -> Self:
        """Return a copy: one number a chunk is all there is."""
        return self.fork()

    def begin_chunk(self, chunk: int) -> None:
        """Set a chunk's PtrBytes to 0."""
        self.all_ptr_bytes[chunk] = 0

    def set_ptr_bytes(self, chunk: int, ptr_bytes: int) -> None:
        """Move the end."""
        self.all_ptr_bytes[chunk] = ptr_bytes

    def ptr_bytes(self, chunk: int) -> int:
        """Return how far a chunk's pointers reach."""
        return self.all_ptr_bytes.get(chunk, 0)

    def of(self, chunk: int) -> ScanLimit:
        """Return where scans of a chunk end."""
        return PtrBytes(self.ptr_bytes(chunk), self.word_bytes)

    def __eq__(self, other: object) -> bool:
        """Compare each chunk's PtrBytes."""
        return self.all_ptr_bytes == other.all_ptr_bytes if isinstance(other, Prefixes) else NotImplemented

    __hash__ = None  # type: ignore[assignment]  # it changes


class Marks(Journalled[bytearray], ScanLimits):
    """The noMorePtrs marks of all chunks; `since` is when they were last set, `until` after the last cleared."""

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
        windows = [
            (self._known(chunk), first, first + count)
            for chunk, first, count in zip(chunks, firsts, counts, strict=True)
        ]
        parts = [bytes(high - low) if now is None else now[low:high] for now, low, high in windows]
        begin, left = 0, (np.frombuffer(b"".join(parts), np.uint8) * (np.uint8(1) - clears)).data
        for now, low, high in windows:
            if now is not None:
                now[low:high] = left[begin : begin + high - low]
            begin += high - low
        lows = tuple(chunk * self.chunk_words + first for chunk, first in zip(chunks, firsts, strict=True))
        self.journal.extend_later(int(np.count_nonzero(clears)), _Cleared(lows, counts, clears))
        self.until.update(dict.fromkeys(chunks, self.journal.count))

    def no_more_ptrs(self, chunk: int) -> IntArray:
        """Return a copy of a chunk's noMorePtrs marks, bool, shape (chunk_words,)."""
        return np.frombuffer(self._chunk(chunk), dtype=bool).copy()

    def of(self, chunk: int) -> ScanLimit:
        """Return where scans of a chunk end."""
        return NoMorePtrs(self.no_more_ptrs(chunk))

    def compacted(self) -> Marks:
        """Return the same marks with a journal that tells each cleared one once."""
        twin, rows, told = Marks(self.chunk_words), [np.empty(0, dtype=np.uint64)], 0
        for chunk in self.since:
            now = twin._now[chunk] = self._handed_over(chunk)
            cleared = np.flatnonzero(np.frombuffer(now, dtype=np.uint8)[:-1] == 0)
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
