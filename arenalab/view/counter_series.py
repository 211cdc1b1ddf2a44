"""CounterSeries: every counter of a history after every event, read once however often it is looked at.

Rules:
1. A series says what `history.at(i).counted()` says at every moment; it only answers sooner.
2. A history that grew is read on from where reading stopped, column by column; a step reads nothing.
3. A line that is thinned for a picture keeps the least and the greatest value of each stretch, so that no
   spike is lost, and ends where the series ends.
4. A part of a line has the line's values at every moment inside it, and is thinned for itself: the narrower,
   the more is exact.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, ClassVar, TypeVar

import numpy as np

from arenalab.narrow import different, narrow
from arenalab.view.columns import Column, View
from arenalab.view.counter_effects import SCAN_ALLOC, Changes, changes_of, scan_alloc_of
from arenalab.view.event_columns import EventColumns
from arenalab.view.windows import Part
from arenalab.world.history import History
from arenalab.world.history_indexes import Kept, indexed
from arenalab.world.state import World
from arenalab.world.tables import Counters

HEAP_NAMES = tuple(Counters().as_dict())
NAMES = (*HEAP_NAMES, SCAN_ALLOC)
#: What the counters are compared with: bytes of heap-arena metadata, of quarantined chunks, of chunks in memory.
BESIDE = ("metadata", "quarantined", "resident")
COLUMNS = (*NAMES, *BESIDE)
MOST_POINTS = 3_300  #: of one line of a picture.
STRETCHES = 640  #: stretches of a thinned line, a pixel each; each gives at most five points.

T = TypeVar("T")
_counters = attrgetter(*HEAP_NAMES)


@dataclass(frozen=True, eq=False)
class Points(View):
    """The corners of a line, from left to right."""

    x: Column  #: how many events, or operations, have happened.
    y: Column  #: the counter's value there.


@indexed
class CounterSeries:
    """The counters of a history as steps: of each only where it changed."""

    in_file: ClassVar[str] = "counters 1"
    words: ClassVar[tuple[str, ...]] = COLUMNS

    def __init__(self, history: History, steps: dict[str, Changes] | None = None) -> None:
        """Read the history as it is now, or take how its counters changed."""
        self.history, self._columns = history, history.reader(EventColumns)
        start = history.at(0)
        self._kept: dict[Hashable, Any] = {}
        self._size = (-1, -1)
        self._read = 0  #: events read.
        self._scan_alloc, self._on_p = (
            [p.scan_alloc for p in start.ps],
            start.on_p,
        )  #: of each P; the one that runs.
        self._steps = {
            name: Changes(np.zeros(1, dtype=np.int64), np.array([number]))
            for name, number in zip(COLUMNS, _row(start), strict=True)
        }
        if steps is not None:
            self._steps, self._read = steps, len(history)
            self._scan_alloc, self._on_p = [p.scan_alloc for p in history.world.ps], history.world.on_p
        self.refresh()

    def for_file(self) -> dict[str, Column]:
        """Return what a file keeps of it."""
        return {
            f"{name}.{part}": column
            for name, it in self._steps.items()
            for part, column in it._asdict().items()
        }

    @classmethod
    def from_file(cls, history: History, kept: Kept) -> CounterSeries:
        """Return the changes that a file keeps."""
        steps = {}
        for name in COLUMNS:
            at = kept.rising(f"{name}.at", range(len(history) + 1), step=1)
            steps[name] = Changes(at, kept.column(f"{name}.value", count=len(at)))
            if not len(at) or at[0]:
                raise kept.refused(f"column {name}.at does not begin at the start")
        return cls(history, steps)

    def refresh(self) -> None:
        """Read on if the history has grown since."""
        if (size := (len(self.history.ops), len(self.history))) == self._size:
            return
        self._size, self._kept = size, {}
        if self._read < len(self.history):
            self._read_on(self._read)
            self._read = len(self.history)

    def _read_on(self, first: int) -> None:
        """Read the events from number `first` on."""
        columns = self._columns
        scan_alloc, self._scan_alloc, self._on_p = scan_alloc_of(columns, first, self._scan_alloc, self._on_p)
        for name, known in self._steps.items():
            new = scan_alloc if name == SCAN_ALLOC else changes_of(columns, name, first, int(known.value[-1]))
            if len(new.at):
                at, value = (np.append(old, more) for old, more in zip(known, new, strict=True))
                self._steps[name] = Changes(narrow(at), narrow(value))

    @property
    def at(self) -> Column:
        """Return how many events had happened when any of them changed, rising from 0."""
        return self.kept("at", lambda: different(np.concatenate([it.at for it in self._steps.values()])))

    def column(self, name: str) -> Column:
        """Return one of COLUMNS, one value for each of `at`."""
        at, value = self._steps[name]
        places = np.searchsorted(self.at, at.astype(self.at.dtype))
        values: Column = np.repeat(value.astype(np.int64), np.diff(places, append=len(self.at)))
        return values

    def value(self, name: str, moments: Column) -> Column:
        """Return a counter after each of some numbers of events."""
        at, value = self._steps[name]
        values: Column = value[np.searchsorted(at, moments, side="right") - 1].astype(np.int64)
        return values

    def peak(self, name: str, moments: Column) -> Column:
        """Return the greatest value that a counter had until each of some numbers of events."""
        at, value = self._steps[name]
        values: Column = np.maximum.accumulate(value)[np.searchsorted(at, moments, side="right") - 1]
        return values.astype(np.int64)

    def kept(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what `make` makes, made once for a state of the history: it must not depend on the cursor."""
        if key not in self._kept:
            self._kept[key] = make()
        made: T = self._kept[key]
        return made

    def op_ends(self) -> Column:
        """Return how many events had happened at the end of each operation, after a 0 for the start."""
        return self.kept("ends", self._op_ends)

    def _op_ends(self) -> Column:
        return np.append(0, self.history.log.steps())

    def changing_ops(self) -> Column:
        """Return the operations, from 1, at whose end a counter may differ from before, after a 0 for the start."""
        ends = self.op_ends()
        return different(np.minimum(np.searchsorted(ends, self.at), len(ends) - 1))


