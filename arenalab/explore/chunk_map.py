"""The chunk map explorer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets as widgets
import traitlets

from arenalab.draw.chunk_map import ChunkMapPlot
from arenalab.draw.chunk_map_still import chunk_map_still
from arenalab.draw.figures import part_of
from arenalab.draw.still import Still
from arenalab.draw.theme import LOOKS, Paper
from arenalab.explore.figure_explorer import FigureExplorer
from arenalab.view.chunk_map import ChunkMap as ChunkMapView
from arenalab.view.chunk_map import chunk_map
from arenalab.view.windows import BOTH_ENDS, MOVED, WINDOWS, Window, moved, scaled


class ChunkMap(FigureExplorer):
    """All chunks and what fills one of them, step by step.

    Look for: objects with pointers growing up from the low end, objects without growing down from
    the high end; the gap between them; what is wasted when a chunk is full before it is filled; on
    which list a chunk is, and that a chunk on the reuse list still holds its old objects.
    Click a chunk to look into it. Drag to move, ctrl + wheel or the keys + and − to zoom.
    """

    window = traitlets.Instance(Window, allow_none=True, help="the two parts of the chunk shown; None fits")
    fit = traitlets.Enum(list(WINDOWS), "both ends", help="what is fitted into the picture")
    name = "Chunk map"
    make_plot = ChunkMapPlot
    meanings = tuple(meaning for meaning in LOOKS if meaning != "red_zone")

    def more_controls(self) -> list[Any]:
        """Return the choice of what to show of the chunk."""
        choice = widgets.Dropdown(
            options=list(WINDOWS), tooltip="What to show of the chunk", layout=widgets.Layout(width="130px")
        )
        traitlets.link((self, "fit"), (choice, "value"))
        return [widgets.Label("show"), choice]

    def view(self) -> ChunkMapView:
        """Return the chunk map at the cursor."""
        return chunk_map(
            self.index, self.cursor, focus=self.chunk, window=self.window, fit=self.fit, op=self.place.op
        )

    def draw_still(self, view: ChunkMapView, paper: Paper) -> Still:
        """Draw the chunk map as SVG."""
        return chunk_map_still(view, paper)

    def on_zoom(self, name: str, start: float, end: float) -> None:
        """Show the part that the reader moved to."""
        self.window = moved(self.shown.window, name, part_of(start, end), self.shown.chunk_bytes)

    def more_keys(self) -> dict[str, Callable[[], None]]:
        """Return the keys that zoom."""
        return {"+": lambda: self.zoom(0.5), "-": lambda: self.zoom(2)}

    def zoom(self, factor: float) -> None:
        """Show parts `factor` times as wide."""
        self.window = scaled(self.shown.window, factor, self.shown.chunk_bytes)

    def on_tap(self, name: str, x: float, y: float) -> None:  # noqa: ARG002  # one figure, and only the row counts
        """Look into the chunk that was clicked."""
        self.controls.chunk.value = int(y) + self.shown.page * self.shown.rows

    @traitlets.observe("window", "fit")
    def _zoomed(self, change: dict[str, Any]) -> None:
        if change["name"] == "window":
            self.fit = BOTH_ENDS if self.window is None else MOVED
        elif self.fit != MOVED:
            self.window = None
        self.render()
