"""The counters' lines: what each counter is at every moment, where the cursor is, and what Go recorded.

Rules:
1. A line goes through the counter's values at the moments of its axis that are shown; thinning keeps every
   spike, and the scale is that of the whole history.
2. Counters are stacked only where their sum was looked at, after each operation, and found to be the total.
3. The difference is the model's value less Go's, less what `RecordedCounters` says is explained; a counter that
   was never compared has none.
"""

from __future__ import annotations

import numpy as np

from arenalab.units import counted
from arenalab.view.acting import asked
from arenalab.view.columns import Column, text_column
from arenalab.view.counter_groups import GROUPS, TOLD, WORDS, Identity, Plot, in_bytes
from arenalab.view.counter_lines import Beside, CounterLines, Line, Panel, Probe, Recorded
from arenalab.view.counter_series import CounterSeries, Points, Steps
from arenalab.view.reading import Reading, chunk_in_focus, reading
from arenalab.view.windows import Part

OPERATION, EVENT = "operation", "event"
AXES = (OPERATION, EVENT)
GROUP_NAMES = tuple(GROUPS)
NOT_RECORDED = "not recorded: the program's counters; these lines are the model's, of arenas alone"
AT_CYCLES = (
    "Go's are the whole process's, looked at when each cycle's marking ended; the model's are of arenas alone"
)


def counters(
    series: CounterSeries, at: int, *, group: str = "heap", against: str = OPERATION,
    recorded: Recorded | None = None, focus: int | None = None, op: int | None = None,
    window: Part | None = None,
) -> CounterLines:  # fmt: skip
    """Return the lines of a group of counters, with the cursor after `at` events.

    Args:
        series: of the history that is looked at; it is read on where the history grew.
        at: how many events have happened.
        group: one of GROUPS.
        against: what runs from left to right.
        recorded: real Go's counters for the same operations.
        focus: the chunk that linked explorers look into; the counters do not depend on it.
        op: the operation that led here, when it made no event of its own.
        window: the first and the last place of a part of the axis in which no line is thinned further than it must be.

    """
    series.refresh()
    history = series.history
    where = reading(history, at, op)
    chunk = chunk_in_focus(history, at) if focus is None else focus
    paper = _Paper(series, at, where, against, recorded)
    if window is not None:
        paper.window = max(0, window[0]), min(paper.end, window[1])
    panels = tuple(paper.panel(plot) for plot in GROUPS[group])
    return CounterLines(
        reading=where, focus=chunk if 0 <= chunk < len(history.world.spans) else -1,
        group=group, against=against, end=paper.end, window=paper.window, at=paper.cursor, panels=panels,
        told=_told(group, series, recorded), recorded=recorded is not None or bool(paper.real),
        thinned=paper.thinned, cycles=len(paper.real_at),
    )  # fmt: skip


def _told(group: str, series: CounterSeries, recorded: Recorded | None) -> tuple[str, ...]:
    """Describe what no plot shows: what else adds up or does not, and what was not compared."""
    skipped = recorded.skipped if recorded else {}
    real = series.history.real
    unseen = () if series.history.rules.heap_known or recorded else (AT_CYCLES if real else NOT_RECORDED,)
    return (
        *unseen,
        *(_verdict(identity, series)[1] for identity in TOLD[group]),
        *(f"not compared, {counted(count, 'fact')}: {reason}" for reason, count in skipped.items() if count),
    )


def _verdict(identity: Identity, series: CounterSeries) -> tuple[bool, str]:
    """Return whether an identity holds in this history, and the sentence that says so."""
    broken, count = series.kept(identity, lambda: identity.broken(series)), len(series.history.ops)
    if broken < 0:
        return True, f"{identity.sentence()}: so after each of {counted(count, 'operation')}"
    why = f": {identity.unless}" if identity.unless else ""
    return False, f"{identity.sentence()}: not so here, first after operation {broken:,}{why}"


