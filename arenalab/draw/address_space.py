"""The address space as a scene: totals as a bar, then heap arenas as rows of chunks."""

from __future__ import annotations

from collections.abc import Iterator

from arenalab.draw.looks import state_meaning
from arenalab.draw.scene import WIDTH, Scene
from arenalab.units import counted, hex_addr, human
from arenalab.view.acting import made_words
from arenalab.view.address_space import ACROSS, FAULTED, MAPPED, NEVER_USED, NOBODY, RESIDENT, AddressSpace
from arenalab.view.chunk_state import SAID

MARGIN = 16
LEFT, CELL, BETWEEN = 136, 97, 4  #: where the cells begin; width of one, and of the gap behind it.
TOTALS, BAR_Y, BAR = 106, 34, 20  #: height of the totals; top and height of their bar.
HEAD, FILL, MEMORY = 18, 14, 16  #: heights of the parts of a cell: its state, what fills it, its memory.
HIGH = HEAD + FILL + MEMORY
MARK, PITCH = 22, HIGH + 44  #: room for the mark of zeroed_base; from one row to the next.

WORDS = {NEVER_USED: "address space", MAPPED: "mapped", RESIDENT: "resident", FAULTED: "set to fault"}


def address_space_scene(view: AddressSpace) -> Scene:
    """Draw the address space: clicking a chunk tells "chunk N"."""
    scene = Scene(TOTALS + view.page * PITCH + 20, "Address space")
    _draw_totals(scene, view)
    for row in range(len(view.rows)):
        _draw_row(scene, view, row, TOTALS + row * PITCH)
    for cell in range(len(view.cells)):
        _draw_cell(scene, view, cell)
    _draw_foot(scene, view)
    return scene


def _draw_totals(scene: Scene, view: AddressSpace) -> None:
    totals = view.totals
    heaps = counted(view.heap_arenas, "heap arena")
    chunks = f"{counted(view.chunks, 'chunk')} of {human(view.chunk_bytes)}{view.for_objects}"
    words = (
        f"{human(totals.reserved)} of addresses reserved, {human(totals.mapped)} mapped: {heaps}, {chunks}"
    )
    scene.text(MARGIN, 22, words if view.heap_arenas else "no address is reserved yet", bold=True)
    x, scale = float(MARGIN), (WIDTH - 2 * MARGIN) / max(view.most, 1)
    scene.line((x, BAR_Y + BAR), (WIDTH - MARGIN, BAR_Y + BAR), tip="the rest is reserved later in this run")
    parts = (
        (totals.resident, RESIDENT, "resident"),
        (totals.mapped - totals.resident, MAPPED, "mapped, not zeroed yet"),
        (totals.faulted, FAULTED, "set to fault: no memory behind it"),
        (totals.never, NEVER_USED, "address space only: never mapped so far"),
    )
    said = float(MARGIN)
    for nbytes, meaning, word in parts:
        if nbytes:
            scene.area((x, BAR_Y, nbytes * scale, BAR), meaning, tip=f"{human(nbytes)} {word}")
        x += nbytes * scale
        scene.area((said, BAR_Y + BAR + 9, 14, 11), meaning)
        amount = f"{human(nbytes)} {word.partition(':')[0]}"
        scene.text(said + 20, BAR_Y + BAR + 18.5, amount, tone="text" if nbytes else "faint", size=11.5)
        said += (WIDTH - 2 * MARGIN) / len(parts)


