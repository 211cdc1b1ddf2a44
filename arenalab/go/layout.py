"""Address arithmetic: the only place where addresses are rounded, split and compared bit by bit.

Rules:
1. Functions are made of operators only, so ints and numpy arrays both pass: the step machine
   calls them with two ints, the certificate of a bulk run with whole columns.
2. Nothing here knows a version: numbers arrive as arguments, from `GoRules`.

Follows runtime/mranges.go, mheap.go, mbitmap.go of Go 1.21; `takeFrom*` read the same in 1.27.
"""

from __future__ import annotations

from typing import Any, TypeVar

from arenalab.go.mirror import mirrors

N = TypeVar("N", int, Any)  # a whole number or an array of them

WORD_BITS = 64
ALL_ONES = (1 << WORD_BITS) - 1
UINTPTR_MAX = ALL_ONES


def align_up(value: N, align: N) -> N:
    """Round `value` up to a multiple of `align`, a power of two. Go: alignUp, stubs.go, 1.21."""
    return (value + align - 1) & ~(align - 1)


def align_down(value: N, align: N) -> N:
    """Round `value` down to a multiple of `align`, a power of two. Go: alignDown, stubs.go, 1.21."""
    return value & ~(align - 1)


def ceil_div(value: int, unit: int) -> int:
    """Return how many `unit`s hold `value`. Go: divRoundUp, stubs.go, 1.21."""
    return (value + unit - 1) // unit


@mirrors("mranges.go", "(*addrRange).takeFromFront")
def take_from_front(base: N, limit: N, size: N, align: N) -> tuple[N, N, Any]:
    """Carve `size` bytes off the low end of [base, limit).

    Returns (start of the object, new base, whether it fits); the alignment gap lies below
    the object. A range can be filled exactly. Go: (*addrRange).takeFromFront, mranges.go, 1.21.
    """
    start = align_up(base, align)
    edge = start + size
    return start, edge, edge <= limit


@mirrors("mranges.go", "(*addrRange).takeFromBack")
def take_from_back(base: N, limit: N, size: N, align: N) -> tuple[N, N, Any]:
    """Carve `size` bytes off the high end of [base, limit).

    Returns (start of the object, new limit, whether it fits); start and new limit are the same
    number, the alignment gap lies above the object. Go: (*addrRange).takeFromBack, mranges.go, 1.21.
    """
    start = align_down(limit - size, align)
    return start, start, base <= start


def bitmap_word_of(heap_bit: N, bits_per_word: int = WORD_BITS) -> N:
    """Return which bitmap word describes heap word `heap_bit`."""
    return heap_bit // bits_per_word


def bit_of(heap_bit: N, bits_per_word: int = WORD_BITS) -> N:
    """Return which bit of its bitmap word describes heap word `heap_bit` (0 is the lowest address)."""
    return heap_bit & (bits_per_word - 1)


def low_mask(nbits: int) -> int:
    """Return a word whose lowest `nbits` bits are set."""
    return (1 << nbits) - 1


def bit_is_set(word: N, bit: N) -> Any:
    """Return bit `bit` of `word`, 0 or 1."""
    return (word >> bit) & 1


def is_aligned(value: N, align: N) -> Any:
    """Return whether `value` is a multiple of `align`, a power of two."""
    return value & (align - 1) == 0


def mul_overflows(size: int, count: int) -> bool:
    """Return whether `size * count` leaves 64 bits, by the division that Go's arena code uses.

    Go: (*mspan).userArenaNextFree, arena.go, 1.21 tests `size > ^uintptr(0)/uintptr(cap)`.
    """
    return count > 0 and size > UINTPTR_MAX // count
