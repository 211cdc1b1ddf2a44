"""WithRaster: an explorer that shows each word of the chunk in focus below its picture."""

from __future__ import annotations

from typing import Any

from arenalab.explore.film import Reel
from arenalab.explore.raster import RasterCanvas, RasterReel
from arenalab.explore.shell import Explorer
from arenalab.explore.wiring import shown
from arenalab.view.chunk_raster import Raster, word_said
from arenalab.view.chunk_state import ChunkState
from arenalab.view.windows import Part


class WithRaster(Explorer):
    """Subclasses say which raster a view has, and what a click on a word does."""

    def more_panels(self) -> list[Any]:
        """Return the raster."""
        self.raster = RasterCanvas(shown(self, self._hear_raster))
        return [self.raster]

    def reels(self) -> list[Reel]:
        """Return fresh reels of the picture and of the raster."""
        return [*super().reels(), RasterReel(self)]

    def raster_of(self, view: Any) -> Raster:
        """Return the raster of a view."""
        raise NotImplementedError

    def on_word(self, part: Part) -> None:
        """Take note that the reader chose a word; `part` is the object there, or the word itself."""

    def release(self) -> None:
        """Forget the words, too."""
        super().release()
        self.raster.forget()

    def paint(self, view: Any) -> None:
        """Show a view: its words first, for they are painted soonest."""
        self.raster.show(self.raster_of(view), self.paper)
        super().paint(view)

    def prepare(self, views: dict[str, Any]) -> None:
        """Give the page the words of both neighbours."""
        self.raster.prepare({way: self.raster_of(view) for way, view in views.items()})
        super().prepare(views)

    def _hear_raster(self, content: dict[str, Any]) -> None:
        kind, focus = content.get("kind"), self.shown.focus
        if kind == "failed":
            raise RuntimeError(f"the page could not draw: {content.get('text')}")
        if kind not in {"ask", "choose"} or focus < 0:
            return
        word = int(content["word"])
        its = ChunkState(self.index, self.history.at(self.cursor), focus)
        text, part = word_said(self.index, its, word)
        if kind == "ask":
            self.raster.answer(word, text)
        else:
            self.on_word(part)