def _resident(world: World) -> int:
    """Return the bytes of chunks that are in memory: zeroed, and not set to fault since."""
    there = [span for span in world.spans if span.free_limit > 0 and not span.faulted]
    return len(there) * world.rules.chunk.mapped_bytes


def _row(world: World) -> tuple[int, ...]:
    """Return the counters of a World, in the order of COLUMNS."""
    rules = world.rules
    metadata = len(world.heap_arenas) * rules.heap_arena_meta_bytes
    quarantined = len(world.quarantine) * rules.chunk.stride
    return (*_counters(world.counters), world.scan_alloc, metadata, quarantined, _resident(world))


class Steps:
    """A line's values, each from its place on until the next one's, the last until `end`; any part can be seen."""

    def __init__(self, x: Column, y: Column, end: int) -> None:
        """Take values as `step_line` does."""
        self.x, self.y, self.end = x, y, end
        self.whole = step_line(x, y, end)
        self._near: tuple[Part, Points] = ((0, end), self.whole)  #: the part that was asked for last.
        self.thinned = (
            2 * len(_distinct(x, y)[0]) > MOST_POINTS
        )  #: whether the whole line has not every value.
        self.low, self.high = int(self.whole.y.min(initial=0)), int(self.whole.y.max(initial=0))

    def near(self, part: Part) -> Points:
        """Return the whole line, a part of it in more detail: what lies outside the part is thinned as ever."""
        if part == (0, self.end) or not self.thinned:
            return self.whole
        if self._near[0] != part:
            its, whole = part_line(self.x, self.y, part), self.whole
            before, after = whole.x < part[0], whole.x > part[1]
            x = np.concatenate([whole.x[before], its.x, whole.x[after]])
            y = np.concatenate([whole.y[before], its.y, whole.y[after]])
            self._near = (part, Points(x, y))
        return self._near[1]


def part_line(x: Column, y: Column, part: Part) -> Points:
    """Return what is seen of a line from the first to the last place of a part; `x` and `y` as in `step_line`."""
    first, last = part
    left, right = np.searchsorted(x, part, side="right")
    left = max(0, left - 1)  # the value that holds where the part begins is older than it
    return step_line(np.maximum(x[left:right], first), y[left:right], last)


def step_line(x: Column, y: Column, end: int) -> Points:
    """Return the line of values that each hold from their x to the next one's, the last until `end`.

    Args:
        x: rising; of equal ones the last counts.
        y: the values, as many.
        end: where the line ends, at or after the last x.

    """
    if len(x) == 0:
        return Points(x, y)
    x, y = _distinct(x, y)
    if 2 * len(x) <= MOST_POINTS:
        return _corners(x, y, end, np.ones(max(0, len(x) - 1), dtype=bool))
    stretch = (x - x[0]) * STRETCHES // (end - x[0] + 1)
    chosen = _extremes(stretch, y)
    x, y, stretch = x[chosen], y[chosen], stretch[chosen]
    return _corners(x, y, end, np.diff(stretch) > 1)


def _distinct(x: Column, y: Column) -> tuple[Column, Column]:
    """Return the values at whose place the line changes; of those at one place the last."""
    if len(x) == 0:
        return x, y
    kept = np.append(x[1:] != x[:-1], True)  # the last one always counts
    kept[1:] = np.logical_and(kept[1:], _changes(y, kept))
    return x[kept], y[kept]


def _changes(y: Column, kept: Column) -> Column:
    """Return which values, but the first, differ from the last one kept before them."""
    last = np.maximum.accumulate(np.where(kept, np.arange(len(y)), 0))[:-1]
    changed: Column = np.logical_or(y[1:] != y[last], np.logical_not(kept[last]))
    return changed


def _extremes(stretch: Column, y: Column) -> Column:
    """Return the numbers of the first, least, greatest and last value of each stretch, rising."""
    starts = np.flatnonzero(np.append(True, np.diff(stretch) > 0))  # the first begins one
    which = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(y))))
    chosen = [starts, np.append(starts[1:], len(y)) - 1]
    for extreme in (np.minimum, np.maximum):
        found = np.flatnonzero(y == extreme.reduceat(y, starts)[which])
        chosen.append(found[np.unique(which[found], return_index=True)[1]])
    return different(np.concatenate(chosen))


def _corners(x: Column, y: Column, end: int, level: Column) -> Points:
    """Return the points with a corner before each step at which the line is to stay level; then the end."""
    corners = np.flatnonzero(level)
    at = corners + 1
    return Points(
        np.append(np.insert(x, at, x[at]), end),
        np.append(np.insert(y, at, y[corners]), y[-1]),
    )
