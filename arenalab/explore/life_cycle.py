"""The life cycle explorer."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

import traitlets

from arenalab.draw.life_cycle import life_cycle_scene
from arenalab.draw.looks import STATE_LOOKS
from arenalab.draw.scene import Scene
from arenalab.explore.controls import chooser
from arenalab.explore.scene_explorer import SceneExplorer
from arenalab.explore.stepper import Place
from arenalab.view import life_cycle as seen
from arenalab.view.lanes import OPERATIONS, SCALES
from arenalab.view.lives import Lives


class LifeCycle(SceneExplorer):
    """The states of a chunk as the model's table has them, and where each chunk stands, step by step.

    Look for: a full chunk going through quarantine back to the ready list while the active one waits for
    reuse; the lists' order, which decides who is taken next; what a free leaves on the fault list while
    the collector marks. Click a chunk for its story and a line of the story to go there; arrow up and
    down turn to another chunk. Dashed arrows are never taken in this run.
    """

    scale = traitlets.Enum(list(SCALES), OPERATIONS, help="what the lanes count")
    name = "Life cycle"
    meanings = tuple(STATE_LOOKS)

    @cached_property
    def lives(self) -> Lives:
        """The moves of all chunks, read once."""
        return self.history.reader(Lives)

    def more_controls(self) -> list[Any]:
        """Return the choice of what the lanes count."""
        return [chooser(self, "scale", "lanes by", SCALES, "What the lanes count")]

    def view_of(self, place: Place) -> seen.LifeCycle:
        """Return the life cycle at a place."""
        return seen.life_cycle(self.lives, place.cursor, focus=self.chunk, scale=self.scale, op=place.op)

    def draw(self, view: seen.LifeCycle) -> Scene:
        """Draw the life cycle."""
        return life_cycle_scene(view)

    def on_choose(self, key: str) -> None:
        """Tell the story of the chunk that was clicked, or go where a line of it happened."""
        what, _, number = key.partition(" ")
        if what == "chunk":
            self.chunk = int(number)
        else:
            self.chunk = self.shown.focus  # the story stays the one that was clicked into
            self.go(Place(int(number)))

    def more_keys(self) -> dict[str, Callable[[], None]]:
        """Return the keys that turn to another chunk."""
        return {"ArrowUp": lambda: self.turn(-1), "ArrowDown": lambda: self.turn(1)}

    def turn(self, chunks: int) -> None:
        """Tell the story of a chunk further on; the first and the last are the ends."""
        self.chunk = min(max(self.shown.focus + chunks, 0), max(self.shown.all_chunks - 1, 0))

    @traitlets.observe("scale")
    def _scaled(self, _: Any) -> None:
        self.render()
