"""Scopes as points, twice, and the lifetimes of their objects between two curves: a selection is one for all."""

from __future__ import annotations

import numpy as np

from arenalab.draw.plots import BYTES, NUMBER, PERCENT, SECONDS, Axis, Line, Plot, Plots, Tip
from arenalab.view.columns import Column, brief
from arenalab.view.scope_points import SORTS, ScopePicture, ScopePoints

HEIGHT, LOWER = 250, 200
MOST = 5_000  #: scopes that are drawn; of more those with most bytes or escapes, and others evenly.
#: For each of SORTS: its look and its marker.
LOOKS = (("heap_died", "square"), ("choice_7", "circle"), ("heap_outlives", "triangle"))
SURELY, PERHAPS = "objects known to be dead at that age", "objects not known to be alive at that age"
SORT_WORDS = (
    "scopes all of whose objects were dead when it ended",
    "scopes of some of whose objects nobody knows whether they were dead when it ended",
    "scopes that some of their objects outlived",
)


def drawn_scopes(points: ScopePoints) -> Column:
    """Return which scopes are drawn, in order: all, or MOST of them."""
    if len(points) <= MOST:
        return np.arange(len(points))
    marked = [np.argsort(-column, kind="stable")[: MOST // 10] for column in (points.bytes, points.escapes)]
    evenly = np.linspace(0, len(points) - 1, MOST - 2 * (MOST // 10)).astype(np.int64)
    return np.unique(np.concatenate([*marked, evenly]))


def advice_plots(view: ScopePicture) -> Plots:
    """Return both scatters and the curves; a scope without objects lies nowhere on a logarithmic scale."""
    points, rows = view.points, drawn_scopes(view.points)
    objects, nbytes, begin = points.objects[rows], points.bytes[rows], points.begin[rows]
    some = objects > 0
    share = 100 * points.escapes[rows] / np.maximum(objects, 1)
    places = {
        "sizes": (np.where(some, objects, np.nan), np.where(some, nbytes, np.nan)),
        "times": (begin, share),
    }
    sizes, times = (_scopes(points, rows, name, *its) for name, its in places.items())
    ids = tuple(line.id for line in sizes)
    by_size = _log("objects", objects), _log("bytes of their slots", nbytes, BYTES)
    by_time = _moments("when it began", begin), Axis("share that escapes", -4, 104, PERCENT)
    upper = (
        Plot("scopes by their size", *by_size, sizes, HEIGHT),
        Plot("what escapes, through the run", *by_time, times, HEIGHT),
    )
    ages = _ages(view, len(points) - len(rows))
    return Plots(f"Advice: {view.kind}", (upper, (ages,)), selects=ids, selected=view.selected)


def _log(words: str, values: Column, unit: str = NUMBER) -> Axis:
    there = values[values > 0] if (values > 0).any() else np.array([1, 10])
    return Axis(words, float(there.min()) * 0.8, float(there.max()) * 1.25, unit, log=True)  # type: ignore[arg-type]


def _moments(words: str, values: Column) -> Axis:
    """Return an axis of moments, with room for the marks at its ends."""
    low, high = float(values.min(initial=0)), float(values.max(initial=0)) or 1
    room = (high - low) * 0.02
    return Axis(words, low - room, high + room, SECONDS)


def _scopes(points: ScopePoints, rows: Column, name: str, x: Column, y: Column) -> tuple[Line, ...]:
    """Return a line of points for each sort of scopes; the second plot's share those of the first."""
    lines = []
    for sort, (meaning, marker) in enumerate(LOOKS):
        mine = points.sort[rows] == sort
        first = f"sizes {sort}"
        shares = "" if name == "sizes" else first
        lines.append(
            Line(
                f"{name} {sort}", SORTS[sort], meaning, x[mine], y[mine], joined=False, marker=marker, of=shares,
                shares=shares, tips=_tips(points, rows[mine]), rows=rows[mine], explain=SORT_WORDS[sort],
            )
        )  # fmt: skip
    return tuple(lines)


def _tips(points: ScopePoints, rows: Column) -> tuple[Tip, ...]:
    """Return the words about some scopes; all of it numbers."""
    told = {name: getattr(points, name)[rows] for name in ("goroutine", "begin", "lasts", "objects", "bytes")}
    fates = zip(points.dead[rows], points.escapes[rows], points.undecided[rows], strict=True)
    by_end = [
        f"{dead:,} dead, {escapes:,} escape, {undecided:,} undecided" for dead, escapes, undecided in fates
    ]
    return (
        Tip("scope", rows + 1, NUMBER), Tip("goroutine", told["goroutine"], NUMBER),
        Tip("began", told["begin"], SECONDS), Tip("lasted", told["lasts"], SECONDS),
        Tip("objects", told["objects"], NUMBER), Tip("slots", told["bytes"], BYTES), Tip("by its end", by_end),
    )  # fmt: skip


def _ages(view: ScopePicture, hidden: int) -> Plot:
    """Return the lifetimes' curves; the truth lies between them."""
    its = view.ages
    surely, perhaps = 100 * its.surely, 100 * its.perhaps
    lines = (
        Line("between", "the truth lies between", "series_0", its.age, surely, between=perhaps, of="surely"),
        Line("surely", "dead for sure", "series_0", its.age, surely, explain=SURELY),
        Line("perhaps", "may be dead", "series_1", its.age, perhaps, "7 4", explain=PERHAPS),
    )  # fmt: skip
    more = f"; {hidden:,} of them are not drawn" if hidden else ""
    title = f"lifetimes of the objects of {brief(view.kind, 40)}, {view.title()}{more}"
    tips = (
        Tip("age", its.age, SECONDS),
        Tip("dead for sure", surely, PERCENT),
        Tip("may be dead", perhaps, PERCENT),
    )
    first, last = (float(its.age[0]), float(its.age[-1])) if len(its) else (1e-6, 1.0)
    across = Axis("age", first, last, SECONDS, log=True)
    upward = Axis("dead by then", -2, 102, PERCENT)
    return Plot(title, across, upward, lines, LOWER, (its.age, tips))
