"""Values: what a program would have asked an arena for to get each recorded object.

A trace tells an object's type, with size and PtrBytes, and the slot that it got. What it doesn't tell is assumed so
that no object is taken for smaller than it was:

- An object of a type that fits its slot twice or more is a slice, of as many as fit.
- One without a type is a slice of bytes, or of pointers where its span is scanned, that fills its slot: at most 16
  bytes for one of the tiny allocator.
- A pointerful type has pointers in every word up to PtrBytes, unless the program's binary tells its mask.
- A pointer-free type has the largest alignment, 8 at most, that divides its size.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import gcd
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from arenalab.go.mask import Mask
from arenalab.go.mask_tree import literal, repeat
from arenalab.go.type_rows import KINDS
from arenalab.go.types import GoType
from arenalab.intake.log import Column
from arenalab.intake.objects import Objects
from arenalab.intake.tables import TypeRow
from arenalab.narrow import SIGNED, narrow
from arenalab.world.run_events import SINGLE

WORD = 8  #: bytes of a pointer, and the largest alignment.
BYTE = GoType(expr="uint8", size=1, align=1, ptr_bytes=0, kind="uint8")
POINTER = GoType(
    expr="unsafe.Pointer",
    size=WORD,
    align=WORD,
    ptr_bytes=WORD,
    kind="unsafe.Pointer",
    mask=literal(1, 1),
)
BLOCK = 2**18  #: rows looked at together: fewer bytes at once.
MOST_BYTES = 2**40  #: a type of more is not believed.
PREFIXES = {
    "*": "ptr",
    "[]": "slice",
    "map[": "map",
    "func(": "func",
    "chan ": "chan",
    "interface ": "interface",
}
Masks = Mapping[int, NDArray[np.bool_]]  #: address of a type -> whether each of its words holds a pointer.


class Values(NamedTuple):
    """What is asked for; `type` and `cap` have one row for each object."""

    types: tuple[GoType, ...]  #: each once.
    type: NDArray[np.int32]  #: place in `types`.
    cap: NDArray[np.signedinteger[Any]]  #: of a slice; SINGLE for one value.
    masked: int  #: types whose mask the binary told.
    unresolved: NDArray[np.bool_]  #: neither type nor slot is known: asked for as one byte.

    def of(self, rows: NDArray[np.integer[Any]] | slice) -> Values:
        """Return those of some objects."""
        return self._replace(type=self.type[rows], cap=self.cap[rows], unresolved=self.unresolved[rows])

    @property
    def nbytes(self) -> Column:
        """Bytes that each asks for."""
        size = np.array([each.size for each in self.types] or [0], np.int64)[self.type]
        size *= np.maximum(self.cap, 1)
        return size

    @property
    def pointerful(self) -> NDArray[np.bool_]:
        """Which of them the collector reads."""
        return np.array([each.ptr_bytes > 0 for each in self.types] or [False])[self.type]


def values_of(objects: Objects, rows: NDArray[np.integer[Any]], masks: Masks | None = None) -> Values:
    """Return what some objects of a trace are asked for as."""
    told = [objects.types[each] for each in _types_of(objects, rows)]
    types = tuple(go_type(each, masks) for each in told)
    place = np.zeros(len(objects.types), np.int32)
    place[_types_of(objects, rows)] = np.arange(len(told))
    size = np.array([each.size if believed(each) else 0 for each in told] or [0], np.int64)
    parts = [_asked(objects, rows[at : at + BLOCK], place, size) for at in range(0, max(len(rows), 1), BLOCK)]
    kind, cap, unresolved = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    masked = sum(_told(each, masks) is not None for each in told)
    return Values((*types, BYTE, POINTER), kind, narrow(cap, SIGNED), masked, unresolved)


def _types_of(objects: Objects, rows: NDArray[np.integer[Any]]) -> list[int]:
    counts = sum(
        np.bincount(objects.type[rows[at : at + BLOCK]], minlength=len(objects.types))
        for at in range(0, max(len(rows), 1), BLOCK)
    )
    return np.flatnonzero(counts).tolist()


def _asked(
    objects: Objects, rows: NDArray[np.integer[Any]], place: NDArray[np.int32], sizes: Column
) -> tuple[NDArray[np.int32], Column, NDArray[np.bool_]]:
    """Return type, capacity and whether nothing is known, of the objects of some rows."""
    kinds, span = place[objects.type[rows]], objects.span[rows]
    size = sizes[kinds]
    # A header, and what of its slot others of the tiny allocator had taken before it, is not its own.
    room = np.where(span >= 0, objects.slot[rows] + objects.size[rows] - objects.address[rows], 0)
    noscan = np.append(objects.spans.noscan, True)[span]  # the last, -1, is that of no span
    typed = np.logical_and(size > 0, np.logical_or(room == 0, size <= room))
    count = room // np.maximum(size, 1)
    alone = np.logical_or(count < 2, objects.tiny[rows])
    other = np.where(noscan, len(sizes), len(sizes) + 1).astype(np.int32)
    of_slot = np.maximum(np.where(noscan, room, room // WORD), 1)
    cap = np.where(typed, np.where(alone, SINGLE, count), of_slot)
    return np.where(typed, kinds, other), cap, np.logical_and(np.logical_not(typed), room == 0)


def believed(row: TypeRow) -> bool:
    """Return whether a compiler can have made such a type."""
    whole = row.ptr_bytes % WORD == 0 and (not row.ptr_bytes or row.size % WORD == 0)
    return 0 < row.size < MOST_BYTES and 0 <= row.ptr_bytes <= row.size and whole


def go_type(row: TypeRow, masks: Masks | None = None) -> GoType:
    """Return a trace's type as the model's: exact but for its alignment, and its mask unless the binary told it."""
    if not believed(row):
        return BYTE
    align = WORD if row.ptr_bytes else gcd(row.size, WORD)
    told = _told(row, masks)
    mask = repeat(literal(1, 1), row.ptr_bytes // WORD) if told is None else told
    return GoType(
        expr=row.name, size=row.size, align=align, ptr_bytes=row.ptr_bytes, kind=_kind(row.name), mask=mask
    )


def _told(row: TypeRow, masks: Masks | None) -> Mask | None:
    """Return the mask that the binary tells, None without one, or where it contradicts PtrBytes."""
    words = (masks or {}).get(row.address)
    count = row.ptr_bytes // WORD
    if words is None or not count or not believed(row):
        return None
    last = int(np.flatnonzero(words)[-1]) + 1 if words.any() else 0
    if last != count:
        return None
    packed = np.packbits(words[:count], bitorder="little").tobytes()
    return literal(int.from_bytes(packed, "little"), count)


def _kind(name: str) -> str:
    """Return what kind of type a name stands for, struct where it doesn't tell."""
    if name in KINDS:
        return name
    return next((kind for prefix, kind in PREFIXES.items() if name.startswith(prefix)), "struct")
