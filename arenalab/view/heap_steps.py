"""Where one may stand in a recorded run: by collection, by scope, by time, or by each event of the heap.

Position 0 is the moment at which all that was there when tracing began has been listed; a step leads from one
position to the next, and what happened between them is what happened in that step.
"""

from __future__ import annotations

from math import log10

import numpy as np

from arenalab.intake.scopes import of_kind
from arenalab.units import counted
from arenalab.view.columns import Column, brief
from arenalab.view.heap_index import HeapIndex
from arenalab.view.heap_lanes import MICRO

CYCLE, SCOPE, TIME, EVENT = "cycle", "scope", "time", "event"
UNITS = (CYCLE, SCOPE, TIME, EVENT)
MOST_TIMES = 1_000  #: positions by time, at most.


def round_step(least: float) -> int:
    """Return the smallest of 1, 2, 5, 10, 20 ... that is no less than a number."""
    power: int = 10 ** int(log10(max(least, 1)))
    return next(n * power for n in (1, 2, 5, 10, 20) if n * power >= least)


class HeapSteps:
    """The positions of a run by a unit; by scope, those of a kind count.

    Raises:
        NoSuchError: the trace holds no such scopes.

    """

    def __init__(self, index: HeapIndex, unit: str, kind: str = "") -> None:
        """Find the moments of all positions."""
        self.index, self.unit = index, unit
        ends = [each.end for each in of_kind(index.scopes, kind)] if kind else []
        self.kind, self.ends = kind, np.sort(np.array(ends, np.int64))
        self._moments = None if unit == EVENT else self._found()

    def _found(self) -> Column:
        """Return the moments of a unit, in ascending order, the first and the last of the run among them."""
        index = self.index
        ticks = {CYCLE: lambda: index.collections, SCOPE: lambda: self.ends, TIME: self._times}[self.unit]()
        found = np.clip(index.moments_of(ticks), index.opening, index.moments)
        return np.unique(np.concatenate([[index.opening, index.moments], found]))

    def _times(self) -> Column:
        every = self.every * max(self.index.log.ticks, 1) / MICRO
        last = self.index.ticks_at(self.index.moments)
        return np.arange(self.index.began, last, max(every, 1)).astype(np.int64)

    @property
    def every(self) -> int:
        """Microseconds of a step by time."""
        return round_step(self.index.lasts * MICRO / MOST_TIMES)

    @property
    def last(self) -> int:
        """Return the last position."""
        if self._moments is None:
            return self.index.moments - self.index.opening
        return len(self._moments) - 1

    def moment(self, position: int) -> int:
        """Return the moment of a position; positions outside the run mean its ends."""
        position = min(max(position, 0), self.last)
        return self.index.opening + position if self._moments is None else int(self._moments[position])

    def position(self, at: int) -> int:
        """Return the last position that is not after a moment."""
        if self._moments is None:
            return min(max(at - self.index.opening, 0), self.last)
        return max(int(np.searchsorted(self._moments, at, side="right")) - 1, 0)

    def since(self, at: int) -> int:
        """Return the moment at which the step began that led to a moment, or is under way at it."""
        position = self.position(at)
        return min(self.moment(position - 1 if self.moment(position) == at else position), at)

    def collections(self) -> Column:
        """Return the moments of all GCBegins."""
        return self.index.keep("collections", lambda: self.index.moments_of(self.index.collections))

    def words(self, at: int) -> str:
        """Describe which step led to a moment."""
        if at <= self.index.opening:
            return "the start"
        if self.unit == CYCLE:
            begun, every = (
                int(np.searchsorted(self.collections(), self.since(at), side="right")),
                len(self.collections()),
            )
            return f"GC {begun:,} of {every:,}" if begun else "before the first GC"
        if self.unit == SCOPE:
            ended = int(np.searchsorted(self.ends, self.index.ticks_at(at), side="right"))
            return f"{ended:,} of {counted(len(self.ends), 'scope')} ended"
        if self.unit == TIME:
            return f"a step of {brief(f'{self.every / 1000:g}')} ms"
        return f"heap event {at - self.index.opening:,}"
