"""Pointer masks: which words of a value the collector follows, kept as literals and repeats.

Bit i of a mask describes word i of the value; 1 means a pointer word. A mask is a small immutable
tree (literal bits, a body repeated, parts in a row), so `[1000000][8]T` costs as much as `T`.

Rules:
1. Only the range that is asked for is ever laid out as bits, and never more than `MAX_BITS` of them.
2. Two masks are equal when their bits are, however they were put together: equality compares the
   length, the number of ones and a 127-bit fingerprint (bit_hash.py), each known without laying out.
3. Masks are made by `literal`, `zeros`, `repeat` and `concat` of mask_tree.py, which keep trees small.

Follows the masks of cmd/compile's dgcptrmask and of runtime/type.go, Go 1.21: least significant
bit first, bit i of byte i//8 is word i.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from arenalab.errors import ArenaLabError

Words: TypeAlias = npt.NDArray[np.uint64]
Bits: TypeAlias = npt.NDArray[np.uint8]

WORD_BITS = 64
#: Most bits laid out by one call; 2**26 bits describe 512 MiB of memory.
MAX_BITS = 1 << 26
#: Longest mask whose digest is taken, window by window; 2**31 bits describe 16 GiB of memory.
MAX_DIGEST_BITS = 1 << 31
#: Deepest tree that a program may make; masks are walked by recursion.
MAX_DEPTH = 450
_WINDOW_BITS = 1 << 22


class MaskTooLargeError(ArenaLabError, ValueError):
    """More bits were asked for than ArenaLab lays out at once; ask for a range instead."""


class Mask:
    """An immutable run of pointer bits; make one with mask_tree's `literal`, `zeros`, `repeat`, `concat`.

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

    def __setstate__(self, state: tuple[None, dict[str, object]]) -> None:
        """Take over what another process sent, or what is copied: a type goes with its mask to where work is done."""
        for name, value in state[1].items():
            object.__setattr__(self, name, value)

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

    def end_of_ones(self) -> int:
        """Return the index after the last pointer word, 0 when there is none."""
        return (
            bisect_left(range(self.n), self.ones, key=lambda end: self.cut(0, end).ones) if self.ones else 0
        )

    def cut(self, start: int, stop: int) -> Mask:
        """Return bits [start, stop) as a mask of their own, without laying them out."""
        return self if start == 0 and stop == self.n else self._cut(start, stop)

    def _cut(self, start: int, stop: int) -> Mask:
        """Return less than all of the bits."""
        raise NotImplementedError

    def _fill(self, out: Bits, start: int) -> None:
        """Write this mask's bits [start, start + out.size) into `out`."""
        raise NotImplementedError

    def parts(self) -> tuple[Mask, ...]:
        """Return the parts that stand in a row: the mask itself unless it is a concatenation."""
        return (self,)
