"""The heap bitmap of a chunk beside the objects and Go types that made it.

One bitmap word describes 64 heap words, 512 bytes; a set bit says that the collector follows
what stands there. Where a scan ends is said by noMorePtrs marks, one a word: past this word no pointer follows;
or, since Go 1.22, by PtrBytes of the chunk's dummy type: no pointer stands at or after them.
Follows heapArena.bitmap and noMorePtrs of mheap.go, Go 1.21, (*mspan).heapBits of mbitmap.go, Go 1.22, numbered
from the chunk's first word.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from arenalab.go.bitscan import pointer_words
from arenalab.go.rules import GoRules
from arenalab.units import hex_addr, plainly
from arenalab.view.columns import Column, View, brief, listing, text_column
from arenalab.world.invariants import has_bits
from arenalab.world.state import LEDGER, World
from arenalab.world.tables import MSpan

NOTHING = -1  #: no object covers this word.


@dataclass(frozen=True, eq=False)
class BitmapWords(View):
    """One row per bitmap word."""

    word: Column  #: number, from the chunk's first word.
    off: Column  #: offset in the chunk of the first byte it describes.
    value: Column  #: the 64 bits, uint64.
    mark: Column  #: whether its noMorePtrs mark is set; never where there are none.
    pointers: Column  #: how many bits are set.
    objects: Column  #: how many objects reach into the bytes it describes.


@dataclass(frozen=True, eq=False)
class HeapWords(View):
    """One row per 8 bytes of heap."""

    heap_word: Column  #: number, from the chunk's first word.
    word: Column  #: number of the bitmap word that describes it.
    bit: Column  #: which bit of it, 0 is the lowest address.
    pointer: Column  #: whether the bit is set; never where the bits are unmapped.
    row: Column  #: ledger row of the object that covers it, −1 for none.
    type: Column  #: Go type of that object, "" for none.
    at: Column  #: word within the value, −1 for none.
    expected: Column  #: whether the type has a pointer there.
    region: Column  #: which of the chunk's regions it lies in: 0 is that of objects.


@dataclass(frozen=True)
class PointerBits:
    """A stretch of a chunk's bitmap and the heap words it describes."""

    chunk: int  #: its number.
    base: int  #: address of the chunk.
    words: BitmapWords  #: the bitmap words, one row each.
    heap_words: HeapWords  #: the words of the heap that they describe, one row each.
    scratch: tuple[int, int] | None  #: (offset, bits) that a GC program has written into an object just now.
    ptr_bytes: int | None  #: of the chunk's dummy type; None where marks say where a scan ends.
    unmapped: str  #: why there are no bits, "" where there are.
    gone: str  #: key of the theme for what has no memory, "" where there is.

    @property
    def agrees(self) -> bool:
        """Whether every bit shown is what the types say; bits that are unmapped say nothing."""
        return bool(self.unmapped or np.array_equal(self.heap_words.pointer, self.heap_words.expected))

    def text(self) -> str:
        """Return the words in hex and the objects that made them."""
        shown = self.words.columns()
        shown["value"] = text_column([f"{int(value):#018x}" for value in self.words.value])
        shown["off"] = text_column([hex_addr(int(off)) for off in self.words.off])
        if self.ptr_bytes is None:
            shown["mark"] = text_column(["no more pointers" if mark else "" for mark in self.words.mark])
        else:
            del shown["mark"]
        head = f"heap bitmap of chunk {self.chunk} at {hex_addr(self.base)}"
        if self.unmapped:
            return f"{head}\n{self.unmapped}"
        parts = [head, listing(shown), self.limit_text(), self._objects_text()]
        if self.scratch is not None:
            off, bits = self.scratch
            parts.append(
                f"a GC program's {plainly(bits, 'mask bit stands', 'mask bits stand')} "
                f"in the object at {hex_addr(off)} for a moment"
            )
        return "\n".join(part for part in parts if part)

    def limit_text(self) -> str:
        """Describe how far the chunk's pointers reach, "" where marks tell it."""
        if self.ptr_bytes is None or self.unmapped:
            return ""
        return f"PtrBytes of the chunk's dummy type: {self.ptr_bytes:,}; at or after them no scan looks"

    def _objects_text(self) -> str:
        """Write each object's part as bits, lowest address first."""
        lines, heap = [], self.heap_words
        edges = np.flatnonzero(np.diff(heap.row)) + 1
        for here in np.split(np.arange(len(heap)), edges):
            if len(here) and heap.row[here[0]] != NOTHING:
                bits = "".join("1" if heap.pointer[i] else "0" for i in here[:64])
                more = "…" if len(here) > 64 else ""  # one bitmap word's worth
                lines.append(
                    f"  {hex_addr(int(heap.heap_word[here[0]]) * 8):>8}  {bits}{more}  {heap.type[here[0]]}"
                )
        return "\n".join(lines)


