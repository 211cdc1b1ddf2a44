"""What the program does with its objects: read, write, copy out with Clone; and how that can end.

Follows arena_heapify (runtime/arena.go) and sigpanic (runtime/signal_unix.go) of Go 1.21.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from arenalab.units import hex_addr, human
from arenalab.world.event import Event, values_of

if TYPE_CHECKING:
    from arenalab.go.types import GoType


@dataclass(slots=True, repr=False)
class ValueWritten(Event):
    """The program wrote a pointer-free value into an object."""

    object: int  #: ledger row of the object that is there now.
    offset: int  #: bytes from the object's start.
    value: int  #: the bits of the word.
    go: ClassVar[str] = ""

    def sentence(self) -> str:
        return f"the program writes {self.value} at byte {self.offset} of object {self.object}"


@dataclass(slots=True, repr=False)
class ValueRead(Event):
    """The program read a word; `found` says whose data it was."""

    object: int  #: ledger row of the pointer's own object.
    offset: int  #: bytes from the object's start.
    value: int  #: the bits of the word.
    found: str  #: whose data it was: see `touch.Outcome`.
    go: ClassVar[str] = ""

    def sentence(self) -> str:
        return f"the program reads {self.value} at byte {self.offset} of object {self.object}: {self.found}"


@dataclass(slots=True, repr=False)
class CloneKept(Event):
    """Clone returned its argument: what it points to is in no chunk."""

    object: int  #: ledger row, negative for what no arena made.
    go: ClassVar[str] = "arena_heapify, arena.go"

    def sentence(self) -> str:
        return "Clone returns its argument unchanged: it points into no arena chunk"


@dataclass(slots=True, repr=False)
class ClonedToHeap(Event):
    """Clone copied a value, not what it points to, to the heap."""

    object: int  #: ledger row of the value.
    offset: int  #: bytes from the object's start.
    type: GoType  #: of the value.
    cap: int  #: elements of a slice or bytes of a string, −1 for a single value.
    size: int  #: bytes.
    elemsize: int  #: bytes that the copy takes in its span.
    npages: int  #: pages of its own span, 0 when it shares one.
    noscan: bool  #: whether it holds no pointers.
    span_bytes: int  #: of those pages, what the counters see.
    black: bool  #: made while marking, so allocated black.
    offsets: tuple[int, ...]  #: offsets of the words copied that aren't zero,
    values: tuple[int, ...]  #: and what stands there.
    go: ClassVar[str] = "arena_heapify, arena.go"

    def sentence(self) -> str:
        what = values_of(self.type.expr, self.cap)
        if self.size == 0:
            return f"Clone copies {what}: no bytes, so it returns &zerobase"
        return f"Clone copies {what} to the heap: {human(self.size)} in a slot of {human(self.elemsize)}"


@dataclass(slots=True, repr=False)
class Faulted(Event):
    """Touching memory ended the program: a fault, or a sanitizer's report."""

    text: str  #: Go's message.
    why: str  #: what led to it, in our words.
    addr: int  #: address that was touched.
    tool: str = ""  #: the sanitizer that reports, "" for a fault.
    go: ClassVar[str] = "sigpanic, signal_unix.go"

    def sentence(self) -> str:
        return f"access to {hex_addr(self.addr)} ends the program: {self.text} ({self.why})"
