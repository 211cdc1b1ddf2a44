"""Scheduler: resumes procedures, applies what they yield, and says who acts.

Laws of this file:
1. A procedure is resumed only after the event it yielded has been applied and kept.
2. A Go panic or throw ends the operation as an event.
3. Whose an event is, the log says at once: operation, actor, and whether the runtime did it beside.
4. A cycle that an allocation started is a process of its own. By default it comes to its end before the
   program's next operation; it can be held, stepped, or never started (`Cycles`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import get_args

from arenalab.errors import GoError, ModelBug, ScenarioError, shown
from arenalab.machine import gc, pacer
from arenalab.machine.ends import event_of
from arenalab.machine.steps import CycleDue, Point, Request, StartTheWorld, Steps, StopTheWorld, Turn
from arenalab.world.actors import GC_WORKER
from arenalab.world.event import Event
from arenalab.world.events import ObjectCarved, ObjectsCarved, SmallObjectMade
from arenalab.world.history import History
from arenalab.world.state import World
from arenalab.world.timeline import Cycles

Check = Callable[[World], None]


class Process:
    """An operation under way, or a cycle beside the program."""

    __slots__ = (
        "actor", "at", "beside", "events", "last", "op", "own_actor", "started", "steps", "until", "world_stopped",
    )  # fmt: skip

    def __init__(
        self,
        op: int,
        actor: int,
        steps: Iterator[Event | Request],
        *,
        started: int = 0,
        beside: bool = False,
    ) -> None:
        """Hold the steps that are left of operation `op`, which `actor` performs."""
        self.op, self.own_actor, self.steps, self.beside = op, actor, steps, beside
        self.started = started  #: events before it was started.
        self.actor = actor  #: who acts in it now.
        self.world_stopped = False  #: whether it has stopped the world.
        self.last: Event | None = None  #: its last event.
        self.until = ""  #: the point at which it is to stop, "" for none.
        self.at = ""  #: the point at which it has stopped, "" for none.
        self.events: Iterator[Event | None] = iter(())  #: the same steps, driven; None while it has to wait.


class Scheduler:
    """Drives procedures and fills a History."""

    def __init__(self, history: History, check: Check | None, cycles: Cycles) -> None:
        """Drive into `history`; `check` is called with the World after every event.

        Raises:
            ScenarioError: no such way to treat cycles.

        """
        if cycles not in get_args(Cycles):
            raise ScenarioError(f"cycles is {shown(cycles)}; expected one of: {', '.join(get_args(Cycles))}")
        self.history, self.check, self.cycles = history, check, cycles
        self.begun: list[Process] = []  #: operations under way, taken step by step.
        self.cycle: Process | None = None  #: the cycle that goes on beside the program.

    def fork(self, history: History) -> Scheduler:
        """Return a scheduler that goes on from here in a copy of the history.

        Raises:
            ScenarioError: something is half done.

        """
        if self.begun or (self.cycle is not None and self.cycle.last is not None):
            raise ScenarioError("an operation is under way; finish it before the machine is forked")
        twin = Scheduler(history, self.check, self.cycles)
        if self.cycle is not None:
            twin.cycle = twin.cycle_of(self.cycle.op)
        return twin

    # whole operations

    def run(self, op: int, actor: int, steps: Iterator[Event | Request]) -> None:
        """Drive an operation's steps to their end, at full speed; few of them ask for anything."""
        process: Process | None = None
        record = self.history.record_all if self.check is None else self._record_checked
        try:
            while (step := record(steps)) is not None:
                process = process or Process(op, actor, steps)
                self._serve(process, step)
        except GoError as error:
            self._keep(process or Process(op, actor, steps), event_of(error))

    def _record_checked(self, steps: Iterator[object]) -> object | None:
        """Record as `History.record_all` does, and check the World after every event."""
        for step in steps:
            if not isinstance(step, Event):
                return step
            self.history.record(step)
            if self.check is not None:
                self.check(self.history.world)
        return None

    def _serve(self, process: Process, request: object) -> None:
        """Do what a procedure asks, with all that has to come first.

        Raises:
            ModelBug: it asks for nothing that there is.

        """
        if not isinstance(request, Request):
            raise ModelBug(f"no rule says what {type(request).__name__} changes")
        for step in self._served(process, request):
            if isinstance(step, Event):
                self._keep(process, step)
            else:
                self._serve(process, step)

    def go_on(self) -> None:
        """Bring the cycle beside the program to its end."""
        while self.cycle is not None and self.step(self.cycle) is not None:
            pass
        if self.world_can_stop():  # else it waits for a goroutine that holds its M, and stays
            self.cycle = None

    def forget(self, op: int) -> None:
        """Drop the processes of an operation that was taken back, and of all that came after it."""
        self.begun = [process for process in self.begun if process.op < op]
        if self.cycle is not None and self.cycle.op >= op:
            self.cycle = None

    # step by step

    def begin(self, process: Process) -> Process:
        """Get a process ready to be stepped."""
        process.events = self._drive(process)
        return process

    def step(self, process: Process) -> Event | None:
        """Take the next step of a process. None: it is done, has to wait, or the program has died."""
        return None if self.history.world.died else next(process.events, None)

    def _drive(self, process: Process) -> Iterator[Event | None]:
        try:
            yield from self._driven(process, process.steps)
        except GoError as error:
            yield self._keep(process, event_of(error))

    def _driven(self, process: Process, steps: Iterator[Event | Request]) -> Iterator[Event | None]:
        for step in steps:
            if isinstance(step, Event):
                yield self._keep(process, step)
                continue
            if isinstance(step, Point) and step.name == process.until:
                process.at = step.name
                self.history.log.stop(process.op, step.name)
                yield None
            while isinstance(step, StopTheWorld) and not self.world_can_stop(process):
                yield None
            yield from self._driven(process, self._served(process, step))

    def _keep(self, process: Process, event: Event) -> Event:
        self.history.turn(process.op, process.actor, beside=process.beside)
        self.history.record(event)
        process.last = event
        if self.check is not None:
            self.check(self.history.world)
        return event

    def world_can_stop(self, asking: Process | None = None) -> bool:
        """Return whether Go could stop the world now: no goroutine but the asking one's holds its M."""
        return not any(
            process.last is not None and holds_m(process.last)
            for process in self.begun
            if process is not asking
        )

    # requests

    def _served(self, process: Process, request: Request) -> Steps[None]:
        """Do what a procedure asks; return the steps that have to come first."""
        match request:
            case Turn(actor):
                process.actor = process.own_actor if actor is None else actor
                self.history.turn(process.op, process.actor, beside=process.beside)
            case CycleDue() if self.cycles != "asked":
                return self._start_cycle(process)
            case StopTheWorld() | StartTheWorld():
                process.world_stopped = isinstance(request, StopTheWorld)
        return _nothing()

    def _start_cycle(self, process: Process) -> Steps[None]:
        """Start a cycle in the goroutine whose allocation reached the trigger. Go: gcStart, mgc.go, 1.21."""
        world = self.history.world
        yield pacer.trigger_reached(world)
        yield from gc.start_and_queue_roots(world)
        if self.cycles == "beside":
            self.cycle = self.cycle_of(process.op)

    def cycle_of(self, op: int) -> Process:
        """Return what is left of the cycle that an operation started, ready to be stepped."""
        return self.begin(Process(op, GC_WORKER, gc.go_on(self.history.world), beside=True))


def holds_m(event: Event) -> bool:
    """Return whether the goroutine holds its M after an event, so that it can't be stopped.

    Pointer-free values are placed in one step; all other allocating goes on while the M is held, and so
    does growing a slice under userArenaState.lock. A handle's slot is taken within one mallocgc.
    """
    if isinstance(event, ObjectCarved | ObjectsCarved):
        return event.type.ptr_bytes > 0
    if isinstance(event, SmallObjectMade):
        return event.what in ("handle", "reuse", "fault")
    return event.holds_m


def _nothing() -> Steps[None]:
    yield from ()
