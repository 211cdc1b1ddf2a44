"""Driver: performs operations in parts. By hand, step by step; or turn by turn, each of a goroutine.

Rules:
1. A goroutine's turn ends at the point asked for, or with its operation; others may take theirs between two.
2. A turn, or an operation, that is refused leaves no trace.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from arenalab.asked import Called, function_of, whole
from arenalab.errors import ArgumentError, GoError, ScenarioError, shown
from arenalab.machine.procedures import BY_HAND, STOPS_THE_WORLD, Procedures
from arenalab.machine.process import Process, ran_on
from arenalab.machine.refusals import check_may_begin
from arenalab.machine.scheduler import Scheduler
from arenalab.machine.steps import Steps
from arenalab.names import Named
from arenalab.world import ops
from arenalab.world.actors import MAIN
from arenalab.world.event import Event
from arenalab.world.event_list import Events
from arenalab.world.history import History
from arenalab.world.ops import Op
from arenalab.world.schedule import Begin, GoOn, Turn, goroutine_of, p_of

#: Whose steps: a goroutine, or below 0 the runtime, as a recording may have it.
ACTOR = "the number of a goroutine, as Go numbers them, or None"


class Driver(Named, metaclass=Called):
    """Takes turns and steps; what a machine is made of, `Machine` says."""

    history: History
    scheduler: Scheduler
    procedures: Procedures

    # turn by turn

    def take(self, turn: Turn) -> Events:
        """Have a goroutine take its turn: begin an operation or go on with it, up to a point or its end.

        Returns the events of the turn. It ends as well where the operation does, or where it has to wait for
        another goroutine (for a lock, or until that lets its M go): `within` says who is within an operation.

        Raises:
            ScenarioError: no turn, a goroutine that is within an operation can't begin another, one that is in
                none can't go on, another's operation is in the way, an operation that makes no sense now;
                nothing has happened.

        """
        if self.history.world.died:
            raise ScenarioError(f"the program has died: {self.history.world.died}")
        if isinstance(turn, Begin):
            check_may_begin(turn.goroutine, turn.op, self._within())
            self._check_world_can_stop(turn.op)
            self._let_cycle_go_on(turn.op)
            started = len(self.history)
            process = self.start(turn.op, turn.goroutine, turn.p)
        elif isinstance(turn, GoOn):
            process, started = self._goes_on(turn), len(self.history)
        else:
            raise ArgumentError("turn", turn, "a turn, such as Begin(1, NewArena(0)) or GoOn(1)")
        self._advance(process, turn.until)
        return Events(self.history.events[started:])

    @property
    def within(self) -> dict[int, int]:
        """Return the goroutines that are within an operation, goroutine -> the operation's number."""
        return {process.own_actor: process.op for process in self.scheduler.begun}

    def waits_for(self, goroutine: int) -> str:
        """Describe what a goroutine's operation waited for when it was last asked to go on, "" for nothing."""
        return self._process_of(goroutine).waits_for

    def _within(self) -> dict[int, tuple[int, Op]]:
        begun = self.scheduler.begun
        return {each.own_actor: (each.op, each.asked) for each in begun if each.asked is not None}

    def _process_of(self, goroutine: int) -> Process:
        for process in reversed(self.scheduler.begun):
            if process.own_actor == goroutine:
                return process
        there = ", ".join(map(str, sorted(self.within))) or "none"
        raise ScenarioError(
            f"goroutine {shown(goroutine)} is within no operation; those that are: {there}. "
            f"Begin({shown(goroutine)}, op, until) starts one"
        )

    def _goes_on(self, turn: GoOn) -> Process:
        process = self._process_of(turn.goroutine)
        process.p = process.p if turn.p is None else turn.p
        return process

    def _advance(self, process: Process, until: str) -> None:
        """Step a process up to a point, an event of a kind, its end, or to where it has to wait."""
        process.until = until
        while (event := self._stepped(process)) is not None:
            if type(event).__name__ == until:
                break
        process.until = ""

    def _to_its_end(self, process: Process) -> None:
        """Step a process to its end, which nobody may stand in the way of.

        Raises:
            ScenarioError: another goroutine does; nothing has happened.

        """
        self._advance(process, "")
        if not process.done:
            msg = f"{self.history.ops[process.op]} can't come to its end: {process.waits_for}; let that go on first"
            self.history.take_back(process.op, process.started)
            self.scheduler.forget(process.op, process.started)
            raise ScenarioError(msg)

    def _stepped(self, process: Process) -> Event | None:
        try:
            event = self.scheduler.step(process)
        except BaseException as error:
            self._take_back(process.op, process.started, error)
            raise
        if process.done:
            self.scheduler.begun.remove(process)
        return event

    # by hand

    def begin(self, op: Op, goroutine: int = MAIN, p: int | None = None) -> None:
        """Start an operation without taking a step; `step` and `finish` go on with it.

        What the goroutine is within is finished first; `p` is as in `Begin`.

        Raises:
            ScenarioError: no operation, or the program has died, or another goroutine stands in the way.

        """
        goroutine, p = goroutine_of("goroutine", goroutine), p_of("p", p)
        self.finish(goroutine)
        check_may_begin(goroutine, op, self._within())
        self._let_cycle_go_on(op)
        self.start(op, goroutine, p)

    def step(self, goroutine: int | None = None) -> Event | None:
        """Take the next step of the operation begun last, or of a goroutine's; None when it is done, or has to wait.

        Raises:
            ScenarioError: the operation makes no sense now; it is taken back, with all that came between
                its steps. Whoever has gone on since is within no operation any more.

        """
        goroutine = None if goroutine is None else whole("goroutine", goroutine, ACTOR)
        begun = [p for p in self.scheduler.begun if goroutine is None or p.own_actor == goroutine]
        return self._stepped(begun[-1]) if begun else None

    def until(self, wanted: Callable[[Event], bool]) -> Event | None:
        """Step until an event is as wanted; None when the operation ends first.

        Raises:
            ArgumentError: no function.

        """
        function_of("wanted", wanted, "a function of an event that returns True or False")
        while (event := self.step()) is not None:
            if wanted(event):
                return event
        return None

    def finish(self, goroutine: int | None = None) -> None:
        """Take the steps that are left of the operations begun, a goroutine's or all, the last one's first.

        Raises:
            ScenarioError: the goroutine waits for another, which has to go on first.

        """
        goroutine = None if goroutine is None else whole("goroutine", goroutine, ACTOR)
        begun, before = self.scheduler.begun, (-1, -1)
        while left := [p for p in begun if goroutine in (None, p.own_actor)]:
            if before == (now := (len(begun), len(self.history))):
                raise ScenarioError(f"goroutine {left[-1].own_actor} has to wait: {left[-1].waits_for}")
            before = now
            for process in reversed(left):
                self._advance(process, "")

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

    def interleave(self, op: Op) -> Events:
        """Run another operation between two steps of the one begun, as a collector beside it would.

        Raises:
            ScenarioError: the operation stops the world, and Go can't stop it here.

        """
        self._check_world_can_stop(op)
        events, started = self.history.events, len(self.history)
        self._to_its_end(self.start(op))
        return Events(events[started:])

    def _check_world_can_stop(self, op: Op) -> None:
        if isinstance(op, STOPS_THE_WORLD) and not self.can_stop_the_world:
            msg = f"{op} stops the world, and a goroutine holds its M; take more steps first"
            raise ScenarioError(msg)

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

    def start(self, op: Op, goroutine: int = MAIN, p: int | None = None) -> Process:
        """Start an operation of a goroutine beside those begun, if any; the scheduler steps it."""
        started, steps = len(self.history), self._steps(op)
        number = self.history.begin(op, goroutine)
        p = ran_on(self.history.world, goroutine) if p is None else p
        process = Process(number, goroutine, steps, started=started, p=p, asked=op)
        self.scheduler.begun.append(self.scheduler.begin(process))
        return process

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
        self.scheduler.forget(op, started)


def _failing(error: GoError) -> Steps[None]:
    """Fail at the first step, as a procedure does that looks before it starts."""
    yield from ()
    raise error
