"""What the collector did: phases, marks, oblets, sweep verdicts, finalizers.

Follows mgc.go, mgcmark.go, mgcsweep.go, mfinal.go of Go 1.21, as far as they touch user arenas.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from arenalab.units import counted, hex_addr, human, plainly
from arenalab.world.event import Event, chunk_list
from arenalab.world.tables import GC_MARK, GC_MARK_TERMINATION, GC_OFF


@dataclass(slots=True, repr=False)
class TriggerReached(Event):
    """heap_live passed the trigger at a chunk's acquisition: a cycle starts."""

    heap_live: int  #: bytes.
    trigger: int  #: bytes.
    go: ClassVar[str] = "newUserArenaChunk, arena.go"

    def sentence(self) -> str:
        return f"heapLive {human(self.heap_live)} has reached the trigger {human(self.trigger)}: a GC cycle starts"


@dataclass(slots=True, repr=False)
class CycleStarted(Event):
    """The world stopped, the last sweep was finished, the write barrier went on, marking began."""

    cycle: int  #: its number, from 1.
    go: ClassVar[str] = "gcStart, mgc.go"
    begins_phase: ClassVar[int] = GC_MARK

    def sentence(self) -> str:
        return f"cycle {self.cycle}: world stopped, phase = mark, write barrier on"


@dataclass(slots=True, repr=False)
class RootFound(Event):
    """A root was followed to an address in a chunk."""

    source: str  #: what the root is, in words.
    addr: int  #: address that the root holds.
    chunk: int
    go: ClassVar[str] = "markroot, mgcmark.go"

    def sentence(self) -> str:
        return f"chunk {self.chunk} is reached from a root: {self.source}, {hex_addr(self.addr)}"


@dataclass(slots=True, repr=False)
class ChunkGreyed(Event):
    """A chunk was marked; a scannable one is queued whole, in oblets."""

    chunk: int
    oblets: int  #: pieces of 128 KiB that it is queued in.
    nbytes: int  #: of its large object.
    go: ClassVar[str] = "greyobject, mgcmark.go"

    def sentence(self) -> str:
        if not self.oblets:
            return f"chunk {self.chunk} marked; noscan: {human(self.nbytes)} counted, not scanned"
        return f"chunk {self.chunk} marked and queued as {plainly(self.oblets, 'oblet')}"


@dataclass(slots=True, repr=False)
class ChunkMarkedBlack(Event):
    """A chunk obtained while marking is allocated black: it holds nothing to scan yet."""

    chunk: int
    nbytes: int  #: of its large object.
    go: ClassVar[str] = "gcmarknewobject, mgcmark.go"
    holds_m: ClassVar[bool] = True

    def sentence(self) -> str:
        return f"chunk {self.chunk} allocated black: it survives this cycle"


@dataclass(slots=True, repr=False)
class ObletScanned(Event):
    """One piece of a chunk was read through its bitmap."""

    chunk: int
    oblet: int  #: its number in the chunk, from 0.
    nbytes: int  #: of the oblet.
    scan_work: int  #: bytes read: up to its farthest pointer slot.
    read_to: int  #: bitmap word of the chunk after the last one read.
    go: ClassVar[str] = "scanobject, mgcmark.go"

    def sentence(self) -> str:
        work = f"scan work += {plainly(self.scan_work, 'byte')}"
        return f"scanned oblet {self.oblet} of chunk {self.chunk} up to bitmap word {self.read_to}: {work}"


@dataclass(slots=True, repr=False)
class PointerFollowed(Event):
    """A pointer slot of a chunk led into another chunk."""

    chunk: int
    slot: int  #: address of the pointer word.
    target: int  #: address that stands there.
    to_chunk: int  #: chunk that it leads into.
    chunk_fields: ClassVar[tuple[str, ...]] = ("chunk", "to_chunk")
    go: ClassVar[str] = "scanobject, mgcmark.go"

    def sentence(self) -> str:
        return f"the pointer at {hex_addr(self.slot)} in chunk {self.chunk} keeps chunk {self.to_chunk} alive"


