"""Colouring: by what the objects of a chunk are distinguished: direction, type, user arena or age.

Rules:
1. Words of a raster and objects of an exact picture get their colour from the same function.
2. While one steps, a colour keeps its meaning: types and arenas are ranked over the whole history.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from arenalab.units import plainly
from arenalab.view.chunk_index import ChunkIndex
from arenalab.view.chunk_state import SAID, ChunkState
from arenalab.view.columns import Column, brief

DIRECTION, TYPE, ARENA, AGE = "direction", "type", "arena", "age"
COLOURINGS = (DIRECTION, TYPE, ARENA, AGE)
CHOICES = tuple(f"choice_{number}" for number in range(8))  #: keys of the theme; the last is the rest.
AGES = tuple(f"age_{number}" for number in range(5))  #: keys of the theme, old to new.
FIFTHS = ("oldest fifth", "second fifth", "third fifth", "fourth fifth", "newest fifth")
DIRECTIONS = ("pointerful", "pointer_free", "pointerful_former", "pointer_free_former")

#: (ledger rows, types, user arenas, whether with pointers) -> number of each one's colour.
Numbers = Callable[[Column, Column, Column, bool], Column]


@dataclass(frozen=True, eq=False)
class Colouring:
    """Which colours there are, what they stand for, and which of them an object has."""

    by: str  #: one of `COLOURINGS`.
    keys: tuple[str, ...]  #: of the theme.
    said: tuple[str, ...]  #: what each stands for, in words; "" where nothing has it.
    numbers: Numbers

    def legend(self) -> list[tuple[str, str]]:
        """Return (key, words) of each colour that something may have."""
        return [(key, said) for key, said in zip(self.keys, self.said, strict=True) if said]


def colouring(by: str, index: ChunkIndex, its: ChunkState) -> Colouring:
    """Return how the objects of a chunk are coloured at a moment.

    Args:
        by: one of `COLOURINGS`.
        index: of the history.
        its: the chunk at that moment.

    """
    makers = {DIRECTION: _by_direction, TYPE: _by_type, ARENA: _by_arena, AGE: _by_age}
    return makers[by](index, its)


def _by_direction(_: ChunkIndex, its: ChunkState) -> Colouring:
    def numbers(_row: Column, _type: Column, user_arena: Column, pointerful: bool) -> Column:
        return np.where(user_arena == its.owner, 0, 2).astype(np.uint8) + np.uint8(not pointerful)

    return Colouring(DIRECTION, DIRECTIONS, tuple(SAID[key] for key in DIRECTIONS), numbers)


def _by_type(index: ChunkIndex, _: ChunkState) -> Colouring:
    said, table = index.keep(TYPE, lambda: _ranked_types(index))
    return Colouring(TYPE, CHOICES, said, lambda _row, type_, _arena, _pointerful: table[type_])


def _ranked_types(index: ChunkIndex) -> tuple[tuple[str, ...], Column]:
    """Give the types with the most bytes a colour each, and all others the last one."""
    types, nbytes = index.ever_in(-1, "type")
    order, named = np.argsort(-nbytes, kind="stable"), len(CHOICES) - (len(types) > len(CHOICES))
    table = np.full(len(index.history.world.types) + 1, len(CHOICES) - 1, dtype=np.uint8)
    table[types[order[:named]]] = np.arange(len(order[:named]))
    names = [brief(index.history.world.types[number].expr, 60) for number in types[order[:named]]]
    rest = len(types) - len(names)
    return _filled([*names, f"{plainly(rest, 'other type')}"] if rest else names), table


def _by_arena(index: ChunkIndex, its: ChunkState) -> Colouring:
    said = index.keep((ARENA, its.chunk), lambda: _arenas(index, its.chunk))
    modulo = len(CHOICES)
    return Colouring(
        ARENA, CHOICES, said, lambda _row, _type, arena, _pointerful: (arena % modulo).astype(np.uint8)
    )


def _arenas(index: ChunkIndex, chunk: int) -> tuple[str, ...]:
    """Name the user arenas that share each colour, of those that ever had objects in a chunk."""
    arenas = index.ever_in(chunk, "user_arena")[0]
    return tuple(_arena_words(arenas[arenas % len(CHOICES) == number]) for number in range(len(CHOICES)))


def _arena_words(numbers: Column) -> str:
    named = ", ".join(str(number) for number in numbers[:3])
    rest = f" and {len(numbers) - 3} more" if len(numbers) > 3 else ""
    return f"arena{'s' if len(numbers) > 1 else ''} {named}{rest}" if len(numbers) else ""


def _by_age(_: ChunkIndex, its: ChunkState) -> Colouring:
    rows = np.sort(np.concatenate((its.held.front.row, its.held.back.row[::-1])), kind="stable")
    edges: Column | list[int] = (
        rows[[len(rows) * part // len(AGES) for part in range(1, len(AGES))]] if len(rows) else []
    )

    def numbers(row: Column, _type: Column, _arena: Column, _pointerful: bool) -> Column:
        number = np.zeros(len(row), dtype=np.uint8)
        for edge in edges:
            number += row >= edge
        return number

    return Colouring(AGE, AGES, FIFTHS, numbers)


def _filled(names: list[str]) -> tuple[str, ...]:
    return (*names, *[""] * (len(CHOICES) - len(names)))
