"""The address space as a scene: totals as a bar, then heap arenas as rows of chunks.

On a page a row's name stands before its chunks; where there is less room it stands above them, and a row of chunks
may take two lines.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from arenalab.draw.lettering import first_fitting, text_width
from arenalab.draw.looks import state_meaning
from arenalab.draw.scene import PRESS, WIDTH, Scene
from arenalab.units import counted, hex_addr, human
from arenalab.view.acting import made_words
from arenalab.view.address_space import ACROSS, FAULTED, MAPPED, NEVER_USED, NOBODY, RESIDENT, AddressSpace
from arenalab.view.chunk_state import SAID
from arenalab.view.explained import explain_meaning, explain_state

BETWEEN = 4  #: points between two chunks.
BEFORE, ABOVE = 128, 20  #: points before a row for its name, or above it.
FILL, MEMORY = 14, 16  #: heights of what fills a chunk and of its memory, below its head.
LINE = 14.5  #: height of a line of a chunk's head.
BELOW, PITCH = 21, 30  #: from a row of chunks to the words below it; to what comes next.
BAR = 18  #: height of the bar of totals.

WORDS = {NEVER_USED: "address space", MAPPED: "mapped", RESIDENT: "resident", FAULTED: "set to fault"}
SHORT = {NEVER_USED: "addresses", MAPPED: "mapped", RESIDENT: "resident", FAULTED: "faults"}


@dataclass(frozen=True)
class Plan:
    """Where rows and chunks stand."""

    left: float
    cell: float
    across: int  #: chunks side by side.
    lines: int  #: of a row.
    head: float  #: height of a chunk's head.
    top: float
    above: float

    @property
    def high(self) -> float:
        """Of a chunk."""
        return self.head + FILL + MEMORY

    @property
    def pitch(self) -> float:
        """From one row to the next."""
        return self.above + self.lines * (self.high + 6) + PITCH - 6

    def cells(self, row: int, line: int) -> float:
        """Return the upper edge of the chunks of a line of a row."""
        return self.top + row * self.pitch + self.above + line * (self.high + 6)

    def x(self, place: float) -> float:
        """Return where on its line a place among a row's chunks is."""
        return self.left + place * (self.cell + BETWEEN)


