"""What the runtime did to user arenas, chunks and objects: past tense, plain data.

Each event is about one commented step of a Go function; `go` names it. The collector's own
events are in `gc_events.py`. Follows runtime/arena.go of Go 1.21.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from arenalab.units import elided, hex_addr, human, plainly
from arenalab.world.event import Event, values_of

if TYPE_CHECKING:
    from arenalab.go.types import GoType


#: A small object of the runtime's own -> what it is, in a sentence.
SMALL = {
    "handle": "the handle", "Arena": "the arena.Arena", "refs": "the backing array of refs",
    "reuse": "the backing array of the reuse list", "fault": "the backing array of the fault list",
    "frame": "the finalizer goroutine's frame", "weak handles": "a block of weak handles",
}  # fmt: skip


@dataclass(slots=True, repr=False)
class HandleMade(Event):
    """A zeroed userArena was allocated on the heap, with a finalizer that frees it."""

    user_arena: int
    slot: int  #: number of its slot, counted through all spans of its class.
    span: int  #: the span of its size class that the slot is in; the P has it cached from now on.
    freeindex: int  #: the span's: slots below it are taken.
    spans_made: int  #: spans of the class that there are now.
    from_partial: bool  #: whether the span was taken off the list of swept ones with room.
    black: bool  #: made while marking, so allocated black.
    go: ClassVar[str] = "newUserArena, arena.go"

    def sentence(self) -> str:
        return f"allocated the handle of user arena {self.user_arena}, with a finalizer that calls free"


@dataclass(slots=True, repr=False)
class SmallObjectMade(Event):
    """The runtime made a small object of its own on the heap.

    `what` is "handle", "Arena", "refs", "reuse", "fault", "frame" or "weak handles"; `owner` is a user arena
    or −1; `cap` the new capacity of a slice, else 1. `refilled` is 0, or the bytes of the span with which the size
    class was refilled first; `used` what our own objects already take there.
    """

    what: str
    owner: int
    cap: int
    size: int  #: bytes of its size class.
    scan_bytes: int  #: up to its last pointer slot: what the collector reads.
    scan_alloc: int  #: what scanAlloc grows by; a version may count otherwise than it reads.
    refilled: int
    used: int
    to_heap_scan: int  #: bytes of the P's scanAlloc that the refill hands over; none while marking.
    black: bool  #: made while marking, so allocated black.
    go: ClassVar[str] = "mallocgc, malloc.go"

    def sentence(self) -> str:
        whose = f" of user arena {self.owner}" if self.owner >= 0 else ""
        first = "; its size class is refilled first" if self.refilled else ""
        return f"mallocgc: {plainly(self.size, 'byte')} for {SMALL.get(self.what, self.what)}{whose}{first}"


@dataclass(slots=True, repr=False)
class ChunkRetired(Event):
    """The active chunk went to the head of the arena's full list, its free middle wasted."""

    user_arena: int
    chunk: int
    wasted_bytes: int  #: between its two bump pointers; nothing uses them again.
    go: ClassVar[str] = "(*userArena).refill, arena.go"

    def sentence(self) -> str:
        wasted = human(self.wasted_bytes)
        return f"chunk {self.chunk} moved to the full list of user arena {self.user_arena}, {wasted} wasted"


@dataclass(slots=True, repr=False)
class ReuseTaken(Event):
    """A partly used chunk was taken off the global reuse list."""

    chunk: int
    free_bytes: int  #: bytes between its two bump pointers.
    go: ClassVar[str] = "(*userArena).refill, arena.go"

    def sentence(self) -> str:
        return f"took chunk {self.chunk} off the reuse list with {human(self.free_bytes)} free; nothing is cleared"


@dataclass(slots=True, repr=False)
class ChunkActivated(Event):
    """The chunk's base was appended to refs and the chunk became the active one."""

    user_arena: int
    chunk: int
    go: ClassVar[str] = "(*userArena).refill, arena.go"

    def sentence(self) -> str:
        return f"chunk {self.chunk} is active in user arena {self.user_arena}; refs keep it alive"


@dataclass(slots=True, repr=False)
class ObjectAllocated(Event):
    """An object was cut off the free range: pointerful from the front, pointer-free from the back."""

    user_arena: int
    chunk: int
    type: GoType  #: of the value.
    cap: int  #: capacity of a slice, −1 for a single value.
    addr: int  #: of its first byte.
    size: int  #: bytes.
    go: ClassVar[str] = "(*mspan).userArenaNextFree, arena.go"
    holds_m: ClassVar[bool] = True

    def sentence(self) -> str:
        end = "back" if self.type.ptr_bytes == 0 else "front"
        where = f"the {end} of chunk {self.chunk} at {hex_addr(self.addr)}"
        return f"allocated {plainly(self.size, 'byte')} from {where}: {values_of(self.type.expr, self.cap)}"


