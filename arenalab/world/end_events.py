"""How things end: free, fault, the lists after, the program's own moves, and its death.

Follows runtime/arena.go of Go 1.21.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from arenalab.units import hex_addr, human
from arenalab.world.event import Event, chunk_list


@dataclass(slots=True, repr=False)
class MarkedDefunct(Event):
    """free began: the handle is defunct and its finalizer removed."""

    user_arena: int
    go: ClassVar[str] = "(*userArena).free, arena.go"

    def sentence(self) -> str:
        return f"user arena {self.user_arena} is defunct; its finalizer is removed"


@dataclass(slots=True, repr=False)
class FullUnlinked(Event):
    """The head of the full list was unlinked: the chunk filled last goes first."""

    user_arena: int
    chunk: int
    go: ClassVar[str] = "(*userArena).free, arena.go"

    def sentence(self) -> str:
        return f"unlinked chunk {self.chunk} from the full list of user arena {self.user_arena}"


@dataclass(slots=True, repr=False)
class SanitizerFreed(Event):
    """A race, msan or asan build was notified that the chunk's bytes are free."""

    chunk: int
    tool: str  #: "race", "msan" or "asan".
    go: ClassVar[str] = "freeUserArenaChunk, arena.go"

    def sentence(self) -> str:
        return f"{self.tool} notified that chunk {self.chunk} is freed"


@dataclass(slots=True, repr=False)
class FaultListTaken(Event):
    """The whole pending fault list was taken, to be set to fault now."""

    pending: tuple[int, ...]  #: its chunks, oldest first.
    chunk_fields: ClassVar[tuple[str, ...]] = ("pending",)
    go: ClassVar[str] = "freeUserArenaChunk / gcMarkTermination, arena.go, mgc.go"
    holds_m: ClassVar[bool] = True

    def sentence(self) -> str:
        return f"took the fault list: {chunk_list(self.pending)} to be set to fault"


@dataclass(slots=True, repr=False)
class FaultDeferred(Event):
    """The collector is at work, so the chunk waits on the fault list, readable as before."""

    chunk: int
    go: ClassVar[str] = "freeUserArenaChunk, arena.go"

    def sentence(self) -> str:
        return f"GC is marking: chunk {self.chunk} put on the fault list, readable until the phase is off"


@dataclass(slots=True, repr=False)
class SpanMadeNoscan(Event):
    """The span class became noscan, so that no later cycle reads the memory."""

    chunk: int
    go: ClassVar[str] = "(*mspan).setUserArenaChunkToFault, arena.go"
    holds_m: ClassVar[bool] = True

    def sentence(self) -> str:
        return f"span class of chunk {self.chunk} = noscan: it may still be marked, but is never scanned"


@dataclass(slots=True, repr=False)
class ChunkUnmapped(Event):
    """The memory was given back and the addresses set to fault (PROT_NONE)."""

    chunk: int
    nbytes: int  #: that went back.
    bits_too: bool  #: whether its pointer bits lay in it, and are gone.
    go: ClassVar[str] = "(*mspan).setUserArenaChunkToFault, arena.go"
    holds_m: ClassVar[bool] = True

    def sentence(self) -> str:
        bits = ", its pointer bits among them" if self.bits_too else ""
        return f"set chunk {self.chunk} to fault: {human(self.nbytes)} returned to the operating system{bits}"


@dataclass(slots=True, repr=False)
class ChunkUncounted(Event):
    """Every counter was updated: one large object was freed, now rather than at sweep.

    `nbytes` is the object's size; `mapped_bytes` what went back to the operating system.
    """

    chunk: int
    nbytes: int  #: what the counters of objects lose.
    mapped_bytes: int  #: bytes that the operating system backs.
    go: ClassVar[str] = "(*mspan).setUserArenaChunkToFault, arena.go"
    holds_m: ClassVar[bool] = True

    def sentence(self) -> str:
        return f"accounted as freeing one large object: heapLive -= {human(self.nbytes)}"


@dataclass(slots=True, repr=False)
class ChunkQuarantined(Event):
    """The chunk went to the front of the quarantine list until no pointer into it is found."""

    chunk: int
    go: ClassVar[str] = "(*mspan).setUserArenaChunkToFault, arena.go"
    holds_m: ClassVar[bool] = True

    def sentence(self) -> str:
        return f"chunk {self.chunk} quarantined until a cycle finds no pointer into it"


