"""apply(world, event): the only code that changes a World.

Rules:
1. One function per kind of event; it writes what the event says and decides nothing.
2. A missing kind is an error at once, never a silent pass.
3. Re-applying a log to a fresh World gives the World that the log came from, so time travel
   re-applies and never re-decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from arenalab.errors import ModelBug
from arenalab.world import (
    apply_access,
    apply_arenas,
    apply_chunk,
    apply_end,
    apply_gc,
    apply_made,
    apply_run,
    apply_schedule,
    apply_weak,
)
from arenalab.world.event import Event
from arenalab.world.state import World

Handler = Callable[[World, Any], None]

MORE = object()  #: there may be more steps.


def apply(world: World, event: Event) -> None:
    """Write one event into the world.

    Raises:
        ModelBug: nobody wrote down what this kind of event changes.

    """
    try:
        handler = HANDLERS[type(event)]
    except KeyError:
        msg = f"no rule says what {type(event).__name__} changes"
        raise ModelBug(msg) from None
    handler(world, event)
    world.now += 1


def apply_all(world: World, steps: Iterator[object], events: list[Event], most: int) -> object | None:
    """Write steps into the world and keep them in `events` until there are `most`.

    Returns MORE where `most` was reached, None where the steps have ended, and a step that is no event, or one
    that nobody wrote down, as it is.
    """
    handlers, keep = HANDLERS, events.append
    for step in steps:
        handler = handlers.get(type(step))  # type: ignore[arg-type]  # anything but an event is not found
        if handler is None:
            return step
        handler(world, step)
        world.now += 1
        keep(step)  # type: ignore[arg-type]  # what has a handler is an event
        if len(events) >= most:
            return MORE
    return None


HANDLERS: dict[type[Event], Handler] = {
    **apply_made.HANDLERS,
    **apply_chunk.HANDLERS,
    **apply_end.HANDLERS,
    **apply_access.HANDLERS,
    **apply_gc.HANDLERS,
    **apply_run.HANDLERS,
    **apply_arenas.HANDLERS,
    **apply_weak.HANDLERS,
    **apply_schedule.HANDLERS,
}
