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

_LITERAL_BITS = 1 << 10  # neighbours are merged into one literal up to this length


class Literal(Mask):
    """Bits written out, packed eight to a byte."""

    __slots__ = ("data",)

    data: bytes

    def __init__(self, data: bytes, n: int) -> None:
        """Keep the first `n` bits of `data`; the rest of its last byte must be zero."""
        object.__setattr__(self, "data", data)
        self._describe(n, int.from_bytes(data, "little").bit_count(), 0, bit_hash.of_bytes(data))

    def first_one(self) -> int | None:
        """Return the index of the lowest set bit."""
        value = int.from_bytes(self.data, "little")
        return (value & -value).bit_length() - 1 if value else None

    def cut(self, start: int, stop: int) -> Mask:
        """Shift and trim the bits."""
        return literal(int.from_bytes(self.data, "little") >> start, stop - start)

    def _fill(self, out: Bits, start: int) -> None:
        from_byte, stop = start // 8, start + out.size
        packed = np.frombuffer(self.data, dtype=np.uint8)[from_byte : (stop + 7) // 8]
        out[:] = np.unpackbits(packed, bitorder="little")[start - 8 * from_byte :][: out.size]


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

    def cut(self, start: int, stop: int) -> Mask:
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
        prints = (piece._fingerprint for piece in pieces)  # noqa: SLF001
        fingerprint = bit_hash.of_row(zip(prints, starts, strict=False))
        ones = sum(piece.ones for piece in pieces)
        depth = 1 + max(piece.depth for piece in pieces)
        self._describe(starts[-1], ones, depth, fingerprint)

    def first_one(self) -> int | None:
        """Return the first one of the first piece that has any."""
        for piece, at in zip(self.pieces, self.starts, strict=True):
            if piece.ones:
                return at + (piece.first_one() or 0)
        return None

    def cut(self, start: int, stop: int) -> Mask:
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
    return Literal((bits & ((1 << n) - 1)).to_bytes((n + 7) // 8, "little"), n)


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
    if body.n * count <= WORD_BITS:
        return literal(sum(_value(body) << (i * body.n) for i in range(count)), body.n * count)
    return Repeat(body, count)


def concat(masks: Iterable[Mask]) -> Mask:
    """Return the masks in a row; neighbours that are short literals, or the same, are merged."""
    row: list[Mask] = []
    for mask in masks:
        if not mask.n:
            continue
        merged = _merge(row[-1], mask) if row else None
        if merged is None:
            row.append(mask)
        else:
            row[-1] = merged
    if not row:
        return EMPTY
    return row[0] if len(row) == 1 else Concat(tuple(row))


def _merge(left: Mask, right: Mask) -> Mask | None:
    """Return the two as one node where that is smaller, else None."""
    if isinstance(left, Literal) and isinstance(right, Literal) and left.n + right.n <= _LITERAL_BITS:
        return literal(_value(left) | _value(right) << left.n, left.n + right.n)
    body, times = (left.body, left.count) if isinstance(left, Repeat) else (left, 1)
    again, more = (right.body, right.count) if isinstance(right, Repeat) else (right, 1)
    return repeat(body, times + more) if body == again else None


def _value(mask: Mask) -> int:
    """Return a short mask's bits as one integer."""
    return int.from_bytes(mask.to_bytes(), "little")


EMPTY: Mask = Literal(b"", 0)
_ZERO: Mask = Literal(b"\0", 1)
