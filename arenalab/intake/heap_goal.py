"""Heap goals, and the GOGC that they show.

A goal grows with what is alive, stacks and globals included, whose bytes no trace tells; a memory limit may lower it.
So GOGC follows from a goal only where that is the least one, 4 MiB × GOGC/100, which another hits by one chance in
40,000, or where there is none. The first goal is written as tracing begins: while the heap is small, it is the least.
Go: traceHeapGoal, (*gcControllerState).commit, mgcpacer.go, 1.23 to 1.27.
"""

from __future__ import annotations

from arenalab.go.versions import go_rules
from arenalab.intake.log import LARGEST, TraceLog

OFF = -1  #: GOGC=off.


def goals_of(log: TraceLog) -> list[int]:
    """Return the heap goals in bytes, as they came; 0 for none, which a memory limit of no size makes beyond 2⁴⁸."""
    goals = (each.arguments[0] for each in log.other.of("HeapGoal"))
    return [each if each < LARGEST else 0 for each in goals]


def gogc_of(log: TraceLog) -> int | None:
    """Return the GOGC in percent, or OFF, with which the program ran as tracing began; None where no goal shows it."""
    goals = goals_of(log)
    if not goals:
        return None
    if not goals[0]:
        return OFF
    least = go_rules().default_heap_minimum
    gogc = -(-goals[0] * 100 // least)
    return gogc if gogc * least // 100 == goals[0] else None


def gogc_said(gogc: int | None) -> str:
    """Return it in words; nothing for one that no goal shows."""
    if gogc is None:
        return ""
    return "recorded with GOGC=off" if gogc == OFF else f"recorded with GOGC={gogc}"
