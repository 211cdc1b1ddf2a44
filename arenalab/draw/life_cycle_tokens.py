"""Chunks in the boxes of the life cycle's picture, and what is said of states, moves and chunks."""

from __future__ import annotations

from arenalab.draw.lettering import first_fitting, text_width
from arenalab.draw.looks import state_meaning
from arenalab.draw.scene import Scene
from arenalab.units import counted, noun
from arenalab.view.acting import at_site, by_name, made_words
from arenalab.view.explained import explain_kind, explain_state
from arenalab.view.life_cycle import NOBODY, LifeCycle

HEAD, TOKEN, BETWEEN = 18, 26, 3  #: height of the strip that names a state; of a chunk; between two chunks.
SIZE = 11
TAIL = 1  #: chunks after the cut of a list that does not fit.


def token_width(view: LifeCycle) -> float:
    """Return how wide a chunk is drawn: the number of the history's last one fits in."""
    return max(22.0, text_width("8" * len(str(max(view.all_chunks - 1, 0))), SIZE, bold=True) + 4)


def across(view: LifeCycle, wide: float) -> int:
    """Return how many chunks stand side by side."""
    return max(4, int((wide + BETWEEN) / (token_width(view) + BETWEEN)))


def draw_tokens(
    scene: Scene, view: LifeCycle, row: int, corner: tuple[float, float], room: tuple[int, int]
) -> None:
    """Draw the chunks of a state in the order of its list; `room` is how many stand side by side, in how many rows.

    Of a list that does not fit the middle is counted: its two ends are what Go takes from and puts to.
    """
    step = token_width(view) + BETWEEN
    head, tail, hidden = _cut(view, row, room[0] * room[1])
    behind = 2 if hidden else 0  # the words between take two places
    for number, token in enumerate([*head, *tail]):
        line, column = divmod(number + (behind if number >= len(head) else 0), room[0])
        _draw_token(scene, view, token, (corner[0] + column * step, corner[1] + line * (TOKEN + BETWEEN)))
    if hidden:
        x, y = corner[0] + len(head) % room[0] * step, corner[1] + len(head) // room[0] * (TOKEN + BETWEEN)
        _draw_hidden(
            scene, view, row, (x + step - BETWEEN / 2, y + 17), hidden, 2 * step - BETWEEN, {*head, *tail}
        )


def _cut(view: LifeCycle, row: int, cells: int) -> tuple[list[int], list[int], int]:
    """Return the tokens before and after the cut of a list, and how many chunks lie between."""
    state, hidden = view.states.state[row], int(view.states.hidden[row])
    here = [n for n, its in enumerate(view.tokens.state.tolist()) if its == state]
    if not hidden and len(here) <= cells:
        return here, [], 0
    places = view.tokens.place[here].tolist()
    ahead = next((n for n in range(1, len(here)) if places[n] != places[n - 1] + 1), len(here))
    head, tail = here[: min(ahead, cells - 2 - TAIL)], here[-TAIL:]
    return head, tail, len(here) + hidden - len(head) - len(tail)


def _draw_hidden(
    scene: Scene,
    view: LifeCycle,
    row: int,
    middle: tuple[float, float],
    count: int,
    wide: float,
    shown: set[int],
) -> None:
    tokens = view.tokens
    here = [n for n, state in enumerate(tokens.state.tolist()) if state == view.states.state[row]]
    now = int(view.states.hidden_now[row]) + sum(bool(tokens.now[n]) for n in here if n not in shown)
    words = f"+{count:,} more"
    tip = f"{words} {noun(count, 'chunk')} of this list" + (f"; {now:,} moved now" if now else "")
    words = first_fitting((words, f"+{count:,}"), wide, SIZE, bold=bool(now))
    scene.text(
        *middle, words, tone="now" if now else "faint", size=SIZE, anchor="middle", bold=bool(now), tip=tip
    )


def _draw_token(scene: Scene, view: LifeCycle, row: int, corner: tuple[float, float]) -> None:
    tokens = view.tokens
    chunk, owner = int(tokens.chunk[row]), int(tokens.user_arena[row])
    meaning, tap, tip = state_meaning(str(tokens.state[row])), f"chunk {chunk}", _token_tip(view, row)
    (x, y), wide = corner, token_width(view)
    scene.area((x, y, wide, TOKEN), meaning, tip=tip, tap=tap, now=bool(tokens.now[row]), corner=3)
    whose = f"a{owner}"
    owned = owner != NOBODY and text_width(whose, SIZE) <= wide
    scene.text(
        x + wide / 2,
        y + (11.5 if owned else 17),
        f"{chunk}",
        on=meaning,
        size=SIZE,
        anchor="middle",
        bold=True,
    )
    if owned:
        scene.text(x + wide / 2, y + 23, whose, on=meaning, size=SIZE, anchor="middle")
    if chunk == view.focus:
        scene.line((x, y + TOKEN + 1.5), (x + wide, y + TOKEN + 1.5), "text", width=2.5)


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
        explain_state(state),
    ])  # fmt: skip


def state_tip(view: LifeCycle, row: int) -> str:
    """Name a state, its list in Go, and which end of it comes first."""
    table = view.states
    count = f"{table.state[row]}: {counted(int(table.chunks[row]), 'chunk')}"
    return f"{count}\nGo: {table.list[row]}, {table.order[row]}\n{explain_state(str(table.state[row]))}"


def tone_of(view: LifeCycle, row: int) -> str:
    """Return the tone of a row of the table: taken by this step, used at all in this run, or never."""
    if view.arrows.now[row]:
        return "now"
    return "text" if view.arrows.ever[row] else "line"


def arrow_tip(view: LifeCycle, row: int) -> str:
    """Describe a row of the table, and how often it was used."""
    table = view.arrows
    lines = [
        f"{table.source[row]} → {table.target[row]}: {table.event[row]}",
        f"{counted(table.so_far[row], 'time')} so far, {table.ever[row]:,} in the whole run",
    ]
    lines += [f"{table.now[row]:,} by this step"] if table.now[row] else []
    return "\n".join([*lines, explain_kind(str(table.event[row]))])


def move_words(view: LifeCycle, row: int) -> str:
    """Describe how many chunks the current step moved along a row of the table."""
    table = view.arrows
    return f"{counted(int(table.now[row]), 'chunk')}: {table.source[row]} → {table.target[row]}"
