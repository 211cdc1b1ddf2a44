"""A fingerprint of a row of bits that can be computed from those of its parts.

The bits b0, b1, ... are the coefficients of a polynomial, evaluated at a fixed point modulo the prime
2**127 - 1. Rows of equal length and different bits have the same value with a chance of about
(length / 2**127), unless someone sets out to find such rows: it tells masks apart, it is no seal.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

_PRIME = (1 << 127) - 1
_POINT = 0x2545F491_4F6CDD1D_9E3779B9_7F4A7C15 % _PRIME  # any point of large order will do


def of_bytes(data: bytes) -> int:
    """Return the fingerprint of packed bits, least significant first: Horner's rule from the last byte."""
    total = 0
    for byte in reversed(data):
        total = (total * _BYTE_STEP + _BYTE_PRINTS[byte]) % _PRIME
    return total


def of_row(parts: Iterable[tuple[int, int]]) -> int:
    """Return the fingerprint of parts in a row, from (fingerprint, length in bits) of each, last one first."""
    total = 0
    for fingerprint, n in parts:
        total = (total * _power(n) + fingerprint) % _PRIME
    return total


def of_copies(fingerprint: int, n: int, count: int) -> int:
    """Return the fingerprint of `count` copies in a row of `n` bits that have this fingerprint."""
    ratio = _power(n)
    copies = count
    if ratio != 1:
        copies = (pow(ratio, count, _PRIME) - 1) * pow(ratio - 1, -1, _PRIME)
    return fingerprint * copies % _PRIME


@lru_cache(maxsize=4096)
def _power(n: int) -> int:
    """Return the point to the power of `n`; the same lengths come again and again."""
    return pow(_POINT, n, _PRIME)


def _byte_prints() -> tuple[int, ...]:
    """Return the fingerprint of each of the 256 bytes."""
    powers = [pow(_POINT, i, _PRIME) for i in range(8)]
    return tuple(sum(powers[i] for i in range(8) if byte >> i & 1) % _PRIME for byte in range(256))


_BYTE_PRINTS = _byte_prints()
_BYTE_STEP = pow(_POINT, 8, _PRIME)
