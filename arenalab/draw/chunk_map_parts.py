"""Words and places of the chunk map's picture: rows, labels, ticks, what is said of what is pointed at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np

from arenalab.draw.lettering import first_fitting
from arenalab.units import counted, human, humans
from arenalab.view.acting import made_words
from arenalab.view.chunk_inside import ChunkObjects
from arenalab.view.chunk_map import ChunkMap, ChunkRows
from arenalab.view.columns import Column
from arenalab.view.explained import explain_state
from arenalab.view.windows import Part, Window

LOW_TITLES = "low end: objects with pointers, growing up →", "low end: with pointers →"
HIGH_TITLES = "← growing down, objects without pointers: high end", "← without pointers: high end"
TICKS = 5  #: about so many labels below a panel.
LEAST_AREA = 13.0  #: points: one figure and its margins.
LEAST_BRACE = 24.0  #: points: a shorter brace would say nothing.


@dataclass(frozen=True)
class Label:
    """A text in the middle of an area."""

    x: float  #: offset in the chunk.
    text: str
    meaning: str  #: of the area below it.


@dataclass(frozen=True)
class Brace:
    """Neighbours of one type: what each of them would have to say, said once."""

    left: int  #: offset of the first byte that is seen.
    right: int  #: offset after the last one.
    rows: tuple[int, int]  #: first of the objects, end.
    texts: tuple[str, ...]  #: how many of which type, with their numbers and without; how many.


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
    """Describe a chunk, and what a click does."""
    objects, where = int(chunks.objects[row]), _where(chunks, row) + made_words(chunks.made[row])
    return (
        f"chunk {chunks.chunk[row]} at {chunks.base[row]}: {where}, {chunks.condition[row]}\n"
        f"{_counted(objects)}; {human(int(chunks.front[row]))} from the low end, "
        f"{human(int(chunks.back[row]))} from the high end, {_left_over(chunks, row)}\n"
        f"{chunks.list[row]}: {explain_state(str(chunks.list[row]))}\n"
        f"click: look into it"
    )


def inside_title(view: ChunkMap) -> tuple[str, str]:
    """Describe which chunk is looked into, and how full it is."""
    if view.focus < 0:
        return "no chunk yet", ""
    row = int(np.flatnonzero(view.chunks.focus)[0])
    number, where, left = next(w for i, w in enumerate(row_words(view.chunks)) if i == row)
    objects = int(view.chunks.objects[row])
    return f"inside {number} ({where})", f"{_counted(objects)}, {left}"


def end_title(width: float, *, high: bool) -> str:
    """Describe what a part of the chunk shows, as long as there is room."""
    return first_fitting(HIGH_TITLES if high else LOW_TITLES, width, 11)


def scale_words(window: Window, width: float, *, stacked: bool) -> str:
    """Describe how much the two parts show, where their scales differ, as long as there is room."""
    low, high = (part[1] - part[0] for part in window)
    if low == high:
        return "both parts to one scale"
    first, second = ("above", "below") if stacked else ("on the left", "on the right")
    left, right = humans(low, high)
    told = f"{left} {first}, {right} {second}"
    return first_fitting((f"not to one scale: {told}", told), width, 11)


def rest_words(view: ChunkMap, rows: int) -> str:
    """Describe which chunks have no row: those that the run never obtains, or those on other pages."""
    if view.used > view.rows:
        return f"the run uses {view.used} of {counted(view.all_chunks, 'chunk')}"
    first, last = rows, view.all_chunks - 1
    if last < first:
        return ""
    return f"chunk{f's {first}–{last}' if last > first else f' {first}'}: addresses only"


def _counted(objects: int) -> str:
    return counted(objects, "object")


#: Columns that `object_tip` takes.
OBJECT_SAID = ("type", "size", "count", "row", "address", "user_arena", "op", "by")


def object_tip(
    left: int, right: int, kind: str, size: int, count: int, row: int, address: str, user_arena: int,
    op: int, by: str,
) -> str:  # fmt: skip
    """Describe an object, or several that are drawn as one."""
    whose, asked = f"arena {user_arena}" if user_arena >= 0 else "nobody's", by and f" {by}"
    what = f"object {row}: {kind}" if count == 1 else kind
    where = f"at {address}, {stretch(left, right)}"
    return f"{what}, {counted(size, 'byte')}\n{where}\n{whose}, operation {op + 1:,}{asked}"


def object_tap(_: str, __: int, count: int, row: int, *___: object) -> str:
    """Return what the explorer hears when an object is clicked, "" for several that are drawn as one."""
    return f"object {row}" if count == 1 else ""


def stretch(left: int, right: int) -> str:
    """Write a range of offsets."""
    return f"offsets {left:,} to {right:,}"


def braces(objects: ChunkObjects, part: Part) -> list[Brace]:
    """Return the runs of neighbours that one part shows, alike in type and meaning, two or more of each."""
    seen = np.logical_and(objects.right > part[0], objects.left < part[1])
    alone = np.logical_and(seen, objects.count == 1).tolist()
    kinds = list(zip(alone, objects.type.tolist(), objects.meaning.tolist(), strict=True))
    found = []
    for (single, kind, _), group in groupby(range(len(kinds)), key=lambda row: kinds[row]):
        rows = list(group)
        if single and len(rows) > 1:
            left, right = int(objects.left[rows[0]]), int(objects.right[rows[-1]])
            edges = max(left, part[0]), min(right, part[1])
            text = f"{len(rows)} × {kind}"
            said = f"{text}: objects {objects.row[rows[0]]} to {objects.row[rows[-1]]}"
            texts = said, text, counted(len(rows), "object"), f"{len(rows)}"
            found.append(Brace(*edges, (rows[0], rows[-1] + 1), texts))
    return found


def labels(view: ChunkMap, part: Part, points: float, braced: Sequence[Brace] = ()) -> list[Label]:
    """Return the texts that fit into the areas of one panel, `points` wide, showing offsets `part`.

    What a brace says is not repeated below it: there an object has its number.
    """
    objects, gaps = view.objects, view.gaps
    below = {row for brace in braced for row in range(*brace.rows)}
    words = [
        _object_words(kind, number, count, braced=row in below)
        for row, (kind, number, count) in enumerate(
            zip(objects.type.tolist(), objects.row.tolist(), objects.count.tolist(), strict=True)
        )
    ]
    found = _labels(objects.left, objects.right, words, objects.meaning, part, points)
    bytes_ = [human(int(n)) for n in gaps.right - gaps.left]
    said = [text.partition(":")[0] for text in gaps.said.tolist()]
    both = _in_both(gaps.left, gaps.right, view.window) if part == view.window.high else [False] * len(said)
    words = [
        (f"the same {text}", f"same {n}") if again else (text, n)
        for text, n, again in zip(said, bytes_, both, strict=True)
    ]
    return found + _labels(gaps.left, gaps.right, words, gaps.meaning, part, points)


def _object_words(kind: str, number: int, count: int, *, braced: bool) -> tuple[str, ...]:
    """Return what an area may say, the longest first: an object that has no room for its type has its number."""
    if count > 1:
        return (kind,)
    return (f"object {number}", str(number)) if braced else (kind, f"object {number}", f"#{number}")


def _in_both(left: Column, right: Column, window: Window) -> list[bool]:
    """Return of each stretch whether both parts show some of it."""
    low, high = (np.logical_and(left < part[1], right > part[0]) for part in window)
    seen: list[bool] = np.logical_and(low, high).tolist()
    return seen


def _labels(
    left: Column, right: Column, words: Sequence[tuple[str, ...]], meaning: Column, part: Part, points: float
) -> list[Label]:
    """Place the longest text that is whole in the middle of what is seen of its area; leave out what doesn't fit."""
    seen_left, seen_right = np.maximum(left, part[0]), np.minimum(right, part[1])
    scale = points / max(1, part[1] - part[0])
    made = []
    for row in np.flatnonzero((seen_right - seen_left) * scale > LEAST_AREA).tolist():
        room = (seen_right[row] - seen_left[row]) * scale - 6
        text = first_fitting((*words[row], ""), room, 11)
        if text:
            made.append(Label(float(seen_left[row] + seen_right[row]) / 2, text, str(meaning[row])))
    return made


def made_now(objects: ChunkObjects) -> list[tuple[int, int, str]]:
    """Return (left, right, meaning) of each stretch that the current operation filled; neighbours are one."""
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


def in_order(columns: dict[str, Column], *names: str) -> Iterator[tuple[Any, ...]]:
    """Yield some columns row by row, wide areas first, so that a sliver is not painted over."""
    order = wide_first(columns)
    return zip(*(columns[name][order].tolist() for name in names), strict=True)


def wide_first(columns: dict[str, Column]) -> Column:
    """Return the order in which areas are painted: wide ones first, so that a sliver stays visible."""
    order: Column = np.argsort(columns["left"] - columns["right"], kind="stable")
    return order


def ticks(part: Part, origin: int = 0) -> list[int]:
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
