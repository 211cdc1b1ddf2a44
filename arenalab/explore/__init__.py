"""The explorers: `from arenalab.explore import ChunkMap`."""

from arenalab.explore.chunk_map import ChunkMap
from arenalab.explore.figure_explorer import FigureExplorer
from arenalab.explore.heap_bitmap import HeapBitmap
from arenalab.explore.scene_explorer import SceneExplorer
from arenalab.explore.shell import Explorer
from arenalab.explore.types import Types

__all__ = ["ChunkMap", "Explorer", "FigureExplorer", "HeapBitmap", "SceneExplorer", "Types"]
