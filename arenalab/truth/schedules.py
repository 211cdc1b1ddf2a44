"""Who ran first after a collection's marking: read off a recording that doesn't say it.

Go's scheduler decides when the finalizer goroutine gets to run beside the sweep. A recording shows
the outcome only: which sets the chunks are swept into, what is handed out next. So every order is
followed that can lead to different Worlds, until facts tell them apart; what was taken is counted by
name. Nothing else is ever tried.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from arenalab.truth.follow import Follower, Schedule
from arenalab.truth.recording import Recording, Snap, Step
from arenalab.world.end_events import SpanMadeNoscan
from arenalab.world.event import Event
from arenalab.world.gc_events import (
    ChunkReadied,
    ChunkSwept,
    FinalizerRun,
    HandleSpanSwept,
    HeapObjectSwept,
)
from arenalab.world.ops import FINALIZERS_FIRST, SWEEP_FIRST, MarkEnd, RunGC
from arenalab.world.state import World

MOST = 16  #: orders followed at once; where more are possible the likelier ones stay.
VISITS = (ChunkSwept, ChunkReadied, HeapObjectSwept, HandleSpanSwept)
NOT_SHOWN = "who ran first is not shown"


class Followers:
    """All followers that agree with the recording as well as any other does, likeliest first."""

    def __init__(self, recording: Recording, *, in_bulk: bool) -> None:
        """Begin with one."""
        self.alive = [Follower(recording, in_bulk=in_bulk)]
        self.not_shown: set[int] = set()  #: operations whose order made no difference to any fact.

    @property
    def best(self) -> Follower:
        """The one whose report counts."""
        return self.alive[0]

    def take(self, item: Step | Snap) -> bool:
        """Follow one row; return False when the model can't."""
        if len(self.alive) == 1 and not _choice(self.best.machine.world, item):
            self.best.take(item)
        else:
            self._keep([each for follower in self.alive for each in _followed(follower, item)])
        return not self.best.refused

    def _keep(self, followers: list[Follower]) -> None:
        """Keep those with the fewest differences, and of equal ones the first."""
        fewest = min(each.report.different for each in followers)
        kept: list[Follower] = []
        for each in followers:
            if each.report.different == fewest:
                twin = next((other for other in kept if _stand_alike(each, other)), None)
                if twin is None:
                    kept.append(each)
                else:
                    self._undecided(twin, each)
        self.alive = kept[:MOST]
        if len(kept) > MOST:
            self.best.facts.skip("schedule: orders beyond the likeliest", len(kept) - MOST)

    def _undecided(self, one: Follower, other: Follower) -> None:
        self.not_shown |= {op for op, order in one.schedules.items() if other.schedules[op] != order}

    def close(self) -> None:
        """Count in the report which orders were taken."""
        for other in self.alive[1:]:
            self._undecided(self.best, other)
        names = (
            NOT_SHOWN if op in self.not_shown else _name(order) for op, order in self.best.schedules.items()
        )
        self.best.report.schedules = Counter(names)


def _choice(w: World, item: Step | Snap) -> bool:
    """Whether finalizers may be queued by a collection whose schedule nobody wrote down."""
    if not isinstance(item, Step) or not isinstance(item.op, RunGC | MarkEnd):
        return False
    return "finalizers_after" not in item.seen and any(w.user_arenas[number].dropped for number in w.handles)


def _followed(follower: Follower, item: Step | Snap) -> Iterator[Follower]:
    """Let a follower take a row, and a fork of it for each other order that may be."""
    if not _choice(follower.machine.world, item) or not isinstance(item, Step):
        follower.take(item)
        yield follower
        return
    before = follower.fork()
    outcomes = [(FINALIZERS_FIRST, follower)]
    for schedule in other_schedules(follower.take(item)):
        twin = before.fork()
        twin.take(item, replace(item.op, finalizers_after=schedule))  # type: ignore[call-arg]  # RunGC or MarkEnd
        if not any(_stand_alike(twin, other) for _, other in outcomes):
            outcomes.append((schedule, twin))
    for schedule, each in outcomes:
        if len(outcomes) > 1:
            each.schedules[item.index] = schedule
        yield each


def other_schedules(events: list[Event]) -> list[Schedule]:
    """Return the schedules that may end otherwise than these events, which finalizers began.

    A finalizer that sets a chunk to fault decides which set it is swept into, so it matters after which
    visit to such a chunk the goroutine ran. The end comes first: a caller that never yields is common.
    """
    first = next((at for at, event in enumerate(events) if isinstance(event, FinalizerRun)), len(events))
    faulted = {event.chunk for event in events[first:] if isinstance(event, SpanMadeNoscan)}
    visits = [event for event in events[first:] if isinstance(event, VISITS)]
    places = [at for at, visit in enumerate(visits, 1) if getattr(visit, "chunk", -1) in faulted]
    return [SWEEP_FIRST, *((place,) for place in places)] if visits else []


def _stand_alike(one: Follower, other: Follower) -> bool:
    """Whether nothing that follows can tell two followers apart."""
    here, there = one.machine.world, other.machine.world
    # An order shows in the sets first of all, and they are quickly compared.
    return (
        (here.swept, here.unswept) == (there.swept, there.unswept)
        and one.report.different == other.report.different
        and one.counters.learnt == other.counters.learnt
        and here == there
    )


def _name(order: Schedule) -> str:
    if order == FINALIZERS_FIRST:
        return "finalizers ran before the sweep"
    return "finalizers ran after the sweep" if order == SWEEP_FIRST else "finalizers ran amid the sweep"
