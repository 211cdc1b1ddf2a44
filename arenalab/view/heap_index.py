"""HeapIndex: the objects and spans of a trace, so ordered that the heap at any moment is a few array operations away.

Rules:
1. A moment is a place in the heap's log: so many of its events have happened. Alive is what was allocated before it and
   whose end, a place as well, has not happened.
2. Nothing is guessed. An object whose end was lost is shown until its slot is given away again, and counted as lost.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from arenalab.go.sizeclasses import CLASS_SIZES
from arenalab.intake.deaths import NEVER
from arenalab.intake.lifetimes import Cycles, cycles_of
from arenalab.intake.log import TraceLog
from arenalab.intake.objects import Objects
from arenalab.intake.scopes import Scopes
from arenalab.view.columns import Column

GROWTH = 512  #: pages by which Go's heap grows (pallocChunkPages): the raster shows whole steps of it.
RANKED = 7  #: types that have a colour of their own; one more is for all the others.
LARGE = (
    len(CLASS_SIZES) + 1
)  #: the row of spans with one large object, after the size classes, which begin at 1.
NO_SPAN = -1

Rows = NDArray[np.intp]
T = TypeVar("T")


class HeapIndex:
    """A trace's heap, ready to be asked for any moment.

    Attributes:
        birth, end: of each object, places in the heap's log; birth is in ascending order.
        held: whether it counts for its slot; of objects of the tiny allocator that share one the first does.
        number: of its slot in its span.
        slots: of each span, how many objects fit.
        sizeclass: of each span, its size class, LARGE for one with a large object, 0 for a span of stacks.
        rank: of each type its colour, most bytes first, RANKED for the others.

    """

    def __init__(self, log: TraceLog, objects: Objects, scopes: Scopes) -> None:
        """Order everything once: some tenths of a second for a million objects."""
        self.log, self.objects, self.scopes = log, objects, scopes
        self.moments, spans = len(log.heap), objects.spans
        self.birth, self.end = objects.birth, _ends(objects)
        self.held = _held(objects, self.end)
        where = log.where
        self.page_bytes, self.start = (where.page, where.start) if where else (1, 0)
        self.span_base = spans.page * self.page_bytes + self.start
        size = np.maximum(spans.size, 1)
        self.number = (objects.slot - np.append(self.span_base, 0)[objects.span]) // np.append(size, 1)[
            objects.span
        ]
        self.slots = np.where(
            spans.size > 0, np.where(spans.alone, 1, spans.pages * self.page_bytes // size), 0
        )
        classes = np.searchsorted(np.array([0, *CLASS_SIZES]), spans.size)
        self.sizeclass = np.where(spans.size == 0, 0, np.where(spans.alone, LARGE, classes))
        self.span_begin, self.span_end = _lives(objects, self.end)
        self.grown = _grown(spans.page, spans.pages)
        self.cells = len(self.grown) * GROWTH
        self.first_cell = self.cell_of(spans.page)
        self._gone = np.flatnonzero(self.end != NEVER)
        self._gone = self._gone[np.argsort(self.end[self._gone], kind="stable")]
        self._ends = self.end[self._gone]
        self._kept: dict[str, Any] = {}

    def keep(self, key: str, make: Callable[[], T]) -> T:
        """Return what was made under a key before, or make it now."""
        if key not in self._kept:
            self._kept[key] = make()
        answer: T = self._kept[key]
        return answer

    # moments

    @cached_property
    def opening(self) -> int:
        """The moment at which all that was there when tracing began has been listed."""
        there = self.log.heap.rows("Span", "HeapObject")
        return int(there[-1]) + 1 if len(there) else 0

    @cached_property
    def began(self) -> int:
        """Ticks at which the trace's first heap event is stamped."""
        return int(self.log.heap.time[0]) if self.moments else 0

    @property
    def lasts(self) -> float:
        """Seconds from the first to the last heap event."""
        return self.seconds(int(self.log.heap.time[-1])) if self.moments else 0.0

    def seconds(self, ticks: int) -> float:
        """Return how many seconds after the first heap event a tick is."""
        return (ticks - self.began) / max(self.log.ticks, 1)

    def ticks_at(self, at: int) -> int:
        """Return the tick of the last event that has happened at a moment."""
        return int(self.log.heap.time[at - 1]) if at else self.began

    def moments_of(self, ticks: Column) -> Column:
        """Return the moments at which all that is stamped up to some ticks has happened."""
        found: Column = np.searchsorted(self.log.heap.time, ticks, side="right")
        return found

    @cached_property
    def cycles(self) -> Cycles:
        """The collections whose end the trace holds."""
        return cycles_of(self.log)

    @cached_property
    def collections(self) -> Column:
        """Ticks of each GCBegin."""
        return np.array([each.time for each in self.log.other.of("GCBegin")], np.int64)

    # what is there at a moment

    def alive(self, at: int) -> Rows:
        """Return the objects that are there at a moment, in the order of birth."""
        born = int(np.searchsorted(self.birth, at))
        return np.flatnonzero(self.end[:born] >= at)

    def born(self, since: int, at: int) -> Rows:
        """Return the objects allocated from one moment to another, dead again or not."""
        return np.arange(*np.searchsorted(self.birth, [since, at]))

    def died(self, since: int, at: int) -> Rows:
        """Return the objects whose slot was freed from one moment to another; of lost ones, given away again."""
        first, last = np.searchsorted(self._ends, [since, at])
        return self._gone[first:last]

    def spans_at(self, at: int) -> Rows:
        """Return the spans that are there at a moment."""
        return np.flatnonzero((self.span_begin < at) * (self.span_end >= at))

    def span_of_page(self, page: int, at: int) -> int:
        """Return which span has a page at a moment, NO_SPAN for none."""
        spans = self.objects.spans
        found = np.flatnonzero(
            (spans.page <= page) * (page < spans.page + spans.pages) * (self.span_begin < at)
        )
        found = found[self.span_end[found] >= at]
        return int(found[-1]) if len(found) else NO_SPAN

    # pages and cells

    def cell_of(self, pages: Column) -> Column:
        """Return the raster's cell of each page; pages between which nothing ever was are left out."""
        cells: Column = np.searchsorted(self.grown, pages // GROWTH) * GROWTH + pages % GROWTH
        return cells

    def page_of(self, cell: int) -> int:
        """Return the page of a cell."""
        return int(self.grown[cell // GROWTH]) * GROWTH + cell % GROWTH

    def address_of(self, page: int) -> int:
        """Return where a page begins."""
        return page * self.page_bytes + self.start

    # types

    @cached_property
    def rank(self) -> Column:
        """Of each type its colour; types are ranked by the bytes of all slots that they ever took."""
        total = np.bincount(self.objects.type, self.objects.size * self.held, len(self.objects.types))
        order = np.argsort(-total, kind="stable")[:RANKED]
        rank = np.full(len(total), RANKED)
        rank[order] = np.arange(len(order))
        return rank

    def type_names(self) -> list[str]:
        """Return the names of the types that have a colour of their own, most bytes first."""
        order = np.argsort(self.rank, kind="stable")[: int((self.rank < RANKED).sum())]
        return [self.objects.types[row].name for row in order.tolist()]


def _ends(objects: Objects) -> Column:
    """Return the ends of all objects: none is later than when its slot was given away again.

    Of those that were lost nothing else is known but their span's end; a free that another thread stamped ahead of
    the clock may stand behind the slot's next allocation. Objects of the tiny allocator may share a slot.
    """
    end = objects.end.copy()
    end[objects.lost] = np.append(objects.spans.end, NEVER)[objects.span[objects.lost]]
    order = np.argsort(objects.slot, kind="stable")  # rows are in the order of birth
    here, following = order[:-1], order[1:]
    alone = np.logical_or(objects.lost, np.logical_not(objects.tiny))
    again = (objects.slot[here] == objects.slot[following]) * alone[here]
    end[here[again]] = np.minimum(end[here[again]], objects.birth[following[again]])
    return end


def _lives(objects: Objects, end: Column) -> tuple[Column, Column]:
    """Return begin and end of each span, wide enough for its objects: another thread's stamps may say otherwise."""
    begin, last, inside = objects.spans.begin.copy(), objects.spans.end.copy(), objects.span >= 0
    np.minimum.at(begin, objects.span[inside], objects.birth[inside])
    freed = inside * (end != NEVER)
    np.maximum.at(last, objects.span[freed], end[freed])
    return begin, last


def _held(objects: Objects, end: Column) -> NDArray[np.bool_]:
    """Return which objects count for their slot: of tiny ones that end with it the first; none without a span."""
    held = objects.span >= 0
    rows = np.flatnonzero(objects.tiny)
    order = rows[np.lexsort((objects.birth[rows], end[rows], objects.slot[rows]))]
    again = (objects.slot[order[1:]] == objects.slot[order[:-1]]) * (end[order[1:]] == end[order[:-1]])
    held[order[1:][again]] = False
    return held


def _grown(page: Column, pages: Column) -> Column:
    """Return the steps of the heap's growth in which there ever was a span."""
    first, last = page // GROWTH, (page + np.maximum(pages, 1) - 1) // GROWTH
    count = last - first + 1
    every = np.repeat(first, count) + np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
    return np.unique(every)
