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
from arenalab.truth.items import Item, Step
from arenalab.truth.recording import Recording
from arenalab.world.end_events import SpanMadeNoscan
from arenalab.world.event import Event
from arenalab.world.gc_events import (
    ChunkReadied,
    ChunkSwept,
    FinalizerRun,
    HandleSpanSwept,
    HeapObjectSwept,
)
from arenalab.world.ops import FINALIZERS_FIRST, SWEEP_FIRST, MarkEnd, Op, RunGC
from arenalab.world.state import World

MOST = 16  #: orders followed at once; where more are possible the likelier ones stay.
VISITS = (ChunkSwept, ChunkReadied, HeapObjectSwept, HandleSpanSwept)
NOT_SHOWN = "who ran first is not shown"


class Followers:
    """One follower with the whole history, and those who go ahead of it where several orders are possible.

    Those ahead know their World and nothing of how it came about, so that one is soon made. The first
    waits until they are of one mind, and then takes the same rows in the order that they found.
    """

    def __init__(self, recording: Recording, *, in_bulk: bool, keep: bool = True) -> None:
        """Stand before the first row; `keep` is the trunk's."""
        self.trunk = Follower(recording, in_bulk=in_bulk, keep=keep)  #: the one with the whole history.
        #: Those who agree with the recording as well as any other does, likeliest first.
        self.alive = [self.trunk]
        self.ahead: list[Item] = []  #: rows that they took and the trunk did not.
        self.not_shown: set[int] = set()  #: operations whose order made no difference to any fact.
        self.beyond = 0  #: orders that were given up because too many were possible.

    @property
    def best(self) -> Follower:
        """The one that stands where the recording does, and in the likeliest way."""
        return self.alive[0]

    def take(self, item: Item) -> bool:
        """Follow one row; return False when the model can't."""
        if not self.ahead and not _choice(self.trunk.machine.world, item):
            self.trunk.take(item)
            return not self.trunk.refused
        if not self.ahead:
            self.alive = [self.trunk.fork()]
        self.ahead.append(item)
        self._keep([each for follower in self.alive for each in _followed(follower, item)])
        refused = self.best.refused
        if len(self.alive) == 1:
            self.decide()
        return not refused

    def decide(self) -> None:
        """Have the trunk take the rows ahead as the best of those ahead did."""
        orders = self.best.schedules
        for item in self.ahead:
            self.trunk.take(item, _ordered(item, orders.get(item.index)) if isinstance(item, Step) else None)
        self.trunk.schedules = orders
        self.alive, self.ahead = [self.trunk], []

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
        self.beyond += len(kept) - len(self.alive)

    def _undecided(self, one: Follower, other: Follower) -> None:
        self.not_shown |= {op for op, order in one.schedules.items() if other.schedules[op] != order}

    def close(self) -> None:
        """Count in the report which orders were taken."""
        for other in self.alive[1:]:
            self._undecided(self.best, other)
        self.decide()
        orders = self.trunk.schedules.items()
        names = (NOT_SHOWN if op in self.not_shown else _name(order) for op, order in orders)
        self.trunk.report.schedules = Counter(names)
        if self.beyond:
            self.trunk.facts.skip("schedule: orders beyond the likeliest", self.beyond)


def _choice(w: World, item: Item) -> bool:
    """Whether finalizers may be queued by a collection whose schedule nobody wrote down."""
    if not isinstance(item, Step) or not isinstance(item.op, RunGC | MarkEnd):
        return False
    return "finalizers_after" not in item.seen and any(w.user_arenas[number].dropped for number in w.handles)


def _followed(follower: Follower, item: Item) -> Iterator[Follower]:
    """Let a follower take a row, and a fork of it for each other order that may be."""
    if not _choice(follower.machine.world, item) or not isinstance(item, Step):
        follower.take(item)
        yield follower
        return
    before = follower.fork()
    outcomes = [(FINALIZERS_FIRST, follower)]
    for schedule in other_schedules(follower.take(item)):
        twin = before.fork()
        twin.take(item, _ordered(item, schedule))
        if not any(_stand_alike(twin, other) for _, other in outcomes):
            outcomes.append((schedule, twin))
    for schedule, each in outcomes:
        if len(outcomes) > 1:
            each.schedules[item.index] = schedule
        yield each


def _ordered(step: Step, order: Schedule | None) -> Op:
    """Return a step's operation, with the order in which its collection was found to go on."""
    if order is None:
        return step.op
    return replace(step.op, finalizers_after=order)  # type: ignore[call-arg]  # RunGC or MarkEnd


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
