"""FNV-1a digests of bitmap words, as the recording format defines them; at once, not byte by byte.

A byte b changes a state h to (h ^ b) × PRIME. Modulo 2**(k+1), `h ^ b` is `h + d` with a `d` that needs only
the k low bits of h, for adding or flipping bit k is the same. So, bit by bit, the states are a linear
recurrence, which has a closed form: h[n] = PRIME**n × (h[0] + Σ d[m] × PRIME**−m).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

OFFSET_BASIS, PRIME = 0xCBF29CE484222325, 0x100000001B3
_INVERSE = pow(PRIME, -1, 1 << 64)
ROWS = 64

Bytes = npt.NDArray[np.uint8]
Words = npt.NDArray[np.uint64]
IntArray = npt.NDArray[Any]


def fnv1a_words(values: Words) -> str:
    """Return FNV-1a (64 bit, hex) over 64-bit values, each as 8 bytes, least significant first."""
    flat = np.ascontiguousarray(values, dtype="<u8").view(np.uint8)
    columns = 1 << max(-(-len(flat) // ROWS) - 1, 0).bit_length()
    down, low_up, low_down = _powers(columns)
    # Bytes of 0 behind the last one add nothing.
    data = _in_rows(np.pad(flat, (0, ROWS * columns - len(flat))))
    low = _low_bytes(data, low_up, low_down)
    added = (low ^ data).astype(np.uint64) - low
    total = int(np.multiply(added, down, out=added).sum(dtype=np.uint64))
    return f"{(OFFSET_BASIS + total) * pow(PRIME, len(flat), 1 << 64) % (1 << 64):x}"


def _low_bytes(data: Bytes, up: Bytes, down: Bytes) -> Bytes:
    """Return the low byte of the state before each byte; `up` and `down` are the powers of PRIME, modulo 256."""
    low, basis = np.zeros_like(data), np.uint8(OFFSET_BASIS % 256)
    for bit in range(8):
        known, next_bit = np.uint8((1 << bit) - 1), np.uint8(1 << bit)
        added = ((low ^ data) & known) - low + (data & next_bit)
        low = (_sums_before(np.multiply(added, down, out=added)) + basis) * up & (known | next_bit)
    return low


def _sums_before(numbers: Bytes) -> Bytes:
    """Return, for each of the numbers, the sum of those before it, modulo 256, in their order (see `_in_rows`)."""
    sums, running = np.empty_like(numbers), np.zeros(numbers.shape[1], dtype=np.uint8)
    for row, into in zip(numbers, sums, strict=True):
        into[:] = running
        running += row
    sums[:, 1:] += running.cumsum(dtype=np.uint8)[:-1]
    return sums


def _in_rows(numbers: IntArray) -> IntArray:
    """Lay numbers out so that number n stands in row n % ROWS: what runs along them then takes whole rows at once."""
    return np.ascontiguousarray(numbers.reshape(-1, ROWS).T)


@lru_cache(maxsize=4)
def _powers(columns: int) -> tuple[Words, Bytes, Bytes]:
    """Return PRIME**−n modulo 2**64, and PRIME**n and PRIME**−n modulo 256, for as many n as there are places."""
    bases = (np.full(ROWS * columns, base, dtype=np.uint64) for base in (PRIME, _INVERSE))
    up, down = (_in_rows(np.cumprod(base) * np.uint64(pow(int(base[0]), -1, 1 << 64))) for base in bases)
    return down, up.astype(np.uint8), down.astype(np.uint8)


def words_digest(words: npt.NDArray[np.uint64]) -> tuple[int, str]:
    """Return (number of non-zero words, digest over each one's index and value)."""
    filled = np.flatnonzero(words).astype(np.uint64)
    pairs = np.column_stack((filled, words[filled])).ravel()
    return len(filled), fnv1a_words(pairs)


def marks_digest(marks: npt.NDArray[np.bool_]) -> tuple[int, str]:
    """Return (number of set marks, digest over their indices)."""
    numbers = np.flatnonzero(marks).astype(np.uint64)
    return len(numbers), fnv1a_words(numbers)
