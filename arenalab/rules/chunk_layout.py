"""ChunkLayout: where a chunk begins and ends, what of it objects may take, and what else stands in it.

Law: whoever needs a size of a chunk asks for the one that is meant. They are one number in Go 1.21, not since.
"""

from __future__ import annotations

from dataclasses import dataclass

OBJECTS, DUMMY_TYPE, BITMAP = "objects", "dummy type", "bitmap"


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a chunk, by what stands in it."""

    name: str  #: "objects", or what the runtime keeps at the chunk's end.
    offset: int  #: bytes from the chunk's base.
    nbytes: int  #: its length.


@dataclass(frozen=True, slots=True)
class ChunkLayout:
    """The sizes of a chunk in bytes, and its regions from the base upwards, without gaps."""

    stride: int  #: from one chunk's base to the next one's. Go: userArenaChunkBytes, arena.go, 1.21.
    usable_bytes: int  #: for objects: the span's elemsize in a plain build, what the collector counts.
    mapped_bytes: int  #: what the operating system backs: heapInUse, mappedReady.
    regions: tuple[Region, ...]  #: from the base upwards.

    def at(self, name: str) -> int:
        """Return where a region begins, in bytes from the chunk's base."""
        return next(region.offset for region in self.regions if region.name == name)

    def held_at(self, offset: int) -> str:
        """Return the name of what the runtime keeps at an offset from the chunk's base, "" where objects are."""
        for region in self.regions[1:]:
            if region.offset <= offset < region.offset + region.nbytes:
                return region.name
        return ""


def chunk_layout(stride: int, reserve: tuple[tuple[str, int], ...] = ()) -> ChunkLayout:
    """Lay a chunk out: objects from its base on, and at its end what the runtime reserves, (what, bytes) each.

    Nothing up to Go 1.21; since then the dummy type and the bitmap, 48 and 131,072 bytes of 8 MiB on 64-bit platforms.
    """
    at = usable = stride - sum(nbytes for _, nbytes in reserve)
    regions = [Region(OBJECTS, 0, usable)]
    for name, nbytes in reserve:
        regions.append(Region(name, at, nbytes))
        at += nbytes
    return ChunkLayout(stride, usable, stride, tuple(regions))
