"""Words and places of the chunk map's picture: rows, labels, ticks, what is said of what is pointed at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from arenalab.draw.still import fitted
from arenalab.units import counted, human
from arenalab.view.acting import made_words
from arenalab.view.chunk_inside import ChunkObjects
from arenalab.view.chunk_map import ChunkMap, ChunkRows
from arenalab.view.columns import Column

LOW_TITLE = "low end: objects with pointers, growing up →"
HIGH_TITLE = "← growing down, objects without pointers: high end"
TICKS = 5  #: about so many labels below a panel.


@dataclass(frozen=True)
class Label:
    """A text in the middle of an area."""

    x: float  #: offset in the chunk.
    text: str
    meaning: str  #: of the area below it.


def row_words(chunks: ChunkRows) -> Iterator[tuple[str, str, str]]:
    """Yield for each chunk: its number, where it is, what is left of it."""
    for row in range(len(chunks)):
        yield f"chunk {chunks.chunk[row]}", _where(chunks, row), _left_over(chunks, row)


def _where(chunks: ChunkRows, row: int) -> str:
    arena = f", arena {chunks.user_arena[row]}" if chunks.user_arena[row] >= 0 else ""
    return f"{chunks.list[row]}{arena}"


def _left_over(chunks: ChunkRows, row: int) -> str:
    condition = chunks.condition[row]
    if condition != "usable":
        return str(condition)
    free, used = int(chunks.free[row]), int(chunks.front[row] + chunks.back[row])
    hidden = used and human(free) == human(free + used)  # 4 digits would say that nothing is used
    shown = f"{human(free + used)} − {human(used)}" if hidden else human(free)
    return f"{shown} {'wasted' if chunks.waste[row] else 'free'}"


def row_tip(chunks: ChunkRows, row: int) -> str:
    """Say all about a chunk, and what a click does."""
    objects, where = int(chunks.objects[row]), _where(chunks, row) + made_words(chunks.made[row])
    return (
        f"chunk {chunks.chunk[row]} at {chunks.base[row]}: {where}, {chunks.condition[row]}\n"
        f"{_counted(objects)}; {human(int(chunks.front[row]))} from the low end, "
        f"{human(int(chunks.back[row]))} from the high end, {_left_over(chunks, row)}\n"
        f"click: look into it"
    )


def inside_title(view: ChunkMap) -> str:
    """Say which chunk is looked into, and how full it is."""
    if view.focus < 0:
        return "no chunk yet"
    row = int(np.flatnonzero(view.chunks.focus)[0])
    number, where, left = next(w for i, w in enumerate(row_words(view.chunks)) if i == row)
    objects = int(view.chunks.objects[row])
    return f"inside {number} ({where}): {_counted(objects)}, {left}"


def _counted(objects: int) -> str:
    return counted(objects, "object")


OBJECT_SAID = ("type", "size", "address", "user_arena", "op", "by")  #: columns that `object_tip` takes.


def object_tip(
    left: int, right: int, kind: str, size: int, address: str, user_arena: int, op: int, by: str
) -> str:
    """Say all about an object, or about several that are drawn as one."""
    whose, asked = f"arena {user_arena}" if user_arena >= 0 else "nobody's", by and f" {by}"
    where = f"at {address}, offsets {left:,} to {right:,}"
    return f"{kind}, {counted(size, 'byte')}\n{where}\n{whose}, operation {op + 1:,}{asked}"


def labels(view: ChunkMap, part: tuple[int, int], points: float) -> list[Label]:
    """Return the texts that fit into the areas of one panel, `points` wide, showing offsets `part`."""
    objects, gaps = view.objects, view.gaps
    kinds = objects.type.tolist()
    found = _labels(
        objects.left, objects.right, [(kind, "") for kind in kinds], objects.meaning, part, points
    )
    bytes_ = [human(int(n)) for n in gaps.right - gaps.left]
    words = [(text.partition(":")[0], n) for n, text in zip(bytes_, gaps.said.tolist(), strict=True)]
    return found + _labels(gaps.left, gaps.right, words, gaps.meaning, part, points)


def _labels(
    left: Column,
    right: Column,
    words: list[tuple[str, str]],
    meaning: Column,
    part: tuple[int, int],
    points: float,
) -> list[Label]:
    """Place each text, or the shorter one, in the middle of what is seen of its area; leave out what doesn't fit."""
    seen_left, seen_right = np.maximum(left, part[0]), np.minimum(right, part[1])
    scale = points / max(1, part[1] - part[0])
    made = []
    for row in np.flatnonzero((seen_right - seen_left) * scale > 18):  # three characters
        (whole, short), room = words[row], (seen_right[row] - seen_left[row]) * scale - 6
        text = fitted(whole, room, 11)
        if short and text != whole:
            text = fitted(short, room, 11)
        if text:
            made.append(Label(float(seen_left[row] + seen_right[row]) / 2, text, str(meaning[row])))
    return made


def made_now(objects: ChunkObjects) -> list[tuple[int, int, str]]:
    """Return (left, right, meaning) of each stretch that the operation at hand filled; neighbours are one."""
    found: list[tuple[int, int, str]] = []
    before = -2
    for row in np.flatnonzero(objects.current).tolist():
        left, right, meaning = int(objects.left[row]), int(objects.right[row]), str(objects.meaning[row])
        if row == before + 1 and found[-1][2] == meaning:
            found[-1] = (found[-1][0], right, meaning)
        else:
            found.append((left, right, meaning))
        before = row
    return found


def wide_first(columns: dict[str, Column]) -> Column:
    """Return the order in which areas are painted: wide ones first, so that a sliver stays visible."""
    order: Column = np.argsort(columns["left"] - columns["right"], kind="stable")
    return order


def ticks(part: tuple[int, int], origin: int = 0) -> list[int]:
    """Return the offsets to label: multiples of a power of two from an origin, at most 2 × TICKS of them."""
    step = 1
    while (part[1] - part[0]) / step > TICKS:
        step *= 2
    first = origin - (origin - part[0]) // step * step
    return list(range(first, part[1] + 1, step))


def offset_text(offset: int, end: int, *, from_end: bool) -> str:
    """Write an offset: plain from the low end, as "−48 B" or "+48 B" from where the objects end at the high end."""
    if not from_end or offset == end:
        return human(offset) if offset else "0"
    return f"−{human(end - offset)}" if offset < end else f"+{human(offset - end)}"
