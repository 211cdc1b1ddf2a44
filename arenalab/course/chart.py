"""Measured: a picture of what was measured, not of a history. Chart: a few lines over a few ticks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from arenalab.draw.plots import Axis, Plot, Plots, Tip, beyond
from arenalab.draw.plots import Line as Drawn
from arenalab.draw.plots_state import chart_state
from arenalab.draw.plots_still import plots_scene
from arenalab.draw.scene import Scene
from arenalab.draw.scene_still import scene_markup
from arenalab.draw.still import Still, Svg
from arenalab.draw.theme import Paper
from arenalab.explore.bundle import REACHED, Shown, kept_picture, words_html
from arenalab.explore.shown_chart import ShownChart
from arenalab.player.chart_page import chart_html

HEIGHT = 300
#: How lines differ beside their colour: the first is whole.
DASHES = ("", "7 4", "2 3", "9 3 2 3", "4 3")
NEAR = 1.13  #: of two dots that are nearer, as ratios, only the first has its value beside it.
MARKERS = ("circle", "circle", "square", "triangle", "square")


@dataclass(frozen=True)
class Line:
    """A name and a number for each tick."""

    name: str  #: as the legend has it.
    values: tuple[float, ...]  #: one for each tick.


@dataclass(frozen=True)
class Measured(Shown):
    """A picture of what was measured: live, as a picture and as text; a subclass gives `text` and `plots`."""

    title: str  #: above the picture.

    def text(self) -> str:
        """Return the numbers as text."""
        raise NotImplementedError

    def plots(self) -> Plots:
        """Return it as a picture that can be drawn."""
        raise NotImplementedError

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

    def page_part(self) -> str:
        """Return the live figure of a page, and the numbers."""
        return chart_html(chart_state(self.plots())) + words_html(self.text(), REACHED)


@dataclass(frozen=True, repr=False)
class Chart(Measured):
    """Lines to compare; the upward scale is logarithmic, so equal ratios are equal distances."""

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
        upward = Axis(self.unit, *beyond(values), log=True)
        across = Axis(self.across, 0, len(self.ticks) - 1, ticks=self.ticks)
        lines = tuple(self._line(number) for number in range(len(self.lines)))
        return Plots(title, ((Plot(title, across, upward, lines, HEIGHT),),))

    def _line(self, number: int) -> Drawn:
        """Return a line with all its digits where one points, and rounded ones beside its dots where there is room."""
        line, before = self.lines[number], self.lines[:number]
        said = [
            "" if any(near(value, other.values[tick]) for other in before) else rounded(value)
            for tick, value in enumerate(line.values)
        ]
        exact = [f"{f'{it:,}'.removesuffix('.0')} {self.unit}" for it in line.values]
        where = [f"{self.across}: {tick}" for tick in self.ticks]
        tips = (Tip("", [line.name] * len(exact)), Tip("", exact), Tip("", where))
        x, y, look = np.arange(len(line.values)), np.array(line.values), number % len(DASHES)
        return Drawn(
            f"line {number}", line.name, f"series_{min(number, 5)}", x, y, DASHES[look],
            marker=MARKERS[look], said=tuple(said), tips=tips,
        )  # fmt: skip


def near(one: float, other: float) -> bool:
    """Return whether what stands beside two dots, one above the other, would lie on each other."""
    return 1 / NEAR < one / other < NEAR


def rounded(number: float) -> str:
    """Write a value beside its dot."""
    return f"{number:,.0f}"
