"""The legal moves of a chunk's life, and which of them a run of the model made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from arenalab.world import chunk_events as ch
from arenalab.world import end_events as end
from arenalab.world import events as ev
from arenalab.world import gc_events as gc
from arenalab.world.event import Event

Move = tuple[str, str]

#: Every move of the state machine.
MOVES: tuple[Move, ...] = (
    ("none", "active"),
    ("none", "ready"),
    ("ready", "active"),
    ("active", "full"),
    ("active", "reuse"),
    ("reuse", "active"),
    ("full", "quarantine"),
    ("full", "fault"),
    ("fault", "quarantine"),
    ("quarantine", "quarantine"),
    ("quarantine", "ready"),
)

_ARRIVALS: tuple[tuple[type[Event], str], ...] = (
    (ch.ChunkSplitOff, "ready"),
    (ev.ChunkActivated, "active"),
    (ev.ChunkRetired, "full"),
    (end.ReusePut, "reuse"),
    (end.FaultDeferred, "fault"),
    (end.ChunkQuarantined, "quarantine"),
    (gc.ChunkReadied, "ready"),
)


def moves(events: Iterable[Event]) -> Counter[Move]:
    """Count the moves in a run's events; one that is not in `MOVES` is counted as well."""
    arrivals = dict(_ARRIVALS)
    place: dict[int, str] = {}
    seen: Counter[Move] = Counter()
    for event in events:
        to = arrivals.get(type(event))
        chunk = getattr(event, "chunk", -1)
        if isinstance(event, gc.ChunkSwept) and place.get(chunk) == "quarantine":
            to = "quarantine"
        if to is not None:
            seen[place.get(chunk, "none"), to] += 1
            place[chunk] = to
    return seen
