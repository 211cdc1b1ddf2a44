"""Machine: takes operations, drives procedures, fills a History.

Laws of this file:
1. A procedure is resumed only after the event it yielded has been applied and kept.
2. A Go panic or throw ends the operation as an event; a throw, or a panic that the program
   doesn't recover, ends the program.
3. Whatever else goes wrong is raised: `ScenarioError` to the person who asked, `ModelBug` to us.
"""

from __future__ import annotations

import gc as cyclic
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from copy import copy
from typing import Any

from arenalab.errors import ArgumentError, GoError, ScenarioError
from arenalab.go.init_checks import check_constants
from arenalab.go.rules import GoRules
from arenalab.go.versions import GO_1_21
from arenalab.machine import access, api, bulk, gc, program, user_arena
from arenalab.machine.clone import clone
from arenalab.machine.ends import event_of
from arenalab.machine.steps import Steps
from arenalab.world import ops
from arenalab.world.event import Event
from arenalab.world.events import ObjectCarved, ObjectsCarved
from arenalab.world.history import History
from arenalab.world.named import one_of
from arenalab.world.ops import Op
from arenalab.world.state import World
from arenalab.world.touch import Pointer, Touch, touch

Check = Callable[[World], None]
Procedure = Callable[[World, Any], Steps[None]]
Procedures = dict[type[Op], Procedure]


class Machine:
    """Runs a program step by step: `Machine(GO_1_21).do(NewArena(0))` returns what happened."""

    def __init__(
        self,
        rules: GoRules = GO_1_21,
        *,
        start: World | None = None,
        check: Check | None = None,
        in_bulk: bool = False,
    ) -> None:
        """Start a program.

        Args:
            rules: what Go does, by version, platform and build mode.
            start: a World to go on from instead of a fresh one.
            check: called with the World after every event, to test laws.
            in_bulk: solve long runs of equal values and long slices at once, certified.

        Raises:
            GoThrow: Go would not start with such constants (possible for a what-if only).

        """
        check_constants(rules)
        self.history = History(rules, start)
        self.rules = rules
        self._check = check
        self._globals = set(self.world.holds)  #: those that Hold named, also where there was nothing to hold.
        self._globals_known = start is None
        own: Procedures = {ops.Hold: self._hold, ops.Unhold: self._unhold}
        self._procedures = {**PROCEDURES, **(IN_BULK if in_bulk else {}), **own}
        self._steps: Iterator[Event] | None = None
        self._begun: tuple[int, int] | None = None  #: operations and events before the operation begun.

    @property
    def world(self) -> World:
        """Return the World now."""
        return self.history.world

    def fork(self) -> Machine:
        """Return a machine that stands where this one does and may go another way.

        Raises:
            ScenarioError: an operation has begun and is not done.

        """
        if self._steps is not None:
            raise ScenarioError("an operation is under way; finish it before the machine is forked")
        twin = copy(self)
        twin.history = self.history.fork()
        return twin

    def do(self, op: Op) -> list[Event]:
        """Run an operation to its end and return its events.

        Raises:
            ScenarioError: the operation makes no sense now; nothing has happened.

        """
        if self._steps is not None:
            self.finish()
        events = self.history.events
        started = len(events)
        self._run(op)
        return events[started:]

    def run(self, program_ops: Iterable[Op]) -> History:
        """Run many operations and return the history."""
        with collector_at_rest():
            for op in program_ops:
                self.do(op)
        return self.history

    def begin(self, op: Op) -> None:
        """Start an operation without taking a step; `step` and `finish` go on with it.

        Raises:
            ScenarioError: no operation, or the program has died.

        """
        if self._steps is not None:
            self.finish()
        self._procedure(op)
        self._steps, self._begun = self._drive(op), None

    def step(self) -> Event | None:
        """Take the next step of the operation begun; None when it is done.

        Raises:
            ScenarioError: the operation makes no sense now; it is taken back, with all that came between
                its steps.

        """
        if self._steps is None:
            return None
        if self._begun is None:
            self._begun = len(self.history.ops), len(self.history.events)
        try:
            event = next(self._steps, None)
        except BaseException as error:
            self.history.take_back(*self._begun, whole=not isinstance(error, ScenarioError))
            self._steps = None
            raise
        if event is None:
            self._steps = None
        return event

    def until(self, wanted: Callable[[Event], bool]) -> Event | None:
        """Step until an event is as wanted; None when the operation ends first."""
        while (event := self.step()) is not None:
            if wanted(event):
                return event
        return None

    def finish(self) -> None:
        """Take the steps that are left of the operation begun."""
        while self.step() is not None:
            pass

    @property
    def can_stop_the_world(self) -> bool:
        """Whether Go could start or end a cycle now: not while a goroutine holds its M."""
        events = self.history.events
        return not (self._steps is not None and events and self._holds_m(events[-1]))

    @staticmethod
    def _holds_m(event: Event) -> bool:
        """Pointer-free values are placed in one step; all other carving goes on while the M is held."""
        if isinstance(event, ObjectCarved | ObjectsCarved):
            return event.type.ptr_bytes > 0
        return event.holds_m

    def touch(self, pointer: Pointer | int, *, write: bool = False, panic_on_fault: bool = False) -> Touch:
        """Say what reading (or writing) through a pointer does now; nothing happens.

        Give an address, or `Pointer(object, offset)`: only that one knows whose bytes it expects.
        """
        return touch(self.world, pointer, write=write, panic_on_fault=panic_on_fault)

    def interleave(self, op: Op) -> list[Event]:
        """Run another operation between two steps of the one begun, as a collector beside it would.

        Raises:
            ScenarioError: the operation stops the world, and Go can't stop it here.

        """
        if isinstance(op, STOPS_THE_WORLD) and not self.can_stop_the_world:
            msg = f"{op} stops the world, and the goroutine holds its M; take more steps first"
            raise ScenarioError(msg)
        paused, self._steps = (self._steps, self._begun), None
        try:
            return self.do(op)
        finally:
            self._steps, self._begun = paused

    def _procedure(self, op: Op) -> Procedure:
        """Find an operation's procedure; refuse what is no operation, and everything once the program died."""
        if self.world.died:
            msg = f"the program has died: {self.world.died}"
            raise ScenarioError(msg)
        procedure = self._procedures.get(type(op))
        if procedure is None:
            raise ArgumentError("op", op, 'an operation, such as New(0, arenalab.type_of("int"))')
        return procedure

    def _run(self, op: Op) -> None:
        """Drive a procedure to its end, at full speed; whatever is raised, nothing has happened."""
        procedure, history, check = self._procedure(op), self.history, self._check
        record, before = history.record, (len(history.ops), len(history.events))
        try:
            history.begin(op)
            try:
                for event in procedure(history.world, op):
                    record(event)
                    if check is not None:
                        check(history.world)
            except GoError as error:
                record(event_of(error))
        except BaseException as error:
            history.take_back(*before, whole=not isinstance(error, ScenarioError))
            raise

    def _drive(self, op: Op) -> Iterator[Event]:
        """Drive a procedure, handing out each event after it was applied."""
        self.history.begin(op)
        try:
            for event in self._procedure(op)(self.world, op):
                self.history.record(event)
                if self._check is not None:
                    self._check(self.world)
                yield event
        except GoError as error:
            event = event_of(error)
            self.history.record(event)
            yield event

    def _hold(self, w: World, op: ops.Hold) -> Steps[None]:
        yield from program.hold(w, op.hold, op.user_arena)
        self._globals.add(op.hold)

    def _unhold(self, w: World, op: ops.Unhold) -> Steps[None]:
        if self._globals_known and op.hold not in self._globals:
            one_of("Unhold.hold", op.hold, sorted(self._globals), "a global that Hold named")
        return program.unhold(w, op.hold)


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


