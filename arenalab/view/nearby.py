"""The memory around an address now: whose bytes lie there, and that nothing does where it is gone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from arenalab.units import hex_addr
from arenalab.view.chunk_state import REGIONS_SAID
from arenalab.view.columns import Column, View, brief, text_column
from arenalab.world.state import World
from arenalab.world.touch import rows_between

NEAR = 64  #: bytes of memory shown around the pointer.
BEFORE = 16  #: so many of them before it.


@dataclass(frozen=True, eq=False)
class Nearby(View):
    """What lies in the memory around the pointer now."""

    left: Column  #: bytes from the window's start.
    right: Column
    meaning: Column  #: key of the theme.
    said: Column  #: in words, for hovering.


def nearby(world: World, addr: int, chunk: int, own: int) -> tuple[int, Nearby]:
    """Return the first address of the memory around a pointer, and what lies there.

    Where the memory is gone that is one dead stretch. Bytes of no object are left out: they are free.
    """
    span, size = world.spans[chunk], world.rules.chunk.stride
    start = min(max(span.base, addr - addr % 8 - BEFORE), span.base + size - NEAR)
    if span.faulted:
        return start, _pieces([(0, NEAR, "dead", f"chunk {chunk} is set to fault: no bytes are here")])
    rows = rows_between(world, chunk, start, start + NEAR, world.births.get(chunk, 0))
    rows.sort(key=lambda row: world.ledger.row(row)[0])
    return start, _pieces(
        [_piece(world, row, start, own) for row in rows] + _kept_here(world, start, span.base)
    )


def _kept_here(world: World, start: int, base: int) -> list[tuple[int, int, str, str]]:
    """Return what of the window the runtime keeps for itself: the dummy type and the bitmap at the chunk's end."""
    parts = []
    for region in world.rules.chunk.regions[1:]:
        left, right = (
            min(max(base + edge - start, 0), NEAR) for edge in (region.offset, region.offset + region.nbytes)
        )
        if right > left:
            parts.append(
                (left, right, "reserve", f"{REGIONS_SAID[region.name]}\nat {hex_addr(base + region.offset)}")
            )
    return parts


def _piece(world: World, row: int, start: int, own: int) -> tuple[int, int, str, str]:
    left, size, number, cap, owner, _ = world.ledger.row(row)
    go_type, freed = world.types[number], world.user_arenas[owner].defunct
    meaning = ("pointerful" if go_type.ptr_bytes else "pointer_free") + ("_former" if freed else "")
    what = brief(go_type.expr if cap < 0 else f"{cap} × {go_type.expr}")
    mine = ", the pointer's own" if row == own else ""
    said = (
        f"object {row}{mine}\n{what}\nof user arena {owner}{', freed' if freed else ''}\nat {hex_addr(left)}"
    )
    return max(left - start, 0), min(left + size - start, NEAR), meaning, said


def _pieces(rows: list[tuple[int, int, str, str]]) -> Nearby:
    left, right, meaning, said = zip(*rows, strict=True) if rows else ((),) * 4
    ends = np.array(left, dtype=np.int64), np.array(right, dtype=np.int64)
    return Nearby(*ends, text_column(list(meaning)), text_column(list(said)))
