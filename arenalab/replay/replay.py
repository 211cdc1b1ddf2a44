"""replay(trace): the History of a long program, with runs of allocations solved at once.

Rules:
1. Everything rare goes through the machine: a first chunk, a collection, a panic. What does not change where values
   stand is in the run of those around it, told by the machine's procedures: a Drop, the Free of full chunks, what makes
   something point to a value (`moves`). A refill is what a run may begin with (`refills`).
2. A run enters the History only after its certificate; so the World at its end is the one that
   single steps give, and `expand` shows those steps.
3. Where a run ends is nobody's business to prove: the row after it goes through the machine.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt

from arenalab.asked import called
from arenalab.bulk.run import Run
from arenalab.bulk.type_table import TypeTable
from arenalab.errors import ModelBug, ScenarioError
from arenalab.go.rules import GoRules
from arenalab.go.type_layout import laid_out
from arenalab.machine.machine import Machine, collector_at_rest
from arenalab.machine.scheduler import Check
from arenalab.machine.starting import unasked
from arenalab.machine.steps import alone
from arenalab.machine.user_arena import refill
from arenalab.machine.values import events_of_run
from arenalab.replay.arenas import ArenasInTurn
from arenalab.replay.moves import RunWithMoves, moves_until, row_of, without
from arenalab.replay.refills import may_refill, without_room
from arenalab.replay.runs import CUT_AT_ONCE, LONGEST, SHORT, Cut, caps_of
from arenalab.replay.trace import OpsSoFar, Trace
from arenalab.world.event import Event
from arenalab.world.history import History
from arenalab.world.ops import Op
from arenalab.world.state import World

Ints = npt.NDArray[Any]


@called
def replay(
    trace: Trace | Iterable[Op],
    rules: GoRules | None = None,
    *,
    start: World | None = None,
    check: Check | None = None,
) -> History:
    """Run a whole program in bulk and return its History.

    Args:
        trace: the program, as columns or as operations.
        rules: what Go does, by version, platform and build mode; without them, what `start` followed, else the
            newest Go.
        start: a World to go on from instead of a fresh one.
        check: called with the World after every event, to test laws.

    Raises:
        ScenarioError: an operation makes no sense where it stands; the text names it.
        ModelBug: a solver's answer broke a rule.

    """
    whole = trace if isinstance(trace, Trace) else Trace.from_ops(trace)
    return Replayer(whole, unasked(start) if rules is None else rules, start=start, check=check).run()


class Replayer:
    """One trace beside one machine."""

    def __init__(
        self,
        trace: Trace,
        rules: GoRules,
        *,
        start: World | None = None,
        check: Check | None = None,
    ) -> None:
        """Prepare to replay a trace; a cycle that an allocation starts ends beside the program, as in a Machine."""
        self.trace = trace
        self.machine = Machine(rules, start=start, check=check, in_bulk=True)
        self.history, self.rules, self._check = self.machine.history, rules, check
        self.ops = OpsSoFar(trace)
        self.history.ops = self.ops
        self.table = TypeTable([laid_out(go_type, rules) for go_type in trace.types], rules)
        self.heap_live_peak = 0  #: highest heapLive; only the machine's operations raise it.
        self._arenas = ArenasInTurn(trace, self.machine, self.table)
        self._reach = LONGEST  #: rows to try at once; follows what the last runs achieved.
        self._begun = False  #: whether the next run's first operation has begun, with a refill.

    def run(self) -> History:
        """Replay to the end."""
        with collector_at_rest():
            self._all()
        return self.history

    def _all(self) -> None:
        for begin in range(0, len(self.trace), CUT_AT_ONCE):
            cut, at = Cut(self.trace, self.table, begin, begin + CUT_AT_ONCE), begin
            while at < cut.stop:
                at = self._refilled(cut, at) or self._arenas.run(cut, at, self.record) or self._next(cut, at)

    def _refilled(self, cut: Cut, row: int) -> int:
        """Do a row whose value finds no room, as the first of a run if it can be; return the row behind, 0 for none.

        The refill's events are the machine's own; the value is solved with those behind it.
        """
        world = self.history.world
        value = without_room(world, self.trace, cut, row, self.table)
        if value is None:
            return 0
        self.machine.go_on()
        if not may_refill(world, value):
            self._steps(row, row + 1)
            return row + 1
        self.record(1, alone(refill(world, value.user_arena)))
        self.heap_live_peak = max(self.heap_live_peak, world.counters.heap_live)
        self._begun = True
        plain = min(cut.plain_until(row), row + self._reach)
        behind = self._arenas.run(cut, row, self.record) or row + self._run(cut, row, plain)
        if self._begun:
            raise ModelBug(
                f"operation {row + 1}: a chunk was refilled for its value, which finds no room there"
            )
        return behind

    def _next(self, cut: Cut, at: int) -> int:
        """Do the plain rows from one on, or one rare row; return the row after them."""
        stop = cut.plain_until(at)
        if stop > at and self._worth(cut, at, stop):
            return self._plain(cut, at, stop)
        stop = max(stop, at + 1)
        self._steps(at, stop)
        return stop

    def _steps(self, start: int, stop: int) -> None:
        """Let the machine do the rows [start, stop)."""
        for row in range(start, stop):
            try:
                self._step(self.trace[row])
            except ScenarioError as error:
                raise ScenarioError(f"operation {row + 1}: {error}") from None

    def _step(self, op: Op) -> None:
        self.machine.do(op)
        self.heap_live_peak = max(self.heap_live_peak, self.history.world.counters.heap_live)

    def _plain(self, cut: Cut, start: int, stop: int) -> int:
        """Do plain rows in runs; the row at which a run ends goes through the machine. Return the row behind.

        It is one that needs a refill, or `stop`.
        """
        at = start
        while at < stop:
            reach = min(stop, at + self._reach)
            done = self._run(cut, at, reach) if self._worth(cut, at, reach) else 0
            self._reach = min(LONGEST, max(SHORT, 4 * done))
            at += done
            if at < reach:
                if without_room(self.history.world, self.trace, cut, at, self.table) is not None:
                    break
                end = min(stop, at + (1 if self._worth(cut, at - done, at) else SHORT))
                self._steps(at, end)
                at = end
        return at

    def _worth(self, cut: Cut, start: int, stop: int) -> bool:
        """Return whether plain rows are worth a run."""
        return self._many(self.trace.type[start:stop], cut.bytes_of(start, stop))

    def _many(self, kinds: Ints, nbytes: Ints) -> bool:
        """Return whether values of such types, of so many bytes each, are worth a run."""
        if len(nbytes) >= SHORT:
            return True
        pointerful = self.table.pointerful.take(kinds)
        return int(nbytes[pointerful].sum()) >= SHORT * self.rules.bitmap_word_bytes

    def _run(self, cut: Cut, start: int, stop: int) -> int:
        """Solve, certify and record as many rows of [start, stop) as there is room for; return how many."""
        self.machine.go_on()
        trace, (moves, stop) = (
            self.trace,
            moves_until(self.machine, self.trace, cut.moves_in(start, stop), stop),
        )
        rows, places = slice(start, stop), [move.row - start for move in moves]
        columns = trace.user_arena[rows], trace.type[rows], cut.bytes_of(start, stop)
        numbers, kinds, nbytes = (without(column, places) for column in columns)
        if not self._begun and not self._many(kinds, nbytes):
            return 0
        run = Run(self.history.world, self.table, numbers, kinds, nbytes)
        if not run.count:
            return 0
        done = row_of(run.count, places) if run.count < len(kinds) else stop - start
        places = places[: bisect_left(places, done)]
        caps = caps_of(trace, start, start + done, places)
        between = RunWithMoves(self.machine, run, start, moves[: len(places)])
        events = chain(events_of_run(run, run.carved(caps), caps), between.events())
        self.record(done, events, np.array(places) if places else None)
        return done

    def record(self, count: int, events: Iterable[Event], idle: Ints | None = None) -> None:
        """Record what happens in a run of the next `count` operations; see `Timeline.begin_run` for `idle`."""
        if self._begun:
            self._begun, count = False, count - 1
            self.history.lengthen_run(count, None if idle is None else idle - 1)
        else:
            self.history.begin_run(count, idle=idle)
        self.ops.take(count)
        for event in events:
            self.history.record(event)
            if self._check is not None:
                self._check(self.history.world)


def expand(history: History, index: int) -> History:
    """Run, step by step, the operations that were under way in event `index`; return their own history.

    Its events are the micro-events behind a run (or behind a repetition or a long slice), its start the
    World before the first of them, its end the World after the last.

    Raises:
        IndexError: the history has no such event.
        ScenarioError: another goroutine overtook one of them.

    """
    if not 0 <= index < len(history):
        raise IndexError(f"event {index} of {len(history)}")
    last = history.log.op_at(index + 1)
    begun = history.op_starts[last] if last >= 0 else 0
    first = bisect_left(history.op_starts, begun)
    machine = Machine(history.rules, start=history.at(begun))
    machine.world.user_arenas.whole()  # so that each is looked at by itself
    overtaken = {op for _, op, _ in history.log.stops}
    with collector_at_rest():
        for number in range(first, last + 1):
            if number in overtaken:
                raise ScenarioError(
                    f"operation {number + 1}, {history.ops[number]}, was overtaken; rerun performs it"
                )
            machine.do(history.ops[number], history.log.goroutine_of(number))
    return machine.history
