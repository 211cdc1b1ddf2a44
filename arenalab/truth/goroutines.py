"""Performs a recorded schedule: operations of goroutines, whole or in the parts in which others overtook them.

Rules:
1. What the model does is decided by the rows' order, goroutines and points alone. Whether an operation stands where
   the row says it does is a fact, compared as any other.
2. A goroutine is within one operation at most, and an arena is one goroutine's while an operation on it is under way.
"""

from __future__ import annotations

from typing import NamedTuple

from arenalab.errors import ScenarioError
from arenalab.machine.machine import Machine
from arenalab.truth.counters import Values
from arenalab.truth.items import GoesOn, Step
from arenalab.world import ops
from arenalab.world.actors import GC_WORKER, MAIN, SWEEPER
from arenalab.world.event import Event
from arenalab.world.ops import Op
from arenalab.world.schedule import Begin, GoOn

MOST = 2**31 - 1  #: a goroutine's number in the model; Go counts them in 64 bits.
#: Who performs what no goroutine of the program does, where several act: it may be within an operation itself.
RUNTIME: dict[type[Op], int] = {
    ops.MarkBegin: GC_WORKER, ops.FinishMark: GC_WORKER, ops.SweepStep: SWEEPER,
    ops.Hold: GC_WORKER, ops.Unhold: GC_WORKER,
}  # fmt: skip


class UnderWay(NamedTuple):
    """An operation that others overtook: what is compared when it is done."""

    step: Step
    op: Op
    before: dict[str, object]  #: facts of the moment before it.
    counted: Values
    events: list[Event]  #: its own so far.


class Goroutines:
    """Who is within which operation, beside one machine."""

    def __init__(self, machine: Machine, *, several: bool) -> None:
        """Begin with nobody within anything; `several` tells whether more than main's goroutine acts."""
        self.machine, self.several = machine, several
        self.under_way: dict[int, UnderWay] = {}  #: by actor.
        self._large: dict[int, int] = {}  #: goroutines whose number the model has no room for.

    def actor(self, step: Step) -> int:
        """Return who performs an operation."""
        runtime = RUNTIME.get(type(step.op)) if self.several else None
        if runtime is not None and "g" not in step.seen:
            return runtime
        return self.number(step.goroutine)

    def number(self, goroutine: int) -> int:
        """Return a goroutine's number in the model."""
        return goroutine if goroutine < MOST else MOST - self._large.setdefault(goroutine, len(self._large))

    def trouble(self, actor: int, op: Op) -> str:
        """Explain why an actor can't begin an operation on what others are within, "" where it can."""
        if not self.under_way:
            return ""
        if actor in self.under_way:
            step = self.under_way[actor].step
            return f"goroutine {actor} is within operation {step.index + 1}, {step.op}"
        mine = getattr(op, "user_arena", None)
        for other_actor, other in self.under_way.items():
            if (
                mine is not None
                and not isinstance(op, ops.Hold)
                and mine == getattr(other.op, "user_arena", None)
            ):
                return (
                    f"user arena {mine} is in use by goroutine {other_actor}, which is within operation "
                    f"{other.step.index + 1}, {other.op}, and goroutine {actor} uses it as well"
                )
        return ""

    def perform(self, actor: int, op: Op, until: str) -> tuple[list[Event], bool]:
        """Perform an operation, up to a point or its end; return its events, and whether it is done.

        Raises:
            ScenarioError: the operation makes no sense now.

        """
        machine = self.machine
        if actor < MAIN:
            started = len(machine.history)
            machine.start(op, actor)
            machine.finish(actor)
            return machine.history.events[started:], actor not in machine.within
        if not (until or machine.scheduler.begun):
            return machine.do(op, actor), True
        events = machine.take(Begin(actor, op, until))
        return events, actor not in machine.within

    def go_on(self, item: GoesOn) -> tuple[UnderWay, bool]:
        """Go on with an operation; return it with all its events, and whether it is done.

        Raises:
            ScenarioError: that goroutine is within none.

        """
        actor = self.number(item.goroutine)
        if actor not in self.under_way:
            raise ScenarioError(f"goroutine {actor} is within no operation")
        now = self.under_way[actor]
        now.events.extend(self.machine.take(GoOn(actor, item.until)))
        done = actor not in self.machine.within
        if done:
            del self.under_way[actor]
        return now, done
