"""Chart: a few lines over a few ticks, live, as a picture and as text; for what was measured, not for a history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from arenalab.draw.plots import Axis, Plot, Plots, Tip
from arenalab.draw.plots import Line as Drawn
from arenalab.draw.plots_still import plots_scene
from arenalab.draw.scene import Scene
from arenalab.draw.scene_still import scene_markup
from arenalab.draw.still import Still, Svg
from arenalab.draw.theme import Paper
from arenalab.explore.bundle import Shown, kept_picture
from arenalab.explore.shown_chart import ShownChart

HEIGHT = 300
DASH = "7 4"  #: of all lines but the first.


@dataclass(frozen=True)
class Line:
    """A name and a number for each tick."""

    name: str  #: as the legend has it.
    values: tuple[float, ...]  #: one for each tick.


@dataclass(frozen=True)
class Chart(Shown):
    """Lines to compare; the upward scale is logarithmic, so equal ratios are equal distances."""

    title: str  #: above the picture.
    across: str  #: what the ticks are.
    unit: str  #: of the values.
    ticks: tuple[str, ...]  #: from left to right, as text.
    lines: tuple[Line, ...]  #: to be compared.

    def text(self) -> str:
        """Return the numbers as text."""
        told = [f"{self.title} ({self.unit})"]
        told += [f"  {line.name}: {', '.join(map(rounded, line.values))}" for line in self.lines]
        return "\n".join([*told, f"  {self.across}: {', '.join(self.ticks)}"])

    def plots(self) -> Plots:
        """Return it as a picture that can be drawn."""
        values = [value for line in self.lines for value in line.values]
        title = f"{self.title}, {self.unit}"
        upward = Axis(self.unit, min(values) * 0.8, max(values) * 1.25, log=True)
        across = Axis(self.across, 0, len(self.ticks) - 1, ticks=self.ticks)
        lines = tuple(self._line(number, line) for number, line in enumerate(self.lines))
        return Plots(title, ((Plot(title, across, upward, lines, HEIGHT),),))

    def _line(self, number: int, line: Line) -> Drawn:
        """Return a line with all its digits where one points, the first whole and the others dashed."""
        exact = [f"{f'{it:,}'.removesuffix('.0')} {self.unit}" for it in line.values]
        where = [f"{self.across}: {tick}" for tick in self.ticks]
        tips = (Tip("", [line.name] * len(exact)), Tip("", exact), Tip("", where))
        x, y = np.arange(len(line.values)), np.array(line.values)
        return Drawn(
            f"line {number}", line.name, f"series_{min(number, 5)}", x, y, DASH if number else "",
            marker="circle", said=tuple(map(rounded, line.values)), tips=tips,
        )  # fmt: skip

    def scene(self) -> Scene:
        """Return the picture as a scene."""
        return plots_scene(self.plots())

    def still(self, paper: Paper = "light") -> Still:
        """Return it as SVG, and by that as PNG."""
        scene = self.scene()
        svg = Svg(scene.width, scene.height, paper, self.title, self.text())
        svg.insert(0, 0, scene_markup(scene, paper))
        return Still(svg)

    def __repr__(self) -> str:
        """Return the numbers as text: what a terminal, a test and nbval see."""
        return self.text()

    def live(self) -> ShownChart:
        """Return it as a widget that can be zoomed and pointed at."""
        return ShownChart(self.plots(), self.text())

    def shown_widget(self) -> Any:
        """Return a live figure."""
        return self.live().widget

    def kept(self) -> str:
        """Return picture and numbers, for readers without a kernel."""
        return kept_picture(self.still(), self.text())


def rounded(number: float) -> str:
    """Write a value beside its dot."""
    return f"{number:,.0f}"
