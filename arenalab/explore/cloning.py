"""The Clone explorer."""

from __future__ import annotations

from typing import Any

import ipywidgets as widgets
import traitlets

from arenalab.asked import position
from arenalab.draw.cloning import MEANINGS, cloning_scene
from arenalab.draw.scene import Scene
from arenalab.errors import ArgumentError
from arenalab.explore.cloned import AS_MADE, KINDS, cloned
from arenalab.explore.controls import dropdown
from arenalab.explore.scene_explorer import SceneExplorer
from arenalab.explore.stepper import Place
from arenalab.explore.wiring import shown
from arenalab.view import cloning as seen
from arenalab.view.reading import reading

NARROW = {"width": "76px"}


class Cloning(SceneExplorer):
    """What `arena.Clone` copies out of an arena, and what it leaves there.

    It shows the run's latest Clone as it is now; name an object to ask what Clone would do instead.
    Look for: pointers of the copy that still lead into a chunk, also after Free; a slice cut at its len.
    """

    object = traitlets.Int(
        None, allow_none=True, help="object to clone now; None shows the run's latest Clone"
    )
    kind = traitlets.Enum([AS_MADE, *KINDS], AS_MADE, help="as what the object is declared")
    length = traitlets.Int(None, allow_none=True, help="len of the slice or string; None is all of it")
    name = "Clone"
    meanings = MEANINGS

    def more_controls(self) -> list[Any]:
        """Return the choice of what is cloned."""
        self.ask = widgets.BoundedIntText(max=0, tooltip="Object to clone now", layout=NARROW)
        self.ask.add_class("arenalab-object")
        self.ask.observe(shown(self, self._asked), "value")
        latest = widgets.Button(description="latest", tooltip="The run's latest Clone", layout=NARROW)
        latest.on_click(shown(self, lambda _: self.set_trait("object", None)))
        kinds = dropdown([AS_MADE, *KINDS], "Declared as", "130px")
        traitlets.link((self, "kind"), (kinds, "value"))
        cut = widgets.BoundedIntText(-1, min=-1, max=2**31, tooltip="Its len; -1 is all of it", layout=NARROW)
        cut.observe(shown(self, lambda change: self._cut(change["new"])), "value")
        label, length = widgets.Label("clone object"), widgets.Label("len")
        return [label, self.ask, kinds, length, cut, latest]

    def view_of(self, place: Place) -> seen.Cloning:
        """Return what was or would be copied."""
        moment = reading(self.history, place.cursor, place.op)
        found = cloned(self.history, moment, self.object, self.kind, self.length)
        return seen.cloning(
            found.world, moment, *found[1:4], asked=found.asked, focus=self.chunk, by=found.by
        )

    def draw(self, view: seen.Cloning) -> Scene:
        """Draw source, copy and what they lead to."""
        return cloning_scene(view)

    def render(self) -> None:
        """Draw, and let every object be named."""
        super().render()
        self.drawing, self.ask.max = True, max(len(self.history.world.ledger) - 1, 0)
        self.ask.value, self.drawing = max(self.object or 0, 0), False

    def _asked(self, change: dict[str, Any]) -> None:
        self.object = self.object if self.drawing else change["new"]

    def _cut(self, length: int) -> None:
        self.length = length if length >= 0 else None

    @traitlets.validate("object")
    def _there(self, proposal: dict[str, Any]) -> int | None:
        number = proposal["value"]
        made = len(self.history.world.ledger)
        return None if number is None else position("object", number, made, "the number of an object")

    @traitlets.validate("length")
    def _not_negative(self, proposal: dict[str, Any]) -> int | None:
        length: int | None = proposal["value"]
        if length is not None and length < 0:
            raise ArgumentError("length", length, "a whole number of 0 or more, or None for all of it")
        return length

    @traitlets.observe("object", "kind", "length")
    def _chosen(self, _: Any) -> None:
        self.render()
