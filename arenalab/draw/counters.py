"""The counters' picture: plots above each other on one axis, with the values at the cursor beside them.

Where a recording stands beside the model, Go's line is dashed upon the model's, and a strip below each plot
shows what is left of the difference.
"""

from __future__ import annotations

from math import ceil
from textwrap import wrap
from typing import NamedTuple

import numpy as np

from arenalab.draw.scene import Point, Scene
from arenalab.draw.still import CHARACTER
from arenalab.units import counted
from arenalab.view.counter_groups import BYTES
from arenalab.view.counter_lines import CounterLines, Line, Panel, amount
from arenalab.view.counter_series import Points

LEFT, RIGHT = 82, 602  #: edges of the plots.
NAMES_AT, MODEL_AT, GO_AT, LEFT_AT = (
    614,
    800,
    872,
    944,
)  #: columns of the values; numbers end at the last three.
ALL = 424  #: height of all plots of a group together.
TICK_ROW = 19  #: height of what is written below the plots.
TITLE, STRIP, GAP, AXIS, TOLD = 18, 30, 14, 34, 16
ROW = 16  #: height of a row of values.
RIM = 2  #: room above the plots for an outline.
OWN, BESIDE = 3, 6  #: lines below the plots without and with a recording.
DASHES = ("", "9 3", "4 3", "9 3 2 3", "1 3", "6 2")
TICKS = 4
WRAP = 52  #: characters of a line of words beside a plot.


class Frame(NamedTuple):
    """Where a plot is, and what its edges stand for."""

    top: float
    bottom: float
    low: float
    high: float
    first: int
    last: int

    def x(self, value: float) -> float:
        """Return where a place of the axis is."""
        return LEFT + (RIGHT - LEFT) * (value - self.first) / max(1, self.last - self.first)

    def y(self, value: float) -> float:
        """Return where a value is."""
        return self.bottom - (self.bottom - self.top) * (value - self.low) / (self.high - self.low)

    def points(self, line: Points) -> list[Point]:
        """Return a line's corners in points of the picture."""
        x = LEFT + (RIGHT - LEFT) * (line.x - self.first) / max(1, self.last - self.first)
        y = self.bottom - (self.bottom - self.top) * (line.y - self.low) / (self.high - self.low)
        return list(zip(x.tolist(), y.tolist(), strict=True))


def counters_scene(view: CounterLines) -> Scene:
    """Draw a group of counters."""
    lines = BESIDE if view.recorded else OWN
    scene = Scene(ALL + AXIS + lines * TOLD, f"Counters: {view.group}")
    if view.end:  # an empty run has nowhere to go
        box, said = (LEFT, RIM, RIGHT - LEFT, ALL + TICK_ROW - RIM), f"{view.group}, {view.axis_words()}"
        scene.pane(box, "axis", view.window, view.end, said, fixed=view.at)
    each = ALL / len(view.panels)
    for number, panel in enumerate(view.panels):
        _panel(scene, view, panel, number * each, each)
    _axis(scene, view)
    for row, told in enumerate(_told(view, lines)):
        scene.text(LEFT, ALL + AXIS + 10 + row * TOLD, told, tone="faint", size=11.5, width=960 - LEFT - 10)
    return scene


def _told(view: CounterLines, lines: int) -> list[str]:
    """Return the lines below the plots; what does not fit is counted."""
    told = list(view.told)
    if view.cycles:
        told.insert(
            0,
            f"dotted, with dots: as real Go counted it at the end of each of {counted(view.cycles, 'cycle')}",
        )
    elif view.recorded:
        told.insert(
            0,
            "dotted: as real Go counted it, after each operation; left over: what nothing explains of the difference",
        )
    rest = len(told) - lines
    return told if rest <= 0 else [*told[: lines - 1], f"… and {rest + 1} more; text() tells them"]


