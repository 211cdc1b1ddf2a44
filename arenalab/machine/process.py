"""Process: an operation under way, and what of it keeps others from going on."""

from __future__ import annotations

from collections.abc import Iterator

from arenalab.machine.steps import Lock, Point, Request, StopTheWorld
from arenalab.world import end_events as end
from arenalab.world import gc_events as gc
from arenalab.world.actors import MAIN
from arenalab.world.chunk_events import ReadyTaken
from arenalab.world.event import Event
from arenalab.world.events import (
    GCProgErased,
    HandleMade,
    ObjectAllocated,
    ObjectsAllocated,
    ReuseTaken,
    SmallObjectMade,
)  # fmt: skip
from arenalab.world.ops import Op
from arenalab.world.schedule import (
    CENTRAL_LOCK,
    GCPROG_LOCK,
    HEAP_LOCK,
    SPECIAL_LOCK,
    STOP_THE_WORLD,
    SWEEP_LOCK,
    USER_ARENA_LOCK,
)
from arenalab.world.schedule_events import GoroutineScheduled
from arenalab.world.state import World
from arenalab.world.weak_events import WeakHandleMade

#: Event -> the lock that is let go right after it, though the process is not asked to before its next step.
LAST_UNDER: dict[type[Event], str] = {
    **dict.fromkeys((ReuseTaken, end.ReusePut, end.FaultListTaken, end.FaultDeferred), USER_ARENA_LOCK),
    ReadyTaken: HEAP_LOCK,
    HandleMade: CENTRAL_LOCK,
    **dict.fromkeys((gc.HandleSpanSwept, gc.ChunkSwept, gc.ChunkReadied, gc.HeapObjectSwept), SWEEP_LOCK),
    WeakHandleMade: SPECIAL_LOCK,
    GCProgErased: GCPROG_LOCK,
}


def ran_on(w: World, goroutine: int) -> int:
    """Return the processor that a goroutine ran on last, at first P 0."""
    return w.gs[goroutine].p if goroutine in w.gs else 0


def scheduled(w: World, goroutine: int, p: int) -> GoroutineScheduled | None:
    """Return the event that has a goroutine run on a processor, None where it runs there already."""
    return None if (w.running, w.on_p) == (goroutine, p) else GoroutineScheduled(goroutine, p)


def place_of(step: Request) -> str:
    """Return the place where a process stands while a request is not served, "" where it never does."""
    if isinstance(step, Point | Lock):
        return step.name
    return STOP_THE_WORLD if isinstance(step, StopTheWorld) else ""


class Process:
    """An operation under way, or a cycle beside the program."""

    __slots__ = (
        "actor", "asked", "at", "beside", "collects", "done", "events", "last", "locks", "moved", "op", "own_actor",
        "p", "started", "steps", "until", "waits_for", "world_stopped",
    )  # fmt: skip

    def __init__(
        self,
        op: int,
        actor: int,
        steps: Iterator[Event | Request],
        *,
        started: int = 0,
        beside: bool = False,
        p: int = 0,
        asked: Op | None = None,
    ) -> None:
        """Hold the steps that are left of operation `op`, which `actor` performs on processor `p`."""
        self.asked = asked  #: the operation, where it is one of the program.
        self.op, self.own_actor, self.steps, self.beside, self.p = op, actor, steps, beside, p
        self.started = started  #: events before it was started.
        self.actor = actor  #: who acts in it now.
        self.world_stopped = False  #: whether it has stopped the world.
        self.locks: set[str] = set()  #: the runtime's locks that it holds.
        self.collects = False  #: whether its allocation is starting a cycle.
        self.moved = started  #: events when it had taken its last step.
        self.last: Event | None = None  #: its last event.
        self.until = ""  #: the point or kind of event at which it is to stop, "" for none.
        self.at = ""  #: the one at which it has stopped, "" for none.
        self.waits_for = ""  #: what it had to wait for when it was last asked, "" for nothing.
        self.done = False
        self.events: Iterator[Event | None] = iter(())  #: the same steps, driven; None while it has to wait.

    @property
    def holds_m(self) -> bool:
        """Whether its goroutine holds its M, so that neither it nor, on its P, another can be scheduled."""
        return bool(self.locks) or (self.last is not None and not self.at and holds_m(self.last))

    def waits_for_other(self, other: Process) -> str:
        """Explain why it can't take a step while another operation stands where it does, "" where it can."""
        if min(self.own_actor, other.own_actor) < MAIN or self.own_actor == other.own_actor:
            return ""  # one goroutine: a person steps its operations as suits them
        if other.world_stopped:
            return f"goroutine {other.own_actor} has stopped the world"
        if other.p == self.p and other.holds_m:
            return f"goroutine {other.own_actor} holds its M on P {self.p}"
        return ""


def holds_m(event: Event) -> bool:
    """Return whether the goroutine holds its M after an event, so that it can't be stopped.

    Pointer-free values are placed in one step; all other allocating goes on while the M is held, and so
    does growing a slice under userArenaState.lock. A handle's slot is taken within one mallocgc.
    """
    if isinstance(event, ObjectAllocated | ObjectsAllocated):
        return event.type.ptr_bytes > 0
    if isinstance(event, SmallObjectMade):
        return event.what in ("handle", "reuse", "fault")
    return event.holds_m
