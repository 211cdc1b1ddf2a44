"""What the counters' picture shows, in numbers and as text: plots, their lines, and Go's beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from arenalab.units import human, plainly
from arenalab.view.columns import Column
from arenalab.view.counter_groups import BYTES, Unit
from arenalab.view.counter_series import Points
from arenalab.view.reading import Reading
from arenalab.view.windows import Part


@dataclass(frozen=True, eq=False)  # one is itself alone, so that what is made of it can be kept
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
    go_now: (
        int | None
    )  #: Go's value after the last operation that is done; None before the first that was looked at.
    apart: int  #: the model's value less Go's, at that operation's end.
    left: (
        Points | None
    )  #: what is left of the difference when what is explained is taken off; None: not compared.
    left_now: int
    far: int  #: the greatest difference that is left anywhere in the history.
    unseen: int  #: operations, until the cursor, at which it was not compared.
    marks: Points | None = None  #: where Go was looked at, when not after each operation.


@dataclass(frozen=True)
class Line:
    """One counter, as the model has it and as Go recorded it."""

    name: str  #: Go's word, or ours for what is no counter.
    key: str  #: the column of the series.
    drawn: Points  #: the model's; of a stack, this one and all below it.
    reach: tuple[int, int]  #: least and greatest value in the history, Go's as well where it is drawn, and 0.
    now: int  #: the model's value at the cursor.
    beside: Beside | None = None
    alone: bool = True  #: whether it stands on nothing, so that Go's line may be drawn as well.


@dataclass(frozen=True, eq=False)
class Probe:
    """All lines of a plot at the places where one of them changes, as far as its line was not thinned."""

    x: Column
    values: tuple[Column, ...]  #: for each line, the total last.
    asked: Column  #: who asked for the operation that ends there; "" for nobody.


@dataclass(frozen=True)
class Panel:
    """One plot."""

    title: str
    unit: Unit
    stacked: bool
    lines: tuple[Line, ...]  #: of a stack from the bottom up.
    total: Line | None  #: the counter that a stack adds up to.
    low: int  #: least and greatest value of the whole history, so that the scale stands still.
    high: int
    words: str  #: what adds up, or why it is not stacked.
    probe: Probe  #: places at which the hover text names every line.

    def every(self) -> tuple[Line, ...]:
        """Return all lines, the total last."""
        return self.lines if self.total is None else (*self.lines, self.total)

    def far(self) -> int:
        """Return the greatest difference that is left anywhere, for a scale."""
        return max((line.beside.far for line in self.every() if line.beside), default=0)


@dataclass(frozen=True)
class CounterLines:
    """All that the counters' picture shows."""

    reading: Reading
    focus: int  #: the chunk that the other explorers look into; −1 for none.
    group: str
    against: str  #: what runs from left to right: OPERATION or EVENT.
    end: int  #: the last of them.
    window: Part  #: the first and the last of a part in which lines are thinned no further than they must be.
    at: float  #: where the cursor is; within an operation, between two of them.
    panels: tuple[Panel, ...]
    told: tuple[str, ...]  #: what else adds up or does not, and what was not compared.
    recorded: bool  #: whether real Go's counters stand beside the model's.
    thinned: bool = False  #: whether a line of the whole run has not every value.
    cycles: int = 0  #: of a person's own program: ends of cycles at which Go's were looked at; 0 for none.

    def axis_words(self) -> str:
        """Describe what the axis is."""
        return f"{self.against}s, 0 to {self.end:,}"

    def text(self) -> str:
        """Return the values at the cursor, and the differences."""
        axis = f"counters: {self.group}, against {self.axis_words()}"
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
    """Describe a line at the cursor: the model's value, and Go's with the difference where there is one."""
    said, beside = f"{line.name} {line.now:,}", line.beside
    if beside is None:
        return said
    if beside.go_now is None:
        return f"{said}, Go not looked at yet"
    unseen = f", {plainly(beside.unseen, 'operation')} not compared" if beside.unseen and beside.left else ""
    return f"{said}, Go {beside.go_now:,}, {difference_words(beside)}{unseen}"


def difference_words(beside: Beside) -> str:
    """Describe the difference between the model and Go, and how much of it is explained."""
    if beside.left is None:
        return "not compared"
    if beside.apart == beside.left_now:
        return f"difference {beside.left_now:,}"
    return f"difference {beside.apart:,}, left when explained: {beside.left_now:,}"


def amount(value: int, unit: str) -> str:
    """Write a value as a label."""
    return human(value) if unit == BYTES else f"{value:,}"
