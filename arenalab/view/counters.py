"""The counters' lines: what each counter is at every moment, where the cursor is, and what Go recorded.

Laws of this file:
1. A line goes through the counter's values at the moments of its axis; thinning keeps every spike.
2. Counters are stacked only where their sum was looked at, after each operation, and found to be the total.
3. The difference is the model's value less Go's, less what `RecordedCounters` says is explained; a counter that
   was never compared has none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from arenalab.units import human
from arenalab.view.columns import Column, text_column
from arenalab.view.counter_groups import BYTES, GROUPS, TOLD, WORDS, Identity, Plot, in_bytes
from arenalab.view.counter_series import CounterSeries, Points, step_line
from arenalab.view.reading import Reading, chunk_in_focus, reading

OPERATION, EVENT = "operation", "event"
AXES = (OPERATION, EVENT)
GROUP_NAMES = tuple(GROUPS)
ZONES = 48  #: parts from left to right of which a picture tells the values where one points.


@dataclass(frozen=True)
class Recorded:
    """What real Go counted: columns by the model's name, one value for the start and one after each operation."""

    go: Mapping[str, Column]
    left: Mapping[str, Column]  #: the difference that is left; no entry where nothing was compared.
    unseen: Mapping[str, Column]  #: operations so far at which a counter was not compared.
    skipped: Mapping[str, int]  #: reason -> facts not compared.


@dataclass(frozen=True)
class Beside:
    """What real Go counted, beside one of the model's counters."""

    go: Points  #: Go's line.
    go_now: int  #: Go's value after the last operation that is done.
    apart: int  #: the model's value less Go's, at that operation's end.
    left: (
        Points | None
    )  #: what is left of the difference when what is explained is taken off; None: not compared.
    left_now: int
    unseen: int  #: operations, until the cursor, at which it was not compared.


@dataclass(frozen=True)
class Line:
    """One counter, as the model has it and as Go recorded it."""

    name: str  #: Go's word, or ours for what is no counter.
    key: str  #: the column of the series.
    drawn: Points  #: the model's; of a stack, this one and all below it.
    now: int  #: the model's value at the cursor.
    beside: Beside | None = None
    alone: bool = True  #: whether it stands on nothing, so that Go's line may be drawn as well.


@dataclass(frozen=True)
class Panel:
    """One plot."""

    title: str
    unit: str  #: BYTES or NUMBER.
    stacked: bool
    lines: tuple[Line, ...]  #: of a stack from the bottom up.
    total: Line | None  #: the counter that a stack adds up to.
    low: int  #: least and greatest value of the whole history, so that the scale stands still.
    high: int
    words: str  #: what adds up, or why it is not stacked.
    told: Column  #: for each zone of the picture, the values at its right end, in words.

    def every(self) -> tuple[Line, ...]:
        """Return all lines, the total last."""
        return self.lines if self.total is None else (*self.lines, self.total)

    def far(self) -> int:
        """Return the greatest difference that is left anywhere, for a scale."""
        left = (line.beside.left for line in self.every() if line.beside)
        return max((int(np.abs(points.y).max(initial=0)) for points in left if points is not None), default=0)


@dataclass(frozen=True)
class CounterLines:
    """All that the counters' picture shows."""

    reading: Reading
    focus: int  #: the chunk that the other explorers look into; −1 for none.
    group: str
    against: str  #: what runs from left to right: OPERATION or EVENT.
    end: int  #: the last of them.
    zones: Column  #: from left to right, where one value is told after another; the first is 0.
    at: float  #: where the cursor is; within an operation, between two of them.
    panels: tuple[Panel, ...]
    told: tuple[str, ...]  #: what else adds up or does not, and what was not compared.
    recorded: bool  #: whether real Go's counters stand beside the model's.

    def text(self) -> str:
        """Tell the values at the cursor, and the differences."""
        axis = f"counters: {self.group}, against {self.against}s, 0 to {self.end:,}"
        told = [line for panel in self.panels for line in _panel_text(panel)]
        return "\n\n".join([self.reading.text(), "\n".join([axis, *told]), "\n".join(self.told)]).rstrip()


def _panel_text(panel: Panel) -> list[str]:
    head = f"{panel.title}, {panel.unit}{', stacked' if panel.stacked else ''}"
    return [
        head,
        *(f"  {line_words(line)}" for line in panel.every()),
        *([f"  {panel.words}"] * bool(panel.words)),
    ]


def line_words(line: Line) -> str:
    """Tell a line at the cursor: the model's value, and Go's with the difference where there is one."""
    said, beside = f"{line.name} {line.now:,}", line.beside
    if beside is None:
        return said
    unseen = f", {beside.unseen} operations not compared" if beside.unseen and beside.left else ""
    return f"{said}, Go {beside.go_now:,}, {difference_words(beside)}{unseen}"


def difference_words(beside: Beside) -> str:
    """Tell the difference between the model and Go, and how much of it is explained."""
    if beside.left is None:
        return "not compared"
    if beside.apart == beside.left_now:
        return f"difference {beside.left_now:,}"
    return f"difference {beside.apart:,}, left when explained: {beside.left_now:,}"