class _Paper:
    """What all panels share: the axis, the cursor, the recording."""

    def __init__(
        self, series: CounterSeries, at: int, where: Reading, against: str, recorded: Recorded | None
    ) -> None:
        self.series, self.at, self.recorded = series, at, recorded
        self.ends = series.op_ends()
        by_op = against == OPERATION
        self.end = len(self.ends) - 1 if by_op else len(series.history)
        self.done = where.op + int(
            where.op < 0 or at >= self.ends[where.op + 1]
        )  #: operations that are done.
        self.cursor = (where.op + 1 - 0.5 * (self.done <= where.op)) if by_op else float(at)
        if where.op < 0:
            self.cursor = float(at)
        #: Where each row of the series stands, and where each operation's end does.
        self.by_op = by_op
        self.rows = series.kept("rows", lambda: np.searchsorted(self.ends, series.at)) if by_op else series.at
        self.marks = self.ends if recorded is None or not by_op else np.arange(len(self.ends))
        self.real = {} if recorded else series.history.real
        ops_done = np.clip(np.asarray(self.real.get("op", ()), dtype=np.int64) + 1, 0, len(self.ends) - 1)
        self.real_at = ops_done if by_op else self.ends[ops_done]
        self.thinned = False
        self.window: Part = (0, self.end)

    def panel(self, plot: Plot) -> Panel:
        stacked, words = bool(plot.adds_up), plot.adds_up or plot.note
        if plot.identity is not None:
            stacked, words = _verdict(plot.identity, self.series)
        lines = tuple(
            self.line(name, below=plot.names[:place] if stacked else ())
            for place, name in enumerate(plot.names)
        )
        total = self.line(plot.identity.total, whole=True) if plot.identity else None
        every = (*lines, *([total] if total else []))
        low, high = min(line.reach[0] for line in every), max(line.reach[1] for line in every)
        scale = low, max(high, low + 1)
        key = ("probe", plot.names, plot.title, stacked, self.by_op, self.window)
        probe = self.series.kept(key, lambda: self.probe(every, plot))
        return Panel(plot.title, plot.unit, stacked, lines, total, *scale, words, probe)

    def probe(self, lines: tuple[Line, ...], plot: Plot) -> Probe:
        """Return the values of some lines at every place where one of them has a corner."""
        x = np.unique(np.concatenate([line.drawn.x for line in lines]))
        moments = self.ends[x] if self.by_op else x
        values = tuple(
            in_bytes(line.key, self.series.value(line.key, moments), self.series)
            if plot.identity is not None and line.key == plot.identity.total
            else self.series.value(line.key, moments)
            for line in lines
        )
        return Probe(x, values, self.asked_at(x))

    def asked_at(self, places: Column) -> Column:
        """Return who asked for the operation that ends at each place; "" on an axis of events, and at the start."""
        history = self.series.history
        return text_column([asked(history, op - 1) if self.by_op and op else "" for op in places.tolist()])

    def line(self, name: str, *, whole: bool = False, below: tuple[str, ...] = ()) -> Line:
        """Return a counter's line, on those `below` it; `whole`: in bytes, as the total of a stack."""
        values = self.series.value(name, np.array([self.at]))
        steps, go = self.model((*below, name), whole=whole), None if below else self.go(name, whole=whole)
        self.thinned = self.thinned or steps.thinned
        go = go or (None if below else self.real_steps(name, whole=whole))
        return Line(
            WORDS[name], name, steps.near(self.window),
            reach=(min(steps.low, go.low if go else 0), max(steps.high, go.high if go else 0)),
            now=int((in_bytes(name, values, self.series) if whole else values)[0]),
            beside=self.beside(name, whole=whole), alone=not below,
        )  # fmt: skip

    def model(self, names: tuple[str, ...], *, whole: bool) -> Steps:
        """Return the sum of some of the model's counters."""

        def make() -> Steps:
            total = sum((self.series.column(name) for name in names[1:]), self.series.column(names[0]))
            return Steps(self.rows, in_bytes(names[0], total, self.series) if whole else total, self.end)

        return self.series.kept((names, whole, self.by_op), make)

    def go(self, name: str, *, whole: bool) -> Steps | None:
        """Return one of Go's counters; None where nobody looked at it."""
        recorded = self.recorded
        if recorded is None or name not in recorded.go:
            return None

        def make() -> Steps:
            values = recorded.go[name]
            return Steps(self.marks, in_bytes(name, values, self.series) if whole else values, self.end)

        return self.series.kept((recorded, "go", name, whole, self.by_op), make)

    def left(self, name: str) -> Steps | None:
        """Return what is left of the difference; None where it was not compared."""
        recorded = self.recorded
        if recorded is None or name not in recorded.left:
            return None
        key = (recorded, "left", name, self.by_op)
        return self.series.kept(key, lambda: Steps(self.marks, recorded.left[name], self.end))

    def beside(self, name: str, *, whole: bool) -> Beside | None:
        """Return what a recording says of a counter."""
        if self.real:
            return self.at_cycles(name, whole=whole)
        recorded, go, left = self.recorded, self.go(name, whole=whole), self.left(name)
        if recorded is None or go is None:
            return None
        unseen = recorded.unseen.get(name)
        go_now = int(go.y[self.done])
        return Beside(
            go=go.near(self.window), go_now=go_now, apart=self.value(name, whole=whole) - go_now,
            left=left.near(self.window) if left else None,
            left_now=int(left.y[self.done]) if left else 0,
            far=max(-left.low, left.high) if left else 0,
            unseen=0 if unseen is None else int(unseen[self.done]),
        )  # fmt: skip

    def at_cycles(self, name: str, *, whole: bool) -> Beside | None:
        """Return what Go counted at the end of each cycle; None where it did not say."""
        steps = self.real_steps(name, whole=whole)
        if steps is None:
            return None
        done = int(np.searchsorted(steps.x, self.cursor, side="right"))
        now = int(steps.y[done - 1]) if done else None
        apart = 0 if now is None else self.value(name, whole=whole) - now
        marks = Points(steps.x, steps.y)
        return Beside(steps.near(self.window), now, apart, None, left_now=0, far=0, unseen=0, marks=marks)

    def real_steps(self, name: str, *, whole: bool) -> Steps | None:
        """Return Go's counter as it was at the end of each cycle that it was looked at."""
        values = self.real.get(WORDS[name])
        if values is None:
            return None
        known = values >= 0
        return Steps(
            self.real_at[known],
            in_bytes(name, values, self.series)[known] if whole else values[known],
            self.end,
        )

    def value(self, name: str, *, whole: bool) -> int:
        """Return the model's value at the end of the last operation that is done."""
        value = self.series.value(name, self.ends[self.done : self.done + 1])
        return int((in_bytes(name, value, self.series) if whole else value)[0])
