"""ShownChart: a chart in a notebook, beside which nothing steps."""

from __future__ import annotations

from html import escape
from typing import Any, cast

import ipywidgets as widgets
import traitlets

from arenalab.draw.plots import Plots
from arenalab.draw.plots_state import chart_state
from arenalab.explore.bundle import alive
from arenalab.explore.reading import error_html
from arenalab.explore.wiring import shown
from arenalab.player.chart_page import ChartPage


class ShownChart(traitlets.HasTraits):
    """Shows a chart on the paper that the page has; what goes wrong stands above it.

    Args:
        plots: what is shown.
        told: what it says, in words and numbers, for screen readers.

    """

    error = traitlets.Unicode("", help="what went wrong last, shown above the chart")

    def __init__(self, plots: Plots, told: str) -> None:
        """Build the widget."""
        super().__init__()
        self.page = ChartPage(shown(cast("Any", self), self._hear))
        self.page.show(chart_state(plots))
        self._error = widgets.HTML()
        words = widgets.HTML(f'<div class="arenalab-live">{escape(told)}</div>')
        self.widget = alive("figure", self._error, self.page, words)

    def _hear(self, content: dict[str, Any]) -> None:
        """Take a failure of the page for an error like any other."""
        if content["kind"] == "failed":
            raise RuntimeError(f"the page could not draw: {content.get('text')}")

    @traitlets.observe("error")
    def _show_error(self, _: Any) -> None:
        self._error.value = error_html(self.error)
