"""What keeps a pointer beside the fields of objects: a global variable, a weak pointer."""

from __future__ import annotations

from typing import ClassVar

from arenalab.asked import called
from arenalab.errors import ArgumentError
from arenalab.lab.arena import Arena
from arenalab.lab.handle import Handle, keep
from arenalab.lab.program import Program
from arenalab.lab.values import Ptr, Slice
from arenalab.units import hex_addr
from arenalab.world import ops
from arenalab.world.event_list import Events
from arenalab.world.queries import weak_spot
from arenalab.world.weak_events import WeakPointerRead


class Global(Handle):
    """A global variable that points to an object: the collector starts from it. `g.release()` sets it to nil."""

    offered: ClassVar[tuple[str, ...]] = ("events", "number", "release")

    number: int  #: the program's number for it, as `ops.Hold` names it.
    events: Events  #: of making it.
    _lab: Program

    def __init__(self, lab: Program, number: int, events: Events) -> None:
        """Stand for global `number` of a lab."""
        keep(self, number=number, events=events, _lab=lab)

    @called
    def release(self) -> Events:
        """Set it to nil."""
        return self._lab.perform(ops.Unhold(self.number))

    def __repr__(self) -> str:
        """Describe where it points now."""
        addr = self._lab.world.holds.get(self.number, 0)
        return f"<Global {self.number}: {hex_addr(addr) if addr else 'nil'}>"


class Weak(Handle):
    """A weak pointer, as `weak.Make(p)` returns it: it keeps nothing alive. `w.value()` is what it leads to."""

    offered: ClassVar[tuple[str, ...]] = ("events", "number", "value")

    number: int  #: the program's number for it, as `ops.MakeWeak` names it.
    events: Events  #: of making it.
    _lab: Program

    def __init__(self, lab: Program, number: int, events: Events) -> None:
        """Stand for weak pointer `number` of a lab."""
        keep(self, number=number, events=events, _lab=lab)

    @called
    def value(self) -> Ptr | None:
        """Return what it leads to, as `w.Value()` does; None for nil. `lab.last` are its events."""
        events = self._lab.perform(ops.WeakValue(self.number))
        found = [event for event in events if isinstance(event, WeakPointerRead)]
        if not found or found[0].object < 0:
            return None
        world = self._lab.world
        made = world.types[world.ledger.row(found[0].object)[2]]
        return Ptr(self._lab, found[0].object, found[0].offset, made, events)

    def __repr__(self) -> str:
        """Describe where it leads now, asking nothing of the runtime."""
        spot = weak_spot(self._lab.world, self.number)
        return f"<Weak {self.number}: {'nil' if spot is None else f'object {spot.object}'}>"


def last_of(lab: Program, given: object) -> int:
    """Return the number of the arena whose last object was given, or that was given itself.

    Raises:
        ArgumentError: neither, or an object that is not its arena's last: the model's globals hold no other.

    """
    if isinstance(given, Arena) and given.lab is lab:
        return given.number
    other = (
        " (this one is of another)" if isinstance(given, Arena | Ptr | Slice) and given.lab is not lab else ""
    )
    if other or not isinstance(given, Ptr | Slice):
        raise ArgumentError("value", given, f"an arena of this lab, or a pointer to its last object{other}")
    number = lab.world.ledger.row(given.object)[4]
    row = lab.world.user_arenas.get(number)
    if row is None or row.last_object != given.object:
        raise ArgumentError(
            "value",
            given,
            "the last object that an arena placed in a chunk (a global of the model holds no other)",
        )
    return number
