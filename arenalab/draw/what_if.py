"""The what-if picture: what fills the memory of both runs, on one scale, and a table of what they come to.

On a page the runs stand side by side, where there is less room one below the other.
"""

from __future__ import annotations

from dataclasses import dataclass

from arenalab.draw.lettering import first_fitting, text_width
from arenalab.draw.room import Room
from arenalab.draw.scene import WIDTH, Scene
from arenalab.draw.wrapped import lines_of
from arenalab.units import counted, human
from arenalab.view.explained import explain_counter
from arenalab.view.what_if import Side, WhatIf
from arenalab.view.what_if_rows import LEFT, RIGHT

GAP = 24  #: between two columns.
TITLE, LINE = 19, 14  #: heights of a title and of a line of the words below it.
BAND = 11  #: height of a band.
ROOMY, TIGHT, FEW = 17, 14, 8  #: from one band to the next, where there are at most so few, and where more.
NAME, WHERE = 82, 72  #: widths of the words beside a band.
TROUBLES = 2  #: lines of what was refused.
AXIS = 24  #: height of the scale below the bands, and of the buttons.
ROW, VALUE = 17, 76  #: height of a row of the table, and from one value to the next.
MEANINGS = ("pointerful", "pointer_free", "pointerful_former", "pointer_free_former", "free", "waste", "dead",
            "address_space", "red_zone", "reserve")  # fmt: skip
#: What the table names -> the counter that it is read off.
COUNTERS = {
    "GC cycles": "numgc",
    "heap_live, highest": "heap_live",
    "mapped now": "heap_in_use",
    "resident at most": "resident",
}
LETTERS = {LEFT: "A", RIGHT: "B"}


@dataclass(frozen=True)
class Plan:
    """Where one run stands."""

    left: float
    top: float
    wide: float
    words: tuple[int, int, int, int]  #: lines of title, settings, what stands behind the numbers, troubles.
    pitch: float  #: from one band to the next.
    scale: int  #: bytes of a full width: the same for both runs.

    @property
    def head(self) -> float:
        """Points above the bands."""
        return self.words[0] * TITLE + sum(self.words[1:]) * LINE + 9

    def y(self, row: int) -> float:
        """Return the upper edge of a band."""
        return self.top + self.head + row * self.pitch

    def x(self, nbytes: int) -> float:
        """Return where so many bytes from the start of a row are."""
        return self.left + NAME + WHERE + (self.wide - NAME - WHERE) * nbytes / self.scale


def what_if_scene(view: WhatIf, width: float = WIDTH) -> Scene:
    """Draw both runs; the height follows the whole history, so nothing jumps. A click on a chunk tells "chunk N"."""
    scene = Scene(0, "What if", width=width)
    room = scene.room
    columns = room.columns(2, GAP) if room.wide else room.columns(1, 0) * 2
    scale, words = max(view.left.scale, view.right.scale), _words(view, columns[0][1], narrow=room.narrow)
    pitch, top, end = ROOMY if view.rows <= FEW else TIGHT, 0.0, 0.0
    for name, (left, wide) in zip((LEFT, RIGHT), columns, strict=True):
        side: Side = getattr(view, name)
        rows = view.rows if room.wide else side.most
        plan = Plan(left, top, wide, words, pitch, scale)
        _draw_side(scene, side, LETTERS[name], plan, rows)
        end = plan.y(rows) + AXIS + 4
        top = top if room.wide else end
    top = end
    scene.height = _draw_totals(scene, view, top)
    return scene


def _words(view: WhatIf, wide: float, *, narrow: bool) -> tuple[int, int, int, int]:
    """Return how many lines title, settings, what stands behind the numbers, and troubles have, at every moment.

    On a phone the settings are where one points at the title, which names those that were chosen.
    """
    sides = view.left, view.right
    titles = max(len(_title(side, "A", wide, narrow=narrow)) for side in sides)
    settings, behind = (
        max(len(lines_of(words, wide, 11)) for words in each)
        for each in ([side.settings for side in sides], [side.behind for side in sides])
    )
    return titles, 0 if narrow else settings, behind, TROUBLES if any(side.warns for side in sides) else 0


def _title(side: Side, letter: str, wide: float, *, narrow: bool) -> list[str]:
    return lines_of(f"{letter}: {side.title}", wide, _size(narrow=narrow), bold=True)


def _size(*, narrow: bool) -> float:
    """Return the size of a side's title."""
    return 12 if narrow else 14


def _draw_side(scene: Scene, side: Side, letter: str, plan: Plan, rows: int) -> None:
    """Draw one run: its words, its bands, their scale."""
    x, y = plan.left, plan.top
    narrow, tip = scene.room.narrow, f"{side.title}\n{side.settings}"
    for line, part in enumerate(_title(side, letter, plan.wide, narrow=narrow)):
        scene.text(x, y + 14 + line * TITLE, part, bold=True, size=_size(narrow=narrow), tip=tip)
    told = ((side.settings, "faint"), (side.behind, "faint"), (side.trouble, "error" if side.bad else "text"))
    y += plan.words[0] * TITLE
    for most, (words, tone) in zip(plan.words[1:], told, strict=True):
        for line, part in enumerate(lines_of(words, plan.wide, 11, most=most) if words and most else []):
            scene.text(x, y + 12 + line * LINE, part, tone=tone, size=11, tip=words)
        y += most * LINE
    for row, (name, where) in enumerate(zip(side.rows.name, side.rows.where, strict=True)):
        base, tap = plan.y(row) + BAND - 1, f"{name}" if str(name).startswith("chunk ") else ""
        scene.text(x, base, name, size=11, width=NAME - 4, tap=tap)
        scene.text(x + NAME, base, where, size=11, tone="faint", width=WHERE - 6, tip=f"{name}: {where}")
    _draw_bands(scene, side, plan)
    _draw_scale(scene, side, plan, rows)


