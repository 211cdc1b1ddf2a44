"""The choices of a what-if: one short dropdown for each setting of each side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets as widgets

from arenalab.explore.controls import dropdown
from arenalab.go.versions import GO, VERSIONS
from arenalab.replay.what_if import ARENA, PLAIN
from arenalab.units import MiB, human

HEAP = "heap"
AS_RECORDED = "as recorded"
USUAL = (AS_RECORDED, ARENA)  #: what is chosen where nothing is set.
SIDES = {"left": "A", "right": "B"}
#: Setting -> (what stands before each choice, choices by their words).
CHOICES: dict[str, tuple[str, dict[str, Any]]] = {
    HEAP: ("", {ARENA: ARENA, PLAIN: PLAIN}),
    GO: ("Go ", {version: version for version in VERSIONS}),
    "user_arena_chunk_bytes_max": ("chunks ", {human(n * MiB): n * MiB for n in (1, 2, 4, 8, 16, 64)}),
    "max_alloc_fraction": ("over ", {f"1/{n} chunk": n for n in (1, 2, 4, 8, 16, 64)}),
    "reuse_order": ("reuse ", {"lifo": "lifo", "fifo": "fifo"}),
    "gogc": ("GOGC ", {"off": -1, **{str(n): n for n in (25, 50, 100, 200, 400)}}),
    "build_mode": ("build ", {mode: mode for mode in ("plain", "race", "msan", "asan")}),
}


class Choices:
    """The dropdowns of both sides; `chosen` is told a side and its settings."""

    def __init__(self, chosen: Callable[[str, dict[str, Any]], None]) -> None:
        """Make the dropdowns."""
        self._chosen = chosen
        self._setting = False  #: whether we set them, so that they must not answer
        self.boxes = {side: {name: self._box(side, name) for name in CHOICES} for side in SIDES}

    def _box(self, side: str, name: str) -> Any:
        before, values = CHOICES[name]
        first = [] if name == HEAP else [(f"{before}{AS_RECORDED}", AS_RECORDED)]
        made = dropdown(
            [*first, *((before + words, value) for words, value in values.items())],
            f"{SIDES[side]}: {before.strip() or 'arenas or plain heap'}",
            "112px" if name == HEAP else "176px",
        )
        made.add_class(f"arenalab-{side}-{name.replace('_', '-')}")
        made.observe(lambda _: self._tell(side), "value")
        return made

    def rows(self) -> list[Any]:
        """Return the dropdowns, each side in a line of its own."""
        made: list[Any] = []
        for side, letter in SIDES.items():
            line = widgets.Label(" ", layout={"width": "100%", "height": "0"})
            made += [line, widgets.Label(letter, layout={"width": "14px"}), *self.boxes[side].values()]
        return made

    def _tell(self, side: str) -> None:
        if not self._setting:
            values = {name: box.value for name, box in self.boxes[side].items()}
            self._chosen(side, {name: value for name, value in values.items() if value not in USUAL})

    def show(self, side: str, settings: dict[str, Any]) -> None:
        """Show what is chosen; a value that is not on offer joins the others."""
        self._setting = True
        try:
            for name, box in self.boxes[side].items():
                value = settings.get(name, ARENA if name == HEAP else AS_RECORDED)
                if value not in [offered for _, offered in box.options]:
                    box.options = [*box.options, (f"{CHOICES[name][0]}{value}", value)]
                box.value = value
        finally:
            self._setting = False
