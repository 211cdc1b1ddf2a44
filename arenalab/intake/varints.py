"""LEB128 numbers of a whole batch at once.

The only place of this house that works on bits.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
LONGEST = 10  #: bytes of the largest 64-bit number.
#: The bits that count of eight bytes of which the first is the number's, or the first two, ...
_OF_LENGTH = np.array([(1 << 8 * size) - 1 & 0x7F7F7F7F7F7F7F7F for size in range(1, 9)], np.uint64)
#: By how many bits the upper half of a pair moves, which bits are the lower half and which the upper.
_CLOSE_UP = [
    (np.uint64(width), np.uint64(low), np.uint64(low << shift))
    for width, shift, low in ((1, 8, 0x007F007F007F007F), (2, 16, 0x00003FFF00003FFF), (4, 32, 0x0FFFFFFF))
]


def last_bytes(data: Bytes) -> NDArray[np.intp]:
    """Return the places of the bytes that end a number: those without the bit that says "more"."""
    return np.flatnonzero(data < 0x80)


def numbers(
    data: Bytes, first: NDArray[np.intp], last: NDArray[np.intp], room: NDArray[np.int64]
) -> NDArray[np.uint64]:
    """Return the numbers that stand in the bytes first[i] to last[i], each at most `LONGEST` bytes.

    Eight bytes are taken at once, those after the last cleared, and their groups of 7 bits closed up, pair by pair.
    `room` is three rows or more, longer than the data, that are written over: fresh memory costs more than all this.
    """
    count = len(first)
    eight, rest, part = (
        room[0, : len(data) + 1].view(np.uint64),
        room[1, :count],
        room[2, :count].view(np.uint64),
    )
    padded = np.concatenate([data, np.zeros(8, np.uint8)])
    np.copyto(eight, np.ndarray(len(eight), "<u8", padded.data, strides=(1,)))
    np.subtract(last, first, out=rest)
    values = eight.take(first)
    values &= _OF_LENGTH.take(rest, out=part, mode="clip")
    for width, low, high in _CLOSE_UP:
        np.right_shift(np.bitwise_and(values, high, out=part), width, out=part)
        values &= low
        values |= part
    for place in (8, 9):
        rows = np.flatnonzero(rest >= place)
        values[rows] |= (data[first[rows] + place] & 0x7F).astype(np.uint64) << np.uint64(7 * place)
    return values


def too_long(data: Bytes, first: NDArray[np.intp], last: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the places of the numbers that would not fit in 64 bits."""
    rows = np.flatnonzero(last - first >= LONGEST - 1)
    return rows[(last[rows] - first[rows] >= LONGEST) | (data[last[rows]] > 1)]


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
