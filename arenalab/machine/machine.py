"""Machine: takes operations, drives procedures, fills a History.

Laws of this file:
1. A Go panic or throw ends the operation as an event; a throw, or a panic that the program
   doesn't recover, ends the program.
2. Whatever else goes wrong is raised: `ScenarioError` to the person who asked, `ModelBug` to us.
3. An operation that is refused leaves no trace.
"""

from __future__ import annotations

import gc as cyclic
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from copy import copy
from functools import partial

from arenalab.asked import Called, instance, one_of
from arenalab.errors import ArgumentError, GoError, ScenarioError
from arenalab.go.init_checks import check_constants
from arenalab.go.rules import GoRules
from arenalab.go.versions import GO_NEWEST, go_rules
from arenalab.machine import program
from arenalab.machine.heap_bits import check_home
from arenalab.machine.procedures import BY_HAND, IN_BULK, PROCEDURES, STOPS_THE_WORLD, Procedures
from arenalab.machine.scheduler import Check, Process, Scheduler
from arenalab.machine.steps import Steps
from arenalab.world import ops
from arenalab.world.actors import MAIN
from arenalab.world.event import Event
from arenalab.world.history import History
from arenalab.world.ops import Op
from arenalab.world.state import World
from arenalab.world.timeline import Cycles
from arenalab.world.touch import Pointer, Touch, touch


def unasked(start: World | None) -> GoRules:
    """Return the rules where nobody gives any: those of the World to go on from, else the newest Go's."""
    if start is None:
        return GO_NEWEST
    instance("start", start, World, "a World, such as history.at(10)")
    return start.rules


def _rules_of(rules: GoRules | None, go: str | None, start: World | None) -> GoRules:
    """Return the rules given, or those of the version given; refuse both, and constants that Go refuses."""
    if rules is None:
        rules = unasked(start) if go is None else go_rules(go)
    elif go is not None:
        raise ArgumentError("go", go, "left out where rules are given: they say the version")
    instance("rules", rules, GoRules, "GoRules, such as dataclasses.replace(arenalab.go_rules(), gogc=50)")
    check_constants(rules)
    check_home(rules)
    return rules


