"""ScanLimit: where the collector's scan of a chunk ends, one interface for every version of Go.

To the collector a chunk is one object, read oblet by oblet through the bitmap. Up to Go 1.21 a mark per bitmap
word says that no pointer comes after it; since Go 1.22 the PtrBytes of the chunk's dummy type do.
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[Any]


class ScanLimit(Protocol):
    """Where scans of one chunk end; words are bitmap words, numbered from the chunk's base."""

    def end(self, first: int, count: int) -> int:
        """Return the first word that a scan of words [first, first + count) does not read."""

    def last_words(self, count: int, width: int) -> Ints:
        """Return, for each oblet of `width` words among the chunk's first `count`, which of its words is read last.

        Words are counted in the oblet; −1 where none is read.
        """


class NoMorePtrs:
    """The marks of Go 1.21: heapArena.noMorePtrs, one for each bitmap word."""

    def __init__(self, marks: npt.NDArray[Any]) -> None:
        """Take a chunk's marks, shape (words,), true where no pointer comes after the word."""
        self.marks = marks

    def end(self, first: int, count: int) -> int:
        """Return the word after the first marked one. Go: heapBits.next, mbitmap.go, 1.21."""
        marked = np.flatnonzero(self.marks[first : first + count])
        return first + (int(marked[0]) + 1 if len(marked) else count)

    def last_words(self, count: int, width: int) -> Ints:
        """Return each oblet's first marked word; the last one ends it anyway."""
        ends = np.zeros((-(-count // width), width), dtype=bool)
        ends.reshape(-1)[:count] = self.marks[:count]
        ends[:, -1] = True
        found: Ints = ends.argmax(axis=1)
        return found


class PtrBytes:
    """The PtrBytes of the dummy type of Go 1.22 and later: no pointer stands at or after them."""

    def __init__(self, ptr_bytes: int, word_bytes: int) -> None:
        """Take a chunk's PtrBytes and the heap bytes that one bitmap word describes."""
        self.words = -(-ptr_bytes // word_bytes)  #: bitmap words that hold them; words are read whole.

    def end(self, first: int, count: int) -> int:
        """Return the word that begins at or after PtrBytes. Go: typePointers.nextFast and next, mbitmap.go, 1.22."""
        return min(first + count, max(first, self.words))

    def last_words(self, count: int, width: int) -> Ints:
        """Return each oblet's last word before PtrBytes."""
        starts = np.arange(0, count, width)
        lengths = np.minimum(width, count - starts)
        last: Ints = np.clip(self.words - starts, 0, lengths) - 1
        return last
