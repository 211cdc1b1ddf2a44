"""replay(trace): the History of a long program, with runs of allocations solved at once.

Rules:
1. Everything rare goes through the machine: a new chunk, a refill, a free of a full one, a collection, a panic.
2. A run enters the History only after its certificate; so the World at its end is the one that
   single steps give, and `expand` shows those steps.
3. Where a run ends is nobody's business to prove: the row after it goes through the machine.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import Any

import numpy.typing as npt

from arenalab.asked import called
from arenalab.bulk.run import Run, Solved
from arenalab.bulk.type_table import TypeTable
from arenalab.errors import ScenarioError
from arenalab.go.rules import GoRules
from arenalab.go.type_layout import laid_out
from arenalab.machine.heap_bits import mask_built
from arenalab.machine.machine import Machine, collector_at_rest
from arenalab.machine.scheduler import Check
from arenalab.machine.starting import unasked
from arenalab.replay.arenas import ArenasInTurn
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

    def run(self) -> History:
        """Replay to the end."""
        with collector_at_rest():
            self._all()
        return self.history

    def _all(self) -> None:
        for begin in range(0, len(self.trace), CUT_AT_ONCE):
            cut, at = Cut(self.trace, self.table, begin, begin + CUT_AT_ONCE), begin
            while at < cut.stop:
                at = self._arenas.run(cut, at, self.record) or self._next(cut, at)

    def _next(self, cut: Cut, at: int) -> int:
        """Do the plain rows from one on, or one rare row; return the row after them."""
        stop = cut.plain_until(at)
        nbytes = cut.nbytes[at - cut.start : stop - cut.start]
        if stop > at and self._many(at, nbytes):
            self._plain(at, stop, nbytes)
        else:
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

    def _plain(self, start: int, stop: int, nbytes: Ints) -> None:
        """Do plain rows in runs; the row at which a run ends goes through the machine."""
        at = start
        while at < stop:
            reach, left = min(stop - at, self._reach), nbytes[at - start :]
            done = self._run(at, at + reach, left) if self._many(at, left[:reach]) else 0
            self._reach = min(LONGEST, max(SHORT, 4 * done))
            if done < reach:
                end = min(stop, at + done + (1 if self._many(at, left[:done]) else SHORT))
                self._steps(at + done, end)
                at = end
            else:
                at += done

    def _many(self, start: int, nbytes: Ints) -> bool:
        """Return whether plain rows from `start` on, of so many bytes each, are worth a run."""
        if len(nbytes) >= SHORT:
            return True
        pointerful = self.table.pointerful.take(self.trace.type[start : start + len(nbytes)])
        return int(nbytes[pointerful].sum()) >= SHORT * self.rules.bitmap_word_bytes

    def _run(self, start: int, stop: int, nbytes: Ints) -> int:
        """Solve, certify and record as many rows of [start, stop) as there is room for; return how many."""
        self.machine.go_on()
        trace, rows = self.trace, slice(start, stop)
        run = Run(
            self.history.world, self.table, trace.user_arena[rows], trace.type[rows], nbytes[: stop - start]
        )
        if run.count:
            caps = caps_of(trace, start, start + run.count)
            self.record(run, run.count, run.carved(caps), caps)
        return run.count

    def record(
        self, run: Solved, count: int, carved: Event, caps: Ints | None, before: Ints | None = None
    ) -> None:
        """Record what happens in a run of the next `count` operations; see `Timeline.begin_run` for `before`."""
        self.history.begin_run(count, before=before)
        self.ops.take(count)
        for event in self._events(run, carved, caps):
            self.history.record(event)
            if self._check is not None:
                self._check(self.history.world)

    def _events(self, run: Solved, carved: Event, caps: Ints | None) -> Iterator[Event]:
        """Return what happens in a run; masks are built before the first bits that need them."""
        yield carved
        for go_type in run.on_demand:
            yield from mask_built(run.world, go_type)
        yield from run.bits(caps)


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
