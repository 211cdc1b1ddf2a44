"""Cut a trace: which rows are plain allocations that a solver may take, which are rare.

Rare, and left to the machine: everything that is no allocation, values of size 0, values that
go to the ordinary heap, types whose layout the solver does not know. Calling a plain row rare is
never wrong, only slow: the machine places anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from arenalab.bulk.bits import MOST_MASK_BITS, MaskTable
from arenalab.go.rules import GoRules
from arenalab.go.types import GoType
from arenalab.replay.trace import SLICE, Trace

Ints = npt.NDArray[Any]

#: A stretch of fewer plain rows that store fewer bitmap words goes step by step: the columns' fixed cost is as high.
SHORT = 96
LONGEST = 32 * 1024  #: rows of a run; more would leave the processor's cache and seek coarsely.
CUT_AT_ONCE = 8 * LONGEST  #: rows whose sizes are looked at together.
MOST_BYTES = 32 * 1024 * 1024  #: bytes of a run; bounds the bits laid out at once.
MOST_CAP = 2**40  #: larger capacities are rare: their bytes would not fit a signed number.


class TypeTable:
    """What a solver asks of a trace's types, as columns by type number."""

    def __init__(self, types: Sequence[GoType], rules: GoRules) -> None:
        """Read the types; `rules` tell which values stay in a chunk."""
        self.size = np.array([t.size for t in types] or [0], dtype=np.int64)
        self.align = np.array([t.align for t in types] or [1], dtype=np.int64)
        self.pointerful = np.array([t.ptr_bytes > 0 for t in types] or [False], dtype=bool)
        self.tail = self.size - np.array([t.ptr_bytes for t in types] or [0], dtype=np.int64)
        self.solvable = np.array([_solvable(t, rules) for t in types] or [False], dtype=bool)
        self.masks = MaskTable(types)
        #: Numbers of the types whose mask is built at their first use.
        self.on_demand = np.array([i for i, t in enumerate(types) if t.on_demand], dtype=np.intp)
        self.levels = tuple(sorted({t.align for t in types if not t.ptr_bytes and t.align > 1}))
        self.plain = np.where(
            self.solvable, self.size, 0
        )  #: bytes of a value that a solver may place, else 0.
        self.most_bytes = rules.user_arena_chunk_max_alloc_bytes

    def nbytes(self, trace: Trace, start: int, stop: int) -> Ints:
        """Return the bytes that each row in [start, stop) asks for; 0 where it allocates nothing plain."""
        kinds = trace.type[start:stop]
        size = self.plain.take(kinds)
        if trace.has_slices:
            caps = trace.n[start:stop]
            size *= np.where(trace.op[start:stop] == SLICE, np.clip(caps, 0, MOST_CAP), 1)
        size[(trace.op[start:stop] > SLICE).nonzero()[0]] = 0
        return size


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


def _solvable(go_type: GoType, rules: GoRules) -> bool:
    """Tell whether the columns can hold the type: a pointerful one must tile without gaps."""
    if rules.ptr_size != 8 or go_type.size <= 0:
        return False
    if not go_type.ptr_bytes:
        return True
    return go_type.align == 8 and go_type.size % 8 == 0 and go_type.mask.n <= MOST_MASK_BITS
