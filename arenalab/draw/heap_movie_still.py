"""The heap movie as a still picture: the moment, the legend, both rasters, tables and lanes."""

from __future__ import annotations

from arenalab.draw.heap_movie import heap_movie_scene
from arenalab.draw.raster import raster_tile
from arenalab.draw.scene_still import MARGIN, scene_markup
from arenalab.draw.still import Still, Svg
from arenalab.draw.still_reading import draw_legend, legend_height
from arenalab.draw.theme import Paper
from arenalab.view.chunk_raster import Raster
from arenalab.view.heap_colours import GROUND, TYPE
from arenalab.view.heap_movie import HeapMovie

READING, LINE, HIGH, GAP = 70, 18, 230, 16
WIDE = 2 * HIGH


def heap_movie_still(view: HeapMovie, description: str, paper: Paper) -> Still:
    """Return a view as SVG."""
    scene, legend = heap_movie_scene(view), dict(zip(view.pages.keys, view.pages.said, strict=True))
    seen = GROUND if view.pages.by == TYPE else view.pages.keys
    meanings = [key for key in seen if legend[key]]
    rasters = READING + legend_height(meanings, scene.width, MARGIN, legend)
    top = rasters + 20 + HIGH + GAP
    svg = Svg(scene.width, top + scene.height + MARGIN, paper, scene.title, description)
    for number, (left, right) in enumerate(view.reading.lines):
        y = 24 + number * LINE
        svg.text(MARGIN, y, left, bold=not number, width=150)
        svg.text(MARGIN + 160, y, right, size=11.5, width=scene.width - 2 * MARGIN - 160)
    draw_legend(svg, meanings, MARGIN, READING, legend)
    _draw(svg, view.pages, MARGIN, rasters, WIDE)
    _draw(svg, view.slots, MARGIN + WIDE + GAP, rasters, HIGH)
    svg.insert(0, top, scene_markup(scene, paper))
    return Still(svg)


def _draw(svg: Svg, raster: Raster, left: float, top: float, width: float) -> None:
    """Draw a raster as large as it fits into a width and HIGH."""
    svg.text(left, top + 12, raster.heading(), size=11.5, width=width)
    if len(raster.words):
        lines = -(-len(raster.words) // raster.columns)
        scale = min(width / raster.columns, HIGH / lines)
        svg.image((left, top + 20, raster.columns * scale, lines * scale), raster_tile(raster, svg.paper))
