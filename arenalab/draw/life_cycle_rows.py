"""The life cycle's table as two lists, for where a diagram has no room: states with their chunks, then the moves."""

from __future__ import annotations

from typing import Any

from arenalab.draw.lettering import first_fitting, text_width
from arenalab.draw.life_cycle_tokens import TOKEN, across, arrow_tip, draw_tokens, state_tip, tone_of
from arenalab.draw.looks import state_meaning
from arenalab.draw.scene import Scene
from arenalab.units import counted
from arenalab.view.life_cycle import LifeCycle

TOP, NAME = 3, 106  #: where the rows begin; width of a state's name.
ROW, LINE, TITLE = TOKEN + 5, 15, 22
COUNT = 34  #: width of how often a move was made.


def rows_height(view: LifeCycle) -> float:
    """Return the height of both lists: the moves that are ever made have a line each."""
    return TOP + len(view.states) * ROW + TITLE + (len(_moves(view)) + 1) * LINE


def _moves(view: LifeCycle) -> list[int]:
    return [row for row, count in enumerate(view.arrows.ever.tolist()) if count]


def draw_rows(scene: Scene, view: LifeCycle) -> None:
    """Draw both lists from the top of the picture on."""
    room, table = scene.room, view.states
    for row, state in enumerate(table.state.tolist()):
        y, meaning = TOP + row * ROW, state_meaning(state)
        scene.area((room.left, y, NAME, TOKEN), meaning, tip=state_tip(view, row))
        scene.text(
            room.left + 6, y + 17, f"{state}  {int(table.chunks[row]):,}", on=meaning, size=11.5, bold=True
        )
        cells = across(view, room.right - room.left - NAME - 6)
        draw_tokens(scene, view, row, (room.left + NAME + 6, y), (cells, 1))
    _draw_moves(scene, view, TOP + len(table) * ROW + 14)


def _draw_moves(scene: Scene, view: LifeCycle, y: float) -> None:
    """List the moves with their numbers; those of the current step are strong."""
    room, table, moves = scene.room, view.arrows, _moves(view)
    scene.text(room.left, y, "moves of chunks", bold=True)
    scene.text(room.right, y, "times so far", tone="faint", size=11, anchor="end")
    for line, row in enumerate(moves, 1):
        tone, now = tone_of(view, row), bool(table.now[row])
        moved, event = f"{table.source[row]} → {table.target[row]}", str(table.event[row])
        if text_width(moved + event, 10.5, bold=now) > room.inner - COUNT - 8:
            moved = moved.replace("in transit", "transit")
        bold = now and text_width(moved + event, 10.5, bold=True) <= room.inner - COUNT - 8
        look: dict[str, Any] = {"tone": tone, "size": 10.5, "bold": bold, "tip": arrow_tip(view, row)}
        way = scene.text(room.left, y + line * LINE, moved, **look)
        count = f"{int(table.so_far[row]):,}" if table.so_far[row] else "–"
        scene.text(room.right, y + line * LINE, count, anchor="end", **look)
        spare = room.inner - COUNT - way - 6
        scene.text(room.right - COUNT, y + line * LINE, event, anchor="end", width=spare, **look)
    never = len(table) - len(moves)
    verb = "is" if never == 1 else "are"
    whole = f"{counted(never, 'more move')} of the table {verb} never made in this run"
    words = first_fitting((whole, f"{counted(never, 'more move')} {verb} never made"), room.inner, 10.5)
    scene.text(
        room.left, y + (len(moves) + 1) * LINE, words if never else "", tone="faint", size=10.5, tip=whole
    )
