"""The what-if explorer."""

from __future__ import annotations

from typing import Any

import traitlets

from arenalab.draw.scene import Scene
from arenalab.draw.what_if import MEANINGS, what_if_scene
from arenalab.explore.scene_explorer import SceneExplorer
from arenalab.explore.source import Source
from arenalab.explore.stepper import Place
from arenalab.explore.what_if_controls import HEAP, SIDES, Choices
from arenalab.explore.wiring import shown
from arenalab.replay.what_if import ARENA, PLAIN, Run
from arenalab.replay.what_if import WhatIf as Runs
from arenalab.view import what_if as seen
from arenalab.view.chunk_state import absent_in


class WhatIf(SceneExplorer):
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
        self.choices = Choices(shown(self, self.choose))
        self.runs: Runs | None = None
        self.set_trait("left", left or {})
        self.set_trait("right", {HEAP: PLAIN} if right is None else right)
        super().__init__(history, **more)

    def legend(self) -> tuple[str, ...]:
        """Return every meaning; where neither side's Go keeps something in a chunk, that is none."""
        kept = any("reserve" not in absent_in(self.run(side).rules) for side in SIDES)
        return tuple(meaning for meaning in self.meanings if meaning != "reserve" or kept)

    def more_controls(self) -> list[Any]:
        """Return both sides' dropdowns."""
        return self.choices.rows()

    def choose(self, side: str, settings: dict[str, Any]) -> None:
        """Run one side under other settings."""
        setattr(self, side, settings)

    def run(self, side: str) -> Run:
        """Return the run of one side."""
        self.runs = self.history.reader(Runs)
        settings = dict(getattr(self, side))
        return self.runs.run(settings, settings.pop(HEAP, ARENA))

    def view_of(self, place: Place) -> seen.WhatIf:
        """Return both runs after the operation at a place."""
        left, right = (self.run(side) for side in SIDES)
        at, op = place.cursor, place.op
        position = (self.history.op_of(at) if op is None else op) + 1
        return seen.what_if((self.history, at, op), position, left, right, focus=self.chunk)

    def draw(self, view: seen.WhatIf) -> Scene:
        """Draw both sides."""
        return what_if_scene(view)

    def on_choose(self, key: str) -> None:
        """Look into the chunk that was clicked."""
        self.controls.chunk.value = int(key.removeprefix("chunk "))

    @traitlets.observe("left", "right")
    def _chosen(self, change: dict[str, Any]) -> None:
        self.choices.show(change["name"], change["new"])
        if hasattr(self, "widget"):
            self.render()
