"""The explorers: `from arenalab.explore import ChunkMap`."""

from arenalab.explore.chunk_map import ChunkMap
from arenalab.explore.heap_bitmap import HeapBitmap
from arenalab.explore.shell import Explorer
from arenalab.explore.types import Types

__all__ = ["ChunkMap", "Explorer", "HeapBitmap", "Types"]
