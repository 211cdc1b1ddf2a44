"""FNV-1a digests of bitmap words, as the recording format defines them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

OFFSET_BASIS, PRIME = 0xCBF29CE484222325, 0x100000001B3
_MASK = (1 << 64) - 1
#: PRIME to the power of k: what k zero bytes in a row do to a digest.
_ZERO_BYTES = [pow(PRIME, k, 1 << 64) for k in range(9)]


def fnv1a_words(values: npt.NDArray[np.uint64]) -> str:
    """Return FNV-1a (64 bit, hex) over 64-bit values, each as 8 bytes, least significant first."""
    digest = OFFSET_BASIS
    for value in values.tolist():
        filled = value.to_bytes((value.bit_length() + 7) // 8, "little")
        for byte in filled:
            digest = ((digest ^ byte) * PRIME) & _MASK
        digest = (digest * _ZERO_BYTES[8 - len(filled)]) & _MASK
    return f"{digest:x}"


def words_digest(words: npt.NDArray[np.uint64]) -> tuple[int, str]:
    """Return (number of non-zero words, digest over each one's index and value)."""
    filled = np.flatnonzero(words).astype(np.uint64)
    pairs = np.column_stack((filled, words[filled])).ravel()
    return len(filled), fnv1a_words(pairs)


def marks_digest(marks: npt.NDArray[np.bool_]) -> tuple[int, str]:
    """Return (number of set marks, digest over their indices)."""
    numbers = np.flatnonzero(marks).astype(np.uint64)
    return len(numbers), fnv1a_words(numbers)
