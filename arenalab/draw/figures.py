"""What the bokeh figures have in common: flat looks, axes in bytes, margins, clicks."""

from __future__ import annotations

from typing import Any

from bokeh.models import CustomJS, CustomJSTickFormatter, Range1d

from arenalab.draw.plot import Palettes
from arenalab.draw.theme import FONT

TEXT = {"text_font": {"value": FONT}, "text_font_size": "12px", "text_baseline": "middle"}
PADDING = 0.004  #: share of a range beyond what it shows.

#: Bytes as `units.human` writes them; from the high end they count backwards.
BYTES = """
const units = [[2 ** 30, 'GiB'], [2 ** 20, 'MiB'], [2 ** 10, 'KiB'], [1, 'B']];
const backwards = from_end && tick !== total.end;
const size = backwards ? total.end - tick : tick;
if (size === 0) return '0';
const [unit, name] = units.find(([n]) => Math.abs(size) >= n) ?? [1, 'B'];
return `${backwards ? '−' : ''}${+(size / unit).toPrecision(4)} ${name}`;
"""

#: The page knows whose figure it is.
TAP = """window.dispatchEvent(new CustomEvent("arenalab-tap",
  {detail: {origin: cb_obj.origin, x: cb_obj.x, y: cb_obj.y}}));"""


def bare(plot: Any) -> Any:
    """Take away what a figure brings by itself, so that it lies flat on any paper; return it."""
    plot.toolbar_location, plot.toolbar.logo = None, None
    plot.background_fill_color = plot.border_fill_color = plot.outline_line_color = None
    plot.grid.visible = False
    plot.min_border = 0
    return plot


def quiet_axis(plot: Any, palettes: Palettes) -> None:
    """Make the horizontal axis no more than ticks and labels."""
    axis = plot.xaxis[0]
    axis.update(minor_tick_line_color=None, axis_line_color=None, major_tick_in=0, major_tick_out=5)
    axis.update(major_label_text_font=FONT, major_label_text_font_size="11px")
    palettes.tone(axis, major_label_text_color="faint", major_tick_line_color="line")


def bytes_formatter(total: Range1d, *, from_end: bool = False) -> CustomJSTickFormatter:
    """Label ticks in bytes; `from_end` counts them backwards from the end of the range `total`."""
    return CustomJSTickFormatter(code=BYTES, args={"from_end": from_end, "total": total})


def tell_tap() -> CustomJS:
    """Return the callback that tells the page of a click."""
    return CustomJS(code=TAP)


def padded(part: tuple[int, int]) -> dict[str, float]:
    """Return a range that shows a part with a margin, for outlines end half a point outside."""
    margin = PADDING * (part[1] - part[0])
    return {"start": part[0] - margin, "end": part[1] + margin}


def part_of(start: float, end: float) -> tuple[int, int]:
    """Return the part that a range shows: the inverse of `padded`."""
    margin = PADDING * (end - start) / (1 + 2 * PADDING)
    return round(start + margin), round(end - margin)
