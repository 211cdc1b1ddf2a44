"""The goroutines as a scene: one lane each, time from left to right, and beside them what each did in the whole run."""

from __future__ import annotations

from arenalab.draw.life_cycle_lanes import ticks
from arenalab.draw.scene import WIDTH, Scene
from arenalab.draw.still import CHARACTER
from arenalab.units import counted
from arenalab.view.acting import at_site
from arenalab.view.doing import ALLOCATES, ELSE, FREES, KINDS, MARKS, SWEEPS, WAITS
from arenalab.view.goroutines import Goroutines
from arenalab.view.lanes import EVENTS

MARGIN, LEFT, RIGHT = 16, 172, 706  #: where the lanes' names and the lanes begin and end.
COLUMNS = {"arenas": 770, "values": 842, "freed": 894, "waits": WIDTH - MARGIN}  #: where the counts end.
LANE, PITCH, TITLE, AXIS = 18, 25, 28, 50
LOOK = {
    ALLOCATES: "act_allocates", FREES: "act_frees", WAITS: "act_waits", MARKS: "act_marks", SWEEPS: "act_sweeps",
    ELSE: "act_else",
}  # fmt: skip
assert tuple(LOOK) == KINDS  # noqa: S101  # a kind without a look would fail in a reader's hands only


def goroutines_scene(view: Goroutines) -> Scene:
    """Draw the lanes: clicking one tells "who N", clicking a stretch "op N"."""
    bottom = TITLE + view.rows * PITCH
    scene = Scene(bottom + AXIS, "Goroutines")
    scene.text(MARGIN, 14, view.page_words(), bold=True)
    scene.text(LEFT, 14, f"what each was at, by {view.axis_words()}", tone="faint", size=11)
    if view.end:
        box = (LEFT, bottom, RIGHT - LEFT, AXIS - 24)
        scene.pane(box, "axis", view.window, view.end, view.axis_words(), fixed=view.at)
    for name, x in COLUMNS.items():
        scene.text(x, 14, name, tone="faint", size=11, anchor="end")
    for row in range(len(view.lanes)):
        _draw_lane(scene, view, row)
    for row in range(len(view.parts)):
        _draw_part(scene, view, row)
    _draw_axis(scene, view, bottom)
    return scene


def _draw_lane(scene: Scene, view: Goroutines, row: int) -> None:
    """Draw the lane's ground, its name and its counts."""
    table, y = view.lanes, TITLE + row * PITCH
    actor, name, acts = int(table.actor[row]), str(table.name[row]), bool(table.acts[row])
    followed = actor == view.who
    tip = "follow everybody again" if followed else f"follow {name}: step from one of its moments to the next"
    scene.line((LEFT, y + LANE / 2), (RIGHT, y + LANE / 2), "line", width=0.5)
    scene.text(
        LEFT - 8, y + 13, f"{'▸ ' if acts else ''}{name}", size=11.5, anchor="end", bold=acts or followed,
        tone="now" if followed else "text" if acts else "faint", tap=f"who {actor}", tip=tip,
    )  # fmt: skip
    counts = (table.arenas[row], table.values[row], table.frees[row], table.waits[row])
    for x, count in zip(COLUMNS.values(), counts, strict=True):
        said, tone = (f"{count:,}", "text") if count else ("–", "faint")
        scene.text(x, y + 13, said, size=11.5, anchor="end", tone=tone)


def _draw_part(scene: Scene, view: Goroutines, row: int) -> None:
    """Draw one stretch."""
    table = view.parts
    left, right = _across(view, float(table.left[row])), _across(view, float(table.right[row]))
    does, y = str(table.does[row]), TITLE + int(table.lane[row]) * PITCH
    inset = 4 if does == WAITS else 0  # who waits does nothing: its stretch is thinner, too
    box = (left, y + inset, right - left, LANE - 2 * inset)
    scene.area(
        box, LOOK[does], tip=_tip(view, row), tap=f"op {table.op[row]}", now=table.op[row] == view.reading.op
    )
    if len(does) * 10 * CHARACTER < right - left - 6 and not inset:
        scene.text((left + right) / 2, y + 13, does, on=LOOK[does], size=10, anchor="middle")


def _tip(view: Goroutines, row: int) -> str:
    table = view.parts
    op, count = int(table.op[row]) + 1, int(table.count[row])
    if count > 1:
        many = (
            f"{counted(count, 'stretch', 'stretches')}, the longest of each part so; from operation {op:,} on"
        )
        return f"{table.name[row]} {table.does[row]}\n{many}"
    lines = [
        f"{table.name[row]} {table.does[row]}",
        f"operation {op:,}: {table.call[row]}{at_site(table.site[row])}",
        table.why[row],
    ]
    return "\n".join(filter(None, lines))


def _across(view: Goroutines, value: float) -> float:
    first, last = view.window
    return LEFT + (RIGHT - LEFT) * (value - first) / max(1, last - first)


def _draw_axis(scene: Scene, view: Goroutines, bottom: float) -> None:
    """Draw the axis below the lanes, and the cursor across them."""
    first, last = view.window
    for value in ticks(last - first):
        x, anchor = _across(view, first + value), "middle" if value else "start"
        scene.line((x, bottom), (x, bottom + 4))
        scene.text(x, bottom + 16, f"{first + value:,}", tone="faint", size=10.5, anchor=anchor)
    scene.text(LEFT - 8, bottom + 16, view.scale, tone="faint", size=10.5, anchor="end")
    if first <= view.at <= last:
        now = _across(view, view.at)
        scene.line((now, TITLE - 6), (now, bottom + 4), "now", width=2)
    else:
        words = f"the cursor is at {'event' if view.scale == EVENTS else 'operation'} {view.at:,.0f}"
        scene.text(RIGHT, bottom + 34, words, tone="now", size=11, anchor="end")
