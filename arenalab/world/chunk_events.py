"""How a chunk is obtained: each step of it, with the amounts that differ by version and platform.

Follows newUserArenaChunk and (*mheap).allocUserArenaChunk in runtime/arena.go of Go 1.21.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from arenalab.units import hex_addr, human, plainly
from arenalab.world.event import Event


@dataclass(slots=True)
class AssistCharged(Event):
    """While marking, the allocating goroutine was charged a whole chunk of assist debt."""

    nbytes: int
    go: ClassVar[str] = "deductAssistCredit, malloc.go"

    def sentence(self) -> str:
        return f"marking is on: the goroutine owes {human(self.nbytes)} of assist work"


@dataclass(slots=True)
class HeapArenaReserved(Event):
    """64 MiB of address space were reserved; the first chunk of it is about to be used."""

    base: int
    chunk: int
    count: int
    npages: int  #: of each chunk.
    meta_bytes: int  #: of the heapArena that describes it, charged to mappedReady.
    go: ClassVar[str] = "(*mheap).sysAlloc, malloc.go"
    holds_m: ClassVar[bool] = True

    def sentence(self) -> str:
        where = hex_addr(self.base)
        return f"the ready list is empty: a heap arena at {where} is reserved, room for {plainly(self.count, 'chunk')}"


@dataclass(slots=True)
class ChunkSplitOff(Event):
    """Another chunk of a new heap arena went to the back of the ready list."""

    chunk: int
    base: int
    npages: int
    go: ClassVar[str] = "(*mheap).allocUserArenaChunk, arena.go"
    holds_m: ClassVar[bool] = True

    def sentence(self) -> str:
        return f"chunk {self.chunk} at {hex_addr(self.base)} joins the back of the ready list, address space only"


@dataclass(slots=True)
class ReadyTaken(Event):
    """The first chunk of the ready list was taken."""

    chunk: int
    go: ClassVar[str] = "(*mheap).allocUserArenaChunk, arena.go"
    holds_m: ClassVar[bool] = True

    def sentence(self) -> str:
        return f"chunk {self.chunk} is taken from the head of the ready list"


@dataclass(slots=True)
class ChunkMapped(Event):
    """The operating system was asked to back the chunk: sysMap, then sysUsed."""

    chunk: int
    nbytes: int
    go: ClassVar[str] = "(*mheap).allocUserArenaChunk, arena.go"
    holds_m: ClassVar[bool] = True

    def sentence(self) -> str:
        return f"chunk {self.chunk} is mapped readable and writable"


@dataclass(slots=True)
class SpanInitialised(Event):
    """The span became one large object of the scan class, in use, swept.

    `zeroed_base` is what its heap arena's becomes: bytes from the base that were ever handed out.
    """

    chunk: int
    elemsize: int
    needzero: int
    heap_arena: int
    zeroed_base: int
    go: ClassVar[str] = "(*mheap).initSpan, mheap.go"
    holds_m: ClassVar[bool] = True

    def sentence(self) -> str:
        return f"chunk {self.chunk}'s span is set up as one large object that may hold pointers"


@dataclass(slots=True)
class ChunkAccounted(Event):
    """Every counter was told about one large allocation of a chunk's size.

    `nbytes` is what the collector sees, the object's size; `mapped_bytes` what the operating system gave.
    """

    chunk: int
    nbytes: int
    mapped_bytes: int
    go: ClassVar[str] = "(*mheap).allocUserArenaChunk, arena.go"
    holds_m: ClassVar[bool] = True

    def sentence(self) -> str:
        return f"the counters see one large allocation: heapLive grows by {human(self.nbytes)} at once"


@dataclass(slots=True)
class ChunkPushedSwept(Event):
    """The span joined the swept full set, where the sweeper will find it after the next cycle."""

    chunk: int
    go: ClassVar[str] = "(*mheap).allocUserArenaChunk, arena.go"
    holds_m: ClassVar[bool] = True

    def sentence(self) -> str:
        return f"chunk {self.chunk} joins the swept set"


@dataclass(slots=True)
class LimitSet(Event):
    """The span's limit was set: pointers from there on belong to no object of it."""

    chunk: int
    limit: int
    go: ClassVar[str] = "(*mheap).allocUserArenaChunk, arena.go"
    holds_m: ClassVar[bool] = True

    def sentence(self) -> str:
        return f"chunk {self.chunk}'s limit is {hex_addr(self.limit)}"


