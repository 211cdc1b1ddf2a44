"""Windows: which two parts of a chunk a picture shows, and how they are chosen."""

from __future__ import annotations

from typing import NamedTuple

from arenalab.go.rules import ChunkLayout
from arenalab.view.chunk_index import Extent

SMALLEST = 64  #: bytes of a part.
ROOM = 1.12  #: a fitted part is this much wider than what was ever in it.
AROUND = 5  #: a part around an object is this many times as wide.
LEAST_AROUND = 256  #: bytes of a part around a place that was chosen.

Part = tuple[int, int]  #: offsets of the first byte and after the last.
BOTH_ENDS, WHOLE, THIS_OBJECT, MOVED = "both ends", "whole chunk", "this step", "custom"
WINDOWS = (BOTH_ENDS, WHOLE, THIS_OBJECT, MOVED)


class Window(NamedTuple):
    """The two parts of a chunk that a picture shows, as offsets: one at either end to begin with."""

    low: Part
    high: Part


def fitted_window(fit: str, extent: Extent, made: tuple[Part, bool] | None, layout: ChunkLayout) -> Window:
    """Return the window for a choice of `WINDOWS`.

    Args:
        fit: the choice; "custom" without anything moved yet is "both ends".
        extent: how far the chunk is ever filled.
        made: where the current operation made its objects, and whether with pointers; None for nowhere.
        layout: where a chunk's objects end, and the chunk itself.

    """
    chunk_bytes = layout.stride
    if fit == WHOLE:
        return Window((0, chunk_bytes // 2), (chunk_bytes // 2, chunk_bytes))
    ends = both_ends(extent, layout)
    if fit != THIS_OBJECT or made is None:
        return ends
    part, pointerful = made
    around = _inside(part[0] + (part[1] - part[0]) // 2, AROUND * (part[1] - part[0]), chunk_bytes)
    return Window(around, ends.high) if pointerful else Window(ends.low, around)


def both_ends(extent: Extent, layout: ChunkLayout) -> Window:
    """Return the two ends of what objects may take, each as long as what it ever holds; the whole when they meet.

    Where the runtime keeps something after the objects, the high part shows a little of it too.
    """
    chunk_bytes, end = layout.stride, layout.usable_bytes
    low, high = (_roomy(nbytes) for nbytes in extent)
    if low + high >= end:
        middle = round(chunk_bytes * extent.front / max(1, extent.front + extent.back))
        middle = min(max(middle, SMALLEST), chunk_bytes - SMALLEST)
        return Window((0, middle), (middle, chunk_bytes))
    return Window((0, low), (end - high, min(chunk_bytes, end + _roomy(high // 4))))


def _roomy(nbytes: int) -> int:
    """Round up to an eighth of a power of two, so that pictures keep their scale while a chunk fills."""
    wanted = max(SMALLEST, round(nbytes * ROOM))
    step: int = max(8, 2 ** ((wanted - 1).bit_length() - 3))
    return -(-wanted // step) * step


def around(window: Window, part: Part, chunk_bytes: int) -> Window:
    """Return a window that shows what lies at `part` and its neighbours, in the half of the picture that is nearer."""
    middle, width = (part[0] + part[1]) // 2, max(LEAST_AROUND, AROUND * (part[1] - part[0]))
    there = _inside(middle, width, chunk_bytes)
    return Window(there, window.high) if middle < chunk_bytes // 2 else Window(window.low, there)


def moved(window: Window, name: str, part: Part, chunk_bytes: int) -> Window:
    """Return a window in which the part `name`, "low" or "high", is another one, kept inside the chunk."""
    kept = _inside((part[0] + part[1]) // 2, part[1] - part[0], chunk_bytes)
    return Window(kept, window.high) if name == "low" else Window(window.low, kept)


def scaled(window: Window, factor: float, chunk_bytes: int) -> Window:
    """Return a window whose parts are `factor` times as wide; a part at an end of the chunk stays there."""
    return Window(*(_scaled(part, factor, chunk_bytes) for part in window))


def _scaled(part: Part, factor: float, chunk_bytes: int) -> Part:
    width = min(chunk_bytes, max(SMALLEST, round((part[1] - part[0]) * factor)))
    if part[0] == 0:
        return 0, width
    if part[1] == chunk_bytes:
        return chunk_bytes - width, chunk_bytes
    return _inside((part[0] + part[1]) // 2, width, chunk_bytes)


def _inside(middle: int, width: int, chunk_bytes: int) -> Part:
    width = min(max(width, SMALLEST), chunk_bytes)
    left = min(max(middle - width // 2, 0), chunk_bytes - width)
    return left, left + width
