"""What of the goroutines' running time the garbage collector took: about the ceiling of what any arena could give back.

Running time is a thread's time with a goroutine outside a system call. A worker that the runtime calls idle marks on a
P that had nothing to run: it is separate and not counted as a cost. What allocating itself costs is the program's time.
Where allocations are traced, writing an event for each allocation and each free (about 0.2 µs) is in `program` and in
`sweeping`: take a second trace, without GODEBUG=traceallocfree=1, for the share of a program left alone.
Go: traceLocker.GoStart (GoLabel), GCMarkAssistStart, GCSweepStart, runtime/traceruntime.go, 1.23 to 1.27.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from arenalab.intake.kinds import NUMBER
from arenalab.intake.log import Column, TraceLog
from arenalab.intake.running import G_SYSCALL, NOBODY
from arenalab.intake.turns import Turns
from arenalab.units import short_time

IDLE = "GC (idle)"  #: label of an idle-priority worker.
WORKERS = ("GC (dedicated)", "GC (fractional)")
SWEEPER = "runtime.bgsweep"  #: the goroutine that sweeps where allocations don't.
NAMES = ("workers", "assists", "sweeping", "idle", "program")
_WORKER, _ASSIST, _SWEEP, _IDLE, _PROGRAM = range(len(NAMES))
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class GCShare:
    """Seconds of running time, of all threads together."""

    workers: float  #: dedicated and fractional mark workers.
    assists: float  #: goroutines that had to mark before they might allocate.
    sweeping: float  #: by whoever did it.
    idle: float  #: mark workers on a P without work: no cost.
    program: float  #: all other goroutines.

    @property
    def gc(self) -> float:
        """Seconds that the program might have had."""
        return self.workers + self.assists + self.sweeping

    @property
    def share(self) -> float:
        """The collector's share, between 0 and 1, of all running time but the idle workers'; 0 without any."""
        total = self.gc + self.program
        return self.gc / total if total else 0.0

    def facts(self) -> dict[str, float]:
        """Return the numbers alone."""
        return asdict(self) | {"share": self.share}

    def lines(self) -> Iterator[str]:
        """Yield it in words."""
        yield (
            f"GC: {100 * self.share:.1f} % of {short_time(self.gc + self.program)} of running time (mark workers "
            f"{short_time(self.workers)}, assists {short_time(self.assists)}, sweeping {short_time(self.sweeping)}); "
            f"not counted: idle workers {short_time(self.idle)}"
        )


def gc_share(log: TraceLog) -> GCShare:
    """Return what the collector took of the goroutines' running time; all 0 in a trace without a clock."""
    turns = log.turns
    order = np.argsort(turns.m, kind="stable")  # within a thread the file's order is that of time
    same = np.equal(turns.m[order][1:], turns.m[order][:-1])
    start, end = order[:-1][same], order[1:][same]
    g = turns.g[end].astype(np.int64)
    spent = turns.time[end] - turns.time[start]
    purpose = np.full(len(start), _PROGRAM)
    sweeping = _within(turns, order, ("GCSweepBegin", "GCSweepActive"), ("GCSweepEnd", *RESUMED))[:-1][same]
    purpose[np.logical_or(sweeping, np.isin(g, _sweepers(log)))] = _SWEEP
    assists = np.flatnonzero(np.isin(turns.kind, _numbers("GCMarkAssistBegin", "GCMarkAssistActive")))
    over = turns.rows("GCMarkAssistEnd")
    purpose[_state(turns, g, start, (assists, over)) == 0] = _ASSIST
    for number, labels in ((_WORKER, WORKERS), (_IDLE, (IDLE,))):
        mine, others = _labelled(log, labels)
        purpose[_state(turns, g, start, (mine, others)) == 0] = number
    off = _within(turns, order, ("GoSyscallBegin",), ("GoSyscallEnd", *RESUMED))[:-1][same]
    running = np.logical_and(g != NOBODY, np.logical_not(np.logical_or(off, _waits(turns, start, g))))
    seconds = np.bincount(purpose[running], spent[running], len(NAMES)) / max(log.ticks, 1)
    return GCShare(**dict(zip(NAMES, seconds.tolist() if log.ticks else [0.0] * len(NAMES), strict=True)))


