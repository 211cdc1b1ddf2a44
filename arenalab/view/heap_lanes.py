"""Scopes of a recorded program as lanes, its collections above them, and where the cursor is.

Rule: of a lane that is too full for a picture the longest scope of each part is shown, and it is said how
many it stands for.
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heappop, heappush

import numpy as np

from arenalab.intake.scopes import of_kind
from arenalab.view.columns import Column, View
from arenalab.view.heap_index import HeapIndex
from arenalab.view.windows import Part

LANES = 4  #: of scopes that are open at once; the rest is counted.
CELLS = 160  #: parts of a lane within which only the longest scope is shown, where there are more.
COLLECTOR = -1  #: lane of the collections.
MICRO = 1_000_000


@dataclass(frozen=True, eq=False)
class LaneParts(View):
    """One row for each stretch that is shown; edges in microseconds since the first heap event."""

    lane: Column  #: from 0; COLLECTOR for a collection's marking.
    number: Column  #: of the scope among those of its kind in the order of their ends, or of the collection, from 0.
    left: Column
    right: Column
    count: Column  #: scopes that it stands for.
    g: Column  #: whose it is, -1 for a collection.


@dataclass(frozen=True, eq=False)
class ScopeLanes:
    """All scopes of a kind with their lanes: those open at once stand in lanes of their own."""

    begin: Column  #: microseconds.
    end: Column
    lane: Column
    g: Column
    at_once: int  #: how many lanes that takes.


def micro(index: HeapIndex, ticks: Column) -> Column:
    """Return microseconds since the first heap event."""
    answer: Column = (ticks - index.began) * MICRO // max(index.log.ticks, 1)
    return answer


def scope_lanes(index: HeapIndex, kind: str) -> ScopeLanes:
    """Return the scopes of a kind, each in the first lane that is free when it begins."""
    return index.keep(f"lanes {kind}", lambda: _laid(index, kind))


def _laid(index: HeapIndex, kind: str) -> ScopeLanes:
    mine = of_kind(index.scopes, kind) if kind else []
    rows = [(each.begin, each.end, each.g) for each in mine]
    begin, end, g = np.array(rows, np.int64).reshape(-1, 3).T
    lane, free, taken, lanes = np.zeros(len(mine), np.int64), list[int](), list[tuple[int, int]](), 0
    for number in np.argsort(begin, kind="stable").tolist():
        while taken and taken[0][0] <= begin[number]:
            heappush(free, heappop(taken)[1])
        lane[number] = heappop(free) if free else lanes
        lanes = max(lanes, int(lane[number]) + 1)
        heappush(taken, (int(end[number]), int(lane[number])))
    return ScopeLanes(micro(index, begin), micro(index, end), lane, g, lanes)


def lane_parts(index: HeapIndex, kind: str, window: Part) -> LaneParts:
    """Return what is seen of the lanes and the collections in a part of the run, in microseconds."""
    its, cycles = scope_lanes(index, kind), index.cycles
    found = [_seen(its.begin[rows], its.end[rows], rows, window) for rows in _by_lane(its)]
    begin = np.maximum(micro(index, cycles.begin), 0)
    marking = _seen(begin, micro(index, cycles.latest_end), np.arange(len(cycles)), window)
    lanes = [(COLLECTOR, marking), *enumerate(found)]
    columns = [(np.full(len(part[0]), lane), *part) for lane, part in lanes]
    lane, number, left, right, count = (np.concatenate(each) for each in zip(*columns, strict=True))
    g = np.where(lane == COLLECTOR, -1, np.append(its.g, -1)[np.where(lane == COLLECTOR, -1, number)])
    return LaneParts(lane, number, left, right, count, g)


def _by_lane(its: ScopeLanes) -> list[Column]:
    return [np.flatnonzero(its.lane == lane) for lane in range(min(its.at_once, LANES))]


def _seen(left: Column, right: Column, number: Column, window: Part) -> tuple[Column, ...]:
    """Return (number, left, right, count) of the stretches in a window, the longest of each cell if they are many."""
    first, last = window
    inside = np.flatnonzero((right >= first) * (left <= last))
    left, right, number = left[inside], right[inside], number[inside]
    if len(inside) <= CELLS:
        return number, left, right, np.ones(len(inside), np.int64)
    cell = np.clip((left - first) * CELLS // max(last - first, 1), 0, CELLS - 1)
    order = np.lexsort((right - left, cell))
    longest = np.flatnonzero(np.append(np.diff(cell[order]) != 0, True))
    kept = order[longest]
    return number[kept], left[kept], right[kept], np.diff(np.append(-1, longest))
