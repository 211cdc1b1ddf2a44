"""Machine: takes operations, drives procedures, fills a History.

Laws of this file:
1. A procedure is resumed only after the event it yielded has been applied and kept.
2. A Go panic or throw ends the operation as an event; a throw, or a panic that the program
   doesn't recover, ends the program.
3. Whatever else goes wrong is raised: `ScenarioError` to the person who asked, `ModelBug` to us.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from arenalab.errors import GoPanic, GoThrow, ScenarioError
from arenalab.go.rules import GoRules
from arenalab.go.versions import GO_1_21
from arenalab.machine import bulk, gc, program, user_arena
from arenalab.machine.steps import Steps
from arenalab.world import ops
from arenalab.world.end_events import Panicked, Threw
from arenalab.world.event import Event
from arenalab.world.events import ObjectCarved, ObjectsCarved
from arenalab.world.history import History
from arenalab.world.ops import Op
from arenalab.world.state import World

Check = Callable[[World], None]


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

        """
        self.history = History(rules, start)
        self.rules = rules
        self._check = check
        self._procedures = {**PROCEDURES, **IN_BULK} if in_bulk else PROCEDURES
        self._steps: Iterator[Event] | None = None

    @property
    def world(self) -> World:
        """Return the World now."""
        return self.history.world

    def do(self, op: Op) -> list[Event]:
        """Run an operation to its end and return its events.

        Raises:
            ScenarioError: the operation makes no sense now; nothing has happened.

        """
        started = len(self.history.events)
        if self._steps is not None:
            self.finish()
            started = len(self.history.events)
        self._run(op)
        return self.history.events[started:]

    def run(self, program_ops: Iterable[Op]) -> History:
        """Run many operations and return the history."""
        for op in program_ops:
            self.do(op)
        return self.history

    def begin(self, op: Op) -> None:
        """Start an operation without taking a step; `step` and `finish` go on with it."""
        if self._steps is not None:
            self.finish()
        self._steps = self._drive(op)

    def step(self) -> Event | None:
        """Take the next step of the operation begun; None when it is done."""
        if self._steps is None:
            return None
        event = next(self._steps, None)
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

    def interleave(self, op: Op) -> list[Event]:
        """Run another operation between two steps of the one begun, as a collector beside it would.

        Raises:
            ScenarioError: the operation stops the world, and Go can't stop it here.

        """
        if isinstance(op, STOPS_THE_WORLD) and not self.can_stop_the_world:
            msg = f"{op} stops the world, and the goroutine holds its M; take more steps first"
            raise ScenarioError(msg)
        paused, self._steps = self._steps, None
        try:
            return self.do(op)
        finally:
            self._steps = paused

    def _begin(self, op: Op) -> Steps[None]:
        """Find the procedure and enter the operation into the history."""
        if self.world.died:
            msg = f"the program has died: {self.world.died}"
            raise ScenarioError(msg)
        procedure = self._procedures.get(type(op))
        if procedure is None:
            msg = f"{op!r} is not an operation"
            raise ScenarioError(msg)
        self.history.begin(op)
        return procedure(self.world, op)

    def _run(self, op: Op) -> None:
        """Drive a procedure to its end, at full speed."""
        record, check = self.history.record, self._check
        try:
            for event in self._begin(op):
                record(event)
                if check is not None:
                    check(self.history.world)
        except (GoPanic, GoThrow) as error:
            record(_as_event(error))
        except ScenarioError:
            self.history.take_back()
            raise

    def _drive(self, op: Op) -> Iterator[Event]:
        """Drive a procedure, handing out each event after it was applied."""
        try:
            for event in self._begin(op):
                self.history.record(event)
                if self._check is not None:
                    self._check(self.world)
                yield event
        except (GoPanic, GoThrow) as error:
            event = _as_event(error)
            self.history.record(event)
            yield event
        except ScenarioError:
            self.history.take_back()
            raise


STOPS_THE_WORLD = (ops.StartGC, ops.FinishMark, ops.RunGC, ops.MarkBegin, ops.MarkEnd)


def _as_event(error: GoPanic | GoThrow) -> Event:
    kind = Panicked if isinstance(error, GoPanic) else Threw
    return kind(error.text, error.why)


def _new_arena(w: World, op: ops.NewArena) -> Steps[None]:
    return user_arena.new_user_arena(w, op.user_arena)


def _new(w: World, op: ops.New) -> Steps[None]:
    program.usable(w, op.user_arena)
    return user_arena.alloc(w, op.user_arena, op.type, user_arena.ONE_VALUE)


def _make_slice(w: World, op: ops.MakeSlice) -> Steps[None]:
    if op.cap >= 0:
        program.usable(w, op.user_arena)
    return user_arena.slice_(w, op.user_arena, op.type, op.cap, op.len)


def _rep(w: World, op: ops.Rep) -> Steps[None]:
    program.usable(w, op.user_arena)
    if op.n < 0:
        msg = f"n is {op.n}; a repetition needs 0 or more"
        raise ScenarioError(msg)
    for _ in range(op.n):
        yield from user_arena.alloc(w, op.user_arena, op.type, user_arena.ONE_VALUE)


def _rep_in_bulk(w: World, op: ops.Rep) -> Steps[None]:
    program.usable(w, op.user_arena)
    return bulk.rep(w, op.user_arena, op.type, op.n)


def _slice_in_bulk(w: World, op: ops.MakeSlice) -> Steps[None]:
    if op.cap >= 0:
        program.usable(w, op.user_arena)
    return user_arena.slice_(w, op.user_arena, op.type, op.cap, op.len, bulk.set_slice_in_bulk)


def _nothing() -> Steps[None]:
    yield from ()


PROCEDURES: dict[type[Op], Callable[[World, Any], Steps[None]]] = {
    ops.NewArena: _new_arena,
    ops.New: _new,
    ops.MakeSlice: _make_slice,
    ops.Rep: _rep,
    ops.Free: lambda w, op: program.free(w, op.user_arena, copied=op.copied),
    ops.Drop: lambda w, op: program.drop(w, op.user_arena),
    ops.Hold: lambda w, op: program.hold(w, op.hold, op.user_arena),
    ops.Unhold: lambda w, op: program.unhold(w, op.hold),
    ops.Link: lambda w, op: program.link(w, op.from_arena, op.to_arena),
    ops.RunGC: lambda w, op: gc.run_gc(w, detail=op.detail),
    ops.MarkBegin: lambda w, op: gc.begin(w, detail=op.detail),
    ops.MarkEnd: lambda w, _: gc.finish_cycle(w),
    ops.Snapshot: lambda *_: _nothing(),
    ops.StartGC: lambda w, _: gc.start_and_queue_roots(w),
    ops.MarkStep: lambda w, _: gc.mark_step(w),
    ops.FinishMark: lambda w, _: gc.finish_mark(w),
    ops.SweepStep: lambda w, _: gc.sweep_step(w),
    ops.RunFinalizers: lambda w, _: gc.run_finalizers(w),
}

IN_BULK: dict[type[Op], Callable[[World, Any], Steps[None]]] = {
    ops.Rep: _rep_in_bulk,
    ops.MakeSlice: _slice_in_bulk,
}
