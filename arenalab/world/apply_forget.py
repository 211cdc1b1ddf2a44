"""Forgetting: what a program too long to be remembered drops between two pieces of it.

Not an event: nothing happens in the runtime. What the allocator, the collector and later operations
read stays; what only pictures of the past read goes. Law: Worlds that are equal are equal after each
has forgotten, and forgetting again changes nothing more.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from arenalab.world.columns import Columns
from arenalab.world.deferred import IntArray
from arenalab.world.state import LEDGER, World
from arenalab.world.weak import WeakHandle, span_key


def forget(world: World) -> World:
    """Return a World that goes on like this one, and knows only those objects that something names.

    Rows of the ledger stay for each live arena's last objects and for ordinary objects that are
    followed; they are renumbered. Of the journals only what they add up to stays. Freed arenas go
    when the collector has swept their handles, so the program must not free one twice after that.
    """
    twin = world.fork()
    _forget_arenas(twin)
    rows = _named_rows(twin)
    numbers = {old: new for new, old in enumerate(rows)}
    twin.ledger = Columns(LEDGER)
    for row in rows:
        twin.ledger.append(world.ledger.row(row))
    twin.births = dict.fromkeys(twin.births, 0)
    twin.cells = {(numbers.get(row, row), offset): value for (row, offset), value in twin.cells.items()}
    twin.heap_objects = {
        numbers[row]: replace(kept, row=numbers[row]) for row, kept in twin.heap_objects.items()
    }
    twin.weak_handles = {n: _renumbered(handle, numbers) for n, handle in twin.weak_handles.items()}
    twin.specials = {
        span_key(chunk, numbers.get(row, -1)): there for (chunk, row), there in twin.specials.items()
    }
    for number in list(twin.user_arenas):
        user_arena = twin.user_arena_to_write(number)
        user_arena.last_object = numbers.get(user_arena.last_object, -1)
        user_arena.last_pointerful = numbers.get(user_arena.last_pointerful, -1)
    twin.bits, twin.scan_limits = world.bits.compacted(), world.scan_limits.compacted()
    twin.slots = world.slots.compacted(_pointers(world))
    return twin


def _renumbered(handle: WeakHandle, numbers: dict[int, int]) -> WeakHandle:
    """Return a handle whose object has its new number; what a cleared one was of nobody asks."""
    spot = handle.spot
    return replace(
        handle, spot=spot._replace(object=numbers.get(spot.object, spot.object if spot.object < 0 else -1))
    )


def _forget_arenas(twin: World) -> None:
    """Drop the freed arenas that nothing follows any more."""
    followed = set(twin.handles).union(twin.gc.finalizers)
    followed.update(kept.owner for kept in twin.small.objects.values())
    for number, user_arena in list(twin.user_arenas.items()):
        if user_arena.defunct and number not in followed:
            del twin.user_arenas[number]
            twin.holders.pop(number, None)  # freed through a copy, and dropped


def _named_rows(w: World) -> list[int]:
    """Return the ledger rows that something outside the ledger names, in order."""
    rows = {row for row, _ in w.cells}.union(w.heap_objects)
    rows.update(max(each.spot.object, -1) for each in w.weak_handles.values() if not each.cleared)
    for user_arena in w.user_arenas.values():
        if not (user_arena.defunct or user_arena.dropped):
            rows.update((user_arena.last_object, user_arena.last_pointerful))
    return sorted(rows - {-1})


def _pointers(w: World) -> IntArray:
    """Return the non-nil pointers in chunks as rows (slot, target), by slot."""

    def chunks(slots: IntArray) -> IntArray:
        spans = (w.span_of(slot) for slot in slots.tolist())
        return np.array([span.chunk if span is not None else 0 for span in spans], dtype=np.int64)

    pointers: IntArray = w.slots.now(chunks)[:, :2]
    return pointers
