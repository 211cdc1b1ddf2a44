"""Pointer bits of a run of different values at once: an untrusted solver and its certificate.

A run is values of several types in several chunks, each laid at its own heap word. The bitmap
words it touches, all chunks' after one another, are one *window*. The solver ORs mask words,
shifted into place, group by group. The certificate reads back instead: at each value's place the
words must hold its type's mask, no other bit may be set or changed, and a noMorePtrs mark must go
exactly where a value's bits run over into the next word (or where the back-up of a value on a
boundary rewrites the word below), for that is when the one-store-at-a-time writer clears it.

The elements of a slice are values of their own here, as they are to the writer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from arenalab.errors import ModelBug
from arenalab.go.types import GoType

BITS = 64
#: Types with a longer pointer prefix are left to the step machine: their masks would not fit one table.
MOST_MASK_BITS = 4096
Ints = npt.NDArray[Any]
_ONE, _TOP, _ALL, _NONE = np.uint64(1), np.uint64(63), np.uint64(2**64 - 1), np.zeros(1, np.uint64)
_ZERO = np.zeros(1, dtype=np.intp)


class MaskTable:
    """The masks of many types, flat, as 64-bit words: how long each is and where it begins."""

    def __init__(self, types: Sequence[GoType]) -> None:
        """Lay out the masks of those types that are not too long; the others count as empty."""
        masks = [t.mask.words() if t.mask.n <= MOST_MASK_BITS else np.zeros(0, np.uint64) for t in types]
        self.width = np.array([t.size // 8 for t in types], dtype=np.int64)  #: heap words of a value.
        self.bits = np.array([t.mask.n for t in types], dtype=np.int64)  #: mask bits.
        self.ones = np.array([t.mask.ones for t in types], dtype=np.int64)  #: pointer words.
        self.words = np.array([len(mask) for mask in masks], dtype=np.int64)  #: mask words.
        self.at = self.words.cumsum() - self.words  #: where a mask begins in `masks`.
        self.masks = np.concatenate([*masks, _NONE])
        self.wide = np.concatenate([*map(_wide, types, masks), _NONE])  #: the bits of `masks` that count.


def _wide(go_type: GoType, mask: Ints) -> Ints:
    """Return, for each mask word, all bits that belong to the mask."""
    return _low_masks(np.clip(go_type.mask.n - BITS * np.arange(len(mask)), 0, BITS))


@dataclass(frozen=True, slots=True)
class Values:
    """Values whose bits are set: columns of equal length, ascending by chunk and address."""

    kind: Ints  #: number of the type in the MaskTable.
    word: Ints  #: heap word of the window at which it stands.


class Window(NamedTuple):
    """The bitmap words that a run may touch, those of all its chunks after one another."""

    first: Ints  #: per chunk: number of its first word here, from the chunk's base.
    at: Ints  #: per chunk: where that word stands in the window.
    before: Ints  #: uint64: the words before the run.


class Solved(NamedTuple):
    """A window as the run leaves it."""

    after: Ints  #: uint64.
    clears: Ints  #: uint8: 1 where the noMorePtrs mark is cleared.


def elements(kind: Ints, word: Ints, caps: Ints | None, table: MaskTable) -> Values:
    """Return values with each slice taken apart; `caps` is −1 for single values, None when all are."""
    if caps is None or not len(caps) or int(caps.max()) <= 1:
        return Values(kind, word)
    counts = np.maximum(caps, 1)
    kinds = kind.repeat(counts)
    within = np.arange(len(kinds)) - (counts.cumsum() - counts).repeat(counts)
    return Values(kinds, word.repeat(counts) + within * table.width[kinds])


class Pieces(NamedTuple):
    """The mask words of values, each with the place of its lowest bit in the window."""

    word: Ints  #: bitmap word of the window.
    low: Ints  #: uint64: bit in that word.
    high: Ints  #: uint64: bits of the word above that one.
    data: Ints  #: uint64: up to 64 mask bits.
    wide: Ints  #: uint64: all bits that there are of them.


def pieces_of(values: Values, table: MaskTable) -> Pieces:
    """Cut each value's mask into words, as the compiler stores it."""
    place, counts, at = values.word, table.words.take(values.kind), table.at.take(values.kind)
    if len(counts) and int(counts.max()) > 1:
        within = np.arange(int(counts.sum())) - (counts.cumsum() - counts).repeat(counts)
        at, place = at.repeat(counts) + within, place.repeat(counts) + within * BITS
    low = (place & 63).view(np.uint64)
    return Pieces(place >> 6, low, _TOP - low, table.masks.take(at), table.wide.take(at))


def heap_words(nbytes: Ints) -> Ints:
    """Return the heap words at which those byte offsets stand, which are multiples of 8."""
    return nbytes >> 3


