"""Parts of the heap movie: which scopes, which moments, what a step is."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from arenalab.advice.candidates import MANY, PLACES
from arenalab.intake.scopes import of_kind
from arenalab.player.controls import BAR, Choice
from arenalab.player.rasters import Canvas
from arenalab.view.columns import Column
from arenalab.view.heap_index import HeapIndex
from arenalab.view.heap_raster import RATIO
from arenalab.view.heap_steps import UNITS

COLLECT = "cycle"  #: what a click on a collection tells, before its number.
PAGES, SLOTS = "pages", "slots"
CANVASES = (Canvas(PAGES, "Pages of the heap", "main", RATIO), Canvas(SLOTS, "Slots of a span", "main"))
UNIT = Choice(
    "unit",
    "by",
    "What a step is: a collection, from one GCBegin to the next; where the next scope ends; a stretch of time; "
    "one event of the heap",
    BAR,
    tuple(UNITS),
)


def usual_kind(scopes: Mapping[str, int]) -> str:
    """Return whose scopes to show: of those with many the kind with the best place for an arena, "" without any."""
    many = [kind for kind, count in scopes.items() if count >= MANY] or [*scopes]
    place = {
        kind: next((at for at, each in enumerate(PLACES) if kind.startswith(each)), len(PLACES))
        for kind in many
    }
    return min(many, key=lambda kind: (place[kind], -scopes[kind]), default="")


def nearest(moments: Column, at: int, *, forwards: bool) -> int | None:
    """Return the nearest of some moments in ascending order, None where there is none."""
    place = int(np.searchsorted(moments, at, side="right" if forwards else "left")) - (0 if forwards else 1)
    return int(moments[place]) if 0 <= place < len(moments) else None


def begin_of(index: HeapIndex, cycle: int) -> int:
    """Return the moment at which a collection began."""
    return _inside(index, int(index.cycles.begin[cycle]))


def end_of(index: HeapIndex, kind: str, scope: int) -> int:
    """Return the moment at which a scope ended."""
    return _inside(index, of_kind(index.scopes, kind)[scope].end)


def _inside(index: HeapIndex, ticks: int) -> int:
    return max(int(index.moments_of(np.array([ticks]))[0]), index.opening)
