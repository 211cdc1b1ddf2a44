"""The lanes of the life cycle's picture: one per chunk, time from left to right, below a map of the whole run."""

from __future__ import annotations

from arenalab.draw.along import MAP, Along, draw_cursor, draw_map, draw_ticks
from arenalab.draw.lettering import text_width
from arenalab.draw.looks import state_meaning
from arenalab.draw.scene import PRESS, Scene
from arenalab.view.acting import at_site, by_name, made_words
from arenalab.view.life_cycle import NOBODY, LifeCycle

LANE, PITCH, SIZE = 13, 15, 11
TITLE, AXIS = 18, 18  #: heights of the title and of the ticks with their words.
FIRST = TITLE + MAP + 6  #: from the top to the first lane.
PANE = "run"  #: what the explorer hears when the lanes are moved or zoomed.


def lanes_height(view: LifeCycle) -> float:
    """Return the height of title, map, lanes and ticks."""
    return FIRST + view.rows * PITCH + AXIS


def draw_lanes(scene: Scene, view: LifeCycle, top: float) -> None:
    """Draw the lanes below `top`."""
    room = scene.room
    axis = Along(room.left + room.pick(76.0, 76.0, 36.0), room.right, view.window, view.end, view.at)
    first, bottom = top + FIRST, top + FIRST + view.rows * PITCH
    _draw_title(scene, view, top)
    said = f"{view.scale}{view.axis_words()}"
    draw_map(scene, axis, top + TITLE, PANE, f"map of the run: {said}", view.busy.moves.tolist())
    if view.end:
        box = (axis.left, first, axis.right - axis.left, bottom - first + 4)
        scene.pane(box, PANE, view.window, view.end, f"lives of chunks, {said}", fixed=view.at)
    _draw_names(scene, view, axis.left - 6, first)
    for row in range(len(view.lanes)):
        _draw_stretch(scene, view, row, axis, first)
    draw_ticks(scene, axis, bottom)
    draw_cursor(scene, axis, first - 3, bottom + 4)


def _draw_title(scene: Scene, view: LifeCycle, top: float) -> None:
    """Describe which lives are shown; where there are more chunks, buttons turn to them."""
    room, first, last = scene.room, view.first, min(view.first + view.rows, view.all_chunks) - 1
    which = f"chunks {first} to {last} of {view.all_chunks:,}" if view.all_chunks else "no chunk"
    right = room.right
    if view.all_chunks > view.rows:
        ends = (
            f"chunk {first - 1}" if first else "",
            f"chunk {last + 1}" if last + 1 < view.all_chunks else "",
        )
        for words, tap, tip in (("▸", ends[1], "the next chunks"), ("◂", ends[0], "the chunks before")):
            right -= text_width(words, 11.5) + 16
            scene.press(right, top + 13 - PRESS + 2, words, tap, tip=tip)
            right -= 6
    words = f"lives of {which}, by {view.scale}" if not room.narrow else f"{which}, by {view.scale}"
    shown = scene.text(room.left, top + 12, words, bold=True, width=right - room.left)
    scene.text(right - 4, top + 12, view.axis_words().removeprefix(", "), tone="faint", size=SIZE, anchor="end",
               width=max(right - room.left - shown - 14, 1))  # fmt: skip


def _draw_names(scene: Scene, view: LifeCycle, right: float, first: float) -> None:
    """Name the lanes; a click tells the chunk's story."""
    for chunk in range(view.first, min(view.first + view.rows, view.all_chunks)):
        focus, words = chunk == view.focus, f"{chunk}" if scene.room.narrow else f"chunk {chunk}"
        scene.text(
            right, first + (chunk - view.first) * PITCH + 10.5, f"{'▸ ' if focus else ''}{words}",
            tone="text" if focus else "faint", size=SIZE, anchor="end", bold=focus, tap=f"chunk {chunk}",
            tip=f"Tell the story of chunk {chunk}",
        )  # fmt: skip


def _draw_stretch(scene: Scene, view: LifeCycle, row: int, axis: Along, first: float) -> None:
    table = view.lanes
    chunk, state = int(table.chunk[row]), str(table.state[row])
    x, right = axis.x(float(table.left[row])), axis.x(float(table.right[row]))
    y, meaning, owner = first + (chunk - view.first) * PITCH, state_meaning(state), int(table.user_arena[row])
    tip, tap = _tip(view, row), f"chunk {chunk}"
    scene.area((x, y, right - x, LANE), meaning, tip=tip, tap=tap)
    for words in (f"{state} a{owner}" if owner != NOBODY else state, state):
        if text_width(words, SIZE) < right - x - 4:
            scene.text((x + right) / 2, y + 10.5, words, on=meaning, size=SIZE, anchor="middle")
            break


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
