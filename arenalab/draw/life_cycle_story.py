"""The story in the life cycle's picture: what happened to the chunk in focus, around the current moment."""

from __future__ import annotations

from arenalab.draw.lettering import BOLD, middle_cut, text_width
from arenalab.draw.looks import state_meaning
from arenalab.draw.scene import Scene
from arenalab.draw.theme import EVENT_COLOURS
from arenalab.draw.wrapped import lines_of
from arenalab.view.chunk_story import LINES
from arenalab.view.explained import explain_kind, explain_state
from arenalab.view.life_cycle import LifeCycle

TITLE, PITCH, LEADING, FOOT = 16, 15, 13.5, 4
NARROW_LINES = 5  #: of the story, where each has two lines of the picture.


def _shape(scene: Scene) -> tuple[int, float, int]:
    """Return how many lines are shown, how high each is, and into how many lines of the picture its words may break."""
    return (NARROW_LINES, 2 * LEADING + 3, 2) if scene.room.narrow else (LINES, PITCH, 1)


def story_height(scene: Scene) -> float:
    """Return the height of title and lines."""
    count, pitch, _ = _shape(scene)
    return TITLE + count * pitch + FOOT


def draw_story(scene: Scene, view: LifeCycle, top: float) -> None:
    """Write the lines below `top`; each can be clicked. The current one takes two of them where it is long."""
    told, left = view.story, scene.room.left
    if told.chunk < 0:
        scene.text(left, top + 11, "no chunk yet", tone="faint")
        return
    count, pitch, most = _shape(scene)
    here = next((row for row in range(len(told.lines)) if told.lines.current[row]), -1)
    long = most == 1 and here >= 0 and len(_lines(scene, view, here, 2)) > 1
    rows = _shown(len(told.lines), count - long, max(here, 0))
    first, last = (told.first + rows[0] + 1, told.first + rows[-1] + 1) if rows else (0, 0)
    title = f"story of chunk {told.chunk}: lines {first:,} to {last:,} of {told.total:,}"
    short = f"chunk {told.chunk}: lines {first:,} to {last:,} of {told.total:,}"
    fits = text_width(title, 12, bold=True) <= scene.room.inner
    scene.text(left, top + 11, title if fits else short, bold=True)
    y = top + TITLE
    for row in rows:
        taken = 2 if long and row == here else most
        _draw_line(scene, view, row, y, taken)
        y += 2 * pitch if long and row == here else pitch


def _shown(lines: int, count: int, here: int) -> range:
    """Return the rows that are shown: all, or so many as there is room for around the current one."""
    first = max(0, min(here - count // 2, lines - count))
    return range(first, min(first + count, lines))


def _size(scene: Scene) -> float:
    return scene.room.pick(12.0, 11.5, 11.0)


def _columns(scene: Scene, view: LifeCycle, row: int) -> tuple[float, float]:
    """Return where a line's number ends, and where its words must end."""
    room = scene.room
    number = room.left + 15 + text_width(f"{view.reading.events:,}", 11)
    named = 0 if room.narrow else text_width(str(view.story.lines.kind[row]), 11) + 8
    return number, room.right - 5 - named


def _lines(scene: Scene, view: LifeCycle, row: int, most: int) -> list[str]:
    """Return a line's words as lines of the picture; what does not fit is cut in its middle."""
    table, (number, right) = view.story.lines, _columns(scene, view, row)
    state, bold = str(table.state[row]), bool(table.current[row]) and not scene.room.narrow
    words = f"{table.sentence[row]}" + (f"  →\N{NO-BREAK SPACE}{state}" if state else "")
    wide = (right - number - 24) / (BOLD if bold else 1)
    whole = lines_of(words, wide, _size(scene))
    if len(whole) <= most:
        return whole
    if most == 1:
        return [middle_cut(words, wide, _size(scene))]
    return [*whole[: most - 1], middle_cut(" ".join(whole[most - 1 :]), wide, _size(scene))]


def _draw_line(scene: Scene, view: LifeCycle, row: int, y: float, most: int) -> None:
    """Write one line, y is its upper edge; what is still to come is faint."""
    room, table, pitch = scene.room, view.story.lines, _shape(scene)[1]
    moment, kind, state = int(table.moment[row]), str(table.kind[row]), str(table.state[row])
    current, past = bool(table.current[row]), moment <= view.reading.index
    tip = (
        f"event {moment:,}, operation {table.op[row] + 1:,}: {kind}\n{table.sentence[row]}\nclick to go there"
    )
    tap = f"at {moment}"
    on, (number, _) = "free" if current else "", _columns(scene, view, row)
    if current:
        high = 2 * PITCH if most == 2 and not room.narrow else pitch
        scene.area((room.left, y, room.inner, high), "free", tip=tip, tap=tap)
    scene.text(room.left + 3, y + 12, "▸" if current else "", on=on, bold=True)
    scene.text(number, y + 11.5, f"{moment:,}", tone="faint", on=on, size=11, anchor="end")
    if state:
        scene.area(
            (number + 7, y + 2.5, 11, 10), state_meaning(state), tip=f"{state}: {explain_state(state)}"
        )
    if not room.narrow:
        tone, said = EVENT_COLOURS.get(kind, "faint"), f"{kind}: {explain_kind(kind)}"
        scene.text(room.right - 5, y + 11.5, kind, tone=tone, size=11, anchor="end", tip=said)
    for line, part in enumerate(_lines(scene, view, row, most)):
        scene.text(
            number + 24, y + 11.5 + line * LEADING, part, tone="text" if past else "faint", on=on,
            bold=current and not room.narrow, size=_size(scene), tip=tip, tap=tap,
        )  # fmt: skip
