"""ChunkState: one chunk at one moment: on which list, in what condition, what it holds, what its free range means.

Follows mspan, userArenaChunkReserveBytes and the chunk lists of arena.go, Go 1.21 to 1.27.
"""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

from arenalab.go.rules import BITMAP, DUMMY_TYPE, OBJECTS, ChunkLayout, GoRules
from arenalab.units import human
from arenalab.view.chunk_index import ChunkIndex, Contents
from arenalab.world.state import World
from arenalab.world.tables import MSPAN_DEAD

NOBODY = -1  #: in a column of user arenas.
USABLE, OBTAINED, DEAD, ADDRESSES = "usable", "being obtained", "set to fault", "address space"

#: What a stretch means, in words, by its key of the theme.
SAID = {
    "pointerful": "objects with pointers",
    "pointer_free": "objects without pointers",
    "pointerful_former": "objects with pointers, their arena freed",
    "pointer_free_former": "objects without pointers, their arena freed",
    "free": "free",
    "waste": "free, but wasted: the chunk was full for its next object",
    "padding": "alignment padding",
    "red_zone": "red zone of the sanitizer",
    "reserve": "the runtime's own: the chunk's dummy type and heap bitmap",
    "dead": "set to fault: touching it crashes",
    "address_space": "address space only, no memory behind it",
}

#: What a region of a chunk is, in words, by its name.
REGIONS_SAID = {
    OBJECTS: "objects",
    DUMMY_TYPE: "dummy type: its PtrBytes say where a scan of the chunk ends",
    BITMAP: "heap bitmap: a bit for each word of the chunk",
}


class Stretch(NamedTuple):
    """A part of a chunk after its objects."""

    left: int  #: offset of the first byte.
    right: int  #: offset after the last byte.
    meaning: str  #: key of the theme.
    said: str  #: what it is, in words.


def for_objects(layout: ChunkLayout) -> str:
    """Describe what of a chunk objects may take, where that is less than the chunk: ", 7.875 MiB usable"."""
    return f", {human(layout.usable_bytes)} usable" if layout.usable_bytes < layout.stride else ""


def absent_in(rules: GoRules) -> set[str]:
    """Return the keys of the theme that nothing has under some rules: a red zone, say, or the runtime's own."""
    there = {
        "red_zone": rules.build_mode == "asan",
        "reserve": rules.bitmap_home == "chunk",
        "back_up": rules.bitmap_home == "heap arena",
        "scratch": rules.mask_kind == "program",
    }
    return {meaning for meaning, holds in there.items() if not holds}


class ChunkState:
    """What there is to say of a chunk in a World; found out when it is asked for."""

    def __init__(self, index: ChunkIndex, world: World, chunk: int) -> None:
        """Look at a chunk that exists."""
        self.index, self.world, self.chunk = index, world, chunk
        self.span = world.spans[chunk]
        self.size = world.rules.chunk.stride

    @cached_property
    def list(self) -> str:
        """Return on which list it is; see `World.list_of`."""
        return self.world.list_of(self.chunk)

    @cached_property
    def owner(self) -> int:
        """Return the user arena that it belongs to, −1 for nobody."""
        owner = self.world.owner_of(self.chunk)
        return NOBODY if owner is None else owner

    @cached_property
    def condition(self) -> str:
        """Return "usable", "being obtained", "set to fault" or "address space"."""
        if self.span.faulted:
            return ADDRESSES if self.list == "ready" or self.chunk not in self.world.births else DEAD
        # Filled from the high end to the last byte, the limit is the base; before there is a range it is 0.
        obtained = self.span.state != MSPAN_DEAD and self.span.free_limit > 0
        return USABLE if obtained else OBTAINED

    @cached_property
    def filled(self) -> bool:
        """Return whether it holds what its free range leaves: not before it is obtained, nor once it is ready."""
        return self.condition in {USABLE, DEAD}

    @cached_property
    def held(self) -> Contents:
        """Return the objects that it holds at this moment."""
        return self.index.contents(self.chunk, self.world) if self.filled else self.index.nothing(self.chunk)

    @cached_property
    def edges(self) -> tuple[int, int, int]:
        """Return the offsets between which it is free, and where its usable bytes end."""
        if self.filled:
            base = self.span.base
            return self.span.free_base - base, self.span.free_limit - base, self.span.elemsize
        usable = self.world.rules.chunk.usable_bytes
        return 0, usable, usable

    @cached_property
    def tail(self) -> tuple[Stretch, ...]:
        """Return what lies after the objects: a red zone, what the runtime keeps; one stretch without memory."""
        end, rules = self.edges[2], self.world.rules
        if self.span.faulted:
            parts = [Stretch(end, self.size, self.middle, SAID[self.middle])]
        else:
            usable = rules.chunk.usable_bytes
            parts = [Stretch(end, usable, "red_zone", SAID["red_zone"])]
            for region in rules.chunk.regions[1:]:
                behind = region.offset + region.nbytes
                parts.append(Stretch(region.offset, behind, "reserve", REGIONS_SAID[region.name]))
        return tuple(part for part in parts if part.right > part.left)

    @cached_property
    def middle(self) -> str:
        """Return what its free range means: a key of the theme."""
        if self.condition in {DEAD, ADDRESSES}:
            return "dead" if self.condition == DEAD else "address_space"
        return "waste" if self.list in {"full", "fault"} else "free"
