"""Goroutines: a lane for each, with what it was at; the collector, the sweeper and finalizers have lanes of their own.

Rule: of a lane that is too full for a picture the longest stretch of each part is shown, and it is said
how many it stands for.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from arenalab.units import counted
from arenalab.view.acting import site
from arenalab.view.axis_part import WHOLE, fitted_part, inside
from arenalab.view.calls import call_of
from arenalab.view.columns import Column, View, listing, text_column
from arenalab.view.doing import KINDS, WAITS, Doing
from arenalab.view.lanes import OPERATIONS, across
from arenalab.view.lives import Lives
from arenalab.view.reading import Reading, chunk_in_focus, reading
from arenalab.view.windows import Part
from arenalab.world.actors import MAIN, actor_name
from arenalab.world.log import NO_OP

PAGE = 10  #: lanes of the program's goroutines shown at a time.
CELLS = 160  #: parts of a lane within which only the longest stretch is shown, where there are more.
NOBODY = 0  #: no goroutine has this number.

Row = tuple[float, float, int, int, int, int]


@dataclass(frozen=True, eq=False)
class Lanes(View):
    """One row per lane."""

    actor: Column  #: the goroutine's number, or that of the runtime's own.
    name: Column  #: what a person calls it.
    arenas: Column  #: how many it made in the whole history.
    values: Column  #: that it allocated, a slice as one.
    frees: Column  #: arenas that it freed.
    waits: Column  #: how often it stood still within an operation.
    acts: Column  #: whether it did the last event.


@dataclass(frozen=True, eq=False)
class Parts(View):
    """One row per stretch that is shown, lane by lane."""

    lane: Column  #: row of the lane.
    name: Column  #: of the actor.
    does: Column  #: one of KINDS.
    left: Column  #: where it begins, in operations or events.
    right: Column  #: where it ends.
    op: Column  #: its operation, the first of several.
    count: Column  #: stretches that it stands for.
    call: Column  #: the operation as a short call, "" for several.
    site: Column  #: the line of the program that asked for it, "" where none was recorded.
    why: Column  #: why it waits, "" where nobody said.


@dataclass(frozen=True)
class Goroutines:
    """All that the picture of the goroutines shows."""

    reading: Reading  #: where in the history it is, in words.
    lanes: Lanes  #: the lanes of this page.
    parts: Parts  #: what each was at, and when.
    focus: int  #: the chunk that linked explorers look into, −1 for none.
    who: int  #: the goroutine that is followed, NOBODY for none.
    first: int  #: of the program's goroutines, the first one shown, from 0.
    program: int  #: how many goroutines of the program acted.
    rows: int  #: lanes of a page, so that pictures keep their height.
    scale: str  #: what lanes count: operations or events.
    end: int  #: where the run ends, in units of the scale.
    window: Part  #: what is shown of it.
    at: float  #: where the cursor is.

    def axis_words(self) -> str:
        """Describe what is shown of the axis."""
        first, last = self.window
        whole = (first, last) == (0, self.end)
        return f"{self.scale}{',' * whole} {first:,} to {last:,}{'' if whole else f' of {self.end:,}'}"

    def page_words(self) -> str:
        """Return which goroutines of the program are shown."""
        shown = int((self.lanes.actor >= MAIN).sum())
        if shown == self.program:
            return counted(self.program, "goroutine")
        return f"goroutines {self.first + 1:,} to {self.first + shown:,} of {self.program:,}"

    def text(self) -> str:
        """Return the picture as text, with its numbers."""
        lanes, parts = self.lanes.columns(), self.parts.columns()
        del lanes["actor"], parts["lane"]
        parts["op"] = parts["op"] + 1
        for name in ("left", "right"):
            parts[name] = text_column([f"{value:.4g}" for value in parts[name].tolist()])
        for name in ("call", "why"):
            if not any(parts[name]):
                del parts[name]
        head = f"{self.page_words()}, and the runtime's own; the whole run"
        what = f"what each was at, by {self.axis_words()}"
        return "\n\n".join([self.reading.text(), f"{head}\n{listing(lanes)}", f"{what}\n{listing(parts)}"])


def goroutines(
    doing: Doing, at: int, *, focus: int | None = None, who: int = NOBODY, page: int | None = None,
    scale: str = OPERATIONS, op: int | None = None, window: Part | None = None, fit: str = WHOLE,
) -> Goroutines:  # fmt: skip
    """Return the lanes of all goroutines after `at` events.

    Args:
        doing: of the history that is looked at.
        at: how many events have happened.
        focus: the chunk that linked explorers look into; the lanes do not depend on it.
        who: the goroutine that is followed, NOBODY for none.
        page: which lanes of the program to show, by PAGE; None follows the events, or `who`.
        scale: what the lanes count: operations or events.
        op: the operation that led here, when it made no event of its own.
        window: the first and the last place of the axis to show; None fits.
        fit: one of FITS, when there is no window.

    """
    doing.refresh()
    history, lives = doing.history, doing.history.reader(Lives)
    lives.refresh()
    end = len(history.ops) if scale == OPERATIONS else len(history)
    place = float(across(lives, np.array([at]), scale)[0])
    if scale == OPERATIONS and op is not None and history.log.op_end(op) == at:
        place = op + 1.0
    part = fitted_part(fit, place, end) if window is None else inside(window, end)
    program = [actor for actor in doing.actors if actor >= MAIN]
    rows, acts = min(PAGE, len(program)), history.actor_of(at) if at else NOBODY
    first = _first(program, rows, page, who or acts)
    shown = [*program[first : first + rows], *(actor for actor in doing.actors if actor < MAIN)]
    chunk = chunk_in_focus(history, at) if focus is None else focus
    return Goroutines(
        reading=reading(history, at, op),
        lanes=_lanes(doing, shown, acts),
        parts=doing.keep((scale, part, *shown), lambda: _Shown(doing, lives, scale, part).parts(shown)),
        focus=chunk if 0 <= chunk < len(history.at(at).spans) else -1,
        who=who, first=first, program=len(program),
        rows=rows + len(doing.actors) - len(program),
        scale=scale, end=end, window=part, at=place,
    )  # fmt: skip


def _first(program: list[int], rows: int, page: int | None, wanted: int) -> int:
    """Return which goroutine of the program stands in the first lane."""
    last = max(0, (len(program) - 1) // max(rows, 1))
    if page is None:
        page = program.index(wanted) // rows if wanted in program else 0
    return min(max(page, 0), last) * rows


def _lanes(doing: Doing, shown: list[int], acts: int) -> Lanes:
    """Count what each goroutine did in the whole history."""
    arenas, values, frees, waits = (
        np.array([counts[actor] for actor in shown], dtype=np.int64)
        for counts in (doing.made, doing.values, doing.freed, doing.waited)
    )
    names = text_column([actor_name(actor) for actor in shown])
    return Lanes(
        np.array(shown, dtype=np.int64), names, arenas, values, frees, waits,
        np.array([actor == acts for actor in shown], dtype=bool),
    )  # fmt: skip


class _Shown:
    """What is seen of the stretches in a part of the axis."""

    def __init__(self, doing: Doing, lives: Lives, scale: str, part: Part) -> None:
        self.doing, self.part = doing, part
        self.left, self.right = doing.edges(scale, lambda moments: across(lives, moments, scale))

    def parts(self, shown: list[int]) -> Parts:
        """Return the stretches of some lanes."""
        found = [(lane, *row) for lane, actor in enumerate(shown) for row in self._of(actor)]
        lane, left, right, op, count, kind, at = zip(*found, strict=True) if found else ((),) * 7
        ops, history = self.doing.history.ops, self.doing.history
        alone = [number if one == 1 else NO_OP for number, one in zip(op, count, strict=True)]
        waits = [
            number if what == KINDS.index(WAITS) else NO_OP for number, what in zip(alone, kind, strict=True)
        ]
        return Parts(
            lane=np.array(lane, dtype=np.int64),
            name=text_column([actor_name(shown[number]) for number in lane]),
            does=text_column([KINDS[number] for number in kind]),
            left=np.array(left, dtype=float),
            right=np.array(right, dtype=float),
            op=np.array(op, dtype=np.int64),
            count=np.array(count, dtype=np.int64),
            call=text_column([call_of(ops[number]) if number >= 0 else "" for number in alone]),
            site=text_column([site(history, number) for number in alone]),
            why=text_column([self.doing.point(*pair) for pair in zip(waits, at, strict=True)]),
        )

    def _of(self, actor: int) -> list[Row]:
        """Return (left, right, op, operations, kind, events before it) of one lane's stretches in the part."""
        its, (first, last) = self.doing.stretches, self.part
        rows = np.flatnonzero((its.actor == actor) * (self.right > first) * (self.left < last))
        left, right = np.maximum(self.left[rows], first), np.minimum(self.right[rows], last)
        count = np.ones(len(rows), dtype=np.int64)
        if len(rows) > CELLS:
            kept, starts, count = _longest(left, right, self.part)
            rows, left, right = rows[kept], left[starts], right[kept]
            rows, left, right, count = self._joined(rows, left, right, count)
        columns = left, right, its.op[rows], count, its.kind[rows], its.first[rows]
        return list(zip(*(column.tolist() for column in columns), strict=True))

    def _joined(self, rows: Column, left: Column, right: Column, count: Column) -> tuple[Column, ...]:
        """Join neighbours of one kind between which nothing could be seen."""
        kind, width = self.doing.stretches.kind[rows], (self.part[1] - self.part[0]) / CELLS
        right = np.minimum(np.maximum(right, left + width), np.append(left[1:], self.part[1]))
        apart = np.logical_or(np.diff(kind) != 0, left[1:] - right[:-1] >= width)
        starts = np.flatnonzero(np.append(True, apart))
        ends = np.append(starts[1:], len(rows)) - 1
        return rows[starts], left[starts], right[ends], np.add.reduceat(count, starts)


def _longest(left: Column, right: Column, part: Part) -> tuple[Column, Column, Column]:
    """Return of the stretches that begin in each of CELLS parts the longest, the first, and how many those are."""
    cell = np.minimum((left - part[0]) * CELLS / (part[1] - part[0]), CELLS - 1).astype(np.int64)
    order = np.lexsort((right - left, cell))
    last = np.flatnonzero(np.append(np.diff(cell[order]) != 0, True))
    count = np.diff(np.append(-1, last))
    return order[last], last + 1 - count, count  # they come in the order of their beginning
