"""The goroutines explorer: a lane for each, and for the collector."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import traitlets

from arenalab.draw.goroutines import goroutines_scene
from arenalab.draw.looks import ACT_LOOKS
from arenalab.draw.scene import WIDTH, Scene
from arenalab.explore.along_axis import AlongAxis
from arenalab.explore.played import Keys
from arenalab.explore.shell import Explorer
from arenalab.explore.stepper import Place
from arenalab.player.controls import BAR, Choice, Control
from arenalab.view import goroutines as seen
from arenalab.view.axis_part import FITS
from arenalab.view.doing import Doing
from arenalab.view.lanes import OPERATIONS, SCALES


class Goroutines(AlongAxis, Explorer):
    """A lane for each goroutine of the program, and for the collector, the sweeper and finalizers beside them.

    Look for: a NewArena that waits while others free and take chunks; a goroutine that makes arenas and frees
    none; who frees what another made; what the program does while a collection marks.
    Click a lane's name to follow that goroutine, a stretch to go there; arrow up and down turn to more
    lanes. Drag along the axis to move along the run, ctrl + wheel or the keys + and − to zoom.
    """

    scale = traitlets.Enum(list(SCALES), OPERATIONS, help="what the lanes count")
    page_of_lanes = traitlets.Int(
        None, allow_none=True, help="which lanes are shown; None follows the events"
    )
    name = "Goroutines"
    meanings = tuple(ACT_LOOKS)

    @cached_property
    def doing(self) -> Doing:
        """What each was at, read once for all explorers."""
        return self.history.reader(Doing)

    def more_controls(self) -> list[Control]:
        """Return the choice of what the lanes count, and of the axis' part."""
        scale = Choice("scale", "lanes by", "What the lanes count", BAR, SCALES)
        return [scale, Choice("fit", "show", "What to show of the run", BAR, FITS)]

    def view_of(self, place: Place) -> seen.Goroutines:
        """Return the lanes at a place."""
        return seen.goroutines(
            self.doing, place.cursor, focus=self.chunk, who=self.who, page=self.page_of_lanes, scale=self.scale,
            op=place.op, window=self.window, fit=self.fit,
        )  # fmt: skip

    def draw(self, view: seen.Goroutines, width: int = WIDTH) -> Scene:
        """Draw the lanes."""
        return goroutines_scene(view, width)

    def on_choose(self, key: str) -> None:
        """Follow the goroutine whose lane was clicked, show other lanes, or go to the operation of a stretch."""
        what, _, number = key.partition(" ")
        if what == "lanes":
            self.page_of_lanes = int(number)
        elif what == "who":
            self.who = seen.NOBODY if self.who == int(number) else int(number)
        else:
            self.go(Place(self.history.log.op_end(int(number)), int(number)))

    def more_keys(self) -> Keys:
        """Return the keys that turn."""
        return self.turning("page of lanes")

    def turn(self, pages: int) -> None:
        """Show the lanes of goroutines further on; the first and the last are the ends."""
        last = max(0, (self.shown.program - 1) // seen.PAGE)
        self.page_of_lanes = min(max(self.shown.first // seen.PAGE + pages, 0), last)

    @traitlets.observe("scale", "page_of_lanes")
    def _chosen(self, change: dict[str, Any]) -> None:
        if change["name"] == "scale":
            self.measure_anew()
        else:
            self.render()
