"""The lanes of the life cycle's picture: one per chunk, time from left to right."""

from __future__ import annotations

from arenalab.draw.looks import state_meaning
from arenalab.draw.scene import WIDTH, Scene
from arenalab.view.acting import at_site, by_name, made_words
from arenalab.view.life_cycle import NOBODY, LifeCycle

MARGIN, LEFT = 16, 96  #: where the lanes' names and the lanes begin.
LANE, PITCH = 13, 17
LENGTH = WIDTH - MARGIN - LEFT
TITLE, AXIS = 12, 44
MOST_TICKS = 10


def lanes_height(view: LifeCycle) -> float:
    """Return the height of title, lanes and axis."""
    return TITLE + view.rows * PITCH + AXIS


def draw_lanes(scene: Scene, view: LifeCycle, top: float) -> None:
    """Draw the lanes below `top`, the baseline of their title."""
    last = min(view.first + view.rows, view.all_chunks) - 1
    which = f"chunks {view.first} to {last}" if view.all_chunks else "no chunk"
    scene.text(MARGIN, top, f"lives of {which} of {view.all_chunks:,}, by {view.scale}", bold=True)
    first = top + TITLE
    for chunk in range(view.first, last + 1):
        y = first + (chunk - view.first) * PITCH
        focus = chunk == view.focus
        words = f"{'▸ ' if focus else ''}chunk {chunk}"
        scene.text(
            LEFT - 8, y + 10.5, words, tone="text" if focus else "faint", size=11, anchor="end", bold=focus,
            tap=f"chunk {chunk}", tip="Tell its story",
        )  # fmt: skip
    scale = LENGTH / max(view.end, 1)
    for row in range(len(view.lanes)):
        _draw_stretch(scene, view, row, first, scale)
    _draw_axis(scene, view, first, scale)


def _draw_stretch(scene: Scene, view: LifeCycle, row: int, first: float, scale: float) -> None:
    table = view.lanes
    chunk, state = int(table.chunk[row]), str(table.state[row])
    x, width = LEFT + table.left[row] * scale, (table.right[row] - table.left[row]) * scale
    y, meaning = first + (chunk - view.first) * PITCH, state_meaning(state)
    owner = int(table.user_arena[row])
    tip, tap = _tip(view, row), f"chunk {chunk}"
    scene.area((float(x), y, float(width), LANE), meaning, tip=tip, tap=tap)
    words = f"{state} a{owner}" if owner != NOBODY else state
    words = words if len(words) * 5.4 < width - 4 else state
    if len(words) * 5.4 < width - 4:
        middle = float(x + width / 2)
        scene.text(middle, y + 10, words, on=meaning, size=9.5, anchor="middle")


def _tip(view: LifeCycle, row: int) -> str:
    table = view.lanes
    state, owner, entered = str(table.state[row]), int(table.user_arena[row]), int(table.entered[row])
    since = "since the start"
    if entered:
        since = f"since event {entered:,}{by_name(table.by[row])}, operation {table.op[row] + 1:,}"
        since += at_site(table.site[row])
    lines = [f"chunk {table.chunk[row]}: {state}", f"{since}, until event {table.until[row]:,}"]
    lines += [f"of user arena {owner}{made_words(table.made[row])}"] if owner != NOBODY else []
    go = view.states.list[view.states.state.tolist().index(state)]
    return "\n".join([*lines, f"Go: {go}"])


def _draw_axis(scene: Scene, view: LifeCycle, first: float, scale: float) -> None:
    bottom = first + view.rows * PITCH
    for value in ticks(view.end):
        x, anchor = LEFT + value * scale, "middle" if value else "start"
        scene.line((x, bottom), (x, bottom + 4))
        scene.text(x, bottom + 15, f"{value:,}", tone="faint", size=10.5, anchor=anchor)
    now = LEFT + view.now * scale
    scene.line((now, first - 3), (now, bottom + 4), "now", width=2)


def ticks(end: float) -> list[int]:
    """Return round numbers from 0 to `end`, five to eleven of them; fewer where there are not so many."""
    power = 10 ** max(len(str(int(end))) - 2, 0)
    step = next(n * power for n in (1, 2, 5, 10, 20) if end / (n * power) <= MOST_TICKS)
    return list(range(0, int(end) + 1, step))
