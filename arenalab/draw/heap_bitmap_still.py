"""The heap bitmap as a still picture: the same columns, words and theme as the figure, as SVG."""

from __future__ import annotations

from itertools import pairwise

from arenalab.draw import heap_bitmap_parts as parts
from arenalab.draw.still import Still, Svg
from arenalab.draw.still_reading import LEGEND_HEIGHT, READING_HEIGHT, draw_legend, draw_reading
from arenalab.draw.theme import EVERY_LOOK, Paper
from arenalab.view.heap_bitmap import ROWS, HeapBitmap

WIDTH, MARGIN = 960, 16
CELLS_X, RIGHT_X = 176, 808  #: where the bits begin, where the words on the right do.
ROW = 44  #: height of a bitmap word's row.
STORE_ROW = 22  #: height of a row of the panel of a store.
SMALL = 10.5


def heap_bitmap_still(view: HeapBitmap, paper: Paper = "light") -> Still:
    """Draw a heap bitmap.

    Args:
        view: what to show.
        paper: "light" or "dark".

    """
    top = MARGIN + READING_HEIGHT + LEGEND_HEIGHT + 42
    store = top + ROWS * ROW + 54
    svg = Svg(WIDTH, store + parts.STORE_ROWS * STORE_ROW + 22, paper, "Heap bitmap", view.text())
    draw_reading(svg, view.reading, MARGIN, WIDTH - MARGIN)
    draw_legend(svg, list(parts.MEANINGS), MARGIN, MARGIN + READING_HEIGHT)
    svg.text(MARGIN, top - 20, parts.page_title(view), bold=True, width=WIDTH - 2 * MARGIN)
    if view.page is not None:
        _draw_axis(svg, view, top)
        _draw_cells(svg, view, top)
        _draw_words(svg, view, top)
        svg.text(MARGIN, top + ROWS * ROW + 12, parts.scan_title(view), size=11, color=svg.tone["faint"])
    _draw_store(svg, view, store)
    return Still(svg)


def _cell(view: HeapBitmap) -> float:
    return (RIGHT_X - 10 - CELLS_X) / view.bits


def _draw_axis(svg: Svg, view: HeapBitmap, top: float) -> None:
    for bit in range(0, view.bits, 8):
        x = CELLS_X + (bit + 0.5) * _cell(view)
        svg.text(
            x,
            top - 2,
            f"bit {bit}" if bit == 0 else str(bit),
            size=SMALL,
            color=svg.tone["faint"],
            anchor="middle",
        )


def _box(view: HeapBitmap, top: float, word: int, part: tuple[float, float], bits: tuple[int, int]) -> tuple[
    float, float, float, float
]:  # fmt: skip
    """Return the rectangle of some bits of a word's row."""
    y, cell = top + (word - view.first) * ROW, _cell(view)
    return CELLS_X + bits[0] * cell, y + part[0] * ROW, (bits[1] - bits[0]) * cell, (part[1] - part[0]) * ROW


def _draw_cells(svg: Svg, view: HeapBitmap, top: float) -> None:
    cells, strips = view.cells, view.strips
    for word, bit, meaning in zip(cells.word, cells.bit, cells.meaning, strict=True):
        svg.area(_box(view, top, int(word), parts.BITS, (int(bit), int(bit) + 1)), str(meaning))
    for word, left, right, meaning in zip(
        strips.word, strips.left, strips.right, strips.meaning, strict=True
    ):
        svg.area(_box(view, top, int(word), parts.OBJECTS, (int(left), int(right))), str(meaning))
    middle = sum(parts.OBJECTS) / 2 * ROW + 4
    for label in parts.strip_labels(view, _cell(view)):
        place = CELLS_X + label.x * _cell(view), top + label.row * ROW + middle
        _draw_label(svg, place, label)


def _draw_label(svg: Svg, place: tuple[float, float], label: parts.Label) -> None:
    look = EVERY_LOOK[label.meaning]
    paint = look.on(svg.paper)
    svg.text(
        *place,
        label.text,
        color=paint.ink,
        size=SMALL,
        anchor="middle",
        halo=paint.fill if look.hatch else "",
    )


def _draw_words(svg: Svg, view: HeapBitmap, top: float) -> None:
    faint, behind = svg.tone["faint"], RIGHT_X - 10
    for row, words in enumerate(parts.row_words(view)):
        y = top + row * ROW
        svg.text(MARGIN, y + 16, words.name, bold=words.now)
        svg.text(
            MARGIN, y + 33, words.value, size=SMALL, mono=True, color=svg.tone["now"] if words.now else faint
        )
        svg.text(RIGHT_X, y + 16, words.mark, size=11)
        svg.text(RIGHT_X, y + 33, words.scan, size=11, color=faint, bold=words.stops)
        if words.stops:
            svg.line((CELLS_X, y + parts.END * ROW), (behind, y + parts.END * ROW), "text", 2)
        if words.now:
            low, high = (y + share * ROW for share in parts.BITS)
            for start, end in _outline(CELLS_X, low - 2, behind, high + 2):
                svg.line(start, end, "now", 2.5)


def _outline(
    left: float, low: float, right: float, high: float
) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    corners = [(left, low), (right, low), (right, high), (left, high), (left, low)]
    return list(pairwise(corners))


def _draw_store(svg: Svg, view: HeapBitmap, top: float) -> None:
    svg.text(MARGIN, top - 10, parts.store_title(view), bold=True)
    svg.text(420, top - 10, parts.store_subtitle(view), size=11, color=svg.tone["faint"], width=WIDTH - 436)
    for row, (name, value) in enumerate(parts.store_words(view)):
        y = top + row * STORE_ROW
        svg.text(MARGIN, y + 15, name)
        svg.text(RIGHT_X, y + 15, value, size=SMALL, mono=row != parts.ORIGIN, color=svg.tone["faint"])
        for start, end in _outline(CELLS_X, y, RIGHT_X - 10, y + STORE_ROW - 4):
            svg.line(start, end)
    cell = _cell(view)
    cells = parts.store_cells(view)
    for row, bit, meaning, changed, _ in sorted(cells, key=lambda cell: cell[3]):  # outlines on top
        svg.area((CELLS_X + bit * cell, top + row * STORE_ROW, cell, STORE_ROW - 4), meaning, now=changed)
    for left, right, origin in parts.origins(view):
        svg.area(
            (CELLS_X + left * cell, top + parts.ORIGIN * STORE_ROW, (right - left) * cell, STORE_ROW - 4),
            origin,
        )
    for label in parts.origin_labels(view, cell):
        _draw_label(svg, (CELLS_X + label.x * cell, top + parts.ORIGIN * STORE_ROW + 13), label)
