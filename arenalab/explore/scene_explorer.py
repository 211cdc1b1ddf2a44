"""SceneExplorer: an explorer whose picture is a scene, the same in a notebook, a still and a saved page."""

from __future__ import annotations

from typing import Any

from arenalab.draw.scene import Scene
from arenalab.draw.scene_still import scene_still
from arenalab.draw.still import Still
from arenalab.draw.theme import Paper
from arenalab.explore import wiring
from arenalab.explore.film import Reel, SceneReel
from arenalab.explore.reading import reading_html
from arenalab.explore.scene_page import ScenePage
from arenalab.explore.shell import Explorer
from arenalab.view.chunk_raster import Raster


class SceneExplorer(Explorer):
    """An explorer that draws a scene; a subclass gives `view`, `draw` and, where shapes can be clicked, `on_choose`."""

    def draw(self, view: Any) -> Scene:
        """Return the picture of a view: a pure function."""
        raise NotImplementedError

    def raster_of(self, view: Any) -> Raster | None:  # noqa: ARG002  # for subclasses
        """Return the raster that stands below the picture of a view, if there is one."""
        return None

    def make_page(self) -> ScenePage:
        """Return the widget that shows the scenes."""
        return ScenePage(self.name, wiring.listener(self))

    def release(self) -> None:
        """Forget what was drawn."""
        super().release()
        self.shown = None
        self.page.forget()

    def paint(self, view: Any) -> None:
        """Show a view on the page."""
        self.page.show(self.draw(view))

    def prepare(self, views: dict[str, Any]) -> None:
        """Give the page the pictures of both neighbours, and what is told above them."""
        ways = {way: (self.draw(view), reading_html(view.reading)) for way, view in views.items()}
        self.page.prepare(ways)

    def draw_still(self, view: Any, paper: Paper) -> Still:
        """Draw a view as SVG: the very shapes of the page below the moment and the legend."""
        told, raster = f"{self.name}, {view.text()}", self.raster_of(view)
        words = self.legend_words()
        return scene_still(self.draw(view), view.reading, self.legend(), told, paper, words, raster)

    def reels(self) -> list[Reel]:
        """Return a fresh reel of the scene."""
        return [SceneReel(self)]

    def drawn(self) -> Any:
        """Return what the page shows, for comparing."""
        return self.page.scene.shapes
