"""A Go type laid out: which bytes are whose, what is padding, what the collector's mask says of each word.

However large a type is, a picture shows its first words and counts the rest.
Follows abi.Type, runGCProg of mbitmap.go, Go 1.21, and getGCMask of type.go, Go 1.24.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise

import numpy as np

from arenalab.go.gcprog import decode
from arenalab.go.types import GoType
from arenalab.units import counted, human
from arenalab.view.columns import Column, View, brief, listing, text_column

WORD = 8
WORDS = 12  #: words of the value shown.
BITS, BIT_ROWS = 64, 4  #: bits of the mask shown: so many to a row, so many rows.
STEPS = 8  #: steps of the GC program shown.
#: The words of the built-in types that have several, in Go's own names.
PARTS = {"string": ("str", "len"), "slice": ("array", "len", "cap"), "interface": ("tab", "data")}


@dataclass(frozen=True, eq=False)
class TypeBytes(View):
    """Stretches of bytes that belong to one part of the value, or to none; no row leaves its word."""

    word: Column  #: number of the word of 8 bytes.
    left: Column  #: first byte, within the word.
    right: Column  #: byte after the last.
    meaning: Column  #: "pointerful" for a word the collector follows, "pointer_free" or "padding".
    name: Column  #: such as "key.len", "" for padding.


@dataclass(frozen=True)
class TypeLayout:
    """All that the picture of a type shows."""

    type: str  #: the Go type as text.
    facts: tuple[tuple[str, str], ...]  #: name and value.
    bytes: TypeBytes  #: whose each byte is, of the first words.
    bits: Column  #: the first bits of the mask, bool.
    words: int  #: words of the value, shown or not.
    mask_bits: int  #: bits of the mask, shown or not.
    program: tuple[str, ...]  #: the first steps of the GC program, () without one.
    steps: int  #: steps of the program, shown or not.

    def text(self) -> str:
        """Return the picture as text."""
        facts = "\n".join(f"  {name:<16}{value}" for name, value in self.facts)
        digits = "".join("1" if bit else "0" for bit in self.bits)
        rows = [f"  {digits[start : start + BITS]}" for start in range(0, len(digits), BITS)]
        mask = "\n".join([f"pointer mask, {len(self.bits):,} of {counted(self.mask_bits, 'bit')}", *rows])
        steps = "\n".join(
            [f"GC program, {counted(self.steps, 'step')}", *(f"  {step}" for step in self.program)]
        )
        told = [
            self.type,
            facts,
            listing(self.bytes.columns()),
            mask if digits else "",
            steps if self.steps else "",
        ]
        return "\n".join(part for part in told if part)


def type_layout(made: GoType) -> TypeLayout:
    """Lay a type out."""
    words = -(-made.size // WORD)
    shown = min(words, WORDS)
    pointers = _bits(made, shown)
    steps = [] if made.gcprog is None else [str(step) for step in decode(made.gcprog)]
    return TypeLayout(
        brief(made.expr), _facts(made), _bytes(made, shown, pointers), _bits(made, min(made.mask.n, BITS * BIT_ROWS)),
        words, made.mask.n, tuple(brief(step, 60) for step in steps[:STEPS]), len(steps),
    )  # fmt: skip


def _facts(made: GoType) -> tuple[tuple[str, str], ...]:
    big = f" ({human(made.size)})" if made.size >= 1024 else ""
    prefix = (
        f"{counted(made.ptr_bytes, 'byte')}, {counted(made.mask.ones, 'pointer')}"
        if made.ptr_bytes
        else "none: never scanned"
    )
    return (
        ("size", f"{counted(made.size, 'byte')}{big}"), ("align", str(made.align)), ("kind", made.kind),
        ("pointer prefix", prefix), ("described by", described_by(made)),
    )  # fmt: skip


def described_by(made: GoType) -> str:
    """Describe how the collector finds a type's pointers: from nothing, a mask, a GC program, or on demand."""
    if not made.ptr_bytes:
        return "nothing"
    return {"mask": "a mask", "program": "a GC program", "on demand": "a mask on demand"}[made.mask_kind]


def _bits(made: GoType, count: int) -> Column:
    """Return the first `count` bits of the mask, bool; what follows is 0."""
    bits = np.zeros(count, dtype=bool)
    known = made.mask.bits(0, min(count, made.mask.n)).astype(bool)
    bits[: len(known)] = known
    return bits


def _bytes(made: GoType, words: int, pointers: Column) -> TypeBytes:
    rows, done, end = [], 0, min(made.size, words * WORD)
    for left, right, name in islice(_pieces(made), words * WORD):
        if left >= end:
            break
        rows += _split(done, left, "")
        rows += _split(left, min(right, end), name)
        done = right
    rows += _split(done, end, "")
    meaning = [
        "padding" if not name else "pointerful" if pointers[word] else "pointer_free"
        for word, _, _, name in rows
    ]
    places = [np.array([row[at] for row in rows], dtype=np.int64) for at in range(3)]
    return TypeBytes(
        places[0],
        places[1],
        places[2],
        text_column(meaning),
        text_column([brief(row[3], 60) for row in rows]),
    )


def _split(left: int, right: int, name: str) -> list[tuple[int, int, int, str]]:
    """Cut a stretch of bytes at the borders of words."""
    cuts = [left, *range((left // WORD + 1) * WORD, right, WORD), right]
    pairs = pairwise(cuts)
    return [(low // WORD, low % WORD, (high - 1) % WORD + 1, name) for low, high in pairs if high > low]


def _pieces(made: GoType, offset: int = 0, path: str = "") -> Iterator[tuple[int, int, str]]:
    """Yield (first byte, end, name) of the parts of a value, in order of address."""
    if made.fields is not None:
        for field in made.fields:
            yield from _pieces(field.type, offset + field.offset, f"{path}.{field.name}")
    elif made.elem is not None and made.length is not None:
        for number in range(made.length if made.elem.size else 0):
            yield from _pieces(made.elem, offset + number * made.elem.size, f"{path}[{number}]")
    elif names := PARTS.get(made.kind):
        for number, name in enumerate(names):
            start = offset + number * WORD
            yield start, start + WORD, f"{path}.{name}".removeprefix(".")
    elif made.size:
        yield offset, offset + made.size, path.removeprefix(".") or made.expr
