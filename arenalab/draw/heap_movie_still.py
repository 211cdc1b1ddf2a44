"""The heap movie as a still picture: the moment, the legend, both rasters, tables and lanes."""

from __future__ import annotations

from collections.abc import Iterator

from arenalab.draw.heap_movie import heap_movie_scene
from arenalab.draw.lettering import fitted, wrapped
from arenalab.draw.raster import raster_tile
from arenalab.draw.scene import WIDTH
from arenalab.draw.scene_still import MARGIN, scene_markup
from arenalab.draw.still import Still, Svg
from arenalab.draw.still_reading import draw_legend, legend_height
from arenalab.draw.theme import Paper
from arenalab.view.chunk_raster import Raster
from arenalab.view.heap_colours import GROUND, TYPE
from arenalab.view.heap_movie import HeapMovie

LINE, HIGH, GAP = 18, 230, 16
BESIDE = 160  #: points from the left edge of a line to its words.
SIZE, SMALL, HEAD = 11.5, 10.5, 16  #: of letters; of a heading's on a phone; from line to line of a heading.


def heap_movie_still(view: HeapMovie, description: str, paper: Paper, width: float = WIDTH) -> Still:
    """Return a view as SVG, so many points wide."""
    scene, legend = heap_movie_scene(view, width), dict(zip(view.pages.keys, view.pages.said, strict=True))
    seen = GROUND if view.pages.by == TYPE else view.pages.keys
    meanings, narrow = [key for key in seen if legend[key]], scene.room.narrow
    edge, inner = scene.room.left, scene.room.inner
    said = list(_moment(view, inner, narrow=narrow))
    reading = 16 + (said[-1][1] + 1) * LINE
    rasters = reading + legend_height(meanings, scene.width, edge, legend)
    high = (inner - GAP) / 3 if narrow else HIGH  # of both rasters; that of pages is twice as wide
    lines = max(len(wrapped(it.heading(), high, SMALL)) for it in (view.pages, view.slots)) if narrow else 1
    top = rasters + lines * HEAD + 4 + high + GAP
    svg = Svg(scene.width, top + scene.height + MARGIN, paper, scene.title, description)
    for x, line, words, bold in said:
        svg.text(edge + x, 24 + line * LINE, words, bold=bold, size=SIZE)
    draw_legend(svg, meanings, edge, reading, legend)
    _draw(svg, view.pages, (edge, rasters), (2 * high, high), lines)
    _draw(svg, view.slots, (edge + 2 * high + GAP, rasters), (high, high), lines)
    svg.insert(0, top, scene_markup(scene, paper))
    return Still(svg)


def _moment(view: HeapMovie, room: float, *, narrow: bool) -> Iterator[tuple[float, int, str, bool]]:
    """Yield the moment's words: points from the left, line, words, whether bold; on a phone in more lines."""
    line = 0
    for number, (left, right) in enumerate(view.reading.lines):
        yield 0, line, left, narrow or not number
        line += narrow
        for words in wrapped(right, room, SIZE) if narrow else [fitted(right, room - BESIDE, SIZE)]:
            yield 0 if narrow else BESIDE, line, words, False
            line += 1


def _draw(svg: Svg, raster: Raster, at: tuple[float, float], room: tuple[float, float], lines: int) -> None:
    """Draw a raster as large as it fits into a width and a height, below its heading of so many lines."""
    heads, size = (
        (wrapped(raster.heading(), room[0], SMALL), SMALL) if lines > 1 else ([raster.heading()], SIZE)
    )
    for number, words in enumerate(heads):
        svg.text(at[0], at[1] + 12 + number * HEAD, words, size=size, width=room[0])
    if len(raster.words):
        rows = -(-len(raster.words) // raster.columns)
        scale = min(room[0] / raster.columns, room[1] / rows)
        box = (at[0], at[1] + lines * HEAD + 4, raster.columns * scale, rows * scale)
        svg.image(box, raster_tile(raster, svg.paper))
