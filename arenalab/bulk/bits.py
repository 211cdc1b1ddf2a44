"""Pointer bits of a run of values at once: an untrusted solver and its certificate.

A run is rows of values in several chunks, each row a value at its own heap word, or equal ones laid end to end
from there on: the elements of a slice, a repetition. The bitmap words it touches, all chunks' after one another, are
one *window*. The solver ORs mask words, shifted into place. The certificate reads back instead: rows must touch and not
overlap; at each row's place the words must hold all pointers of its type's mask, as often as there are values; and as
many bits must have changed in all as those masks have, so none is set that is in no mask.

The bits of equal values repeat: 64 / gcd(64, width) values of `width` heap words fill whole words. So a type's mask
is kept laid end to end that often, as *tiles*, and a row of any length is cut into as many words as its bits need,
like one long mask.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import gcd
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from arenalab.bulk.first import NOWHERE, first, found
from arenalab.errors import ModelBug
from arenalab.go.types import GoType

BITS = 64
#: Types with a longer pointer prefix are left out of a table of many: their masks would not fit.
MOST_MASK_BITS = 4096
MOST_TILED = (
    4096  #: heap words of a value; the tiles of a larger one would be many, and many of it fit no chunk.
)
Ints = npt.NDArray[Any]
_ONE, _TOP, _ALL, _NONE = np.uint64(1), np.uint64(63), np.uint64(2**64 - 1), np.zeros(1, np.uint64)


class MaskTable:
    """The masks of many types, flat, as 64-bit words: how long each is and where it begins."""

    def __init__(self, types: Sequence[GoType], most_bits: int = MOST_MASK_BITS) -> None:
        """Lay out the masks of those types that have at most so many bits; the others count as empty."""
        self.width = np.array([t.size // 8 for t in types], dtype=np.int64)  #: heap words of a value.
        self.ones = np.array([t.mask.ones for t in types], dtype=np.int64)  #: pointer words.
        self.bits = np.array([t.mask.n for t in types], dtype=np.int64)  #: heap words up to the last of them.
        self.bits[self.bits > most_bits] = 0
        tiles = [
            _tiles(t) if bits else np.zeros(0, np.uint64) for t, bits in zip(types, self.bits, strict=True)
        ]
        #: Words after which those of a row repeat; all of a mask's words where its row is a single value.
        self.period = np.array([max(len(each), 1) for each in tiles], dtype=np.int64)
        self.at = np.cumsum([0, *map(len, tiles)])[:-1]  #: where a mask's tiles begin in `tiles`.
        self.tiles = np.concatenate([*tiles, _NONE])
        self.tiled = self.width <= MOST_TILED
        self.long = (self.bits > BITS).nonzero()[0]  #: types whose masks take several words.
        self.data = self.tiles.take(self.at) & _low_masks(self.bits)  #: the first word of a single value.


@lru_cache(maxsize=64)
def mask_table(go_type: GoType) -> MaskTable:
    """Return the table of one type, however long its mask is."""
    return MaskTable((go_type,), most_bits=go_type.mask.n)


def _tiles(go_type: GoType) -> Ints:
    """Return the words of a type's mask laid end to end until they repeat, or those of one mask."""
    width, mask = go_type.size // 8, go_type.mask.words()
    if not 0 < width <= MOST_TILED:
        return mask
    bits = np.zeros(width, dtype=np.uint8)
    bits[: go_type.mask.n] = np.unpackbits(mask.view(np.uint8), bitorder="little")[: go_type.mask.n]
    tiles: Ints = np.packbits(np.tile(bits, BITS // gcd(BITS, width)), bitorder="little").view(np.uint64)
    return tiles


class Window(NamedTuple):
    """The bitmap words that a run may touch, those of all its chunks after one another."""

    first: Ints  #: per chunk: number of its first word here, from the chunk's base.
    at: Ints  #: per chunk: where that word stands in the window.
    row: Ints  #: per chunk: its first row.
    before: Ints  #: uint64: the words before the run.


class Kinds(NamedTuple):
    """Which types rows are of."""

    number: Ints  #: of each row's type in the MaskTable, as numpy indexes.
    often: Ints  #: rows of each type.


def kinds_of(number: Ints, table: MaskTable) -> Kinds:
    """Return which types rows are of, by their numbers."""
    return Kinds(number, np.bincount(number, minlength=len(table.ones)))


class Values(NamedTuple):
    """Rows whose bits are set, ascending by chunk and address."""

    kind: Ints  #: number of the type in the MaskTable.
    word: Ints  #: heap word of the window at which it stands.
    width: Ints  #: heap words of all its values.
    counts: Ints | None  #: values of each row; None where each is one.
    first: Ints  #: per chunk: its first row.
    ones: int  #: pointer words of all rows.
    short: bool  #: whether each is one value, with a mask of one word.

    def bits(self, rows: slice | Ints, table: MaskTable) -> Ints:
        """Return the heap words of some rows up to their last pointers."""
        kind = self.kind[rows]
        bits: Ints = table.bits.take(kind)
        return bits if self.counts is None else bits + (self.counts[rows] - 1) * table.width.take(kind)


def values_of(
    window: Window, kinds: Kinds, word: Ints, width: Ints, caps: Ints | None, table: MaskTable
) -> Values:
    """Return the values of rows of so many heap words; `caps` tells how many a row has, as `n` of a trace does.

    That is −1 for a single value; None when all are single.
    """
    kind, often = kinds
    first = window.row
    if caps is None:
        short = not found(often.take(table.long) > 0)
        return Values(kind, word, width, None, first, int(often @ table.ones), short)
    counts = np.maximum(caps, 1)
    ones = table.ones.take(kind) @ counts
    apart = np.where(table.tiled.take(kind), 1, counts)  # values that are rows of their own
    if int(apart.max(initial=1)) > 1:
        begins = apart.cumsum() - apart
        number = np.arange(int(apart.sum())) - begins.repeat(apart)
        kind, width = kind.repeat(apart), (width // apart).repeat(apart)
        word, first = word.repeat(apart) + number * width, begins.take(first)
        counts = np.where(apart > 1, 1, counts).repeat(apart)
    return Values(kind, word, width, counts, first, int(ones), short=False)


class Pieces(NamedTuple):
    """The mask words of rows, each with the place of its lowest bit in the window."""

    word: Ints  #: bitmap word of the window.
    low: Ints  #: uint64: bit in that word.
    data: Ints  #: uint64: up to 64 mask bits.

    def carried(self, rows: Ints) -> Ints:
        """Return what some of them have in the word above theirs."""
        return (self.data.take(rows) >> _ONE) >> (_TOP - self.low.take(rows))


def pieces_of(values: Values, table: MaskTable) -> Pieces:
    """Cut the masks of each row, end to end, into words."""
    kind, place = values.kind, values.word
    if values.short:
        data = table.data.take(kind)
    else:
        bits = values.bits(slice(None), table)
        counts = (bits + (BITS - 1)) // BITS
        within = np.arange(int(counts.sum())) - (counts.cumsum() - counts).repeat(counts)
        wide = _low_masks(bits.repeat(counts) - within * BITS)
        tile = table.at.take(kind).repeat(counts) + within % table.period.take(kind).repeat(counts)
        data, place = table.tiles.take(tile) & wide, place.repeat(counts) + within * BITS
    return Pieces(place >> 6, (place & 63).view(np.uint64), data)


def heap_words(nbytes: Ints) -> Ints:
    """Return the heap words at which those byte offsets stand, which are multiples of 8."""
    return nbytes >> 3


def solve_bits(window: Window, pieces: Pieces) -> Ints:
    """Return the words that the values leave, uint64. 8-byte pointers only. Untrusted: see `certify_bits`."""
    after, word = window.before.copy(), pieces.word
    differs = np.empty(
        len(word) + 1, dtype=bool
    )  # whether a piece begins another word than the one before it
    np.not_equal(word[1:], word[:-1], out=differs[1:-1])
    differs[0] = differs[-1] = True
    edges = differs.nonzero()[0]
    begins, last = edges[:-1], edges[1:] - 1  # of each word's pieces
    place = word.take(last)
    after[place] |= np.bitwise_or.reduceat(pieces.data << pieces.low, begins)
    carry = pieces.carried(last)
    over = (carry != 0).nonzero()[0]
    after[place[over] + 1] |= carry[over]  # only the last piece of a word reaches into the next
    return after


def certify_bits(window: Window, values: Values, pieces: Pieces, after: Ints) -> None:
    """Refuse a solver's words unless they hold the values' masks, and what was there before, and nothing else.

    Raises:
        ModelBug: naming the heap word or bitmap word of the window at which a rule is broken.

    """
    _certify_touching(values)
    _certify_masks(pieces, after)
    _certify_rest(window, values, after)


def _certify_touching(values: Values) -> None:
    """Refuse rows unless each begins where the one before it in its chunk ends: so no two share a bit."""
    apart = (values.word + values.width)[:-1] != values.word[1:]
    apart[values.first[1:] - 1] = False
    before = first(apart)
    if before != NOWHERE:
        at = before + 1
        raise ModelBug(
            f"the value at heap word {values.word[at]} of the window doesn't begin where the one before it ends"
        )


def _certify_masks(pieces: Pieces, after: Ints) -> None:
    """Read back: each value's place must hold all pointers of its type's mask; that there are no others is counted."""
    here = after.take(pieces.word)
    here >>= pieces.low
    here &= pieces.data
    # Few reach into the next word: where the word alone does not do, both are read.
    few = (here != pieces.data).nonzero()[0]
    above = np.concatenate((after, _NONE)).take(pieces.word.take(few) + 1)
    reach = (above << _ONE) << (_TOP - pieces.low.take(few))
    data = pieces.data.take(few)
    wrong = (here.take(few) | reach) & data != data
    if found(wrong):
        at = int(few[first(wrong)])
        place = int(pieces.word[at]) * BITS + int(pieces.low[at])
        raise ModelBug(
            f"the bits from heap word {place} of the window on are not the mask of the value there"
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
    filled = first(blank != 0)
    if filled != NOWHERE:
        raise ModelBug(f"bitmap word {filled} of the window is not blank where the run begins")
    changed = int(np.bitwise_count(after ^ before).sum(dtype=np.int64))
    if changed != values.ones:
        raise ModelBug(
            f"{changed} pointer bits changed in the window where the values' masks have {values.ones}"
        )


def _low_masks(bits: Ints) -> Ints:
    """Return words whose lowest `bits` (64 at most) bits are set."""
    return _ALL >> np.uint64(BITS) - np.minimum(bits, BITS).astype(np.uint64)
