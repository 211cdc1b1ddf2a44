"""FNV-1a digests of bitmap words, as the recording format defines them; at once, not byte by byte.

A byte b changes a state h to (h ^ b) × PRIME. Modulo 2**(k+1), `h ^ b` is `h + d` with a `d` that needs only
the k low bits of h, for adding or flipping bit k is the same. So, bit by bit, the states are a linear
recurrence, which has a closed form: h[n] = PRIME**n × (h[0] + Σ d[m] × PRIME**−m).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

OFFSET_BASIS, PRIME = 0xCBF29CE484222325, 0x100000001B3
_INVERSE = pow(PRIME, -1, 1 << 64)

Bytes = npt.NDArray[np.uint8]
Words = npt.NDArray[np.uint64]


def fnv1a_words(values: Words) -> str:
    """Return FNV-1a (64 bit, hex) over 64-bit values, each as 8 bytes, least significant first."""
    data = np.ascontiguousarray(values, dtype="<u8").view(np.uint8)
    up, down = _powers(1 << max(len(data), 1).bit_length())
    low = _low_bytes(data, up[: len(data)].astype(np.uint8), down[: len(data)].astype(np.uint8))
    added = (low ^ data).astype(np.uint64) - low
    total = int((added * down[: len(data)]).sum(dtype=np.uint64))
    return f"{(OFFSET_BASIS + total) * int(up[len(data)]) % (1 << 64):x}"


def _low_bytes(data: Bytes, up: Bytes, down: Bytes) -> Bytes:
    """Return the low byte of the state before each byte; `up` and `down` are the powers of PRIME, modulo 256."""
    low, basis = np.zeros_like(data), np.uint8(OFFSET_BASIS % 256)
    for bit in range(8):
        known, next_bit = np.uint8((1 << bit) - 1), np.uint8(1 << bit)
        added = ((low ^ data) & known) - low + (data & next_bit)
        before = np.cumsum(added * down, dtype=np.uint8)
        before = np.append(np.zeros(1, np.uint8), before[:-1])[: len(data)]
        low = (before + basis) * up & (known | next_bit)
    return low


@lru_cache(maxsize=4)
def _powers(count: int) -> tuple[Words, Words]:
    """Return PRIME**n and PRIME**−n modulo 2**64, for n from 0 to `count`."""
    bases = (np.full(count + 1, base, dtype=np.uint64) for base in (PRIME, _INVERSE))
    up, down = (np.cumprod(base) * np.uint64(pow(int(base[0]), -1, 1 << 64)) for base in bases)
    return up, down


def words_digest(words: npt.NDArray[np.uint64]) -> tuple[int, str]:
    """Return (number of non-zero words, digest over each one's index and value)."""
    filled = np.flatnonzero(words).astype(np.uint64)
    pairs = np.column_stack((filled, words[filled])).ravel()
    return len(filled), fnv1a_words(pairs)


def marks_digest(marks: npt.NDArray[np.bool_]) -> tuple[int, str]:
    """Return (number of set marks, digest over their indices)."""
    numbers = np.flatnonzero(marks).astype(np.uint64)
    return len(numbers), fnv1a_words(numbers)
