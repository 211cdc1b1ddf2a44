"""Outcome: what an operation did, in one sentence, once it is done.

Rule: every clause counts events or ledger rows of the operation; nothing is worked out twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

from arenalab.asked import position
from arenalab.narrow import different
from arenalab.units import counted, human, noun
from arenalab.world import access_events as access
from arenalab.world import chunk_events
from arenalab.world import end_events as end
from arenalab.world import events as ev
from arenalab.world import gc_events as gc
from arenalab.world import weak_events as weak
from arenalab.world.deferred import IntArray
from arenalab.world.event import Event, chunk_list
from arenalab.world.history import History
from arenalab.world.ops import Free, NewArena
from arenalab.world.run_events import ArenaRun, BumpRun, RunBitsWritten
from arenalab.world.state import LEDGER

#: What an allocation does for every single value.
FREQUENT = (
    ev.ObjectAllocated, ev.BitmapWordWritten, ev.PtrBytesSet, ev.ScanAllocAdded, ev.GCProgExpanded, ev.GCProgErased,
    RunBitsWritten,
)  # fmt: skip
SIZE, CHUNK = LEDGER.index("size"), LEDGER.index("chunk")
PLACED = (
    ev.ObjectAllocated,
    ev.ObjectsAllocated,
    ev.RedirectedToHeap,
    ev.PlacedAtZerobase,
    BumpRun,
    ArenaRun,
)
MOST_KNOWN = 1000  #: outcomes of one history that are kept.
_KNOWN: WeakKeyDictionary[History, dict[tuple[int, int], str]] = WeakKeyDictionary()
MOST_NAMED = 8  #: chunks that a sentence names one by one.
DEATHS = (end.Panicked, end.Threw, access.Faulted)
#: What one operation does once: its own sentence says it.
SINGLE = (
    end.HandleDropped, end.PointerHeld, end.PointerReleased, end.PointerStored, access.ValueWritten, access.ValueRead,
    access.CloneKept, access.ClonedToHeap, weak.WeakPointerMade, weak.WeakPointerRead,
)  # fmt: skip


@dataclass(frozen=True)
class Done:
    """The events and new ledger rows of one operation."""

    history: History  #: that holds the operation.
    number: int  #: of the operation, from 0.

    @cached_property
    def events(self) -> list[Event]:
        """Return its events, without those of which a long operation has millions."""
        return [event for event in self.history.events_of(self.number + 1) if type(event) not in FREQUENT]

    @cached_property
    def kinds(self) -> Counter[type[Event]]:
        """Return how many events of each kind there are."""
        return Counter(map(type, self.events))

    def of(self, *kinds: type[Event]) -> list[Any]:
        """Return its events of some kinds, in order."""
        return [e for e in self.events if type(e) in kinds] if any(map(self.kinds.get, kinds)) else []

    def placed(self) -> Event | None:
        """Return the event that placed its first value."""
        own = self.history.events_of(self.number + 1)
        return next((event for event in own if type(event) in PLACED), None)

    def named(self, *kinds: type[Event]) -> str:
        """Return the chunks of some kinds of event: "chunks 0, 1" or, of many, "12 chunks"."""
        chunks = tuple(event.chunk for event in self.of(*kinds))
        return chunk_list(chunks) if len(chunks) <= MOST_NAMED else counted(len(chunks), "chunk")

    def made(self) -> Iterator[IntArray]:
        """Yield the ledger rows that it made, shape (rows, 6), some at a time: none of who came in between."""
        log, ledger = self.history.log, self.history.world.ledger
        span = log.row_span(self.number, len(ledger))
        for first, some in ledger.windows(span.start, span.stop):
            yield some[log.ops_of_rows(first, len(some)) == self.number]


def outcome(history: History, number: int) -> str:
    """Return what `history.ops[number]` did: "GC cycle 1: marked 16 MiB, 2 chunks swept to ready, 1 finalizer run".

    Raises:
        NoSuchError: the history has no such operation.

    """
    number = position("number", number, len(history.ops), "an index of the history's operations")
    key = number, history.log.op_end(number)
    known = _KNOWN.setdefault(history, {})
    if key not in known:
        if len(known) >= MOST_KNOWN:
            known.clear()
        known[key] = _outcome(history, number)
    return known[key]


def _outcome(history: History, number: int) -> str:
    done, own = Done(history, number), history.events_of(number + 1)
    if not own:
        return _without_events(done)
    clauses = [clause for says in CLAUSES for clause in says(done)]
    return "; ".join(clauses) or own[-1].sentence()


def _without_events(done: Done) -> str:
    asked, allocates = done.history.ops[done.number], any(map(len, done.made()))
    if not allocates and not isinstance(asked, NewArena | Free):
        return "the runtime does nothing for it"
    at = done.history.op_starts[done.number]
    run = next(iter(done.history.events[at : at + 1]), None)
    if isinstance(run, ArenaRun):
        return f"done in one run with the operations after it: {run.sentence()}"
    many = run.count if isinstance(run, BumpRun) else 1
    return f"allocated in one run with the operations after it: {counted(many, 'value')}"


def _handle(done: Done) -> list[str]:
    made = [f"user arena {made.user_arena} made" for made in done.of(ev.HandleMade)]
    return [*made, *(run.sentence() for run in done.of(ArenaRun))]


def _values(done: Done) -> list[str]:
    if done.of(access.ClonedToHeap):
        return []
    count, nbytes, there = 0, 0, set[int]()
    for some in done.made():
        count += len(some)
        nbytes += int(some[:, SIZE].sum())
        there.update(different(some[:, CHUNK]).tolist())
    if count < 2:
        placed = done.placed() if count else None
        return [placed.sentence()] if placed else []
    homes = sorted(there)
    chunks = [chunk for chunk in homes if chunk >= 0]
    where = (
        [chunk_list(chunks) if len(chunks) <= MOST_NAMED else counted(len(chunks), "chunk")] if chunks else []
    )
    where += [{-1: "on the heap", -2: "at &zerobase"}[home] for home in homes if home < 0]
    return [f"allocated {counted(count, 'value')}, {human(nbytes)}, in {', '.join(where)}"]


def _chunks(done: Done) -> list[str]:
    reserved = sum(e.count for e in done.of(chunk_events.HeapArenaReserved)) * done.history.rules.chunk.stride
    return [
        *([f"reserved {human(reserved)} of address space"] if reserved else []),
        *(
            [f"{done.named(chunk_events.ChunkObtained)} obtained"]
            if done.of(chunk_events.ChunkObtained)
            else []
        ),
        *([f"{done.named(ev.ReuseTaken)} taken off the reuse list"] if done.of(ev.ReuseTaken) else []),
    ]


def _single(done: Done) -> list[str]:
    shaded = done.kinds[gc.BarrierShaded]
    barrier = [f"the write barrier shaded {counted(shaded, 'pointer')}"] if shaded else []
    return [*(event.sentence() for event in done.of(*SINGLE)), *barrier]


def _freed(done: Done) -> list[str]:
    arenas = [str(e.user_arena) for e in done.of(end.MarkedDefunct)]
    who = f"{noun(len(arenas), 'user arena')} {', '.join(arenas)}"
    gone = who if len(arenas) <= MOST_NAMED else counted(len(arenas), "user arena")
    return [
        *([f"{gone} freed"] if arenas else []),
        *(
            [f"{done.named(end.FaultDeferred)} on the fault list until the cycle ends"]
            if done.of(end.FaultDeferred)
            else []
        ),
        *(
            [f"{done.named(end.ChunkQuarantined)} set to fault and quarantined"]
            if done.of(end.ChunkQuarantined)
            else []
        ),
        *([f"{done.named(end.ReusePut)} put on the reuse list"] if done.of(end.ReusePut) else []),
    ]


def _collector(done: Done) -> list[str]:
    cycles = sorted(
        {e.cycle for e in done.of(gc.CycleStarted)} | {e.sweepgen // 2 for e in done.of(gc.SweepStarted)}
    )
    parts = [*_marking(done), *_sweeping(done)]
    if not cycles:
        return [", ".join(parts)] if parts else []
    head = f"GC {noun(len(cycles), 'cycle')} {', '.join(map(str, cycles))}"
    if done.kinds[gc.CycleStarted] > done.kinds[gc.MarkTerminated]:
        head += " started"
    return [f"{head}: {', '.join(parts)}" if parts else head]


def _marking(done: Done) -> list[str]:
    if ended := done.of(gc.MarkTerminated):
        return [f"marked {human(ended[-1].heap_live)}"]
    reached = done.of(gc.TriggerReached)
    found = sum(len(e.marked) for e in done.of(gc.ChunksMarked))
    queued, oblets = done.kinds[gc.ChunkGreyed], done.of(gc.ObletScanned)
    return [
        *([f"heapLive {human(reached[-1].heap_live)} reached the trigger"] if reached else []),
        *([f"{counted(done.kinds[gc.RootFound], 'root')} found"] if done.of(gc.RootFound) else []),
        *([f"{counted(found, 'chunk')} marked"] if found else []),
        *([f"{counted(queued, 'chunk')} queued for scanning"] if queued else []),
        *(
            [oblets[0].sentence()]
            if len(oblets) == 1
            else [f"{counted(len(oblets), 'oblet')} scanned"]
            if oblets
            else []
        ),
    ]


#: Kind of event -> what so many of it are, and what became of them.
SWEPT: dict[type[Event], tuple[str, str]] = {
    gc.ChunkReadied: ("chunk", "swept to ready"),
    gc.ChunkSwept: ("chunk", "swept and kept"),
    gc.FinalizerQueued: ("finalizer", "queued"),
    gc.FinalizerRun: ("finalizer", "run"),
    gc.HandleSwept: ("handle", "freed"),
    gc.HeapObjectSwept: ("heap object", "freed"),
    weak.WeakHandleCleared: ("weak handle", "set to nil"),
}


def _sweeping(done: Done) -> list[str]:
    told = [
        f"{counted(done.kinds[kind], what)} {became}"
        for kind, (what, became) in SWEPT.items()
        if done.kinds[kind]
    ]
    at_once = sum(len(e.user_arenas) for e in done.of(gc.HandlesSwept))
    told += [f"{counted(at_once, 'handle')} of a run's arenas freed"] if at_once else []
    small = sum(len(e.numbers) for e in done.of(gc.SmallSwept))
    return (
        [*told, f"{counted(small, 'internal object')} of the runtime freed"] if small and not told else told
    )


def _death(done: Done) -> list[str]:
    return [event.sentence() for event in done.of(*DEATHS)]


CLAUSES: tuple[Callable[[Done], list[str]], ...] = (
    _handle, _values, _chunks, _single, _collector, _freed, _death
)  # fmt: skip
