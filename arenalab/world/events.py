"""What the runtime did to user arenas, chunks and objects: past tense, plain data.

Each event is about one commented step of a Go function; `go` names it. The collector's own
events are in `gc_events.py`. Follows runtime/arena.go of Go 1.21.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from arenalab.units import hex_addr, human, noun, plainly
from arenalab.world.event import Event

if TYPE_CHECKING:
    from arenalab.go.types import GoType


@dataclass(slots=True)
class HandleMade(Event):
    """A zeroed userArena was allocated on the ordinary heap, with a finalizer that frees it."""

    user_arena: int
    slot: int
    span: int  #: the span of its size class that the slot is in; the P has it cached from now on.
    freeindex: int  #: the span's: slots below it are taken.
    spans_made: int  #: spans of the class that there are now.
    from_partial: bool  #: whether the span was taken off the list of swept ones with room.
    black: bool  #: made while marking, so born marked.
    go: ClassVar[str] = "newUserArena, arena.go"

    def sentence(self) -> str:
        return f"user arena {self.user_arena} is made: a 48-byte handle whose finalizer calls free"


@dataclass(slots=True)
class SmallObjectMade(Event):
    """The runtime made a small object of its own on the ordinary heap.

    `what` is "handle", "Arena", "refs", "reuse", "fault", "frame" or "weak handles"; `owner` is a user arena
    or −1; `cap` the new capacity of a slice, else 1. `refilled` is 0, or the bytes of the span with which the size
    class was refilled first; `used` what our own objects already take there.
    """

    what: str
    owner: int
    cap: int
    size: int
    scan_bytes: int  #: up to its last pointer slot: what the collector reads.
    scan_alloc: int  #: what scanAlloc grows by; a version may count otherwise than it reads.
    refilled: int
    used: int
    to_heap_scan: int  #: bytes of the P's scanAlloc that the refill hands over; none while marking.
    black: bool  #: made while marking, so born marked.
    go: ClassVar[str] = "mallocgc, malloc.go"

    def sentence(self) -> str:
        whose = f" of user arena {self.owner}" if self.owner >= 0 else ""
        first = ", whose size class is refilled first" if self.refilled else ""
        return f"{self.what}{whose}: the ordinary heap gives {plainly(self.size, 'byte')}{first}"


@dataclass(slots=True)
class ChunkRetired(Event):
    """The active chunk went to the head of the arena's full list, its free middle wasted."""

    user_arena: int
    chunk: int
    wasted_bytes: int
    go: ClassVar[str] = "(*userArena).refill, arena.go"

    def sentence(self) -> str:
        return f"chunk {self.chunk} is full for user arena {self.user_arena}: {human(self.wasted_bytes)} stay unused"


@dataclass(slots=True)
class ReuseTaken(Event):
    """A partly used chunk was taken off the global reuse list."""

    chunk: int
    free_bytes: int
    go: ClassVar[str] = "(*userArena).refill, arena.go"

    def sentence(self) -> str:
        return f"chunk {self.chunk} is taken off the reuse list with {human(self.free_bytes)} free; nothing is cleared"


@dataclass(slots=True)
class ChunkActivated(Event):
    """The chunk's base was appended to refs and the chunk became the active one."""

    user_arena: int
    chunk: int
    go: ClassVar[str] = "(*userArena).refill, arena.go"

    def sentence(self) -> str:
        return f"user arena {self.user_arena} now fills chunk {self.chunk}; its refs keep the chunk alive"


@dataclass(slots=True)
class ObjectCarved(Event):
    """An object was cut off the free range: pointerful from the front, pointer-free from the back."""

    user_arena: int
    chunk: int
    type: GoType
    cap: int
    addr: int
    size: int
    go: ClassVar[str] = "(*mspan).userArenaNextFree, arena.go"
    holds_m: ClassVar[bool] = True

    def sentence(self) -> str:
        what = self.type.expr if self.cap < 0 else f"{self.cap} × {self.type.expr}"
        end = "back" if self.type.ptr_bytes == 0 else "front"
        carved = f"{plainly(self.size, 'byte is', 'bytes are')} carved off the {end}"
        return f"{what}: {carved} of chunk {self.chunk} at {hex_addr(self.addr)}"