def pointer_bits(
    world: World, chunk: int, first: int = 0, count: int = 8, rows: Column | None = None
) -> PointerBits:
    """Return `count` bitmap words of a chunk from word `first` on, clipped to the chunk.

    Args:
        world: the moment.
        chunk: whose bitmap.
        first: number of the first word.
        count: how many words.
        rows: ledger rows, rising, that hold at least all objects there; None looks at all since the chunk's birth.

    Raises:
        IndexError: there is no such chunk.

    """
    if not 0 <= chunk < len(world.spans):
        msg = f"chunk {chunk} of {len(world.spans)}"
        raise IndexError(msg)
    span, bits = world.spans[chunk], world.rules.ptr_bits
    first = min(max(first, 0), world.rules.chunk_bitmap_words)
    behind = min(first + max(count, 0), world.rules.chunk_bitmap_words)
    values, marks = world.bits.words(chunk)[first:behind], world.scan_limits.no_more_ptrs(chunk)[first:behind]
    if unmapped := unmapped_bits(world, chunk):
        values = np.zeros_like(values)
    if rows is None:
        rows = np.arange(world.births.get(chunk, len(world.ledger)), len(world.ledger))
    heap = _heap_words(world, (chunk, first * bits, behind * bits), values, rows)
    per_word = heap.row.reshape(-1, bits)
    starts = np.concatenate((per_word[:, :1] != NOTHING, per_word[:, 1:] != per_word[:, :-1]), axis=1)
    words = BitmapWords(
        word=np.arange(first, behind), off=np.arange(first, behind) * world.rules.bitmap_word_bytes,
        value=values, mark=marks, pointers=np.array([int(value).bit_count() for value in values], dtype=np.int64),
        objects=np.logical_and(starts, per_word != NOTHING).sum(axis=1),
    )  # fmt: skip
    return PointerBits(
        chunk, span.base, words, heap, _scratch_in(world, span),
        None if by_marks(world.rules) else world.scan_limits.ptr_bytes(chunk), unmapped,
        gone_as(world, chunk),
    )  # fmt: skip


def _scratch_in(world: World, span: MSpan) -> tuple[int, int] | None:
    """Return (offset, bits) of what a GC program has written into a chunk just now, None for nothing."""
    scratch = world.scratch
    return (scratch[0] - span.base, scratch[1]) if scratch and world.span_of(scratch[0]) is span else None


def by_marks(rules: GoRules) -> bool:
    """Return whether noMorePtrs marks say where a scan ends; else PtrBytes of each chunk's dummy type do."""
    return rules.bitmap_home == "heap arena"


def gone_as(world: World, chunk: int) -> str:
    """Return how a chunk whose bits are unmapped looks, set to fault or mere addresses; "" where they are there."""
    if not unmapped_bits(world, chunk):
        return ""
    return "address_space" if world.list_of(chunk) == "ready" else "dead"


def unmapped_bits(world: World, chunk: int) -> str:
    """Explain why a chunk has no pointer bits now, "" where it has: those that lie in it go when it is set to fault."""
    if has_bits(world, world.spans[chunk]):
        return ""
    return f"unmapped: the bits {'lay' if chunk in world.births else 'are to lie'} in the chunk"


def pointer_bits_of(world: World, row: int) -> PointerBits:
    """Return the bitmap words that describe one object, by its ledger row.

    Raises:
        IndexError: there is no such object, or it is in no chunk.

    """
    addr, size, _, _, _, chunk = world.ledger.row(row)
    if chunk < 0:
        msg = f"object {row} is in no chunk"
        raise IndexError(msg)
    off, width = addr - world.spans[chunk].base, world.rules.bitmap_word_bytes
    return pointer_bits(world, chunk, off // width, (off + size - 1) // width - off // width + 1)


def _heap_words(
    world: World, part: tuple[int, int, int], values: npt.NDArray[np.uint64], rows: Column
) -> HeapWords:
    """Return the heap words of a part (chunk, first, behind last) with the objects that cover them."""
    _, low, high = part
    held = _objects(world, part, rows)
    covered = held.behind - held.first
    owner = np.repeat(np.arange(len(covered)), covered)
    word = np.arange(len(owner)) - np.repeat(np.cumsum(covered) - held.behind, covered)
    kinds, kind = np.unique(held.type, return_inverse=True)
    width = np.array([max(world.types[n].size // world.rules.ptr_size, 1) for n in kinds], dtype=np.int64)
    within = (word - held.start[owner]) % width[kind[owner]]
    names = text_column([brief(world.types[number].expr) for number in kinds])
    covering, at = np.full(high - low, NOTHING), np.full(high - low, NOTHING)
    types, expected = text_column([""] * (high - low)), np.zeros(high - low, dtype=bool)
    here = word - low  # where values share a word, the one made later is named
    covering[here], at[here], types[here] = held.row[owner], within, names[kind[owner]]
    for place, number in enumerate(kinds.tolist()):
        those = kind[owner] == place
        expected[here[those]] = np.isin(within[those], pointer_words(world.types[number].mask.words()))
    pointer = np.unpackbits(np.ascontiguousarray(values).view(np.uint8), bitorder="little").astype(bool)
    numbers, bits = np.arange(low, high), world.rules.ptr_bits
    starts = [part.offset for part in world.rules.chunk.regions]
    region = np.searchsorted(starts, numbers * world.rules.ptr_size, side="right") - 1
    return HeapWords(numbers, numbers // bits, numbers % bits, pointer, covering, types, at, expected, region)


class _Objects(NamedTuple):
    """Objects that reach into a part of a chunk, in the order of time; all columns are equally long."""

    row: Column  #: in the ledger.
    type: Column
    start: Column  #: first heap word of the object, which may lie before the part.
    first: Column  #: first heap word of the part that it covers.
    behind: Column  #: after the last one.


def _objects(world: World, part: tuple[int, int, int], rows: Column) -> _Objects:
    chunk, low, high = part
    base, size = world.spans[chunk].base, world.rules.ptr_size
    table = world.ledger.gather(rows, *LEDGER)
    start, end = (table[:, 0] - base) // size, -((base - table[:, 0] - table[:, 1]) // size)
    there = (table[:, 5] == chunk) * (start < high) * (end > low)
    found, start, end = table[there], start[there], end[there]
    return _Objects(rows[there], found[:, 2], start, np.maximum(start, low), np.minimum(end, high))
