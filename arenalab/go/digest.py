"""FNV-1a digests of bitmap words, as the recording format defines them; at once, not byte by byte.

A byte b changes a state h to (h ^ b) × PRIME. Modulo 2**(k+1), `h ^ b` is `h + d` with a `d` that needs only
the k low bits of h, for adding or flipping bit k is the same. So, bit by bit, the states are a linear
recurrence, which has a closed form: h[n] = PRIME**n × (h[0] + Σ d[m] × PRIME**−m). A byte of 0 has no `d`: where all
values have one, as in the upper bytes of an index, it is left out, and the others keep the powers of their places.

Values that were digested before and have changed towards their end are read from there on (`Digested`).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

OFFSET_BASIS, PRIME = 0xCBF29CE484222325, 0x100000001B3
_MASK = (1 << 64) - 1
_INVERSE = pow(PRIME, -1, 1 << 64)
ROWS = 16
FEW = 1600  #: bytes of which each one by itself is quicker.
BLOCK = 256  #: indices whose effect on any state is known.
_LOW = np.arange(256, dtype=np.uint8)
_SEVEN = pow(PRIME, 7, 1 << 64)
_WHOLE = pow(PRIME, 8 * BLOCK, 1 << 64)
END = 16  #: records at the end, before which a state is kept: what changes next is mostly there.

Bytes = npt.NDArray[np.uint8]
Words = npt.NDArray[np.uint64]
IntArray = npt.NDArray[Any]


def fnv1a_words(values: Words, each: int = 1) -> str:
    """Return FNV-1a (64 bit, hex) over 64-bit values, each as 8 bytes, least significant first.

    `each` is how many of them belong together; of those the same bytes tend to be 0.
    """
    return f"{state_after(values, each, OFFSET_BASIS):x}"


def state_after(values: Words, each: int, state: int) -> int:
    """Return the state of FNV-1a after such values, from the state before them."""
    if values.nbytes <= FEW:
        for byte in np.ascontiguousarray(values, dtype="<u8").tobytes():
            state = (state ^ byte) * PRIME & _MASK
        return state
    return _at_once(values, each, state)


def _at_once(values: Words, each: int, state: int) -> int:
    records = np.ascontiguousarray(values, dtype="<u8").reshape(-1, each)
    used = np.bitwise_or.reduce(records, axis=0).view(np.uint8) != 0
    data = _columns(records.view(np.uint8), used)
    columns = 1 << max(-(-len(data) // ROWS) - 1, 0).bit_length()
    down, low_up, low_down = _powers(columns, used.tobytes())
    padded = np.zeros(ROWS * columns, dtype=np.uint8)  # bytes of 0 after the last one add nothing
    padded[: len(data)] = data
    data = _in_rows(padded)
    low = _low_bytes(data, low_up, low_down, state)
    added = (low ^ data).astype(np.uint64) - low
    total = int(np.multiply(added, down, out=added).sum(dtype=np.uint64))
    return (state + total) * pow(PRIME, 8 * records.size, 1 << 64) % (1 << 64)


def _columns(data: Bytes, used: npt.NDArray[np.bool_]) -> Bytes:
    """Return the used columns of a table, row after row; one column after the other, numpy is quickest."""
    places = used.nonzero()[0].tolist()
    found = np.empty((len(data), len(places)), dtype=np.uint8)
    for into, place in enumerate(places):
        found[:, into] = data[:, place]
    return found.ravel()


def _low_bytes(data: Bytes, up: Bytes, down: Bytes, state: int) -> Bytes:
    """Return the low byte of the state before each byte; `up` and `down` are the powers of PRIME, modulo 256."""
    low, basis = np.zeros_like(data), np.uint8(state % 256)
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


@lru_cache(maxsize=32)
def _powers(columns: int, used: bytes) -> tuple[Words, Bytes, Bytes]:
    """Return PRIME**−n modulo 2**64, and PRIME**n and PRIME**−n modulo 256, for as many places n as are used."""
    places = np.flatnonzero(np.frombuffer(used, dtype=bool)) if any(used) else np.zeros(1, dtype=np.intp)
    records = -(-ROWS * columns // len(places))
    wanted = (np.arange(records)[:, None] * len(used) + places).ravel()[: ROWS * columns]
    factors = (np.full(records * len(used), base, dtype=np.uint64) for base in (PRIME, _INVERSE))
    up, down = (
        _in_rows((np.cumprod(each) * np.uint64(pow(int(each[0]), -1, 1 << 64)))[wanted]) for each in factors
    )
    return down, up.astype(np.uint8), down.astype(np.uint8)


class Digested:
    """What was digested last, with states on the way: values that begin alike are read from where they differ."""

    def __init__(self, each: int = 1) -> None:
        """Begin with nothing; `each` values belong together."""
        self.each = each
        self.values: Words = np.empty(0, dtype=np.uint64)
        self.states = [
            (0, OFFSET_BASIS)
        ]  #: (values that were read, the state after them), the first of none.

    def of(self, values: Words) -> str:
        """Return FNV-1a (64 bit, hex) of values, as `fnv1a_words` has it."""
        alike = _alike(self.values, values)
        while self.states[-1][0] > alike:
            self.states.pop()
        end = len(values) - END * self.each
        for stop in (end, len(values)):
            at, state = self.states[-1]
            if stop > at:
                self.states.append((stop, state_after(values[at:stop], self.each, state)))
        self.values = values
        return f"{self.states[-1][1]:x}"


def _alike(one: Words, other: Words) -> int:
    """Return with how many equal values two arrays begin."""
    count = min(len(one), len(other))
    differs = one[:count] != other[:count]
    at = int(differs.argmax()) if count else 0
    return at if count and differs[at] else count


def words_digest(words: npt.NDArray[np.uint64], kept: Digested | None = None) -> tuple[int, str]:
    """Return (number of non-zero words, digest over each one's index and value); `kept` is of the same words before."""
    filled = words.nonzero()[0]
    pairs = np.empty((len(filled), 2), dtype=np.uint64)
    pairs[:, 0], pairs[:, 1] = filled, words[filled]
    return len(filled), (kept or Digested(2)).of(pairs.ravel())


def marks_digest(marks: npt.NDArray[np.bool_]) -> tuple[int, str]:
    """Return (number of set marks, digest over their indices).

    A chunk's marks are mostly set but at its front. What BLOCK indices in a row do to any state is known beforehand.
    """
    blocks = min(len(marks) // BLOCK, len(_LOW))
    whole = np.all(marks[: blocks * BLOCK].reshape(-1, BLOCK), axis=1)
    state, at = OFFSET_BASIS, 0
    for block in np.flatnonzero(whole).tolist():
        state = _marks_between(marks, at, block * BLOCK, state)
        state = (state + _blocks(blocks)[block][state & 0xFF]) * _WHOLE & _MASK
        at = (block + 1) * BLOCK
    state = _marks_between(marks, at, len(marks), state)
    return int(np.count_nonzero(marks)), f"{state:x}"


def _marks_between(marks: npt.NDArray[np.bool_], start: int, end: int, state: int) -> int:
    """Return the state after the indices of the marks that are set between two places."""
    if start == end:
        return state
    numbers = np.flatnonzero(marks[start:end]) + start
    if len(numbers) > BLOCK or end > BLOCK * BLOCK:
        return state_after(numbers.astype(np.uint64), 1, state)
    for number in numbers.tolist():  # of eight bytes, only two are not 0
        state = ((state ^ (number & 0xFF)) * PRIME & _MASK ^ (number >> 8)) * _SEVEN & _MASK
    return state


@lru_cache(maxsize=4)
def _blocks(count: int) -> list[list[int]]:
    """Return what each block of indices adds to the state before it, by that state's low byte.

    Of a block, only the two low bytes of an index are not 0, the second the same in all.
    """
    low = np.tile(_LOW, (count, 1))
    second = _LOW[:count, None]
    total = np.zeros(low.shape, dtype=np.uint64)
    factor, inverse = 1, pow(_INVERSE, 7, 1 << 64)
    for first in _LOW:
        for byte, back in ((first, _INVERSE), (second, inverse)):
            changed = low ^ byte
            total += (changed.astype(np.uint64) - low) * np.uint64(factor)
            low, factor = changed * np.uint8(PRIME % 256), factor * back & _MASK
        low = low * np.uint8(pow(PRIME, 6, 256))
    return [row.tolist() for row in total]
