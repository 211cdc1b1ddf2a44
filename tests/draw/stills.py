"""The chunk map as a still picture, as its explorer makes it."""

from arenalab.draw.chunk_map import chunk_map_scene
from arenalab.draw.scene_still import scene_still
from arenalab.draw.theme import LOOKS


def chunk_map_still(view, paper="light"):
    """Return a view's still picture, its raster below it."""
    return scene_still(
        chunk_map_scene(view), view.reading, tuple(LOOKS), view.text(), paper, raster=view.raster
    )