def _draw_row(scene: Scene, view: AddressSpace, row: int, top: float) -> None:
    rows = view.rows
    heap_arena = int(rows.heap_arena[row])
    scene.text(MARGIN, top + 13, f"heap arena {heap_arena}", bold=True)
    base, end = hex_addr(int(rows.base[row])), hex_addr(int(rows.end[row]))
    tip = f"heap arena {heap_arena}: {base} to {end}\nzeroed_base is {human(int(rows.zeroed_base[row]))} from its base"
    scene.text(MARGIN, top + 29, base, mono=True, size=11, tone="faint", tip=tip)
    scene.text(MARGIN, top + 45, f"{human(int(rows.resident[row]))} resident", size=11, tone="faint", tip=tip)
    zeroed, length = int(rows.zeroed[row]), int(rows.end[row] - rows.base[row])
    x, y = LEFT + _across(view, zeroed), top + HIGH + 5
    if zeroed:
        scene.line((LEFT, y), (x, y), "faint", width=2, tip=tip)
    if zeroed < length:
        scene.line((x, y), (LEFT + _across(view, length) - BETWEEN, y), "faint", dash=True, tip=tip)
    if 0 < zeroed < length or int(rows.zeroed_base[row]) in {0, zeroed}:
        last = zeroed == length
        scene.line((x - BETWEEN / 2, top - 3), (x - BETWEEN / 2, y + 4), "text", width=1.5, tip=tip)
        words = f"zeroed_base {human(zeroed)}" + (
            "" if last else f"; {human(length - zeroed)} behind it never handed out"
        )
        near_end = x > LEFT + 4 * (CELL + BETWEEN)
        anchor, shift = ("end", -5) if near_end else ("start", 3)
        scene.text(x + shift, y + 15, words, tone="faint", size=10.5, anchor=anchor, tip=tip)


def _across(view: AddressSpace, nbytes: int) -> float:
    """Return how far into a row of cells some bytes from its base are."""
    return nbytes / view.chunk_bytes * (CELL + BETWEEN)


def _draw_cell(scene: Scene, view: AddressSpace, cell: int) -> None:
    cells = view.cells
    chunk, state, owner = int(cells.chunk[cell]), str(cells.state[cell]), int(cells.user_arena[cell])
    memory, tap, tip = str(cells.memory[cell]), f"chunk {chunk}", _tip(view, cell)
    x = LEFT + float(cells.place[cell]) * (CELL + BETWEEN)
    y = TOTALS + float(cells.row[cell]) * PITCH
    head = state_meaning(state)
    scene.area((x, y, CELL, HEAD), head, tip=tip, tap=tap)
    number = f"{chunk} a{owner}" if owner != NOBODY else f"{chunk}"
    if len(number) * 7 + len(state) * 5.8 > CELL - 10:
        number = f"{chunk}"  # the tip tells whose it is
    scene.text(x + 5, y + 13, number, on=head, size=11, bold=True)
    scene.text(x + CELL - 5, y + 13, state, on=head, size=10, anchor="end")
    low = y + HEAD
    if memory == RESIDENT:
        for left, right, meaning in _fill(view, cell):
            width = (right - left) / view.chunk_bytes * CELL
            scene.area((x + left / view.chunk_bytes * CELL, low, width, FILL), meaning, tip=tip, tap=tap)
        low += FILL
    scene.area((x, low, CELL, y + HIGH - low), memory, tip=tip, tap=tap)
    middle = low + (y + HIGH - low) / 2 + 3.8
    words = WORDS[memory] if memory != RESIDENT else f"{human(view.chunk_bytes)} resident"
    scene.text(x + CELL / 2, middle, words, on=memory, size=10, anchor="middle")
    if cells.now[cell]:
        corners = [(x, y), (x + CELL, y), (x + CELL, y + HIGH), (x, y + HIGH), (x, y)]
        scene.polyline(corners, "now", width=2.5)
    if cells.focus[cell]:
        scene.text(x + CELL / 2, y - 4, "▾", size=12, anchor="middle")


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
    """Say which rows are shown, where not all of them are."""
    if view.all_rows > len(view.rows):
        last = view.first + len(view.rows) - 1
        words = (
            f"rows {view.first + 1:,} to {last + 1:,} of {view.all_rows:,}, each of at most {ACROSS} chunks"
        )
        scene.text(MARGIN, TOTALS + view.page * PITCH + 12, words, tone="faint", size=11)
