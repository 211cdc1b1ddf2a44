"""Plots as one bokeh document, laid out, coloured and moved by the page (player/src/chart.js).

Rules:
1. A word from outside is data or plain text: never a template, markup or a formula.
2. The document does not depend on the data: columns travel beside it, so that a page that has it keeps what its
   reader zoomed and hid when only numbers change.
3. Colours of both papers travel along, so that a saved page changes its paper without a kernel.
"""

from __future__ import annotations

from html import escape
from typing import Any

from bokeh import models
from bokeh.core.properties import value
from bokeh.embed import json_item
from bokeh.layouts import column, row
from bokeh.plotting import figure

from arenalab.draw.painted import QUIET, SMALL, USUAL, Painted
from arenalab.draw.plots import NUMBER, Axis, Line, Plot, Plots, Tip, ends, roomy
from arenalab.draw.plots_columns import columns_of, place_of, probe_name
from arenalab.draw.plots_scales import EXACT, WORDS, ticker

LEFT = 76  #: points from the edge of a figure to its plot, the same in all: they are stacked.
#: The theme's hatches -> bokeh's.
HATCHES = {"dots": ".", "slash": "/", "backslash": "\\", "cross": "x", "dense": "+"}
WRAPPED = {"flex-wrap": "wrap"}  #: of a row of plots: they stand below each other
APART = 320  #: where one would be narrower than these points.

#: How a tooltip looks; it hangs on the page's body, where player/src/chart.js gives it the colours of the paper.
TIP = (
    "display:grid;grid-template-columns:auto auto;gap:1px 10px;margin:-5px;padding:5px 9px;max-width:min(380px,42vw);"
    "font:12px system-ui,sans-serif;background:var(--arenalab-tip-paper,#fff);color:var(--arenalab-tip-text,#1c1f22)"
)


