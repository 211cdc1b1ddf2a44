"""Scheduler: resumes procedures, applies what they yield, and says who acts.

Rules:
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
from arenalab.machine.procedures import COLLECTS
from arenalab.machine.process import LAST_UNDER, Process, place_of, scheduled
from arenalab.machine.steps import (
    AMONG_OTHERS,
    CycleDue,
    Lock,
    Point,
    Request,
    StartTheWorld,
    Steps,
    StopTheWorld,
    Turn,
    Unlock,
)  # fmt: skip
from arenalab.world.actors import GC_WORKER, MAIN
from arenalab.world.event import Event
from arenalab.world.history import History
from arenalab.world.schedule_events import GoroutineScheduled
from arenalab.world.state import World
from arenalab.world.timeline import Cycles

Check = Callable[[World], None]


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
        self.waits = True  #: whether anybody waits; not where a log says who was next.
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
                if type(step) in AMONG_OTHERS:
                    continue
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

    def forget(self, op: int, nevents: int) -> None:
        """Drop the processes of an operation that was taken back, of all after it, and of who went on since."""
        self.begun[:] = [each for each in self.begun if each.op < op and each.moved <= nevents]
        if self.cycle is not None and self.cycle.op >= op:
            self.cycle = None

    # step by step

    def begin(self, process: Process) -> Process:
        """Get a process ready to be stepped."""
        process.events = self._drive(process)
        return process

    def step(self, process: Process) -> Event | None:
        """Take the next step of a process. None: it is done, has to wait, or the program has died."""
        if self.history.world.died:
            process.done = True
            return None
        return next(process.events, None)

    def _drive(self, process: Process) -> Iterator[Event | None]:
        try:
            yield from self._driven(process, process.steps)
        except GoError as error:
            yield self._keep(process, event_of(error))
        process.done = True

    def _driven(self, process: Process, steps: Iterator[Event | Request]) -> Iterator[Event | None]:
        while True:
            yield from self._its_turn(process)
            step = next(steps, None)
            if step is None:
                return
            if isinstance(step, Event):
                yield self._keep(process, step)
                continue
            yield from self._standing(process, step)
            yield from self._driven(process, self._served(process, step))

    def _standing(self, process: Process, step: Request) -> Iterator[None]:
        """Stand still at a point that was asked for, or where the step has to wait; the log keeps it, as a place."""
        place = place_of(step)
        if not place:
            return
        if place == process.until:
            process.at = place if isinstance(step, Point) else ""
            self.history.log.stop(process.op, place)
            yield None
        elif isinstance(step, Lock | StopTheWorld) and self._must_wait(process, step):
            if not process.beside:
                self.history.log.stop(process.op, place)
            yield None
            while self._must_wait(process, step):
                yield None

    def _its_turn(self, process: Process) -> Iterator[Event | None]:
        """Wait for who stands in the way; then the goroutine is scheduled, before anything reads which P it is on."""
        while process.actor >= MAIN:
            if self._must_wait(process, None):
                yield None
            elif (event := scheduled(self.history.world, process.actor, process.p)) is not None:
                yield self._keep(process, event)  # and others may come before its next step
            else:
                return

    def _must_wait(self, process: Process, step: Request | None) -> bool:
        """Return whether others stand in the way of a step, or of the next one for None; `waits_for` says why."""
        process.waits_for = self._in_its_way(process, step) if self.waits else ""
        return bool(process.waits_for)

    def _in_its_way(self, process: Process, step: Request | None) -> str:
        for other in (*self.begun, self.cycle):
            if other is None or other is process:
                continue
            # Most of many goroutines stand at a point and hold nothing there. Asked here: it is asked very often.
            if other.at and not other.locks and not other.world_stopped:
                continue
            if process.actor >= MAIN and (why := process.waits_for_other(other)):
                return why
            if isinstance(step, Lock) and step.name in other.locks and other.own_actor != process.own_actor:
                return f"goroutine {other.own_actor} holds {step.name}"
        stops = isinstance(step, StopTheWorld) and not self.world_can_stop(process)
        return "a goroutine holds its M" if stops else ""

    def _keep(self, process: Process, event: Event) -> Event:
        self.history.turn(process.op, process.actor, beside=process.beside)
        self.history.record(event)
        process.at, process.moved = "", len(self.history)
        if not isinstance(event, GoroutineScheduled):  # it says who acts next, and lets nothing go
            process.last = event
        process.locks.discard(LAST_UNDER.get(type(event), ""))
        if self.check is not None:
            self.check(self.history.world)
        return event

    def world_can_stop(self, asking: Process | None = None) -> bool:
        """Return whether Go could stop the world now: no goroutine but the asking one's holds its M."""
        return not any(process.holds_m for process in self.begun if process is not asking)

    # requests

    def _served(self, process: Process, request: Request) -> Iterator[Event | Request]:
        """Do what a procedure asks; return the steps that have to come first."""
        match request:
            case Turn(actor):
                process.actor = process.own_actor if actor is None else actor
                self.history.turn(process.op, process.actor, beside=process.beside)
            case Lock(name):
                process.locks.add(name)
            case Unlock(name):
                process.locks.discard(name)
            case CycleDue() if self.cycles != "asked" and not self._somebody_collects(process):
                return self._start_cycle(process)
            case StopTheWorld() | StartTheWorld():
                process.world_stopped = isinstance(request, StopTheWorld)
        return iter(())

    def _somebody_collects(self, process: Process) -> bool:
        """Return whether another goroutine starts a cycle, or runs one: who comes second finds no trigger due."""
        others = [
            other for other in self.begun if other is not process and other.own_actor != process.own_actor
        ]
        return any(each.collects or isinstance(self.history.ops[each.op], COLLECTS) for each in others)

    def _start_cycle(self, process: Process) -> Steps[None]:
        """Start a cycle in the goroutine whose allocation reached the trigger. Go: gcStart, mgc.go, 1.21."""
        world = self.history.world
        process.collects = True
        yield pacer.trigger_reached(world)
        yield from gc.start_and_queue_roots(world)
        process.collects = False
        if self.cycles == "beside":
            self.cycle = self.cycle_of(process.op)

    def cycle_of(self, op: int) -> Process:
        """Return what is left of the cycle that an operation started, ready to be stepped."""
        return self.begin(Process(op, GC_WORKER, gc.go_on(self.history.world), beside=True))
