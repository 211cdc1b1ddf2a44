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

from arenalab.replay.bump import Ask, Placed, edges_after

Ints = npt.NDArray[Any]
_FIRST = np.zeros(1, dtype=np.intp)


def solve(ask: Ask, levels: tuple[int, ...]) -> Placed:
    """Place every value as if there were room for all; `levels` are the pointer-free types' alignments."""
    chunks = len(ask.free_base)
    key = (ask.slot + ~ask.pointerful * np.uint16(chunks)).astype(_narrow(2 * chunks))
    order = np.argsort(key, kind="stable")
    groups = np.concatenate(([0], (np.bincount(key, minlength=2 * chunks)).cumsum()))
    size, align = ask.size.take(order), ask.align.take(order)
    start = np.empty(len(order), dtype=np.int64)
    fronts = int(groups[chunks])
    start[:fronts] = front_starts(ask.free_base, groups[: chunks + 1], size[:fronts])
    start[fronts:] = back_starts(
        ask.free_limit, groups[chunks:] - fronts, size[fronts:], align[fronts:], levels
    )
    return Placed(order, start, size, align, groups)


def front_starts(edges: Ints, groups: Ints, size: Ints) -> Ints:
    """Return the addresses of values that go up from each chunk's edge without gaps."""
    total = size.cumsum()
    before = total - size
    origin = edges - _at(before, groups)
    start: Ints = before + origin.repeat(groups[1:] - groups[:-1])
    return start


def back_starts(edges: Ints, groups: Ints, size: Ints, align: Ints, levels: tuple[int, ...]) -> Ints:
    """Return the addresses of values that go down from each chunk's edge, each on its alignment."""
    counts = groups[1:] - groups[:-1]
    chunk = np.arange(len(edges)).repeat(counts)
    step = size.copy()
    for level in levels:
        _pad(step, (align >= level).nonzero()[0], level, align, chunk, groups, edges)
    total = step.cumsum()
    origin = edges + _at(total - step, groups)
    start: Ints = origin.repeat(counts) - total
    return start


def _pad(step: Ints, rows: Ints, level: int, align: Ints, chunk: Ints, groups: Ints, edges: Ints) -> None:
    """Add the padding of the values whose alignment is `level`; `rows` have it or a larger one."""
    if not len(rows):
        return
    total = step.cumsum()
    here, at = chunk.take(rows), total.take(rows)
    # How far below the last multiple of `level` a value ends: counted from the value before it in
    # `rows`, which stands on one, or from the chunk's edge, which need not.
    below = np.empty_like(at)
    below[0], below[1:] = 0, at[:-1]
    fresh = np.concatenate((_FIRST, (here[1:] != here[:-1]).nonzero()[0] + 1))
    below[fresh] = _at(total - step, groups)[here[fresh]] + edges[here[fresh]]
    padding = (below - at) & (level - 1)
    step[rows] += padding * (align.take(rows) == level)


def _at(column: Ints, groups: Ints) -> Ints:
    """Return a column's value where each group begins; an empty group reads whatever is there."""
    return column[np.minimum(groups[:-1], len(column) - 1)] if len(column) else np.zeros_like(groups[:-1])


def _narrow(values: int) -> type[np.uint8 | np.uint16 | np.uint32]:
    """Return the narrowest type that holds so many values: the narrower, the quicker is the sort."""
    return np.uint8 if values <= 2**8 else np.uint16 if values <= 2**16 else np.uint32


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
