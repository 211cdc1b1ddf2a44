"""The story in the life cycle's picture: what happened to the chunk in focus, around the moment at hand."""

from __future__ import annotations

from arenalab.draw.looks import state_meaning
from arenalab.draw.scene import WIDTH, Scene
from arenalab.draw.theme import EVENT_COLOURS
from arenalab.view.chunk_story import LINES
from arenalab.view.life_cycle import LifeCycle

MARGIN, PITCH, TITLE = 16, 16, 20
EVENT_X, STATE_X, TEXT_X, KIND_X = 92, 104, 122, WIDTH - MARGIN


def story_height() -> float:
    """Return the height of title and lines."""
    return TITLE + LINES * PITCH


def draw_story(scene: Scene, view: LifeCycle, top: float) -> None:
    """Write the lines below `top`, the baseline of their title; each can be clicked."""
    told = view.story
    if told.chunk < 0:
        scene.text(MARGIN, top, "no chunk yet", tone="faint")
        return
    last = told.first + len(told.lines)
    title = f"story of chunk {told.chunk}: lines {min(told.first + 1, last):,} to {last:,} of {told.total:,}"
    scene.text(MARGIN, top, title, bold=True)
    for row in range(len(told.lines)):
        _draw_line(scene, view, row, top + TITLE + row * PITCH)


def _draw_line(scene: Scene, view: LifeCycle, row: int, y: float) -> None:
    """Write one line; what is still to come is faint."""
    table = view.story.lines
    moment, kind, state = int(table.moment[row]), str(table.kind[row]), str(table.state[row])
    current, past = bool(table.current[row]), moment <= view.reading.index
    tip = (
        f"event {moment:,}, operation {table.op[row] + 1:,}: {kind}\n{table.sentence[row]}\nclick to go there"
    )
    tap = f"at {moment}"
    if current:
        scene.area((MARGIN, y - 12, WIDTH - 2 * MARGIN, PITCH), "free", tip=tip, tap=tap)
    on = "free" if current else ""
    scene.text(MARGIN + 5, y, "▸" if current else "", on=on, bold=True)
    scene.text(EVENT_X, y, f"{moment:,}", tone="faint", on=on, size=11, anchor="end")
    if state:
        scene.area((STATE_X, y - 9, 11, 10), state_meaning(state))
    words = f"{table.sentence[row]}" + (f"  → {state}" if state else "")
    tone, width = "text" if past else "faint", KIND_X - TEXT_X - 130
    scene.text(TEXT_X, y, words, tone=tone, on=on, bold=current, width=width, tip=tip, tap=tap)
    scene.text(KIND_X - 5, y, kind, tone=EVENT_COLOURS.get(kind, "faint"), size=10.5, anchor="end")
