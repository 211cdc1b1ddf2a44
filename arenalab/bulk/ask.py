"""A bump run as it is asked for and as it is answered: the columns that solver and certificate share."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from arenalab.errors import ModelBug

Ints = npt.NDArray[Any]


class Ask(NamedTuple):
    """A run as it is asked for: columns in the order of time, and the edges of the chunks."""

    home: Ints  #: group of each row, see `homes`.
    size: Ints
    align: Ints
    edges: Ints  #: per group: the edge of its chunk's free range that it starts from, in bytes from the chunk's base.

    @property
    def chunks(self) -> int:
        """Return how many chunks there are."""
        return len(self.edges) // 2

    def first(self, count: int) -> Ask:
        """Return the first rows of the run alone."""
        home, size, align = (column[:count] for column in self[:3])
        return Ask(home, size, align, self.edges)

    def ordered(self, order: Ints | None) -> Ask:
        """Return the rows in a solver's order; None is that of time.

        Raises:
            ModelBug: the order has another number of rows, or one that the run doesn't have.

        """
        if order is None:
            return self
        if len(order) != len(self.home):
            raise ModelBug(f"the solver placed {len(order)} of the run's {len(self.home)} values")
        if len(order) and order.view(np.uintp).max() >= len(order):  # as unsigned, what is below 0 is large
            raise ModelBug("the solver placed a row that the run doesn't have")
        home, size, align = (column.take(order) for column in self[:3])
        return Ask(home, size, align, self.edges)


class Placed(NamedTuple):
    """A run's answer, sorted: all pointerful values by chunk, then all pointer-free ones by chunk.

    Within a chunk and an end the order is that of time.
    """

    order: Ints | None  #: row of the run at each place; None where that is the place's own number.
    rows: Ask  #: what is asked for, in this order: `Ask.ordered`.
    groups: Ints  #: where each chunk's values begin: fronts, then backs, then the end; 2 × chunks + 1.
    start: Ints  #: where each value stands, in bytes from its chunk's base.

    @property
    def fronts(self) -> int:
        """Return how many values are pointerful."""
        return int(self.groups[(len(self.groups) - 1) // 2])

    def of_fronts(self, column: Ints) -> Ints:
        """Return what a column in the order of time says of the pointerful values, in the answer's order."""
        return column[: self.fronts] if self.order is None else column.take(self.order[: self.fronts])

    def in_time(self, column: Ints) -> Ints:
        """Return a column in the answer's order in that of time."""
        if self.order is None:
            return column
        found = np.empty_like(column)
        found[self.order] = column
        return found

    def last_rows(self) -> Ints:
        """Return the row of the last value of each chunk and end, −1 without any."""
        last = self.groups[1:] - 1
        rows = last if self.order is None else self.order.take(last)
        return np.where(self.groups[1:] > self.groups[:-1], rows, -1)


def homes(slot: Ints | None, back: Ints, chunks: int) -> Ints:
    """Return the group of each row: its chunk's number, plus the count of chunks if it goes to the back.

    The numbers are of the narrowest type that holds them: the narrower, the quicker is a sort.

    Args:
        slot: which chunk each row's is; None where there is one chunk.
        back: whether it goes to the back, uint8.
        chunks: how many there are.

    """
    if slot is None:
        return back
    ends = 2 * chunks
    narrow: Any = np.uint8 if ends < 2**8 else np.uint16 if ends < 2**16 else np.uint32
    home: Ints = back * narrow(chunks)
    home += slot.astype(narrow)
    return home


def edges_after(placed: Placed) -> Ints:
    """Return the edge that each group leaves after the run: the chunks' lower ones, then the upper ones."""
    rows, groups, chunks = placed.rows, placed.groups, placed.rows.chunks
    edges = rows.edges.copy()
    if len(placed.start):
        last = groups[1:] - 1  # of a group without a value: any place, and left out
        after = placed.start.take(last, mode="clip")  # clip: whether the groups make sense is looked at later
        after[:chunks] += rows.size.take(last[:chunks], mode="clip")
        np.copyto(edges, after, where=groups[1:] > groups[:-1])
    return edges
