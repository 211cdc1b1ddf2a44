"""The goroutines as a scene: one lane each, time from left to right, and what each did in the whole run.

On a page a lane's name and numbers stand before and after it; where there is less room they stand above it.
"""

from __future__ import annotations

from typing import NamedTuple

from arenalab.draw.along import MAP, Along, draw_cursor, draw_map, draw_ticks
from arenalab.draw.lettering import first_fitting, text_width
from arenalab.draw.scene import WIDTH, Scene
from arenalab.units import counted
from arenalab.view.acting import at_site
from arenalab.view.doing import ALLOCATES, ELSE, FREES, KINDS, MARKS, SWEEPS, WAITS
from arenalab.view.goroutines import PAGE, Goroutines

NAMES, NUMBERS = 164, 232  #: points before the lanes for their names, and after them for the numbers.
COLUMNS = {"arenas": 54, "values": 60, "freed": 52, "waits": 52}  #: number -> width of its column.
LANE, ABOVE, APART = 18, 17, 7  #: height of a lane; of the words above it; below it.
HEAD, AXIS = 22, 22  #: heights of the title, and of the ticks with their words.
PANE = "axis"  #: what the explorer hears when the lanes are moved or zoomed.
LOOK = {
    ALLOCATES: "act_allocates", FREES: "act_frees", WAITS: "act_waits", MARKS: "act_marks", SWEEPS: "act_sweeps",
    ELSE: "act_else",
}  # fmt: skip
assert tuple(LOOK) == KINDS  # noqa: S101  # a kind without a look would fail in a reader's hands only


class Plan(NamedTuple):
    """Where lanes stand."""

    axis: Along
    first: float  #: upper edge of the first lane.
    pitch: float  #: from one to the next.
    above: float  #: points above each lane for its words, 0 where they stand beside it.

    def top(self, lane: int) -> float:
        """Return the upper edge of a lane."""
        return self.first + lane * self.pitch


def goroutines_scene(view: Goroutines, width: float = WIDTH) -> Scene:
    """Draw the lanes: clicking a name tells "who N", a stretch "op N", a button "lanes N"."""
    scene = Scene(0, "Goroutines", width=width)
    plan = _plan(scene, view)
    bottom = plan.top(view.rows) - APART + 4
    scene.height = bottom + AXIS
    _draw_head(scene, view, plan)
    if view.end:
        box = (plan.axis.left, plan.first, plan.axis.right - plan.axis.left, bottom + 4 - plan.first)
        scene.pane(box, PANE, view.window, view.end, view.axis_words(), fixed=view.at)
    for row in range(len(view.lanes)):
        y = plan.top(row) + LANE / 2
        scene.line((plan.axis.left, y), (plan.axis.right, y), "line", width=0.5)
    for row in range(len(view.parts)):
        _draw_part(scene, view, plan, row)
    draw_ticks(scene, plan.axis, bottom)
    draw_cursor(scene, plan.axis, plan.first - 4, bottom + 4)
    for row in range(len(view.lanes)):
        _draw_words(scene, view, plan, row)
    return scene


def _plan(scene: Scene, view: Goroutines) -> Plan:
    room = scene.room
    left, right = (room.left + NAMES, room.right - NUMBERS) if room.wide else (room.left, room.right)
    above = 0 if room.wide else ABOVE
    head = HEAD + (0 if room.wide else 16) + MAP + 7
    return Plan(Along(left, right, view.window, view.end, view.at), head + above, above + LANE + APART, above)