def _panel(scene: Scene, view: CounterLines, panel: Panel, top: float, height: float) -> None:
    strip = STRIP if view.recorded and not view.cycles else 0
    room = (panel.high - panel.low) * 0.06
    bottom = top + height - GAP - strip
    frame = Frame(top + TITLE, bottom, panel.low - room * (panel.low < 0), panel.high + room, *view.window)
    scene.text(LEFT, top + 12, panel.title, bold=True, size=12.5)
    _grid(scene, panel, frame)
    _lines(scene, panel, frame)
    if strip:
        _strip(scene, panel, Frame(bottom + 4, bottom + 4 + STRIP - 8, -1, 1, *view.window))
    if not view.beyond():
        scene.line((frame.x(view.at), frame.top), (frame.x(view.at), bottom + strip), "now", width=1.5)
        for number, line in enumerate(panel.lines):
            centre = frame.x(view.at), frame.y(_height(panel, number))
            scene.dot(centre, 3.5, f"series_{number}", tip=line.name)
    _zones(scene, view, panel, frame)
    _values(scene, view, panel, top)


def _height(panel: Panel, number: int) -> int:
    """Return the value at which a line stands at the cursor: of a stack, with all below it."""
    lines = panel.lines[: number + 1] if panel.stacked else panel.lines[number : number + 1]
    return sum(line.now for line in lines)


def _grid(scene: Scene, panel: Panel, frame: Frame) -> None:
    for value in ticks(panel.low, panel.high, in_bytes=panel.unit == BYTES):
        y = frame.y(value)
        scene.line((LEFT, y), (RIGHT, y), "line", width=1 if value == 0 else 0.5)
        scene.text(LEFT - 6, y + 4, amount(value, panel.unit), tone="faint", size=11, anchor="end")


