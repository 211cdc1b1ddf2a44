"""FigureExplorer: an explorer whose picture is made of bokeh figures, which a reader can drag and zoom."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from arenalab.draw.plot import Plot
from arenalab.explore import wiring
from arenalab.explore.film import FigureReel
from arenalab.explore.page import Page
from arenalab.explore.shell import Explorer


class FigureExplorer(Explorer):
    """An explorer that updates a plot; a subclass names it, and gives `view` and `draw_still`."""

    make_plot: ClassVar[Callable[[], Plot[Any]]]

    def make_page(self) -> Page:
        """Return the widget that shows the plot."""
        self.plot, self._painted = type(self).make_plot(), "light"
        return Page(self.plot, self.name, wiring.listener(self))

    def paint(self, view: Any) -> None:
        """Show a view on the page."""
        if self._painted != self.paper:
            self.plot.palettes.paint(self.paper)
            self._painted = self.paper
        self.plot.update(view)
        self.page.flush()

    def reels(self) -> list[Any]:
        """Return a fresh reel of the figures."""
        return [FigureReel(type(self).make_plot())]

    def drawn(self) -> Any:
        """Return what the page shows, for comparing."""
        return {name: dict(source.data) for name, source in self.plot.sources.items()}