@dataclass(slots=True)
class SpanFilled(Event):
    """The span's one large object was taken: freeindex and allocCount became 1."""

    chunk: int
    go: ClassVar[str] = "(*mheap).allocUserArenaChunk, arena.go"
    holds_m: ClassVar[bool] = True

    def sentence(self) -> str:
        return f"chunk {self.chunk}'s freeindex and allocCount are 1: its one large object is taken"


@dataclass(slots=True)
class ChunkBitsCleared(Event):
    """All bitmap words became 0; where there are noMorePtrs marks, all but the last were set."""

    chunk: int
    marks: int  #: noMorePtrs marks set, 0 where the bits lie in the chunk.
    go: ClassVar[str] = "(*mspan).initHeapBits, mbitmap.go"
    holds_m: ClassVar[bool] = True

    def sentence(self) -> str:
        marks = " and its noMorePtrs marks set, all but the last" if self.marks else ""
        return f"chunk {self.chunk}'s pointer bits are cleared{marks}"


@dataclass(slots=True)
class DummyTypeSet(Event):
    """The chunk got a type of its own behind its usable bytes: its mask is the bitmap there, its PtrBytes are 0."""

    chunk: int
    addr: int  #: of the dummy type.
    gc_data: int  #: address of the bitmap.
    nbytes: int  #: Size_, the span's elemsize.
    go: ClassVar[str] = "(*mheap).allocUserArenaChunk, arena.go"
    holds_m: ClassVar[bool] = True

    def sentence(self) -> str:
        where, bits = hex_addr(self.addr), hex_addr(self.gc_data)
        return f"chunk {self.chunk}'s dummy type at {where}: GCData = {bits}, PtrBytes = 0"


@dataclass(slots=True)
class ChunkZeroed(Event):
    """All bytes of the chunk were cleared, needed or not."""

    chunk: int
    nbytes: int
    go: ClassVar[str] = "(*mheap).allocUserArenaChunk, arena.go"
    holds_m: ClassVar[bool] = True

    def sentence(self) -> str:
        return f"{human(self.nbytes)} of chunk {self.chunk} are zeroed, so carving never has to"


@dataclass(slots=True)
class FreeRangeSet(Event):
    """The chunk's free range was set to all its usable bytes."""

    chunk: int
    base: int
    limit: int
    go: ClassVar[str] = "(*mheap).allocUserArenaChunk, arena.go"
    holds_m: ClassVar[bool] = True

    def sentence(self) -> str:
        return f"chunk {self.chunk} is free from {hex_addr(self.base)} to {hex_addr(self.limit)}"


@dataclass(slots=True)
class ChunkObtained(Event):
    """The chunk is whole and the goroutine lets go of its M: from here on a cycle can start."""

    chunk: int
    go: ClassVar[str] = "newUserArenaChunk, arena.go"

    def sentence(self) -> str:
        return f"chunk {self.chunk} is ready to be carved from; only now could a cycle start"


@dataclass(slots=True)
class RedZoneSet(Event):
    """asan: the chunk's last bytes were poisoned and taken out of the free range.

    The span's `elemsize` and `limit`, and its free range's end, are what they become.
    """

    chunk: int
    nbytes: int
    elemsize: int
    limit: int
    free_limit: int
    go: ClassVar[str] = "newUserArenaChunk, arena.go"
    holds_m: ClassVar[bool] = True

    def sentence(self) -> str:
        return f"asan keeps the last {human(self.nbytes)} of chunk {self.chunk} as a poisoned red zone"
