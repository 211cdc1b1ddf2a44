"""The life cycle as a scene: states and arrows of the table, tokens in the boxes; lanes and a story below.

Only where a state's box stands is chosen here; boxes, arrows and labels are those of the view.
"""

from __future__ import annotations

from arenalab.draw.life_cycle_lanes import draw_lanes, lanes_height
from arenalab.draw.life_cycle_story import draw_story, story_height
from arenalab.draw.looks import state_meaning
from arenalab.draw.routes import LABEL_SIZE, Route, routed
from arenalab.draw.scene import WIDTH, Box, Scene
from arenalab.units import counted, noun
from arenalab.view.acting import at_site, by_name, made_words
from arenalab.view.life_cycle import NOBODY, LifeCycle

#: State -> column and row of its box.
PLACES = {
    "absent": (0, 0), "ready": (1, 0), "quarantine": (2, 0),
    "in transit": (1, 1), "fault": (2, 1),
    "reuse": (0, 2), "active": (1, 2), "full": (2, 2),
}  # fmt: skip
ELSEWHERE = (0, 1)  #: of a state that has no place; words stand there otherwise.

MARGIN, TOP = 16, 6
BOX, GAP = (226, 82), (125, 44)
HEAD = 19  #: height of the strip that names a state.
TOKEN, BETWEEN, ACROSS = (27, 26), 4, 7
DIAGRAM = TOP + 3 * BOX[1] + 2 * GAP[1]


def life_cycle_scene(view: LifeCycle) -> Scene:
    """Draw the life cycle: clicking a chunk tells "chunk N", clicking a line of its story "at N"."""
    lanes = DIAGRAM + 34
    story = lanes + lanes_height(view)
    scene = Scene(story + story_height(), "Life cycle")
    boxes = _boxes(view)
    routes = _draw_arrows(scene, view, boxes)
    for row, state in enumerate(view.states.state.tolist()):
        _draw_box(scene, view, row, boxes[state])
    _draw_labels(scene, view, routes)
    _draw_moves(scene, view)
    draw_lanes(scene, view, lanes)
    draw_story(scene, view, story)
    return scene


def _boxes(view: LifeCycle) -> dict[str, Box]:
    boxes: dict[str, Box] = {}
    for state in view.states.state.tolist():
        column, row = PLACES.get(state, ELSEWHERE)
        boxes[state] = (
            MARGIN + column * (BOX[0] + GAP[0]), TOP + row * (BOX[1] + GAP[1]), float(BOX[0]), float(BOX[1]),
        )  # fmt: skip
    return boxes


def _draw_arrows(scene: Scene, view: LifeCycle, boxes: dict[str, Box]) -> list[Route]:
    table = view.arrows
    rows = list(zip(table.source.tolist(), table.target.tolist(), table.event.tolist(), strict=True))
    routes = routed(boxes, rows, (4, 0, WIDTH - 8, DIAGRAM + 22))
    taken = table.now.tolist()
    order = sorted(range(len(rows)), key=lambda row: (taken[row] > 0, table.ever[row] > 0))
    for row in order:  # those taken last, so that nothing covers them
        _draw_arrow(scene, view, row, routes[row])
    return routes


def _draw_labels(scene: Scene, view: LifeCycle, routes: list[Route]) -> None:
    for row, route in enumerate(routes):
        tone, now = _tone(view, row), bool(view.arrows.now[row])
        scene.text(
            *route.label, str(view.arrows.event[row]), tone="faint" if tone == "line" else tone,
            size=LABEL_SIZE, anchor="middle", bold=now, halo=True, tip=_arrow_tip(view, row),
        )  # fmt: skip


def _tone(view: LifeCycle, row: int) -> str:
    """Return the tone of an arrow: taken by this step, used at all in this run, or never."""
    if view.arrows.now[row]:
        return "now"
    return "text" if view.arrows.ever[row] else "line"


def _draw_arrow(scene: Scene, view: LifeCycle, row: int, route: Route) -> None:
    now, ever = bool(view.arrows.now[row]), bool(view.arrows.ever[row])
    scene.curve(
        route.start, route.end, route.bend, _tone(view, row), width=3 if now else 1.4, dash=not ever,
        tip=_arrow_tip(view, row),
    )  # fmt: skip


def _arrow_tip(view: LifeCycle, row: int) -> str:
    table = view.arrows
    lines = [
        f"{table.source[row]} → {table.target[row]}: {table.event[row]}",
        f"{counted(table.so_far[row], 'time')} so far, {table.ever[row]:,} in the whole run",
    ]
    return "\n".join(lines + ([f"{table.now[row]:,} by this step"] if table.now[row] else []))


