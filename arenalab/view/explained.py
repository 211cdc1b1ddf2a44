"""What the words on the screen mean, a sentence each: lists and states, counters, families, what a legend shows.

Rule: it is the one home of these sentences. Legends, hover texts, the words of a step and
docs/glossary.md take them from here; each is LONGEST characters at most.
"""

from __future__ import annotations

from arenalab.view.explained_events import EVENTS_EXPLAINED
from arenalab.view.explained_looks import LOOKS_EXPLAINED
from arenalab.world.life_cycle import (
    ABSENT,
    ACTIVE,
    FAULT,
    FULL,
    IN_TRANSIT,
    QUARANTINE,
    READY,
    REUSE,
)

LONGEST = 160  #: characters of a sentence.

#: State of a chunk, as `World.list_of` names it -> what it is.
STATES_EXPLAINED: dict[str, str] = {
    ABSENT: "No address yet: the heap arena that the chunk is part of has not been reserved.",
    READY: "mheap.userArena.readyList: chunks to be obtained next; addresses without memory, never used or through with quarantine.",
    IN_TRANSIT: "On no list: the chunk is in the hands of the runtime code that moves it from one list to another.",
    ACTIVE: "userArena.active: the chunk that an arena allocates from now. An arena has one until it is freed.",
    FULL: "userArena.fullList: chunks in which a request found no room, the latest first. Nothing looks at them again before Free.",
    REUSE: "userArenaState.reuse: partly used chunks of freed arenas, alive and readable. refill takes the one that was put last.",
    FAULT: "userArenaState.fault: full chunks freed while a cycle was under way; readable until the phase is off, then set to fault.",
    QUARANTINE: "mheap.userArena.quarantineList: chunks set to fault, whose addresses wait until a cycle finds no pointer into them.",
}  # fmt: skip

#: Name of a counter, as in `world.tables.Counters` and `view.counter_series` -> what it counts.
COUNTERS_EXPLAINED: dict[str, str] = {
    "heap_in_use": "gcController.heapInUse: bytes of spans in use. A chunk counts from when it is obtained until it is set to fault.",
    "heap_released": "gcController.heapReleased: bytes of the page heap that the operating system has back.",
    "heap_free": "gcController.heapFree: bytes of free spans that were not given back to the operating system.",
    "total_alloc": "gcController.totalAlloc: bytes ever allocated. An arena adds a chunk at a time, and nothing for a value in it.",
    "total_free": "gcController.totalFree: bytes ever freed. A chunk adds all of its size when it is set to fault.",
    "heap_live": "gcController.heapLive: bytes marked by the last cycle and allocated since. At the trigger the next cycle starts.",
    "heap_scan": "gcController.heapScan: bytes of the live heap that a cycle may have to read, up to the last pointer of each object.",
    "mapped_ready": "gcController.mappedReady: bytes of address space that can be touched, the runtime's metadata among them.",
    "committed": "heapStats.committed: bytes of the heap that are mapped and may be backed by memory.",
    "released": "heapStats.released: bytes of the heap that were given back to the operating system.",
    "in_heap": "heapStats.inHeap: bytes of spans that hold heap objects, chunks among them.",
    "large_alloc": "heapStats.largeAlloc: bytes ever allocated as large objects. A chunk is one.",
    "large_alloc_count": "heapStats.largeAllocCount: how many large objects were ever allocated. A chunk is one.",
    "large_free": "heapStats.largeFree: bytes of large objects ever freed. A chunk is freed when it is set to fault.",
    "large_free_count": "heapStats.largeFreeCount: how many large objects were ever freed.",
    "pages_in_use": "mheap.pagesInUse: pages of spans in use. Those of a quarantined chunk count on until it is ready again.",
    "numgc": "memstats.numgc: GC cycles that are completed.",
    "scan_alloc": "mcache.scanAlloc: scannable bytes that a P has allocated and not yet handed over to heapScan.",
    "metadata": "Bytes of heapArena structures, which describe reserved address space; they count in mappedReady.",
    "quarantined": "Bytes of chunks that are set to fault and still have their pages.",
    "resident": "Bytes of chunks that memory stands behind, as the model has it: zeroed, and not given back since.",
}  # fmt: skip

#: Family of events, as `view.event_kinds` names it -> what its events have in common.
FAMILIES_EXPLAINED: dict[str, str] = {
    "handle": "Events of an arena's handle: made, freed, found unreachable, finalized, swept.",
    "chunk": "Events by which a chunk comes to an arena: reserved, taken off a list, mapped, zeroed, made active.",
    "object": "Events that allocate a value, in a chunk or on the heap.",
    "bits": "Events that write pointer bits: which words of a chunk hold pointers, and where a scan of it ends.",
    "counter": "Events that change counters alone, such as heapLive or the pacer's goal.",
    "free": "Events by which a chunk leaves its arena: retired, set to fault, put in quarantine or on the reuse list.",
    "program": "What the program itself does: pointers that it stores or forgets, reads, writes, weak pointers.",
    "mark": "Events of marking: a cycle starts, finds roots, scans chunks, and ends with mark termination.",
    "sweep": "Events of sweeping: what was not marked is freed, and quarantined chunks become ready.",
    "error": "The program panics, the runtime throws, or touching memory faults.",
}


_BY_NAME = {kind.__name__: said for kind, said in EVENTS_EXPLAINED.items()}


def explain_kind(name: str) -> str:
    """Describe what a kind of event, given by its name, means; "" where there is no such kind."""
    return _BY_NAME.get(name, "")


def explain_meaning(key: str) -> str:
    """Describe what a look of the theme means in a picture; "" where the theme has no such look."""
    state = key.removeprefix("state_").replace("_", " ")
    if key.startswith("state_") and state in STATES_EXPLAINED:
        return STATES_EXPLAINED[state]
    return LOOKS_EXPLAINED.get(key, FAMILIES_EXPLAINED.get(key, ""))


def explain_state(name: str) -> str:
    """Describe what it is for a chunk to be "active", "full", "in transit" …; "" where there is no such state.

    >>> explain_state("active")[:34]
    'userArena.active: the chunk that a'
    """
    return STATES_EXPLAINED.get(name, "")


def explain_counter(name: str) -> str:
    """Describe what a counter counts, by our name of it; "" where there is no such counter."""
    return COUNTERS_EXPLAINED.get(name, "")
