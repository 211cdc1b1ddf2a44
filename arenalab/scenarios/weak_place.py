"""Where a weak pointer leads, as scenarios write it."""

from __future__ import annotations

from typing import Any

from arenalab.world.queries import weak_spot
from arenalab.world.state import AT_ZEROBASE, ON_HEAP, World
from arenalab.world.weak import IN_IMAGE

#: What stands for a chunk where it leads to none.
PLACES = {ON_HEAP: "heap", AT_ZEROBASE: "zerobase", IN_IMAGE: "static"}


def weak_place(w: World, weak: int) -> Any:
    """Return [chunk, offset], or in words what is in no chunk."""
    spot = weak_spot(w, weak)
    if spot is None:
        return "nil"
    return [spot.chunk, spot.addr - w.spans[spot.chunk].base] if spot.chunk >= 0 else PLACES[spot.chunk]