def plan_of(scene: Scene, view: AddressSpace) -> Plan:
    """Return where rows and chunks stand in a picture."""
    room, wide = scene.room, scene.room.width >= 800
    left = room.left + (BEFORE if wide else 0)
    across = ACROSS // 2 if room.narrow else ACROSS
    cell = (room.right - left + BETWEEN) / across - BETWEEN
    head = (1 if cell >= 96 else 2) * LINE + 4
    chunks = min(ACROSS, view.heap_arena_bytes // view.chunk_bytes)  # of a row
    top = room.pick(86, 104, 122) if not wide else 86 if room.wide else 104
    return Plan(left, cell, across, -(-chunks // across), head, top, 0 if wide else ABOVE)


def address_space_scene(view: AddressSpace, width: float = WIDTH) -> Scene:
    """Draw the address space: clicking a chunk tells "chunk N"."""
    scene = Scene(0, "Address space", width=width)
    plan = plan_of(scene, view)
    paged = view.most_rows > view.page
    scene.height = plan.top + view.page * plan.pitch + (PRESS if paged else 0)
    _draw_totals(scene, view)
    for row in range(len(view.rows)):
        _draw_row(scene, view, plan, row)
    for cell in range(len(view.cells)):
        _draw_cell(scene, view, plan, cell)
    if paged:
        _draw_foot(scene, view)
    return scene


# totals


def _draw_totals(scene: Scene, view: AddressSpace) -> None:
    """Draw what all heap arenas come to: in words, as a bar, and what its parts are."""
    totals, room = view.totals, scene.room
    chunks = f"{counted(view.chunks, 'chunk')} of {human(view.chunk_bytes)}{view.for_objects}"
    words = [
        f"{human(totals.reserved)} of addresses reserved, {human(totals.mapped)} mapped",
        f"{counted(view.heap_arenas, 'heap arena')}, {chunks}",
    ]
    if not view.heap_arenas:
        words = ["no address is reserved yet", ""]
    elif text_width(words[0], 11.5, bold=True) > room.inner:
        words[0] = words[0].replace(" of addresses reserved", " reserved")
    if text_width(words[1], 11.5) > room.inner:
        words[1] = words[1].removesuffix(view.for_objects)
    if room.wide:
        words = [": ".join(filter(None, words))]
    for line, part in enumerate(words):
        scene.text(
            room.left, 16 + 16 * line, part, bold=not line, size=room.pick(12, 12, 11.5), width=room.inner
        )
    top = 10 + 16 * len(words)
    x, scale = room.left, room.inner / max(view.most, 1)
    scene.line((x, top + BAR), (room.right, top + BAR), tip="the rest is reserved later in this run")
    parts = (
        (totals.resident, RESIDENT, "resident"),
        (totals.mapped - totals.resident, MAPPED, "mapped, not zeroed yet"),
        (totals.faulted, FAULTED, "set to fault: no memory behind it"),
        (totals.never, NEVER_USED, "address space only: never mapped so far"),
    )
    for number, (nbytes, meaning, word) in enumerate(parts):
        tip = f"{human(nbytes)} {word}\n{explain_meaning(meaning)}"
        if nbytes:
            scene.area((x, top, nbytes * scale, BAR), meaning, tip=tip)
        x += nbytes * scale
        _say_total(scene, number, (nbytes, meaning, word), top + BAR + 8, tip)


def _say_total(scene: Scene, number: int, part: tuple[int, str, str], top: float, tip: str) -> None:
    """Write one part of the totals, below `top`, in the first of some words that there is room for."""
    (nbytes, meaning, word), room, across = part, scene.room, scene.room.pick(4, 4, 2)
    line, column = divmod(number, across)
    left, y = room.left + column * room.inner / across, top + line * 17
    scene.area((left, y, 14, 11), meaning, tip=tip)
    names = [f"{human(nbytes)} {name}" for name in (word.partition(":")[0], WORDS[meaning], SHORT[meaning])]
    spare = room.inner / across - 26
    name = first_fitting(names, spare, 11.5)
    scene.text(left + 19, y + 10, name, tone="text" if nbytes else "faint", size=11.5, tip=tip, width=spare)


# rows


def _draw_row(scene: Scene, view: AddressSpace, plan: Plan, row: int) -> None:
    rows, room = view.rows, scene.room
    heap_arena, top = int(rows.heap_arena[row]), plan.top + row * plan.pitch
    base, end = hex_addr(int(rows.base[row])), hex_addr(int(rows.end[row]))
    tip = f"heap arena {heap_arena}: {base} to {end}\nzeroed_base is {human(int(rows.zeroed_base[row]))} from its base"
    said = scene.text(room.left, top + 13, f"heap arena {heap_arena}", bold=True, tip=tip)
    resident = f"{human(int(rows.resident[row]))} resident"
    if not plan.above:
        scene.text(room.left, top + 28, base, mono=True, size=11, tone="faint", tip=tip)
        scene.text(room.left, top + 43, resident, size=11, tone="faint", tip=tip)
    else:
        left = room.left + said + 12
        left += scene.text(left, top + 13, base, mono=True, size=11, tone="faint", tip=tip) + 12
        spare = room.right - 30 - left  # the mark of the chunk in focus may stand there
        fits = first_fitting((resident, resident.removesuffix(" resident")), spare, 11)
        scene.text(left, top + 13, fits, size=11, tone="faint", tip=tip, width=spare)
    _draw_zeroed(scene, view, plan, row, tip)


def _draw_zeroed(scene: Scene, view: AddressSpace, plan: Plan, row: int, tip: str) -> None:
    """Draw how far a row was ever handed out: a line below what was, a dashed one below the rest, a mark between."""
    rows, step = view.rows, view.chunk_bytes
    zeroed, length = int(rows.zeroed[row]), int(rows.end[row] - rows.base[row])
    for line in range(plan.lines):
        first, last = (min(max((line + n) * plan.across * step, 0), length) for n in (0, 1))
        edge, y = min(max(zeroed, first), last), plan.cells(row, line) + plan.high + 4
        x, start, end = (plan.x(place / step - line * plan.across) for place in (edge, first, last))
        if edge > first:
            scene.line((start, y), (x - BETWEEN, y), "faint", width=2, tip=tip)
        if edge < last:
            scene.line((x, y), (end - BETWEEN, y), "faint", dash=True, tip=tip)
        here = first <= zeroed < last or zeroed == last == length
        if here and (0 < zeroed < length or int(rows.zeroed_base[row]) in {0, zeroed}):
            mark = x - BETWEEN / 2
            scene.line((mark, y - plan.high - 6), (mark, y + 4), "text", width=1.5, tip=tip)
            _say_zeroed(
                scene,
                plan,
                (mark, plan.cells(row, plan.lines - 1) + plan.high + BELOW - 4),
                (zeroed, length),
                tip,
            )


def _say_zeroed(scene: Scene, plan: Plan, at: tuple[float, float], zeroed: tuple[int, int], tip: str) -> None:
    """Write where zeroed_base is, near its mark and inside the picture."""
    words = f"zeroed_base {human(zeroed[0])}"
    words += "" if zeroed[0] == zeroed[1] else f"; {human(zeroed[1] - zeroed[0])} behind it never handed out"
    if text_width(words, 11) > scene.room.right - plan.left:
        words = words.partition(";")[0]  # the tip tells the rest
    wide = text_width(words, 11)
    left = at[0] + 3 if at[0] < (plan.left + scene.room.right) / 2 else at[0] - 5 - wide
    left = min(max(left, plan.left), scene.room.right - wide)
    scene.text(left, at[1], words, tone="faint", size=11, tip=tip)


# chunks


def _draw_cell(scene: Scene, view: AddressSpace, plan: Plan, cell: int) -> None:
    cells = view.cells
    memory, tap, tip = str(cells.memory[cell]), f"chunk {cells.chunk[cell]}", _tip(view, cell)
    line, place = divmod(int(cells.place[cell]), plan.across)
    x, y, wide = plan.x(place), plan.cells(int(cells.row[cell]), line), plan.cell
    _draw_head(scene, view, plan, cell, (x, y))
    low = y + plan.head
    if memory == RESIDENT:
        for left, right, meaning in _fill(view, cell):
            part = (right - left) / view.chunk_bytes * wide
            scene.area((x + left / view.chunk_bytes * wide, low, part, FILL), meaning, tip=tip, tap=tap)
        low += FILL
    scene.area((x, low, wide, y + plan.high - low), memory, tip=tip, tap=tap)
    words = [WORDS[memory], SHORT[memory]]
    if memory == RESIDENT:
        words = [f"{human(view.chunk_bytes)} resident", human(view.chunk_bytes)]
    said = first_fitting((*words, ""), wide - 4, 11)
    scene.text(
        x + wide / 2,
        low + (y + plan.high - low) / 2 + 4,
        said,
        on=memory,
        size=11,
        anchor="middle",
        tip=tip,
        tap=tap,
    )
    if cells.now[cell]:
        corners = [(x, y), (x + wide, y), (x + wide, y + plan.high), (x, y + plan.high), (x, y)]
        scene.polyline(corners, "now", width=2.5)
    if cells.focus[cell]:
        scene.mark(x + wide / 2, y + 3)


def _draw_head(scene: Scene, view: AddressSpace, plan: Plan, cell: int, at: tuple[float, float]) -> None:
    """Write a chunk's number, whose it is, and its state, side by side or in two lines."""
    cells, (x, y), wide = view.cells, at, plan.cell
    chunk, state, owner = int(cells.chunk[cell]), str(cells.state[cell]), int(cells.user_arena[cell])
    tip, tap, look = f"{_tip(view, cell)}\n{explain_state(state)}", f"chunk {chunk}", state_meaning(state)
    scene.area((x, y, wide, plan.head), look, tip=tip, tap=tap)
    one_line = plan.head < 2 * LINE
    spare = wide - 10 - (text_width(state, 11) + 6 if one_line else 0)
    number = f"{chunk} a{owner}" if owner != NOBODY else f"{chunk}"
    if text_width(number, 11, bold=True) > spare:
        number = f"{chunk}"  # the tip tells whose it is
    scene.text(x + 5, y + 12.5, number, on=look, size=11, bold=True, tip=tip, tap=tap, width=max(spare, 20))
    if one_line:
        scene.text(x + wide - 5, y + 12.5, state, on=look, size=11, anchor="end", tip=tip, tap=tap)
    else:
        scene.text(x + 5, y + 12.5 + LINE, state, on=look, size=11, tip=tip, tap=tap, width=wide - 6)


def _fill(view: AddressSpace, cell: int) -> Iterator[tuple[int, int, str]]:
    """Yield the stretches (left, right, meaning) of a chunk in memory, empty ones left out."""
    cells, size = view.cells, view.chunk_bytes
    front, back, tail = int(cells.front[cell]), int(cells.back[cell]), int(cells.tail[cell])
    usable = size - int(cells.reserve[cell])
    edges = (0, front, usable - tail - back, usable - tail, usable, size)
    meanings = ("pointerful", "free", "pointer_free", "red_zone", "reserve")
    for left, right, meaning in zip(edges, edges[1:], meanings, strict=False):
        if right > left:
            yield left, right, meaning


def _tip(view: AddressSpace, cell: int) -> str:
    cells = view.cells
    base, owner = int(cells.base[cell]), int(cells.user_arena[cell])
    lines = [
        f"chunk {cells.chunk[cell]}: {cells.state[cell]}, {WORDS[str(cells.memory[cell])]}",
        f"{hex_addr(base)} to {hex_addr(base + view.chunk_bytes)}",
        f"of user arena {owner}{made_words(cells.made[cell])}" if owner != NOBODY else "of no user arena",
        f"{human(int(cells.resident[cell]))} resident",
    ]
    if cells.memory[cell] == RESIDENT:
        front, back = int(cells.front[cell]), int(cells.back[cell])
        lines.append(
            f"from the low end {counted(front, 'byte')}: {counted(cells.front_pages[cell], 'page')} begun"
        )
        lines.append(
            f"from the high end {counted(back, 'byte')}: {counted(cells.back_pages[cell], 'page')} begun"
        )
        if cells.reserve[cell]:
            lines.append(f"{counted(int(cells.reserve[cell]), 'byte')} are {SAID['reserve']}")
    return "\n".join(lines)


def _draw_foot(scene: Scene, view: AddressSpace) -> None:
    """Describe which rows are shown, and turn to the others."""
    room, y, last = scene.room, scene.height - PRESS - 1, view.first + len(view.rows)
    chunks = view.cells.chunk
    ahead = f"chunk {int(chunks[-1]) + 1}" if last < view.all_rows and len(chunks) else ""
    before = f"chunk {max(int(chunks[0]) - view.page * ACROSS, 0)}" if view.first else ""
    x = room.left
    for words, tap, tip in (("◂", before, "the rows before"), ("▸", ahead, "the next rows")):
        x += scene.press(x, y, words, tap, tip=tip) + 6
    words = f"rows {view.first + 1:,} to {last:,} of {view.all_rows:,}"
    words += "" if room.narrow else f", each of at most {ACROSS} chunks"
    scene.text(x + 4, y + 14, words if view.all_rows else "", tone="faint", size=11, width=room.right - x - 4)
