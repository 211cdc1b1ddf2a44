"""Machine: takes operations, drives procedures, fills a History.

Rules:
1. A Go panic or throw ends the operation as an event; a throw, or a panic that the program
   doesn't recover, ends the program.
2. Whatever else goes wrong is raised: `ScenarioError` to the person who asked, `ModelBug` to us.
3. An operation that is refused leaves no trace.
"""

from __future__ import annotations

import gc as cyclic
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from copy import copy
from functools import partial
from typing import ClassVar, Self

from arenalab.asked import checks_calls, function_of, instance, one_of
from arenalab.go.rules import GoRules
from arenalab.machine import program
from arenalab.machine.driver import Driver
from arenalab.machine.procedures import IN_BULK, PROCEDURES, Procedures
from arenalab.machine.process import ran_on, scheduled
from arenalab.machine.refusals import check_may_begin
from arenalab.machine.scheduler import Check, Scheduler
from arenalab.machine.starting import rules_of
from arenalab.machine.steps import Steps
from arenalab.units import plainly
from arenalab.world import ops
from arenalab.world.actors import MAIN
from arenalab.world.event import Event
from arenalab.world.event_list import Events
from arenalab.world.history import History
from arenalab.world.ops import Op
from arenalab.world.schedule import goroutine_of, p_of
from arenalab.world.state import World
from arenalab.world.timeline import Cycles
from arenalab.world.touch import Pointer, Touch, touch


