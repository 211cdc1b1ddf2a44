"""Cut a trace: which rows are plain allocations that a solver may take, which are rare.

Rare, and left to the machine: everything that is no allocation, values of size 0, values that
go to the ordinary heap, types whose layout the solver does not know. Calling a plain row rare is
never wrong, only slow: the machine places anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from arenalab.bulk.type_table import TypeTable
from arenalab.replay.trace import SLICE, Trace
from arenalab.world.run_events import SINGLE

Ints = npt.NDArray[Any]

#: A stretch of fewer plain rows that store fewer bitmap words goes step by step: the columns' fixed cost is as high.
SHORT = 96
LONGEST = 32 * 1024  #: rows of a run; more would leave the processor's cache and seek coarsely.
CUT_AT_ONCE = 8 * LONGEST  #: rows whose sizes are looked at together.
MOST_CAP = 2**40  #: larger capacities are rare: their bytes would not fit a signed number.


def bytes_asked(trace: Trace, table: TypeTable, start: int, stop: int) -> Ints:
    """Return the bytes that each row in [start, stop) asks for; 0 where it allocates nothing plain."""
    kinds = trace.type[start:stop]
    size = table.plain.take(kinds)
    if trace.has_slices:
        caps = trace.n[start:stop]
        size *= np.where(trace.op[start:stop] == SLICE, np.clip(caps, 0, MOST_CAP), 1)
    size[(trace.op[start:stop] > SLICE).nonzero()[0]] = 0
    return size


def caps_of(trace: Trace, start: int, stop: int) -> Ints | None:
    """Return the capacities of rows [start, stop), −1 for a single value; None when all are single."""
    slices = trace.op[start:stop] == SLICE
    return np.where(slices, trace.n[start:stop], SINGLE) if trace.has_slices and slices.any() else None


class Stretch(NamedTuple):
    """Rows [start, stop) of a trace, all plain or all rare."""

    start: int
    stop: int
    plain: bool


def stretches(nbytes: Ints, most_bytes: int) -> Iterator[Stretch]:
    """Cut rows at the rare ones, from the bytes that each asks for."""
    rare = ((nbytes - 1).view(np.uint64) >= most_bytes).nonzero()[0]  # 0 becomes the largest number there is
    begun = 0
    for row in rare.tolist():
        if row > begun:
            yield Stretch(begun, row, plain=True)
        yield Stretch(row, row + 1, plain=False)
        begun = row + 1
    if begun < len(nbytes):
        yield Stretch(begun, len(nbytes), plain=True)
