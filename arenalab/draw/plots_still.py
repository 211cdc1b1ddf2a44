"""Plots as a scene: the one static drawing of all charts, for kept pictures, where no browser is to draw them."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from arenalab.draw.plots import (
    BYTES,
    PERCENT,
    SECONDS,
    Axis,
    Line,
    Now,
    Plot,
    Plots,
    ends,
    roomy,
    strip_ticks,
)
from arenalab.draw.plots_columns import lower
from arenalab.draw.scene import WIDTH, Point, Scene
from arenalab.draw.wrapped import write_lines
from arenalab.units import human, short_time
from arenalab.view.columns import Column

LEFT, LEGEND, GAP = 76, 330, 12  #: points for the scale upwards; for a legend beside; between the two.
TOP, ROW, SIZE = 20, 17, 11
MOST_DOTS = 300  #: of one line.


@dataclass(frozen=True)
class Scale:
    """An axis laid between two places."""

    axis: Axis
    start: float
    end: float

    def __call__(self, values: Column | float) -> Column:
        """Return where values lie."""
        low, high, its = self.axis.low, self.axis.high, np.asarray(values, dtype=float)
        if self.axis.log:
            low, high, its = math.log(low), math.log(high), np.log(np.maximum(its, low))
        return np.asarray(self.start + (self.end - self.start) * (its - low) / ((high - low) or 1))

    def rulers(self) -> list[tuple[float, str]]:
        """Return round numbers on it, in words."""
        if self.axis.ticks:
            return [(float(at), tick) for at, tick in enumerate(self.axis.ticks)]
        return [(at, written(at, self.axis.unit)) for at in rounds(self.axis)]


def rounds(axis: Axis) -> list[float]:
    """Return a few round numbers from an axis' low to its high end: of bytes powers of two."""
    low, high = axis.low, axis.high
    if axis.unit == PERCENT:
        return [0.0, 25.0, 50.0, 75.0, 100.0]
    if axis.log:
        return _rounds_log(low, high, base=4 if axis.unit == BYTES else 10)
    least = (high - low or 1) / 4
    if axis.unit == BYTES:
        step = 2.0 ** math.ceil(math.log2(max(least, 1)))
    else:
        power = 10.0 ** math.floor(math.log10(least))
        step = max(
            next(power * times for times in (1, 2, 5, 10) if power * times >= least), axis.unit != SECONDS
        )
    return [number * step for number in range(math.ceil(low / step), math.floor(high / step) + 1)]


def _rounds_log(low: float, high: float, *, base: int) -> list[float]:
    first, last = math.floor(math.log(low, base)), math.ceil(math.log(high, base))
    times = (1, 2, 5) if base == 10 and last - first <= 3 else (1,)
    every = [one * float(base) ** power for power in range(first, last + 1) for one in times]
    return [value for value in every if low <= value <= high]


def written(value: float, unit: str) -> str:
    """Write a number as a label."""
    if unit == BYTES:
        return human(int(value))
    if unit == SECONDS:
        return short_time(value) if value else "0"
    return f"{value:g} %" if unit == PERCENT else f"{value:,.10g}"


def plots_scene(plots: Plots, now: Now | None = None, *, width: float = WIDTH) -> Scene:
    """Draw plots; those of a row side by side."""
    scene, y = Scene(0, plots.name, width=width), 0.0
    right = width - 16 - (LEGEND + GAP if plots.beside else 0)
    for row in plots.rows:
        each = right / len(row)
        heights = [
            _Drawn(
                scene, plot, (LEFT + at * each, y, (at + 1) * each - 16 * (at < len(row) - 1)), now, plots
            ).height
            for at, plot in enumerate(row)
        ]
        y += max(heights)
    for line in plots.told:
        y += write_lines(scene, (LEFT, y + SIZE), line, width=width - LEFT - 16, size=SIZE, tone="faint") + 1
    scene.height = y + 6
    return scene


def _tip(line: Line, at: int) -> str:
    """Return the hover text of a point, a line for each."""
    told = ((tip.label, tip.column[at], tip.unit) for tip in line.tips)
    return "\n".join(
        f"{label} {it if unit == 'words' else written(it, unit)}".strip() for label, it, unit in told
    )


def _wide(axis: Axis, between: tuple[float, float]) -> Axis:
    return replace(axis, low=between[0], high=between[1])


