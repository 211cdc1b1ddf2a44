"""ShownFigure: a bokeh figure in a notebook, beside which nothing steps."""

from __future__ import annotations

from html import escape
from typing import Any, Protocol, cast

import ipywidgets as widgets
import traitlets

from arenalab.draw.theme import Paper
from arenalab.explore.bundle import alive
from arenalab.explore.figure_page import FigurePage, Rooted
from arenalab.explore.reading import error_html
from arenalab.explore.wiring import shown


class Figure(Rooted, Protocol):
    """What can be shown."""

    def paint(self, paper: Paper) -> None:
        """Take the colours of a paper."""


class ShownFigure(traitlets.HasTraits):
    """Shows a figure on the paper that the page has; what goes wrong stands above it.

    Args:
        figure: what is shown.
        label: what a screen reader calls it.
        told: what it says, in words and numbers, for screen readers.

    """

    error = traitlets.Unicode("", help="what went wrong last, shown above the figure")

    def __init__(self, figure: Figure, label: str, told: str) -> None:
        """Build the widget."""
        super().__init__()
        self.figure = figure
        self.page = FigurePage(figure, label, shown(cast("Any", self), self._hear))
        self._error = widgets.HTML()
        words = widgets.HTML(f'<div class="arenalab-live">{escape(told)}</div>')
        self.widget = alive("figure", self._error, self.page, words)

    def _hear(self, content: dict[str, Any]) -> None:
        """Follow the page's theme; a failure of the page is an error like any other."""
        if content["kind"] == "paper":
            self.figure.paint("dark" if content["dark"] else "light")
            self.page.flush()
        elif content["kind"] == "failed":
            raise RuntimeError(f"the page could not draw: {content.get('text')}")

    @traitlets.observe("error")
    def _show_error(self, _: Any) -> None:
        self._error.value = error_html(self.error)
