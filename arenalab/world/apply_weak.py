"""What weak pointers' events change: a part of `apply`, under the same laws."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from arenalab.world import weak_events as weak
from arenalab.world.event import Event
from arenalab.world.state import World
from arenalab.world.weak import Spot, WeakHandle, span_key


def _nothing(w: World, e: Event) -> None:
    """Change nothing: the event tells what the program learns, or why another follows."""


def _weak_handle_made(w: World, e: weak.WeakHandleMade) -> None:
    w.weak_handles[e.number] = WeakHandle(Spot(e.chunk, e.object, e.offset, e.addr), e.block)
    if e.block >= 0:
        w.p.tiny_block, w.p.tiny_taken = e.block, e.taken
    if e.position >= 0:
        key = span_key(e.chunk, e.object)
        there = w.specials.get(key, ())
        w.specials[key] = (*there[: e.position], e.number, *there[e.position :])
    if e.chunk >= 0:
        w.span_to_write(e.chunk).specials = True


def _weak_handle_cleared(w: World, e: weak.WeakHandleCleared) -> None:
    w.weak_handles[e.number] = replace(w.weak_handles[e.number], cleared=True)
    key = span_key(e.chunk, e.object)
    left = w.specials.pop(key)[1:]
    if not e.last:
        w.specials[key] = left
    elif e.chunk >= 0:
        w.span_to_write(e.chunk).specials = False


def _weak_pointer_made(w: World, e: weak.WeakPointerMade) -> None:
    w.weak_pointers[e.weak] = e.handle


def _heap_object_shaded(w: World, e: weak.HeapObjectShaded) -> None:
    w.heap_objects[e.row] = replace(w.heap_objects[e.row], marked=True)
    w.gc.heap_scan_work += e.scan_work


HANDLERS: dict[type[Event], Callable[[World, Any], None]] = {
    weak.WeakHandleMade: _weak_handle_made,
    weak.WeakPointerMade: _weak_pointer_made,
    weak.WeakPointerRead: _nothing,
    weak.ValueShaded: _nothing,
    weak.HeapObjectShaded: _heap_object_shaded,
    weak.WeakHandleCleared: _weak_handle_cleared,
}
