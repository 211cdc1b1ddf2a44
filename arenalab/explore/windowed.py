"""Windowed: an explorer that shows two parts of the chunk in focus, which the reader moves and zooms."""

from __future__ import annotations

import traitlets

from arenalab.explore.shell import Explorer
from arenalab.explore.zoomed import Fitted
from arenalab.view.windows import BOTH_ENDS, WINDOWS, Part, Window, around, moved


class Windowed(Fitted, Explorer):
    """Subclasses draw views that have a `window` and `chunk_bytes`."""

    window = traitlets.Instance(Window, allow_none=True, help="the two parts of the chunk shown; None fits")
    fit = traitlets.Enum(list(WINDOWS), BOTH_ENDS, help="what is fitted into the picture")

    def on_zoom(self, name: str, start: float, end: float) -> None:
        """Show the part that the reader moved to."""
        self.window = moved(self.shown.window, name, (round(start), round(end)), self.shown.chunk_bytes)

    def look_at(self, part: Part) -> None:
        """Show a place and its neighbours, in the half of the picture that is nearer."""
        self.window = around(self.shown.window, part, self.shown.chunk_bytes)
