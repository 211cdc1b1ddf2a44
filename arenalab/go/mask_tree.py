"""What masks are made of: literal bits, a body repeated, parts in a row.

`literal`, `zeros`, `repeat` and `concat` make them and choose the smaller form: short results are
written out, equal neighbours become a repeat.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate

import numpy as np

from arenalab.go import bit_hash
from arenalab.go.mask import WORD_BITS, Bits, Mask

_LITERAL_BITS = 1 << 9  # neighbours are merged into one literal up to this length


class Literal(Mask):
    """Bits written out, as one integer: bit i is bit i."""

    __slots__ = ("value",)

    value: int

    def __init__(self, value: int, n: int) -> None:
        """Keep the bits of `value`, which has no bit from `n` on."""
        object.__setattr__(self, "value", value)
        self._describe(n, value.bit_count(), 0, bit_hash.of_bytes(_packed(value, n)))

    def first_one(self) -> int | None:
        """Return the index of the lowest set bit."""
        return (self.value & -self.value).bit_length() - 1 if self.value else None

    def _cut(self, start: int, stop: int) -> Mask:
        """Shift and trim the bits."""
        return literal(self.value >> start, stop - start)

    def _fill(self, out: Bits, start: int) -> None:
        packed = np.frombuffer(_packed(self.value, self.n), dtype=np.uint8)
        from_byte, stop = start // 8, start + out.size
        bits = np.unpackbits(packed[from_byte : (stop + 7) // 8], bitorder="little")
        out[:] = bits[start - 8 * from_byte :][: out.size]


class Repeat(Mask):
    """A body said `count` times over."""

    __slots__ = ("body", "count")

    body: Mask
    count: int

    def __init__(self, body: Mask, count: int) -> None:
        """Repeat `body`; `count` is at least 2 (see `repeat`)."""
        object.__setattr__(self, "body", body)
        object.__setattr__(self, "count", count)
        fingerprint = bit_hash.of_copies(body._fingerprint, body.n, count)  # noqa: SLF001  # same tree
        self._describe(body.n * count, body.ones * count, body.depth + 1, fingerprint)

    def first_one(self) -> int | None:
        """Return the first one of the body."""
        return self.body.first_one()

    def _cut(self, start: int, stop: int) -> Mask:
        """Keep whole bodies as a repeat, and cut only the two at the ends."""
        period = self.body.n
        first, last = -(-start // period), stop // period
        if first > last:  # within one body
            return self.body.cut(start - last * period, stop - last * period)
        head = self.body.cut(start - (first - 1) * period, period) if start % period else EMPTY
        tail = self.body.cut(0, stop - last * period)
        return concat((head, repeat(self.body, last - first), tail))

    def _fill(self, out: Bits, start: int) -> None:
        period = self.body.n
        head = min(-start % period, out.size)
        if head:
            self.body._fill(out[:head], start % period)  # noqa: SLF001  # a node of the same tree
        rest = out[head:]
        first = min(period, rest.size)
        if first:
            self.body._fill(rest[:first], 0)  # noqa: SLF001
        done = first
        while done < rest.size:  # double what is there: log2(copies) block moves
            step = min(done, rest.size - done)
            rest[done : done + step] = rest[:step]
            done += step


class Concat(Mask):
    """Several masks in a row."""

    __slots__ = ("pieces", "starts")

    pieces: tuple[Mask, ...]
    starts: tuple[int, ...]

    def __init__(self, pieces: tuple[Mask, ...]) -> None:
        """Put `pieces` in a row; none is empty (see `concat`)."""
        starts = tuple(accumulate((piece.n for piece in pieces), initial=0))
        object.__setattr__(self, "pieces", pieces)
        object.__setattr__(self, "starts", starts[:-1])
        prints = ((piece._fingerprint, piece.n) for piece in reversed(pieces))  # noqa: SLF001
        fingerprint = bit_hash.of_row(prints)
        ones = sum(piece.ones for piece in pieces)
        depth = 1 + max(piece.depth for piece in pieces)
        self._describe(starts[-1], ones, depth, fingerprint)

    def first_one(self) -> int | None:
        """Return the first one of the first piece that has any."""
        for piece, at in zip(self.pieces, self.starts, strict=True):
            if piece.ones:
                return at + (piece.first_one() or 0)
        return None

    def _cut(self, start: int, stop: int) -> Mask:
        """Cut the pieces at the two ends, keep those between."""
        return concat(
            piece.cut(max(start - at, 0), min(stop - at, piece.n)) for piece, at in self._within(start, stop)
        )

    def _within(self, start: int, stop: int) -> Iterator[tuple[Mask, int]]:
        """Yield the pieces that overlap bits [start, stop), each with its own start."""
        for i in range(bisect_right(self.starts, start) - 1, len(self.pieces)):
            if self.starts[i] >= stop:
                return
            yield self.pieces[i], self.starts[i]

    def _fill(self, out: Bits, start: int) -> None:
        for piece, at in self._within(start, start + out.size):
            first, end = max(at, start), min(at + piece.n, start + out.size)
            piece._fill(out[first - start : end - start], first - at)  # noqa: SLF001

    def parts(self) -> tuple[Mask, ...]:
        """Return the pieces."""
        return self.pieces


def literal(bits: int, n: int) -> Mask:
    """Return a mask of the lowest `n` bits of the integer `bits`."""
    return Literal(bits & ((1 << n) - 1), n)


def zeros(n: int) -> Mask:
    """Return `n` scalar words."""
    return repeat(_ZERO, n)


def repeat(body: Mask, count: int) -> Mask:
    """Return `body` said `count` times; short results are written out."""
    if count == 1:
        return body
    if body.n * count == 0:
        return EMPTY
    if isinstance(body, Repeat):
        return repeat(body.body, body.count * count)
    n = body.n * count
    if isinstance(body, Literal) and n <= WORD_BITS:
        return Literal(body.value * (((1 << n) - 1) // ((1 << body.n) - 1)), n)
    return Repeat(body, count)


def concat(masks: Iterable[Mask]) -> Mask:
    """Return the masks in a row; neighbours that are short literals, or the same, are merged."""
    row: list[Mask] = []
    for mask in _with_longer_literals(masks):
        times = _times_more(row[-1], mask) if row else None
        if times is None:
            row.append(mask)
        else:
            row[-1] = times
    if not row:
        return EMPTY
    return row[0] if len(row) == 1 else Concat(tuple(row))


def _with_longer_literals(masks: Iterable[Mask]) -> Iterator[Mask]:
    """Yield the masks, neighbouring short literals made one, empty ones left out."""
    short: list[Literal] = []
    n = 0
    for mask in (mask for mask in masks if mask.n):
        if short and not (isinstance(mask, Literal) and n + mask.n <= _LITERAL_BITS):
            yield _joined(short)
            short, n = [], 0
        if isinstance(mask, Literal):
            short.append(mask)
            n += mask.n
        else:
            yield mask
    if short:
        yield _joined(short)


def _joined(row: list[Literal]) -> Mask:
    """Return literals in a row as one."""
    if len(row) == 1:
        return row[0]
    value = n = 0
    for mask in row:
        value |= mask.value << n
        n += mask.n
    return Literal(value, n)


def _times_more(left: Mask, right: Mask) -> Mask | None:
    """Return the two as one repeat where they say the same body, else None."""
    body, times = (left.body, left.count) if isinstance(left, Repeat) else (left, 1)
    again, more = (right.body, right.count) if isinstance(right, Repeat) else (right, 1)
    return repeat(body, times + more) if body == again else None


def _packed(value: int, n: int) -> bytes:
    return value.to_bytes((n + 7) // 8, "little")


EMPTY: Mask = Literal(0, 0)
_ZERO: Mask = Literal(0, 1)
