"""replay(trace): the History of a long program, with runs of allocations solved at once.

Laws of this file:
1. Everything rare goes through the machine: a new chunk, a refill, a free, a collection, a panic.
2. A run enters the History only after its certificate; so the World at its end is the one that
   single steps give, and `expand` shows those steps.
3. Where a run ends is nobody's business to prove: the row behind it goes through the machine.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from arenalab.asked import called
from arenalab.bulk.certify import certify_run
from arenalab.bulk.place import first_rows, rows_that_fit, solve
from arenalab.bulk.run import Ask, Placed
from arenalab.bulk.written import bits_of_run
from arenalab.errors import ScenarioError
from arenalab.go.rules import GoRules
from arenalab.go.type_layout import laid_out
from arenalab.go.versions import GO_1_21
from arenalab.machine.heap_bits import mask_built
from arenalab.machine.machine import Machine, collector_at_rest
from arenalab.machine.scheduler import Check
from arenalab.replay.runs import CUT_AT_ONCE, LONGEST, MOST_BYTES, SHORT, TypeTable, stretches
from arenalab.replay.trace import SLICE, OpsSoFar, Trace
from arenalab.world.event import Event
from arenalab.world.events import ScanAllocAdded
from arenalab.world.history import History
from arenalab.world.ops import Op
from arenalab.world.run_events import SINGLE, BumpRun
from arenalab.world.state import World

Ints = npt.NDArray[Any]


@called
def replay(
    trace: Trace | Iterable[Op],
    rules: GoRules = GO_1_21,
    *,
    start: World | None = None,
    check: Check | None = None,
) -> History:
    """Run a whole program in bulk and return its History.

    Args:
        trace: the program, as columns or as operations.
        rules: what Go does, by version, platform and build mode.
        start: a World to go on from instead of a fresh one.
        check: called with the World after every event, to test laws.

    Raises:
        ScenarioError: an operation makes no sense where it stands; the text names it.
        ModelBug: a solver's answer broke a rule.

    """
    whole = trace if isinstance(trace, Trace) else Trace.from_ops(trace)
    return Replayer(whole, rules, start=start, check=check).run()


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
        self.types = tuple(laid_out(go_type, rules) for go_type in trace.types)
        self.table = TypeTable(self.types, rules)
        self.heap_live_peak = 0  #: highest heapLive; only the machine's operations raise it.
        self._reach = LONGEST  #: rows to try at once; follows what the last runs achieved.

    def run(self) -> History:
        """Replay to the end."""
        with collector_at_rest():
            self._all()
        return self.history

    def _all(self) -> None:
        for begin in range(0, len(self.trace), CUT_AT_ONCE):
            nbytes = self.table.nbytes(self.trace, begin, begin + CUT_AT_ONCE)
            for start, stop, plain in stretches(nbytes, self.table.most_bytes):
                if plain and self._many(begin + start, nbytes[start:stop]):
                    self._plain(begin + start, begin + stop, nbytes[start:stop])
                else:
                    self._steps(begin + start, begin + stop)

    def _steps(self, start: int, stop: int) -> None:
        """Let the machine do the rows [start, stop)."""
        for row in range(start, stop):
            try:
                self._step(self.trace[row])
            except ScenarioError as error:
                raise ScenarioError(f"operation {row}: {error}") from None

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
        run = _Run(self, start, stop, nbytes)
        if run.count:
            self.history.begin_run(run.count)
            self.ops.take(run.count)
            for event in run.events():
                self.history.record(event)
                if self._check is not None:
                    self._check(self.history.world)
        return run.count


class _Run:
    """One run: who takes part, what is asked, what came out."""

    def __init__(self, replayer: Replayer, start: int, stop: int, nbytes: Ints) -> None:
        self.world, self.table, self.trace = replayer.history.world, replayer.table, replayer.trace
        self.types = replayer.types
        nbytes = nbytes[: stop - start]
        if int(nbytes.sum()) > MOST_BYTES:
            stop = start + max(1, int(nbytes.cumsum().searchsorted(MOST_BYTES)))
        self.start = start
        self.user_arenas, slots = _who(self.world, self.trace.user_arena[start:stop])
        self.count = len(slots)
        if self.count:
            self._solve(slots, nbytes[: self.count])

    def _solve(self, slots: Ints, size: Ints) -> None:
        """Place the rows and cut them at the first that finds no room."""
        kinds = self.trace.type[self.start : self.start + self.count]
        spans = [self.world.spans[self.world.user_arenas[number].active or 0] for number in self.user_arenas]
        bases = np.array([span.free_base for span in spans], dtype=np.int64)
        limits = np.array([span.free_limit for span in spans], dtype=np.int64)
        ask = Ask(slots, self.table.pointerful.take(kinds), size, self.table.align.take(kinds), bases, limits)
        placed = solve(ask, self.table.levels)
        self.count = rows_that_fit(ask, placed)
        if self.count < len(slots):
            placed = first_rows(placed, self.count)
            ask = ask.first(self.count)
        self.spans, self.kinds, self.ask, self.placed = spans, kinds[: self.count], ask, placed
        self.edges = certify_run(ask, placed)

    def events(self) -> Iterator[Event]:
        """Return what happened: the carving, the bits, the scannable bytes."""
        caps = self._caps()
        yield self._bump_run(caps)
        if self.placed.fronts:
            rows = self.placed.order[: self.placed.fronts]
            kinds, own = self.kinds.take(rows).astype(np.intp), None if caps is None else caps[rows]
            for kind in self.table.on_demand[np.isin(self.table.on_demand, kinds)].tolist():
                yield from mask_built(self.world, self.types[kind])
            yield bits_of_run(self.world, self.spans, self.placed, kinds, own, self.table.masks)
            tails = self.table.tail.take(kinds)
            yield ScanAllocAdded(int(self.placed.size[: len(rows)].sum() - tails.sum()))

    def _caps(self) -> Ints | None:
        """Return the capacities by row, None when all values are single."""
        rows = slice(self.start, self.start + self.count)
        if not self.trace.has_slices or not (self.trace.op[rows] == SLICE).any():
            return None
        return np.where(self.trace.op[rows] == SLICE, self.trace.n[rows], SINGLE)

    def _bump_run(self, caps: Ints | None) -> BumpRun:
        placed, chunk_bases = self.placed, np.array([span.base for span in self.spans], dtype=np.int64)
        counts = placed.groups[1:] - placed.groups[:-1]
        offsets = np.empty(self.count, dtype=np.uint32)
        left = placed.start - np.concatenate((chunk_bases, chunk_bases)).repeat(counts)
        offsets[placed.order] = left.astype(np.uint32)
        last_up, last_down = _last_rows(placed, len(self.spans))
        return BumpRun(
            user_arenas=self.user_arenas,
            homes=tuple(span.chunk for span in self.spans),
            bases=tuple(chunk_bases.tolist()),
            free_bases=tuple(self.edges[0].tolist()),
            free_limits=tuple(self.edges[1].tolist()),
            last=tuple(np.maximum(last_up, last_down).tolist()),
            last_pointerful=tuple(last_up.tolist()),
            types=self.types,
            count=self.count,
            slots=self.ask.slot.tobytes(),
            kinds=self.kinds.tobytes(),
            offsets=offsets.tobytes(),
            caps=b"" if caps is None else caps.tobytes(),
        )


def _last_rows(placed: Placed, chunks: int) -> tuple[Ints, Ints]:
    """Return each chunk's last pointerful row and its last pointer-free one, −1 without any."""
    groups = placed.groups
    last = np.where(groups[1:] > groups[:-1], placed.order[groups[1:] - 1], -1)
    return last[:chunks], last[chunks:]


