"""Zoomed: an explorer that shows a part of something larger, which fits a choice or is as the reader moved it."""

from __future__ import annotations

from typing import Any

import traitlets

from arenalab.explore.played import Played
from arenalab.view.windows import MOVED


class Fitted(Played):
    """Subclasses have a trait `window`, None where it fits, and a trait `fit` with MOVED among its choices."""

    window: Any
    fit: Any

    @traitlets.observe("window", "fit")
    def _zoomed(self, change: dict[str, Any]) -> None:
        """Keep both in step, without touching `fit` while it is being chosen; then draw once."""
        free, moved = self.window is None, self.fit == MOVED
        if free != moved:
            self.render()
        elif change["name"] == "window":
            self.fit = self.trait_defaults("fit") if free else MOVED
        else:
            self.window = self.shown.window if free else None