@dataclass(slots=True, repr=False)
class BitmapWordWritten(Event):
    """One word of the heap bitmap was stored; `clears` says that its noMorePtrs mark went too."""

    chunk: int
    word: int  #: its number in the chunk, from 0.
    before: int  #: the word until now.
    after: int  #: the word now.
    clears: int  #: 1 where its noMorePtrs mark went, else 0.
    go: ClassVar[str] = "writeHeapBits.write / flush, mbitmap.go"
    holds_m: ClassVar[bool] = True

    def sentence(self) -> str:
        mark = "; its noMorePtrs mark is cleared" if self.clears else ""
        return (
            f"bitmap word {self.word} of chunk {self.chunk}: {self.before:#018x} → {self.after:#018x}{mark}"
        )


@dataclass(slots=True, repr=False)
class GCProgExpanded(Event):
    """A GC program ran, with the object's own memory as its output buffer."""

    chunk: int
    addr: int  #: of the object, the program's output buffer.
    nbits: int  #: bits that it wrote.
    type: GoType  #: of the value.
    go: ClassVar[str] = "userArenaHeapBitsSetType, arena.go"
    holds_m: ClassVar[bool] = True

    def sentence(self) -> str:
        bits = plainly(self.nbits, "mask bit")
        return f"ran the type's GC program: {bits} written into the value itself at {hex_addr(self.addr)}"


@dataclass(slots=True, repr=False)
class GCProgErased(Event):
    """The mask that a GC program left in the object was cleared again."""

    chunk: int
    addr: int  #: of the object.
    nbytes: int  #: cleared.
    go: ClassVar[str] = "userArenaHeapBitsSetType, arena.go"
    holds_m: ClassVar[bool] = True

    def sentence(self) -> str:
        return f"cleared {plainly(self.nbytes, 'mask byte')} at {hex_addr(self.addr)} again"


@dataclass(slots=True, repr=False)
class MaskBuilt(Event):
    """A type's mask was built at its first use, in memory of the runtime's that is never freed."""

    type: GoType  #: whose mask it is.
    nbytes: int  #: of the mask.
    go: ClassVar[str] = "getGCMaskOnDemand, type.go"
    holds_m: ClassVar[bool] = True

    def sentence(self) -> str:
        return (
            f"built the pointer mask of {elided(self.type.expr)}: {plainly(self.nbytes, 'byte')}, never freed"
        )


@dataclass(slots=True, repr=False)
class PtrBytesSet(Event):
    """The dummy type's PtrBytes moved past the last pointer of the value: the collector reads up to there."""

    chunk: int
    ptr_bytes: int  #: bytes from the base up to and with the last pointer.
    go: ClassVar[str] = "userArenaHeapBitsSetType, arena.go"
    holds_m: ClassVar[bool] = True

    def sentence(self) -> str:
        return f"PtrBytes of chunk {self.chunk} = {self.ptr_bytes:,}: scans end there"


@dataclass(slots=True, repr=False)
class ScanAllocAdded(Event):
    """The P's count of scannable bytes grew; the pacer sees it later. The object is published."""

    nbytes: int  #: added to the P's scanAlloc.
    go: ClassVar[str] = "(*mspan).userArenaNextFree, arena.go"

    def sentence(self) -> str:
        return f"scanAlloc += {self.nbytes}: bytes that a GC cycle may have to scan"


@dataclass(slots=True, repr=False)
class PlacedAtZerobase(Event):
    """A value of size 0 got the address of zerobase; nothing else happened."""

    user_arena: int
    type: GoType  #: of the value.
    cap: int  #: capacity of a slice, −1 for a single value.
    go: ClassVar[str] = "(*mspan).userArenaNextFree, arena.go"

    def sentence(self) -> str:
        return f"zero-size allocation of {values_of(self.type.expr, self.cap)}: returns &zerobase"


@dataclass(slots=True, repr=False)
class RedirectedToHeap(Event):
    """The object is too large for a chunk and was made on the heap."""

    user_arena: int
    type: GoType  #: of the value.
    cap: int  #: capacity of a slice, −1 for a single value.
    size: int  #: bytes.
    npages: int  #: pages of its span.
    noscan: bool  #: whether it holds no pointers.
    span_bytes: int  #: of those pages, what the counters see.
    black: bool  #: made while marking, so allocated black.
    go: ClassVar[str] = "(*mspan).userArenaNextFree, arena.go"

    def sentence(self) -> str:
        size, pages = plainly(self.size, "byte"), plainly(self.npages, "page")  # one byte may be too many
        return f"{size} exceed userArenaChunkMaxAllocBytes: allocated on the heap, {pages}"


@dataclass(slots=True, repr=False)
class ObjectsAllocated(Event):
    """A run of equal values was allocated without a refill in between: one event for many.

    `first` is the address of the first, each next one `stride` bytes further (negative: downwards).
    The run's bitmap words are in their final state; `replay.expand` gives the single steps.
    """

    user_arena: int
    chunk: int
    type: GoType  #: of the value.
    cap: int  #: capacity of a slice, −1 for a single value.
    first: int  #: address of the first value.
    stride: int  #: bytes from one to the next.
    count: int  #: values in the run.
    go: ClassVar[str] = "(*mspan).userArenaNextFree, arena.go"
    holds_m: ClassVar[bool] = True

    def sentence(self) -> str:
        each = "" if self.cap < 0 else f", each {self.cap} long"
        what = f"{self.count} × {elided(self.type.expr)}{each}"
        return f"allocated in chunk {self.chunk}, from {hex_addr(self.first)} on: {what}"
