"""Scopes of a kind as points, and the lifetimes of their objects between two curves: recorded, no model in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from arenalab.intake.deaths import NEVER
from arenalab.intake.lifetimes import DEAD, ESCAPES, UNDECIDED, Lifetimes
from arenalab.intake.log import TraceLog
from arenalab.intake.objects import Objects
from arenalab.intake.scopes import Scope
from arenalab.intake.verdict import Verdict
from arenalab.units import counted
from arenalab.view.columns import Column, View, listing, text_column

GRID = 121  #: ages at which the curves are read, equal ratios apart.
SHORTEST = 1e-6  #: seconds; stamps hardly tell finer.
SURELY_DEAD, IN_PART, SOME_ESCAPE = range(3)
SORTS = ("all dead by its end", "undecided in part", "something escapes")


@dataclass(frozen=True, eq=False)
class ScopePoints(View):
    """One row for each scope, in the order of their ends."""

    scope: Column  #: from 0.
    goroutine: Column  #: that began it.
    begin: Column  #: seconds since tracing began.
    lasts: Column  #: seconds.
    objects: Column  #: that were allocated in it.
    bytes: Column  #: of their slots.
    dead: Column  #: objects known dead by its end,
    escapes: Column  #: known to outlive it,
    undecided: Column  #: of which neither is known.
    sort: Column  #: place in `SORTS`.

    def records(self, rows: NDArray[np.intp] | list[int]) -> np.recarray[Any, Any]:
        """Return some rows as a record array; `escapes` of the first is `records[0].escapes`."""
        names = [name for name in self.columns() if name != "sort"]
        columns = {name: getattr(self, name)[rows] for name in names}
        answer = np.recarray(len(rows), [(name, column.dtype) for name, column in columns.items()])
        for name, column in columns.items():
            answer[name] = column
        return answer


@dataclass(frozen=True, eq=False)
class Ages(View):
    """Which share of some objects was dead at an age: the truth lies between the two."""

    age: Column  #: seconds since birth.
    surely: Column  #: share that was dead for sure at that age,
    perhaps: Column  #: and that may have been.


def scope_points(log: TraceLog, its: Verdict, scopes: list[Scope]) -> ScopePoints:
    """Return the scopes of a verdict, which has the objects of `scopes`."""
    count = len(scopes)
    edges = np.array([(each.g, each.begin, each.end) for each in scopes], np.int64).reshape(-1, 3)
    first = int(log.heap.time[0]) if len(log.heap) else 0
    ticks = max(log.ticks, 1)
    fates = [np.bincount(its.of[its.fate == fate], minlength=count) for fate in (DEAD, ESCAPES, UNDECIDED)]
    dead, escapes, undecided = fates
    return ScopePoints(
        scope=np.arange(count),
        goroutine=edges[:, 0],
        begin=(edges[:, 1] - first) / ticks,
        lasts=(edges[:, 2] - edges[:, 1]) / ticks,
        objects=np.bincount(its.of, minlength=count),
        bytes=np.bincount(its.of, its.size, count).astype(np.int64),
        dead=dead,
        escapes=escapes,
        undecided=undecided,
        sort=np.where(escapes > 0, SOME_ESCAPE, np.where(undecided > 0, IN_PART, SURELY_DEAD)),
    )


def ages(log: TraceLog, objects: Objects, lifetimes: Lifetimes, rows: NDArray[np.intp]) -> Ages:
    """Return how old some objects became, between two curves; none of them: no curve."""
    ticks, latest = max(log.ticks, 1), log.heap.time[objects.birth[rows]]
    earliest = latest - log.heap.wide("ahead", objects.birth[rows])
    dead = lifetimes.dead[rows]
    known = dead != NEVER
    most = np.sort((dead[known] - earliest[known]) / ticks)
    least = np.sort(np.maximum(lifetimes.alive[rows] - latest, 0) / ticks)
    if not len(rows):
        return Ages(np.zeros(0), np.zeros(0), np.zeros(0))
    run = max(int(log.heap.time[-1] - log.heap.time[0]) / ticks, 10 * SHORTEST)
    age = np.geomspace(SHORTEST, run, GRID)
    return Ages(
        age,
        np.searchsorted(most, age, side="right") / len(rows),
        np.searchsorted(least, age, side="left") / len(rows),
    )


@dataclass(frozen=True)
class ScopePicture:
    """All that the picture of a kind of scopes shows."""

    kind: str  #: of the scopes.
    points: ScopePoints  #: one for each scope.
    selected: tuple[int, ...]  #: scopes that were selected; none of them means all.
    ages: Ages  #: of the selected scopes' objects.
    words: tuple[str, ...]  #: what became of the objects of all scopes, and what would come of arenas.

    def title(self) -> str:
        """Describe which scopes the lifetimes are of."""
        every = counted(len(self.points), "scope")
        return f"{len(self.selected):,} of {every} selected" if self.selected else every

    def text(self) -> str:
        """Return the picture as text, with its numbers."""
        points = self.points.columns()
        points["sort"] = text_column([SORTS[number] for number in points["sort"].tolist()])
        points["scope"] = points["scope"] + 1
        for name in ("begin", "lasts"):
            points[name] = text_column([f"{value:.6f}" for value in points[name].tolist()])
        if self.selected:
            points = {name: column[list(self.selected)] for name, column in points.items()}
        curves = {name: column[:: GRID // 20] for name, column in self.ages.columns().items()}
        told = {"age, s": text_column([f"{age:.2g}" for age in curves["age"].tolist()])}
        for name in ("surely", "perhaps"):
            told[f"{name} dead"] = text_column([f"{100 * share:.1f} %" for share in curves[name].tolist()])
        return "\n\n".join([
            f"{self.kind}, {self.title()}; recorded, no model in it\n{listing(points)}",
            f"lifetimes of their objects\n{listing(told)}",
            "\n".join(self.words),
        ])  # fmt: skip
