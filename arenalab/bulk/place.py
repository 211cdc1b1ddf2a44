"""Where a run of different values ends up, by cumulative sums. Untrusted: `certify` decides.

Pointerful values go up from a chunk's low edge without gaps. Pointer-free ones go down from its
high edge, each rounded down to its alignment. What rounding costs depends on the values before,
but only on those since the last one of at least the same alignment, for that one stood on a
multiple. So the padding is found level by level: first all values of alignment 2, then those
of 4, then those of 8, each level one cumulative sum.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from arenalab.bulk.ask import Ask, Placed

Ints = npt.NDArray[Any]
_FIRST = np.zeros(1, dtype=np.intp)


def order_of(ask: Ask) -> Ints | None:
    """Return the rows by group and, within one, by time; None where they are so already. Untrusted."""
    if ask.chunks == 1 and not ask.home.any():  # all go up from one edge
        return None
    return ask.home.argsort(kind="stable")


def solve(rows: Ask, levels: tuple[int, ...]) -> tuple[Ints, Ints]:
    """Place every value as if there were room for all: where each chunk's begin, and where each stands. Untrusted.

    Args:
        rows: what is asked for, in the order of the answer.
        levels: the pointer-free types' alignments, ascending.

    """
    chunks, home, size, align, edges = rows.chunks, *rows
    groups = home.searchsorted(np.arange(2 * chunks + 1, dtype=home.dtype))
    start, fronts = np.empty(len(home), dtype=edges.dtype), int(groups[chunks])
    if fronts:
        front_starts(edges[:chunks], groups[: chunks + 1], size[:fronts], start[:fronts])
    if fronts < len(home):
        low = groups[chunks:] - fronts
        back_starts(edges[chunks:], low, size[fronts:], align[fronts:], levels, start[fronts:])
    return groups, start


def front_starts(edges: Ints, groups: Ints, size: Ints, start: Ints) -> None:
    """Write the addresses of values that go up from each chunk's edge without gaps."""
    before = np.empty(len(size) + 1, dtype=start.dtype)
    before[0] = 0
    size.cumsum(dtype=start.dtype, out=before[1:])
    np.add(before[:-1], _for_each(edges - before.take(groups[:-1]), groups), out=start)


def back_starts(
    edges: Ints, groups: Ints, size: Ints, align: Ints, levels: tuple[int, ...], start: Ints
) -> None:
    """Write the addresses of values that go down from each chunk's edge, each on its alignment."""
    total = _sums(padding(edges, groups, size, align, levels))
    np.subtract(_for_each(edges + total.take(groups[:-1]), groups), total[1:], out=start)


def _for_each(origin: Ints, groups: Ints) -> Ints:
    """Return what is told of each chunk for each of its values; a single chunk's alone stands for all."""
    return origin.repeat(groups[1:] - groups[:-1]) if len(origin) > 1 else origin


def _sums(column: Ints) -> Ints:
    """Return the sums of the first rows, of none at first."""
    total = np.empty(len(column) + 1, dtype=column.dtype)
    total[0] = 0
    column.cumsum(dtype=column.dtype, out=total[1:])
    return total


def padding(edges: Ints, groups: Ints, size: Ints, align: Ints, levels: tuple[int, ...]) -> Ints:
    """Return the sizes of values with the bytes that each leaves free above it.

    Level by level fewer values are left, those of at least its alignment; `step` is how far each stands
    below the one before it.
    """
    padded = size.copy()
    used = (groups[1:] > groups[:-1]).nonzero()[0]
    first, step, rows = groups.take(used), size.copy(), None
    step[first] -= edges.take(used)
    for level in levels:
        own = (align >= level).nonzero()[0]
        total = _sums(step)
        before = np.empty(len(own) + 1, dtype=step.dtype)
        total[1:].take(own, out=before[1:], mode="clip")  # clip: into its place without a copy
        step = before[1:].copy()
        starts = own.searchsorted(first)
        before[starts] = total.take(first)  # a chunk's first value follows no value of another chunk
        step -= before[:-1]
        pad = -step & (level - 1)
        step += pad
        rows = own if rows is None else rows.take(own)
        padded[rows] += pad
        first, align = starts, align.take(own)
    return padded


def rows_that_fit(placed: Placed, after: Ints) -> int:
    """Return how many rows of the run, in time, come before the first that finds no room; see `edges_after`."""
    chunks, first = placed.rows.chunks, len(placed.start)
    for slot in (after[:chunks] > after[chunks:]).nonzero()[0].tolist():
        low = slice(*placed.groups[slot : slot + 2])
        high = slice(*placed.groups[chunks + slot : chunks + slot + 2])
        first = min(first, _first_clash(placed, slot, low, high))
    return first


def _first_clash(placed: Placed, slot: int, low: slice, high: slice) -> int:
    """Return the row at which one chunk's two edges cross."""
    asked = placed.rows
    order = np.arange(len(placed.start)) if placed.order is None else placed.order
    rows = np.concatenate((order[low], order[high]))
    by_time = np.argsort(rows, kind="stable")
    base = np.full(len(rows), asked.edges[slot])
    limit = np.full(len(rows), asked.edges[asked.chunks + slot])
    ups = low.stop - low.start
    base[:ups], limit[ups:] = placed.start[low] + asked.size[low], placed.start[high]
    base, limit = np.maximum.accumulate(base[by_time]), np.minimum.accumulate(limit[by_time])
    return int(rows[by_time][np.argmax(base > limit)])


def first_rows(ask: Ask, placed: Placed, count: int) -> Placed:
    """Return the answer for the first `count` rows of the run alone: what comes later changes nothing."""
    if placed.order is None:
        groups, start = np.minimum(placed.groups, count), placed.start[:count]
        return Placed(None, ask.first(count), groups, start)
    kept = placed.order < count
    order = placed.order[kept]
    groups = np.concatenate((_FIRST, kept.cumsum()))[placed.groups]
    return Placed(order, ask.first(count).ordered(order), groups, placed.start[kept])