def _draw_head(scene: Scene, view: Goroutines, plan: Plan) -> None:
    """Describe which goroutines are shown, with buttons to the others; what of the run; and draw the map of it."""
    room, axis, right = scene.room, plan.axis, scene.room.right
    pages = -(-view.program // PAGE)
    shown = scene.text(room.left, 14, view.page_words(), bold=True)
    if pages > 1:
        page, x = view.first // PAGE, room.left + shown + 8
        for words, to, tip in (
            ("◂", page - 1, "the goroutines before"),
            ("▸", page + 1, "the next goroutines"),
        ):
            x += scene.press(x, 0, words, f"lanes {to}" if 0 <= to < pages else "", tip=tip) + 4
        shown = x - room.left
    if room.wide:
        for name, wide in reversed(COLUMNS.items()):
            scene.text(right, 14, name, tone="faint", size=11, anchor="end")
            right -= wide
    y, left = (14.0, max(axis.left, room.left + shown + 10)) if room.wide else (30.0, room.left)
    end = axis.right if room.wide else room.right
    scene.text(left, y, f"what each was at, by {view.axis_words()}", tone="faint", size=11, width=end - left)
    said = f"map of the run: {view.axis_words()}"
    draw_map(scene, axis, plan.first - plan.above - MAP - 6, PANE, said)


def _draw_words(scene: Scene, view: Goroutines, plan: Plan, row: int) -> None:
    """Write a lane's name and its numbers."""
    table, room, y = view.lanes, scene.room, plan.top(row)
    actor, name, acts = int(table.actor[row]), str(table.name[row]), bool(table.acts[row])
    followed = actor == view.who
    tip = "follow everybody again" if followed else f"follow {name}: step from one of its moments to the next"
    words, bold = f"{'▸ ' if acts else ''}{name}", acts or followed
    x, base, anchor = (plan.axis.left - 8, y + 13, "end") if room.wide else (room.left, y - 4.5, "start")
    shown = scene.text(
        x, base, words, size=11.5, anchor=anchor, bold=bold, tap=f"who {actor}", tip=tip,
        tone="now" if followed else "text" if acts else "faint",
        width=NAMES - 8 if room.wide else room.inner / 2, halo=not room.wide,
    )  # fmt: skip
    numbers = (int(table.arenas[row]), int(table.values[row]), int(table.frees[row]), int(table.waits[row]))
    if not room.wide:
        told = _numbers(*numbers)
        tries = (", ".join(told[:most]) for most in range(len(told), -1, -1))
        fits = first_fitting(tries, room.inner - shown - 10, 11)
        scene.text(
            room.right, base, fits, tone="faint", size=11, anchor="end", tip=", ".join(told), halo=True
        )
        return
    right = room.right
    for wide, count in zip(reversed(COLUMNS.values()), reversed(numbers), strict=True):
        said, tone = (f"{count:,}", "text") if count else ("–", "faint")
        scene.text(right, base, said, size=11, anchor="end", tone=tone, width=wide - 3)
        right -= wide


def _numbers(arenas: int, values: int, frees: int, waits: int) -> list[str]:
    """Describe what a goroutine did in the whole run; what it never did is left out."""
    said = [(arenas, counted(arenas, "arena")), (values, counted(values, "value"))]
    said += [(frees, f"{frees:,} freed"), (waits, counted(waits, "wait"))]
    return [words for count, words in said if count]


def _draw_part(scene: Scene, view: Goroutines, plan: Plan, row: int) -> None:
    """Draw one stretch."""
    table = view.parts
    left, right = plan.axis.x(float(table.left[row])), plan.axis.x(float(table.right[row]))
    does, y = str(table.does[row]), plan.top(int(table.lane[row]))
    inset = 4 if does == WAITS else 0  # who waits does nothing: its stretch is thinner, too
    box, tip, tap = (left, y + inset, right - left, LANE - 2 * inset), _tip(view, row), f"op {table.op[row]}"
    scene.area(box, LOOK[does], tip=tip, tap=tap, now=table.op[row] == view.reading.op)
    if text_width(does, 11) < right - left - 6 and not inset:
        scene.text(
            (left + right) / 2, y + 13, does, on=LOOK[does], size=11, anchor="middle", tip=tip, tap=tap
        )


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
