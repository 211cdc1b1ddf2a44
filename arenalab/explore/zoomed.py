"""Zoomed: an explorer that shows a part of something larger, which fits a choice or is as the reader moved it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import traitlets

from arenalab.explore.scene_explorer import SceneExplorer
from arenalab.view.windows import MOVED


class Zoomed(SceneExplorer):
    """Subclasses have a trait `window`, None where it fits, and a trait `fit` with MOVED among its choices."""

    window: Any
    fit: Any

    def more_keys(self) -> dict[str, Callable[[], None]]:
        """Return the keys that zoom."""
        return {"+": lambda: self.zoom(0.5), "-": lambda: self.zoom(2)}

    def zoom(self, factor: float) -> None:
        """Show a part `factor` times as wide."""
        raise NotImplementedError

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