@dataclass(slots=True, repr=False)
class FaultsDone(Event):
    """All chunks that were due are set to fault and the goroutine releases its M (releasem)."""

    go: ClassVar[str] = "freeUserArenaChunk / gcMarkTermination, arena.go, mgc.go"

    def sentence(self) -> str:
        return "all pending chunks are set to fault; releasem: a GC cycle may start"


@dataclass(slots=True, repr=False)
class ReusePut(Event):
    """The partly used active chunk went to the reuse list, alive and readable."""

    chunk: int
    free_bytes: int  #: bytes between its two bump pointers.
    go: ClassVar[str] = "(*userArena).free, arena.go"

    def sentence(self) -> str:
        free = human(self.free_bytes)
        return f"chunk {self.chunk} put on the reuse list with {free} free; its old values stay readable"


@dataclass(slots=True, repr=False)
class ArenaEmptied(Event):
    """free ended: active and refs are nil, the handle keeps nothing alive."""

    user_arena: int
    go: ClassVar[str] = "(*userArena).free, arena.go"

    def sentence(self) -> str:
        return f"user arena {self.user_arena}: active and refs cleared"


@dataclass(slots=True, repr=False)
class ArenaValueLeft(Event):
    """Free was called on a copy of the Arena value: the program's own one still points to the handle."""

    user_arena: int
    go: ClassVar[str] = "(*Arena).Free, arena/arena.go"

    def sentence(self) -> str:
        return f"the copy's pointer is nil; the Arena value of user arena {self.user_arena} still points to the handle"


@dataclass(slots=True, repr=False)
class HandleDropped(Event):
    """The program forgot the handle without freeing the arena."""

    user_arena: int
    go: ClassVar[str] = ""

    def sentence(self) -> str:
        return f"the program drops user arena {self.user_arena} without Free"


@dataclass(slots=True, repr=False)
class PointerHeld(Event):
    """A global of the program was set."""

    hold: int  #: number of the global.
    addr: int  #: address that it holds now.
    go: ClassVar[str] = ""

    def sentence(self) -> str:
        return f"global {self.hold} now points to {hex_addr(self.addr)}"


@dataclass(slots=True, repr=False)
class PointerReleased(Event):
    """A global of the program was set to nil."""

    hold: int  #: number of the global.
    go: ClassVar[str] = ""

    def sentence(self) -> str:
        return f"global {self.hold} is set to nil"


@dataclass(slots=True, repr=False)
class PointerStored(Event):
    """A pointer was stored into chunk memory."""

    chunk: int
    slot: int  #: address of the pointer word.
    target: int  #: address that stands there now, 0 for nil.
    go: ClassVar[str] = ""

    def sentence(self) -> str:
        target = hex_addr(self.target) if self.target else "nil"
        return f"stored {target} into the word at {hex_addr(self.slot)} in chunk {self.chunk}"


@dataclass(slots=True, repr=False)
class Panicked(Event):
    """The program panicked; it dies unless it recovers."""

    text: str  #: Go's message.
    why: str  #: what led to it, in our words.
    go_type: str = "string"  #: Go type of the value that recover returns.
    fault_code: int = 0  #: of the memory fault behind it: 1 not mapped, 2 not allowed, 0 no fault.
    fault_addr: int = 0  #: address of that fault, 0 without one.
    go: ClassVar[str] = "panic"

    def sentence(self) -> str:
        return f"panic: {self.text} ({self.why})"


@dataclass(slots=True, repr=False)
class Threw(Event):
    """The runtime gave up: a fatal error that nothing recovers."""

    text: str  #: Go's message.
    why: str  #: what led to it, in our words.
    before: str = ""  #: what the runtime prints first.
    fault_code: int = 0  #: of the memory fault behind it: 1 not mapped, 2 not allowed, 0 no fault.
    fault_addr: int = 0  #: address of that fault, 0 without one.
    go: ClassVar[str] = "throw"

    def sentence(self) -> str:
        return f"fatal error: {self.text} ({self.why})"
