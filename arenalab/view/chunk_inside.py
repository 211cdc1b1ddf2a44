"""Inside one chunk: its objects, exactly or merged, and what lies between them.

Rules:
1. Objects and gaps together are what a window shows, byte for byte, when no objects are merged.
2. Merging never loses an object: the counts and the bytes add up to what the window holds.
Follows userArenaNextFree and addrRange of arena.go and mranges.go, Go 1.21.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from arenalab.go.types import GoType
from arenalab.units import counted, hex_addr
from arenalab.view.acting import asked
from arenalab.view.chunk_index import ChunkIndex, Contents, Run
from arenalab.view.colouring import DIRECTION, Colouring
from arenalab.view.columns import Column, View, brief, text_column
from arenalab.view.windows import Part, Window

MOST_OBJECTS = 400  #: so many of one direction at one end are drawn one by one; more are merged.
CELLS = 220  #: pieces of a window into which objects are merged.
SAMPLE = 64  #: objects by which the colour of merged ones is judged.


@dataclass(frozen=True, eq=False)
class ChunkBlocks(View):
    """Stretches of chunks without objects of their own, or many of them together."""

    chunk: Column  #: its number.
    left: Column  #: offset of the first byte.
    right: Column  #: offset after the last byte.
    meaning: Column  #: key of the theme: "free", "waste", "padding", "dead", "address_space", ...
    said: Column  #: the stretch in words, for hovering.


@dataclass(frozen=True, eq=False)
class ChunkObjects(View):
    """Objects inside one chunk, or several neighbours in one row."""

    chunk: Column  #: its number.
    left: Column  #: offset of the first byte.
    right: Column  #: offset after the last byte.
    size: Column  #: bytes of the object, or of all that are merged.
    count: Column  #: how many objects the row stands for.
    type: Column  #: Go type, a slice as "cap × type"; "417 objects" for merged ones.
    meaning: Column  #: key of the theme: one of the colouring's, or "dead".
    user_arena: Column  #: whose they are, −1 for nobody's.
    op: Column  #: operation that made it, the first one of merged ones.
    by: Column  #: who asked for that, and where in the program; "" where the run does not say.
    row: Column  #: ledger row, the first one of merged ones.
    address: Column  #: as text.
    current: Column  #: whether the current operation made it.


class Look(NamedTuple):
    """What the objects of a chunk are looked at for."""

    chunk: int  #: its number.
    base: int  #: address of the chunk.
    owner: int  #: the user arena that fills it now, −1 for none.
    dead: bool  #: whether the chunk is set to fault.
    since: int  #: first ledger row that the current operation made.
    colours: Colouring  #: what tells its objects apart.


def chunk_objects(
    index: ChunkIndex, held: Contents, types: list[GoType], window: Window, look: Look
) -> tuple[ChunkObjects, bool]:
    """Return the objects that a window shows, by address, and whether every one has a row of its own."""
    cuts = [_cuts(run, window, look) for run in held]
    rows = [_rows(run, at, types, look) for run, at in zip(held, cuts, strict=True)]
    merged = {name: np.concatenate([columns[name] for columns in rows]) for name in rows[0]}
    merged["op"] = index.ops_of(merged["row"])
    merged["by"] = text_column([asked(index.history, op).strip() for op in merged["op"].tolist()])
    address = text_column([hex_addr(look.base + int(offset)) for offset in merged["left"]])
    chunk = np.full(len(address), look.chunk)
    return ChunkObjects(chunk=chunk, address=address, **merged), bool((merged["count"] == 1).all())


def _cuts(run: Run, window: Window, look: Look) -> Column:
    """Return (first, end) of each group of objects that becomes one row; shape (groups, 2)."""
    done, groups = 0, [np.zeros((0, 2), dtype=np.int64)]
    for part in sorted(part for part in window if part[0] < part[1]):
        there = run.reaching_into(*part)
        first = max(done, there.start)
        last = max(first, there.stop)
        groups.append(_groups(run, first, last, part, look))
        done = last
    return np.concatenate(groups)


def _groups(run: Run, first: int, last: int, part: Part, look: Look) -> Column:
    """Cut the objects [first, last): each alone if they are few, else where what they mean changes."""
    if last - first <= MOST_OBJECTS:
        return _pairs(np.arange(first, last + 1))
    kinds = [*run.made_by(look.owner), *run.made_since(look.since), first, last]
    if look.colours.by == DIRECTION or look.dead:
        return _pairs(np.unique(np.clip(kinds, first, last)))
    cells = np.searchsorted(run.left, np.linspace(part[0], part[1], CELLS, endpoint=False))
    cuts = _pairs(np.unique(np.clip(np.concatenate((cells, kinds)), first, last)))
    meaning = _meanings(run, cuts[:, 0], cuts[:, 1] - cuts[:, 0], look)
    differs = np.concatenate(([True], meaning[1:] != meaning[:-1]))
    return _pairs(np.append(cuts[np.logical_or(differs, np.isin(cuts[:, 0], kinds)), 0], last))


def _pairs(edges: Column) -> Column:
    """Return (edge, next edge) for all but the last."""
    return np.stack((edges[:-1], edges[1:]), axis=1)


def _rows(run: Run, cuts: Column, types: list[GoType], look: Look) -> dict[str, Column]:
    """Return the columns of one direction, one row per group of objects."""
    first, last = cuts[:, 0], cuts[:, 1] - 1
    count, oldest = last - first + 1, first if run.pointerful else last
    made = run.made_since(look.since)
    names = zip(count, run.of("type", first), run.of("cap", first), strict=True)
    said = [_type_text(types[t], int(cap)) if n == 1 else counted(n, "object") for n, t, cap in names]
    return {
        "left": run.left[first].astype(np.int64),
        "right": run.right[last].astype(np.int64),
        "size": run.bytes_of(first, last),
        "count": count,
        "type": text_column(said),
        "meaning": _meanings(run, first, count, look),
        "user_arena": run.of("user_arena", first),
        "row": run.rows_at(oldest),
        "current": np.logical_and(first >= made[0], first < made[1]),
    }


def _meanings(run: Run, first: Column, count: Column, look: Look) -> Column:
    """Return the key of the theme of each group; of merged objects, the colour that most bytes have.

    Large groups are judged by `SAMPLE` of their objects, evenly spread.
    """
    if look.dead or not len(first):
        return text_column(["dead"] * len(first))
    keys = text_column(list(look.colours.keys))
    share = 1 if look.colours.by == DIRECTION else min(int(count.max()), SAMPLE)  # cut by direction already
    each = first[:, None] + np.arange(share) * count[:, None] // share  # a small group names some twice
    one = each.ravel()
    number = look.colours.numbers(
        run.rows_at(one), run.of("type", one), run.of("user_arena", one), run.pointerful
    )
    cell = np.repeat(np.arange(len(first)) * len(keys), share) + number
    nbytes = np.bincount(cell, run.right[one] - run.left[one], minlength=len(first) * len(keys))
    largest: Column = keys[nbytes.reshape(len(first), len(keys)).argmax(axis=1)]
    return largest


def _type_text(go_type: GoType, cap: int) -> str:
    return brief(go_type.expr if cap < 0 else f"{cap} × {go_type.expr}")


def padding_of(held: Contents, window: Window, edges: tuple[int, int, int]) -> list[Part]:
    """Return each stretch that alignment left unused, as far as a window shows.

    Args:
        held: the objects of the chunk.
        window: what is shown.
        edges: offsets after the last byte taken from the low end, of the first byte taken from the
            high end, and after the usable bytes.

    """
    front, back, end = edges
    found: set[Part] = set()
    for part in window:
        found.update(_padding(held.front, part, (0, front)), _padding(held.back, part, (back, end)))
    return sorted(found)


def _padding(run: Run, part: Part, ends: Part) -> list[Part]:
    """Return what lies between the objects of a direction that a part shows, and beside the outermost."""
    shown = run.reaching_into(*part)
    first, last = max(shown.start - 1, 0), min(shown.stop + 1, len(run))
    left = np.append(run.left[first:last], ends[1] if last == len(run) else run.right[last - 1])
    right = np.insert(run.right[first:last], 0, ends[0] if first == 0 else run.left[first])
    wide = np.flatnonzero(left > right)
    return [(int(right[at]), int(left[at])) for at in wide]