def _draw_box(scene: Scene, view: LifeCycle, row: int, box: Box) -> None:
    table = view.states
    state, count = str(table.state[row]), int(table.chunks[row])
    x, y, width, height = box
    meaning = state_meaning(state)
    tip = f"{state}: {counted(count, 'chunk')}\nGo: {table.list[row]}, {table.order[row]}"
    scene.area((x, y, width, height), "state_absent")
    scene.area((x, y, width, HEAD), meaning, tip=tip)
    scene.text(x + 8, y + 14, f"{state}  {count:,}", on=meaning, bold=True)
    scene.text(x + width - 8, y + 13.5, str(table.order[row]), on=meaning, size=10.5, anchor="end")
    cells = _cells(view, row)
    for place, token in enumerate(cells):
        left = x + 8 + place % ACROSS * (TOKEN[0] + BETWEEN)
        top = y + HEAD + 4 + place // ACROSS * (TOKEN[1] + BETWEEN)
        if token >= 0:
            _draw_token(scene, view, token, (left, top))
        elif token == MORE:
            more = f"+{table.hidden[row]:,} more"
            now = bool(table.hidden_now[row])
            tip = f"{more} {noun(int(table.hidden[row]), 'chunk')} of this list" + (
                f"; {table.hidden_now[row]:,} moved now" if now else ""
            )
            scene.text(
                left + TOKEN[0] + 2, top + 17, more, tone="now" if now else "faint", size=10.5,
                anchor="middle", bold=now, tip=tip,
            )  # fmt: skip


MORE, NOTHING = -1, -2


def _cells(view: LifeCycle, row: int) -> list[int]:
    """Return what stands in a box, place by place: rows of tokens; where the middle is cut, MORE takes two."""
    here = [n for n, state in enumerate(view.tokens.state.tolist()) if state == view.states.state[row]]
    if not view.states.hidden[row]:
        return here
    places = view.tokens.place[here].tolist()
    cut = next(n for n in range(1, len(here)) if places[n] != places[n - 1] + 1)
    return [*here[:cut], MORE, NOTHING, *here[cut:]]


def _draw_token(scene: Scene, view: LifeCycle, row: int, corner: tuple[float, float]) -> None:
    tokens = view.tokens
    chunk, owner = int(tokens.chunk[row]), int(tokens.user_arena[row])
    meaning, tap, tip = state_meaning(str(tokens.state[row])), f"chunk {chunk}", _token_tip(view, row)
    x, y = corner
    scene.area((x, y, *TOKEN), meaning, tip=tip, tap=tap, now=bool(tokens.now[row]), corner=3)
    number, middle = f"{chunk}", x + TOKEN[0] / 2
    owned = owner != NOBODY
    scene.text(
        middle, y + (12 if owned else 17), number, on=meaning, size=11 if len(number) < 4 else 9,
        anchor="middle", bold=True,
    )  # fmt: skip
    if owned:
        scene.text(middle, y + 22.5, f"a{owner}", on=meaning, size=9, anchor="middle")
    if chunk == view.focus:
        scene.line((x, y + TOKEN[1] + 2.5), (x + TOKEN[0], y + TOKEN[1] + 2.5), "text", width=2.5)


def _token_tip(view: LifeCycle, row: int) -> str:
    tokens = view.tokens
    state, owner = str(tokens.state[row]), int(tokens.user_arena[row])
    lists = view.states.state.tolist().index(state)
    where = f"Go: {view.states.list[lists]}"
    if view.states.list[lists] != "none":
        where += f", place {tokens.place[row] + 1} ({view.states.order[lists]})"
    since = f"since event {tokens.since[row]:,}, operation {tokens.op[row] + 1:,}"
    since += (
        f": {tokens.event[row]}{by_name(tokens.by[row])}{at_site(tokens.site[row])}"
        if tokens.event[row]
        else ""
    )
    return "\n".join([
        f"chunk {tokens.chunk[row]}: {state}",
        since if tokens.since[row] else "since the start",
        f"of user arena {owner}{made_words(tokens.made[row])}" if owner != NOBODY else "of no user arena",
        where,
    ])  # fmt: skip


def _draw_moves(scene: Scene, view: LifeCycle) -> None:
    """Say in the free place what the step at hand moved."""
    column, row = ELSEWHERE
    x, y = MARGIN + column * BOX[0], TOP + row * (BOX[1] + GAP[1]) + 16
    table = view.arrows
    taken = [n for n, count in enumerate(table.now.tolist()) if count]
    scene.text(
        x,
        y,
        "moved by this step" if taken else "this step moves no chunk",
        bold=bool(taken),
        tone="text" if taken else "faint",
    )
    for line, n in enumerate(taken[:4]):
        count = int(table.now[n])
        words = f"{counted(count, 'chunk')}: {table.source[n]} → {table.target[n]}"
        scene.text(x, y + 17 + 15 * line, words, tone="now", size=11, width=210)
    if len(taken) > 4:
        scene.text(x, y + 17 + 15 * 4, f"and along {len(taken) - 4} more arrows", tone="faint", size=11)