class Machine(metaclass=Called):
    """Runs a program step by step: `Machine(go="1.27").do(NewArena(0))` returns what happened."""

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
        rules = _rules_of(rules, go, start)
        if start is not None:
            instance("start", start, World, "a World, such as history.at(10)")
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

    def fork(self) -> Machine:
        """Return a machine that stands where this one does and may go another way; its history begins here.

        Raises:
            ScenarioError: an operation, or a cycle beside the program, has begun and is not done.

        """
        twin = copy(self)
        twin.history = History(self.rules, self.world.fork(apart=True))
        twin.history.cycles = self.history.cycles
        twin.scheduler = self.scheduler.fork(twin.history)
        twin.named = set(self.named)
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

    def do(self, op: Op) -> list[Event]:
        """Run an operation to its end and return its events.

        A cycle that an earlier allocation started ends first, beside the program: its events stand in
        the history, not in what is returned.

        Raises:
            ScenarioError: the operation makes no sense now; nothing has happened.

        """
        scheduler, history = self.scheduler, self.history
        if scheduler.begun:
            self.finish()
        if scheduler.cycle is not None:
            self._let_cycle_go_on(op)
        number, started = len(history.ops), len(history.events)
        steps = self._steps(op)
        try:
            history.begin(op)
            scheduler.run(number, MAIN, steps)
        except BaseException as error:
            self._take_back(number, started, error)
            raise
        return history.events[started:]

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

    def begin(self, op: Op) -> None:
        """Start an operation without taking a step; `step` and `finish` go on with it.

        Raises:
            ScenarioError: no operation, or the program has died.

        """
        self.finish()
        self._let_cycle_go_on(op)
        self.start(op)

    def step(self) -> Event | None:
        """Take the next step of the operation begun last; None when it is done.

        Raises:
            ScenarioError: the operation makes no sense now; it is taken back, with all that came between
                its steps.

        """
        begun = self.scheduler.begun
        if not begun:
            return None
        process = begun[-1]
        try:
            event = self.scheduler.step(process)
        except BaseException as error:
            self._take_back(process.op, process.started, error)
            raise
        if event is None:
            begun.remove(process)
        return event

    def until(self, wanted: Callable[[Event], bool]) -> Event | None:
        """Step until an event is as wanted; None when the operation ends first."""
        while (event := self.step()) is not None:
            if wanted(event):
                return event
        return None

    def finish(self) -> None:
        """Take the steps that are left of the operations begun, the last one's first."""
        while self.scheduler.begun:
            self.step()

    def step_beside(self) -> Event | None:
        """Take the next step of the cycle that an allocation started; it goes on beside the program.

        None when there is no such cycle, or when it waits to stop the world for a goroutine that holds its M.
        """
        cycle = self.scheduler.cycle
        if cycle is None or not self.can_stop_the_world:  # one P: who holds its M is not preempted
            return None
        event = self.scheduler.step(cycle)
        while cycle.world_stopped and event is not None:  # nobody else runs meanwhile
            event = self.scheduler.step(cycle)
        if event is None and self.can_stop_the_world:
            self.scheduler.cycle = None
        return event

    @property
    def cycle_beside(self) -> bool:
        """Whether a cycle that an allocation started is under way beside the program."""
        return self.scheduler.cycle is not None

    @property
    def can_stop_the_world(self) -> bool:
        """Whether Go could start or end a cycle now: not while a goroutine holds its M."""
        return self.scheduler.world_can_stop()

    def interleave(self, op: Op) -> list[Event]:
        """Run another operation between two steps of the one begun, as a collector beside it would.

        Raises:
            ScenarioError: the operation stops the world, and Go can't stop it here.

        """
        if isinstance(op, STOPS_THE_WORLD) and not self.can_stop_the_world:
            msg = f"{op} stops the world, and the goroutine holds its M; take more steps first"
            raise ScenarioError(msg)
        begun, events, started = len(self.scheduler.begun), self.history.events, len(self.history)
        self.start(op)
        while len(self.scheduler.begun) > begun:
            self.step()
        return events[started:]

    def __repr__(self) -> str:
        """Say how far it is."""
        return (
            f"<{type(self).__name__}: {len(self.history.ops)} operations, {len(self.history.events)} events>"
        )

    def go_on(self) -> None:
        """Bring the cycle that an allocation started, if there is one, to its end."""
        self.scheduler.go_on()

    def _let_cycle_go_on(self, op: Op) -> None:
        """Have a cycle that an allocation started end beside the program, before `op` is performed.

        Whoever drives the collector by hand takes it over instead; an operation that is refused leaves
        no trace, so it is asked first.
        """
        if self.scheduler.cycle is None or isinstance(op, ops.Snapshot):
            return
        if isinstance(op, BY_HAND):
            self.scheduler.cycle = None
            return
        with suppress(GoError):
            next(self._steps(op), None)
        self.scheduler.go_on()

    def start(self, op: Op) -> Process:
        """Start an operation beside those begun, if any; the scheduler steps it."""
        process = self.scheduler.begin(self._process(op))
        self.scheduler.begun.append(process)
        return process

    def _process(self, op: Op) -> Process:
        """Enter an operation into the history, to be performed by the program's goroutine."""
        started, steps = len(self.history), self._steps(op)
        return Process(self.history.begin(op), MAIN, steps, started=started)

    def _steps(self, op: Op) -> Steps[None]:
        """Return the steps of an operation, also where Go fails before the first; nothing has happened yet."""
        world = self.history.world
        if world.died:
            raise ScenarioError(f"the program has died: {world.died}")
        procedure = self.procedures.get(type(op))
        if procedure is None:
            raise ArgumentError("op", op, 'an operation, such as New(0, arenalab.type_of("int"))')
        try:
            return procedure(world, op)
        except GoError as error:
            return _failing(error)

    def _take_back(self, op: int, started: int, error: BaseException) -> None:
        """See to it that nothing has happened since an operation was started, whatever was raised."""
        self.history.take_back(op, started, whole=not isinstance(error, ScenarioError))
        self.scheduler.forget(op)

    def touch(self, pointer: Pointer | int, *, write: bool = False, panic_on_fault: bool = False) -> Touch:
        """Say what reading (or writing) through a pointer does now; nothing happens.

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


def _failing(error: GoError) -> Steps[None]:
    """Fail at the first step, as a procedure does that looks before it starts."""
    yield from ()
    raise error