def counters(
    series: CounterSeries, at: int, *, group: str = "heap", against: str = OPERATION,
    recorded: Recorded | None = None, focus: int | None = None, op: int | None = None,
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

    """
    series.refresh()
    history = series.history
    where = reading(history, at, op)
    chunk = chunk_in_focus(history, at) if focus is None else focus
    paper = _Paper(series, at, where, against, recorded)
    skipped = recorded.skipped if recorded else {}
    return CounterLines(
        reading=where,
        focus=chunk if 0 <= chunk < len(history.world.spans) else -1,
        group=group,
        against=against,
        end=paper.end,
        zones=paper.zones,
        at=paper.cursor,
        panels=tuple(paper.panel(plot) for plot in GROUPS[group]),
        told=(
            *(_verdict(identity, series)[1] for identity in TOLD[group]),
            *(f"not compared, {count:,} facts: {reason}" for reason, count in skipped.items() if count),
        ),
        recorded=recorded is not None,
    )


def _verdict(identity: Identity, series: CounterSeries) -> tuple[bool, str]:
    """Return whether an identity holds in this history, and the sentence that says so."""
    broken, count = series.kept(identity, lambda: identity.broken(series)), len(series.history.ops)
    if broken < 0:
        return True, f"{identity.sentence()}: so after each of {count:,} operations"
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
        self.zones = np.unique(np.linspace(0, self.end, ZONES + 1).astype(np.int64))
        self.moments = self.ends[self.zones] if by_op else self.zones

    def panel(self, plot: Plot) -> Panel:
        stacked, words = bool(plot.adds_up), plot.adds_up or plot.note
        if plot.identity is not None:
            stacked, words = _verdict(plot.identity, self.series)
        lines = self.stack(plot.names) if stacked else tuple(self.line(name) for name in plot.names)
        total = self.line(plot.identity.total, whole=True) if plot.identity else None
        every = (*lines, *([total] if total else []))
        shown = [line.drawn.y for line in every]
        shown += [line.beside.go.y for line in every if line.beside and line.alone]
        low, high = min(int(y.min(initial=0)) for y in shown), max(int(y.max(initial=0)) for y in shown)
        return Panel(
            plot.title,
            plot.unit,
            stacked,
            lines,
            total,
            low,
            max(high, low + 1),
            words,
            self.told(every, plot),
        )

    def told(self, lines: tuple[Line, ...], plot: Plot) -> Column:
        """Return the values of some lines at the end of each zone, one line of text for each."""
        columns = []
        for line in lines:
            whole = plot.identity is not None and line.key == plot.identity.total
            values = self.series.value(line.key, self.moments[1:])
            values = in_bytes(line.key, values, self.series) if whole else values
            columns.append([f"{line.name} {amount(int(value), plot.unit)}" for value in values])
        return text_column(["\n".join(row) for row in zip(*columns, strict=True)])

    def line(self, name: str, *, whole: bool = False) -> Line:
        """Return a counter's line; `whole`: in bytes, as the total of a stack."""
        values = self.series.value(name, np.array([self.at]))
        now = int((in_bytes(name, values, self.series) if whole else values)[0])
        return Line(WORDS[name], name, self.drawn((name,), whole=whole), now, self.beside(name, whole=whole))

    def drawn(self, names: tuple[str, ...], *, whole: bool = False) -> Points:
        """Return the line of the sum of some counters."""

        def make() -> Points:
            total = sum((self.series.column(name) for name in names[1:]), self.series.column(names[0]))
            total = in_bytes(names[0], total, self.series) if whole else total
            return step_line(self.rows, total, self.end)

        return self.series.kept((names, whole, self.by_op), make)

    def stack(self, names: tuple[str, ...]) -> tuple[Line, ...]:
        """Return lines that stand on each other."""
        return tuple(
            replace(self.line(name), drawn=self.drawn(names[: place + 1]), alone=not place)
            for place, name in enumerate(names)
        )

    def beside(self, name: str, *, whole: bool) -> Beside | None:
        """Return what a recording says of a counter."""
        recorded = self.recorded
        if recorded is None or name not in recorded.go:
            return None
        go = in_bytes(name, recorded.go[name], self.series) if whole else recorded.go[name]
        left, unseen = recorded.left.get(name), recorded.unseen.get(name)
        return Beside(
            go=step_line(self.marks, go, self.end),
            go_now=int(go[self.done]),
            apart=int(self.value(name, whole=whole) - go[self.done]),
            left=None if left is None else step_line(self.marks, left, self.end),
            left_now=0 if left is None else int(left[self.done]),
            unseen=0 if unseen is None else int(unseen[self.done]),
        )

    def value(self, name: str, *, whole: bool) -> int:
        """Return the model's value at the end of the last operation that is done."""
        value = self.series.value(name, self.ends[self.done : self.done + 1])
        return int((in_bytes(name, value, self.series) if whole else value)[0])


def amount(value: int, unit: str) -> str:
    """Write a value as a label."""
    return human(value) if unit == BYTES else f"{value:,}"
