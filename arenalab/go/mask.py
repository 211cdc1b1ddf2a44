"""Pointer masks: which words of a value the collector follows, kept as literals and repeats.

Bit i of a mask speaks of word i of the value; 1 means a pointer word. A mask is a small immutable
tree (literal bits, a body repeated, parts in a row), so `[1000000][8]T` costs as much as `T`.

Laws of this file:
1. Only the range that is asked for is ever laid out as bits, and never more than `MAX_BITS` of them.
2. Two masks are equal when their bits are, however they were put together: equality compares the
   length, the number of ones and a 127-bit fingerprint (bit_hash.py), each known without laying out.
3. The nodes are made by `literal`, `zeros`, `repeat` and `concat` only, which keep trees shallow.

Follows the masks of cmd/compile's dgcptrmask and of runtime/type.go, Go 1.21: least significant
bit first, bit i of byte i//8 is word i.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from arenalab.errors import ArenaLabError
from arenalab.go import bit_hash

Words: TypeAlias = npt.NDArray[np.uint64]
_Bits: TypeAlias = npt.NDArray[np.uint8]

WORD_BITS = 64
#: Most bits laid out by one call; 2**26 bits describe 512 MiB of memory.
MAX_BITS = 1 << 26
#: Longest mask whose digest is taken, window by window; 2**29 bits describe 4 GiB of memory.
MAX_DIGEST_BITS = 1 << 29
#: Deepest tree; masks are walked by recursion.
MAX_DEPTH = 450
_WINDOW_BITS = 1 << 22
_LITERAL_BITS = 1 << 10  # neighbours are merged into one literal up to this length


class MaskTooLargeError(ArenaLabError, ValueError):
    """More bits were asked for than ArenaLab lays out at once; ask for a range instead."""


class Mask:
    """An immutable run of pointer bits; make one with `literal`, `zeros`, `repeat` or `concat`.

    `n` is its length in bits (words of memory), `ones` how many are set.
    """

    __slots__ = ("_fingerprint", "depth", "n", "ones")

    n: int
    ones: int
    depth: int  #: how deep repeats and rows stand in one another
    _fingerprint: int  # sum of x**i over the set bits i, modulo a prime

    def _describe(self, n: int, ones: int, depth: int, fingerprint: int) -> None:
        object.__setattr__(self, "depth", depth)
        object.__setattr__(self, "n", n)
        object.__setattr__(self, "ones", ones)
        object.__setattr__(self, "_fingerprint", fingerprint)

    def __setattr__(self, name: str, value: object) -> None:
        """Refuse: a mask is shared by every type and object that has it."""
        raise AttributeError(f"a Mask cannot be changed (tried to set {name!r})")

    def __eq__(self, other: object) -> bool:
        """Compare the bits, not the way they were put together."""
        if self is other:
            return True
        if not isinstance(other, Mask):
            return NotImplemented
        return (self.n, self.ones, self._fingerprint) == (other.n, other.ones, other._fingerprint)

    def __hash__(self) -> int:
        """Agree with `==`."""
        return hash((self.n, self.ones, self._fingerprint))

    def __repr__(self) -> str:
        """Show length, ones and the first bits, lowest word first."""
        shown = "".join(map(str, self.bits(0, min(self.n, 24))))
        return f"Mask(n={self.n}, ones={self.ones}, bits={shown}{'...' if self.n > 24 else ''})"

    def bits(self, start: int = 0, stop: int | None = None) -> npt.NDArray[np.uint8]:
        """Return bits [start, stop) as one 0 or 1 each; raises MaskTooLargeError above MAX_BITS."""
        stop = self.n if stop is None else min(stop, self.n)
        length = max(stop - start, 0)
        if length > MAX_BITS:
            raise MaskTooLargeError(
                f"{length} mask bits were asked for, at most {MAX_BITS} are laid out at once: ask for a range"
            )
        out = np.zeros(length, dtype=np.uint8)
        if length:
            self._fill(out, start)
        return out

    def words(self, start: int = 0, stop: int | None = None) -> Words:
        """Return the mask's 64-bit words [start, stop), least significant bit first.

        Word k holds bits 64*k .. 64*k+63; the last one is filled up with zeros. Only the asked
        range is laid out. Raises MaskTooLargeError above MAX_BITS bits.
        """
        last = (self.n + WORD_BITS - 1) // WORD_BITS
        stop = last if stop is None else min(stop, last)
        count = max(stop - start, 0)
        packed = np.packbits(self.bits(start * WORD_BITS, stop * WORD_BITS), bitorder="little")
        out = np.zeros(count * 8, dtype=np.uint8)
        out[: packed.size] = packed
        return out.view(np.dtype("<u8")).astype(np.uint64, copy=False)

    def word(self, i: int) -> int:
        """Return 64-bit word `i` as a Python int; 0 past the end."""
        found = self.words(i, i + 1)
        return int(found[0]) if found.size else 0

    def to_bytes(self) -> bytes:
        """Return the mask as ceil(n/8) bytes, as a recording's `hex` shows it."""
        return np.packbits(self.bits(), bitorder="little").tobytes()

    def hex(self) -> str:
        """Return the bytes in hexadecimal, as a recording's `ptrmask.hex`."""
        return self.to_bytes().hex()

    def sha256(self) -> str:
        """Return the first 32 hex digits of SHA-256 over the mask's bytes, taken window by window.

        Raises MaskTooLargeError above MAX_DIGEST_BITS.
        """
        if self.n > MAX_DIGEST_BITS:
            raise MaskTooLargeError(f"no digest of {self.n} mask bits is taken, at most {MAX_DIGEST_BITS}")
        digest = hashlib.sha256()
        for start in range(0, self.n, _WINDOW_BITS):
            window = self.bits(start, start + _WINDOW_BITS)
            digest.update(np.packbits(window, bitorder="little").tobytes())
        return digest.hexdigest()[:32]

    def first_one(self) -> int | None:
        """Return the index of the first pointer word, None when there is none."""
        raise NotImplementedError

    def cut(self, start: int, stop: int) -> Mask:
        """Return bits [start, stop) as a mask of their own, without laying them out."""
        raise NotImplementedError

    def _fill(self, out: _Bits, start: int) -> None:
        """Write this mask's bits [start, start + out.size) into `out`."""
        raise NotImplementedError

    def parts(self) -> tuple[Mask, ...]:
        """Return the parts that stand in a row: the mask itself unless it is a concatenation."""
        return (self,)


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

    def _fill(self, out: _Bits, start: int) -> None:
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

    def _fill(self, out: _Bits, start: int) -> None:
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

    def _fill(self, out: _Bits, start: int) -> None:
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