STOPS_THE_WORLD = (ops.StartGC, ops.FinishMark, ops.RunGC, ops.MarkBegin, ops.MarkEnd)


def _new_arena(w: World, op: ops.NewArena) -> Steps[None]:
    return user_arena.new_user_arena(w, op.user_arena)


def _rep_in_bulk(w: World, op: ops.Rep) -> Steps[None]:
    api.check_repeat(w, op.user_arena, op.n)
    return bulk.rep(w, op.user_arena, op.type, op.n)


def _nothing() -> Steps[None]:
    yield from ()


PROCEDURES: Procedures = {
    ops.NewArena: _new_arena,
    ops.New: api.new,
    ops.MakeSlice: api.make_slice,
    ops.Rep: lambda w, op: api.repeat(w, op.user_arena, op.type, op.n),
    ops.Free: api.free,
    ops.Drop: lambda w, op: program.drop(w, op.user_arena),
    ops.Link: lambda w, op: program.link(w, op.from_arena, op.to_arena),
    ops.Store: lambda w, op: program.store(w, op.slot, op.target),
    ops.Write: lambda w, op: access.write(
        w, Pointer(op.object, op.offset), op.value, panic_on_fault=op.panic_on_fault
    ),
    ops.Read: lambda w, op: access.read(w, Pointer(op.object, op.offset), panic_on_fault=op.panic_on_fault),
    ops.Clone: clone,
    ops.SetFinalizer: lambda w, op: access.set_finalizer(w, op.object),
    ops.Pin: lambda w, op: access.pin(w, op.object),
    ops.RunGC: lambda w, op: gc.run_gc(w, detail=op.detail, finalizers_after=op.finalizers_after),
    ops.MarkBegin: lambda w, op: gc.begin(w, detail=op.detail),
    ops.MarkEnd: lambda w, op: gc.finish_cycle(w, op.finalizers_after),
    ops.Snapshot: lambda *_: _nothing(),
    ops.StartGC: lambda w, _: gc.start_and_queue_roots(w),
    ops.MarkStep: lambda w, _: gc.mark_step(w),
    ops.FinishMark: lambda w, _: gc.finish_mark(w),
    ops.SweepStep: lambda w, op: gc.sweep_step(w, op.chunk),
    ops.RunFinalizers: lambda w, _: gc.run_finalizers(w),
}

IN_BULK: Procedures = {
    ops.Rep: _rep_in_bulk,
    ops.New: lambda w, op: api.new(w, op, bulk.set_bits_in_bulk),
    ops.MakeSlice: lambda w, op: api.make_slice(w, op, bulk.set_bits_in_bulk),
}
