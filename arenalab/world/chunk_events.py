"""How a chunk is obtained: each step of it, with the amounts that differ by version and platform.

Follows newUserArenaChunk and (*mheap).allocUserArenaChunk in runtime/arena.go of Go 1.21.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from arenalab.units import hex_addr, human, plainly
from arenalab.world.event import Event


@dataclass(slots=True, repr=False)
class AssistCharged(Event):
    """While marking, the allocating goroutine was charged a whole chunk of assist debt."""

    nbytes: int  #: assist debt.
    go: ClassVar[str] = "deductAssistCredit, malloc.go"

    def sentence(self) -> str:
        return f"GC is marking: charged {human(self.nbytes)} of assist debt"


@dataclass(slots=True, repr=False)
class HeapArenaReserved(Event):
    """64 MiB of address space were reserved; the first chunk of it is about to be used."""

    base: int  #: address of its first byte.
    chunk: int
    count: int  #: chunks in it.
    npages: int  #: of each chunk.
    meta_bytes: int  #: of the heapArena that describes it, charged to mappedReady.
    go: ClassVar[str] = "(*mheap).sysAlloc, malloc.go"
    holds_m: ClassVar[bool] = True

    def sentence(self) -> str:
        where, room = hex_addr(self.base), plainly(self.count, "chunk")
        return f"the ready list is empty: reserved a heap arena at {where}, room for {room}"


@dataclass(slots=True, repr=False)
class ChunkSplitOff(Event):
    """Another chunk of a new heap arena went to the back of the ready list."""

    chunk: int
    base: int  #: address of its first byte.
    npages: int  #: pages of it.
    go: ClassVar[str] = "(*mheap).allocUserArenaChunk, arena.go"
    holds_m: ClassVar[bool] = True

    def sentence(self) -> str:
        return f"chunk {self.chunk} at {hex_addr(self.base)} put at the back of the ready list, address space only"


@dataclass(slots=True, repr=False)
class ReadyTaken(Event):
    """The first chunk of the ready list was taken."""

    chunk: int
    go: ClassVar[str] = "(*mheap).allocUserArenaChunk, arena.go"
    holds_m: ClassVar[bool] = True

    def sentence(self) -> str:
        return f"took chunk {self.chunk} off the head of the ready list"


@dataclass(slots=True, repr=False)
class ChunkMapped(Event):
    """The operating system was asked to back the chunk: sysMap, then sysUsed."""

    chunk: int
    nbytes: int  #: that the operating system backs now.
    go: ClassVar[str] = "(*mheap).allocUserArenaChunk, arena.go"
    holds_m: ClassVar[bool] = True

    def sentence(self) -> str:
        return f"mapped chunk {self.chunk} readable and writable"


@dataclass(slots=True, repr=False)
class SpanInitialised(Event):
    """The span became one large object of the scan class, in use, swept.

    `zeroed_base` is what its heap arena's becomes: bytes from the base that were ever handed out.
    """

    chunk: int
    elemsize: int  #: bytes of its one large object.
    needzero: int  #: 1 where its memory was used before.
    heap_arena: int  #: number of the heap arena that it is in.
    zeroed_base: int  #: the heap arena's: bytes from its start that were ever used.
    go: ClassVar[str] = "(*mheap).initSpan, mheap.go"
    holds_m: ClassVar[bool] = True

    def sentence(self) -> str:
        return f"initialised the span of chunk {self.chunk}: one large object that may hold pointers"


@dataclass(slots=True, repr=False)
class ChunkAccounted(Event):
    """Every counter was updated for one large allocation of a chunk's size.

    `nbytes` is what the collector sees, the object's size; `mapped_bytes` what the operating system gave.
    """

    chunk: int
    nbytes: int  #: what the counters of objects grow by.
    mapped_bytes: int  #: bytes that the operating system backs.
    go: ClassVar[str] = "(*mheap).allocUserArenaChunk, arena.go"
    holds_m: ClassVar[bool] = True

    def sentence(self) -> str:
        return f"accounted as one large object: heapLive += {human(self.nbytes)}"


@dataclass(slots=True, repr=False)
class ChunkPushedSwept(Event):
    """The span joined the swept full set, where the sweeper will find it after the next cycle."""

    chunk: int
    go: ClassVar[str] = "(*mheap).allocUserArenaChunk, arena.go"
    holds_m: ClassVar[bool] = True

    def sentence(self) -> str:
        return f"chunk {self.chunk} put in the full swept set"


@dataclass(slots=True, repr=False)
class LimitSet(Event):
    """The span's limit was set: pointers from there on belong to no object of it."""

    chunk: int
    limit: int  #: address after its last usable byte.
    go: ClassVar[str] = "(*mheap).allocUserArenaChunk, arena.go"
    holds_m: ClassVar[bool] = True

    def sentence(self) -> str:
        return f"limit of chunk {self.chunk} = {hex_addr(self.limit)}"


