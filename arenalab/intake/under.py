"""Everything under a function: scopes from the stacks of allocations, which only `--stacks` records.

A call of F is seen where F is on a stack that its goroutine shows: of an allocation, of a block, of the creation of a
goroutine, of any event that has one. It lasts from the first such stack to the last one before another of the goroutine
does without it. F's outermost call counts; recursion lies in it. Calls from two places differ in what is below F on
the stack, down to the instruction, and so do two calls of a function that calls F. What cannot be known:

- two calls from one place, one right after the other, with no stack of the goroutine in between, look like one;
- a call that shows no stack is not seen; one ends somewhere between its last stack and the goroutine's next;
- of a stack of `CUT` calls or more the outermost may be missing: it begins no call and ends none.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from arenalab.intake.log import Column, TraceLog
from arenalab.intake.stacks import Stack, Stacks

CUT = 120  #: calls; Go writes at most 128 frames, less those that it skips.
GONE = ("GoDestroy", "GoSwitchDestroy", "GoDestroySyscall")
UNSEEN = -1  #: number of a call that is not on a stack.
Numbers = NDArray[np.int64]


class Seen(NamedTuple):
    """The stacks that goroutines showed, by goroutine and time, and where goroutines ended; one row each."""

    g: Column
    time: Column
    earliest: Column  #: it happened in [earliest, time].
    place: Column  #: of the stack in `Calls`; 0 where the goroutine ended.
    birth: Column  #: of an allocation its place in the heap's log, else -1.


class Calls:
    """All calls on some stacks: the same number where it may be the same call of the same function."""

    def __init__(self, stacks: list[Stack]) -> None:
        """Number them from the outermost call on."""
        self.functions: list[str] = []  #: of each call.
        self.cut = np.array([len(stack) >= CUT for stack in stacks])
        self.rows: list[tuple[int, ...]] = []  #: the calls of each stack, the outermost first.
        ways: dict[tuple[int, object], int] = {}
        calls: dict[tuple[int, str], int] = {}
        for stack in stacks:
            way, row = 0, []
            for call in reversed(stack):
                number = calls.setdefault((way, call.function), len(calls))
                self.functions += [call.function] * (len(calls) - len(self.functions))
                row.append(number)
                way = ways.setdefault((way, call), len(ways) + 1)
            self.rows.append(tuple(row))

    def of(self, function: str) -> Column:
        """Return for each stack the outermost call of a function, UNSEEN for none."""
        mine = {number for number, name in enumerate(self.functions) if name == function}
        return np.array([next((each for each in row if each in mine), UNSEEN) for row in self.rows])

    def by_depth(self) -> NDArray[np.int32]:
        """Return all calls, a row for each stack; UNSEEN beyond its innermost and for a call within its like."""
        table = np.full((len(self.rows), max(map(len, self.rows))), UNSEEN, np.int32)
        for place, row in enumerate(self.rows):
            met = set[str]()
            for depth, number in enumerate(row):
                if (name := self.functions[number]) not in met:
                    table[place, depth] = number
                    met.add(name)
        return table


class Runs(NamedTuple):
    """Stretches of `Seen` in which a goroutine is in one call; `whole`: its begin and its end were seen."""

    first: Numbers
    last: Numbers  #: rows of `Seen`, both within.
    call: Numbers
    whole: NDArray[np.bool_]


@dataclass(frozen=True)
class Shown:
    """What the stacks of a trace show."""

    seen: Seen
    calls: Calls
    began: NDArray[np.bool_]  #: of each row of `seen`, whether its goroutine was created in the trace.

    def runs(self, call: Numbers) -> Runs:
        """Return the stretches of one call each; `call` is given for each row of `seen`, UNSEEN for none."""
        g = self.seen.g
        if not len(g):
            return Runs(*(np.zeros(0, np.int64),) * 3, np.zeros(0, np.bool_))
        other = g[1:] != g[:-1]
        turn = np.flatnonzero(np.concatenate([[True], np.logical_or(other, call[1:] != call[:-1])]))
        last = np.append(turn[1:], len(g)) - 1
        opens = np.concatenate([[True], other])
        closes = np.append(other, True)
        whole = np.logical_and(np.logical_not(opens[turn]) | self.began[turn], np.logical_not(closes[last]))
        inside = call[turn] != UNSEEN
        return Runs(turn[inside], last[inside], call[turn[inside]].astype(np.int64), whole[inside])

    def under(self, function: str) -> Runs:
        """Return the calls of a function."""
        return self.runs(self.calls.of(function)[self.seen.place])

    def names(self) -> Counter[str]:
        """Return the functions on the stacks and on how many rows each is."""
        rows = np.bincount(self.seen.place, minlength=len(self.calls.rows)).tolist()
        found = Counter[str]()
        for row, count in zip(self.calls.rows, rows, strict=True):
            found.update(dict.fromkeys({self.calls.functions[each] for each in row}, count))
        return found


def shown_by(log: TraceLog) -> Shown:
    """Return what the stacks of a trace show; nothing where it holds no stack of an allocation."""
    heap, turns = log.heap, log.turns
    born = log.heap.rows("HeapObjectAlloc")
    born = born[heap.third[born] != 0]
    ends = turns.rows(*GONE)
    others = turns.showing() if len(born) else ends[:0]
    stacks = Stacks(log)
    place = np.concatenate(
        [
            stacks.places(heap.third[born], heap.generation[born]),
            stacks.places(turns.argument[others], turns.generation[others]),
            np.zeros(len(ends), np.int64),
        ]
    )
    rest = np.concatenate([others, ends])
    time = np.concatenate([heap.time[born], turns.time[rest]])
    ahead = np.concatenate([heap.wide("ahead", born), turns.ahead[rest]])
    g = np.concatenate([heap.wide("g", born), turns.g[rest]])
    birth = np.concatenate([born, np.full(len(rest), -1)])
    calls = Calls(stacks.rows)
    ending = np.arange(len(place)) >= len(place) - len(ends)
    there = np.logical_or(place > 0, ending)
    kept = np.flatnonzero((g >= 0) * there * np.logical_not(calls.cut[place]))
    order = kept[np.lexsort((time[kept], g[kept]))]
    seen = Seen(g[order], time[order], (time - ahead)[order], place[order], birth[order])
    created = {each.arguments[0] for each in log.other.of("GoCreate", "GoCreateBlocked")}
    return Shown(seen, calls, np.isin(seen.g, np.array(list(created), np.int64)))
