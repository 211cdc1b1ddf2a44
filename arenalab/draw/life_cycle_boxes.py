"""The life cycle's table as a diagram: boxes of states with their chunks, arrows of the moves between them.

Only where a state's box stands is chosen here; boxes, arrows and labels are those of the view.
"""

from __future__ import annotations

from arenalab.draw.lettering import text_width
from arenalab.draw.life_cycle_tokens import (
    HEAD,
    TOKEN,
    across,
    arrow_tip,
    draw_tokens,
    move_words,
    state_tip,
    tone_of,
)
from arenalab.draw.looks import state_meaning
from arenalab.draw.routes import Route, routed
from arenalab.draw.scene import Box, Scene
from arenalab.draw.wrapped import write_lines
from arenalab.view.life_cycle import LifeCycle

BOXES_FROM = 600  #: points of a picture in which boxes and the arrows' labels have room.
#: State -> column and row of its box.
PLACES = {
    "absent": (0, 0), "ready": (1, 0), "quarantine": (2, 0),
    "in transit": (1, 1), "fault": (2, 1),
    "reuse": (0, 2), "active": (1, 2), "full": (2, 2),
}  # fmt: skip
ELSEWHERE = (0, 1)  #: of a state that has no place; words stand there otherwise.
COLUMNS, ROWS, TOP, PAD = 3, 3, 13, 6
MOST_MOVES = 3


def _gaps(scene: Scene) -> tuple[float, float]:
    """Return the points between two boxes beside and below each other: arrows have their names there."""
    return scene.room.pick((150, 33), (96, 58), (96, 58))


def _box(scene: Scene) -> tuple[float, float, int]:
    """Return width and height of a box, and how many rows of chunks it has; two where one row is short."""
    wide = (scene.room.inner - (COLUMNS - 1) * _gaps(scene)[0]) / COLUMNS
    rows = 1 if scene.room.wide else 2
    return wide, HEAD + 2 + rows * (TOKEN + 3), rows


def boxes_height(scene: Scene) -> float:
    """Return the height of the diagram."""
    return TOP + ROWS * _box(scene)[1] + (ROWS - 1) * _gaps(scene)[1]


def draw_boxes(scene: Scene, view: LifeCycle) -> None:
    """Draw the diagram from the top of the picture on."""
    boxes = {state: _place(scene, *PLACES.get(state, ELSEWHERE)) for state in view.states.state.tolist()}
    routes = _draw_arrows(scene, view, boxes)
    for row, state in enumerate(view.states.state.tolist()):
        _draw_box(scene, view, row, boxes[state])
    for row, route in enumerate(routes):
        tone, now = tone_of(view, row), bool(view.arrows.now[row])
        scene.text(
            *route.label, str(view.arrows.event[row]), tone="faint" if tone == "line" else tone,
            size=11, anchor="middle", bold=now, halo=True, tip=arrow_tip(view, row),
        )  # fmt: skip
    _draw_moves(scene, view)


def _place(scene: Scene, column: int, row: int) -> Box:
    (wide, high, _), (beside, below) = _box(scene), _gaps(scene)
    return scene.room.left + column * (wide + beside), TOP + row * (high + below), wide, high


def _draw_arrows(scene: Scene, view: LifeCycle, boxes: dict[str, Box]) -> list[Route]:
    table = view.arrows
    rows = list(zip(table.source.tolist(), table.target.tolist(), table.event.tolist(), strict=True))
    routes = routed(boxes, rows, (4, 0, scene.width - 8, boxes_height(scene)))
    order = sorted(range(len(rows)), key=lambda row: (table.now[row] > 0, table.ever[row] > 0))
    for row in order:  # those taken last, so that nothing covers them
        now, ever, its = bool(table.now[row]), bool(table.ever[row]), routes[row]
        scene.curve(
            its.start, its.end, its.bend, tone_of(view, row), width=3 if now else 1.4, dash=not ever,
            tip=arrow_tip(view, row),
        )  # fmt: skip
    return routes


def _draw_box(scene: Scene, view: LifeCycle, row: int, box: Box) -> None:
    table = view.states
    state, count = str(table.state[row]), int(table.chunks[row])
    x, y, wide, _ = box
    meaning = state_meaning(state)
    scene.area(box, "state_absent")
    scene.area((x, y, wide, HEAD), meaning, tip=state_tip(view, row))
    said = scene.text(x + 7, y + 13.5, f"{state}  {count:,}", on=meaning, bold=True)
    order = str(table.order[row])
    if text_width(order, 11) <= wide - said - 22:
        scene.text(x + wide - 7, y + 13.5, order, on=meaning, size=11, anchor="end")
    rows = _box(scene)[2]
    draw_tokens(scene, view, row, (x + PAD, y + HEAD + 2), (across(view, wide - 2 * PAD), rows))


def _draw_moves(scene: Scene, view: LifeCycle) -> None:
    """Write into the free space what the current step moved."""
    x, y, wide, _ = _place(scene, *ELSEWHERE)
    taken = [row for row, count in enumerate(view.arrows.now.tolist()) if count]
    words = "moved by this step" if taken else "this step moves no chunk"
    y += 6 + write_lines(
        scene, (x, y + 6), words, width=wide + 8, size=12, tone="text" if taken else "faint", bold=bool(taken)
    )
    for row in taken[:MOST_MOVES]:
        y += write_lines(scene, (x, y), move_words(view, row), width=wide + 8, tone="now")
    if len(taken) > MOST_MOVES:
        scene.text(x, y, f"and along {len(taken) - MOST_MOVES} more", tone="faint", size=11)
