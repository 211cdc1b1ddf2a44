"""The chart of what was measured, as a bokeh figure: a reader points at it, zooms it and hides its lines.

Laws of this file:
1. A word from outside is data or plain text: never a template, markup or a formula.
2. `paint` changes colours alone, so that a zoomed figure stays zoomed and a hidden line stays hidden.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bokeh import models
from bokeh.core.properties import value
from bokeh.plotting import figure

from arenalab.draw.theme import EVERY_LOOK, FONT, PAPERS, Paper

HEIGHT = 330
WHEEL = "Zoom with Ctrl + wheel"
DASH = (7, 4)  #: of all lines but the first.
ABOVE, BELOW = -14, 15  #: points from a dot to its value.
SMALL, USUAL, LARGE = ({"text_font": FONT, "text_font_size": f"{size}px"} for size in (11, 12, 14))

#: 1, 2, 5, 10 … as far as they are seen; a part that holds fewer than three is ruled evenly. No word goes in here.
RULERS = """
const low = Math.min(cb_data.start, cb_data.end), high = Math.max(cb_data.start, cb_data.end);
const round = (it) => Number(it.toPrecision(12));
const rulers = [];
for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++)
  for (const first of [1, 2, 5]) rulers.push(round(first * 10 ** power));
const seen = rulers.filter((it) => low <= it && it <= high);
if (seen.length > 2) return seen;
const least = (high - low) / 6;
const step = [1, 2, 5, 10].map((it) => it * 10 ** Math.floor(Math.log10(least))).find((it) => it >= least);
const even = [];
for (let at = Math.ceil(low / step); at * step <= high; at++) even.push(round(at * step));
return even;
"""

#: A wheel without ctrl scrolls the page, and bokeh would tell so each time, across the title; its dividers of the
#: bar know no dark paper.
QUIET = ".bk-Panel, .bk-divider { display: none; }"

#: What is told of a point; `exact` holds all its digits.
TIPS = [("", "@name"), ("", "@exact"), ("", "@where")]


def reach(values: Sequence[float]) -> tuple[float, float]:
    """Return the ends of the scale upwards."""
    return min(values) * 0.8, max(values) * 1.25


def lies_below(lines: Sequence[Sequence[float]], at: int, number: float) -> bool:
    """Return whether a number is less than another line's at the same tick, so that it is written below its dot."""
    return any(number < line[at] for line in lines)


def rounded(number: float) -> str:
    """Write a value beside its dot."""
    return f"{number:,.0f}"


