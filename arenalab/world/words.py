"""What stands in the memory that a touch has found: single words, or all of a value's.

Rule: nothing here changes a World. Bytes are known as far as the program wrote them:
pointer-free values by object and offset, pointers by the chunk word they stand in; all else is zero.
"""

from __future__ import annotations

from collections.abc import Iterator

from arenalab.world.state import World
from arenalab.world.touch import Pointer, Touch


def word_at(w: World, found: Touch, pointer: Pointer) -> int:
    """Return the word that readable memory holds: a stored pointer, a written value, else 0."""
    if found.chunk >= 0 and (stored := w.slots.target(found.chunk, found.addr)):
        return stored
    return w.cells.get(object_and_offset(w, found, pointer), 0)


def words_of(w: World, found: Touch, pointer: Pointer, nbytes: int) -> Iterator[tuple[int, int]]:
    """Return (offset, value) of the words of `nbytes` bytes from a pointer on that aren't zero."""
    row, first = object_and_offset(w, found, pointer)
    held = {
        offset - first: value
        for (owner, offset), value in w.cells.items()
        if owner == row and first <= offset < first + nbytes and value
    }
    if found.chunk >= 0:
        within = w.slots.within(found.chunk, found.addr, found.addr + nbytes)
        held |= {int(slot) - found.addr: int(target) for slot, target in within}
    yield from sorted(held.items())


def object_and_offset(w: World, found: Touch, pointer: Pointer) -> tuple[int, int]:
    """Return the object whose bytes are there now, and which byte of it; (−1, address) when none is."""
    if found.chunk < 0:
        return found.row, pointer.offset
    if found.row < 0:
        return found.row, found.addr
    return found.row, found.addr - w.ledger.row(found.row)[0]
