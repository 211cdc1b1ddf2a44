"""Moments of a run at which a question is decided: after an event, at an operation's end, after the last of a chunk."""

from __future__ import annotations

from typing import Any

from arenalab.asked import position
from arenalab.course.question import Moment
from arenalab.errors import ScenarioError, listed
from arenalab.world.event import Event
from arenalab.world.history import History

MOST_KINDS = 12  #: kinds of events that an error lists.


def after(*kinds: type[Event], nth: int = -1, **wanted: Any) -> Moment:
    """Return the moment right after an event of some kind: the last one, or number `nth`; `wanted` are fields."""

    def moment(run: History) -> int:
        found = [
            at for at, event in enumerate(run.events, 1) if type(event) in kinds and event.like(**wanted)
        ]
        names = " or ".join(kind.__name__ for kind in kinds)
        if not found:
            fields = f" with {wanted}" if wanted else ""
            there = listed(sorted({type(event).__name__ for event in run.events}), names, MOST_KINDS)
            raise ScenarioError(f"no {names}{fields} in the run: the moment never comes; the run has {there}")
        return found[position("nth", nth, len(found), f"which of the {names} of the run", low=-len(found))]

    return moment


def end_of(number: int) -> Moment:
    """Return the moment at which operation `number` is done: 0 is the start, −1 the last operation."""

    def moment(run: History) -> int:
        many = len(run.ops)
        found = position("end_of", number, many + 1, "the number of an operation, or from the end", low=-many)
        return run.op_end(found if found >= 0 else many + 1 + found)

    return moment


def last_about(chunk: int) -> Moment:
    """Return the moment right after the last event that concerns a chunk."""

    def moment(run: History) -> int:
        about = [at for at, event in enumerate(run.events, 1) if chunk in event.chunks]
        if not about:
            chunks = listed(sorted({number for event in run.events for number in event.chunks}))
            raise ScenarioError(
                f"no event of the run concerns chunk {chunk}: the moment never comes; chunks: {chunks}"
            )
        return about[-1]

    return moment