class ChartFigure:
    """Lines over ticks; the upward scale is logarithmic.

    Args:
        title: what was measured, and in what unit.
        across: what the ticks are.
        unit: of the values.
        ticks: names of the places across.
        lines: (name, a number for each tick); all numbers are positive.

    """

    def __init__(
        self,
        title: str,
        across: str,
        unit: str,
        ticks: Sequence[str],
        lines: Sequence[tuple[str, Sequence[float]]],
    ) -> None:
        """Draw everything, on light paper."""
        every = [values for _, values in lines]
        self.sources = [
            models.ColumnDataSource(_columns(name, values, across, unit, ticks, every))
            for name, values in lines
        ]
        self._coloured: list[tuple[Any, str, dict[Paper, str]]] = []
        self.root: Any = self._figure(title, ticks, [it for values in every for it in values])
        self._axes(across, ticks)
        numbered = list(enumerate(self.sources))
        drawn = [self._line(number, source) for number, source in numbered]
        said = [self._values(source) for source in self.sources]
        dots = [self._dots(number, source) for number, source in numbered]
        self._tools(dots)
        self._legend(list(zip(drawn, said, dots, strict=True)))
        self.paint("light")

    def paint(self, paper: Paper) -> None:
        """Take the colours of a paper."""
        for model, name, colours in self._coloured:
            setattr(model, name, colours[paper])

    def _tone(self, model: Any, **tones: str) -> None:
        """Give colour properties of a model tones of the paper."""
        for name, tone in tones.items():
            self._coloured.append((model, name, {paper: PAPERS[paper][tone] for paper in PAPERS}))

    def _look(self, model: Any, meaning: str, **parts: str) -> None:
        """Give colour properties of a model parts of a look: "fill", "edge"."""
        look = EVERY_LOOK[meaning]
        for name, part in parts.items():
            self._coloured.append((model, name, {paper: getattr(look.on(paper), part) for paper in PAPERS}))

    def _figure(self, title: str, ticks: Sequence[str], values: Sequence[float]) -> Any:
        """Make an empty figure that holds all values; it is never zoomed out further."""
        low, high = reach(values)
        plot = figure(
            height=HEIGHT, max_width=1280, sizing_mode="stretch_width", y_axis_type="log", tools="", name="chart",
            toolbar_location="right",
            x_range=models.Range1d(-0.4, len(ticks) - 0.6, bounds="auto", min_interval=0.5),
            y_range=models.Range1d(low, high, bounds="auto", min_interval=low / 20),
        )  # fmt: skip
        plot.stylesheets = plot.toolbar.stylesheets = [models.InlineStyleSheet(css=QUIET)]
        plot.background_fill_color = plot.border_fill_color = plot.outline_line_color = None
        plot.title = models.Title(text=models.PlainText(title), **LARGE)
        self._tone(plot.title, text_color="text")
        return plot

    def _axes(self, across: str, ticks: Sequence[str]) -> None:
        """Make the ticks, and a ruler at each round number."""
        x, y, lines = self.root.xaxis[0], self.root.yaxis[0], self.root.grid
        for axis, tone in ((x, "text"), (y, "faint")):
            axis.update(axis_line_color=None, major_tick_line_color=None, minor_tick_line_color=None)
            axis.update(**{f"major_label_{name}": it for name, it in USUAL.items()})
            self._tone(axis, major_label_text_color=tone)
        x.ticker = models.FixedTicker(ticks=list(range(len(ticks))))
        x.major_label_overrides = {at: models.PlainText(tick) for at, tick in enumerate(ticks)}
        x.update(axis_label=models.PlainText(across), axis_label_text_font_style="normal")
        x.update(**{f"axis_label_{name}": it for name, it in USUAL.items()})
        self._tone(x, axis_label_text_color="faint")
        y.update(ticker=models.CustomJSTicker(major_code=RULERS))
        y.formatter = models.NumeralTickFormatter(format="0,0.[0000]")
        lines[0].visible = False
        lines[1].update(ticker=y.ticker, grid_line_width=0.5)
        self._tone(lines[1], grid_line_color="line")

    def _line(self, number: int, source: Any) -> Any:
        """Draw a line."""
        line = self.root.line("x", "y", source=source, line_width=2, line_join="round")
        line.glyph.line_dash = list(DASH if number else ())
        self._look(line.glyph, f"series_{number}", line_color="edge")
        return line

    def _dots(self, number: int, source: Any) -> Any:
        """Draw the dots of a line, which are easier to point at than they are large."""
        dots = self.root.scatter("x", "y", source=source, size=8, line_width=1, hit_dilation=2)
        self._look(dots.glyph, f"series_{number}", line_color="edge", fill_color="fill")
        return dots

    def _values(self, source: Any) -> Any:
        """Write a line's values, set off from the lines below them."""
        place = {"y_offset": "offset", "text_align": "center", "text_baseline": "middle", **_set(SMALL)}
        text = self.root.text("x", "y", "said", source=source, padding=1, border_radius=3, **place)
        self._tone(text.glyph, text_color="text", background_fill_color="paper")
        return text

    def _tools(self, dots: list[Any]) -> None:
        """Drag moves, ctrl + wheel zooms, the bar holds the rest; all of it but the drag is a button as well."""
        hover = models.HoverTool(renderers=dots, tooltips=TIPS, visible=False)
        drag, wheel = models.PanTool(), models.WheelZoomTool(modifiers={"ctrl": True}, description=WHEEL)
        buttons = models.BoxZoomTool(), models.ZoomInTool(), models.ZoomOutTool(), models.ResetTool()
        self.root.add_tools(hover, drag, wheel, *buttons)
        bar = self.root.toolbar
        bar.update(logo=None, active_drag=drag, active_scroll=wheel, active_inspect=hover)

    def _legend(self, drawn: list[tuple[Any, ...]]) -> None:
        """Name the lines, those that end higher first; a click on a name hides its line."""
        order = sorted(range(len(drawn)), key=lambda number: -self.sources[number].data["y"][-1])
        names = [value(self.sources[number].data["name"][0]) for number in order]
        items = [
            models.LegendItem(label=name, renderers=list(drawn[number]))
            for name, number in zip(names, order, strict=True)
        ]
        legend = models.Legend(items=items, click_policy="hide", location="center", glyph_width=34)
        legend.update(border_line_color=None, background_fill_color=None, inactive_fill_alpha=0.65, spacing=4)
        legend.update(label_text_font_style="bold", **{f"label_{name}": it for name, it in USUAL.items()})
        self._tone(legend, label_text_color="text", inactive_fill_color="paper")
        self.root.add_layout(legend, "right")


def _set(font: dict[str, str]) -> dict[str, Any]:
    """Return a font for a glyph, where a plain text would name a column."""
    return {name: value(it) for name, it in font.items()}


def _columns(
    name: str, values: Sequence[float], across: str, unit: str, ticks: Sequence[str],
    every: Sequence[Sequence[float]],
) -> dict[str, list[Any]]:  # fmt: skip
    """Return all that is drawn and told of a line; its value stands below a dot if another line lies higher."""
    return {
        "x": list(range(len(values))),
        "y": list(values),
        "said": [rounded(it) for it in values],
        "offset": [BELOW if lies_below(every, at, it) else ABOVE for at, it in enumerate(values)],
        "name": [name] * len(values),
        "exact": [f"{f'{it:,}'.removesuffix('.0')} {unit}" for it in values],
        "where": [f"{across}: {tick}" for tick in ticks],
    }
