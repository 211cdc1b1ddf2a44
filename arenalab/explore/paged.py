"""Paged: an explorer that shows a page of bitmap words, and how a reader turns it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets as widgets
import traitlets

from arenalab.explore.controls import chooser
from arenalab.explore.scene_explorer import SceneExplorer
from arenalab.explore.wiring import shown
from arenalab.view.heap_bitmap import CHOSEN, FITS, ROWS, STEP


class Paged(SceneExplorer):
    """Which page is shown: one that follows the run, or one that was chosen."""

    first_word = traitlets.Int(None, allow_none=True, help="first bitmap word shown; None follows `fit`")
    fit = traitlets.Enum(list(FITS), STEP, help="which page is shown")

    def more_controls(self) -> list[Any]:
        """Return the choice of the page."""
        self.word = widgets.BoundedIntText(
            max=2**31, step=ROWS, tooltip="First word to show", layout={"width": "120px"}
        )
        self.word.observe(shown(self, self._choose_word), "value")
        choice = chooser(self, "fit", "show", FITS, "Which bitmap words to show")
        return [choice, widgets.Label("from word"), self.word]

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