class PlotsFigure(Painted):
    """The document of a picture; `root` holds all plots, `columns` what its sources are to hold."""

    def __init__(self, plots: Plots) -> None:
        """Make every plot, on light paper, without any data."""
        super().__init__()
        self.plots = plots
        self.columns = columns_of(plots)
        self.sources: dict[str, Any] = {}
        self.ranges: dict[str, Any] = {}  #: the axis across -> its range, which all plots share that have it.
        rows = [[self._plot(plot) for plot in each] for each in plots.rows]
        for one in (it for each in rows if len(each) > 1 for it in each):
            one.update(min_width=None, styles={"min-width": f"min({APART}px, 100%)"})
        made = [
            one[0] if len(one) == 1 else row(one, sizing_mode="stretch_width", styles=WRAPPED) for one in rows
        ]
        self.root: Any = column(made, sizing_mode="stretch_width", name="plots", spacing=0)
        self.paint("light")

    def _plot(self, plot: Plot) -> Any:
        """Make a plot with its lines."""
        across, upward = plot.across, plot.upward
        made = figure(
            height=plot.height, min_width=200, sizing_mode="stretch_width", tools="", toolbar_location=None,
            x_axis_type=_kind(across), y_axis_type=_kind(upward), name="strip" if plot.strip else "plot",
            x_range=self._range(across), y_range=_upward(plot), lod_threshold=None,
            min_border_left=LEFT, min_border_right=12, min_border_top=4, min_border_bottom=4,
            tags=[plot.height, self.plots.every().index(plot)],
        )  # fmt: skip
        made.stylesheets = [models.InlineStyleSheet(css=QUIET)]
        made.background_fill_color = made.border_fill_color = made.outline_line_color = None
        font = SMALL | {"text_font_style": "normal", "align": "right"} if plot.strip else USUAL
        made.title = models.Title(text=models.PlainText(plot.title), standoff=1 if plot.strip else 4, **font)
        self.tone(made.title, text_color="faint" if plot.strip else "text")
        self._scale(made.xaxis[0], made.xgrid[0], across, shown=not plot.bare)
        self._scale(made.yaxis[0], made.ygrid[0], upward, few=plot.strip)
        made.xgrid[0].visible = across.log
        pointed = [(line, self._line(made, line)) for line in plot.lines]
        self._pointing(made, plot, pointed)
        self._cursor(made)
        return made

    def _range(self, across: Axis) -> Any:
        """Return the range of an axis across: one for all plots that have it."""
        if across.words not in self.ranges:
            low, high = ends(across)
            least = 1 if across.ticks or across.unit == NUMBER else (high - low) / 1e6
            self.ranges[across.words] = models.Range1d(
                low, high, bounds=(low, high), min_interval=min(least, high - low), name="across"
            )
        return self.ranges[across.words]

    def _scale(self, axis: Any, grid: Any, told: Axis, *, shown: bool = True, few: bool = False) -> None:
        """Rule a scale, and write its numbers and its name."""
        axis.update(axis_line_color=None, major_tick_line_color=None, minor_tick_line_color=None)
        axis.major_label_policy = models.NoOverlap(min_distance=4)
        axis.update(**{f"major_label_{name}": it for name, it in SMALL.items()})
        self.tone(axis, major_label_text_color="faint")
        if told.ticks:
            axis.ticker = models.FixedTicker(ticks=list(range(len(told.ticks))))
            axis.major_label_overrides = {at: models.PlainText(tick) for at, tick in enumerate(told.ticks)}
        else:
            axis.ticker = ticker(told, few=few)
            axis.formatter = models.CustomJSTickFormatter(code=WORDS[told.unit])
        if told.words and shown:
            axis.update(axis_label=models.PlainText(told.said()), axis_label_text_font_style="normal")
            axis.update(axis_label_standoff=4, **{f"axis_label_{name}": it for name, it in SMALL.items()})
            self.tone(axis, axis_label_text_color="faint")
        axis.visible = shown
        grid.update(ticker=axis.ticker, grid_line_width=0.5)
        self.tone(grid, grid_line_color="line")

    def _source(self, name: str) -> Any:
        """Make an empty source."""
        self.sources[name] = models.ColumnDataSource({key: [] for key in self.columns[name]}, name=name)
        return self.sources[name]

    def _line(self, made: Any, line: Line) -> Any:
        """Draw a line, and return what one points at; all parts bear its id, so that they are hidden together."""
        source, drawn = self.sources[line.shares] if line.shares else self._source(line.id), None
        if line.filled or line.between is not None:
            drawn = self._area(made, line, source)
        if line.joined and line.between is None:
            drawn = made.line("x", "y", source=source, line_width=line.width, line_join="round", name=line.id)
            drawn.glyph.line_dash = [int(part) for part in line.dash.split()]
            self._colour(drawn.glyph, line, line_color="edge")
        if line.marker:
            drawn = self._dots(made, line, source)
        if line.said:
            self._said(made, line, source)
        return drawn

    def _colour(self, glyph: Any, line: Line, **parts: str) -> None:
        if line.tone:
            self.tone(glyph, **dict.fromkeys(parts, line.tone))
        else:
            self.look(glyph, line.meaning, **parts)

    def _area(self, made: Any, line: Line, source: Any) -> Any:
        upper: Any = "upper" if line.between is not None else 0
        area = made.varea(
            "x", "y", upper, source=source, name=line.id, fill_alpha=0.45 if line.between is not None else 1
        )
        hatch = HATCHES.get(self.hatch_of(line.meaning))
        if hatch and line.filled:
            area.glyph.update(hatch_pattern=hatch, hatch_alpha=0.5, hatch_scale=8, hatch_weight=0.8)
            self.look(area.glyph, line.meaning, hatch_color="edge")
        self.look(area.glyph, line.meaning, fill_color="fill")
        return area

    def _dots(self, made: Any, line: Line, source: Any) -> Any:
        """Draw the points of a line, which are easier to point at than they are large."""
        look = {"marker": line.marker, "size": 6 if line.of and not line.shares else 8}
        x, y = place_of(line)
        dots = made.scatter(x, y, source=source, name=line.id, hit_dilation=1.5, **look)
        glyphs = [dots.glyph]
        if line.rows is not None:
            dots.glyph.fill_alpha = 0.7
            dots.selection_glyph = models.Scatter(x=x, y=y, line_width=2, **look)
            dots.nonselection_glyph = models.Scatter(x=x, y=y, line_alpha=0.25, fill_alpha=0.12, **look)
            glyphs += [dots.selection_glyph, dots.nonselection_glyph]
        for glyph in glyphs:
            self._colour(glyph, line, line_color="edge", fill_color="fill")
        if line.rows is not None:
            self.tone(dots.selection_glyph, line_color="now")
        return dots

    def _said(self, made: Any, line: Line, source: Any) -> None:
        """Write the values beside the points, set off from what is below them."""
        place = {"y_offset": "offset", "text_align": "center", "text_baseline": "middle"}
        font = {name: value(it) for name, it in SMALL.items()}
        text = made.text(
            "x", "y", "said", source=source, padding=1, border_radius=3, name=line.id, **place, **font
        )
        self.tone(text.glyph, text_color="text", background_fill_color="paper")

    def _pointing(self, made: Any, plot: Plot, pointed: list[tuple[Line, Any]]) -> None:
        """Describe what is where one points, and let the reader move and zoom the axis across."""
        if plot.probe is not None:
            tips, name = plot.probe[1], probe_name(self.plots, plot)
            source = self._source(name)
            probe = made.line("x", "y", source=source, line_alpha=0, name=name)
            self._hover(made, probe, tips, mode="vline", line_policy="prev")
        else:
            for line, drawn in pointed:
                if line.tips:
                    self._hover(made, drawn, line.tips, mode="mouse" if line.marker else "vline")
        drag = models.PanTool(dimensions="both" if _free(plot) else "width")
        wheel = models.WheelZoomTool(modifiers={"ctrl": True}, dimensions=drag.dimensions)
        made.add_tools(drag, wheel)
        made.toolbar.update(active_drag=drag, active_scroll=wheel)
        if any(line.rows is not None for line in plot.lines):
            box, lasso = models.BoxSelectTool(), models.LassoSelectTool()
            made.add_tools(box, lasso, models.TapTool())
            made.toolbar.active_drag = box

    @staticmethod
    def _hover(made: Any, drawn: Any, tips: tuple[Tip, ...], **more: Any) -> None:
        """Describe a point; bokeh escapes what it puts in from the columns."""
        words, told = "@t{}", "@t{}{{custom}}"
        rows = "".join(
            f'<span style="color:var(--arenalab-tip-faint,#5b646b)">{escape(tip.label)}</span>'
            f"<span>{(words if tip.unit == 'words' else told).format(number)}</span>"
            for number, tip in enumerate(tips)
        )
        how = {
            f"@t{number}": models.CustomJSHover(code=EXACT[tip.unit])
            for number, tip in enumerate(tips)
            if tip.unit != "words"
        }
        tip = f'<div class="al-chart-tip" style="{TIP}">{rows}</div>'
        made.add_tools(
            models.HoverTool(renderers=[drawn], tooltips=tip, formatters=how, show_arrow=False, **more)
        )

    def _cursor(self, made: Any) -> None:
        """Draw the line where the cursor is; it lies above all, so that moving it paints nothing else."""
        if self.plots.across:
            span = models.Span(
                dimension="height", location=None, level="overlay", line_width=1.5, name="cursor"
            )
            self.tone(span, line_color="now")
            made.add_layout(span)

    def item(self) -> dict[str, Any]:
        """Return the document as JSON data."""
        return dict(json_item(self.root))

    def colours(self) -> list[list[str]]:
        """Return model, property, colour on light and on dark paper, of all that has a colour."""
        return [[model.id, name, by["light"], by["dark"]] for model, name, by in self.coloured()]


def _kind(axis: Axis) -> Any:
    return "log" if axis.log else "linear"


def _free(plot: Plot) -> bool:
    """Return whether a plot is moved upwards as well: where nobody steps along it."""
    return plot.upward.log


def _upward(plot: Plot) -> Any:
    low, high = roomy(plot.upward)
    return models.Range1d(low, high, bounds=(low, high) if _free(plot) else None)
