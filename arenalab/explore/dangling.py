"""The dangling pointer explorer."""

from __future__ import annotations

from typing import Any

import ipywidgets as widgets
import traitlets

from arenalab.draw.dangling import MEANINGS, dangling_scene
from arenalab.draw.scene import Scene
from arenalab.explore.builds import Builds
from arenalab.explore.pointer_choice import PointerChoice
from arenalab.explore.scene_explorer import SceneExplorer
from arenalab.explore.source import Source
from arenalab.explore.stepper import Place
from arenalab.view import dangling as seen
from arenalab.world.touch import Pointer


class DanglingPointer(SceneExplorer):
    """One pointer through the whole run: what touching it would do after each operation, in each build.

    Look for: stale data that stays readable after Free where another build faults; somebody else's
    object later; asan reporting what a plain build reads without a word. Click a stretch to go there.
    For msan this follows Go's source; no msan build was run.
    """

    pointer = traitlets.Instance(Pointer, allow_none=True, help="object and offset; None is a telling one")
    panic_on_fault = traitlets.Bool(help="the program has called debug.SetPanicOnFault(true)")
    name = "Dangling pointer"
    meanings = MEANINGS

    def __init__(self, history: Source, *, pointer: Pointer | None = None, **options: Any) -> None:
        """Follow a pointer through a history; without one, the most telling."""
        super().__init__(history, **options)
        self.pointer = pointer

    def more_controls(self) -> list[Any]:
        """Return the choice of the pointer."""
        self.choice = PointerChoice(self)
        panics = widgets.ToggleButton(description="panic on fault", tooltip="debug.SetPanicOnFault(true)")
        traitlets.link((self, "panic_on_fault"), (panics, "value"))
        return [*self.choice.row(), panics]

    def view_of(self, place: Place) -> seen.Dangling:
        """Return what touching the pointer does."""
        builds = self.history.reader(Builds)
        asked: dict[str, Any] = {"pointer": self.pointer, "panic_on_fault": self.panic_on_fault}
        where = builds.runs(), builds.own, place.cursor
        return seen.dangling(*where, op=place.op, focus=self.chunk, **asked)

    def draw(self, view: seen.Dangling) -> Scene:
        """Draw bands and moment."""
        return dangling_scene(view)

    def render(self) -> None:
        """Draw, and tell which pointer it is."""
        super().render()
        self.choice.show(self.shown.pointer, self.history.world.ledger)

    def follow_newest(self) -> None:
        """Follow the object made last by now."""
        self.pointer = Pointer(max(len(self.history.at(self.cursor).ledger) - 1, 0))

    def on_choose(self, key: str) -> None:
        """Go to the end of the operation that was clicked."""
        op = int(key.removeprefix("op:"))
        self.go(Place(int(self.history.log.settled()[op]), op))

    @traitlets.validate("pointer")
    def _leads_somewhere(self, proposal: dict[str, Any]) -> Pointer | None:
        at: Pointer | None = proposal["value"]
        return at if at is None else seen.checked(self.history, at)

    @traitlets.observe("pointer", "panic_on_fault")
    def _followed(self, _: Any) -> None:
        self.render()
