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

from arenalab.bulk.ask import Placed
from arenalab.bulk.first import NOWHERE, first, found
from arenalab.errors import ModelBug
from arenalab.go import layout

Ints = npt.NDArray[Any]


def certify_run(placed: Placed, after: Ints) -> None:
    """Refuse a run that single steps would not give; `after` is what `edges_after` says of it.

    Raises:
        ModelBug: naming the first value that stands elsewhere, or the rule that is broken.

    """
    rows, groups, chunks = placed.rows, placed.groups, placed.rows.chunks
    counts = groups[1:] - groups[:-1]
    _certify_order(placed, counts)
    fronts = int(groups[chunks])
    before = _edges_before(placed, fronts)
    room = np.concatenate((after[chunks:], after[:chunks])).repeat(counts)
    up, down = slice(0, fronts), slice(fronts, None)
    _refuse(placed, up, *layout.take_from_front(before[up], room[up], rows.size[up], rows.align[up]))
    _refuse(placed, down, *layout.take_from_back(room[down], before[down], rows.size[down], rows.align[down]))


def _edges_before(placed: Placed, fronts: int) -> Ints:
    """Return the edge that each value starts from: its chunk's, or what the value before it left."""
    rows, start = placed.rows, placed.start
    before = np.empty(len(start) + 1, dtype=start.dtype)
    np.add(start[:fronts], rows.size[:fronts], out=before[1 : fronts + 1])
    before[fronts + 1 :] = start[fronts:]
    # A group without a value writes its edge, too: where the next one begins, which writes there after it.
    before[placed.groups[:-1]] = rows.edges
    return before[:-1]


def _refuse(placed: Placed, part: slice, ruled: Ints, _: Ints, fits: Ints) -> None:
    start = placed.start[part]
    at = first((ruled != start) >= fits)  # also where the value doesn't fit
    if at != NOWHERE:
        what = f"the rule {ruled[at]:#x}" if fits[at] else "the rule finds no room"
        place = part.start + at
        row = place if placed.order is None else placed.order[place]
        raise ModelBug(f"row {row} of the run: solver says {start[at]:#x}, {what}")


def _certify_order(placed: Placed, counts: Ints) -> None:
    """Check that the groups hold every row once, each row in its own chunk and end, in time.

    `Ask.ordered` has seen to it that there are as many rows as asked for, and no others.
    """
    order, groups, home = placed.order, placed.groups, placed.rows.home
    first, last = groups[[0, -1]].tolist()
    told = (len(counts), first, last, last) == (len(placed.rows.edges), 0, len(home), len(placed.start))
    if not told or found(counts < 0):
        raise ModelBug(f"the solver placed {len(placed.start)} of the run's {len(home)} values")
    wrong = found(np.arange(len(counts), dtype=home.dtype).repeat(counts) != home)
    if not wrong and order is not None:
        # Rows of different groups differ by their group; within one they must grow: so none comes twice.
        falls = np.empty(len(order) + 1, dtype=bool)
        np.less_equal(order[1:], order[:-1], out=falls[1:-1])
        falls[groups] = False
        wrong = found(falls)
    if wrong:
        raise ModelBug("the solver put a row into another chunk or end, or before an earlier one")
