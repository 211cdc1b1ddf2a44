"""WithRaster: an explorer that shows each word of the chunk in focus beside its picture."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from arenalab.explore.shell import Explorer
from arenalab.player.rasters import Canvas
from arenalab.view.chunk_raster import Raster, word_said
from arenalab.view.chunk_state import ChunkState
from arenalab.view.selection import selected_word
from arenalab.view.windows import Part

WORDS = "words"
CANVAS = Canvas(WORDS, "All words")


class WithRaster(Explorer):
    """Subclasses say which raster a view has, and what a click on a word does."""

    def canvases(self) -> tuple[Canvas, ...]:
        """Return the one canvas."""
        return (CANVAS,)

    def rasters_of(self, view: Any) -> Mapping[str, Raster]:
        """Return the one raster."""
        return {WORDS: self.raster_of(view)}

    def raster_of(self, view: Any) -> Raster:
        """Return the raster of a view."""
        raise NotImplementedError

    def on_word(self, part: Part) -> None:
        """Handle the choice of a word; `part` is the object there, or the word itself."""

    def word(self, _: str, word: int) -> str:
        """Describe exactly what a word holds, where we stand."""
        return self._said(word)[0]

    def selected_cell(self, _: str, word: int) -> Any:
        """Return the object in a word, or the chunk where there is none."""
        return selected_word(self.history, self.cursor, self.shown.focus, word)

    def on_cell(self, _: str, word: int) -> None:
        """Look at the object in a word."""
        if self.shown.focus >= 0:
            self.on_word(self._said(word)[1])

    def _said(self, word: int) -> tuple[str, Part]:
        focus = self.shown.focus
        if focus < 0:
            return "", (word, word)
        return word_said(self.index, ChunkState(self.index, self.history.at(self.cursor), focus), word)
