"""Where a run of different values ends up, by cumulative sums. Untrusted: `certify` decides.

Pointerful values go up from a chunk's low edge without gaps. Pointer-free ones go down from its high edge, each
rounded down to its alignment: so their distances from a multiple of all alignments are sums that are rounded up in
between. A sum of floating-point numbers can do that by itself: when 1.5 · 2⁵² · unit is added, the processor rounds to
a multiple of the unit, and what is left when it is taken away again is exact.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from arenalab.bulk.ask import Ask, Placed
from arenalab.bulk.first import ends_of

Ints = npt.NDArray[Any]
_FIRST = np.zeros(1, dtype=np.intp)
MOST_ALIGN = 128  #: of any value.
ROUNDS = (
    1.5 * 2.0**52
)  #: added to a number below 2⁵¹, it is rounded to a whole one; so are multiples, to multiples.
FORGETS = 2.0**100  #: added to a number and taken away again, it leaves 0.


def order_of(ask: Ask) -> Ints | None:
    """Return the rows by group and, within one, by time; None where they are so already. Untrusted."""
    if ask.chunks > 1:
        return ask.home.argsort(kind="stable")
    down = ask.home.nonzero()[0]
    return np.concatenate(((ask.home == 0).nonzero()[0], down)) if len(down) else None


def solve(rows: Ask) -> tuple[Ints, Ints]:
    """Place every value as if there were room for all: where each chunk's begin, and where each stands. Untrusted.

    `rows` are what is asked for, in the order of the answer.
    """
    chunks, home, size, align, edges = rows.chunks, *rows
    groups = home.searchsorted(np.arange(2 * chunks + 1, dtype=home.dtype))
    start, fronts = np.empty(len(home), dtype=edges.dtype), int(groups[chunks])
    if fronts:
        front_starts(edges[:chunks], groups[: chunks + 1], size[:fronts], start[:fronts])
    if fronts < len(home):
        low = groups[chunks:] - fronts
        back_starts(edges[chunks:], low, size[fronts:], align[fronts:], start[fronts:])
    return groups, start


def front_starts(edges: Ints, groups: Ints, size: Ints, start: Ints) -> None:
    """Write the addresses of values that go up from each chunk's edge without gaps."""
    before = np.empty(len(size) + 1, dtype=start.dtype)
    before[0] = 0
    size.cumsum(dtype=start.dtype, out=before[1:])
    np.add(before[:-1], _for_each(edges - before.take(groups[:-1]), groups), out=start)


def back_starts(edges: Ints, groups: Ints, size: Ints, align: Ints, start: Ints) -> None:
    """Write the addresses of values that go down from each chunk's edge, each on its alignment."""
    origin = edges + (-edges & MOST_ALIGN - 1)  # a multiple of any alignment, from which it is counted down
    used = (groups[1:] > groups[:-1]).nonzero()[0]
    first = groups.take(used)  # a chunk's first value follows no value of another chunk
    taken = size.cumsum(dtype=start.dtype)
    rounded = np.empty(len(size), dtype=bool)  # whether what is taken with the value may be no multiple
    np.not_equal((size[1:] | align[:-1]) & align[1:] - 1, 0, out=rounded[1:])
    rounded[first] = True
    rows = rounded.nonzero()[0]
    sums, heads = taken.take(rows), rows.searchsorted(first)
    distance = _rounded_up(sums, align.take(rows), heads, (origin - edges).take(used) + size.take(first))
    base = (sums - distance).astype(start.dtype)
    base += (
        origin.take(used).repeat(ends_of(heads, len(rows)) - heads) if len(used) > 1 else origin.take(used)
    )
    np.subtract(base.repeat(ends_of(rows, len(size)) - rows), taken, out=start)


def _rounded_up(sums: Ints, unit: Ints, heads: Ints, least: Ints) -> Ints:
    """Return sums that are rounded up to a unit at each step; at each head they begin again, with `least`.

    `sums` are those of all chunks without any rounding.
    """
    steps = np.empty((len(sums), 3))
    units = unit.astype(np.float64)
    steps[:1, 0] = 0.0
    np.subtract(sums[1:], sums[:-1], out=steps[1:, 0])
    steps[:, 0] += units * 0.5 - 0.25  # so much more, and the nearest multiple is the next one up
    np.multiply(units, ROUNDS, out=steps[:, 1])
    np.negative(steps[:, 1], out=steps[:, 2])
    steps[heads, 0], steps[heads, 1] = FORGETS, -FORGETS
    steps[heads, 2] = least + -least % unit.take(heads)
    found: Ints = steps.ravel().cumsum()[2::3]
    return found


def _for_each(origin: Ints, groups: Ints) -> Ints:
    """Return a number of each chunk once for each of its values; a single chunk's alone stands for all."""
    return origin.repeat(groups[1:] - groups[:-1]) if len(origin) > 1 else origin


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