def ticks(low: int, high: int, *, in_bytes: bool) -> list[int]:
    """Return a few round values from `low` to `high`, 0 among them where it lies between."""
    least = max(1, (high - low) / TICKS)
    if in_bytes:
        step = 2 ** int(np.ceil(np.log2(least)))
    else:
        power = 10 ** int(np.floor(np.log10(least)))
        step = next(power * times for times in (1, 2, 5, 10) if power * times >= least)
    return [number * step for number in range(-(-low // step), high // step + 1)]


def _lines(scene: Scene, panel: Panel, frame: Frame) -> None:
    if panel.stacked:
        for number in range(len(panel.lines) - 1, -1, -1):
            drawn = frame.points(panel.lines[number].drawn)
            ground = [(drawn[-1][0], frame.y(0)), (drawn[0][0], frame.y(0))]
            scene.polygon([*drawn, *ground], f"series_{number}", hatch=True)
    for number, line in enumerate(panel.lines):
        dash = "" if panel.stacked else DASHES[number]
        scene.polyline(frame.points(line.drawn), meaning=f"series_{number}", width=2.5, dash=dash)
    if panel.total:
        scene.polyline(frame.points(panel.total.drawn), "text", width=1, dash="" if panel.stacked else "3 3")
    for line in panel.every():
        if line.beside and line.alone:
            number = panel.every().index(line)
            _go_line(scene, frame, line, f"series_{number}" if number < len(panel.lines) else "")


def _go_line(scene: Scene, frame: Frame, line: Line, meaning: str) -> None:
    """Draw Go's line: dark upon the model's where they are compared, else in its counter's colour."""
    if line.beside:
        own = {} if line.beside.left or not meaning else {"meaning": meaning}
        scene.polyline(
            frame.points(line.beside.go), "text", width=1.25 if not own else 1.75, dash="2 5", **own
        )
        for centre in frame.points(line.beside.marks) if line.beside.marks else ():
            scene.dot(centre, 3, meaning or "series_5", tip=f"{line.name} of real Go, at the end of a cycle")


def _strip(scene: Scene, panel: Panel, frame: Frame) -> None:
    """Draw what is left between the model and Go: flat where they agree."""
    scene.line((LEFT, frame.y(0)), (RIGHT, frame.y(0)), "line", width=0.5)
    scene.line((LEFT, frame.top), (LEFT, frame.bottom), "line")
    far, compared = panel.far(), False
    for number, line in enumerate(panel.every()):
        if line.beside and line.beside.left:
            compared = True
            scaled = frame._replace(low=-max(1, far), high=max(1, far))
            look = {"meaning": f"series_{number}"} if number < len(panel.lines) else {"tone": "text"}
            scene.polyline(scaled.points(line.beside.left), width=2, dash=DASHES[number], **look)
    scale = "0" if not far else f"±{amount(far, panel.unit)}"
    scene.text(LEFT - 6, frame.y(0) + 4, scale, tone="faint", size=11, anchor="end")
    said = "left over of model − Go" if compared else "not compared: real Go does not repeat these either"
    scene.text(RIGHT - 4, frame.bottom + 1, said, tone="faint", size=10, anchor="end", halo=True)


def _zones(scene: Scene, view: CounterLines, panel: Panel, frame: Frame) -> None:
    """Lay invisible areas over a plot that tell the values where one points."""
    edges = view.zones.tolist()
    for left, right, told, asked in zip(edges[:-1], edges[1:], panel.told, view.asked, strict=True):
        x0, x1 = frame.x(left), frame.x(right)
        box = [(x0, frame.top), (x1, frame.top), (x1, frame.bottom), (x0, frame.bottom)]
        scene.polygon(box, "free", tip=f"after {view.against} {right:,}{asked}\n{told}", opacity=0)


def _values(scene: Scene, view: CounterLines, panel: Panel, top: float) -> None:
    """List the lines with their values at the cursor."""
    y = top + 12
    head = (
        (("model", MODEL_AT), ("Go", GO_AT), ("" if view.cycles else "left over", LEFT_AT))
        if view.recorded
        else (("here", MODEL_AT),)
    )
    for word, x in head:
        scene.text(x, y, word, tone="faint", size=11, anchor="end")
    rows = list(enumerate(panel.every()))
    order = reversed(rows) if panel.stacked else rows
    for row, (number, line) in enumerate(order, 1):
        _value(scene, panel, line, number, y + row * ROW + 2)
    for row, part in enumerate(wrap(panel.words, WRAP), len(rows) + 1):
        scene.text(NAMES_AT, y + row * ROW + 8, part, tone="faint", size=11)


def _value(scene: Scene, panel: Panel, line: Line, number: int, y: float) -> None:
    meaning = f"series_{number}"
    if number == len(panel.lines):
        scene.line((NAMES_AT, y - 4), (NAMES_AT + 22, y - 4), "text")
    elif panel.stacked:
        scene.area((NAMES_AT, y - 10, 22, 12), meaning)
    else:
        scene.polyline(
            [(NAMES_AT, y - 4), (NAMES_AT + 22, y - 4)], meaning=meaning, width=2.5, dash=DASHES[number]
        )
    scene.text(NAMES_AT + 28, y, line.name, size=11.5, tip=f"{line.name}: {line.now:,}")
    scene.text(MODEL_AT, y, amount(line.now, panel.unit), size=11.5, anchor="end", bold=True)
    if line.beside:
        go = line.beside.go_now
        scene.text(GO_AT, y, "–" if go is None else amount(go, panel.unit), size=11.5, anchor="end")
        unsaid = "–" if line.beside.marks is None else ""
        left = unsaid if line.beside.left is None else amount(line.beside.left_now, panel.unit)
        scene.text(LEFT_AT, y, left, size=11.5, anchor="end")


def _axis(scene: Scene, view: CounterLines) -> None:
    """Draw the axis that all plots share, and where the cursor is on it."""
    frame = Frame(0, ALL, 0, 1, *view.window)
    scene.line((LEFT, ALL), (RIGHT, ALL), "line")
    for value in ticks(*view.window, in_bytes=False):
        scene.line((frame.x(value), ALL), (frame.x(value), ALL + 4), "line")
        said = f"{value:,}"
        x = max(
            frame.x(value), LEFT - 4 + len(said) * 11 * CHARACTER / 2
        )  # the axis' name stands to the left
        scene.text(x, ALL + 17, said, tone="faint", size=11, anchor="middle")
    scene.text(LEFT - 14, ALL + 17, f"{view.against}s", tone="faint", size=11, anchor="end")
    if view.window != (0, view.end):
        scene.text(LEFT_AT, ALL + 17, view.axis_words(), tone="faint", size=11, anchor="end")
    if beyond := view.beyond():
        _beyond(
            scene, RIGHT if beyond > 0 else LEFT, beyond, f"the cursor is at {view.against} {ceil(view.at):,}"
        )
    else:
        scene.text(frame.x(view.at), ALL + 30, "▲", tone="now", size=10, anchor="middle")


def _beyond(scene: Scene, edge: float, way: int, said: str) -> None:
    """Point to where the cursor is, beyond an edge of the plots."""
    y = ALL + 27.5
    scene.line((edge - way * 18, y), (edge, y), "now", width=1.5, arrow=True)
    scene.text(edge - way * 24, y + 4, said, tone="now", size=11, anchor="end" if way > 0 else "start")
