"""The chunk map as a bokeh figure: a page of chunks, and both ends of the chunk in focus.

Objects keep their place and scale while one steps: what changes in the picture changed in the run.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from bokeh.layouts import column, row
from bokeh.models import (
    AdaptiveTicker,
    ColumnDataSource,
    FixedTicker,
    HoverTool,
    LayoutDOM,
    PanTool,
    Range1d,
    WheelZoomTool,
)
from bokeh.plotting import figure
from bokeh.transform import transform

from arenalab.draw import chunk_map_parts as parts
from arenalab.draw.figures import TEXT, bare, bytes_formatter, padded, quiet_axis, tell_tap
from arenalab.draw.looks import AGE_LOOKS, CHOICE_LOOKS
from arenalab.draw.plot import Palettes, as_lists, show_data
from arenalab.draw.still import THIN
from arenalab.draw.theme import LOOKS
from arenalab.view.chunk_inside import ChunkObjects
from arenalab.view.chunk_map import ChunkMap

INSIDE = LOOKS | CHOICE_LOOKS | AGE_LOOKS  #: what an object may look like.
HALF = 440  #: points that one end is taken to be wide when labels are fitted.
AXIS = 26  #: points below the bands for their axis.
ROW = 25  #: points of height for each chunk.
LEFT, RIGHT = 210, 132  #: points beside the bands.
LANE = (0.0, 1.0)  #: vertical extent of objects.

BLOCK_TIPS = [("chunk", "@chunk"), ("offsets", "@left{0,0} to @right{0,0}"), ("", "@said")]
GAP_TIPS = [("offsets", "@left{0,0} to @right{0,0}"), ("", "@said")]
OBJECT_TIPS = [
    ("type", "@type"),
    ("size", "@size{0,0} bytes"),
    ("offset", "@left{0,0}"),
    ("address", "@address"),
    ("arena", "@user_arena"),
    ("operation", "@operation{0,0}"),
]


class ChunkMapPlot:
    """Draws `ChunkMap` views; see `Plot`."""

    def __init__(self) -> None:
        """Make empty figures."""
        names = ("blocks", "rows", "gaps", "objects", "low_labels", "high_labels", "now", "title")
        self.sources = {name: ColumnDataSource(name=f"chunk_map.{name}") for name in names}
        self.palettes = Palettes(INSIDE)
        self.across, self.down = Range1d(0, 1), Range1d(1, 0)
        self.total = Range1d(0, 1)  #: from 0 to the chunk's bytes, for the tick labels
        self.ranges = {"low": Range1d(0, 1), "high": Range1d(0, 1)}  #: what a reader may move.
        self.bands = self._bands()
        self.bands.js_on_event("tap", tell_tap())
        beside = [self._words(LEFT, self.down), self.bands, self._words(RIGHT, self.down)]
        self._row_words(beside[0], beside[2])
        self.tall = beside  #: figures whose height follows the number of rows
        ends = row(self._end("low"), self._end("high"), sizing_mode="stretch_width", spacing=16)
        self.tapped: dict[str, LayoutDOM] = {
            "chunk": self.bands
        }  #: figures in which a click chooses something.
        self.root: LayoutDOM = column(
            row(beside, sizing_mode="stretch_width"),
            self._title(),
            ends,
            sizing_mode="stretch_width",
            spacing=0,
        )
        self.root.name = "chunk_map"

    # building

    def _words(self, width: int, down: Range1d) -> Any:
        """Make a figure for texts beside another one."""
        plot = figure(width=width, height=ROW, x_range=Range1d(0, width), y_range=down, tools="")
        plot.axis.visible = False
        return bare(plot)

    def _row_words(self, left: Any, right: Any) -> None:
        source, tone = self.sources["rows"], self.palettes.tone
        left.text(x=8, y="y", text="number", text_font_style="style", source=source, **TEXT)
        left.text(x=88, y="y", text="where", source=source, **TEXT)
        right.text(x=10, y="y", text="left_over", source=source, **TEXT)
        for plot, at, name in ((left, 0, "text"), (left, 1, "faint"), (right, 0, "faint")):
            tone(plot.renderers[at].glyph, text_color=name)

    def _bands(self) -> Any:
        """Make the figure of all chunks, one band each."""
        hover = HoverTool(tooltips=BLOCK_TIPS)
        plot = figure(
            height=ROW, sizing_mode="stretch_width", x_range=self.across, y_range=self.down,
            tools=[hover], name="chunk_map.bands",
        )  # fmt: skip
        hover.renderers = [
            self.palettes.areas(plot, self.sources["blocks"], "left", "right", "top", "bottom")
        ]
        plot.yaxis.visible = False
        plot.xaxis.formatter = bytes_formatter(self.total)
        plot.xaxis.ticker = FixedTicker()
        quiet_axis(plot, self.palettes)
        return bare(plot)

    def _title(self) -> Any:
        """Make the line that says which chunk the lower half shows."""
        plot = figure(
            height=52, sizing_mode="stretch_width", x_range=Range1d(0, 1), y_range=Range1d(0, 2), tools=""
        )
        plot.axis.visible = False
        faint = {**TEXT, "text_font_size": "11px", "text_baseline": "middle"}
        words = plot.text(
            x=0,
            y=1.35,
            x_offset=4,
            text="title",
            text_font_style="bold",
            source=self.sources["title"],
            **TEXT,
        )
        low = plot.text(x=0, y=0.45, x_offset=4, text=[parts.LOW_TITLE], **faint)
        high = plot.text(x=1, y=0.45, x_offset=-4, text_align="right", text=[parts.HIGH_TITLE], **faint)
        for renderer, name in ((words, "text"), (low, "faint"), (high, "faint")):
            self.palettes.tone(renderer.glyph, text_color=name)
        return bare(plot)

    def _end(self, name: str) -> Any:
        """Make the figure of one end of the chunk in focus."""
        tools = [
            PanTool(dimensions="width"),
            WheelZoomTool(dimensions="width", modifiers="ctrl"),
        ]
        plot = figure(
            height=118, sizing_mode="stretch_width", x_range=self.ranges[name], y_range=Range1d(-0.02, 1.22),
            tools=tools, active_drag=tools[0], active_scroll=tools[1], name=f"chunk_map.{name}",
        )  # fmt: skip
        for source, tips in (("gaps", GAP_TIPS), ("objects", OBJECT_TIPS)):
            quads = self.palettes.areas(plot, self.sources[source], "left", "right", *reversed(LANE))
            plot.add_tools(HoverTool(renderers=[quads], tooltips=tips, point_policy="follow_mouse"))
        labels = {**TEXT, "text_font_size": "11px", "text_align": "center"}
        plot.text(
            "x", 0.5, "text", source=self.sources[f"{name}_labels"],
            text_color=transform("meaning", self.palettes.ink), **labels,
            background_fill_color=transform("meaning", self.palettes.fill), padding=2, border_radius=3,
        )  # fmt: skip
        now = {"source": self.sources["now"]}
        box = plot.quad("left", "right", *reversed(LANE), fill_color=None, line_width=2.5, **now)
        mark = plot.scatter("middle", 1.1, marker="inverted_triangle", size=10, line_color=None, **now)
        self.palettes.tone(box.glyph, line_color="now")
        self.palettes.tone(mark.glyph, fill_color="now")
        plot.yaxis.visible = False
        plot.xaxis.ticker = AdaptiveTicker(
            base=2, mantissas=[1], min_interval=1, desired_num_ticks=4, num_minor_ticks=0
        )
        plot.xaxis.formatter = bytes_formatter(self.total, from_end=name == "high")
        quiet_axis(plot, self.palettes)
        return bare(plot)

    # showing

    def update(self, view: ChunkMap) -> None:
        """Show a view: every source gets all its columns at once, every range its ends."""
        self._update_chunks(view)
        self._update_inside(view)
        self.palettes.show_hatches()

    def _update_chunks(self, view: ChunkMap) -> None:
        first = view.page * view.rows
        self.across.update(**padded((0, view.chunk_bytes)))
        self.total.end = view.chunk_bytes
        self.down.update(start=view.rows, end=0)
        self.bands.xaxis[0].ticker.ticks = [view.chunk_bytes * share // 4 for share in range(5)]
        for plot in self.tall:
            plot.height = view.rows * ROW + AXIS
            plot.min_border_bottom = AXIS
        middle = view.chunks.chunk - first + 0.5
        rows = list(parts.row_words(view.chunks))
        shown = {
            "y": middle.tolist(),
            "number": [
                ("▸ " if focus else "   ") + words[0]
                for focus, words in zip(view.chunks.focus, rows, strict=True)
            ],
            "style": ["bold" if focus else "normal" for focus in view.chunks.focus],
            "where": [words[1] for words in rows],
            "left_over": [words[2] for words in rows],
        }
        show_data(self.sources["rows"], shown)
        blocks = as_lists(view.blocks.columns(), parts.wide_first(view.blocks.columns()))
        y = np.array(blocks["chunk"]) - first + 0.5
        blocks |= {"top": (y - 0.32).tolist(), "bottom": (y + 0.32).tolist()}
        width = max(1, view.chunk_bytes)
        show_data(self.sources["blocks"], blocks | _lines(blocks, 2 * HALF * 0.65 / width))

    def _update_inside(self, view: ChunkMap) -> None:
        for name, (start, end) in zip(("low", "high"), view.window, strict=True):
            self.ranges[name].update(**padded((start, end)))
            shown = parts.labels(view, (start, end), HALF)
            texts = {part: [getattr(label, part) for label in shown] for part in ("x", "text", "meaning")}
            show_data(self.sources[f"{name}_labels"], texts)
        scale = HALF / max(1, min(end - start for start, end in view.window))
        gaps = as_lists(view.gaps.columns(), parts.wide_first(view.gaps.columns()))
        show_data(self.sources["gaps"], gaps | _lines(gaps, scale))
        self._update_objects(view.objects, scale)
        show_data(self.sources["title"], {"title": [parts.inside_title(view)]})

    def _update_objects(self, objects: ChunkObjects, scale: float) -> None:
        columns = as_lists(objects.columns())
        columns |= {"operation": [number + 1 for number in columns["op"]]} | _lines(columns, scale)
        show_data(self.sources["objects"], columns)
        now = [(left, right, (left + right) / 2) for left, right, _ in parts.made_now(objects)]
        places = {name: [place[at] for place in now] for at, name in enumerate(("left", "right", "middle"))}
        show_data(self.sources["now"], places)


def _lines(columns: dict[str, list[Any]], scale: float) -> dict[str, list[Any]]:
    """Return the columns of outlines: slivers and merged objects have the colour of their area."""
    counts = columns.get("count", [1] * len(columns["left"]))
    edges = zip(columns["left"], columns["right"], counts, columns["meaning"], strict=True)
    return {
        "outline": [
            meaning if count == 1 and (right - left) * scale >= THIN else f"{meaning}~"
            for left, right, count, meaning in edges
        ],
        "line_width": [1] * len(counts),
        "dash": ["dashed" if name == "address_space" else "solid" for name in columns["meaning"]],
    }
