"""Pointer bits of a run of equal values at once: an untrusted solver and its certificate.

A run is `count` values of one type, laid end to end from a heap word on. The solver tiles the
type's mask; the certificate asks the rules of the one-store-at-a-time writer instead:
every set bit must be a pointer word of its value, none may be missing, bits outside the run
must be as before, and a noMorePtrs mark must go exactly where a value's bits run over into
the next word (or where the back-up of a value on a boundary rewrites the word below).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from arenalab.errors import ModelBug
from arenalab.go.bitscan import pointer_words
from arenalab.go.types import GoType

BITS = 64
Words = npt.NDArray[np.uint64]


class BitsRun(NamedTuple):
    """Consecutive bitmap words as a run leaves them."""

    first: int  #: number of the first word, from the chunk's base.
    after: Words
    clears: npt.NDArray[np.uint8]  #: 1 where the noMorePtrs mark is cleared.


def solve_bits(words: Words, go_type: GoType, start: int, count: int) -> BitsRun:
    """Return the words that `count` values of a type leave, from heap word `start` on.

    `words` are the chunk's words before. 8-byte pointers only. Untrusted: see `certify_bits`.
    """
    width = go_type.size // 8
    end = start + width * count
    first, last = max(start - 1, 0) // BITS, (end - 1) // BITS
    bits = np.unpackbits(words[first : last + 1].view(np.uint8), bitorder="little")
    value = np.zeros(width, dtype=np.uint8)
    value[: go_type.mask.n] = np.unpackbits(go_type.mask.words().view(np.uint8), bitorder="little")[
        : go_type.mask.n
    ]
    bits[start - first * BITS : end - first * BITS] = np.tile(value, count)
    after = np.packbits(bits, bitorder="little").view(np.uint64)
    clears = np.ones(len(after), dtype=np.uint8)
    clears[-1] = 0
    return BitsRun(first, after, clears)


def certify_bits(words: Words, go_type: GoType, start: int, count: int, run: BitsRun) -> None:
    """Refuse a solver's words unless the writer's own rules give the same.

    Raises:
        ModelBug: naming the heap word or bitmap word at which a rule is broken.

    """
    width = go_type.size // 8
    low, high = start - run.first * BITS, start - run.first * BITS + width * count
    found, before = unpacked(run.after), unpacked(words[run.first : run.first + len(run.after)])
    value = np.zeros(width, dtype=np.uint8)
    value[pointer_words(go_type.mask.words())] = 1
    wrong = np.flatnonzero(found[low:high].reshape(count, width) != value)
    if len(wrong):
        said = "a pointer" if found[low + wrong[0]] else "no pointer"
        where = f"word {wrong[0] % width} of {go_type.expr}"
        raise ModelBug(f"heap word {start + wrong[0]} is called {said}, unlike {where}")
    outside = np.concatenate((found[:low] != before[:low], found[high:] != before[high:]))
    if outside.any():
        raise ModelBug(f"a pointer bit outside heap words {start} … {start + width * count - 1} changed")
    _certify_marks(start, width, count, run)


def unpacked(words: Words) -> npt.NDArray[np.uint8]:
    """Return the bits of bitmap words, one to a byte, lowest address first."""
    return np.unpackbits(words.view(np.uint8), bitorder="little")


def _certify_marks(start: int, width: int, count: int, run: BitsRun) -> None:
    starts = start + width * np.arange(count, dtype=np.int64)
    # A value on a boundary backs up by one word, so its writing begins in the word below.
    backed = starts - np.logical_and(starts % BITS == 0, starts > 0)
    lowest, behind = backed // BITS, (starts + width - 1) // BITS
    steps = np.zeros(len(run.after) + 1, dtype=np.int64)
    np.add.at(steps, lowest - run.first, 1)
    np.add.at(steps, behind - run.first, -1)
    if not np.array_equal(np.cumsum(steps)[:-1] > 0, run.clears.astype(bool)):
        raise ModelBug(
            f"the noMorePtrs marks from bitmap word {run.first} on don't follow from the writer's overflows"
        )
