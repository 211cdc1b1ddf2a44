"""What the program itself does between allocations: forget a handle, keep or store a pointer.

These are not runtime functions. They are the few moves with which a program decides what the
collector finds. While the collector marks, a store goes through the write barrier, which
shades the old and the new pointer.
"""

from __future__ import annotations

from arenalab.asked import one_of
from arenalab.errors import ScenarioError
from arenalab.machine.heap_bits import pointer_bit
from arenalab.machine.mark import shade
from arenalab.machine.steps import Steps
from arenalab.world import end_events as end
from arenalab.world.state import World
from arenalab.world.tables import GC_OFF, UserArena
from arenalab.world.touch import write_error


def live(w: World, number: int) -> UserArena | None:
    """Return a user arena that the program can still use, None when freed or dropped.

    Raises:
        NoSuchError: the program never made it.

    """
    row = w.user_arenas[one_of("user arena", number, w.user_arenas, "one that NewArena made")]
    return None if row.defunct or row.dropped else row


def known(w: World, number: int) -> UserArena:
    """Return a user arena's row.

    Raises:
        ScenarioError: the program never made it, or dropped it.

    """
    if number not in w.user_arenas:
        made = ", ".join(map(str, w.user_arenas)) or "none"
        msg = f"there is no user arena {number}; made so far: {made}"
        raise ScenarioError(msg)
    if w.user_arenas[number].dropped:
        msg = f"the program dropped user arena {number} and can't name it any more"
        raise ScenarioError(msg)
    return w.user_arenas[number]


def drop(w: World, number: int) -> Steps[None]:
    """Forget the handle."""
    known(w, number)
    yield end.HandleDropped(number)


def hold(w: World, number: int, arena: int) -> Steps[None]:
    """Let a global point to the arena's last chunk object; nothing happens where there is none."""
    row = live(w, arena)
    if row is None or row.last_object < 0:
        return
    addr = w.ledger.row(row.last_object)[0]
    if w.gc.phase != GC_OFF:
        yield from shade(w, w.holds.get(number, 0))
        yield from shade(w, addr)
    yield end.PointerHeld(number, addr)


def unhold(w: World, number: int) -> Steps[None]:
    """Set a global to nil."""
    if number in w.holds:
        if w.gc.phase != GC_OFF:
            yield from shade(w, w.holds[number])
        yield end.PointerReleased(number)


def link(w: World, from_arena: int, to_arena: int) -> Steps[None]:
    """Store the address of one arena's last object in the first pointer word of another's."""
    source, target = live(w, from_arena), live(w, to_arena)
    if source is None or target is None or source.last_pointerful < 0 or target.last_object < 0:
        return
    slot, addr = first_slot(w, source.last_pointerful), w.ledger.row(target.last_object)[0]
    yield from store(w, slot, addr)


def store(w: World, slot: int, target: int) -> Steps[None]:
    """Store a pointer into chunk memory, through the write barrier while it is on.

    Raises:
        GoFault, SanitizerReport: the memory can't be written any more.
        ScenarioError: no chunk's memory, or no pointer word.

    """
    span = w.span_of(slot)
    if span is None:
        raise ScenarioError(
            f"{slot:#x} is in no chunk; only objects in chunks have pointers that can be changed"
        )
    if (error := write_error(w, span, slot)) is not None:
        raise error
    if not pointer_bit(w, span.chunk, (slot - span.base) // w.rules.ptr_size):
        msg = f"the word at {slot:#x} holds no pointer: the collector would not see what is stored there"
        raise ScenarioError(msg)
    if w.gc.phase != GC_OFF:
        yield from shade(w, w.slots.target(span.chunk, slot))
        yield from shade(w, target)
    yield end.PointerStored(span.chunk, slot, target)


def first_slot(w: World, row: int) -> int:
    """Return the address of the first pointer word of a ledger row's object."""
    addr, _, number, *_ = w.ledger.row(row)
    return addr + (w.types[number].mask.first_one() or 0) * w.rules.ptr_size