@checks_calls
class Machine(Driver):
    """Runs a program step by step: `Machine(go="1.27").do(NewArena(0))` returns what happened.

    >>> from arenalab.world.ops import NewArena
    >>> Machine(go="1.27").do(NewArena(0))[-1]
    <SmallObjectMade: mallocgc: 8 bytes for the arena.Arena of user arena 0>
    """

    offered: ClassVar[tuple[str, ...]] = (
        *("begin", "do", "finish", "fork", "go_on", "history", "interleave", "rules", "run", "step"),
        *("step_beside", "take", "touch", "until", "within", "world"),
    )

    def __init__(
        self,
        rules: GoRules | None = None,
        *,
        go: str | None = None,
        start: World | None = None,
        check: Check | None = None,
        in_bulk: bool = False,
        cycles: Cycles = "beside",
    ) -> None:
        """Start a program.

        Args:
            rules: what Go does, by version, platform and build mode; without them, what the version `go` does.
            go: a version of Go, such as "1.24" or "go1.27.3"; without it, that of `start`, else the newest there is.
            start: a World to go on from instead of a fresh one.
            check: called with the World after every event, to test laws.
            in_bulk: solve long runs of equal values and long slices at once, certified.
            cycles: what becomes of a cycle when an allocation reaches the trigger. "beside": it ends beside
                the program, before the next operation; "held": it is held while it marks, until an
                operation goes on with it; "asked": none starts, operations alone start cycles.

        Raises:
            ScenarioError: no such Go, no such way to treat cycles, or bits that lie where this version has none.
            GoThrow: Go would not start with such constants (possible for a what-if only).

        """
        rules = rules_of(rules, go, start)
        instance("in_bulk", in_bulk, bool, "True or False")
        if check is not None:
            function_of("check", check, "a function of a World, or None")
        self.history = History(rules, start)
        self.history.cycles = cycles
        self.rules = rules
        self.scheduler = Scheduler(self.history, check, cycles)
        self.named = set(self.world.holds)  #: those that Hold named, also where there was nothing to hold.
        self._names_known = start is None
        self.procedures: Procedures = PROCEDURES | (IN_BULK if in_bulk else {})
        self.bind()

    @property
    def world(self) -> World:
        """Return the World now."""
        return self.history.world

    def fork(self) -> Self:
        """Return a machine that stands where this one does and may go another way; its history begins here.

        Raises:
            ScenarioError: an operation, or a cycle beside the program, has begun and is not done.

        """
        twin, history = copy(self), History(self.rules, self.world)
        history.cycles = self.history.cycles
        vars(twin).update(history=history, scheduler=self.scheduler.fork(history), named=set(self.named))
        twin.bind()
        return twin

    def bind(self) -> None:
        """Have the procedures that need to know which globals were named ask for this machine's."""
        # They hold the names, not the machine: it would hold itself, and Python's collector is at rest.
        naming: Procedures = {
            ops.Hold: partial(_hold, self.named),
            ops.Unhold: partial(_unhold, self._names()),
        }
        self.procedures = self.procedures | naming

    def _names(self) -> set[int] | None:
        return self.named if self._names_known else None

    def do(self, op: Op, goroutine: int = MAIN, p: int | None = None) -> Events:
        """Run an operation of a goroutine to its end and return its events.

        What that goroutine is within is finished first; others stay within theirs. A cycle that an earlier
        allocation started ends first, beside the program: its events stand in the history, not in what is returned.

        Args:
            op: the operation.
            goroutine: who performs it, numbered as Go numbers them: main's is 1.
            p: the processor that the goroutine runs on, None for where it ran last, at first P 0.

        Raises:
            ScenarioError: the operation makes no sense now, or has to wait for another goroutine; nothing has
                happened.

        """
        scheduler, history = self.scheduler, self.history
        if goroutine is not MAIN or p is not None:
            goroutine, p = goroutine_of("goroutine", goroutine), p_of("p", p)
        if scheduler.begun:
            self.finish(goroutine)
            if scheduler.begun:
                return self._do_beside(op, goroutine, p)
        if scheduler.cycle is not None:
            self._let_cycle_go_on(op)
        number, started = len(history.ops), len(history.events)
        steps, world = self._steps(op), history.world
        first = scheduled(world, goroutine, ran_on(world, goroutine) if p is None else p)
        if first is not None:
            steps = _first(first, steps)
        try:
            history.begin(op, goroutine)
            scheduler.run(number, goroutine, steps)
        except BaseException as error:
            self._take_back(number, started, error)
            raise
        return Events(history.events[started:])

    def _do_beside(self, op: Op, goroutine: int, p: int | None) -> Events:
        """Run an operation to its end while other goroutines stand within theirs."""
        check_may_begin(goroutine, op, self._within())
        self._check_world_can_stop(op)
        self._let_cycle_go_on(op)
        started = len(self.history)
        self._to_its_end(self.start(op, goroutine, p))
        return Events(self.history.events[started:])

    def run(self, program_ops: Iterable[Op]) -> History:
        """Run many operations and return the history.

        Raises:
            ScenarioError: no program, or an operation makes no sense now; those before it have been done.

        """
        program_ops = ops.program(program_ops)
        with collector_at_rest():
            for op in program_ops:
                self.do(op)
        return self.history

    def __repr__(self) -> str:
        """Describe which Go it is and how far it is."""
        done = f"{plainly(len(self.history.ops), 'operation')}, {plainly(len(self.history.events), 'event')}"
        return f"<{type(self).__name__} of Go {self.rules.version}: {done}>"

    def touch(self, pointer: Pointer | int, *, write: bool = False, panic_on_fault: bool = False) -> Touch:
        """Describe what reading (or writing) through a pointer does now; nothing happens.

        Give an address, or `Pointer(object, offset)`: only that one knows whose bytes it expects.
        """
        return touch(self.world, pointer, write=write, panic_on_fault=panic_on_fault)


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Let Python's own cycle collector rest: a run makes millions of events and not one cycle."""
    was_on = cyclic.isenabled()
    cyclic.disable()
    try:
        yield
    finally:
        if was_on:
            cyclic.enable()


def _hold(named: set[int], w: World, op: ops.Hold) -> Steps[None]:
    yield from program.hold(w, op.hold, op.user_arena)
    named.add(op.hold)


def _unhold(named: set[int] | None, w: World, op: ops.Unhold) -> Steps[None]:
    if named is not None and op.hold not in named:
        one_of("Unhold.hold", op.hold, sorted(named), "a global that Hold named")
    return program.unhold(w, op.hold)


def _first(event: Event, steps: Steps[None]) -> Steps[None]:
    yield event
    yield from steps
