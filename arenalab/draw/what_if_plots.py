"""What-if's timeline: heap_live of both runs over operations, on one axis that begins at 0."""

from __future__ import annotations

import numpy as np

from arenalab.draw.plots import BYTES, DASHES, Axis, Line, Now, Plot, Plots, Tip
from arenalab.units import counted, human
from arenalab.view.columns import Column
from arenalab.view.what_if import WhatIf
from arenalab.view.what_if_rows import ENDED, LEFT, RIGHT

HEIGHT = 150
SIDES = {LEFT: "A", RIGHT: "B"}


def what_if_plots(view: WhatIf) -> Plots:
    """Return both runs' lines."""
    lines = tuple(_line(view, side, number) for number, side in enumerate(SIDES))
    highest = max(1, *(int(line.y.max(initial=0)) for line in lines))
    across = Axis("operations", 0, max(view.operations, 1))
    plot = Plot(
        "heap_live of both runs", across, Axis("", 0, highest, BYTES), lines, HEIGHT, _probe(view), ("here",)
    )
    name = f"heap_live of both runs over {counted(view.operations, 'operation')}"
    return Plots(name, ((plot,),), across="operation", beside=True)


def what_if_now(view: WhatIf) -> Now:
    """Return the cursor, and heap_live of both runs there."""
    at = int(np.searchsorted(view.lines.operations, view.position, side="right")) - 1
    values = {side: (_said(int(getattr(view.lines, side)[max(at, 0)])),) for side in SIDES}
    return Now(view.position, f"operation {view.position:,}", values)


def _said(value: int) -> str:
    return "ended" if value == ENDED else human(value)


def _line(view: WhatIf, side: str, number: int) -> Line:
    x, y = _steps(view.lines.operations, getattr(view.lines, side))
    title = getattr(view, side).title
    return Line(side, f"{SIDES[side]}: {title}", f"series_{number}", x, y, DASHES[number], width=2.5)


def _steps(x: Column, y: Column) -> tuple[Column, Column]:
    """Return the corners of a line that holds each value until the next; it ends where the run had ended."""
    there = y != ENDED
    x, y = x[there], y[there]
    return np.repeat(x, 2)[1:], np.repeat(y, 2)[: max(2 * len(y) - 1, 0)]


def _probe(view: WhatIf) -> tuple[Column, tuple[Tip, ...]]:
    """Return the words of the hover text: at each operation that is drawn, both runs' heap_live."""
    x = view.lines.operations
    sides = (
        Tip(letter, [_exact(int(v)) for v in getattr(view.lines, side)]) for side, letter in SIDES.items()
    )
    return x, (Tip("after operation", x, "number"), *sides)


def _exact(value: int) -> str:
    return "the run had ended" if value == ENDED else f"{human(value)} ({counted(value, 'byte')})"
