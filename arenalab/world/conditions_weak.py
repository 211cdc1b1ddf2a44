"""What must be so for events of weak pointers.

Each is a condition on the World before an event; `event_rules` says which kinds need which. Its name is what it says.
"""

from __future__ import annotations

from arenalab.go.sizeclasses import TINY_SIZE
from arenalab.world import weak_events as weak
from arenalab.world.ops import STATIC
from arenalab.world.state import ON_HEAP, World
from arenalab.world.weak import IN_IMAGE, NO_HANDLE, span_key


def its_handle_is_the_next(w: World, e: weak.WeakHandleMade) -> bool:
    """Its weak handle has the next number, and is in a block that is there."""
    return (
        e.number == len(w.weak_handles)
        and (e.block < 0 or e.block in w.small.objects)
        and e.taken <= TINY_SIZE
    )


def its_byte_is_where_it_says(w: World, e: weak.WeakHandleMade) -> bool:
    """Its byte is in the chunk, the large object, the image or at zerobase, as it says."""
    if e.chunk >= 0:
        return 0 <= e.addr - w.spans[e.chunk].base < w.rules.chunk.stride
    if e.chunk == IN_IMAGE:
        return e.object == STATIC
    return e.object >= 0 and (e.chunk != ON_HEAP or e.object in w.heap_objects)


def its_special_has_that_place(w: World, e: weak.WeakHandleMade) -> bool:
    """Its special stands among those of its span, by offset; without a span there is none."""
    there = w.specials.get(span_key(e.chunk, e.object), ())
    if e.chunk < ON_HEAP:
        return e.position < 0
    spots = [(w.weak_handles[number].spot.addr, w.weak_handles[number].spot.offset) for number in there]
    mine = (e.addr, e.offset)
    return e.position == sum(spot < mine for spot in spots) and mine not in spots


def its_weak_pointer_is_new(w: World, e: weak.WeakPointerMade) -> bool:
    """The program has no such weak pointer yet, and what it leads to is there."""
    return e.weak not in w.weak_pointers and (e.handle == NO_HANDLE or e.handle in w.weak_handles)


def its_weak_pointer_was_made(w: World, e: weak.WeakPointerRead) -> bool:
    """The program made that weak pointer."""
    return e.weak in w.weak_pointers


def its_special_is_the_first(w: World, e: weak.WeakHandleCleared) -> bool:
    """Its special is the first of its span, and the last where it says so."""
    there = w.specials.get(span_key(e.chunk, e.object), ())
    return there[:1] == (e.number,) and e.last == (len(there) == 1)


def its_ordinary_object_is_followed(w: World, e: weak.HeapObjectShaded) -> bool:
    """Its ordinary object is there."""
    return e.row in w.heap_objects
