"""What the bokeh figures have in common: flat looks, quiet axes."""

from __future__ import annotations

from typing import Any

from arenalab.draw.plot import Palettes
from arenalab.draw.theme import FONT

TEXT = {"text_font": {"value": FONT}, "text_font_size": "12px", "text_baseline": "middle"}


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
