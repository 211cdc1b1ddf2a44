"""Every kind of event under one name: `arenalab.events.ChunkReadied`."""

from __future__ import annotations

from typing import Any

from arenalab.names import no_such_name
from arenalab.world import apply  # noqa: F401  # knows all kinds
from arenalab.world.event import EVENTS, Event


def __getattr__(name: str) -> type[Event]:
    """Return a kind of event by its name.

    Raises:
        NoSuchNameError: there is no such kind.

    """
    if name.startswith("_"):
        raise AttributeError(f"module 'arenalab.events' has no attribute {name!r}")
    if name not in EVENTS:
        raise no_such_name("arenalab.events", name, sorted(EVENTS))
    return EVENTS[name]


def __dir__() -> list[Any]:
    """List the kinds."""
    return sorted(EVENTS)
