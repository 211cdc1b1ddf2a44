"""A benchmark's iterations: `go test -trace X -bench B -benchtime=1x -count=N` runs each in a goroutine of its own.

Go's testing.(*B).run1 starts the goroutine; (*B).runN in it collects garbage, starts the timer, calls the benchmark
once and stops the timer; what is allocated in between is what `-benchmem` counts. An iteration is held to last until
the collection that follows it, with which the next one begins: what that finds dead is dead in scope. (In a run
without `-benchtime=1x`, `for b.Loop()` goes round many times in this goroutine, and they are one scope.)

The function's name stands only on stacks that are shown while it runs: of an allocation with its stack, of b.Loop, of a
block, of an assist or a sweep. All runs of a benchmark follow one another: the first is started under (*B).Run, the
others under processBench, so that one of them is enough. Without any the kind is `benchmark ?`.
"""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

import numpy as np

from arenalab.intake.happened import Happened
from arenalab.intake.lifetimes import collections
from arenalab.intake.log import Column, TraceLog

BENCHMARK = "benchmark "  #: begins the kind of a benchmark's iterations.
UNKNOWN = "?"
RUN = "testing.(*B).run1.func"  #: begins the name of the function that the goroutine runs.
AGAIN = "processBench"  #: ends the name of the method under which it is run again.
WITHIN, TIMER_ON, TIMER_OFF = "testing.(*B).runN", "testing.(*B).StartTimer", "testing.(*B).StopTimer"


class Row(NamedTuple):
    """One iteration: the fields of `Scope`, without its kind."""

    g: int  #: goroutine.
    begin: int  #: ticks.
    earliest_end: int  #: ticks.
    end: int  #: ticks.
    until: int  #: ticks.


class _Run:
    """The goroutine of one run, as it comes to be known."""

    def __init__(self, created: Happened) -> None:
        self.g, self.begin, self.until = created.arguments[0], created.time, 0
        self.created = created
        self.next: _Run | None = None  #: the one that its creator started then: this one had ended.
        self.gone: Happened | None = None
        self.name = UNKNOWN

    def shows(self, functions: tuple[str, ...], earliest: int, time: int) -> None:
        """Take a stack that its goroutine showed."""
        above = functions[: functions.index(WITHIN)][-1:] if WITHIN in functions else ()
        if above == (TIMER_ON,):
            self.begin = time
        elif above == (TIMER_OFF,):
            self.until = self.until or earliest
        elif above and not above[0].startswith(("testing.", "runtime.")):
            self.name = above[0].rpartition("/")[2].partition(".")[2]

    def row(self, gone: Happened, after: int) -> Row:
        end = min(gone.time, self.next.created.time) if self.next else gone.time
        return Row(self.g, self.begin, after or gone.earliest, end, self.until or end)

    def ended(self, gone: Happened) -> int:
        """Return from when on a collection may follow it: the next run need not wait until this goroutine is gone.

        `for b.Loop()` stops the timer itself and shows no stack there; who starts the next run had heard of the end.
        """
        known = [gone.earliest, self.until, self.next.created.earliest if self.next else 0]
        return min(filter(None, known))


def benchmarks_of(log: TraceLog) -> tuple[dict[str, list[Row]], dict[str, int]]:
    """Return the iterations by kind, each in the order of their ends, and how many of a kind have no end."""
    groups = _groups(log)
    runs = {run.g: run for group in groups for run in group}
    if not runs:
        return {}, {}
    for each in log.other.of("GoDestroy"):
        if each.g in runs:
            runs[each.g].gone = each
    for g, functions, earliest, time in _stacks(log, list(runs)):
        runs[g].shows(functions, earliest, time)
    found, left, unknown = dict[str, list[Row]](), dict[str, int](), 0
    begun, ended = _collections(log)
    for group in groups:
        name = next((run.name for run in group if run.name != UNKNOWN), UNKNOWN)
        unknown += name == UNKNOWN
        kind = f"{BENCHMARK}{name}{f' {unknown}' if name == UNKNOWN and unknown > 1 else ''}"
        whole = [(run, run.gone) for run in group if run.gone]
        # Its own collection, with which it began, or an earlier one where stamps ran ahead; never a later.
        its_own = begun.searchsorted([run.created.earliest for run, _ in whole])
        follows = np.maximum(its_own + 1, begun.searchsorted([run.ended(gone) for run, gone in whole]))
        after = np.append(ended, 0)[np.minimum(follows, len(ended))]
        found.setdefault(kind, []).extend(
            run.row(gone, last) for (run, gone), last in zip(whole, after.tolist(), strict=True)
        )
        left[kind] = left.get(kind, 0) + len(group) - len(whole)
    return {kind: rows for kind, rows in found.items() if rows}, left


def _collections(log: TraceLog) -> tuple[Column, Column]:
    """Return of each cycle when it had begun at the latest, and when it ended at the earliest.

    The one that follows an iteration is never taken for a later one so: its begin, at the latest, is after the
    iteration's end, at the earliest.
    """
    rows = [(begin.time if begin else 0, end.earliest) for begin, end in collections(log)]
    begun, ended = np.array(rows, np.int64).reshape(-1, 2).T
    return np.maximum.accumulate(begun), ended


def _groups(log: TraceLog) -> list[list[_Run]]:
    """Return the runs of each benchmark; benchmarks within a benchmark have a creator of their own."""
    groups = list[list[_Run]]()
    last = dict[int, list[_Run]]()  #: by creator.
    for each in log.other.of("GoCreate"):
        if each.generation not in log.tables:
            continue
        tables = log.tables[each.generation]
        if not "".join(tables.functions(each.arguments[1])[-1:]).startswith(RUN):
            continue
        again = any(name.endswith(AGAIN) for name in tables.functions(each.arguments[2]))
        run = _Run(each)
        if each.g in last:
            last[each.g][-1].next = run
        if not (again and each.g in last):
            groups.append([])
            last[each.g] = groups[-1]
        last[each.g].append(run)
    return groups


def _stacks(log: TraceLog, wanted: list[int]) -> list[tuple[int, tuple[str, ...], int, int]]:
    """Return the stacks that some goroutines showed, in the order of time: (g, functions, earliest, time)."""
    heap, turns = log.heap, log.turns
    born = heap.rows("HeapObjectAlloc")
    born = born[np.logical_and(heap.third[born] != 0, np.isin(heap.g[born], wanted))]
    shown = turns.showing()
    shown = shown[np.isin(turns.g[shown], wanted)]
    pairs = (
        ("g", "g"),
        ("generation", "generation"),
        ("third", "argument"),
        ("time", "time"),
        ("ahead", "ahead"),
    )
    columns = [
        np.concatenate([heap.wide(mine, born), getattr(turns, its)[shown].astype(np.int64)])
        for mine, its in pairs
    ]
    known = defaultdict[int, dict[int, tuple[str, ...]]](dict)
    answer = []
    for g, generation, key, time, ahead in sorted(
        zip(*(each.tolist() for each in columns), strict=True), key=lambda row: row[3]
    ):
        if key not in known[generation]:
            tables = log.tables.get(generation)
            known[generation][key] = tables.functions(key) if tables else ()
        answer.append((g, known[generation][key], time - ahead, time))
    return answer
