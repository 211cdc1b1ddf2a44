"""The counters explorer."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import traitlets

from arenalab.draw.counters import counters_scene
from arenalab.draw.scene import Scene
from arenalab.explore.along_axis import AlongAxis
from arenalab.explore.controls import chooser
from arenalab.explore.source import Source, recording_in
from arenalab.explore.stepper import Place
from arenalab.truth.counter_series import recorded_counters
from arenalab.view.axis_part import FITS
from arenalab.view.counter_groups import line_words
from arenalab.view.counter_lines import CounterLines, Recorded
from arenalab.view.counter_series import CounterSeries
from arenalab.view.counters import AXES, GROUP_NAMES, counters


class Counters(AlongAxis):
    """The runtime's counters as lines; given a recording, real Go's beside the model's.

    Look for: counters moving by whole chunks, not by objects; quarantined chunks that left heapInUse and
    not yet pagesInUse; scanAlloc handed over to heapScan; and, with a recording, the flat line of what is
    left over between the model and real Go.
    Drag to move along the run, ctrl + wheel or the keys + and − to zoom; Tab to the plots and the arrow
    keys move them. "show" fits the whole run, or a part that goes with the cursor.
    """

    group = traitlets.Enum(list(GROUP_NAMES), GROUP_NAMES[0], help="which counters are shown")
    against = traitlets.Enum(list(AXES), AXES[0], help="what runs from left to right")
    name = "Counters"

    def __init__(self, history: Source, *, cursor: int | None = None, chunk: int | None = None) -> None:
        """Show a history; real Go's counters as well where it is a recording's."""
        self._recording = recording_in(history)
        super().__init__(history if self._recording is None else self._recording, cursor=cursor, chunk=chunk)

    def legend(self) -> tuple[str, ...]:
        """Return the lines of the group."""
        return tuple(self.legend_words())

    def legend_words(self) -> dict[str, str]:
        """Name each line by its counters."""
        return {f"series_{number}": words for number, words in enumerate(line_words(self.group))}

    @cached_property
    def series(self) -> CounterSeries:
        """The model's counters, read once."""
        return self.history.reader(CounterSeries)

    @cached_property
    def recorded(self) -> Recorded | None:
        """Go's counters; None where nobody looked at them."""
        found = self._recording and recorded_counters(self._recording, self.history)
        return Recorded(found.go, found.left, found.unseen, found.skipped) if found else None

    def more_controls(self) -> list[Any]:
        """Return the choice of the counters, of the axis and of its part."""
        group = chooser(self, "group", "group", GROUP_NAMES, "Which counters to show")
        against = chooser(self, "against", "against", AXES, "What runs from left to right")
        return [group, against, chooser(self, "fit", "show", FITS, "What to show of the run")]

    def view_of(self, place: Place) -> CounterLines:
        """Return the lines, with the cursor."""
        return counters(
            self.series, place.cursor, group=self.group, against=self.against,
            recorded=self.recorded, focus=self.chunk, op=place.op,
            window=self.window, fit=self.fit,
        )  # fmt: skip

    def draw(self, view: CounterLines) -> Scene:
        """Draw the lines."""
        return counters_scene(view)

    @traitlets.observe("group", "against")
    def _chosen(self, change: dict[str, Any]) -> None:
        if change["name"] == "against":
            self.measure_anew()
        else:
            self.render()
