"""A bump run as it is asked for and as it is answered: the columns that solver and certificate share."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[Any]


class Ask(NamedTuple):
    """A run as it is asked for: columns in the order of time, and the edges of the chunks."""

    slot: Ints  #: uint16: which chunk.
    pointerful: Ints  #: bool.
    size: Ints
    align: Ints
    free_base: Ints  #: per chunk: lower edge of its free range, in bytes from the chunk's base.
    free_limit: Ints  #: per chunk: upper edge.

    def first(self, count: int) -> Ask:
        """Return the first rows of the run alone."""
        slot, pointerful, size, align = (column[:count] for column in self[:4])
        return Ask(slot, pointerful, size, align, self.free_base, self.free_limit)


class Placed(NamedTuple):
    """A run's answer, sorted: all pointerful values by chunk, then all pointer-free ones by chunk.

    Within a chunk and an end the order is that of time.
    """

    order: Ints  #: row of the run at each place.
    start: Ints  #: where each value stands, in bytes from its chunk's base.
    size: Ints  #: the asked sizes, in this order.
    align: Ints
    groups: Ints  #: where each chunk's values begin: fronts, then backs, then the end; 2 × chunks + 1.

    @property
    def fronts(self) -> int:
        """Return how many values are pointerful."""
        return int(self.groups[(len(self.groups) - 1) // 2])


def homes(ask: Ask) -> Ints:
    """Return the group of each row: its chunk's number, plus the count of chunks if it goes to the back.

    The numbers are of the narrowest type that holds them: the narrower, the quicker is a sort.
    """
    ends = 2 * len(ask.free_base)
    narrow: Any = np.uint8 if ends < 2**8 else np.uint16 if ends < 2**16 else np.uint32
    back = np.logical_not(ask.pointerful).astype(narrow)
    home: Ints = back * narrow(len(ask.free_base)) + ask.slot.astype(narrow)
    return home


def edges_after(ask: Ask, placed: Placed) -> tuple[Ints, Ints]:
    """Return the edges of the chunks' free ranges after the run."""
    chunks, groups = len(ask.free_base), placed.groups
    low, high = groups[: chunks + 1], groups[chunks:]
    bases, limits = ask.free_base.copy(), ask.free_limit.copy()
    ups, downs = (low[1:] > low[:-1]).nonzero()[0], (high[1:] > high[:-1]).nonzero()[0]
    bases[ups] = placed.start[low[ups + 1] - 1] + placed.size[low[ups + 1] - 1]
    limits[downs] = placed.start[high[downs + 1] - 1]
    return bases, limits
