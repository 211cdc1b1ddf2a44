"""Pointer bits of a run of values at once: an untrusted solver and its certificate.

A run is rows of values in several chunks, each row a value at its own heap word, or equal ones laid end to end
from there on: the elements of a slice, a repetition. The bitmap words it touches, all chunks' after one another, are
one *window*. The solver ORs mask words, shifted into place. The certificate reads back instead: at each value's
place the words must hold its type's mask, and no other bit may be set or changed.

Of a long row of equal values only those at its two ends are looked at one by one. Between them its bits repeat:
64 / gcd(64, width) values of `width` heap words fill whole bitmap words. The solver copies these, and the
certificate demands that each is equal to the one a period below; by induction they hold the masks as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from arenalab.errors import ModelBug
from arenalab.go.types import GoType

BITS = 64
#: Types with a longer pointer prefix are left out of a table of many: their masks would not fit.
MOST_MASK_BITS = 4096
WORTH_COPYING = 512  #: mask words that a row must save, else its values are looked at one by one.
Ints = npt.NDArray[Any]
_ONE, _TOP, _ALL, _NONE = np.uint64(1), np.uint64(63), np.uint64(2**64 - 1), np.zeros(1, np.uint64)
_ZERO = np.zeros(1, dtype=np.intp)


class MaskTable:
    """The masks of many types, flat, as 64-bit words: how long each is and where it begins."""

    def __init__(self, types: Sequence[GoType], most_bits: int = MOST_MASK_BITS) -> None:
        """Lay out the masks of those types that have at most so many bits; the others count as empty."""
        masks = [t.mask.words() if t.mask.n <= most_bits else np.zeros(0, np.uint64) for t in types]
        self.width = np.array([t.size // 8 for t in types], dtype=np.int64)  #: heap words of a value.
        self.ones = np.array([t.mask.ones for t in types], dtype=np.int64)  #: pointer words.
        self.bits = np.array([t.mask.n for t in types], dtype=np.int64)  #: heap words up to the last of them.
        self.words = np.array([len(mask) for mask in masks], dtype=np.int64)  #: mask words.
        self.at = self.words.cumsum() - self.words  #: where a mask begins in `masks`.
        self.masks = np.concatenate([*masks, _NONE])
        self.wide = np.concatenate([*map(_wide, types, masks), _NONE])  #: the bits of `masks` that count.
        shared = np.gcd(self.width, BITS)
        self.period = self.width // shared  #: bitmap words after which a row of such values repeats.
        self.shown = 2 * BITS // shared + 1  #: values at a long row's end that fill two periods and go on.
        self.long = 2 * self.shown + WORTH_COPYING // np.maximum(self.words, 1)  #: longer rows are long.


@lru_cache(maxsize=64)
def mask_table(go_type: GoType) -> MaskTable:
    """Return the table of one type, however long its mask is."""
    return MaskTable((go_type,), most_bits=go_type.mask.n)


def _wide(go_type: GoType, mask: Ints) -> Ints:
    """Return, for each mask word, all bits that belong to the mask."""
    return _low_masks(np.clip(go_type.mask.n - BITS * np.arange(len(mask)), 0, BITS))


class Copies(NamedTuple):
    """Words inside a long row: each is as the one `period` words below."""

    first: int  #: of the window.
    behind: int
    period: int


class Window(NamedTuple):
    """The bitmap words that a run may touch, those of all its chunks after one another."""

    first: Ints  #: per chunk: number of its first word here, from the chunk's base.
    at: Ints  #: per chunk: where that word stands in the window.
    row: Ints  #: per chunk: its first row.
    before: Ints  #: uint64: the words before the run.


class Values(NamedTuple):
    """Values whose bits are set, ascending by chunk and address."""

    kind: Ints  #: number of the type in the MaskTable.
    word: Ints  #: heap word of the window at which it stands.
    first: Ints  #: per chunk: its first value.
    ones: int  #: pointer words of all values, those in `copies` too.
    copies: tuple[Copies, ...] = ()  #: what is left out here, the insides of long rows.


def values_of(window: Window, kind: Ints, word: Ints, caps: Ints | None, table: MaskTable) -> Values:
    """Return the values of rows; `caps` tells how many a row has, −1 for a single value, None when all are."""
    ones = table.ones.take(kind)
    if caps is None or not len(caps) or int(caps.max()) <= 1:
        return Values(kind, word, window.row, int(ones.sum()))
    taken = counts = np.maximum(caps, 1)
    if (
        len(kind) == 1 and counts[0] <= table.long[kind[0]]
    ):  # a short slice or repetition alone, the frequent case
        place = word[0] + np.arange(counts[0]) * table.width[kind[0]]
        return Values(kind.repeat(counts), place, window.row, int(ones[0] * counts[0]))
    long = (counts > table.long.take(kind)).nonzero()[0]
    if len(long):
        taken = counts.copy()
        taken[long] = 2 * table.shown.take(kind[long])
    begins, width = taken.cumsum() - taken, table.width.take(kind)
    number = np.arange(int(begins[-1] + taken[-1]))
    place = (word - begins * width).repeat(taken) + number * width.repeat(taken)
    for row in long.tolist():  # behind its first values come its last ones
        middle, end = begins[row] + taken[row] // 2, begins[row] + taken[row]
        place[middle:end] += (counts[row] - taken[row]) * width[row]
    copies = tuple(_copies(int(kind[row]), int(word[row]), int(counts[row]), table) for row in long.tolist())
    return Values(kind.repeat(taken), place, begins.take(window.row), int(ones @ counts), copies)


def _copies(kind: int, word: int, count: int, table: MaskTable) -> Copies:
    """Return the words of a row that repeat: all but its first word, the period after that, and its last word."""
    period, last = int(table.period[kind]), word + count * int(table.width[kind]) - 1
    return Copies((word >> 6) + 1 + period, last >> 6, period)


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


def solve_bits(window: Window, values: Values, pieces: Pieces) -> Ints:
    """Return the words that the values leave, uint64. 8-byte pointers only. Untrusted: see `certify_bits`."""
    after = window.before.copy()
    begins = (pieces.word[1:] != pieces.word[:-1]).nonzero()[0] + 1
    begins = np.concatenate((_ZERO, begins))
    after[pieces.word[begins]] |= np.bitwise_or.reduceat(pieces.data << pieces.low, begins)
    spilt = (pieces.data >> _ONE) >> pieces.high
    over = spilt.nonzero()[0]
    after[pieces.word[over] + 1] |= spilt[over]  # at most one piece reaches into a word from below
    return copied(after, values)


def copied(column: Ints, values: Values) -> Ints:
    """Return a column by bitmap words with the insides of long rows filled in, in place."""
    for first, behind, period in values.copies:
        whole = behind - (behind - first) % period
        column[first:whole].reshape(-1, period)[:] = column[first - period : first]
        column[whole:behind] = column[whole - period : behind - period]
    return column


def certify_bits(window: Window, values: Values, pieces: Pieces, after: Ints) -> None:
    """Refuse a solver's words unless they hold the values' masks, and what was there before, and nothing else.

    Raises:
        ModelBug: naming the heap word or bitmap word of the window at which a rule is broken.

    """
    _certify_masks(pieces, after)
    _certify_copies(values, after)
    _certify_rest(window, values, after)


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


def _certify_copies(values: Values, after: Ints) -> None:
    """Inside a long row each word must be as the one a period below."""
    for first, behind, period in values.copies:
        wrong = after[first:behind] != after[first - period : behind - period]
        if wrong.any():
            at = first + int(np.argmax(wrong))
            raise ModelBug(
                f"bitmap word {at} of the window is unlike word {at - period}, where equal values repeat"
            )


def _certify_rest(window: Window, values: Values, after: Ints) -> None:
    """Refuse bits that changed and are in no value's mask: the masks' own are set, and as many changed in all."""
    low, before = values.word.take(values.first), window.before
    edge = low >> 6
    # Of what was there, a chunk's part of the window has the word that a back-up takes along, and the first
    # value's word as far as that value. Behind it the chunk is blank, so masks and what was there are disjoint.
    blank = before.copy()
    blank[window.at] = 0
    blank[edge] = before.take(edge) >> (low & 63).view(np.uint64)
    if blank.any():
        raise ModelBug(f"bitmap word {int(blank.argmax())} of the window is not blank where the run begins")
    changed = int(np.bitwise_count(after ^ before).sum(dtype=np.int64))
    if changed != values.ones:
        raise ModelBug(
            f"{changed} pointer bits changed in the window where the values' masks have {values.ones}"
        )


def _low_masks(bits: Ints) -> Ints:
    """Return words whose lowest `bits` (64 at most) bits are set."""
    return _ALL >> np.uint64(BITS) - np.minimum(bits, BITS).astype(np.uint64)
