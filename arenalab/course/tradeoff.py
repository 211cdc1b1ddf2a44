"""Tradeoff: processor time against memory, a line for each way, a point for each GOGC: what is bought with what."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from arenalab.advice.tree_costs import TreeCosts, TreeRow
from arenalab.course.chart import DASHES, Chart, Line, Measured
from arenalab.draw.plots import Axis, Plot, Plots, Tip, beyond
from arenalab.draw.plots import Line as Drawn
from arenalab.units import counted

HEIGHT = 380
MARKERS = ("circle", "square", "triangle")
MEMORY, TIME = "MiB at most", "ns a node"


@dataclass(frozen=True, repr=False)
class Tradeoff(Measured):
    """Memory across and processor time upward, both logarithmic: what lies to the left and below is better in both."""

    ways: tuple[tuple[str, tuple[TreeRow, ...]], ...]  #: name -> its rows, one for each GOGC.

    def text(self) -> str:
        """Return the numbers as text."""
        told = [f"{self.title}: {TIME} at {MEMORY}, by GOGC"]
        for name, rows in self.ways:
            points = ", ".join(f"{row.gogc}: {row.cpu_ns:.0f} at {row.peak_mib:.0f}" for row in rows)
            told.append(f"  {name}: {points}")
        return "\n".join(told)

    def plots(self) -> Plots:
        """Return it as a picture that can be drawn."""
        rows = [row for _, its in self.ways for row in its]
        across = _axis(MEMORY, [row.peak_mib for row in rows])
        upward = _axis(TIME, [row.cpu_ns for row in rows])
        lines = tuple(_line(number, name, its) for number, (name, its) in enumerate(self.ways))
        words = "Beside the points: GOGC. Left and below is better in both."
        return Plots(self.title, ((Plot(self.title, across, upward, lines, HEIGHT, words=words),),))


def _axis(words: str, values: list[float]) -> Axis:
    return Axis(words, *beyond(values), log=True)


def _line(number: int, name: str, rows: tuple[TreeRow, ...]) -> Drawn:
    """Return a way's points; where a larger GOGC takes more memory, joined and each with its GOGC beside it."""
    peaks = [row.peak_mib for row in rows]
    buys = peaks == sorted(peaks) and peaks[-1] > 2 * peaks[0]
    rows = tuple(sorted(rows, key=lambda row: row.peak_mib))
    tips = (
        Tip("", [f"{name}, GOGC={row.gogc}" for row in rows]),
        Tip("", [f"{row.cpu_ns:.1f} {TIME} (up to {row.most_ns:.1f})" for row in rows]),
        Tip("", [f"{row.peak_mib:.0f} {MEMORY}, {counted(row.cycles, 'collection')}" for row in rows]),
    )
    x, y = np.array([row.peak_mib for row in rows]), np.array([row.cpu_ns for row in rows])
    return Drawn(
        f"way {number}", name, f"series_{min(number, 5)}", x, y, DASHES[number % len(DASHES)],
        marker=MARKERS[number % len(MARKERS)], said=tuple(row.gogc for row in rows) if buys else (), joined=buys,
        tips=tips,
    )  # fmt: skip


def tradeoff(costs: TreeCosts, title: str, *ways: tuple[str, str]) -> Tradeoff:
    """Return the picture of some (Go, source of nodes), such as ("1.27", "arena")."""
    return Tradeoff(title, tuple((f"{go} {on}", costs.by_gogc(go, on)) for go, on in ways))


def by_gogc(costs: TreeCosts, title: str, *ways: tuple[str, str, tuple[str, ...]]) -> Chart:
    """Return processor time by GOGC of some (name, Go, experiments that the build did without), on the heap."""
    found = [(name, costs.by_gogc(go, "heap", without)) for name, go, without in ways]
    lines = tuple(Line(name, tuple(row.cpu_ns for row in rows)) for name, rows in found)
    return Chart(title, "GOGC", TIME, tuple(row.gogc for row in found[0][1]), lines)


def by_nodes(costs: TreeCosts, title: str, go: str, *on: str) -> Chart:
    """Return processor time by the nodes of a tree, with GOGC=100, of some sources of nodes."""
    found = [(name, costs.by_nodes(go, name)) for name in on]
    lines = tuple(Line(name, tuple(row.cpu_ns for row in rows)) for name, rows in found)
    return Chart(title, "nodes of a tree", TIME, tuple(f"{row.nodes:,}" for row in found[0][1]), lines)
