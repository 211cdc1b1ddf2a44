"""Inside one chunk: its objects, exactly or merged, and what lies between them.

Laws of this file:
1. Objects and gaps together are the chunk, byte for byte, when every object is shown.
2. Merging never loses an object: the counts and the bytes add up to what the window holds.
Follows userArenaNextFree and addrRange of arena.go and mranges.go, Go 1.21.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from arenalab.go.types import GoType
from arenalab.units import hex_addr
from arenalab.view.chunk_index import Contents
from arenalab.view.columns import Column, View, brief, text_column
from arenalab.view.windows import Window

MOST_OBJECTS = 2000  #: as many are drawn one by one; more are merged.
CELLS = 400  #: pieces of a window into which objects are merged.


@dataclass(frozen=True, eq=False)
class ChunkBlocks(View):
    """Stretches of chunks without objects of their own, or many of them together."""

    chunk: Column
    left: Column  #: offset of the first byte.
    right: Column  #: offset behind the last byte.
    meaning: Column  #: key of the theme: "free", "waste", "padding", "dead", "address_space", ...
    said: Column  #: the stretch in words, for hovering.


@dataclass(frozen=True, eq=False)
class ChunkObjects(View):
    """Objects inside one chunk, or several neighbours in one row."""

    chunk: Column
    left: Column  #: offset of the first byte.
    right: Column  #: offset behind the last byte.
    size: Column  #: bytes of the object, or of all that are merged.
    count: Column  #: how many objects the row stands for.
    type: Column  #: Go type, a slice as "cap × type"; "417 objects" for merged ones.
    meaning: Column  #: key of the theme: "pointerful", "pointer_free", the same "_former", "dead".
    user_arena: Column
    op: Column  #: operation that made it, the first one of merged ones.
    row: Column  #: ledger row, the first one of merged ones.
    address: Column  #: as text.
    current: Column  #: whether the operation at hand made it.


def chunk_objects(
    held: Contents, *, chunk: int, base: int, owner: int, dead: bool, types: list[GoType],
    ops: Column, op: int, window: Window,
) -> tuple[ChunkObjects, bool]:  # fmt: skip
    """Return the objects that a window shows, and whether each has a row of its own."""
    seen = np.flatnonzero(_in_window(held, window))
    meaning = _meanings(held.pointerful[seen], held.user_arena[seen], owner, dead=dead)
    part, made = held.where(seen), ops[seen]
    few = len(seen) <= MOST_OBJECTS
    groups = np.arange(len(seen)) if few else _first_of_group(part, meaning, window)
    return _rows(part, meaning, made, groups, chunk, base, types, op), len(groups) == len(seen)


def _in_window(held: Contents, window: Window) -> Column:
    right = held.left + held.size
    (low_from, low_to), (high_from, high_to) = window
    in_low = np.logical_and(held.left < low_to, right > low_from)
    in_high = np.logical_and(held.left < high_to, right > high_from)
    return np.logical_or(in_low, in_high)


def _meanings(pointerful: Column, user_arena: Column, owner: int, *, dead: bool) -> Column:
    names = np.array(["pointer_free", "pointerful", "pointer_free_former", "pointerful_former"], dtype=object)
    if dead:
        return np.full(len(pointerful), "dead", dtype=object)
    meaning: Column = names[pointerful + 2 * (user_arena != owner)]
    return meaning


def _first_of_group(part: Contents, meaning: Column, window: Window) -> Column:
    """Return the index of each run of objects that fall into one cell of the window with one meaning."""
    low, high = (max(1, (right - left) // CELLS) for left, right in window)
    cell = part.left // np.where(part.left < window.low[1], low, high)
    changes = np.logical_or(cell[1:] != cell[:-1], meaning[1:] != meaning[:-1])
    return np.concatenate(([0], np.flatnonzero(changes) + 1))


def _rows(
    part: Contents,
    meaning: Column,
    made: Column,
    groups: Column,
    chunk: int,
    base: int,
    types: list[GoType],
    op: int,
) -> ChunkObjects:
    if not len(part):
        groups = groups[:0]
    right, ends = part.left + part.size, np.append(groups[1:], len(part))
    count = ends - groups if len(groups) else groups
    left = _reduce(np.minimum, part.left, groups)
    said = [
        _type_text(types[part.type[first]], int(part.cap[first])) if number == 1 else f"{number:,} objects"
        for first, number in zip(groups, count, strict=True)
    ]
    return ChunkObjects(
        chunk=np.full(len(groups), chunk),
        left=left,
        right=_reduce(np.maximum, right, groups),
        size=_reduce(np.add, part.size, groups),
        count=count,
        type=text_column(said),
        meaning=meaning[groups],
        user_arena=part.user_arena[groups],
        op=made[groups],
        row=part.row[groups],
        address=text_column([hex_addr(base + int(offset)) for offset in left]),
        current=_reduce(np.logical_or, made == op, groups),
    )


def _reduce(function: np.ufunc, column: Column, groups: Column) -> Column:
    """Apply a reduction to each run of rows that begins at an index of `groups`."""
    reduced: Column = function.reduceat(column, groups) if len(groups) else column[:0]
    return reduced


def _type_text(go_type: GoType, cap: int) -> str:
    return brief(go_type.expr if cap < 0 else f"{cap} × {go_type.expr}")


def padding_of(shown: ChunkObjects, front: int, chunk_bytes: int, back: int) -> tuple[Column, Column]:
    """Return (left, right) of each stretch that alignment left unused; every object must be shown.

    Args:
        shown: the objects, oldest first, each in a row of its own.
        front: offset behind the last byte taken from the low end.
        chunk_bytes: usable bytes of the chunk.
        back: offset of the first byte taken from the high end.

    """
    order = np.argsort(shown.left, kind="stable")
    left, right = shown.left[order], shown.right[order]
    low = right <= front
    edges_left = np.concatenate(([0], right[low], [back], right[np.logical_not(low)]))
    edges_right = np.concatenate((left[low], [front], left[np.logical_not(low)], [chunk_bytes]))
    wide = edges_right > edges_left
    return edges_left[wide], edges_right[wide]
