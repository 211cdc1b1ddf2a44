"""ScenePage: carries a scene into a notebook and back.

Laws of this file:
1. A shape travels once; a step sends the numbers of what is shown and the shapes that are new.
2. The next step waits until the last one is painted: frames are dropped, never queued.
3. While nothing else is to be done, the page gets the pictures of one step on and one step back. It paints
   one as soon as the reader asks for it; the kernel's own picture follows and has the last word.
4. A message that is lost on the way costs a moment, not the picture: the page sees that shapes are missing and
   asks for all of them, and nobody waits for an answer longer than `turn.PATIENCE`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import anywidget
import traitlets

from arenalab.draw.scene import Scene, hatch_defs
from arenalab.explore import assets
from arenalab.explore.turn import Turn

MOST_KNOWN = 4_000  #: shapes that a page is asked to remember, or a few pictures' worth; then it forgets all.


class ScenePage(anywidget.AnyWidget):
    """Shows one scene; what the reader does there reaches `listener`: {"kind": "key" | "choose" | "zoom" | …}."""

    _esm = assets.script("common", "panes", "scene", "scene_page")
    _css = assets.style()
    label = traitlets.Unicode("").tag(sync=True)  #: what a screen reader calls the explorer.
    hatches = traitlets.Unicode(hatch_defs()).tag(sync=True)

    def __init__(self, label: str, listener: Callable[[dict[str, Any]], None]) -> None:
        """Make a page that shows nothing yet."""
        super().__init__(label=label)
        self.scene: Scene | None = None
        self._listener = listener
        self._numbers: dict[str, int] = {}  #: shape -> its number in the page.
        self._open = self._changed = self._prepared = False
        self.turn = Turn()
        self.on_msg(self._hear)

    def forget(self) -> None:
        """Forget the picture, and that a page has it: no view is open any more."""
        self.scene, self._numbers = None, {}
        self._open = self._changed = self._prepared = False

    def show(self, scene: Scene) -> None:
        """Show a scene, now or when the page has painted the last one."""
        same = self.scene is not None and scene.shapes == self.scene.shapes
        self._changed = self._changed or self._prepared or not same
        self.scene = scene
        self.flush()

    def flush(self) -> None:
        """Send the latest scene, unless the page is still painting, has it already, or nobody looks."""
        if self.scene is None or self.turn.waits or not (self._open and self._changed):
            return
        if len(self._numbers) > max(MOST_KNOWN, 6 * len(self.scene.shapes)):
            self._numbers = {}
        kind = "patch" if self._numbers else "whole"
        known, fresh = len(self._numbers), self._number([self.scene])
        self._changed = self._prepared = False
        self.turn.sent()
        self.send({"kind": kind, "known": known, "shapes": fresh, **self._picture(self.scene)})

    def prepare(self, ways: dict[str, tuple[Scene, str]]) -> None:
        """Give the page what it would show next: "step" or "back" -> picture and words above it, as HTML."""
        if self.turn.waits or not self._numbers:
            return
        known, fresh = len(self._numbers), self._number([scene for scene, _ in ways.values()])
        pictures = {way: self._picture(scene) | {"told": told} for way, (scene, told) in ways.items()}
        self._prepared = True
        self.send({"kind": "ahead", "known": known, "shapes": fresh, "ways": pictures})

    def _number(self, scenes: Sequence[Scene]) -> list[str]:
        """Number the shapes that the page does not know yet, and return them."""
        shapes = dict.fromkeys(shape for scene in scenes for shape in scene.shapes)
        fresh = [shape for shape in shapes if shape not in self._numbers]
        self._numbers |= {shape: len(self._numbers) + at for at, shape in enumerate(fresh)}
        return fresh

    def _picture(self, scene: Scene) -> dict[str, Any]:
        numbers = [self._numbers[shape] for shape in scene.shapes]
        return {"numbers": numbers, "size": [scene.width, scene.height], "title": scene.title}

    def _hear(self, _: Any, content: dict[str, Any], _buffers: Any) -> None:
        kind = content.get("kind")
        if kind == "open":  # every open view is told everything, so that all know the same numbers
            self._listener({"kind": "paper", "dark": content["dark"]})
            self._numbers, self._open, self._changed = {}, True, True
            self.turn.painted()
            self.flush()
        elif kind == "painted":
            self.turn.painted()
            self.flush()
        else:
            self._listener(content)
