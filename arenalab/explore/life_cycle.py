"""The life cycle explorer."""

from __future__ import annotations

from functools import cached_property

import traitlets

from arenalab.draw.life_cycle import life_cycle_scene
from arenalab.draw.looks import STATE_LOOKS
from arenalab.draw.scene import WIDTH, Scene
from arenalab.explore.along_axis import AlongAxis
from arenalab.explore.played import Keys
from arenalab.explore.shell import Explorer
from arenalab.explore.stepper import Place
from arenalab.player.controls import BAR, Choice, Control
from arenalab.view import life_cycle as seen
from arenalab.view.axis_part import FITS
from arenalab.view.lanes import OPERATIONS, SCALES
from arenalab.view.lives import Lives


class LifeCycle(AlongAxis, Explorer):
    """The states of a chunk as the model's table has them, and where each chunk stands, step by step.

    Look for: a full chunk going through quarantine back to the ready list while the active one waits for
    reuse; the lists' order, which decides who is taken next; what a free leaves on the fault list while
    the collector marks. Click a chunk for its story and a line of the story to go there; arrow up and
    down turn to another chunk. Dashed arrows are never taken in this run. Drag the lanes or the map above
    them to move along the run, ctrl + wheel or the keys + and − zoom; "show" fits the whole run or the part
    around the cursor.
    """

    scale = traitlets.Enum(list(SCALES), OPERATIONS, help="what the lanes count")
    name = "Life cycle"
    meanings = tuple(STATE_LOOKS)

    @cached_property
    def lives(self) -> Lives:
        """The moves of all chunks, read once."""
        return self.history.reader(Lives)

    def more_controls(self) -> list[Control]:
        """Return the choices of what the lanes count and what they show of the run."""
        scale = Choice("scale", "lanes by", "What the lanes count", BAR, SCALES)
        return [scale, Choice("fit", "show", "What the lanes show of the run", BAR, FITS)]

    def view_of(self, place: Place) -> seen.LifeCycle:
        """Return the life cycle at a place."""
        return seen.life_cycle(
            self.lives, place.cursor, focus=self.chunk, scale=self.scale, op=place.op, window=self.window,
            fit=self.fit,
        )  # fmt: skip

    def draw(self, view: seen.LifeCycle, width: int = WIDTH) -> Scene:
        """Draw the life cycle."""
        return life_cycle_scene(view, width)

    def on_choose(self, key: str) -> None:
        """Show the story of the chunk that was clicked, or go where a line of it happened."""
        what, _, number = key.partition(" ")
        if what == "chunk":
            self.chunk = int(number)
        else:
            self.chunk = self.shown.focus  # the story stays the one that was clicked into
            self.go(Place(int(number)))

    def more_keys(self) -> Keys:
        """Return the keys that turn."""
        return self.turning("chunk")

    def turn(self, pages: int) -> None:
        """Show the story of a chunk further on; the first and the last are the ends."""
        self.chunk = min(max(self.shown.focus + pages, 0), max(self.shown.all_chunks - 1, 0))

    @traitlets.observe("scale")
    def _scaled(self, _: object) -> None:
        self.measure_anew()
