"""The chunk map as a still picture: the same columns, words and theme as the figure, as SVG."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from arenalab.draw import chunk_map_parts as parts
from arenalab.draw.raster_still import RASTER_HEIGHT, draw_raster
from arenalab.draw.still import Still, Svg, fitted
from arenalab.draw.still_reading import LEGEND_HEIGHT, READING_HEIGHT, draw_legend, draw_reading
from arenalab.draw.theme import EVERY_LOOK, LOOKS, Paper
from arenalab.units import human
from arenalab.view.chunk_map import ChunkMap
from arenalab.view.columns import Column

WIDTH, MARGIN = 960, 16
NUMBER_X, WHERE_X, BAND_X, LEFT_X = MARGIN, 92, 232, 838  #: columns of the list of chunks
BAND_WIDTH = LEFT_X - BAND_X - 10
ROW, BAND = 24, 16  #: height of a row and of the band in it
LANE = 58  #: height of the objects inside a chunk
BREAK = 36  #: between the two ends


def chunk_map_still(view: ChunkMap, paper: Paper = "light") -> Still:
    """Draw a chunk map.

    Args:
        view: what to show.
        paper: "light" or "dark".

    """
    top = MARGIN + READING_HEIGHT + LEGEND_HEIGHT
    inside = top + view.rows * ROW + 46
    svg = Svg(WIDTH, inside + LANE + 74 + RASTER_HEIGHT, paper, "Chunk map", view.text())
    draw_reading(svg, view.reading, MARGIN, WIDTH - MARGIN)
    draw_legend(svg, parts_shown(view), MARGIN, MARGIN + READING_HEIGHT)
    _draw_chunks(svg, view, top)
    if view.focus >= 0:
        _draw_inside(svg, view, inside)
        draw_raster(svg, view.raster, (MARGIN, inside + LANE + 70))
    return Still(svg)


def parts_shown(view: ChunkMap) -> list[str]:
    """Return the meanings for the legend: all of them, always, so that it never jumps."""
    return [meaning for meaning in LOOKS if meaning != "red_zone" or "red_zone" in view.blocks.meaning]


def _draw_chunks(svg: Svg, view: ChunkMap, top: float) -> None:
    faint, first = svg.tone["faint"], view.page * view.rows
    for row, (number, where, left) in enumerate(parts.row_words(view.chunks)):
        y, focus = top + row * ROW, bool(view.chunks.focus[row])
        svg.text(NUMBER_X, y + 12, ("▸ " if focus else "  ") + number, bold=focus)
        svg.text(WHERE_X, y + 12, where, color=faint, width=BAND_X - WHERE_X - 6)
        svg.text(LEFT_X, y + 12, left, color=faint, size=11, width=WIDTH - LEFT_X - 8)
    scale = BAND_WIDTH / view.chunk_bytes
    for chunk, left_edge, right_edge, meaning in _stretches(view.blocks.columns()):
        y = top + (chunk - first) * ROW
        svg.area((BAND_X + left_edge * scale, y, (right_edge - left_edge) * scale, BAND), meaning)
    bottom = top + view.rows * ROW
    for share in range(5):
        x = BAND_X + BAND_WIDTH * share / 4
        svg.line((x, bottom - 6), (x, bottom - 2))
        svg.text(
            x,
            bottom + 10,
            human(view.chunk_bytes * share // 4) if share else "0",
            color=faint,
            size=10.5,
            anchor="middle",
        )
    svg.text(NUMBER_X, bottom + 10, _page_words(view), color=faint, size=10.5)


def _page_words(view: ChunkMap) -> str:
    return f"{view.all_chunks:,} chunks in all" if view.all_chunks > len(view.chunks) else ""


def _stretches(columns: dict[str, Column]) -> Iterable[tuple[int, int, int, str]]:
    """Yield (chunk, left, right, meaning), wide ones first, so that a sliver is not painted over."""
    names = ("chunk", "left", "right", "meaning")
    order = parts.wide_first(columns)
    return zip(*(columns[name][order] for name in names), strict=True)


def _draw_inside(svg: Svg, view: ChunkMap, top: float) -> None:
    svg.text(MARGIN, top, parts.inside_title(view), bold=True)
    half = (WIDTH - 2 * MARGIN - BREAK) / 2
    low_x, high_x = MARGIN, MARGIN + half + BREAK
    svg.text(low_x, top + 18, parts.LOW_TITLE, color=svg.tone["faint"], size=11)
    svg.text(high_x + half, top + 18, parts.HIGH_TITLE, color=svg.tone["faint"], size=11, anchor="end")
    _draw_panel(svg, view, (low_x, top + 34, half), view.window.low, from_end=False)
    _draw_panel(svg, view, (high_x, top + 34, half), view.window.high, from_end=True)
    middle = view.window.high[0] - view.window.low[1]
    if middle > 0:
        x = MARGIN + half + BREAK / 2
        svg.text(x, top + 34 + LANE / 2, "⋯", anchor="middle", size=18, color=svg.tone["faint"])


def _draw_panel(
    svg: Svg, view: ChunkMap, place: tuple[float, float, float], part: tuple[int, int], *, from_end: bool
) -> None:
    x, y, width = place
    scale = width / (part[1] - part[0])

    def across(offset: float) -> float:
        return x + (min(max(offset, part[0]), part[1]) - part[0]) * scale

    for table in (view.gaps.columns(), view.objects.columns()):
        for _, left, right, meaning in _stretches(table):
            if right > part[0] and left < part[1]:
                svg.area((across(left), y, across(right) - across(left), LANE), meaning)
    _draw_now(svg, view, part, across, y)
    for label in parts.labels(view, part, width):
        paint, hatched = EVERY_LOOK[label.meaning].on(svg.paper), EVERY_LOOK[label.meaning].hatch
        middle, halo = (across(label.x), y + LANE / 2 + 4), paint.fill if hatched else ""
        svg.text(*middle, label.text, color=paint.ink, size=11, anchor="middle", halo=halo)
    for offset in parts.ticks(part):
        svg.line((across(offset), y + LANE), (across(offset), y + LANE + 4))
        words = parts.offset_text(offset, view.chunk_bytes, from_end=from_end)
        anchor = "start" if offset == part[0] else "end" if offset == part[1] else "middle"
        svg.text(
            across(offset),
            y + LANE + 16,
            fitted(words, width / 4, 10.5),
            color=svg.tone["faint"],
            size=10.5,
            anchor=anchor,
        )


def _draw_now(
    svg: Svg, view: ChunkMap, part: tuple[int, int], across: Callable[[float], float], y: float
) -> None:
    """Outline what the operation at hand made, and point at it."""
    for left, right, _ in parts.made_now(view.objects):
        if right > part[0] and left < part[1]:
            svg.outline((across(left), y, across(right) - across(left), LANE))
            svg.mark((across(left) + across(right)) / 2, y - 2)
