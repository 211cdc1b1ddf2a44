"""The dangling pointer explorer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import traitlets

from arenalab.draw.dangling import MEANINGS, dangling_scene
from arenalab.draw.scene import WIDTH, Scene
from arenalab.explore.builds import Builds
from arenalab.explore.shell import Explorer
from arenalab.explore.source import Source
from arenalab.explore.stepper import Place
from arenalab.player.controls import BAR, Control, Number, Press, Toggle
from arenalab.view import dangling as seen
from arenalab.world.touch import Pointer


class DanglingPointer(Explorer):
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

    def more_controls(self) -> list[Control]:
        """Return the choice of the pointer."""
        ledger, at = self.history.world.ledger, self.shown.pointer
        size = ledger.row(at.object)[1] if at.object >= 0 else 0
        return [
            Number("object", "object", "Object that the pointer leads to", BAR, high=max(len(ledger) - 1, 0)),
            Number("byte", "byte", "Byte of the object", BAR, high=max(size - 1, 0)),
            Press("newest", "newest", "The object that was made last by now"),
            Toggle("panic_on_fault", "panic on fault", "debug.SetPanicOnFault(true)"),
        ]

    def values(self) -> dict[str, Any]:
        """Return which pointer it is."""
        at = self.shown.pointer
        return super().values() | {"object": max(at.object, 0), "byte": at.offset}

    def setters(self) -> dict[str, Any]:
        """Return what leads it elsewhere."""
        return super().setters() | {
            "object": lambda row: self.set_trait("pointer", Pointer(row)),
            "byte": lambda byte: self.set_trait("pointer", Pointer(self.shown.pointer.object, byte)),
        }

    def presses(self) -> dict[str, Callable[[], None]]:
        """Return what leads it to the newest object."""
        return {"newest": self.follow_newest}

    def view_of(self, place: Place) -> seen.Dangling:
        """Return what touching the pointer does."""
        builds = self.history.reader(Builds)
        asked: dict[str, Any] = {"pointer": self.pointer, "panic_on_fault": self.panic_on_fault}
        where = builds.runs(), builds.own, place.cursor
        return seen.dangling(*where, op=place.op, focus=self.chunk, **asked)

    def draw(self, view: seen.Dangling, width: int = WIDTH) -> Scene:
        """Draw bands and moment."""
        return dangling_scene(view, width)

    def follow_newest(self) -> None:
        """Follow the object made last by now."""
        self.pointer = Pointer(max(len(self.history.at(self.cursor).ledger) - 1, 0))

    def on_choose(self, key: str) -> None:
        """Go to the end of the operation that was clicked."""
        op = int(key.removeprefix("op:"))
        self.go(Place(int(self.history.log.steps()[op]), op))

    @traitlets.validate("pointer")
    def _leads_somewhere(self, proposal: dict[str, Any]) -> Pointer | None:
        at: Pointer | None = proposal["value"]
        return at if at is None else seen.checked(self.history, at)

    @traitlets.observe("pointer", "panic_on_fault")
    def _followed(self, _: Any) -> None:
        self.render()
