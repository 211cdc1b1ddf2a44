"""LEB128 numbers of a whole batch at once.

The only place of this house that works on bits.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
LONGEST = 10  #: bytes of the largest 64-bit number.


def last_bytes(data: Bytes) -> NDArray[np.intp]:
    """Return the places of the bytes that end a number: those without the bit that says "more"."""
    return np.flatnonzero(data < 0x80)


def numbers(data: Bytes, first: NDArray[np.intp], last: NDArray[np.intp]) -> NDArray[np.uint64]:
    """Return the numbers that stand in the bytes first[i] to last[i], each at most `LONGEST` bytes."""
    values = (data[first] & 0x7F).astype(np.uint64)
    longer = np.flatnonzero(last > first)
    place = first[longer] + 1
    shift = 7
    while longer.size:
        values[longer] |= (data[place] & 0x7F).astype(np.uint64) << np.uint64(shift)
        still = last[longer] > place
        longer, place, shift = longer[still], place[still] + 1, shift + 7
    return values


def too_long(data: Bytes, first: NDArray[np.intp], last: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Return which numbers would not fit in 64 bits."""
    length = last - first + 1
    answer: NDArray[np.bool_] = (length > LONGEST) | ((length == LONGEST) & (data[last] > 1))
    return answer


def number_at(data: bytes, at: int) -> tuple[int, int]:
    """Return one number and the place after it.

    Raises:
        ValueError: the bytes end within it, or it does not fit in 64 bits.

    """
    value = 0
    for length in range(LONGEST):
        if at + length >= len(data):
            raise ValueError("the bytes end within a number")
        byte = data[at + length]
        value |= (byte & 0x7F) << 7 * length
        if byte < 0x80:
            if value >= 1 << 64:
                break
            return value, at + length + 1
    raise ValueError("a number does not fit in 64 bits")
