"""What the collector did: phases, marks, oblets, sweep verdicts, finalizers.

Follows mgc.go, mgcmark.go, mgcsweep.go, mfinal.go of Go 1.21, as far as they touch user arenas.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from arenalab.units import hex_addr, human, noun, plainly
from arenalab.world.event import Event, chunk_list
from arenalab.world.tables import GC_MARK, GC_MARK_TERMINATION, GC_OFF


@dataclass(slots=True)
class TriggerReached(Event):
    """heap_live passed the trigger at a chunk's acquisition: a cycle starts."""

    heap_live: int
    trigger: int
    go: ClassVar[str] = "newUserArenaChunk, arena.go"

    def sentence(self) -> str:
        return f"heapLive {human(self.heap_live)} is past the trigger {human(self.trigger)}: a cycle starts"


@dataclass(slots=True)
class CycleStarted(Event):
    """The world stopped, the last sweep was finished, the write barrier went on, marking began."""

    cycle: int
    go: ClassVar[str] = "gcStart, mgc.go"
    begins_phase: ClassVar[int] = GC_MARK

    def sentence(self) -> str:
        return f"cycle {self.cycle}: the world stops, the phase becomes mark, the write barrier is on"


@dataclass(slots=True)
class RootFound(Event):
    """A root was followed to an address in a chunk."""

    source: str
    addr: int
    chunk: int
    go: ClassVar[str] = "markroot, mgcmark.go"

    def sentence(self) -> str:
        return f"{self.source} points to {hex_addr(self.addr)} in chunk {self.chunk}"


@dataclass(slots=True)
class ChunkGreyed(Event):
    """A chunk was marked; a scannable one is queued whole, in oblets."""

    chunk: int
    oblets: int
    nbytes: int
    go: ClassVar[str] = "greyobject, mgcmark.go"

    def sentence(self) -> str:
        if not self.oblets:
            return (
                f"chunk {self.chunk} is marked; it is noscan, so {human(self.nbytes)} count as marked unread"
            )
        return f"chunk {self.chunk} is marked and queued as {plainly(self.oblets, 'oblet')}"


@dataclass(slots=True)
class ChunkMarkedBlack(Event):
    """A chunk obtained while marking is born marked: it holds nothing to scan yet."""

    chunk: int
    nbytes: int
    go: ClassVar[str] = "gcmarknewobject, mgcmark.go"
    holds_m: ClassVar[bool] = True

    def sentence(self) -> str:
        return f"chunk {self.chunk} is born black: this cycle keeps it"


@dataclass(slots=True)
class ObletScanned(Event):
    """One piece of a chunk was read through its bitmap."""

    chunk: int
    oblet: int
    nbytes: int
    scan_work: int
    read_to: int  #: bitmap word of the chunk behind the last one read.
    go: ClassVar[str] = "scanobject, mgcmark.go"

    def sentence(self) -> str:
        work = f"scan work += {plainly(self.scan_work, 'byte')}"
        return f"oblet {self.oblet} of chunk {self.chunk} is scanned up to bitmap word {self.read_to}: {work}"


@dataclass(slots=True)
class PointerFollowed(Event):
    """A pointer slot of a chunk led into another chunk."""

    chunk: int
    slot: int
    target: int
    to_chunk: int
    go: ClassVar[str] = "scanobject, mgcmark.go"

    def sentence(self) -> str:
        return f"the word at {hex_addr(self.slot)} in chunk {self.chunk} keeps chunk {self.to_chunk} alive"

    @property
    def chunks(self) -> tuple[int, ...]:
        """Return both ends."""
        return (self.chunk, self.to_chunk)


@dataclass(slots=True)
class ChunksMarked(Event):
    """Marking in bulk: every chunk reachable from the roots, with the chunk that led to it (−1: a root)."""

    marked: tuple[int, ...]
    parents: tuple[int, ...]
    nbytes: int
    scan_work: int
    go: ClassVar[str] = "gcDrain, mgcmark.go"

    def sentence(self) -> str:
        return f"marking finds {chunk_list(self.marked)} reachable"

    @property
    def chunks(self) -> tuple[int, ...]:
        """Return the chunks that were found."""
        return self.marked


@dataclass(slots=True)
class SmallMarked(Event):
    """The runtime's own small objects were marked: handles, refs, the reuse and fault slices.

    A handle whose finalizer is on is scanned once more as that finalizer's root, and counts twice.
    """

    numbers: tuple[int, ...]
    nbytes: int
    scan_work: int
    go: ClassVar[str] = "markroot, mgcmark.go"

    def sentence(self) -> str:
        objects, verb = plainly(len(self.numbers), "small object"), noun(len(self.numbers), "is", "are")
        return f"{objects} of the runtime's own {verb} marked, {plainly(self.nbytes, 'byte')}"


@dataclass(slots=True)
class CacheFlushed(Event):
    """The P's mcache let its spans go: what was allocated from them is counted only now."""

    nbytes: int
    go: ClassVar[str] = "(*mcache).releaseAll, mcache.go"

    def sentence(self) -> str:
        return (
            f"the P's cache is flushed: totalAlloc learns of {plainly(self.nbytes, 'byte')} of small objects"
        )