def _who(world: World, numbers: Ints) -> tuple[tuple[int, ...], Ints]:
    """Return the user arenas of a run, and each row's position among them.

    The rows end before the first whose arena can't be carved from: the machine knows what happens there.
    """
    if int(numbers.min()) < 0 or int(numbers.max()) > 4 * len(numbers) + 1024:
        there, inverse = np.unique(numbers, return_inverse=True)
        slots: Ints = inverse
    else:
        numbers = numbers.astype(np.intp)  # what numpy indexes with; others it would convert twice
        occurs = np.zeros(int(numbers.max()) + 1, dtype=bool)
        occurs[numbers] = True
        there = occurs.nonzero()[0]
        positions = np.empty(len(occurs), dtype=np.uint16)
        positions[there] = np.arange(len(there))
        slots = positions.take(numbers)
    usable = [_usable(world, number) for number in there.tolist()]
    if not all(usable):
        stop = int(np.argmin(np.array(usable)[slots]))
        return _who(world, numbers[:stop]) if stop else ((), slots[:0])
    return tuple(there.tolist()), slots.astype(np.uint16, copy=False)


def _usable(world: World, number: int) -> bool:
    user_arena = world.user_arenas.get(number)
    if (
        world.died
        or user_arena is None
        or user_arena.active is None
        or user_arena.defunct
        or user_arena.dropped
    ):
        return False
    return not world.spans[user_arena.active].needzero


def expand(history: History, index: int) -> History:
    """Run, step by step, the operations that were under way in event `index`; return their own history.

    Its events are the micro-events behind a run (or behind a repetition or a long slice), its start the
    World before the first of them, its end the World after the last.

    Raises:
        IndexError: the history has no such event.

    """
    if not 0 <= index < len(history):
        raise IndexError(f"event {index} of {len(history)}")
    last = history.op_of(index + 1)
    begun = history.op_starts[last] if last >= 0 else 0
    first = bisect_left(history.op_starts, begun)
    machine = Machine(history.rules, start=history.at(begun))
    return machine.run(history.ops[number] for number in range(first, last + 1))
