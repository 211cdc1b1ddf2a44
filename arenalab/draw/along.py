"""Along: parts of a picture that lie along a run, from left to right: ticks, the cursor, a map of the whole run.

Rule: places are in the units of the run's axis; only `Along` knows where on the paper they are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt

from arenalab.draw.lettering import text_width
from arenalab.draw.scene import Scene
from arenalab.view.windows import Part

MAP = 11  #: height of a map.
MOST_TICKS = 10
APART = 18  #: points between the words of two ticks.


@dataclass(frozen=True)
class Along:
    """Where an axis stands in a picture, and which part of a run it shows."""

    left: float
    right: float
    window: Part  #: what is shown.
    end: int  #: of the run.
    at: float  #: where the cursor is.

    def x(self, place: float) -> float:
        """Return where on the paper a place of the run is."""
        first, last = self.window
        return self.left + (self.right - self.left) * (place - first) / max(1, last - first)

    def of_run(self, place: float) -> float:
        """Return where a place of the run is on the map of it."""
        return self.left + (self.right - self.left) * place / max(1, self.end)


def ticks(first: float, last: float, most: int = MOST_TICKS) -> list[int]:
    """Return the multiples of a round number from `first` to `last`, at most `most` + 1 of them."""
    length, step = last - first, 1
    while length > step * most:  # 1, 2, 5, 10, 20, ...
        step = step * 5 // 2 if str(step)[0] == "2" else step * 2
    return list(range(-(-int(first) // step) * step, int(last) + 1, step))


def draw_ticks(scene: Scene, axis: Along, bottom: float, said: Callable[[int], str] = "{:,}".format) -> None:
    """Draw ticks below `bottom`, and their words, so many as there is room for."""
    first, last = axis.window
    widest = max(text_width(said(place), scene.room.least) for place in axis.window)
    most = max(1, min(MOST_TICKS, int((axis.right - axis.left) / (widest + APART))))
    free = axis.left  # where words may begin: those at an end of the axis stand beside their tick
    for place in ticks(first, last, most):
        x, wide = axis.x(place), text_width(said(place), scene.room.least)
        scene.line((x, bottom), (x, bottom + 4))
        left = min(max(x - wide / 2, axis.left), axis.right - wide)
        if left >= free:
            scene.text(left, bottom + 15, said(place), tone="faint", size=scene.room.least)
            free = left + wide + APART / 2


def draw_cursor(scene: Scene, axis: Along, top: float, bottom: float) -> None:
    """Draw the cursor across lanes, where it is seen; the map shows it always."""
    if axis.window[0] <= axis.at <= axis.window[1]:
        now = axis.x(axis.at)
        scene.line((now, top), (now, bottom), "now", width=2)


def draw_map(scene: Scene, axis: Along, top: float, name: str, said: str, busy: Sequence[int] = ()) -> None:
    """Draw the whole run as a strip, the part that is shown framed, and the cursor; it can be dragged.

    `busy` says how much happens in equal parts of the run; bars grow with its root, so that one can be seen beside
    a thousand.
    """
    box = (axis.left, top, axis.right - axis.left, float(MAP))
    scene.frame(box)
    most, each = max([*busy, 1]), box[2] / max(len(busy), 1)
    for number, count in enumerate(busy):
        if count:
            x, high = axis.left + number * each, MAP * sqrt(count / most)
            corners = [
                (x, top + MAP),
                (x, top + MAP - high),
                (x + each, top + MAP - high),
                (x + each, top + MAP),
            ]
            scene.polygon(corners, "mark_grey")
    left, right = (axis.of_run(edge) for edge in axis.window)
    scene.line((left, top + MAP + 1), (right, top + MAP + 1), "text", width=2.5)
    for edge in (left, right):
        scene.line((edge, top - 1.5), (edge, top + MAP + 2), "text", width=2)
    now = axis.of_run(axis.at)
    scene.line((now, top - 1.5), (now, top + MAP + 1.5), "now", width=2)
    scene.pane(box, name, axis.window, axis.end, said, fixed=axis.at, whole_shown=True)