@dataclass(slots=True)
class SmallSwept(Event):
    """The runtime's own small objects that nothing reaches were freed; `kept` lost their marks."""

    numbers: tuple[int, ...]
    nbytes: int
    newest: tuple[int, ...]  #: those freed that were the newest of their kind and owner.
    kept: tuple[int, ...]
    go: ClassVar[str] = "(*sweepLocked).sweep, mgcsweep.go"

    def sentence(self) -> str:
        objects, verb = plainly(len(self.numbers), "small object"), noun(len(self.numbers), "is", "are")
        return f"{objects} of the runtime's own {verb} freed, {plainly(self.nbytes, 'byte')}"


@dataclass(slots=True)
class BarrierShaded(Event):
    """The write barrier greyed a chunk because a pointer into it was stored or overwritten."""

    addr: int
    chunk: int
    go: ClassVar[str] = "gcWriteBarrier, mwbbuf.go"

    def sentence(self) -> str:
        return f"the write barrier shades {hex_addr(self.addr)} in chunk {self.chunk}"


@dataclass(slots=True)
class MarkTerminated(Event):
    """The world stopped again for mark termination and the live heap was counted."""

    heap_live: int
    heap_scan: int
    go: ClassVar[str] = "gcMarkTermination, mgc.go"
    begins_phase: ClassVar[int] = GC_MARK_TERMINATION

    def sentence(self) -> str:
        return f"mark termination: heapLive becomes what was marked, {human(self.heap_live)}"


@dataclass(slots=True)
class SweepStarted(Event):
    """The phase went off and sweepgen moved by two: every span needs sweeping."""

    sweepgen: int
    go: ClassVar[str] = "gcSweep, mgc.go"
    begins_phase: ClassVar[int] = GC_OFF

    def sentence(self) -> str:
        return f"the phase is off; sweepgen becomes {self.sweepgen}, so every chunk in use is unswept"


@dataclass(slots=True)
class GoalSet(Event):
    """The pacer set the next goal and trigger."""

    goal: int
    trigger: int
    go: ClassVar[str] = "(*gcControllerState).commit, mgcpacer.go"

    def sentence(self) -> str:
        if not self.goal:
            return "goal and trigger were not recorded: they depend on the rest of the program's heap"
        if self.goal >= 2**63:  # all ones: what GOGC=off makes of it
            return "GOGC is off: no cycle starts by itself"
        return f"the next cycle starts at {human(self.trigger)}, to end before {human(self.goal)}"


@dataclass(slots=True)
class ChunkSwept(Event):
    """The sweeper visited a chunk that was marked: it stays.

    `found` is the span class of the set that it was found in, which may have changed since.
    """

    chunk: int
    found: int
    go: ClassVar[str] = "(*sweepLocked).sweep, mgcsweep.go"

    def sentence(self) -> str:
        return f"the sweeper finds chunk {self.chunk} marked: it stays where it is"


@dataclass(slots=True)
class ChunkReadied(Event):
    """The sweeper found no mark: the chunk left quarantine for the front of the ready list.

    `found` is the span class of the set that it was found in.
    """

    chunk: int
    found: int
    go: ClassVar[str] = "(*sweepLocked).sweep, mgcsweep.go"

    def sentence(self) -> str:
        return f"nothing points into chunk {self.chunk} any more: it leaves quarantine for the front of the ready list"


@dataclass(slots=True)
class HeapObjectSwept(Event):
    """An ordinary large object was found unmarked and its pages went back."""

    row: int
    npages: int
    nbytes: int
    go: ClassVar[str] = "(*sweepLocked).sweep, mgcsweep.go"

    def sentence(self) -> str:
        return f"a redirected object of {plainly(self.npages, 'page')} is unreachable and freed"


@dataclass(slots=True)
class HandleMarked(Event):
    """A handle was marked: the program can reach it, or its finalizer is yet to run."""

    user_arena: int
    go: ClassVar[str] = "markroot, mgcmark.go"

    def sentence(self) -> str:
        return f"the program still reaches the handle of user arena {self.user_arena}"


@dataclass(slots=True)
class HandleKept(Event):
    """The sweeper found the handle marked."""

    user_arena: int
    go: ClassVar[str] = "(*sweepLocked).sweep, mgcsweep.go"

    def sentence(self) -> str:
        return f"the handle of user arena {self.user_arena} stays"


@dataclass(slots=True)
class FinalizerQueued(Event):
    """A dropped handle was found unmarked: its finalizer is queued, its chunks live one more cycle."""

    user_arena: int
    go: ClassVar[str] = "queuefinalizer, mfinal.go"

    def sentence(self) -> str:
        return f"nobody can reach user arena {self.user_arena}: its finalizer is queued"


@dataclass(slots=True)
class FinalizerRun(Event):
    """The finalizer goroutine called free on a dropped user arena."""

    user_arena: int
    go: ClassVar[str] = "runfinq, mfinal.go"

    def sentence(self) -> str:
        return f"the finalizer of user arena {self.user_arena} runs free"


@dataclass(slots=True)
class HandleSwept(Event):
    """The 48-byte handle itself was freed."""

    user_arena: int
    go: ClassVar[str] = "(*sweepLocked).sweep, mgcsweep.go"

    def sentence(self) -> str:
        return f"the handle of user arena {self.user_arena} is gone; its 48 bytes are free"


@dataclass(slots=True)
class HandleSpanSwept(Event):
    """All handles of one span were decided about; if slots are free it can be allocated from again."""

    span: int
    was_cached: bool  #: whether the P had it cached; no longer.
    has_room: bool  #: whether handles can be allocated from it again.
    go: ClassVar[str] = "(*sweepLocked).sweep, mgcsweep.go"

    def sentence(self) -> str:
        return f"span {self.span} of the handles' size class is swept"
