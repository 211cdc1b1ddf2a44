"""Weak pointers: made, asked for their value, and set to nil by the sweeper.

Follows weak.Make and Pointer.Value with what they call in mheap.go, Go 1.24.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from arenalab.units import hex_addr, plainly
from arenalab.world.event import Event
from arenalab.world.weak import NO_HANDLE


@dataclass(slots=True, repr=False)
class WeakHandleMade(Event):
    """A byte got a weak handle and, where it is in a span, that span a special that leads to the handle."""

    number: int  #: of the handle.
    chunk: int  #: of the byte; negative where it is in none, see `weak.Spot`.
    object: int  #: ledger row; negative where no arena made it.
    offset: int  #: bytes from the object's start.
    addr: int  #: of the byte in a chunk, 0 elsewhere.
    position: int  #: of the special among its span's, which stand by offset; −1 where there is no span.
    block: int  #: small object that the handle is in, −1 where it is not on the heap.
    taken: int  #: bytes of that block that are taken by now.
    go: ClassVar[str] = "addspecial, mheap.go"

    def sentence(self) -> str:
        byte = f"byte {self.offset} of object {self.object}" if self.object >= 0 else "a static value"
        if self.position < 0:
            return f"weak handle {self.number} made for {byte}, which is in no span: nothing sets it to nil"
        span = f"chunk {self.chunk}" if self.chunk >= 0 else "its large object"
        return f"weak handle {self.number} made for {byte}: a special of the span of {span} leads to it"


@dataclass(slots=True, repr=False)
class WeakPointerMade(Event):
    """The program has a weak pointer."""

    weak: int  #: the program's name for it.
    handle: int  #: NO_HANDLE of nil.
    go: ClassVar[str] = "Make, weak/pointer.go"

    def sentence(self) -> str:
        if self.handle == NO_HANDLE:
            return f"weak pointer {self.weak} made of nil: Value returns nil"
        return f"weak pointer {self.weak} made, with weak handle {self.handle}"


@dataclass(slots=True, repr=False)
class WeakPointerRead(Event):
    """The program asked a weak pointer for its value."""

    weak: int  #: the program's name for it.
    object: int  #: ledger row or STATIC; NIL where it is nil.
    offset: int  #: bytes from the object's start.
    go: ClassVar[str] = "internal_weak_runtime_makeStrongFromWeak, mheap.go"

    def sentence(self) -> str:
        if self.object == -1:
            return f"weak pointer {self.weak}: Value returns nil"
        what = f"object {self.object}" if self.object >= 0 else "a static value"
        at = f"{plainly(self.offset, 'byte')} into " if self.offset else ""
        return f"weak pointer {self.weak}: Value returns a pointer {at or 'to '}{what}"


@dataclass(slots=True, repr=False)
class ValueShaded(Event):
    """While a cycle marks, what Value returns is shaded: it may be the only strong pointer there."""

    addr: int  #: address that Value returns.
    chunk: int
    go: ClassVar[str] = "shade, mgcmark.go"

    def sentence(self) -> str:
        return f"GC is marking: Value shades {hex_addr(self.addr)} in chunk {self.chunk}"


@dataclass(slots=True, repr=False)
class HeapObjectShaded(Event):
    """The same of a large ordinary object: this cycle keeps it, and reads what pointers it may have."""

    row: int  #: its ledger row.
    scan_work: int  #: 0 without pointers.
    go: ClassVar[str] = "shade, mgcmark.go"

    def sentence(self) -> str:
        return f"GC is marking: Value shades object {self.row} on the heap"


@dataclass(slots=True, repr=False)
class WeakHandleCleared(Event):
    """The sweeper found a span's object unmarked: the first of its specials is freed, the handle set to nil."""

    number: int  #: of the handle.
    chunk: int
    object: int  #: ledger row; negative where no arena made it.
    last: bool  #: whether the span has no special left.
    go: ClassVar[str] = "freeSpecial, mheap.go"

    def sentence(self) -> str:
        where = f"chunk {self.chunk}" if self.chunk >= 0 else f"object {self.object}"
        return f"swept {where}: unmarked, so weak handle {self.number} is set to nil"
