"""The heap bitmap as a bokeh figure: a page of words over the objects that made them, and the store at hand.

A word keeps its row and a bit its column while one steps: what changes in the picture changed in the run.
"""

from __future__ import annotations

from typing import Any

from bokeh.layouts import column, row
from bokeh.models import ColumnDataSource, FixedTicker, HoverTool, LayoutDOM, Range1d
from bokeh.plotting import figure
from bokeh.transform import transform

from arenalab.draw import heap_bitmap_parts as parts
from arenalab.draw.figures import TEXT, bare, quiet_axis
from arenalab.draw.plot import Palettes, as_lists
from arenalab.draw.theme import EVERY_LOOK, MONO
from arenalab.view.bit_store import ORIGINS
from arenalab.view.heap_bitmap import BITS_SAID, ROWS, HeapBitmap

ROW, STORE_ROW = 44, 24  #: points of height of a row of the page and of the panel of a store.
LEFT, RIGHT = 170, 160  #: points beside the bits.
CELL = 10  #: points that a bit is taken to be wide when labels are fitted.
AXIS = 22

CELL_TIPS = [
    ("bit", "@bit of word @word{0,0}"), ("", "@said"), ("address", "@address"), ("type", "@type"),
    ("word of the value", "@at"),
]  # fmt: skip
STRIP_TIPS = [("", "@said"), ("type", "@type"), ("from", "@address"), ("bits", "@left to @last")]
STORE_TIPS = [("bit", "@bit"), ("", "@said"), ("changed", "@changed")]


