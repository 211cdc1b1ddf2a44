"""Controls that name a pointer: an object, and a byte of it."""

from __future__ import annotations

from typing import Any

import ipywidgets as widgets

from arenalab.explore.wiring import shown
from arenalab.world.columns import Columns
from arenalab.world.touch import Pointer

NARROW = {"width": "76px"}


class PointerChoice:
    """Two numbers and a button that set an explorer's `pointer`; the button calls its `follow_newest`."""

    def __init__(self, explorer: Any) -> None:
        """Make the widgets."""
        self.object = widgets.BoundedIntText(max=0, tooltip="Object that the pointer leads to", layout=NARROW)
        self.offset = widgets.BoundedIntText(max=0, tooltip="Byte of the object", layout=NARROW)
        self.newest = widgets.Button(
            description="newest", tooltip="The object that was made last by now", layout=NARROW
        )
        self.object.add_class("arenalab-object")
        self._explorer, self._drawing = explorer, False
        object_chosen = shown(explorer, lambda change: self._choose(change["new"], 0))
        offset_chosen = shown(explorer, lambda change: self._choose(self.object.value, change["new"]))
        self.object.observe(object_chosen, "value")
        self.offset.observe(offset_chosen, "value")
        self.newest.on_click(shown(explorer, lambda _: explorer.follow_newest()))

    def row(self) -> list[Any]:
        """Return the widgets in order, with their names."""
        return [widgets.Label("object"), self.object, widgets.Label("byte"), self.offset, self.newest]

    def show(self, pointer: Pointer, ledger: Columns) -> None:
        """Show which pointer it is, and let every object of a ledger be named."""
        self._drawing = True
        self.object.max = max(len(ledger) - 1, 0)
        self.object.value = max(pointer.object, 0)
        self.offset.max = max(ledger.row(pointer.object)[1] - 1, 0) if pointer.object >= 0 else 0
        self.offset.value, self._drawing = pointer.offset, False

    def _choose(self, row: int, offset: int) -> None:
        if not self._drawing:
            self._explorer.pointer = Pointer(row, offset)
