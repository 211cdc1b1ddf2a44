"""How things end: free, fault, the lists after, the program's own moves, and its death.

Follows runtime/arena.go of Go 1.21.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from arenalab.units import hex_addr, human
from arenalab.world.event import Event, chunk_list


@dataclass(slots=True)
class MarkedDefunct(Event):
    """free began: the handle is defunct and its finalizer removed."""

    user_arena: int
    go: ClassVar[str] = "(*userArena).free, arena.go"

    def sentence(self) -> str:
        return f"user arena {self.user_arena} is defunct; its finalizer is removed"


@dataclass(slots=True)
class FullUnlinked(Event):
    """The head of the full list was unlinked: the chunk filled last goes first."""

    user_arena: int
    chunk: int
    go: ClassVar[str] = "(*userArena).free, arena.go"

    def sentence(self) -> str:
        return f"chunk {self.chunk} leaves the full list of user arena {self.user_arena}"


@dataclass(slots=True)
class SanitizerFreed(Event):
    """A race, msan or asan build was told that the chunk's bytes are free."""

    chunk: int
    tool: str
    go: ClassVar[str] = "freeUserArenaChunk, arena.go"

    def sentence(self) -> str:
        return f"{self.tool} is told at once that chunk {self.chunk} is free"


@dataclass(slots=True)
class FaultListTaken(Event):
    """The whole pending fault list was taken, to be set to fault now."""

    pending: tuple[int, ...]
    go: ClassVar[str] = "freeUserArenaChunk / gcMarkTermination, arena.go, mgc.go"
    holds_m: ClassVar[bool] = True

    def sentence(self) -> str:
        return f"the fault list is emptied: {chunk_list(self.pending)} will be set to fault"

    @property
    def chunks(self) -> tuple[int, ...]:
        """Return the chunks that were pending."""
        return self.pending


@dataclass(slots=True)
class FaultDeferred(Event):
    """The collector is at work, so the chunk waits on the fault list, readable as before."""

    chunk: int
    go: ClassVar[str] = "freeUserArenaChunk, arena.go"

    def sentence(self) -> str:
        return f"the collector is marking: chunk {self.chunk} waits on the fault list and stays readable"


@dataclass(slots=True)
class SpanMadeNoscan(Event):
    """The span class became noscan, so that no later cycle reads the memory."""

    chunk: int
    go: ClassVar[str] = "(*mspan).setUserArenaChunkToFault, arena.go"
    holds_m: ClassVar[bool] = True

    def sentence(self) -> str:
        return f"chunk {self.chunk} becomes noscan: it may still be marked, never read"


@dataclass(slots=True)
class ChunkUnmapped(Event):
    """The memory was given back and the addresses set to fault (PROT_NONE)."""

    chunk: int
    nbytes: int
    bits_too: bool  #: whether its pointer bits lay in it, and are gone.
    go: ClassVar[str] = "(*mspan).setUserArenaChunkToFault, arena.go"
    holds_m: ClassVar[bool] = True

    def sentence(self) -> str:
        bits = ", its pointer bits among them" if self.bits_too else ""
        return (
            f"chunk {self.chunk} is set to fault: {human(self.nbytes)} go back to the operating system{bits}"
        )


@dataclass(slots=True)
class ChunkUncounted(Event):
    """Every counter was told that one large object was freed, now rather than at sweep.

    `nbytes` is the object's size; `mapped_bytes` what went back to the operating system.
    """

    chunk: int
    nbytes: int
    mapped_bytes: int
    go: ClassVar[str] = "(*mspan).setUserArenaChunkToFault, arena.go"
    holds_m: ClassVar[bool] = True

    def sentence(self) -> str:
        return f"the counters see one large free: heapLive falls by {human(self.nbytes)}"


@dataclass(slots=True)
class ChunkQuarantined(Event):
    """The chunk went to the front of the quarantine list until no pointer into it is found."""

    chunk: int
    go: ClassVar[str] = "(*mspan).setUserArenaChunkToFault, arena.go"
    holds_m: ClassVar[bool] = True

    def sentence(self) -> str:
        return f"chunk {self.chunk} is quarantined until a cycle finds no pointer into it"


@dataclass(slots=True)
class FaultsDone(Event):
    """All chunks that were due are set to fault and the goroutine lets go of its M."""

    go: ClassVar[str] = "freeUserArenaChunk / gcMarkTermination, arena.go, mgc.go"

    def sentence(self) -> str:
        return "all that was due is set to fault; only now could a cycle start"


@dataclass(slots=True)
class ReusePut(Event):
    """The partly used active chunk went to the reuse list, alive and readable."""

    chunk: int
    free_bytes: int
    go: ClassVar[str] = "(*userArena).free, arena.go"

    def sentence(self) -> str:
        free = human(self.free_bytes)
        return f"chunk {self.chunk} goes to the reuse list with {free} free; its old values stay readable"


@dataclass(slots=True)
class ArenaEmptied(Event):
    """free ended: active and refs are nil, the handle keeps nothing alive."""

    user_arena: int
    go: ClassVar[str] = "(*userArena).free, arena.go"

    def sentence(self) -> str:
        return f"user arena {self.user_arena} lets go of its chunks"


@dataclass(slots=True)
class HandleDropped(Event):
    """The program forgot the handle without freeing the arena."""

    user_arena: int
    go: ClassVar[str] = ""

    def sentence(self) -> str:
        return f"the program forgets user arena {self.user_arena} without freeing it"


@dataclass(slots=True)
class PointerHeld(Event):
    """A global of the program was set."""

    hold: int
    addr: int
    go: ClassVar[str] = ""

    def sentence(self) -> str:
        return f"global {self.hold} now points to {hex_addr(self.addr)}"


@dataclass(slots=True)
class PointerReleased(Event):
    """A global of the program was set to nil."""

    hold: int
    go: ClassVar[str] = ""

    def sentence(self) -> str:
        return f"global {self.hold} is nil again"


@dataclass(slots=True)
class PointerStored(Event):
    """A pointer was stored into chunk memory."""

    chunk: int
    slot: int
    target: int
    go: ClassVar[str] = ""

    def sentence(self) -> str:
        return (
            f"the word at {hex_addr(self.slot)} in chunk {self.chunk} now points to {hex_addr(self.target)}"
        )


@dataclass(slots=True)
class Panicked(Event):
    """The program panicked; it dies unless it recovers."""

    text: str
    why: str
    go_type: str = "string"  #: Go type of the value that recover returns.
    fault_code: int = 0  #: of the memory fault behind it: 1 not mapped, 2 not allowed, 0 no fault.
    fault_addr: int = 0
    go: ClassVar[str] = "panic"

    def sentence(self) -> str:
        return f"panic: {self.text} ({self.why})"


@dataclass(slots=True)
class Threw(Event):
    """The runtime gave up: a fatal error that nothing recovers."""

    text: str
    why: str
    before: str = ""  #: what the runtime prints first.
    fault_code: int = 0  #: of the memory fault behind it: 1 not mapped, 2 not allowed, 0 no fault.
    fault_addr: int = 0
    go: ClassVar[str] = "throw"

    def sentence(self) -> str:
        return f"fatal error: {self.text} ({self.why})"
