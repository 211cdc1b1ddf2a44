"""What a procedure is: a generator of events, and of requests to the scheduler that drives it.

Rules:
1. A procedure decides what happens; who acts and who is next is the scheduler's (`machine/scheduler.py`).
2. A request is no event: it changes nothing in the World and stands in no log.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import TypeVar

from arenalab.world.event import Event
from arenalab.world.schedule import LOCKS

T = TypeVar("T")


class Request:
    """What a procedure asks of the scheduler."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Turn(Request):
    """The steps that follow are another actor's; None gives the turn back to whoever performs the operation."""

    actor: int | None


@dataclass(frozen=True, slots=True)
class CycleDue(Request):
    """An allocation reached the trigger: a cycle may start here. Go: gcTrigger.test and gcStart, mgc.go, 1.21."""


@dataclass(frozen=True, slots=True)
class StopTheWorld(Request):
    """From here to `StartTheWorld` no goroutine runs. It waits for those that hold their M."""


@dataclass(frozen=True, slots=True)
class StartTheWorld(Request):
    """The goroutines go on."""


@dataclass(frozen=True, slots=True)
class Point(Request):
    """Others can overtake the procedure here: a place of `world.schedule.POINTS`. It goes on at once if nobody asks."""

    name: str


@dataclass(frozen=True, slots=True)
class Lock(Request):
    """Take a lock of the runtime's; it waits while another goroutine's operation has it."""

    name: str


@dataclass(frozen=True, slots=True)
class Unlock(Request):
    """Let a lock go."""

    name: str


_REQUESTS = {name: (Lock(name), Unlock(name)) for name in LOCKS}
#: Requests that mean nothing while nobody else is under way.
AMONG_OTHERS = (Lock, Unlock, Point)

#: Yields events (resumed when each has been applied) and requests (when each has been served); returns a T.
Steps = Generator[Event | Request, None, T]


def locked(name: str, steps: Steps[T]) -> Steps[T]:
    """Hold a lock while some steps are taken; they read nothing before it is theirs."""
    take, let_go = _REQUESTS[name]
    yield take
    result = yield from steps
    yield let_go
    return result


def alone(steps: Steps[object]) -> Iterator[Event]:
    """Yield the events of steps that nobody can overtake and that start no cycle: what they ask for means nothing."""
    return (step for step in steps if isinstance(step, Event))


def acting(actor: int, steps: Steps[T]) -> Steps[T]:
    """Have another actor take some steps in the middle of a procedure."""
    yield Turn(actor)
    result = yield from steps
    yield Turn(None)
    return result
