"""When each object died, as far as a trace can tell: an interval, from what the collector found.

An object that a cycle marked was reachable when that cycle began, for what is unreachable then stays so. One that a
cycle's sweep freed was dead when that cycle's marking ended; perhaps not when it began, as a goroutine whose stack was
not scanned yet may have dropped the last pointer meanwhile. What is allocated while a cycle marks survives it, whatever
becomes of it. So death lies after the last GCBegin that the object survived, or its birth, and not after the GCEnd
before its free. Objects of the tiny allocator keep each other's slot: that one survived says nothing of its neighbour.

With GODEBUG=gcstoptheworld=2 a cycle sweeps before its own GCEnd (gcMarkTermination, mgc.go, 1.23 to 1.27): a free may
be of the cycle that is under way. Such a trace is known by a free within a cycle, once the world runs again after its
GCBegin: until then what the cycle before left is swept, and after that nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from arenalab.intake.deaths import NEVER
from arenalab.intake.happened import Happened
from arenalab.intake.log import Column, TraceLog
from arenalab.intake.objects import Objects

DEAD, UNDECIDED, ESCAPES = -1, 0, 1


@dataclass(frozen=True)
class Cycles:
    """The collections whose end the trace holds, in order; moments in ticks."""

    begin: Column  #: not later than its GCBegin; 0 where that came before the trace.
    earliest_end: Column  #: see `latest_end`.
    latest_end: Column  #: its GCEnd, where marking ended, came between these two.

    def __len__(self) -> int:
        """Return the number of cycles."""
        return len(self.begin)


@dataclass(frozen=True)
class Lifetimes:
    """Of each object the moments, in ticks, between which it died: after `alive`, not after `dead` (NEVER: unknown)."""

    alive: Column  #: last moment at which it was found reachable.
    dead: Column  #: moment by which it had died.
    cycles: Cycles  #: the collections that tell.

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


def collections(log: TraceLog) -> list[tuple[Happened | None, Happened]]:
    """Return GCBegin and GCEnd of the cycles whose end the trace holds, in order; None for a begin before the trace.

    The runtime counts begins and ends as one sequence.
    """
    begun = {each.arguments[0] + 1: each for each in log.other.of("GCBegin")}
    ended = {each.arguments[0]: each for each in log.other.of("GCEnd")}
    return [(begun.get(number), ended[number]) for number in sorted(ended)]


def _unended(log: TraceLog) -> list[Happened]:
    """Return GCBegin of the cycle that is under way as the trace ends, if one is."""
    ended = max((each.arguments[0] for each in log.other.of("GCEnd")), default=0)
    return [each for each in log.other.of("GCBegin") if each.arguments[0] >= ended][-1:]


def _swept_within(log: TraceLog, first: Column, last: Column) -> bool:
    """Return whether something, freed between two moments, was freed while a cycle marked."""
    begun = [(begin.time if begin else NEVER, end.earliest) for begin, end in collections(log)]
    begun += [(each.time, NEVER) for each in _unended(log)]
    begin, end = np.array(begun, np.int64).reshape(-1, 2).T
    world = np.array([each.time for each in log.other.of("STWEnd")], np.int64)
    runs = np.append(world, NEVER)[np.searchsorted(world, begin, side="right")]
    runs = np.maximum.accumulate(np.where(begin == NEVER, end, runs))
    which = np.searchsorted(runs, first, side="right") - 1
    return bool(np.logical_and(which >= 0, last < np.append(end, 0)[which]).any())


def cycles_of(log: TraceLog) -> Cycles:
    """Return the collections of a trace."""
    rows = [(begin.earliest if begin else 0, end.earliest, end.time) for begin, end in collections(log)]
    begin, soonest, last = np.array(rows, np.int64).reshape(-1, 3).T
    # One after the other, whatever threads told of them: so each bound holds for the cycles on one side of it, too.
    soonest = np.maximum.accumulate(np.maximum(soonest, begin))
    begin = np.maximum(begin, np.concatenate([[0], soonest])[: len(begin)])
    return Cycles(begin, soonest, np.minimum.accumulate(last[::-1])[::-1])


def lifetimes_of(log: TraceLog, objects: Objects) -> Lifetimes:
    """Return between which moments each object died."""
    cycles, time = cycles_of(log), log.heap.time
    birth = time[objects.birth] - log.heap.wide("ahead", objects.birth)
    freed = np.flatnonzero(objects.end != NEVER)
    last = time[objects.end[freed]]
    first = last - log.heap.wide("ahead", objects.end[freed])
    dead = np.full(len(objects), NEVER)
    # A sweep ends before the next marking does: the last cycle that may have ended by then freed it, or one before.
    by, ends = np.searchsorted(cycles.earliest_end, last, side="right"), cycles.latest_end
    if _swept_within(log, first, last):
        under_way = [each.earliest for each in _unended(log)]
        by = np.searchsorted(np.append(cycles.begin, under_way), last, side="right")
        ends = np.append(ends, [NEVER] * len(under_way)).astype(np.int64)
    dead[freed] = np.append(NEVER, ends)[by]
    # Survived for sure: all before the last that had ended; by what stays, all but the last, which may still sweep.
    survived = np.full(len(objects), max(len(cycles) - 1, 0))
    survived[freed] = np.maximum(np.searchsorted(cycles.latest_end, first, side="right") - 1, 0)
    survived[np.logical_or(objects.tiny, objects.lost)] = 0
    return Lifetimes(np.maximum(birth, np.append(0, cycles.begin)[survived]), dead, cycles)
