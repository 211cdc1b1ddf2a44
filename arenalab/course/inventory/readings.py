"""What items read off their runs: each function returns the key of the choice that is right."""

from __future__ import annotations

from typing import Any

from arenalab.units import KiB, MiB
from arenalab.world.access_events import ClonedToHeap
from arenalab.world.chunk_events import ChunkMapped, ChunkZeroed
from arenalab.world.end_events import Panicked, Threw
from arenalab.world.event import Event
from arenalab.world.event_list import Events
from arenalab.world.events import ObjectAllocated, RedirectedToHeap
from arenalab.world.gc_events import HeapObjectSwept, ObletScanned
from arenalab.world.history import History
from arenalab.world.touch import NIL_DEREFERENCE, Outcome, Pointer, touch

TOUCHES = {
    Outcome.FINE: "fine", Outcome.STALE: "stale", Outcome.OTHER: "other", Outcome.NOTHING: "zero",
    Outcome.FAULTS: "faults", Outcome.REPORTED: "reported",
}  # fmt: skip


def _last(run: History, kind: type[Event]) -> list[Any]:
    """Return the events of a kind in the last operation."""
    return run.events_of(len(run.ops)).of(kind)


def _all(run: History, kind: type[Event]) -> list[Any]:
    """Return the events of a kind in the whole run."""
    return Events(run.events).of(kind)


def ended(run: History) -> str:
    """Return how the last operation ended."""
    for event in _last(run, Panicked):
        return (
            "nil"
            if event.text == NIL_DEREFERENCE
            else "double"
            if "double free" in event.text
            else event.text
        )
    return "throws" if _last(run, Threw) else "nothing"


def a_touch(run: History) -> str:
    """Return what reading the first object finds at the end."""
    return TOUCHES[touch(run.world, Pointer(0)).outcome]


def kept(run: History) -> str:
    """Return what a pointer into the first object's chunk keeps."""
    world = run.world
    chunk = world.span_of(world.holds[0])
    if chunk is None or world.list_of(chunk.chunk) != "quarantine":
        return "nothing"
    return "addresses" if chunk.faulted else "memory"


def scanned(run: History) -> str:
    """Return whether the collector read the chunk, and how far."""
    reads = _all(run, ObletScanned)
    usable = run.rules.chunk.usable_bytes
    if not sum(event.scan_work for event in reads):
        return "no"
    return "whole" if sum(event.scan_work for event in reads) >= usable else "yes"


def mapped(run: History) -> str:
    """Return how much memory was mapped for the arena."""
    nbytes = sum(event.nbytes for event in _all(run, ChunkMapped))
    return {8: "value", 8 * KiB: "page", 8 * MiB: "chunk", 64 * MiB: "large"}.get(nbytes, str(nbytes))


def next_arena(run: History) -> str:
    """Return what making the last arena maps and clears."""
    if _last(run, ChunkMapped):
        return "chunk"
    return "again" if _last(run, ChunkZeroed) else "nothing"


def place(run: History) -> str:
    """Return where the last object stands, beside the first."""
    rows = run.world.ledger.table().tolist()
    (first, nbytes, *_, chunk), (last, *_, other) = rows[0], rows[-1]
    if chunk != other:
        return "fresh"
    return "behind" if last >= first + nbytes else "over"


def mapped_by_free(run: History) -> str:
    """Return how much memory the last operation gave back."""
    before = run.after_op(len(run.ops) - 1)
    gone, chunks = before.counters.mapped_ready - run.world.counters.mapped_ready, len(_all(run, ChunkMapped))
    whole = run.rules.chunk.mapped_bytes
    if gone == 0:
        return "nothing"
    return "part" if gone < chunks * whole else "all" if chunks == 1 else "both"


def where_large(run: History) -> str:
    """Return where the large value went, and whether Free freed it."""
    if _last(run, HeapObjectSwept):
        return "own"
    return "heap" if _all(run, RedirectedToHeap) else "chunk" if _all(run, ObjectAllocated) else "panics"


def size_in_arena(run: History) -> str:
    """Return what the last operation took of a chunk."""
    taken = sum(event.size for event in _last(run, ObjectAllocated))
    return {0: "none", 8: "word"}.get(taken, "all")


def clones(run: History) -> str:
    """Return what Clone copied."""
    copies = len(_last(run, ClonedToHeap))
    return "deep" if copies > 1 else "one" if copies else "none"
