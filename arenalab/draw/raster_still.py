"""A raster in a still picture: a tile of it, and the words for its colours."""

from __future__ import annotations

from arenalab.draw.raster import raster_tile
from arenalab.draw.still import Svg
from arenalab.view.chunk_raster import COLUMNS, Raster

SIDE = 192  #: points of the tile.
RASTER_HEIGHT = SIDE + 24
LINE = 19


def draw_raster(svg: Svg, raster: Raster, place: tuple[float, float]) -> None:
    """Draw a raster small, and beside it what it is and what its colours mean."""
    (left, top), words = place, len(raster.words)
    height = SIDE * words / COLUMNS**2
    svg.image((left, top, SIDE, height), raster_tile(raster, svg.paper))
    x, width = left + SIDE + 20, svg.width - left - SIDE - 36
    svg.text(
        x,
        top + 12,
        raster.heading(),
        bold=True,
        width=width,
    )
    svg.text(x, top + 28, f"{COLUMNS:,} to a line", size=11, color=svg.tone["faint"])
    there = dict(zip(raster.keys, raster.counts.tolist(), strict=True))
    legend = [(key, said) for key, said in raster.legend() if there[key]]
    for number, (key, said) in enumerate(legend):
        y = top + 38 + number * LINE
        svg.area((x, y, 14, 11), key)
        svg.text(x + 20, y + 9.5, said, size=11, color=svg.tone["faint"], width=width - 20)