@dataclass(slots=True, repr=False)
class ChunksMarked(Event):
    """Marking in bulk: every chunk reachable from the roots, with the chunk that led to it (−1: a root)."""

    marked: tuple[int, ...]  #: the chunks, in the order in which they were found.
    parents: tuple[int, ...]  #: for each the chunk that led to it, −1: a root.
    nbytes: int  #: of all of them.
    scan_work: int  #: bytes read: up to the farthest pointer slot of each oblet.
    chunk_fields: ClassVar[tuple[str, ...]] = ("marked",)
    go: ClassVar[str] = "gcDrain, mgcmark.go"

    def sentence(self) -> str:
        return f"marked what the roots reach: {chunk_list(self.marked)}"


@dataclass(slots=True, repr=False)
class SmallMarked(Event):
    """The runtime's own small objects were marked: handles, refs, the reuse and fault slices.

    A handle whose finalizer is on is scanned once more as that finalizer's root, and counts twice.
    """

    numbers: tuple[int, ...]  #: of the objects, in the order of their making.
    nbytes: int  #: of all of them.
    scan_work: int  #: bytes read.
    go: ClassVar[str] = "markroot, mgcmark.go"

    def sentence(self) -> str:
        objects = plainly(len(self.numbers), "internal object")
        return f"marked {objects} of the runtime, {plainly(self.nbytes, 'byte')}"


@dataclass(slots=True, repr=False)
class CacheFlushed(Event):
    """The P's mcache let its spans go: what was allocated from them is counted only now."""

    nbytes: int  #: of small objects, now in totalAlloc.
    go: ClassVar[str] = "(*mcache).releaseAll, mcache.go"

    def sentence(self) -> str:
        return f"mcache flushed: totalAlloc += {self.nbytes}"


@dataclass(slots=True, repr=False)
class SmallSwept(Event):
    """The runtime's own small objects that nothing reaches were freed; `kept` lost their marks."""

    numbers: tuple[int, ...]  #: of those that were freed.
    nbytes: int  #: freed.
    newest: tuple[int, ...]  #: those freed that were the newest of their kind and owner.
    kept: tuple[int, ...]  #: those that were marked.
    go: ClassVar[str] = "(*sweepLocked).sweep, mgcsweep.go"

    def sentence(self) -> str:
        objects = plainly(len(self.numbers), "internal object")
        return f"freed {objects} of the runtime, {plainly(self.nbytes, 'byte')}"


@dataclass(slots=True, repr=False)
class BarrierShaded(Event):
    """The write barrier greyed a chunk because a pointer into it was stored or overwritten."""

    addr: int  #: address that the pointer leads to.
    chunk: int
    go: ClassVar[str] = "gcWriteBarrier, mwbbuf.go"

    def sentence(self) -> str:
        return f"write barrier shades {hex_addr(self.addr)} in chunk {self.chunk}"


@dataclass(slots=True, repr=False)
class MarkTerminated(Event):
    """The world stopped again for mark termination and the live heap was counted."""

    heap_live: int  #: bytes that the cycle marked.
    heap_scan: int  #: bytes that it read.
    go: ClassVar[str] = "gcMarkTermination, mgc.go"
    begins_phase: ClassVar[int] = GC_MARK_TERMINATION

    def sentence(self) -> str:
        return f"mark termination: heapLive = {human(self.heap_live)}, what was marked"


@dataclass(slots=True, repr=False)
class SweepStarted(Event):
    """The phase went off and sweepgen moved by two: every span needs sweeping."""

    sweepgen: int  #: the heap's, now.
    go: ClassVar[str] = "gcSweep, mgc.go"
    begins_phase: ClassVar[int] = GC_OFF

    def sentence(self) -> str:
        return f"phase = off, sweepgen = {self.sweepgen}: all spans are unswept"


@dataclass(slots=True, repr=False)
class GoalSet(Event):
    """The pacer set the next goal and trigger."""

    goal: int  #: bytes of heapLive that the next cycle aims to end at.
    trigger: int  #: bytes of heapLive at which it starts.
    go: ClassVar[str] = "(*gcControllerState).commit, mgcpacer.go"

    def sentence(self) -> str:
        if not self.goal:
            return "heap goal and trigger were not recorded: they depend on the rest of the program's heap"
        if self.goal >= 2**63:  # all ones: what GOGC=off makes of it
            return "GOGC=off: no cycle starts by itself"
        return f"next cycle: trigger {human(self.trigger)}, heap goal {human(self.goal)}"


