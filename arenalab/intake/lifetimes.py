"""When each object died, as far as a trace can tell: an interval, from what the collector found.

An object that a cycle marked was reachable when that cycle began, for what is unreachable then stays so. One that a
cycle's sweep freed was dead when that cycle's marking ended; perhaps not when it began, as a goroutine whose stack was
not scanned yet may have dropped the last pointer meanwhile. What is born while a cycle marks survives it, whatever
becomes of it. So death lies after the last GCBegin that the object survived, or its birth, and not after the GCEnd
before its free. Objects of the tiny allocator keep each other's slot: that one survived says nothing of its neighbour.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from arenalab.intake.log import Column, TraceLog
from arenalab.intake.objects import NEVER, Objects

DEAD, UNDECIDED, ESCAPES = -1, 0, 1


@dataclass(frozen=True)
class Cycles:
    """The collections whose end the trace holds, in order; moments in ticks."""

    begin: Column  #: not later than its GCBegin; 0 where that came before the trace.
    earliest_end: Column
    latest_end: Column  #: its GCEnd, where marking ended, came between these two.

    def __len__(self) -> int:
        """Return the number of cycles."""
        return len(self.begin)


@dataclass(frozen=True)
class Lifetimes:
    """Of each object the moments, in ticks, between which it died: after `alive`, not after `dead` (NEVER: unknown)."""

    alive: Column
    dead: Column
    cycles: Cycles

    def lines(self) -> Iterator[str]:
        """Yield each object's interval as text."""
        for alive, dead in zip(self.alive.tolist(), self.dead.tolist(), strict=True):
            yield f"died after {alive}" + ("" if dead == NEVER else f", at {dead} at the latest")

    def verdicts(self, rows: NDArray[np.intp], earliest_end: Column, latest_end: Column) -> NDArray[np.int8]:
        """Return what became of some objects by the ends of their scopes, each of which came between two moments.

        DEAD by then; ESCAPES: still reachable then; UNDECIDED where the intervals overlap.
        """
        escapes, dead = self.alive[rows] >= latest_end, self.dead[rows] <= earliest_end
        return escapes.astype(np.int8) - dead.astype(np.int8)


def cycles_of(log: TraceLog) -> Cycles:
    """Return the collections of a trace; the runtime counts their begins and ends as one sequence."""
    begun = {each.arguments[0] + 1: each.earliest for each in log.other if each.name == "GCBegin"}
    ended = sorted(
        (each.arguments[0], each.earliest, each.time) for each in log.other if each.name == "GCEnd"
    )
    rows = [(begun.get(number, 0), earliest, latest) for number, earliest, latest in ended]
    return Cycles(*np.array(rows, np.int64).reshape(-1, 3).T)


def lifetimes_of(log: TraceLog, objects: Objects) -> Lifetimes:
    """Return between which moments each object died."""
    cycles, time = cycles_of(log), log.heap.time
    birth = time[objects.birth] - log.heap.wide("ahead", objects.birth)
    freed = np.flatnonzero(objects.end != NEVER)
    last = time[objects.end[freed]]
    first = last - log.heap.wide("ahead", objects.end[freed])
    dead = np.full(len(objects), NEVER)
    # A sweep ends before the next marking does: the last cycle that may have ended by then freed it, or one before.
    by = np.searchsorted(cycles.earliest_end, last, side="right")
    dead[freed] = np.append(NEVER, cycles.latest_end)[by]
    # Survived for sure: all before the last that had ended; by what stays, all but the last, which may still sweep.
    survived = np.full(len(objects), max(len(cycles) - 1, 0))
    survived[freed] = np.maximum(np.searchsorted(cycles.latest_end, first, side="right") - 1, 0)
    survived[np.logical_or(objects.tiny, objects.lost)] = 0
    return Lifetimes(np.maximum(birth, np.append(0, cycles.begin)[survived]), dead, cycles)