def _draw_bands(scene: Scene, side: Side, plan: Plan) -> None:
    """Draw what fills each row; wide parts first, so that a sliver is not painted over."""
    bands = side.bands
    rows = zip(bands.row, bands.left, bands.right, bands.meaning, bands.said, strict=True)
    ends: dict[int, int] = {}
    for row, left, right, meaning, said in sorted(rows, key=lambda part: part[1] - part[2]):
        start, end = plan.x(int(left)), plan.x(int(right))
        ends[row] = max(ends.get(row, 0), int(right))
        kept, tip = side.rows.kept[row], f"{side.rows.name[row]}: {said}"
        tip = f"{tip}\n{kept}" if kept else tip
        scene.area((start, plan.y(row), end - start, BAND), str(meaning), tip=tip)
        words = (kept, kept.removeprefix("kept by a pointer: "), "kept", "") if kept else ("",)
        if fits := first_fitting(words, end - start - 4, 11, bold=True):
            middle, base = (start + end) / 2, plan.y(row) + BAND - 1.5
            scene.text(middle, base, fits, on="dead", size=11, anchor="middle", bold=True, tip=tip)
    for row, end in ends.items():
        said = human(end)
        if plan.left + plan.wide - plan.x(end) > text_width(said, 11) + 6:  # a short row says how much it is
            scene.text(plan.x(end) + 5, plan.y(row) + BAND - 1, said, size=11, tone="faint")


def _draw_scale(scene: Scene, side: Side, plan: Plan, rows: int) -> None:
    """Write the scale below the bands; where there are more chunks, buttons turn to them."""
    y = plan.y(rows)
    if len(side.rows):
        written = sum(text_width(human(plan.scale // part), 11) for part in (1, 2))
        middle = ((1, "middle"),) if written < (plan.x(plan.scale) - plan.x(0)) * 0.6 else ()
        for share, anchor in ((0, "start"), *middle, (2, "end")):
            x = plan.x(plan.scale * share // 2)
            scene.line((x, y - 3), (x, y + 1))
            said = human(plan.scale * share // 2) if share else "0"
            scene.text(x, y + 12, said, size=11, tone="faint", anchor=anchor)
    names = [str(name) for name in side.rows.name]
    if not side.more:
        return
    if not names[0].startswith("chunk "):
        scene.text(
            plan.left,
            y + 12,
            counted(side.more, "smaller class", "smaller classes"),
            size=11,
            tone="faint",
            width=NAME + WHERE - 8,
        )
        return
    first, last = (int(name.removeprefix("chunk ")) for name in (names[0], names[-1]))
    ahead = f"chunk {last + 1}" if last + 1 < len(names) + side.more else ""
    before = f"chunk {max(first - len(names), 0)}" if first else ""
    left = plan.left
    for words, tap, tip in (("◂", before, "the chunks before"), ("▸", ahead, "the next chunks")):
        left += scene.press(left, y - 1, words, tap, tip=tip) + 6
    scene.text(left, y + 13, f"of {len(names) + side.more:,}", size=11, tone="faint")


def _draw_totals(scene: Scene, view: WhatIf, top: float) -> float:
    """Draw the table and return where it ends; the better value has a sign, a weight and, for all, a word."""
    room, totals = scene.room, view.totals
    columns = room.columns(2, GAP) if room.wide else room.columns(1, 0)
    each = -(-len(totals.name) // len(columns))
    scene.text(room.left, top + 14, f"after {counted(view.position, 'operation')}", bold=True)
    for number, (left, wide) in enumerate(columns):
        behind = text_width(_less(room, RIGHT), 11) + 8
        edges = {LEFT: left + wide * 0.58, RIGHT: left + wide * 0.8}
        if room.narrow:
            edges = {LEFT: left + wide - behind - VALUE, RIGHT: left + wide - behind}
        for name, edge in edges.items():
            scene.text(edge, top + 14, LETTERS[name], bold=True, anchor="end")
        for row in range(number * each, min((number + 1) * each, len(totals.name))):
            _draw_total(scene, view, row, (left, top + 31 + row % each * ROW, wide), edges)
    return top + 31 + each * ROW


def _draw_total(
    scene: Scene, view: WhatIf, row: int, place: tuple[float, float, float], edges: dict[str, float]
) -> None:
    """Write one row of the table between (left, baseline, width)."""
    (left, level, wide), totals = place, view.totals
    better = str(totals.better[row])
    scene.line((left, level + 4), (left + wide, level + 4))
    name = str(totals.name[row])
    scene.text(left, level, name, size=11, tip=explain_counter(COUNTERS.get(name, "")))
    for side, edge in edges.items():
        value = int(getattr(totals, side)[row])
        words = human(value) if totals.in_bytes[row] else f"{value:,}"
        scene.text(edge, level, words, size=11, anchor="end", bold=side == better)
    if better:
        words = f"◂ {LETTERS[better]} less"
        scene.text(
            left + wide, level, _less(scene.room, better), size=11, tone="faint", anchor="end", tip=words
        )


def _less(room: Room, better: str) -> str:
    """Return the sign of the run that has less."""
    return f"◂ {LETTERS[better]}{'' if room.narrow else ' less'}"