@dataclass(slots=True, repr=False)
class ChunkSwept(Event):
    """The sweeper visited a chunk that was marked: it stays.

    `found` is the span class of the set that it was found in, which may have changed since.
    """

    chunk: int
    found: int  #: span class of the set that it was found in.
    go: ClassVar[str] = "(*sweepLocked).sweep, mgcsweep.go"

    def sentence(self) -> str:
        return f"swept chunk {self.chunk}: marked, kept"


@dataclass(slots=True, repr=False)
class ChunkReadied(Event):
    """The sweeper found no mark: the chunk left quarantine for the front of the ready list.

    `found` is the span class of the set that it was found in.
    """

    chunk: int
    found: int  #: span class of the set that it was found in.
    go: ClassVar[str] = "(*sweepLocked).sweep, mgcsweep.go"

    def sentence(self) -> str:
        return f"swept chunk {self.chunk}: unmarked, moved from quarantine to the front of the ready list"


@dataclass(slots=True, repr=False)
class HeapObjectSwept(Event):
    """An ordinary large object was found unmarked and its pages went back."""

    row: int  #: its ledger row.
    npages: int  #: pages of its span.
    nbytes: int  #: of its span.
    go: ClassVar[str] = "(*sweepLocked).sweep, mgcsweep.go"

    def sentence(self) -> str:
        return f"swept a large heap object of {plainly(self.npages, 'page')}: unmarked, freed"


@dataclass(slots=True, repr=False)
class HandleMarked(Event):
    """A handle was marked: the program can reach it, or its finalizer is yet to run."""

    user_arena: int
    go: ClassVar[str] = "markroot, mgcmark.go"

    def sentence(self) -> str:
        return f"marked the handle of user arena {self.user_arena}"


@dataclass(slots=True, repr=False)
class HandleKept(Event):
    """The sweeper found the handle marked."""

    user_arena: int
    go: ClassVar[str] = "(*sweepLocked).sweep, mgcsweep.go"

    def sentence(self) -> str:
        return f"swept the handle of user arena {self.user_arena}: marked, kept"


@dataclass(slots=True, repr=False)
class FinalizerQueued(Event):
    """A dropped handle was found unmarked: its finalizer is queued, its chunks live one more cycle."""

    user_arena: int
    go: ClassVar[str] = "queuefinalizer, mfinal.go"

    def sentence(self) -> str:
        return f"user arena {self.user_arena} is unreachable: finalizer queued"


@dataclass(slots=True, repr=False)
class FinalizerRun(Event):
    """The finalizer goroutine called free on a dropped user arena."""

    user_arena: int
    go: ClassVar[str] = "runfinq, mfinal.go"

    def sentence(self) -> str:
        return f"the finalizer of user arena {self.user_arena} calls free"


@dataclass(slots=True, repr=False)
class HandleSwept(Event):
    """The 48-byte handle itself was freed."""

    user_arena: int
    go: ClassVar[str] = "(*sweepLocked).sweep, mgcsweep.go"

    def sentence(self) -> str:
        return f"swept the handle of user arena {self.user_arena}: unmarked, freed"


@dataclass(slots=True, repr=False)
class HandlesSwept(Event):
    """Handles of arenas that came and went in a bulk run were freed, those of one span at once."""

    user_arenas: tuple[int, ...]  #: whose handles were freed.
    go: ClassVar[str] = "(*sweepLocked).sweep, mgcsweep.go"

    def sentence(self) -> str:
        return f"swept the handles of {counted(len(self.user_arenas), 'user arena')}: unmarked, freed"


@dataclass(slots=True, repr=False)
class HandleSpanSwept(Event):
    """All handles of one span were decided about; if slots are free it can be allocated from again."""

    span: int  #: number of the span of handles.
    was_cached: bool  #: whether the P had it cached; no longer.
    has_room: bool  #: whether handles can be allocated from it again.
    go: ClassVar[str] = "(*sweepLocked).sweep, mgcsweep.go"

    def sentence(self) -> str:
        return f"swept span {self.span} of the handles' size class"
