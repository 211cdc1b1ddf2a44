"""AlongAxis: what an explorer of lines along a run adds, which the reader moves and zooms sideways."""

from __future__ import annotations

import traitlets

from arenalab.explore.zoomed import Fitted
from arenalab.view.axis_part import FITS, WHOLE, inside


class AlongAxis(Fitted):
    """Subclasses draw views that have a `window`, of an axis from 0 to `end`, and the cursor `at` a place of it."""

    window = traitlets.Tuple(
        traitlets.Int(), traitlets.Int(), default_value=None, allow_none=True,
        help="the part that is shown, in what the axis counts: operations, events, microseconds; None fits",
    )  # fmt: skip
    fit = traitlets.Enum(list(FITS), WHOLE, help="what is fitted into the picture")

    def on_zoom(self, name: str, start: float, end: float) -> None:  # noqa: ARG002  # there is one pane
        """Show the part that the reader moved to; all of it is the whole run, however it grows."""
        part = inside((start, end), self.shown.end)
        if part == (0, self.shown.end):
            self.fit = WHOLE
        else:
            self.set_trait("window", part)

    def measure_anew(self) -> None:
        """Draw again after the axis counts something else: all of it, for operations are no events."""
        if self.window is None:
            self.render()
        else:
            self.set_trait("window", None)  # this draws
