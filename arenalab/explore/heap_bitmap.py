"""The heap bitmap explorer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets as widgets
import traitlets

from arenalab.draw.heap_bitmap import HeapBitmapPlot
from arenalab.draw.heap_bitmap_parts import MEANINGS
from arenalab.draw.heap_bitmap_still import heap_bitmap_still
from arenalab.draw.still import Still
from arenalab.draw.theme import Paper
from arenalab.explore.figure_explorer import FigureExplorer
from arenalab.explore.wiring import shown
from arenalab.view import heap_bitmap as seen
from arenalab.view.heap_bitmap import CHOSEN, FITS, ROWS, STEP

NARROW = {"width": "120px"}


class HeapBitmap(FigureExplorer):
    """The pointer bits of one chunk beside the objects and types that made them.

    Look for: one bit for 8 bytes of heap; the noMorePtrs mark of a word going when a later word is
    written; the collector stopping at the first mark; and, by event, each store of an allocation: what
    was kept, the type's mask, zeros, a GC program's output. Arrow up and down turn the page.
    """

    first_word = traitlets.Int(None, allow_none=True, help="first bitmap word shown; None follows `fit`")
    fit = traitlets.Enum(list(FITS), STEP, help="which page is shown")
    name = "Heap bitmap"
    make_plot = HeapBitmapPlot
    meanings = MEANINGS

    def more_controls(self) -> list[Any]:
        """Return the choice of the page."""
        choice = widgets.Dropdown(options=list(FITS), tooltip="Which bitmap words to show", layout=NARROW)
        traitlets.link((self, "fit"), (choice, "value"))
        self.word = widgets.BoundedIntText(max=2**31, step=ROWS, tooltip="First word to show", layout=NARROW)
        self.word.observe(shown(self, self._choose_word), "value")
        return [widgets.Label("show"), choice, widgets.Label("from word"), self.word]

    def view(self) -> seen.HeapBitmap:
        """Return the heap bitmap at the cursor."""
        first, op = self.first_word, self.place.op
        return seen.heap_bitmap(self.index, self.cursor, focus=self.chunk, first=first, fit=self.fit, op=op)

    def draw_still(self, view: seen.HeapBitmap, paper: Paper) -> Still:
        """Draw the heap bitmap as SVG."""
        return heap_bitmap_still(view, paper)

    def more_keys(self) -> dict[str, Callable[[], None]]:
        """Return the keys that turn the page."""
        return {"ArrowUp": lambda: self.turn(-1), "ArrowDown": lambda: self.turn(1)}

    def turn(self, pages: int) -> None:
        """Show a page further on; the first and the last are the ends."""
        self.first_word = min(max(self.shown.first + pages * ROWS, 0), self.shown.words - ROWS)

    def render(self) -> None:
        """Draw, and tell which page it is."""
        super().render()
        self.drawing = True
        self.word.value = self.shown.first
        self.drawing = False

    def _choose_word(self, change: dict[str, Any]) -> None:
        self.first_word = self.first_word if self.drawing else change["new"]

    @traitlets.observe("first_word", "fit")
    def _turned(self, change: dict[str, Any]) -> None:
        if change["name"] == "fit":
            there = self.shown.first if self.first_word is None else self.first_word
            self.first_word = there if self.fit == CHOSEN else None
        elif self.first_word is not None or self.fit == CHOSEN:
            self.fit = STEP if self.first_word is None else CHOSEN
        self.render()
