"""The chunk map explorer."""

from __future__ import annotations

from typing import Any

import traitlets

from arenalab.draw.chunk_map import chunk_map_scene
from arenalab.draw.scene import WIDTH, Scene
from arenalab.draw.theme import LOOKS
from arenalab.explore.stepper import Place
from arenalab.explore.windowed import Windowed
from arenalab.explore.with_raster import WithRaster
from arenalab.player.controls import BAR, Choice, Control
from arenalab.view.chunk_map import ChunkMap as ChunkMapView
from arenalab.view.chunk_map import chunk_map
from arenalab.view.chunk_raster import Raster
from arenalab.view.colouring import COLOURINGS, DIRECTION
from arenalab.view.windows import WINDOWS, Part


class ChunkMap(WithRaster, Windowed):
    """All chunks, what fills one of them, and each of its words, step by step.

    Look for: objects with pointers growing up from the low end, objects without growing down from
    the high end; the gap between them; what is wasted when a chunk is full before it is filled; on
    which list a chunk is, and that a chunk on the reuse list still holds its old objects.
    Click a chunk to look into it, a word of the raster to see its place exactly. Drag to move,
    ctrl + wheel or the keys + and − to zoom; Tab to an end and the arrow keys move it.
    """

    colour = traitlets.Enum(list(COLOURINGS), DIRECTION, help="what the colours inside a chunk tell")
    name = "Chunk map"
    meanings = tuple(LOOKS)

    def more_controls(self) -> list[Control]:
        """Return the choice of what to show of the chunk, and of the colours."""
        return [
            Choice("fit", "show", "What to show of the chunk", BAR, WINDOWS),
            Choice("colour", "colour by", "What the colours inside a chunk tell", BAR, COLOURINGS),
        ]

    def view_of(self, place: Place) -> ChunkMapView:
        """Return the chunk map at a place."""
        looks: dict[str, Any] = {"focus": self.chunk, "op": place.op, "colour": self.colour}
        return chunk_map(self.index, place.cursor, window=self.window, fit=self.fit, **looks)

    def raster_of(self, view: ChunkMapView) -> Raster:
        """Return the words of the chunk in focus."""
        return view.raster

    def draw(self, view: ChunkMapView, width: int = WIDTH) -> Scene:
        """Draw the chunk map."""
        return chunk_map_scene(view, width)

    def on_word(self, part: Part) -> None:
        """Look at the object that was chosen."""
        self.look_at(part)

    def on_choose(self, key: str) -> None:
        """Look into the chunk that was clicked; an object is selected, no more."""
        if key.startswith("chunk "):
            self.chunk = int(key.removeprefix("chunk "))

    @traitlets.observe("colour")
    def _coloured(self, _: Any) -> None:
        self.render()
