"""Weak handles: what all weak pointers to one byte share, and the span whose special leads there.

Follows specialWeakHandle (mheap.go), Go 1.24.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

NO_HANDLE = -1  #: of a weak pointer that was made of nil.
IN_IMAGE = -3  #: in place of a chunk, beside ON_HEAP and AT_ZEROBASE: in the program's own image.
#: A span that can have specials: (chunk, −1), or (ON_HEAP, ledger row) of a large object.
SpanKey = tuple[int, int]


def span_key(chunk: int, row: int) -> SpanKey:
    """Return the key of a chunk's span or, where `chunk` is negative, of the large object in a ledger row."""
    return (chunk, -1) if chunk >= 0 else (chunk, row)


class Spot(NamedTuple):
    """The byte that a weak handle is of."""

    chunk: int  #: ON_HEAP, AT_ZEROBASE or IN_IMAGE where it is in none.
    object: int  #: ledger row of the pointer's object, or STATIC.
    offset: int  #: bytes from the object's start.
    addr: int  #: its address in a chunk, 0 elsewhere.


@dataclass(slots=True, frozen=True)
class WeakHandle:
    """A word that holds the address of its spot, until the sweeper finds that unreachable."""

    spot: Spot  #: the byte that it leads to.
    block: int  #: number of the small object that it is in, −1 where it is not on the heap.
    cleared: bool = False  #: whether it is nil.
