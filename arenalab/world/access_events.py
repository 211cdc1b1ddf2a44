"""What the program does with its objects: read, write, copy out with Clone; and how that can end.

Follows arena_heapify (runtime/arena.go) and sigpanic (runtime/signal_unix.go) of Go 1.21.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from arenalab.units import hex_addr, human
from arenalab.world.event import Event

if TYPE_CHECKING:
    from arenalab.go.types import GoType


@dataclass(slots=True)
class ValueWritten(Event):
    """The program wrote a pointer-free value into an object."""

    object: int  #: ledger row of the object that is there now.
    offset: int
    value: int
    go: ClassVar[str] = ""

    def sentence(self) -> str:
        return f"the program writes {self.value} at byte {self.offset} of object {self.object}"


@dataclass(slots=True)
class ValueRead(Event):
    """The program read a word; `found` says whose data it was."""

    object: int  #: ledger row of the pointer's own object.
    offset: int
    value: int
    found: str
    go: ClassVar[str] = ""

    def sentence(self) -> str:
        return f"the program reads {self.value} at byte {self.offset} of object {self.object}: {self.found}"


@dataclass(slots=True)
class CloneKept(Event):
    """Clone returned its argument: what it points to is in no chunk."""

    object: int  #: ledger row, negative for what no arena made.
    go: ClassVar[str] = "arena_heapify, arena.go"

    def sentence(self) -> str:
        return "Clone returns its argument unchanged: what it points to lies in no chunk"


@dataclass(slots=True)
class ClonedToHeap(Event):
    """Clone copied a value, not what it points to, to the ordinary heap."""

    object: int  #: ledger row of the value.
    offset: int
    type: GoType
    cap: int  #: elements of a slice or bytes of a string, −1 for a single value.
    size: int
    elemsize: int  #: bytes that the copy takes in its span.
    npages: int  #: pages of its own span, 0 when it shares one.
    noscan: bool
    span_bytes: int  #: of those pages, what the counters see.
    black: bool  #: made while marking, so born marked.
    offsets: tuple[int, ...]  #: offsets of the words copied that aren't zero,
    values: tuple[int, ...]  #: and what stands there.
    go: ClassVar[str] = "arena_heapify, arena.go"

    def sentence(self) -> str:
        what = self.type.expr if self.cap < 0 else f"{self.cap} × {self.type.expr}"
        if self.size == 0:
            return f"Clone copies {what}: no bytes, so the copy is at the zero base"
        return f"Clone copies {what} to the ordinary heap: {human(self.size)} in a slot of {human(self.elemsize)}"


@dataclass(slots=True)
class Faulted(Event):
    """Touching memory ended the program: a fault, or a sanitizer's report."""

    text: str
    why: str
    addr: int
    tool: str = ""  #: the sanitizer that reports, "" for a fault.
    go: ClassVar[str] = "sigpanic, signal_unix.go"

    def sentence(self) -> str:
        return f"touching {hex_addr(self.addr)} ends the program: {self.text} ({self.why})"