@dataclass(slots=True)
class BitmapWordWritten(Event):
    """One word of the heap bitmap was stored; `clears` says that its noMorePtrs mark went too."""

    chunk: int
    word: int
    before: int
    after: int
    clears: int
    go: ClassVar[str] = "writeHeapBits.write / flush, mbitmap.go"
    holds_m: ClassVar[bool] = True

    def sentence(self) -> str:
        mark = "; its noMorePtrs mark is cleared" if self.clears else ""
        return (
            f"bitmap word {self.word} of chunk {self.chunk}: {self.before:#018x} → {self.after:#018x}{mark}"
        )


@dataclass(slots=True)
class GCProgExpanded(Event):
    """A GC program ran, with the object's own memory as its output buffer."""

    chunk: int
    addr: int
    nbits: int
    type: GoType
    go: ClassVar[str] = "userArenaHeapBitsSetType, arena.go"
    holds_m: ClassVar[bool] = True

    def sentence(self) -> str:
        bits = plainly(self.nbits, "mask bit")
        return f"the type's GC program writes {bits} into the object itself at {hex_addr(self.addr)}"


@dataclass(slots=True)
class GCProgErased(Event):
    """The mask that a GC program left in the object was cleared again."""

    chunk: int
    addr: int
    nbytes: int
    go: ClassVar[str] = "userArenaHeapBitsSetType, arena.go"
    holds_m: ClassVar[bool] = True

    def sentence(self) -> str:
        verb = noun(self.nbytes, "is", "are")
        return f"the {plainly(self.nbytes, 'mask byte')} at {hex_addr(self.addr)} {verb} zeroed again"


@dataclass(slots=True)
class MaskBuilt(Event):
    """A type's mask was built at its first use, in memory of the runtime's that is never freed."""

    type: GoType
    nbytes: int
    go: ClassVar[str] = "getGCMaskOnDemand, type.go"
    holds_m: ClassVar[bool] = True

    def sentence(self) -> str:
        return f"{self.type.expr} has no mask yet: its {plainly(self.nbytes, 'byte')} are built once and kept for ever"


@dataclass(slots=True)
class PtrBytesSet(Event):
    """The dummy type's PtrBytes moved behind the last pointer of the value: the collector reads up to there."""

    chunk: int
    ptr_bytes: int
    go: ClassVar[str] = "userArenaHeapBitsSetType, arena.go"
    holds_m: ClassVar[bool] = True

    def sentence(self) -> str:
        return f"PtrBytes of chunk {self.chunk} = {self.ptr_bytes:,}: scans end there"


@dataclass(slots=True)
class ScanAllocAdded(Event):
    """The P's count of scannable bytes grew; the pacer sees it later. The object is published."""

    nbytes: int
    go: ClassVar[str] = "(*mspan).userArenaNextFree, arena.go"

    def sentence(self) -> str:
        return f"scanAlloc grows by {self.nbytes}: bytes that the collector may have to read"


@dataclass(slots=True)
class PlacedAtZerobase(Event):
    """A value of size 0 got the address of the zero base; nothing else happened."""

    user_arena: int
    type: GoType
    cap: int
    go: ClassVar[str] = "(*mspan).userArenaNextFree, arena.go"

    def sentence(self) -> str:
        return f"{self.type.expr} takes no bytes: every such value lives at the one zero base"


@dataclass(slots=True)
class RedirectedToHeap(Event):
    """The object is too large for a chunk and was made on the ordinary heap."""

    user_arena: int
    type: GoType
    cap: int
    size: int
    npages: int
    noscan: bool
    span_bytes: int  #: of those pages, what the counters see.
    black: bool  #: made while marking, so born marked.
    go: ClassVar[str] = "(*mspan).userArenaNextFree, arena.go"

    def sentence(self) -> str:
        given = plainly(self.npages, "page")
        return f"{human(self.size)} are more than a quarter of a chunk: the ordinary heap gives {given}"


@dataclass(slots=True)
class ObjectsCarved(Event):
    """A run of equal values was carved without a refill in between: one event for many.

    `first` is the address of the first, each next one `stride` bytes further (negative: downwards).
    The run's bitmap words are in their final state; `replay.expand` gives the single steps.
    """

    user_arena: int
    chunk: int
    type: GoType
    cap: int
    first: int
    stride: int
    count: int
    go: ClassVar[str] = "(*mspan).userArenaNextFree, arena.go"
    holds_m: ClassVar[bool] = True

    def sentence(self) -> str:
        each = "" if self.cap < 0 else f", each {self.cap} long,"
        return f"{self.count} × {self.type.expr}{each} are carved in chunk {self.chunk} from {hex_addr(self.first)} on"
