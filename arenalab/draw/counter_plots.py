"""The counters' lines as stacked plots on one axis; where a recording stands beside the model, with Go's.

Go's line is dotted on the model's, and a strip below each plot shows what is left of the difference.
"""

from __future__ import annotations

from dataclasses import replace

from arenalab.draw.plots import DASHES, GO_DASH, NUMBER, Axis, Line, Now, Plot, Plots, Tip
from arenalab.units import counted
from arenalab.view.columns import Column
from arenalab.view.counter_lines import CounterLines, Panel, amount
from arenalab.view.counter_lines import Line as Counter
from arenalab.view.explained import explain_counter

ALL, AXIS, STRIP, EMPTY = (
    400,
    40,
    46,
    20,
)  #: points: all plots of a group; the words below; a strip; one without lines.
HEADS = ("model", "Go", "left over")  #: of the values; the last where something is compared at every step.
COMPARED = (
    "dotted: as real Go counted it, after each operation; left over: what nothing explains of the difference"
)


def counters_plots(view: CounterLines) -> Plots:
    """Return a group of counters as plots."""
    across = Axis(f"{view.against}s", 0, max(view.end, 1))
    strips = view.recorded and not view.cycles
    rows: list[Plot] = []
    for number, panel in enumerate(view.panels):
        last = number == len(view.panels) - 1
        height = ALL // len(view.panels) - STRIP * strips + AXIS * (last and not strips)
        rows.append(_plot(view, number, across, height, bare=strips or not last))
        if strips:
            rows.append(_strip(panel, number, across, bare=not last))
    name = f"Counters: {view.group}, {view.axis_words()}"
    return Plots(
        name, tuple((plot,) for plot in rows), across=view.against, beside=True, told=_told(view),
        thinned=view.thinned,
    )  # fmt: skip


def counters_now(view: CounterLines) -> Now:
    """Return the cursor, and each line's value there."""
    values = {
        f"{at} {line.key}": _values(view, panel, line)
        for at, panel in enumerate(view.panels)
        for line in panel.every()
    }
    return Now(view.at, f"{view.against} {view.at:,g}", values)


def _values(view: CounterLines, panel: Panel, line: Counter) -> tuple[str, ...]:
    """Return a line's values: the model's, Go's, what is left over."""
    here, beside = amount(line.now, panel.unit), line.beside
    if not view.recorded:
        return (here,)
    if beside is None:
        return here, "", ""
    go, left = (
        "–" if value is None else amount(value, panel.unit)
        for value in (beside.go_now, None if beside.left is None else beside.left_now)
    )
    return (here, go) if view.cycles else (here, go, left)


def _told(view: CounterLines) -> tuple[str, ...]:
    """Return the words below the plots."""
    at_cycles = (
        f"dotted, with dots: as real Go counted it at the end of each of {counted(view.cycles, 'cycle')}"
    )
    said = (at_cycles,) if view.cycles else (COMPARED,) if view.recorded else ()
    return said + view.told


def _plot(view: CounterLines, at: int, across: Axis, height: int, *, bare: bool) -> Plot:
    """Return the plot of panel number `at`."""
    panel = view.panels[at]
    numbered = [*enumerate(panel.lines)]
    if panel.stacked:  # what stands on others is filled down to 0, so it is drawn before them
        numbered.reverse()
    if panel.total:
        numbered.append((len(panel.lines), panel.total))
    lines = [it for number, line in numbered for it in _line(panel, line, at, number)]
    heads = HEADS[: 2 if view.cycles else 3] if view.recorded else ("here",)
    title = f"{panel.title}, {panel.unit}{', stacked' if panel.stacked else ''}"
    upward = Axis("", panel.low, panel.high, panel.unit)
    return Plot(
        title, across, upward, tuple(lines), height, _probe(view, panel), heads, panel.words, bare=bare
    )


def _line(panel: Panel, line: Counter, at: int, number: int) -> list[Line]:
    """Return a counter's line, and Go's on it."""
    total, key, meaning = number == len(panel.lines), f"{at} {line.key}", f"series_{min(number, 5)}"
    own = Line(
        key, line.name, meaning, line.drawn.x, line.drawn.y,
        dash="" if panel.stacked else "3 3" if total else DASHES[number],
        filled=panel.stacked and not total, tone="text" if total else "", width=1 if total else 2.5,
        explain=explain_counter(line.key),
    )  # fmt: skip
    if line.beside is None or not line.alone:
        return [own]
    go, marks = line.beside.go, line.beside.marks
    tone, said = "text" if line.beside.left or total else "", f"{line.name} of real Go"
    real = Line(f"go {key}", said, meaning, go.x, go.y, GO_DASH, of=key, tone=tone, width=1.5)
    if marks is None:
        return [own, real]
    at_ends = replace(real, id=f"cycles {key}", x=marks.x, y=marks.y, joined=False, marker="circle")
    return [own, real, at_ends]


def _strip(panel: Panel, at: int, across: Axis, *, bare: bool) -> Plot:
    """Return what is left between the model and Go: flat where they agree."""
    lines = tuple(
        Line(
            f"left {at} {line.key}", f"{line.name}, left over", f"series_{min(number, 5)}",
            line.beside.left.x, line.beside.left.y, DASHES[number],
            of=f"{at} {line.key}", tone="text" if number == len(panel.lines) else "",
        )
        for number, line in enumerate(panel.every())
        if line.beside and line.beside.left
    )  # fmt: skip
    far = panel.far() or 0.5  # 0 stays in the middle of a scale that has no other number
    said = "left over of model − Go" if lines else "not compared: real Go does not repeat these either"
    upward = Axis("", -far, far, panel.unit)
    return Plot(
        said, across, upward, lines, (STRIP if lines else EMPTY) + AXIS * (not bare), strip=True, bare=bare
    )


def _probe(view: CounterLines, panel: Panel) -> tuple[Column, tuple[Tip, ...]]:
    """Return the words of the hover text: after what, who asked for it, each line's value."""
    probe = panel.probe
    who = [words.strip(" ,") for words in probe.asked.tolist()]
    asked = (Tip("", who),) if any(who) else ()
    lines = zip(panel.every(), probe.values, strict=True)
    return probe.x, (
        Tip(f"after {view.against}", probe.x, NUMBER), *asked,
        *(Tip(line.name, values, panel.unit) for line, values in lines),
    )  # fmt: skip
