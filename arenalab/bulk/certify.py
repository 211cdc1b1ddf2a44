"""The rules, vectorised over a solver's columns: a run is refused at its first row that breaks one.

The proof, for each chunk and each end of it:
1. The first value stands where `take_from_*` puts it from the chunk's real edge.
2. Each other value stands where `take_from_*` puts it from the edge that the one before left.
3. All fit, even between the edges that the whole run leaves. An earlier value had more room.
4. No value is missing or doubled: the answer's order is a permutation that keeps time.
By induction these are the addresses that the single steps give. The run need not be as long as
possible: what follows it goes through the machine, which decides afresh.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from arenalab.bulk.ask import Placed, edges_after
from arenalab.errors import ModelBug
from arenalab.go import layout

Ints = npt.NDArray[Any]


def certify_run(placed: Placed) -> tuple[Ints, Ints]:
    """Refuse a run that single steps would not give; return the chunks' edges after it.

    Raises:
        ModelBug: naming the first value that stands elsewhere, or the rule that is broken.

    """
    _certify_order(placed)
    rows, groups, fronts = placed.rows, placed.groups, placed.fronts
    bases, limits = edges_after(placed)
    before = _edges_before(placed)
    room = _for_each(np.concatenate((limits, bases)), groups)
    up, down = slice(0, fronts), slice(fronts, None)
    _refuse(placed, up, *layout.take_from_front(before[up], room[up], rows.size[up], rows.align[up]))
    _refuse(placed, down, *layout.take_from_back(room[down], before[down], rows.size[down], rows.align[down]))
    return bases, limits


def _for_each(edges: Ints, groups: Ints) -> Ints:
    return edges.repeat(groups[1:] - groups[:-1])


def _edges_before(placed: Placed) -> Ints:
    """Return the edge that each value starts from: its chunk's, or what the value before it left."""
    rows, start, groups, fronts = placed.rows, placed.start, placed.groups, placed.fronts
    before = np.empty(len(start) + 1, dtype=start.dtype)
    np.add(start[:fronts], rows.size[:fronts], out=before[1 : fronts + 1])
    before[fronts + 1 :] = start[fronts:]
    # A group without a value writes its edge, too: where the next one begins, which writes there after it.
    before[groups[:-1]] = np.concatenate((rows.free_base, rows.free_limit))
    return before[:-1]


def _refuse(placed: Placed, part: slice, ruled: Ints, _: Ints, fits: Ints) -> None:
    found = placed.start[part]
    right = ruled == found
    right &= fits
    if not right.all():
        at = int(right.argmin())
        what = f"the rule {ruled[at]:#x}" if fits[at] else "the rule finds no room"
        place = part.start + at
        row = place if placed.order is None else placed.order[place]
        raise ModelBug(f"row {row} of the run: solver says {found[at]:#x}, {what}")


def _certify_order(placed: Placed) -> None:
    """Check that the groups hold every row once, each row in its own chunk and end, in time.

    `Ask.ordered` has seen to it that there are as many rows as asked for, and no others.
    """
    order, groups, home = placed.order, placed.groups, placed.rows.home
    ends = 2 * len(placed.rows.free_base)
    bounds = len(groups) == ends + 1 and groups[0] == 0 and groups[-1] == len(home) == len(placed.start)
    if not bounds or (groups[1:] < groups[:-1]).any():
        raise ModelBug(f"the solver placed {len(placed.start)} of the run's {len(home)} values")
    member = np.arange(ends, dtype=home.dtype).repeat(groups[1:] - groups[:-1])
    right = bool((member == home).all())
    if right and order is not None:
        # Rows of different groups differ by their group; within one they must grow: so none comes twice.
        grows = order[1:] > order[:-1]
        grows[groups[1:-1][np.logical_and(groups[1:-1] > 0, groups[1:-1] < len(home))] - 1] = True
        right = bool(grows.all())
    if not right:
        raise ModelBug("the solver put a row into another chunk or end, or before an earlier one")