RESUMED = (
    "GoSyscallEndBlocked",
    "GoDestroySyscall",
    "GoStart",
    "GoSwitch",
    "GoSwitchDestroy",
    "GoDestroy",
    "GoBlock",
)


def _numbers(*names: str) -> list[int]:
    return [NUMBER[name] for name in names]


def _within(turns: Turns, order: NDArray[np.intp], begin: tuple[str, ...], end: tuple[str, ...]) -> Flags:
    """Return whether a thread is between two kinds of event after each of its rows, in `order`."""
    kind, m = turns.kind[order], turns.m[order]
    opens = np.isin(kind, _numbers(*begin))
    turn = opens + np.isin(kind, _numbers(*end))
    turn[:1] = True
    turn[1:] += m[1:] != m[:-1]
    last = np.maximum.accumulate(np.where(turn, np.arange(len(order)), 0))
    return opens[last]


def _waits(turns: Turns, start: NDArray[np.intp], g: Column) -> Flags:
    """Return which stretches begin with the status of a goroutine in a system call on this thread."""
    status = np.isin(turns.kind[start], _numbers("GoStatus", "GoStatusStack"))
    answer: Flags = status * (turns.argument[start] == G_SYSCALL) * (turns.g[start] != g)
    return answer


def _state(turns: Turns, g: Column, start: NDArray[np.intp], sets: tuple[NDArray[np.intp], ...]) -> Column:
    """Return which set of rows each goroutine's last one before a stretch's begin, or at it, was of; -1 for none."""
    rows = np.concatenate(sets)
    which = np.repeat(np.arange(len(sets)), [len(each) for each in sets])
    owner = np.where(turns.kind[rows] == NUMBER["GCMarkAssistActive"], turns.argument[rows], turns.g[rows])
    answer = np.full(len(g), -1)
    mine = np.flatnonzero(np.isin(g, owner))
    time = np.concatenate([turns.time[rows], turns.time[start[mine]]])
    order = np.lexsort((np.arange(len(time)) >= len(rows), time, np.concatenate([owner, g[mine]])))
    given = order < len(rows)
    last = np.maximum.accumulate(np.where(given, np.arange(len(order)), 0))
    asked = np.logical_not(given)
    before = order[last[asked]]
    its = np.append(owner, NOBODY)[np.minimum(before, len(rows))] == g[mine][order[asked] - len(rows)]
    answer[mine[order[asked] - len(rows)]] = np.where(
        its, np.append(which, -1)[np.minimum(before, len(rows))], -1
    )
    return answer


def _labelled(log: TraceLog, labels: tuple[str, ...]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the rows at which a goroutine is given one of some labels, and those of any other."""
    turns = log.turns
    rows = turns.rows("GoLabel")
    texts = {
        (generation, key)
        for generation, tables in log.tables.items()
        for key, text in tables.strings.items()
        if text in labels
    }
    pairs = zip(turns.generation[rows].tolist(), turns.argument[rows].tolist(), strict=True)
    mine = np.array([pair in texts for pair in pairs], np.bool_)
    return rows[mine], rows[np.logical_not(mine)]


def _sweepers(log: TraceLog) -> list[int]:
    """Return the goroutines that sweep in the background, known by the stacks on which they stop."""
    turns, found = log.turns, list[int]()
    for generation, tables in log.tables.items():
        stacks = [
            key for key, frames in tables.stacks.items() if frames and SWEEPER in tables.functions(key)[-1:]
        ]
        mine = np.flatnonzero(
            (turns.generation == generation) * np.isin(turns.kind, _numbers("GoBlock", "GoStop"))
        )
        found += turns.g[mine[np.isin(turns.argument[mine], stacks)]].tolist()
    return sorted(set(found))
