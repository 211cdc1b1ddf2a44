"""Weak pointers: made, asked for their value, and set to nil by the sweeper.

Follows weak.Make and Pointer.Value with what they call in mheap.go, Go 1.24.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from arenalab.units import hex_addr, plainly
from arenalab.world.event import Event
from arenalab.world.weak import NO_HANDLE


@dataclass(slots=True)
class WeakHandleMade(Event):
    """A byte got a weak handle and, where it is in a span, that span a special that leads to the handle."""

    number: int  #: of the handle.
    chunk: int  #: of the byte; negative where it is in none, see `weak.Spot`.
    object: int
    offset: int
    addr: int  #: of the byte in a chunk, 0 elsewhere.
    position: int  #: of the special among its span's, which stand by offset; −1 where there is no span.
    block: int  #: small object that the handle is in, −1 where it is not on the heap.
    taken: int  #: bytes of that block that are taken by now.
    go: ClassVar[str] = "addspecial, mheap.go"

    def sentence(self) -> str:
        byte = f"byte {self.offset} of object {self.object}" if self.object >= 0 else "a static value"
        if self.position < 0:
            return f"{byte} gets weak handle {self.number}, which nothing sets to nil: it is in no span"
        span = f"chunk {self.chunk}" if self.chunk >= 0 else "its large object"
        return f"{byte} gets weak handle {self.number}: a special of the span of {span} leads to it"

    @property
    def chunks(self) -> tuple[int, ...]:
        """Return its chunk, if it is in one."""
        return (self.chunk,) if self.chunk >= 0 else ()


@dataclass(slots=True)
class WeakPointerMade(Event):
    """The program has a weak pointer."""

    weak: int  #: the program's name for it.
    handle: int  #: NO_HANDLE of nil.
    go: ClassVar[str] = "Make, weak/pointer.go"

    def sentence(self) -> str:
        if self.handle == NO_HANDLE:
            return f"weak pointer {self.weak} is made of nil, and so is nil itself"
        return f"weak pointer {self.weak} leads to weak handle {self.handle}"


@dataclass(slots=True)
class WeakPointerRead(Event):
    """The program asked a weak pointer for its value."""

    weak: int
    object: int  #: ledger row or STATIC; NIL where it is nil.
    offset: int
    go: ClassVar[str] = "internal_weak_runtime_makeStrongFromWeak, mheap.go"

    def sentence(self) -> str:
        if self.object == -1:
            return f"weak pointer {self.weak} gives nil"
        what = f"object {self.object}" if self.object >= 0 else "a static value"
        at = f"{plainly(self.offset, 'byte')} into " if self.offset else ""
        return f"weak pointer {self.weak} gives a pointer {at or 'to '}{what}"


@dataclass(slots=True)
class ValueShaded(Event):
    """While a cycle marks, what Value returns is shaded: it may be the only strong pointer there."""

    addr: int
    chunk: int
    go: ClassVar[str] = "shade, mgcmark.go"

    def sentence(self) -> str:
        return f"Value shades {hex_addr(self.addr)} in chunk {self.chunk}, as the write barrier would"


@dataclass(slots=True)
class HeapObjectShaded(Event):
    """The same of a large ordinary object: this cycle keeps it, and reads what pointers it may have."""

    row: int
    scan_work: int  #: 0 without pointers.
    go: ClassVar[str] = "shade, mgcmark.go"

    def sentence(self) -> str:
        return f"Value shades object {self.row} on the ordinary heap, so this cycle keeps it"


@dataclass(slots=True)
class WeakHandleCleared(Event):
    """The sweeper found a span's object unmarked: the first of its specials is freed, the handle set to nil."""

    number: int
    chunk: int
    object: int
    last: bool  #: whether the span has no special left.
    go: ClassVar[str] = "freeSpecial, mheap.go"

    def sentence(self) -> str:
        where = f"chunk {self.chunk}" if self.chunk >= 0 else f"object {self.object}"
        return f"nothing points into {where} any more: weak handle {self.number} is nil from now on"

    @property
    def chunks(self) -> tuple[int, ...]:
        """Return its chunk, if it is in one."""
        return (self.chunk,) if self.chunk >= 0 else ()
