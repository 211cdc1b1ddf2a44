"""The collector explorer: roots, colours, the grey queue, why a chunk is alive."""

from __future__ import annotations

from functools import cached_property

from arenalab.draw.collector import collector_scene
from arenalab.draw.scene import WIDTH, Scene
from arenalab.explore.shell import Explorer
from arenalab.explore.stepper import Place
from arenalab.view.collector import Collector as CollectorView
from arenalab.view.collector import collector
from arenalab.view.cycles import Cycles


class Collector(Explorer):
    """The garbage collector at work: what it starts from, what it has found, why a chunk stays.

    Look for: one pointer that keeps a whole chunk; oblets that wait in the grey queue; a quarantined chunk
    that is marked and never read; chunks freed while it works, which wait on the fault list; the sweep
    making ready what has no mark. Click a chunk for the way that leads to it from a root. `StartGC`,
    `MarkStep`, `FinishMark`, `SweepStep` and `RunGC(detail=True)` show it piece by piece.
    """

    name = "Collector"
    meanings = ("mark_white", "mark_grey", "mark_black", "mark_root", "state_ready")

    def legend_words(self) -> dict[str, str]:
        """Name the colours by the mark bit, which the sweeper clears."""
        return {
            "mark_white": "white: no mark",
            "mark_grey": "grey: marked, oblets queued",
            "mark_black": "black: marked, nothing queued",
            "state_ready": "on the ready list, no memory",
        }

    @cached_property
    def cycles(self) -> Cycles:
        """The collector's events, read once."""
        return self.history.reader(Cycles)

    def view_of(self, place: Place) -> CollectorView:
        """Return the collector at a place."""
        return collector(self.cycles, place.cursor, focus=self.chunk, op=place.op)

    def draw(self, view: CollectorView, width: int = WIDTH) -> Scene:
        """Draw it."""
        return collector_scene(view, width)

    def on_choose(self, key: str) -> None:
        """Show the way to the chunk that was clicked."""
        self.chunk = int(key.removeprefix("chunk "))
