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

from arenalab.bulk.ask import Ask, Placed, edges_after, homes

Ints = npt.NDArray[Any]
_FIRST = np.zeros(1, dtype=np.intp)


def solve(ask: Ask, levels: tuple[int, ...]) -> Placed:
    """Place every value as if there were room for all; `levels` are the pointer-free types' alignments."""
    chunks = len(ask.free_base)
    home = homes(ask)
    if chunks == 1 and not home.any():  # all go up from one edge, in the order of time
        order, groups = np.arange(len(home)), np.array([0, len(home), len(home)])
        size, align = ask.size, ask.align
    else:
        order = home.argsort(kind="stable")
        groups = home.take(order).searchsorted(np.arange(2 * chunks + 1, dtype=home.dtype))
        size, align = ask.size.take(order), ask.align.take(order)
    start = np.empty(len(order), dtype=ask.free_base.dtype)
    fronts = int(groups[chunks])
    front_starts(ask.free_base, groups[: chunks + 1], size[:fronts], start[:fronts])
    low = groups[chunks:] - fronts
    back_starts(ask.free_limit, low, size[fronts:], align[fronts:], levels, start[fronts:])
    return Placed(order, start, size, align, groups)


def front_starts(edges: Ints, groups: Ints, size: Ints, start: Ints) -> None:
    """Write the addresses of values that go up from each chunk's edge without gaps."""
    before = np.empty(len(size) + 1, dtype=start.dtype)
    before[0] = 0
    size.cumsum(dtype=start.dtype, out=before[1:])
    origin = edges - before.take(groups[:-1])
    np.add(before[:-1], origin.repeat(groups[1:] - groups[:-1]) if len(origin) > 1 else origin, out=start)


def back_starts(
    edges: Ints, groups: Ints, size: Ints, align: Ints, levels: tuple[int, ...], start: Ints
) -> None:
    """Write the addresses of values that go down from each chunk's edge, each on its alignment."""
    total = np.empty(len(size) + 1, dtype=start.dtype)
    total[0] = 0
    (size + padding(edges, groups, size, align, levels)).cumsum(dtype=start.dtype, out=total[1:])
    origin = edges + total.take(groups[:-1])
    np.subtract(origin.repeat(groups[1:] - groups[:-1]) if len(origin) > 1 else origin, total[1:], out=start)


def padding(edges: Ints, groups: Ints, size: Ints, align: Ints, levels: tuple[int, ...]) -> Ints:
    """Return the bytes that each value leaves free above it, uint8: alignments are at most 128.

    Level by level fewer values are left, those of at least its alignment; `step` is how far each stands
    below the one before it. Of all distances only the lowest bits count: they are kept modulo 256.
    """
    pads = np.zeros(len(size), dtype=np.uint8)
    align, step = align.astype(np.uint8), size.astype(np.uint8)
    used = (groups[1:] > groups[:-1]).nonzero()[0]
    first = groups[used]
    step[first] -= edges[used].astype(np.uint8)
    rows = own_pads = None  # on the level before: the values' rows, and what they leave free by then
    for level in levels:
        own = (align >= level).nonzero()[0]
        total = np.empty(len(step) + 1, dtype=np.uint8)
        total[0] = 0
        step.cumsum(dtype=np.uint8, out=total[1:])
        behind = np.empty(len(own) + 1, dtype=np.intp)
        np.add(own, 1, out=behind[1:])
        starts = own.searchsorted(first)
        behind[starts] = first  # a chunk's first value follows no value of another chunk
        step = total[1:].take(own) - total.take(behind[:-1])
        pad = -step & np.uint8(level - 1)
        step += pad
        own_pads = pad if own_pads is None else own_pads.take(own) + pad
        rows = own if rows is None else rows.take(own)
        first, align = starts, align.take(own)
        pads[rows] = own_pads
    return pads


def rows_that_fit(ask: Ask, placed: Placed) -> int:
    """Return how many rows of the run, in time, come before the first that finds no room."""
    chunks, first = len(ask.free_base), len(placed.order)
    bases, limits = edges_after(ask, placed)
    for slot in (bases > limits).nonzero()[0].tolist():
        low = slice(*placed.groups[slot : slot + 2])
        high = slice(*placed.groups[chunks + slot : chunks + slot + 2])
        first = min(first, _first_clash(ask, placed, slot, low, high))
    return first


def _first_clash(ask: Ask, placed: Placed, slot: int, low: slice, high: slice) -> int:
    """Return the row at which one chunk's two edges cross."""
    rows = np.concatenate((placed.order[low], placed.order[high]))
    by_time = np.argsort(rows, kind="stable")
    base = np.full(len(rows), ask.free_base[slot])
    limit = np.full(len(rows), ask.free_limit[slot])
    ups = low.stop - low.start
    base[:ups], limit[ups:] = placed.start[low] + placed.size[low], placed.start[high]
    base, limit = np.maximum.accumulate(base[by_time]), np.minimum.accumulate(limit[by_time])
    return int(rows[by_time][np.argmax(base > limit)])


def first_rows(placed: Placed, count: int) -> Placed:
    """Return the answer for the first `count` rows of the run alone: what comes later changes nothing."""
    kept = placed.order < count
    groups = np.concatenate((_FIRST, kept.cumsum()))[placed.groups]
    return Placed(placed.order[kept], placed.start[kept], placed.size[kept], placed.align[kept], groups)
