"""What stands in the memory that a touch has found: single words, or all of a value's.

Rule: nothing here changes a World. Bytes are known as far as the program wrote them:
pointer-free values by object and offset, pointers by the chunk word they stand in, what was written where no object
was by its address: New does not clear, so an object placed there later holds it. All else is zero.
"""

from __future__ import annotations

from collections.abc import Iterator

from arenalab.world.state import World
from arenalab.world.touch import NOWHERE, Pointer, Touch


def word_at(w: World, found: Touch, pointer: Pointer) -> int:
    """Return the word that readable memory holds: a stored pointer, a written value, else 0."""
    if found.chunk >= 0 and (stored := w.slots.target(found.chunk, found.addr)):
        return stored
    stray = w.cells.get((NOWHERE, found.addr), 0) if found.chunk >= 0 else 0
    return w.cells.get(object_and_offset(w, found, pointer), stray)


def words_of(w: World, found: Touch, pointer: Pointer, nbytes: int) -> Iterator[tuple[int, int]]:
    """Return (offset, value) of the words of `nbytes` bytes from a pointer on that aren't zero."""
    row, first = object_and_offset(w, found, pointer)
    held = {
        offset - first: value
        for (owner, offset), value in w.cells.items()
        if owner == row and first <= offset < first + nbytes
    }
    if found.chunk >= 0:
        held = _stray(w, found.addr, nbytes) | held
        within = w.slots.within(found.chunk, found.addr, found.addr + nbytes)
        held |= {int(slot) - found.addr: int(target) for slot, target in within}
    yield from sorted((offset, value) for offset, value in held.items() if value)


def _stray(w: World, addr: int, nbytes: int) -> dict[int, int]:
    """Return (offset, value) of what was written from an address on while no object was there."""
    return {
        place - addr: value
        for (owner, place), value in w.cells.items()
        if owner == NOWHERE and addr <= place < addr + nbytes
    }


def object_and_offset(w: World, found: Touch, pointer: Pointer) -> tuple[int, int]:
    """Return the object whose bytes are there now, and which byte of it; (−1, address) when none is."""
    if found.chunk < 0:
        return found.row, pointer.offset
    if found.row < 0:
        return found.row, found.addr
    return found.row, found.addr - w.ledger.row(found.row)[0]
