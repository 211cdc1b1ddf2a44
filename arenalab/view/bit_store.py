"""One store of a heap-bitmap word, bit by bit: what stood there, what stands there, and whose each bit is.

Rule: an object is written value by value, and each value stores each bitmap word that it
touches exactly once. So the how-maniest store of a word it is tells which value made it.
Follows userArenaHeapBitsSetType of arena.go and writeHeapBits of mbitmap.go, Go 1.21 to 1.27.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

import numpy as np

from arenalab.go.bitscan import pointer_words
from arenalab.units import hex_addr
from arenalab.view.acting import by_name, other
from arenalab.view.columns import Column, View, brief, text_column
from arenalab.view.pointer_bits import by_marks
from arenalab.world.events import BitmapWordWritten, ObjectAllocated, PtrBytesSet
from arenalab.world.history import History
from arenalab.world.state import World

LOOK_BACK = 512  #: events of an operation that are searched for its latest store.

KEPT, MASK, PAD, BACK_UP = "kept", "mask", "pad", "back_up"
#: Where a bit of a store comes from -> the same in words.
ORIGINS = {
    KEPT: "kept: belongs to other values",
    MASK: "write: a word of the type's pointer mask",
    PAD: "pad: a word after the type's last pointer, 0",
    BACK_UP: "back-up: the bit below, written once more so that the mark of its word goes",
}


@dataclass(frozen=True, eq=False)
class StoreBits(View):
    """One row per bit of the word stored, bit 0 first."""

    bit: Column  #: its number in the word.
    before: Column  #: 0 or 1, until the store.
    after: Column  #: 0 or 1, from the store on.
    changed: Column  #: whether the two differ.
    origin: Column  #: key of ORIGINS.


@dataclass(frozen=True)
class BitStore:
    """The latest store of a bitmap word by the operation under way or just done."""

    chunk: int  #: its number.
    word: int  #: number of the bitmap word in the chunk.
    before: int  #: the word until the store.
    after: int  #: the word from the store on.
    full: bool  #: whether the word was full and another follows: `write` stored it, not `flush`.
    marks: bool  #: whether words have noMorePtrs marks, of which a full word's goes.
    value: int  #: which value of the object made it, 0 for a single one.
    values: int  #: how many values the object has.
    type: str  #: Go type of the object.
    by: str  #: who made it, "" for the program's only goroutine.
    bits: StoreBits  #: the 64 bits, one row each.

    @property
    def call(self) -> str:
        """Describe which call of the writer stored it: a word that runs over, or what is left in the end."""
        return "writeHeapBits.write" if self.full else "writeHeapBits.flush"

    def text(self) -> str:
        """Describe the store in four lines."""
        lines = [f"{self.call} stores word {self.word} of chunk {self.chunk}: {self.title()}"]
        for name, column in (("before", self.bits.before), ("after", self.bits.after)):
            value = self.before if name == "before" else self.after
            lines.append(f"  {name:<7}{_digits(column)}  {value:#018x}")
        letters = {KEPT: ".", MASK: "m", PAD: "p", BACK_UP: "b"}
        row = "".join(letters[origin] for origin in self.bits.origin)
        return "\n".join(
            [*lines, f"  from   {row}  . kept  m mask  p pad{'  b back-up' if self.marks else ''}"]
        )

    def title(self) -> str:
        """Describe the value that is written, and what becomes of the mark."""
        which = f"value {self.value + 1:,} of {self.values:,}, " if self.values > 1 else ""
        mark = f"noMorePtrs mark {'cleared' if self.full else 'untouched'}; " if self.marks else ""
        by = f",{by_name(self.by)}" if self.by else ""
        return f"{mark}{which}{self.type}{by}"


def _digits(column: Column) -> str:
    return "".join("1" if bit else "0" for bit in column)


def bit_store(history: History, at: int, op: int, world: World) -> BitStore | None:
    """Return the latest store that an operation has made, None when it made none yet.

    Args:
        history: what happened, step by step; a bulk run's single stores are not in it.
        at: how many events have happened.
        op: the operation, −1 for none.
        world: the World at that moment.

    """
    start = history.op_starts[op] if op >= 0 else at
    for number in range(at - 1, max(start, at - LOOK_BACK) - 1, -1):
        event = history.events[number]
        if history.log.op_of_event(number) != op:
            continue
        if isinstance(event, ObjectAllocated):
            return None
        if isinstance(event, BitmapWordWritten):
            return _told(event, world, _earlier(history, number), other(history, number))
    return None


def _earlier(history: History, number: int) -> int:
    """Return how many stores of the same word come right before event `number`."""
    word, count = history.events[number], 0
    assert isinstance(word, BitmapWordWritten)  # noqa: S101  # for the type checker
    for before in islice(reversed(history.events[max(0, number - 200) : number]), 200):
        if isinstance(before, PtrBytesSet):  # it comes after each value's stores, and ends none
            continue
        if not isinstance(before, BitmapWordWritten) or before.word != word.word:
            break
        count += 1
    return count


class _Value(NamedTuple):
    """One value of an object, in heap words of the chunk."""

    number: int
    first: int
    behind: int
    pointers: int  #: words of its pointer prefix.


def _told(event: BitmapWordWritten, world: World, earlier: int, by: str) -> BitStore:
    addr, size, type_number, _, _, _ = world.ledger.row(world.ledger.count - 1)
    go_type, ptr_size, bits = world.types[type_number], world.rules.ptr_size, world.rules.ptr_bits
    first, width = (addr - world.spans[event.chunk].base) // ptr_size, go_type.size // ptr_size
    number = _value_number(event.word * bits, (first, width), earlier)
    start = first + number * width
    value = _Value(number, start, start + width, go_type.ptr_bytes // ptr_size)
    words = np.array([event.before, event.after], dtype=np.uint64)
    set_bits = np.isin(np.arange(2 * bits), pointer_words(words))
    origin = [_origin(event.word * bits + bit, value, bits) for bit in range(bits)]
    table = StoreBits(
        np.arange(bits), set_bits[:bits], set_bits[bits:], set_bits[:bits] != set_bits[bits:], text_column(origin)
    )  # fmt: skip
    return BitStore(
        event.chunk, event.word, event.before, event.after,
        value.behind > (event.word + 1) * bits, by_marks(world.rules), number,
        max(1, size // max(1, go_type.size)), f"{brief(go_type.expr, 60)} at {hex_addr(addr)}", by, table,
    )  # fmt: skip


def _value_number(low: int, place: tuple[int, int], earlier: int) -> int:
    """Return which value stored the bitmap word of heap word `low` after `earlier` others did.

    The first that touches the word is the one that reaches into it, or begins right above it: the
    back-up touches the word below a value that begins on a word's boundary.
    """
    first, width = place
    reaches = max(0, -(-(low + 1 - first) // width) - 1)  # the first value that ends after `low`
    return reaches + earlier


def _origin(heap_word: int, value: _Value, bits: int) -> str:
    if heap_word == value.first - 1 and value.first % bits == 0:
        return BACK_UP
    if not value.first <= heap_word < value.behind:
        return KEPT
    return MASK if heap_word < value.first + value.pointers else PAD
