"""What a history is made of, in order: operations that begin, events, turns, and where operations stood still."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from arenalab.world.actors import MAIN
from arenalab.world.event import Event
from arenalab.world.log import NO_OP
from arenalab.world.ops import Op
from arenalab.world.timeline import Timeline


class Begun(NamedTuple):
    """An operation begins."""

    op: Op
    goroutine: int


class Turned(NamedTuple):
    """The events that follow are not those of the operation begun last, or not as they were."""

    op: int
    actor: int
    beside: bool


class Stood(NamedTuple):
    """An operation stood still at a place, one of `schedule.PLACES`."""

    op: int
    place: str


Step = Begun | Turned | Stood | Event


def steps_of(history: Timeline) -> Iterator[Step]:
    """Walk through a history."""
    log, ops = history.log, history.ops
    turns, starts = _turns(history), [*log.op_starts, len(history.events) + 1]
    op, turn, stops = 0, Turned(NO_OP, MAIN, beside=True), deque(log.stops)
    for number in range(len(history.events) + 1):
        while starts[op] == number:
            goroutine = log.goroutine_of(op)
            yield Begun(ops[op], goroutine)
            op, turn = op + 1, Turned(op, goroutine, beside=False)
        while stops and stops[0][0] == number:
            yield Stood(*stops.popleft()[1:])
        if number == len(history.events):
            return
        if (now := next(turns)) != turn:
            turn = now
            yield turn
        yield history.events[number]


def _turns(history: Timeline) -> Iterator[Turned]:
    """Return of each event its operation, its actor, and whether the runtime did it beside the program."""
    columns = (history.log.column(name).tolist() for name in ("op", "actor", "beside"))
    for op, actor, beside in zip(*columns, strict=True):
        yield Turned(op, actor, bool(beside))
