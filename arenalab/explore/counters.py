"""The counters explorer: Go's counters through a run, recorded ones beside the model's."""

from __future__ import annotations

from functools import cached_property
from math import ceil, floor
from typing import Any

import traitlets

from arenalab.draw.counter_plots import counters_now, counters_plots
from arenalab.draw.plots import Now, Plots
from arenalab.draw.scene import WIDTH, Scene
from arenalab.explore.charted import Charted
from arenalab.explore.source import Source, recording_in
from arenalab.explore.stepper import Place
from arenalab.player.controls import BAR, Choice, Control
from arenalab.truth.counter_series import recorded_counters
from arenalab.view.counter_lines import CounterLines, Recorded
from arenalab.view.counter_series import CounterSeries
from arenalab.view.counters import AXES, GROUP_NAMES, counters


class Counters(Charted):
    """The runtime's counters as lines; given a recording, real Go's beside the model's.

    Look for: counters moving by whole chunks, not by objects; quarantined chunks that left heapInUse and
    not yet pagesInUse; scanAlloc handed over to heapScan; and, with a recording, the flat line of what is
    left over between the model and real Go.
    Click to go to a step. Drag to move along the run, ctrl + wheel or the keys + and − to zoom, 0 for the whole;
    a click on a line's name, or its number, hides it.
    """

    group = traitlets.Enum(list(GROUP_NAMES), GROUP_NAMES[0], help="which counters are shown")
    against = traitlets.Enum(list(AXES), AXES[0], help="what runs from left to right")
    window = traitlets.Tuple(
        traitlets.Int(), traitlets.Int(), default_value=None, allow_none=True,
        help="the part of the axis that holds every value where a whole line has too many; None for none",
    )  # fmt: skip
    name = "Counters"

    def __init__(self, history: Source, *, cursor: int | None = None, chunk: int | None = None) -> None:
        """Show a history; real Go's counters as well where it is a recording's."""
        self._recording = recording_in(history)
        super().__init__(history if self._recording is None else self._recording, cursor=cursor, chunk=chunk)

    @cached_property
    def series(self) -> CounterSeries:
        """The model's counters, read once."""
        return self.history.reader(CounterSeries)

    @cached_property
    def recorded(self) -> Recorded | None:
        """Go's counters; None where nobody looked at them."""
        found = self._recording and recorded_counters(self._recording, self.history)
        return Recorded(found.go, found.left, found.unseen, found.skipped) if found else None

    def more_controls(self) -> list[Control]:
        """Return the choice of the counters and of the axis."""
        return [
            Choice("group", "group", "Which counters to show", BAR, GROUP_NAMES),
            Choice("against", "x axis", "What runs along the x axis", BAR, AXES),
        ]

    def view_of(self, place: Place) -> CounterLines:
        """Return the lines, with the cursor."""
        return counters(
            self.series, place.cursor, group=self.group, against=self.against,
            recorded=self.recorded, focus=self.chunk, op=place.op,
            window=self.window,
        )  # fmt: skip

    def draw(self, view: CounterLines, width: int = WIDTH) -> Scene:  # bokeh fits the page by itself
        """Return nothing: all of it is the chart."""
        return Scene(0, f"Counters: {view.group}", width=width)

    def plots(self, view: CounterLines) -> Plots:
        """Return the lines."""
        return counters_plots(view)

    def now(self, view: CounterLines) -> Now:
        """Return the values at the cursor."""
        return counters_now(view)

    def on_zoom(self, name: str, start: float, end: float) -> None:  # noqa: ARG002  # there is one axis
        """Hold every value of the part that the reader looks at."""
        first, last = sorted((start, end))
        part = max(0, floor(first)), min(self.shown.end, ceil(last))
        self.set_trait("window", None if part == (0, self.shown.end) else part)

    @traitlets.observe("group", "against", "window")
    def _chosen(self, change: dict[str, Any]) -> None:
        if change["name"] == "against" and self.window is not None:
            self.set_trait("window", None)  # operations are no events; this draws
        else:
            self.render()
