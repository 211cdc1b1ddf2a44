"""Cut a trace: which rows are plain allocations that a solver may take, which are rare.

Rare, and left to the machine: everything that is no allocation, values of size 0, values that
go to the heap, types whose layout the solver does not know. Calling a plain row rare is
never wrong, only slow: the machine places anything. Of rare rows those that make or free an arena may be part of a run
of arenas.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from arenalab.bulk.turns import Stretch
from arenalab.bulk.type_table import TypeTable
from arenalab.replay.moves import MOVE_CODES, without
from arenalab.replay.trace import CODES, SLICE, Trace
from arenalab.world import ops
from arenalab.world.run_events import SINGLE

Ints = npt.NDArray[Any]

#: A stretch of fewer plain rows that store fewer bitmap words goes step by step: the columns' fixed cost is as high.
SHORT = 96
LONGEST = 32 * 1024  #: rows of a run; more would leave the processor's cache and seek coarsely.
SOME, SOON = 4, 4096  #: so many arenas are made or freed within so many rows where that is done in a run.
CUT_AT_ONCE = 8 * LONGEST  #: rows whose sizes are looked at together.
MAKES, FREES, DROPS = CODES[ops.NewArena.name], CODES[ops.Free.name], CODES[ops.Drop.name]
IS_MOVE = np.zeros(256, dtype=bool)  #: by an operation's code.
IS_MOVE[list(MOVE_CODES)] = True
MOST_CAP = 2**40  #: larger capacities are rare: their bytes would not fit a signed number.


def bytes_asked(trace: Trace, table: TypeTable, start: int, stop: int) -> tuple[Ints, Ints]:
    """Return the bytes that each row in [start, stop) asks for, int32, and which rows are rare, from `start` on.

    A row that allocates nothing plain asks for 0. Where it is more than a chunk's value may have, it may be more still.
    """
    nbytes, rare = np.empty(stop - start, dtype=np.int32), [np.zeros(0, dtype=np.intp)]
    for at in range(start, stop, LONGEST):  # a block's columns stay in the processor's cache
        rows = slice(at, min(stop, at + LONGEST))
        op, mine = trace.op[rows], nbytes[at - start : rows.stop - start]
        table.plain.take(trace.type[rows], out=mine, mode="clip")  # clip: into its place without a copy
        if trace.has_slices:
            caps = np.where(op == SLICE, np.clip(trace.n[rows], 0, MOST_CAP), 1)
            np.minimum(mine * caps, table.most_bytes + 1, out=mine, casting="unsafe")
        mine[(op > SLICE).nonzero()[0]] = 0
        odd = (mine - 1).view(np.uint32) >= table.most_bytes  # 0 becomes the largest number there is
        rare.append(odd.nonzero()[0] + (at - start))
    return nbytes, np.concatenate(rare)


def caps_of(trace: Trace, start: int, stop: int, moves: Sequence[int] = ()) -> Ints | None:
    """Return the capacities of rows [start, stop), −1 for a single value; None when all are single.

    Those at the places `moves` are left out.
    """
    slices = trace.op[start:stop] == SLICE
    if not trace.has_slices or not slices.any():
        return None
    return without(np.where(slices, trace.n[start:stop], SINGLE), moves)


class Cut:
    """Some rows of a trace, and where among them the rare ones are."""

    def __init__(self, trace: Trace, table: TypeTable, start: int, stop: int) -> None:
        """Look at the rows [start, stop)."""
        self.start, self.stop = start, min(stop, len(trace))
        self.nbytes, rows = bytes_asked(
            trace, table, start, self.stop
        )  #: that each asks for, and which are rare.
        op = trace.op[start:stop][rows]
        moves, rows = IS_MOVE.take(op), rows + start
        self._moves: list[int] = rows[moves].tolist()
        self._rare = rows[np.logical_not(moves)]
        arenas = np.logical_or(op == MAKES, np.logical_and(op == FREES, trace.n[rows] == 0))
        self._arenas = rows[arenas]
        self._hard = rows[np.logical_not(np.logical_or(arenas, op == DROPS))]

    def plain_until(self, row: int) -> int:
        """Return the first rare row from a row on that is no move."""
        return self._next(self._rare, row)

    def bytes_of(self, row: int, stop: int) -> Ints:
        """Return what the rows [row, stop) ask for."""
        return self.nbytes[row - self.start : stop - self.start]

    def moves_in(self, row: int, stop: int) -> list[int]:
        """Return the rows of [row, stop) that are moves."""
        return self._moves[bisect_left(self._moves, row) : bisect_left(self._moves, stop)]

    def arenas_until(self, row: int) -> int:
        """Return how far rows go from one on that make, free, drop or fill arenas; the row itself where few soon do.

        Values of arenas that live long are solved without their making and their Free, which is the quicker.
        """
        stop, at = self._next(self._hard, row), int(self._arenas.searchsorted(row))
        soon = self._arenas[at : at + SOME]
        worth = len(soon) == SOME and soon[0] < row + SHORT and soon[-1] < min(stop, row + SOON)
        return stop if worth else row

    def stretch(self, trace: Trace, row: int, stop: int) -> Stretch:
        """Return the rows [row, stop), which make, free, drop or fill arenas."""
        op = trace.op[row:stop]
        return Stretch(op == MAKES, op == FREES, op == DROPS, trace.user_arena[row:stop])

    def _next(self, rows: Ints, row: int) -> int:
        at = int(rows.searchsorted(row))
        return int(rows[at]) if at < len(rows) else self.stop
