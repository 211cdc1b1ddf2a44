"""Which functions would make good scopes: of the objects allocated under each, how many are dead when its call ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from arenalab.intake.lifetimes import Lifetimes, lifetimes_of
from arenalab.intake.log import TraceLog
from arenalab.intake.objects import Objects
from arenalab.intake.stacks import RUNTIME
from arenalab.intake.under import Runs, Shown, shown_by

FEW = 0.02  #: share of escapes up to which a function counts as one whose objects stay in it.


@dataclass(frozen=True)
class Function:
    """A function as a scope: its calls, and what became of the objects allocated under it."""

    name: str  #: with its package, as Go writes it.
    calls: int  #: that the stacks show.
    objects: int  #: allocated under it.
    bytes: int  #: of their slots.
    dead: int  #: of them, by the call's end.
    escapes: int  #: known to outlive it.
    undecided: int  #: of which neither is known.

    @property
    def kind(self) -> str:
        """The kind of scope to ask for."""
        return f"under {self.name}"

    @property
    def closed(self) -> bool:
        """Whether few objects are known to escape."""
        return self.escapes <= FEW * self.objects

    def line(self) -> str:
        """Return it in words."""
        return (
            f"{self.kind}: {self.calls:,} × {self.objects / self.calls:,.1f} objects, {self.bytes:,} B; "
            f"dead {self.dead:,}, escapes {self.escapes:,}, undecided {self.undecided:,}"
        )


@dataclass(frozen=True)
class _Born:
    """The objects of `Seen`'s rows that are allocations; moments as in `Lifetimes`."""

    row: NDArray[np.intp]
    size: NDArray[np.int64]
    alive: NDArray[np.int64]
    dead: NDArray[np.int64]


def functions_of(
    log: TraceLog, objects: Objects, shown: Shown | None = None, lifetimes: Lifetimes | None = None
) -> list[Function]:
    """Return the functions outside the runtime as scopes: first those that few objects escape, by bytes.

    Objects of goroutines that a function starts are not counted here; `verdict("under F")` has them.
    """
    shown = shown or shown_by(log)
    born = _born(shown, objects, lifetimes or lifetimes_of(log, objects))
    table = shown.calls.by_depth()
    totals = np.zeros((5, len(shown.calls.functions)), np.int64)
    for depth in range(table.shape[1]):
        call = table[:, depth][shown.seen.place]
        _add(totals, shown, shown.runs(call.astype(np.int64)), born)
    return sorted(_functions(shown, totals), key=lambda each: (not each.closed, -each.bytes, each.name))


def _born(shown: Shown, objects: Objects, lifetimes: Lifetimes) -> _Born:
    row = np.flatnonzero(shown.seen.birth >= 0)
    rows = np.searchsorted(objects.birth, shown.seen.birth[row])
    return _Born(row, objects.size[rows], lifetimes.alive[rows], lifetimes.dead[rows])


def _add(totals: NDArray[np.int64], shown: Shown, runs: Runs, born: _Born) -> None:
    """Add the calls of one depth, and what was allocated in them, to the sums of each call's number."""
    first, last, number = (each[runs.whole] for each in runs[:3])
    if not len(first):
        return
    run = np.searchsorted(first, born.row, side="right") - 1
    mine = np.flatnonzero(np.logical_and(run >= 0, born.row <= last[run]))
    run = run[mine]
    end = last[run]
    dead = born.dead[mine] <= shown.seen.earliest[end]
    escapes = born.alive[mine] >= shown.seen.time[end + 1]
    sums = (None, born.size[mine], dead, escapes)
    totals[0] += np.bincount(number, minlength=totals.shape[1])
    for place, weights in enumerate(sums, 1):
        totals[place] += np.bincount(number[run], weights, totals.shape[1]).astype(np.int64)


def _functions(shown: Shown, totals: NDArray[np.int64]) -> Iterator[Function]:
    names, which = np.unique(np.array(shown.calls.functions, dtype=object).astype(str), return_inverse=True)
    sums = [np.bincount(which, row, len(names)).astype(np.int64).tolist() for row in totals]
    for name, calls, objects, size, dead, escapes in zip(names.tolist(), *sums, strict=True):
        if objects and not name.startswith(RUNTIME):
            yield Function(name, calls, objects, size, dead, escapes, objects - dead - escapes)
