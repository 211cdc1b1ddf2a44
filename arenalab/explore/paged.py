"""Paged: an explorer that shows a page of bitmap words, and how a reader turns it."""

from __future__ import annotations

from typing import Any

import traitlets

from arenalab.explore.played import Keys
from arenalab.explore.shell import Explorer
from arenalab.player.controls import BAR, Choice, Control, Number
from arenalab.view.heap_bitmap import CHOSEN, FITS, ROWS, STEP


class Paged(Explorer):
    """Which page is shown: one that follows the run, or one that was chosen."""

    first_word = traitlets.Int(None, allow_none=True, help="first bitmap word shown; None follows `fit`")
    fit = traitlets.Enum(list(FITS), STEP, help="which page is shown")

    def more_controls(self) -> list[Control]:
        """Return the choice of the page."""
        return [
            Choice("fit", "show", "Which bitmap words to show", BAR, FITS),
            Number("first_word", "from word", "First word to show", high=2**31 - 1, step=ROWS),
        ]

    def on_choose(self, key: str) -> None:
        """Show the page of the words that a button names; an object is selected, no more."""
        if key.startswith("word "):
            self.first_word = int(key.removeprefix("word "))

    def more_keys(self) -> Keys:
        """Return the keys that turn."""
        return self.turning("page")

    def turn(self, pages: int) -> None:
        """Show a page further on; the first and the last are the ends."""
        self.first_word = min(max(self.shown.first + pages * ROWS, 0), self.shown.words - ROWS)

    @traitlets.observe("first_word", "fit")
    def _turned(self, change: dict[str, Any]) -> None:
        if change["name"] == "fit":
            there = self.shown.first if self.first_word is None else self.first_word
            self.first_word = there if self.fit == CHOSEN else None
        elif self.first_word is not None or self.fit == CHOSEN:
            self.fit = STEP if self.first_word is None else CHOSEN
        self.render()