class HeapBitmapPlot:
    """Draws `HeapBitmap` views; see `Plot`."""

    def __init__(self) -> None:
        """Make empty figures."""
        names = ("cells", "strips", "labels", "words", "stops", "now", "titles", "store_titles", "store_cells",
                 "store_origins", "store_labels", "store_words")  # fmt: skip
        self.sources = {name: ColumnDataSource(name=f"heap_bitmap.{name}") for name in names}
        self.palettes = Palettes({meaning: EVERY_LOOK[meaning] for meaning in parts.MEANINGS})
        self.across = Range1d(-0.25, 64.25)
        page, store = self._page(), self._store()
        self.root: LayoutDOM = column(
            self._titles("titles", 46), row(page, sizing_mode="stretch_width"),
            self._titles("store_titles", 46), row(store, sizing_mode="stretch_width"),
            sizing_mode="stretch_width", spacing=0,
        )  # fmt: skip
        self.root.name = "heap_bitmap"

    # building

    def _titles(self, name: str, height: int) -> Any:
        """Make a figure of two lines of text."""
        plot = figure(
            height=height, sizing_mode="stretch_width", x_range=Range1d(0, 1), y_range=Range1d(0, 2), tools=""
        )
        plot.axis.visible = False
        faint = {**TEXT, "text_font_size": "11px"}
        source = self.sources[name]
        bold = plot.text(x=0, y=1.4, x_offset=8, text="title", text_font_style="bold", source=source, **TEXT)
        plain = plot.text(x=0, y=0.5, x_offset=8, text="subtitle", source=source, **faint)
        for renderer, tone in ((bold, "text"), (plain, "faint")):
            self.palettes.tone(renderer.glyph, text_color=tone)
        return bare(plot)

    def _bits(self, name: str, rows: int, height: int, axis: int) -> Any:
        """Make the figure of some rows of 64 bits."""
        plot = figure(
            height=rows * height + axis, sizing_mode="stretch_width", x_range=self.across,
            y_range=Range1d(rows, 0), tools="", name=f"heap_bitmap.{name}", x_axis_location="above",
        )  # fmt: skip
        plot.yaxis.visible = False
        plot.xaxis.ticker = FixedTicker(ticks=[bit + 0.5 for bit in range(0, 64, 8)])
        plot.xaxis.major_label_overrides = {
            bit + 0.5: f"bit {bit}" if not bit else str(bit) for bit in range(0, 64, 8)
        }
        plot.xaxis.visible = bool(axis)
        quiet_axis(plot, self.palettes)
        bare(plot)
        plot.min_border_top = axis
        return plot

    def _beside(self, width: int, rows: int, height: int, axis: int) -> Any:
        """Make the figure of the words beside some rows of bits."""
        plot = figure(
            width=width,
            height=rows * height + axis,
            x_range=Range1d(0, width),
            y_range=Range1d(rows, 0),
            tools="",
        )
        plot.axis.visible = False
        bare(plot)
        plot.min_border_top = axis
        return plot

    def _texts(
        self, plot: Any, source: str, lines: tuple[tuple[str, str, str, dict[str, Any]], ...], x: int = 8
    ) -> None:
        for y, text, tone, style in lines:
            made = plot.text(x=x, y=y, text=text, source=self.sources[source], **{**TEXT, **style})
            self.palettes.tone(made.glyph, text_color=tone)

    def _page(self) -> list[Any]:
        """Make the figures of the page: words, bits, marks."""
        small, mono = {"text_font_size": "11px"}, {"text_font": {"value": MONO}, "text_font_size": "11px"}
        left, right = self._beside(LEFT, ROWS, ROW, AXIS), self._beside(RIGHT, ROWS, ROW, AXIS)
        self._texts(left, "words", (
            ("upper", "name", "text", {"text_font_style": "style"}), ("lower", "value", "faint", mono),
        ))  # fmt: skip
        self._texts(right, "words", (
            ("upper", "mark", "text", small), ("lower", "scan", "faint", {**small, "text_font_style": "scan_style"}),
        ))  # fmt: skip
        bits = self._bits("page", ROWS, ROW, AXIS)
        self._areas(bits, "cells", CELL_TIPS)
        self._areas(bits, "strips", STRIP_TIPS)
        self._labels(bits, "labels")
        stops = bits.segment("x0", "y", "x1", "y", source=self.sources["stops"], line_width=2.5)
        now = bits.quad(
            "left", "right", "top", "bottom", source=self.sources["now"], fill_color=None, line_width=2.5
        )
        self.palettes.tone(stops.glyph, line_color="text")
        self.palettes.tone(now.glyph, line_color="now")
        return [left, bits, right]

    def _store(self) -> list[Any]:
        """Make the figures of the store at hand: before, after, where each bit comes from."""
        mono = {"text_font": {"value": MONO}, "text_font_size": "11px"}
        left, right = (self._beside(width, parts.STORE_ROWS, STORE_ROW, 0) for width in (LEFT, RIGHT))
        self._texts(left, "store_words", (("y", "name", "text", {}),))
        self._texts(right, "store_words", (("y", "value", "faint", mono),))
        bits = self._bits("store", parts.STORE_ROWS, STORE_ROW, 0)
        self._areas(bits, "store_cells", STORE_TIPS)
        self._areas(bits, "store_origins", [("bits", "@left to @last"), ("", "@said")])
        self._labels(bits, "store_labels")
        return [left, bits, right]

    def _areas(self, plot: Any, source: str, tips: list[tuple[str, str]]) -> None:
        quads = self.palettes.areas(plot, self.sources[source], "left", "right", "top", "bottom")
        plot.add_tools(HoverTool(renderers=[quads], tooltips=tips, point_policy="follow_mouse"))

    def _labels(self, plot: Any, source: str) -> None:
        plot.text(
            "x", "y", "text", source=self.sources[source], text_color=transform("meaning", self.palettes.ink),
            background_fill_color=transform("meaning", self.palettes.fill), padding=1, border_radius=2,
            **{**TEXT, "text_font_size": "11px", "text_align": "center"},
        )  # fmt: skip

    # showing

    def update(self, view: HeapBitmap) -> None:
        """Show a view: every source gets all its columns at once."""
        self.across.end = view.bits + 0.25
        self._update_words(view)
        self._update_cells(view)
        self._update_store(view)

    def _update_words(self, view: HeapBitmap) -> None:
        rows = parts.row_words(view)
        count = range(len(rows))
        self.sources["titles"].data = {
            "title": [parts.page_title(view)],
            "subtitle": [parts.scan_title(view)],
        }
        self.sources["words"].data = {
            "upper": [n + sum(parts.BITS) / 2 for n in count],
            "lower": [n + sum(parts.OBJECTS) / 2 for n in count],
            "name": [words.name for words in rows], "value": [words.value for words in rows],
            "mark": [words.mark for words in rows], "scan": [words.scan for words in rows],
            "style": ["bold" if words.now else "normal" for words in rows],
            "scan_style": ["bold" if words.stops else "normal" for words in rows],
        }  # fmt: skip
        stops = [n + parts.END for n in count if rows[n].stops]
        self.sources["stops"].data = {"x0": [0] * len(stops), "x1": [view.bits] * len(stops), "y": stops}
        now = [n for n in count if rows[n].now]
        self.sources["now"].data = {
            "left": [-0.1] * len(now), "right": [view.bits + 0.1] * len(now),
            "top": [n + parts.BITS[0] - 0.04 for n in now], "bottom": [n + parts.BITS[1] + 0.04 for n in now],
        }  # fmt: skip

    def _update_cells(self, view: HeapBitmap) -> None:
        cells = as_lists(view.cells.columns())
        cells |= {"left": cells["bit"], "right": [bit + 1 for bit in cells["bit"]]}
        self.sources["cells"].data = cells | _areas(cells["meaning"], view, cells["word"], parts.BITS)
        strips = as_lists(view.strips.columns()) | {"last": (view.strips.right - 1).tolist()}
        self.sources["strips"].data = strips | _areas(strips["meaning"], view, strips["word"], parts.OBJECTS)
        self.sources["labels"].data = _label_columns(parts.strip_labels(view, CELL), sum(parts.OBJECTS) / 2)

    def _update_store(self, view: HeapBitmap) -> None:
        self.sources["store_titles"].data = {
            "title": [parts.store_title(view)], "subtitle": [parts.store_subtitle(view)]
        }  # fmt: skip
        words = parts.store_words(view)
        self.sources["store_words"].data = {
            "y": [n + 0.45 for n in range(len(words))],
            "name": [name for name, _ in words], "value": [value for _, value in words],
        }  # fmt: skip
        cells = sorted(parts.store_cells(view), key=lambda cell: cell[3])  # strong outlines on top
        self.sources["store_cells"].data = {
            "bit": [cell[1] for cell in cells], "left": [cell[1] for cell in cells],
            "right": [cell[1] + 1 for cell in cells], "top": [cell[0] + 0.05 for cell in cells],
            "bottom": [cell[0] + 0.85 for cell in cells], "meaning": [cell[2] for cell in cells],
            "outline": ["now" if cell[3] else cell[2] for cell in cells],
            "line_width": [2.5 if cell[3] else 1 for cell in cells],
            "dash": ["solid"] * len(cells),
            "changed": ["yes" if cell[3] else "no" for cell in cells],
            "said": [ORIGINS[cell[4]] for cell in cells],
        }  # fmt: skip
        runs = parts.origins(view)
        names = [origin for _, _, origin in runs]
        self.sources["store_origins"].data = {
            "left": [left for left, _, _ in runs], "right": [right for _, right, _ in runs],
            "last": [right - 1 for _, right, _ in runs], "top": [parts.ORIGIN + 0.05] * len(runs),
            "bottom": [parts.ORIGIN + 0.85] * len(runs), "meaning": names, "outline": names,
            "line_width": [1] * len(runs), "dash": ["solid"] * len(runs), "said": [ORIGINS[name] for name in names],
        }  # fmt: skip
        self.sources["store_labels"].data = _label_columns(parts.origin_labels(view, CELL), 0.45)


def _areas(
    meaning: list[str], view: HeapBitmap, words: list[int], part: tuple[float, float]
) -> dict[str, list[Any]]:
    """Return the columns that place and outline areas in the rows of their words."""
    return {
        "top": [word - view.first + part[0] for word in words],
        "bottom": [word - view.first + part[1] for word in words],
        "outline": meaning,
        "line_width": [1] * len(words),
        "dash": ["solid"] * len(words),
        "said": [BITS_SAID[name] for name in meaning],
    }


def _label_columns(labels: list[parts.Label], down: float) -> dict[str, list[Any]]:
    return {
        "x": [label.x for label in labels],
        "y": [label.row + down for label in labels],
        "text": [label.text for label in labels],
        "meaning": [label.meaning for label in labels],
    }
