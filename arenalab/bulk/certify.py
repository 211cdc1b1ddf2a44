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

from arenalab.bulk.ask import Ask, Placed, edges_after, homes
from arenalab.errors import ModelBug
from arenalab.go import layout

Ints = npt.NDArray[Any]


def certify_run(ask: Ask, placed: Placed) -> tuple[Ints, Ints]:
    """Refuse a run that single steps would not give; return the chunks' edges after it.

    Raises:
        ModelBug: naming the first value that stands elsewhere, or the rule that is broken.

    """
    _certify_order(ask, placed)
    chunks, fronts, groups = len(ask.free_base), placed.fronts, placed.groups
    size, align = ask.size.take(placed.order), ask.align.take(placed.order)
    bases, limits = edges_after(ask, placed)
    start, counts = placed.start, groups[1:] - groups[:-1]
    ends = start[:fronts] + size[:fronts]
    before = _edges_before(ask.free_base, ends, groups[: chunks + 1])
    room = limits.repeat(counts[:chunks])
    _refuse(placed, 0, *layout.take_from_front(before, room, size[:fronts], align[:fronts]))
    before = _edges_before(ask.free_limit, start[fronts:], groups[chunks:] - fronts)
    room = bases.repeat(counts[chunks:])
    _refuse(placed, fronts, *layout.take_from_back(room, before, size[fronts:], align[fronts:]))
    return bases, limits


def _edges_before(edges: Ints, ends: Ints, groups: Ints) -> Ints:
    """Return the edge that each value starts from: its chunk's, or what the value before it left."""
    before = np.empty(len(ends), dtype=edges.dtype)
    before[1:] = ends[:-1]
    used = (groups[1:] > groups[:-1]).nonzero()[0]
    before[groups[used]] = edges[used]
    return before


def _refuse(placed: Placed, offset: int, ruled: Ints, _: Ints, fits: Ints) -> None:
    found = placed.start[offset : offset + len(ruled)]
    wrong = (np.logical_or(ruled != found, np.logical_not(fits))).nonzero()[0]
    if len(wrong):
        at = int(wrong[0])
        what = f"the rule {ruled[at]:#x}" if fits[at] else "the rule finds no room"
        raise ModelBug(f"row {placed.order[offset + at]} of the run: solver says {found[at]:#x}, {what}")


def _certify_order(ask: Ask, placed: Placed) -> None:
    """Check that the groups hold every row once, each row in its own chunk and end, in time."""
    order, groups, chunks = placed.order, placed.groups, len(ask.free_base)
    bounds = len(groups) == 2 * chunks + 1 and groups[0] == 0 and groups[-1] == len(order) == len(ask.size)
    if not bounds or (groups[1:] < groups[:-1]).any() or len(placed.start) != len(order):
        raise ModelBug(f"the solver placed {len(order)} of the run's {len(ask.size)} values")
    if len(order) and order.view(np.uintp).max() >= len(order):  # as unsigned, what is below 0 is large
        raise ModelBug("the solver placed a row that the run doesn't have")
    home = homes(ask).take(order)
    member = np.arange(2 * chunks, dtype=home.dtype).repeat(groups[1:] - groups[:-1])
    # Rows of different groups differ by their group; within one they must grow: so none comes twice.
    grows = np.logical_or(order[1:] > order[:-1], member[1:] != member[:-1])
    if not (np.array_equal(member, home) and grows.all()):
        raise ModelBug("the solver put a row into another chunk or end, or before an earlier one")
