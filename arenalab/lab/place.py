"""Place: a byte of an object that the program has a pointer to."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from arenalab.asked import Written, called
from arenalab.errors import ArgumentError
from arenalab.go.types import GoType
from arenalab.lab.handle import Handle, keep
from arenalab.lab.program import Program
from arenalab.units import hex_addr
from arenalab.world.event_list import Events
from arenalab.world.state import AT_ZEROBASE, NO_ARENA, ON_HEAP
from arenalab.world.touch import Pointer, Touch


class Place(Handle):
    """A byte of an object that the program has a pointer to; the base of `Ptr` and `Slice`."""

    offered: ClassVar[tuple[str, ...]] = (
        *("addr", "arena", "chunk", "events", "lab", "object", "offset", "pointer", "touch", "type"),
    )

    __slots__ = ("events", "lab", "object", "offset", "type")

    lab: Program  #: whose program it is in.
    object: int  #: number of the object, counted from 0 in the order of making.
    offset: int  #: bytes from the object's start.
    type: GoType  #: of the value there; of an element where it is a slice.
    events: Events  #: of making it; none where it was found in memory.

    @property
    def pointer(self) -> Pointer:
        """The place as explorers and `Machine.touch` take it: (object, offset)."""
        return Pointer(self.object, self.offset)

    @property
    def addr(self) -> int:
        """Its address, 0 on the heap: the model gives heap objects none."""
        addr, _, _, _, _, chunk = self.lab.world.ledger.row(self.object)
        return 0 if chunk < 0 else addr + self.offset

    @property
    def chunk(self) -> int | None:
        """The chunk that it was allocated from, None on the heap or at zerobase."""
        chunk = self.lab.world.ledger.row(self.object)[5]
        return None if chunk < 0 else chunk

    @property
    def arena(self) -> Any:
        """The user arena that it was allocated from, None for a copy on the heap."""
        owner = self.lab.world.ledger.row(self.object)[4]
        return None if owner == NO_ARENA else self.lab.arena(owner)

    @called
    def touch(self, *, write: bool = False, panic_on_fault: bool = False) -> Touch:
        """Describe what reading (or writing) through this pointer does now; nothing happens."""
        return self.lab.touch(self.pointer, write=write, panic_on_fault=panic_on_fault)

    def __eq__(self, other: Any) -> bool:  # noqa: PYI032  # `object` is an attribute here
        """Whether it is the same kind of pointer to the same byte of the same lab."""
        if not isinstance(other, Place) or type(other) is not type(self) or other.lab is not self.lab:
            return False
        return other.pointer == self.pointer and other.type == self.type

    def __hash__(self) -> int:
        """Agree with `==`."""
        return hash((id(self.lab), self.object, self.offset))

    def __add__(self, other: Any) -> NoReturn:
        """Refuse: Go has no arithmetic of pointers."""
        more = "s[1:], an element or part of a slice: Go has no arithmetic of pointers"
        raise ArgumentError("operator", Written("a pointer or slice, and + or -"), more)

    __sub__ = __radd__ = __rsub__ = __add__


class Stretch(Place):
    """Elements side by side; the base of `Slice`."""

    __slots__ = ("cap", "len")

    len: int  #: elements that it has.
    cap: int  #: elements that there is room for.


# functions, not methods: each name of a method would hide a field of that name


def keep_place(
    place: Place, lab: Program, row: int, offset: int, go_type: GoType, events: Events | None
) -> None:
    """Stand for a byte of an object."""
    made = Events() if events is None else events
    keep(place, lab=lab, object=row, offset=offset, type=go_type, events=made)


def where(place: Place) -> str:
    """Describe where it is: its address and chunk, or that it is in none."""
    kind = place.lab.world.ledger.row(place.object)[5]
    if kind == AT_ZEROBASE:
        return "&zerobase"
    return "on the heap" if kind == ON_HEAP else f"{hex_addr(place.addr)}, chunk {kind}"
