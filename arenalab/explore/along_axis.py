"""AlongAxis: an explorer of lines along a run, which the reader moves and zooms sideways."""

from __future__ import annotations

import traitlets

from arenalab.explore.zoomed import Zoomed
from arenalab.view.axis_part import FITS, WHOLE, inside, scaled
from arenalab.view.windows import Part


class AlongAxis(Zoomed):
    """Subclasses draw views that have a `window`, of an axis from 0 to `end`, and the cursor `at` a place of it."""

    window = traitlets.Tuple(
        traitlets.Int(), traitlets.Int(), default_value=None, allow_none=True,
        help="first and last operation or event shown, as `against` says; None fits",
    )  # fmt: skip
    fit = traitlets.Enum(list(FITS), WHOLE, help="what is fitted into the picture")

    def on_zoom(self, name: str, start: float, end: float) -> None:  # noqa: ARG002  # there is one pane
        """Show the part that the reader moved to."""
        self.show_part(inside((start, end), self.shown.end))

    def measure_anew(self) -> None:
        """Draw again after the axis counts something else: all of it, for operations are no events."""
        if self.window is None:
            self.render()
        else:
            self.set_trait("window", None)  # this draws

    def zoom(self, factor: float) -> None:
        """Show a part `factor` times as wide, around the cursor where it is seen."""
        self.show_part(scaled(self.shown.window, factor, self.shown.end, self.shown.at))

    def show_part(self, part: Part) -> None:
        """Show a part of the axis; all of it is the whole run, however it grows."""
        if part == (0, self.shown.end):
            self.fit = WHOLE
        else:
            self.set_trait("window", part)