def solve_mixed(window: Window, pieces: Pieces) -> Solved:
    """Return the words that the values leave. 8-byte pointers only. Untrusted: see `certify_mixed`."""
    after = window.before.copy()
    begins = (pieces.word[1:] != pieces.word[:-1]).nonzero()[0] + 1
    begins = np.concatenate((_ZERO, begins))
    after[pieces.word[begins]] |= np.bitwise_or.reduceat(pieces.data << pieces.low, begins)
    spilt = (pieces.data >> _ONE) >> pieces.high
    over = spilt.nonzero()[0]
    after[pieces.word[over] + 1] |= spilt[over]  # at most one piece reaches into a word from below
    clears = np.ones(len(after), dtype=np.uint8)
    # Values of one chunk touch each other, so every word of it but the last one runs over.
    clears[window.at[1:] - 1] = 0
    clears[-1] = 0
    return Solved(after, clears)


def certify_mixed(window: Window, values: Values, pieces: Pieces, table: MaskTable, solved: Solved) -> None:
    """Refuse a solver's words unless the writer's own rules give the same.

    Raises:
        ModelBug: naming the heap word or bitmap word of the window at which a rule is broken.

    """
    _certify_masks(pieces, solved.after)
    _certify_rest(window, values, table, solved.after)
    _certify_marks(window, values, table, solved.clears)


def _certify_masks(pieces: Pieces, after: Ints) -> None:
    """Read back: each value's place must hold its type's mask."""
    padded = np.concatenate((after, _NONE))
    here = padded.take(pieces.word) >> pieces.low
    above = (padded.take(pieces.word + 1) << _ONE) << pieces.high
    wrong = ((here | above) & pieces.wide) != pieces.data
    if wrong.any():
        at = int(np.argmax(wrong))
        place = int(pieces.word[at]) * BITS + int(pieces.low[at])
        raise ModelBug(
            f"the bits from heap word {place} of the window on are not the mask of the value there"
        )


def _certify_rest(window: Window, values: Values, table: MaskTable, after: Ints) -> None:
    """Refuse bits beyond the values' masks: below a chunk's first value, above its last, between any two."""
    starts = _first_of_chunks(window, values)
    low = values.word[starts]
    last = np.concatenate((starts[1:], [len(values.word)])) - 1
    high = values.word[last] + table.width[values.kind[last]]
    # Outside the values a chunk's part of the window has a few bits only: from the word that a back-up
    # takes along to the first value, and from behind the last value to the end of its word.
    edges = np.concatenate((window.at, low >> 6, (high - 1) >> 6))
    outside = _low_masks(np.concatenate((low - window.at * BITS, low & 63, _tail(high))))
    outside[-len(low) :] = ~outside[-len(low) :]
    outside[: len(low)] *= window.at != low >> 6  # the same word is not counted twice
    kept = window.before[edges] & outside
    if ((after[edges] & outside) != kept).any():
        raise ModelBug(f"a pointer bit outside heap words {low[0]} … {high[-1] - 1} of the window changed")
    counted = int(np.bitwise_count(after).sum(dtype=np.int64))
    expected = int(table.ones.take(values.kind).sum()) + int(np.bitwise_count(kept).sum(dtype=np.int64))
    if counted != expected:
        raise ModelBug(
            f"{counted} pointer bits are set where the values' masks and what was there have {expected}"
        )


def _tail(high: Ints) -> Ints:
    """Return how many bits of its word lie below a boundary: 64 when it is the word's end."""
    return ((high - 1) & 63) + 1


def _first_of_chunks(window: Window, values: Values) -> Ints:
    """Return the position of each chunk's first value."""
    return np.searchsorted(values.word, window.at * BITS)


def _low_masks(bits: Ints) -> Ints:
    """Return words whose lowest `bits` (64 at most) bits are set."""
    return _ALL >> np.uint64(BITS) - np.minimum(bits, BITS).astype(np.uint64)


def _certify_marks(window: Window, values: Values, table: MaskTable, clears: Ints) -> None:
    # A value on a boundary backs up by one word, unless it is the chunk's first.
    on_boundary = ((values.word & 63) == 0).nonzero()[0]
    lowest = values.word >> 6
    lowest[on_boundary] -= 1
    starts = _first_of_chunks(window, values)
    first_of_all = starts[(window.first == 0) & (values.word[starts] == window.at * BITS)]
    lowest[first_of_all] += 1
    behind = (values.word + table.width.take(values.kind) - 1) >> 6
    over = (behind > lowest).nonzero()[0]
    size = len(clears) + 1
    steps = np.bincount(lowest[over], minlength=size) - np.bincount(behind[over], minlength=size)
    wrong = (steps.cumsum()[:-1] > 0) != clears.view(bool)
    if wrong.any():
        at = int(np.argmax(wrong))
        raise ModelBug(
            f"the noMorePtrs mark of bitmap word {at} of the window doesn't follow from the overflows"
        )
