"""The heap-bitmap writer: which bitmap words a value's pointer bits end up in, store by store.

Rules:
1. Pure: it collects bits and says what to store; somebody else reads and writes the words.
2. A store made by `write` clears the word's noMorePtrs mark, one made by `flush` does not.
3. In an arena every word of a value is emitted explicitly (mask, then `pad`), so `flush` only
   ever stores what is left over. Go's flush has a second branch for values that emit less;
   only the heap and a chunk's birth use it.

Words are numbered from the chunk's first word; chunks begin on a word's boundary.
Follows writeHeapBits in mbitmap.go, Go 1.21.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from arenalab.go.layout import WORD_BITS, low_mask
from arenalab.go.mirror import mirrors
from arenalab.go.types import GoType


class Store(NamedTuple):
    """One store to a bitmap word: `after = (before AND keep) OR data`."""

    word: int  #: its number in the chunk.
    keep: int  #: bits of the word that stay, a mask.
    data: int  #: bits that are set.
    clears: int  #: 1 when the word's noMorePtrs mark is cleared with it.


def merged(before: int, keep: int, data: int) -> int:
    """Return a bitmap word after a store."""
    return (before & keep) | data


class HeapBitsWriter:
    """Collects bits from one address upwards and hands out full words.

    Go: writeHeapBits, writeHeapBitsForAddr, mbitmap.go, 1.21.
    """

    __slots__ = ("bits", "low", "mask", "valid", "word")

    def __init__(self, heap_word: int, bits: int = WORD_BITS) -> None:
        """Start at a heap word (8 bytes of memory) counted from the chunk's base."""
        self.bits = bits  #: bits of a bitmap word: 64, or 32 where pointers have 4 bytes.
        self.word, self.low = divmod(heap_word, bits)  #: word being collected; its bits that aren't ours.
        self.valid = self.low  #: bits collected, `low` included.
        self.mask = 0  #: the bits collected.

    @mirrors("mbitmap.go", "writeHeapBits.write")
    def write(self, data: int, nbits: int) -> Store | None:
        """Add `nbits` (≤ 64) bits; return the store of a word that overflowed, else None."""
        total = self.valid + nbits
        if total <= self.bits:
            self.mask |= data << self.valid
            self.valid = total
            return None
        full = (self.mask | data << self.valid) & low_mask(self.bits)
        store = Store(self.word, low_mask(self.low), full, 1)
        self.mask = data >> (self.bits - self.valid)
        self.valid = total - self.bits
        self.word += 1
        self.low = 0
        return store

    @mirrors("mbitmap.go", "writeHeapBits.flush")
    def flush(self) -> Store | None:
        """Return the store of what is left over, None when nothing is."""
        if self.valid == self.low:
            return None
        ours = low_mask(self.valid) ^ low_mask(self.low)
        return Store(self.word, low_mask(self.bits) ^ ours, self.mask, 0)


@lru_cache(maxsize=256)
@mirrors("mbitmap.go", "writeHeapBits.pad")
def write_plan(go_type: GoType, ptr_size: int = 8) -> tuple[tuple[int, int], ...]:
    """Return the (bits, count) pairs that one value hands to the writer: its mask, then zeros.

    The mask comes in words of 64 bits, the last one shorter; the zeros of the pointer-free tail
    follow in the same way. Go: userArenaHeapBitsSetType, arena.go, and writeHeapBits.pad, 1.21.
    """
    bits = 8 * ptr_size
    nwords = go_type.ptr_bytes // ptr_size
    plan = []
    for start in range(0, nwords, bits):
        count = min(bits, nwords - start)
        word = go_type.mask.word(start // WORD_BITS) >> (start % WORD_BITS)
        plan.append((word & low_mask(count), count))
    tail = (go_type.size - go_type.ptr_bytes) // ptr_size
    while tail > 0:
        plan.append((0, min(bits, tail)))
        tail -= bits
    return tuple(plan)