@dataclass(slots=True, repr=False)
class SpanFilled(Event):
    """The span's one large object was taken: freeindex and allocCount became 1."""

    chunk: int
    go: ClassVar[str] = "(*mheap).allocUserArenaChunk, arena.go"
    holds_m: ClassVar[bool] = True

    def sentence(self) -> str:
        return f"freeindex and allocCount of chunk {self.chunk} = 1: its one large object is allocated"


@dataclass(slots=True, repr=False)
class ChunkBitsCleared(Event):
    """All bitmap words became 0; where there are noMorePtrs marks, all but the last were set."""

    chunk: int
    marks: int  #: noMorePtrs marks set, 0 where the bits lie in the chunk.
    go: ClassVar[str] = "(*mspan).initHeapBits, mbitmap.go"
    holds_m: ClassVar[bool] = True

    def sentence(self) -> str:
        marks = ", set its noMorePtrs marks, all but the last" if self.marks else ""
        return f"cleared the pointer bits of chunk {self.chunk}{marks}"


@dataclass(slots=True, repr=False)
class DummyTypeSet(Event):
    """The chunk got a type of its own after its usable bytes: its mask is the bitmap there, its PtrBytes are 0."""

    chunk: int
    addr: int  #: of the dummy type.
    gc_data: int  #: address of the bitmap.
    nbytes: int  #: Size_, the span's elemsize.
    go: ClassVar[str] = "(*mheap).allocUserArenaChunk, arena.go"
    holds_m: ClassVar[bool] = True

    def sentence(self) -> str:
        where, bits = hex_addr(self.addr), hex_addr(self.gc_data)
        return f"dummy type of chunk {self.chunk} at {where}: GCData = {bits}, PtrBytes = 0"


@dataclass(slots=True, repr=False)
class ChunkZeroed(Event):
    """All bytes of the chunk were cleared, needed or not."""

    chunk: int
    nbytes: int  #: cleared.
    go: ClassVar[str] = "(*mheap).allocUserArenaChunk, arena.go"
    holds_m: ClassVar[bool] = True

    def sentence(self) -> str:
        return f"zeroed chunk {self.chunk} ({human(self.nbytes)}); needzero = 0"


@dataclass(slots=True, repr=False)
class FreeRangeSet(Event):
    """The chunk's free range was set to all its usable bytes."""

    chunk: int
    base: int  #: address of the first free byte.
    limit: int  #: address of the end of the free range.
    go: ClassVar[str] = "(*mheap).allocUserArenaChunk, arena.go"
    holds_m: ClassVar[bool] = True

    def sentence(self) -> str:
        return f"chunk {self.chunk} is free from {hex_addr(self.base)} to {hex_addr(self.limit)}"


@dataclass(slots=True, repr=False)
class ChunkObtained(Event):
    """The chunk is whole and the goroutine releases its M (releasem): from here on a cycle can start."""

    chunk: int
    go: ClassVar[str] = "newUserArenaChunk, arena.go"

    def sentence(self) -> str:
        return f"chunk {self.chunk} obtained; releasem: a GC cycle may start"


@dataclass(slots=True, repr=False)
class RedZoneSet(Event):
    """asan: the chunk's last bytes were poisoned and taken out of the free range.

    The span's `elemsize` and `limit`, and its free range's end, are what they become.
    """

    chunk: int
    nbytes: int  #: poisoned.
    elemsize: int  #: bytes of its one large object.
    limit: int  #: address after its last usable byte.
    free_limit: int  #: address of the end of its free range now.
    go: ClassVar[str] = "newUserArenaChunk, arena.go"
    holds_m: ClassVar[bool] = True

    def sentence(self) -> str:
        return f"asan: poisoned the last {human(self.nbytes)} of chunk {self.chunk} as a red zone"
