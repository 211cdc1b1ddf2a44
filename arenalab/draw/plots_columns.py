"""What the sources of a picture of plots hold, as JSON data; they travel beside the document, which has none."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from arenalab.draw.plots import Line, Plot, Plots, Tip

ABOVE, BELOW = -14, 15  #: points from a dot to its value.
Columns = dict[str, list[Any]]


def columns_of(plots: Plots) -> dict[str, Columns]:
    """Return name of a source -> name of a column -> its values, for every line and every plot's probe."""
    drawn = [(line, plot) for plot in plots.every() for line in plot.lines]
    found = {line.id: _line(line, plot) for line, plot in drawn if not line.shares}
    for line, _ in drawn:
        if line.shares:
            names = place_of(line)
            found[line.shares] |= _listed(dict(zip(names, (line.x, line.y), strict=True)))
    for plot in plots.every():
        if plot.probe is not None:
            x, tips = plot.probe
            ground = np.full(len(x), plot.upward.low)
            found[probe_name(plots, plot)] = _listed({"x": x, "y": ground, **_told(tips)})
    return found


def place_of(line: Line) -> tuple[str, str]:
    """Return the names of the columns that say where a line's points are."""
    return (f"x {line.id}", f"y {line.id}") if line.shares else ("x", "y")


def probe_name(plots: Plots, plot: Plot) -> str:
    """Return the name of the source that a plot's hover text reads."""
    return f"probe {plots.every().index(plot)}"


def lower(line: Line, plot: Plot) -> list[bool]:
    """Return, for each of a line's points, whether another line has a higher one there: its value stands below it."""
    return [any(its < other.y[at] for other in plot.lines) for at, its in enumerate(line.y)]


def _line(line: Line, plot: Plot) -> Columns:
    columns: dict[str, Any] = {"x": line.x, "y": line.y, **_told(line.tips)}
    columns |= {"upper": line.between} if line.between is not None else {}
    columns |= {"row": line.rows} if line.rows is not None else {}
    if line.said:
        columns |= {"said": line.said, "offset": [BELOW if it else ABOVE for it in lower(line, plot)]}
    return _listed(columns)


def _told(tips: tuple[Tip, ...]) -> dict[str, Any]:
    return {f"t{number}": tip.column for number, tip in enumerate(tips)}


def _listed(columns: dict[str, Any]) -> Columns:
    """Return columns as JSON can hold them; what is no number lies nowhere."""
    lists = {name: np.asarray(column).tolist() for name, column in columns.items()}
    return {name: [_there(it) for it in its] for name, its in lists.items()}


def _there(it: Any) -> Any:
    return None if isinstance(it, float) and not math.isfinite(it) else it
