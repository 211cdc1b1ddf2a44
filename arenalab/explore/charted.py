"""Charted: an explorer with a chart, which bokeh draws and the page moves without asking anybody."""

from __future__ import annotations

from typing import Any

from arenalab.draw.plots import Now, Plots
from arenalab.draw.plots_state import chart_state
from arenalab.draw.plots_still import plots_scene
from arenalab.draw.scene import WIDTH, Scene
from arenalab.draw.scene_still import scene_still
from arenalab.draw.still import Still
from arenalab.draw.theme import Paper
from arenalab.explore.played import Message
from arenalab.explore.shell import Explorer

AT = "at "  #: begins the key of a place of the axis that was clicked.


class Charted(Explorer):
    """A subclass gives the plots of a view, which do not depend on the cursor, and what does.

    A click on an axis that counts what a step is moves the page itself; of another axis the explorer hears.
    """

    def plots(self, view: Any) -> Plots:
        """Return the chart of a view."""
        raise NotImplementedError

    def now(self, view: Any) -> Now:
        """Return the cursor of a view, and the values there."""
        raise NotImplementedError

    def chart(self) -> Message:
        """Return the chart as data."""
        return chart_state(self.plots(self.shown))

    def chart_at(self, view: Any) -> Message:
        """Return what moves it."""
        return self.now(view).data()

    def on_choose(self, key: str) -> None:
        """Go to a place of the axis that was clicked."""
        if key.startswith(AT):
            with self.counting(self.plots(self.shown).across) as stepper:
                place = stepper.place(round(float(key.removeprefix(AT))))
            self.go(place)

    def drawn(self) -> list[str]:
        """Return the shapes of the picture and of the chart, for comparing."""
        return super().drawn() + self._chart_scene(self.view()).shapes

    def _chart_scene(self, view: Any) -> Scene:
        return plots_scene(self.plots(view), self.now(view))

    def draw_still(self, view: Any, paper: Paper) -> Still:
        """Draw a view as SVG: the picture, and the chart below it."""
        told, scene = f"{self.name}, {view.text()}", self.draw(view, WIDTH)
        scene.below(self._chart_scene(view))
        return scene_still(scene, view.reading, self.legend(), told, paper, self.legend_words())
