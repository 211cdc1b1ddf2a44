"""The life cycle of a chunk: which event moves a chunk from which state to which.

Rules:
1. A state and a kind of event lead to one state: the table is a function.
2. What is not in the table does not move a chunk; `apply` is the only writer, a test holds both together.

Follows the lists of arena.go and mheap.go of Go 1.21: readyList, quarantineList, userArenaState.reuse
and .fault, userArena.active and .fullList. Between two lists a chunk is held by the running code only.
"""

from __future__ import annotations

from arenalab.world import chunk_events as ch
from arenalab.world import end_events as end
from arenalab.world import events as ev
from arenalab.world import gc_events as gc
from arenalab.world.event import Event
from arenalab.world.run_events import ArenaRun
from arenalab.world.state import World

#: Before its heap arena was reserved, a chunk is no address at all.
ABSENT = "absent"
READY, ACTIVE, FULL, REUSE = "ready", "active", "full", "reuse"
FAULT, QUARANTINE, IN_TRANSIT = "fault", "quarantine", "in transit"

#: All states, in the order in which a chunk that is used once passes through them.
STATES = (ABSENT, READY, IN_TRANSIT, ACTIVE, FULL, REUSE, FAULT, QUARANTINE)

#: (state, kind of event) -> state.
TRANSITIONS: dict[tuple[str, type[Event]], str] = {
    (ABSENT, ch.HeapArenaReserved): IN_TRANSIT,
    (ABSENT, ch.ChunkSplitOff): READY,
    (READY, ch.ReadyTaken): IN_TRANSIT,
    (REUSE, ev.ReuseTaken): IN_TRANSIT,
    (IN_TRANSIT, ev.ChunkActivated): ACTIVE,
    (ACTIVE, ev.ChunkRetired): FULL,
    (ACTIVE, end.ReusePut): REUSE,
    (FULL, end.FullUnlinked): IN_TRANSIT,
    (IN_TRANSIT, end.FaultDeferred): FAULT,
    (FAULT, end.FaultListTaken): IN_TRANSIT,
    (IN_TRANSIT, end.ChunkQuarantined): QUARANTINE,
    (QUARANTINE, gc.ChunkReadied): READY,
    # A sanitizer build frees the active chunk like a full one, so that every use after free is seen.
    (ACTIVE, end.ChunkQuarantined): QUARANTINE,
    (ACTIVE, end.FaultDeferred): FAULT,
}


def moves(event: Event) -> list[tuple[int, type[Event]]]:
    """Return the chunks that an event names, each with the kind of event that may move it.

    A run of arenas moves chunks as the events do that it stands for: those that changed hands for good.
    """
    if not isinstance(event, ArenaRun):
        return [(chunk, type(event)) for chunk in event.chunks]
    taken, put = event.moved()
    kinds: tuple[type[Event], ...] = (ev.ReuseTaken, ev.ChunkActivated)
    return [*((chunk, kind) for chunk in taken for kind in kinds), *((chunk, end.ReusePut) for chunk in put)]


def after(state: str, event: Event) -> str:
    """Return the state of a chunk that an event concerns, after that event.

    Args:
        state: one of STATES, before the event.
        event: an event whose `chunks` name the chunk.

    """
    return TRANSITIONS.get((state, type(event)), state)


def states_of(world: World) -> list[str]:
    """Return the state of each chunk, by chunk number; the same words as `World.list_of`."""
    return [world.list_of(chunk) for chunk in range(len(world.spans))]
