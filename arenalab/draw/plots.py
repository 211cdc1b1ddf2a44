"""Plots: what a picture with a numeric axis shows, before it is drawn: a live figure and a still are made of it.

Rules:
1. Nothing here knows bokeh, a colour or a pixel; a line's `meaning` is a key of the theme.
2. `Plots` does not depend on the cursor. What does is `Now`, which is small and made for each step.
3. Lines that stand in one picture differ in dash, marker or hatch, not in colour alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from arenalab.view.columns import Column

Unit = Literal["bytes", "number", "seconds", "percent"]
BYTES: Unit = "bytes"
NUMBER: Unit = "number"
SECONDS: Unit = "seconds"
PERCENT: Unit = "percent"
DASHES = (
    "",
    "9 3",
    "4 3",
    "9 3 2 3",
    "2 3",
    "6 2",
)  #: of a plot's lines, the first whole; as SVG writes them.
ROOM = 0.06  #: of a linear scale, above the highest and below the lowest value.
GO_DASH = "2 4"  #: of what real Go counted.


@dataclass(frozen=True)
class Axis:
    """A scale, from `low` to `high`.

    Args:
        words: what is counted; the unit in which it is written is in `unit`.
        low: where it begins; above 0 where `log`.
        high: where it ends.
        unit: how a number is written.
        log: whether equal ratios are equal distances.
        ticks: names of the places 0, 1, 2 …, where the axis counts nothing.

    """

    words: str
    low: float
    high: float
    unit: Unit = NUMBER
    log: bool = False
    ticks: tuple[str, ...] = ()

    def said(self) -> str:
        """Describe what is counted, and that a scale is logarithmic where it is."""
        return f"{self.words} (log scale)" if self.log else self.words


def ends(across: Axis) -> tuple[float, float]:
    """Return the ends of a scale across; named places have room to either side."""
    if across.ticks:
        return -0.4, len(across.ticks) - 0.6
    return across.low, max(across.high, across.low + 1e-9)


def roomy(axis: Axis) -> tuple[float, float]:
    """Return the ends of a scale upwards, with room for a line's width."""
    if axis.unit == PERCENT:
        return axis.low, axis.high
    if axis.log:
        return axis.low, max(axis.high, axis.low * 1.01)
    room = ((axis.high - axis.low) or 1) * ROOM
    return axis.low - room * (1 if axis.low < 0 else 0.3), axis.high + room


def beyond(values: Iterable[float]) -> tuple[float, float]:
    """Return the ends of a logarithmic scale that leave room beside its outermost points for what is said there."""
    low, high = min(there := [*values]), max(there)
    room = max(1.25, (high / low) ** 0.14)
    return low / room, high * room


def strip_ticks(axis: Axis) -> list[float]:
    """Return what a strip's scale upwards names: 0, and its ends where they are whole."""
    return sorted({0.0, *(end for end in (axis.low, axis.high) if abs(end) >= 1)})


@dataclass(frozen=True, eq=False)
class Tip:
    """A line of a hover text."""

    label: str  #: ours, never a word from outside.
    column: Column | Sequence[Any]  #: one for each point; words, or numbers to be written by `unit`.
    unit: Unit | Literal["words"] = "words"


@dataclass(frozen=True, eq=False)
class Line:
    """Points of one plot, joined or not.

    Args:
        id: which it is, among all of the picture; its source and its renderer are named so.
        name: what the legend says.
        meaning: key of a look.
        x: rising where they are joined.
        y: as many.
        dash: as SVG writes it; "" is a whole line.
        joined: whether a line goes through the points.
        filled: whether the area down to 0 is filled and hatched as the meaning is.
        between: another y for each x; what lies between the two is filled instead of a line.
        marker: of the points; "" for none.
        of: id of the line that it belongs to and is hidden with; "" where it stands in the legend itself.
        said: whether each point's value is written beside it.
        tips: the hover text of a point.
        explain: a sentence for the legend.
        tone: a tone of the paper instead of the meaning's colour.
        width: of the line, in points.
        rows: which each point is, where points can be selected.
        shares: id of the line with the same points in another plot: what is selected of one is of both.

    """

    id: str
    name: str
    meaning: str
    x: Column
    y: Column
    dash: str = ""
    joined: bool = True
    filled: bool = False
    between: Column | None = None
    marker: str = ""
    of: str = ""
    said: tuple[str, ...] = ()
    tips: tuple[Tip, ...] = ()
    explain: str = ""
    tone: str = ""
    width: float = 2
    rows: Column | None = None
    shares: str = ""


@dataclass(frozen=True, eq=False)
class Plot:
    """One plot.

    Args:
        title: of it.
        across: the scale from left to right.
        upward: the scale upwards.
        lines: from the bottom up.
        height: points of the whole plot in a wide picture, words and ticks included.
        probe: x of places where the hover text names all lines, and its text; None: the lines' own tips.
        heads: of the columns of values at the cursor; none where there are no such.
        words: a sentence below the legend.
        strip: whether it is a strip of the plot above: no title, no legend of its own.
        bare: whether the axis across has no words and numbers, as that of the plot below is the same.

    """

    title: str
    across: Axis
    upward: Axis
    lines: tuple[Line, ...]
    height: int = 200
    probe: tuple[Column, tuple[Tip, ...]] | None = None
    heads: tuple[str, ...] = ()
    words: str = ""
    strip: bool = False
    bare: bool = False

    def legend(self) -> list[Line]:
        """Return the lines that a legend names: those that have points and stand for themselves."""
        return [line for line in self.lines if not line.of and len(line.x)]


@dataclass(frozen=True, eq=False)
class Plots:
    """A picture of plots.

    Args:
        name: what it is called.
        rows: the plots, those of a row side by side. All with the same words across share that axis.
        across: what a step along the axis is, if a reader can go there: "operation" or "event"; else "".
        beside: whether the legend stands beside its plot and not above it.
        told: lines of words below.
        thinned: whether a part of it, when asked for, is sent in more detail.
        selects: ids of the lines whose selected points are sent to the kernel, by their `rows`.
        selected: the rows that are selected.

    """

    name: str
    rows: tuple[tuple[Plot, ...], ...]
    across: str = ""
    beside: bool = False
    told: tuple[str, ...] = ()
    thinned: bool = False
    selects: tuple[str, ...] = ()
    selected: tuple[int, ...] = ()

    def every(self) -> list[Plot]:
        """Return all plots, in the order in which one reads."""
        return [plot for row in self.rows for plot in row]


@dataclass(frozen=True)
class Now:
    """What a step changes in a picture of plots."""

    at: float  #: place of the cursor on the axis across.
    said: str  #: the same in words.
    values: Mapping[str, tuple[str, ...]] = field(
        default_factory=dict
    )  #: id of a line -> its values, by `Plot.heads`.

    def data(self) -> dict[str, Any]:
        """Return it as JSON data."""
        return {
            "at": self.at,
            "said": self.said,
            "values": {name: list(it) for name, it in self.values.items()},
        }
