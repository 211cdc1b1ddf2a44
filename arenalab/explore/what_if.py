"""The what-if explorer: one program under two settings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import traitlets

from arenalab.draw.plots import Now, Plots
from arenalab.draw.scene import WIDTH, Scene
from arenalab.draw.what_if import MEANINGS, what_if_scene
from arenalab.draw.what_if_plots import what_if_now, what_if_plots
from arenalab.explore.charted import Charted
from arenalab.explore.source import Source
from arenalab.explore.stepper import Place
from arenalab.explore.what_if_controls import (
    HEAP,
    MORE_OF_IT,
    SIDES,
    choices,
    settings_of,
    side_of,
    values_of,
)
from arenalab.player.controls import Control
from arenalab.replay.what_if import ARENA, PLAIN
from arenalab.replay.what_if import WhatIf as Performed
from arenalab.replay.what_if_run import Ints, Run
from arenalab.view import what_if as seen
from arenalab.view.chunk_state import absent_in
from arenalab.view.counter_series import CounterSeries
from arenalab.world.history import History


class Runs(Performed):
    """The runs of a program; their counters are read from the index that all explorers share."""

    @staticmethod
    def counted(history: History, ends: Ints) -> dict[str, Ints]:
        """Return counters at the start and after each operation, and their peaks so far."""
        series, moments = history.reader(CounterSeries), np.append(0, ends)
        series.refresh()
        names = {"heap_live": "heap_live", "in_use": "heap_in_use", "cycles": "numgc"}
        found = {name: series.value(its, moments) for name, its in names.items()}
        return found | {f"{name}_peak": series.peak(names[name], moments) for name in ("heap_live", "in_use")}


class WhatIf(Charted):
    """One program under two settings, side by side after the same operation.

    Args:
        history: what every explorer takes; its operations are the program.
        left: settings of side A, such as `{"gogc": 50}`; `{"heap": "plain heap"}` does without arenas.
        right: settings of side B; the plain heap when nothing is said. `more` is `cursor` and `chunk`.

    Look for: one pointer that keeps a whole chunk of dead values, and on the plain heap one value; more,
    smaller chunks that waste less and keep less; the word in each side's third line for what stands behind it.
    """

    left = traitlets.Dict(help="settings of side A that differ from the recorded ones")
    right = traitlets.Dict(help="settings of side B")
    name = "What if"
    meanings = MEANINGS

    def __init__(
        self, history: Source, *, left: dict[str, Any] | None = None, right: dict[str, Any] | None = None, **more: Any
    ) -> None:  # fmt: skip
        """Run the program on both sides and draw the first picture."""
        self.runs: Runs | None = None
        super().__init__(history, **more)
        self.set_trait("left", left or {})
        self.set_trait("right", {HEAP: PLAIN} if right is None else right)

    def legend(self) -> tuple[str, ...]:
        """Return every meaning; where neither side's Go keeps something in a chunk, that is none."""
        kept = any("reserve" not in absent_in(self.run(side).rules) for side in SIDES)
        return tuple(meaning for meaning in self.meanings if meaning != "reserve" or kept)

    def more_controls(self) -> list[Control]:
        """Return the choices of both sides, and to perform more of a long program."""
        more = any(self.run(side).go_on for side in SIDES)
        return [*choices(), *([MORE_OF_IT] if more else [])]

    def presses(self) -> dict[str, Callable[[], None]]:
        """Return what performs more."""
        return {MORE_OF_IT.name: self.go_on}

    def go_on(self) -> None:
        """Perform more of the program on each side that has not come to its end."""
        for side in SIDES:
            if go_on := self.run(side).go_on:
                go_on()
        self.render()

    def values(self) -> dict[str, Any]:
        """Return what each side has."""
        return super().values() | {
            name: value for side in SIDES for name, value in values_of(side, getattr(self, side)).items()
        }

    def setters(self) -> dict[str, Any]:
        """Return what sets one of a side's settings."""
        return super().setters() | {
            it.name: lambda value, name=it.name: self._choose_setting(name, value) for it in choices()
        }

    def _choose_setting(self, name: str, value: Any) -> None:
        """Run one side under other settings."""
        side = side_of(name)
        values = values_of(side, getattr(self, side)) | {name: value}
        self.set_trait(side, settings_of(side, values))

    def run(self, side: str) -> Run:
        """Return the run of one side."""
        self.runs = self.history.reader(Runs)
        settings = dict(getattr(self, side))
        return self.runs.run(settings, settings.pop(HEAP, ARENA))

    def view_of(self, place: Place) -> seen.WhatIf:
        """Return both runs after the operation at a place."""
        left, right = (self.run(side) for side in SIDES)
        at, op = place.cursor, place.op
        position = (self.history.log.op_at(at) if op is None else op) + 1
        return seen.what_if((self.history, at, op), position, left, right, focus=self.chunk)

    def draw(self, view: seen.WhatIf, width: int = WIDTH) -> Scene:
        """Draw both sides."""
        return what_if_scene(view, width)

    def plots(self, view: seen.WhatIf) -> Plots:
        """Return heap_live of both runs."""
        return what_if_plots(view)

    def now(self, view: seen.WhatIf) -> Now:
        """Return both at the cursor."""
        return what_if_now(view)

    def on_choose(self, key: str) -> None:
        """Look into the chunk that was clicked, or go where the axis was."""
        if key.startswith("chunk "):
            self.chunk = int(key.removeprefix("chunk "))
        else:
            super().on_choose(key)

    @traitlets.observe("left", "right")
    def _chosen(self, change: dict[str, Any]) -> None:
        self.run(change["name"])  # settings that cannot be chosen are refused here
        self.render()
