"""Chart: a few lines over a few ticks, live, as a picture and as text; for what was measured, not for a history."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from arenalab.draw.chart import DASH, ChartFigure, lies_below, reach, rounded
from arenalab.draw.scene import Scene
from arenalab.draw.scene_still import scene_markup
from arenalab.draw.still import Still, Svg
from arenalab.draw.theme import Paper
from arenalab.explore.bundle import Shown, kept_picture
from arenalab.explore.shown_figure import ShownFigure

HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 300, 74, 130, 40, 54
RULERS = (1, 2, 5)


@dataclass(frozen=True)
class Line:
    """A name and a number for each tick."""

    name: str
    values: tuple[float, ...]


@dataclass(frozen=True)
class Chart(Shown):
    """Lines to compare; the upward scale is logarithmic, so equal ratios are equal distances."""

    title: str
    across: str  #: what the ticks are.
    unit: str  #: of the values.
    ticks: tuple[str, ...]
    lines: tuple[Line, ...]

    def text(self) -> str:
        """Tell the numbers."""
        told = [f"{self.title} ({self.unit})"]
        told += [f"  {line.name}: {', '.join(map(rounded, line.values))}" for line in self.lines]
        return "\n".join([*told, f"  {self.across}: {', '.join(self.ticks)}"])

    def scene(self) -> Scene:
        """Draw it."""
        scene = Scene(HEIGHT, self.title)
        values = [value for line in self.lines for value in line.values]
        low, high = map(math.log, reach(values))
        step = (scene.width - LEFT - RIGHT) / (len(self.ticks) - 1)

        def place(number: int, value: float) -> tuple[float, float]:
            share = (math.log(value) - low) / (high - low)
            return LEFT + number * step, HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)

        scene.text(LEFT, 20, f"{self.title}, {self.unit}", bold=True, size=14)
        for ruler in _rulers(math.exp(low), math.exp(high)):
            _, y = place(0, ruler)
            scene.line((LEFT - 6, y), (scene.width - RIGHT + 10, y), width=0.5)
            scene.text(LEFT - 12, y + 4, rounded(ruler), anchor="end", tone="faint")
        for number, tick in enumerate(self.ticks):
            scene.text(LEFT + number * step, HEIGHT - BOTTOM + 20, tick, anchor="middle")
        scene.text((LEFT + scene.width - RIGHT) / 2, HEIGHT - 8, self.across, anchor="middle", tone="faint")
        ends = _apart([place(len(line.values) - 1, line.values[-1])[1] for line in self.lines])
        for number, (line, end) in enumerate(zip(self.lines, ends, strict=True)):
            self._line(scene, number, line, [place(*pair) for pair in enumerate(line.values)], end)
        return scene

    def _line(
        self, scene: Scene, number: int, line: Line, points: list[tuple[float, float]], end: float
    ) -> None:
        """Draw one line, its values and its name; below the others' values where it lies lower."""
        meaning = f"series_{number}"
        scene.polyline(points, meaning=meaning, dash=f"{DASH[0]} {DASH[1]}" if number else "")
        for at, (point, value) in enumerate(zip(points, line.values, strict=True)):
            lower = lies_below([other.values for other in self.lines], at, value)
            scene.dot(point, 4, meaning, tip=f"{line.name}, {self.ticks[at]}: {rounded(value)} {self.unit}")
            scene.text(
                point[0],
                point[1] + (19 if lower else -10),
                rounded(value),
                anchor="middle",
                size=11,
                halo=True,
            )
        scene.text(points[-1][0] + 26, end + 4, line.name, bold=True)

    def still(self, paper: Paper = "light") -> Still:
        """Return it as SVG, and by that as PNG."""
        scene = self.scene()
        svg = Svg(scene.width, scene.height, paper, self.title, self.text())
        svg.insert(0, 0, scene_markup(scene, paper))
        return Still(svg)

    def __repr__(self) -> str:
        """Tell the numbers: what a terminal, a test and nbval see."""
        return self.text()

    def live(self) -> ShownFigure:
        """Return it as a widget with a figure that can be zoomed."""
        lines = [(line.name, line.values) for line in self.lines]
        title = f"{self.title}, {self.unit}"
        return ShownFigure(ChartFigure(title, self.across, self.unit, self.ticks, lines), title, self.text())

    def shown_widget(self) -> Any:
        """Return a live figure."""
        return self.live().widget

    def kept(self) -> str:
        """Return picture and numbers, for readers without a kernel."""
        return kept_picture(self.still(), self.text())


def _rulers(low: float, high: float) -> list[float]:
    """Return round numbers between two."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    return [first * 10.0**power for power in powers for first in RULERS if low <= first * 10.0**power <= high]


def _apart(places: list[float], least: float = 17) -> list[float]:
    """Move names at the ends of lines apart."""
    order = sorted(range(len(places)), key=places.__getitem__)
    moved = list(places)
    for before, after in pairwise(order):
        moved[after] = max(moved[after], moved[before] + least)
    return moved