class _Drawn:
    """One plot, drawn into a scene from (left, top) to the right."""

    def __init__(
        self, scene: Scene, plot: Plot, place: tuple[float, float, float], now: Now | None, plots: Plots
    ) -> None:
        self.scene, self.plot, self.now = scene, plot, now
        self.left, self.y, self.right = place
        above = 0 if plots.beside or plot.strip else ROW
        self.top = self.y + (ROW - 4 if plot.strip else TOP) + above
        self.bottom = self.y + plot.height - (6 if plot.bare else 36) + above
        self.height = plot.height + above
        self.across = Scale(_wide(plot.across, ends(plot.across)), self.left, self.right)
        self.upward = Scale(_wide(plot.upward, roomy(plot.upward)), self.bottom, self.top)
        self.selected = set(plots.selected)
        self.rule()
        for line in plot.lines:
            self.line(line)
        if now is not None and plot.across.low <= now.at <= plot.across.high:
            x = float(self.across(now.at))
            scene.line((x, self.top), (x, self.bottom), "now", width=1.5)
        if not plot.strip:
            self.legend_beside() if plots.beside else self.legend_above()

    def rule(self) -> None:
        """Rule the scales, and write the title."""
        scene, plot = self.scene, self.plot
        if plot.strip:
            scene.text(self.right, self.y + 9, plot.title, size=SIZE, tone="faint", anchor="end")
        else:
            scene.text(self.left, self.y + 13, plot.title, bold=True, size=12.5)
            upwards = f"↑ {plot.upward.said()}" if plot.upward.words else ""
            scene.text(self.right, self.y + 13, upwards, size=SIZE, tone="faint", anchor="end")
        strip = [(at, written(at, plot.upward.unit)) for at in strip_ticks(plot.upward)] if plot.lines else []
        for at, words in strip if plot.strip else self.upward.rulers():
            y = float(self.upward(at))
            scene.line((self.left, y), (self.right, y), width=0.5)
            scene.text(self.left - 6, y + 4, words, size=SIZE, tone="faint", anchor="end")
        if plot.bare:
            return
        for at, words in self.across.rulers():
            scene.text(
                float(self.across(at)), self.bottom + 16, words, size=SIZE, tone="faint", anchor="middle"
            )
        middle = (self.left + self.right) / 2
        scene.text(middle, self.bottom + 31, plot.across.said(), size=SIZE, tone="faint", anchor="middle")

    def points(self, line: Line, y: Column) -> list[tuple[float, float]]:
        """Return where a line's points are."""
        return list(zip(self.across(line.x).tolist(), self.upward(y).tolist(), strict=True))

    def line(self, line: Line) -> None:
        """Draw a line, its area, its dots and its values."""
        points, look = (
            self.points(line, line.y),
            {"tone": line.tone} if line.tone else {"meaning": line.meaning},
        )
        if line.between is not None and points:
            over = self.points(line, line.between)
            self.scene.polygon([*points, *reversed(over)], line.meaning, opacity=0.45)
            return
        if line.filled and points:
            ground = float(self.upward(max(self.plot.upward.low, 0)))
            self.scene.polygon(
                [*points, (points[-1][0], ground), (points[0][0], ground)], line.meaning, hatch=True
            )
        if line.joined and points:
            self.scene.polyline(points, width=line.width, dash=line.dash, **look)
        if line.marker:
            for at in range(0, len(points), max(1, math.ceil(len(points) / MOST_DOTS))):
                if np.isfinite(points[at]).all():
                    now = line.rows is not None and int(line.rows[at]) in self.selected
                    self.dot(line, points[at], tip=_tip(line, at), now=now)
        for at, (said, below) in enumerate(
            zip(line.said, lower(line, self.plot) if line.said else (), strict=True)
        ):
            place = points[at][0], points[at][1] + (19 if below else -10)
            self.scene.text(*place, said, size=SIZE, anchor="middle", halo=True)

    def dot(self, line: Line, centre: Point, *, tip: str = "", now: bool = False) -> None:
        """Draw a point as a line's marker is: a square, a triangle, else a circle."""
        x, y = centre
        if line.marker == "square":
            self.scene.area((x - 3.5, y - 3.5, 7, 7), line.meaning, tip=tip, now=now)
        elif line.marker == "triangle":
            corners = [(x, y - 4.5), (x + 4.5, y + 3.5), (x - 4.5, y + 3.5)]
            self.scene.polygon(corners, line.meaning, tip=tip)
            edge = {"tone": "now"} if now else {"meaning": line.meaning}
            self.scene.polyline([*corners, corners[0]], width=1, **edge)
        else:
            self.scene.dot(centre, 3.5, line.meaning, tip=tip, now=now)

    def sample(self, line: Line, x: float, y: float) -> None:
        """Draw what a line looks like, before its name."""
        look = {"tone": line.tone} if line.tone else {"meaning": line.meaning}
        if line.filled or line.between is not None:
            self.scene.area((x, y - 10, 22, 12), line.meaning)
        elif line.joined:
            self.scene.polyline([(x, y - 4), (x + 22, y - 4)], width=line.width, dash=line.dash, **look)
        if line.marker:
            self.dot(line, (x + 11, y - 4))

    def legend_above(self) -> None:
        """Name the lines in a row below the title."""
        x = self.left
        for line in self.plot.legend():
            self.sample(line, x, self.y + 30)
            x += 28 + self.scene.text(x + 28, self.y + 30, line.name, size=SIZE) + 16

    def legend_beside(self) -> None:
        """List the lines with their values at the cursor."""
        scene, x, heads = self.scene, self.right + GAP, self.plot.heads
        edges = [x + LEGEND - 66 * (len(heads) - 1 - at) for at in range(len(heads))]
        for edge, head in zip(edges, heads, strict=True):
            scene.text(edge, self.y + 13, head, size=SIZE, tone="faint", anchor="end")
        y = self.y + 13
        for line in self.plot.legend():
            y += ROW
            self.sample(line, x, y)
            values = self.now.values.get(line.id, ()) if self.now else ()
            room = edges[0] - x - 28 - 66 if edges else LEGEND - 28
            scene.text(x + 28, y, line.name, size=11.5, width=room)
            for at, (edge, value) in enumerate(zip(edges, values, strict=False)):
                scene.text(edge, y, value, size=11.5, anchor="end", bold=not at)
        write_lines(scene, (x, y + ROW), self.plot.words, width=LEGEND, size=SIZE, tone="faint")
