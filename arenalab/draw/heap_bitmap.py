"""The heap bitmap as a scene: a page of words over the objects that made them, and the current store.

A word keeps its row and a bit its column while one steps: what changes in the picture changed in the run.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from arenalab.draw import heap_bitmap_parts as parts
from arenalab.draw.heap_bitmap_plan import LINE, Plan
from arenalab.draw.lettering import apart, text_width
from arenalab.draw.pages import page_buttons
from arenalab.draw.room import Room
from arenalab.draw.scene import WIDTH, Scene
from arenalab.draw.wrapped import write_lines
from arenalab.view.bit_store import ORIGINS
from arenalab.view.columns import Column
from arenalab.view.heap_bitmap import ROWS, HeapBitmap

Rows = tuple[tuple[Any, ...], ...]  #: of a view, each with its columns.

SMALL = 11.0
MOST_ROWS = 96  #: rows of the picture that are kept as they were drawn: a step changes one or two.


def heap_bitmap_scene(view: HeapBitmap, width: float = WIDTH) -> Scene:
    """Draw a heap bitmap, `width` points wide."""
    plan = Plan(Room(width), view.bits, view.rows)
    scene, room = Scene(plan.height, "Heap bitmap", width=width), plan.room
    title, note = parts.page_title(view, short=room.narrow)
    after = room.left + scene.text(room.left, 22, title, bold=True, width=room.inner)
    if room.narrow:
        scene.text(room.left, 38, note, size=SMALL, tone="faint", width=room.inner, tip=note)
    elif note:
        scene.text(after + 14, 22, note, size=SMALL, tone="faint", width=room.right - after - 14, tip=note)
    if view.page is not None:
        _draw_axis(scene, view, plan)
        _draw_cells(scene, view, plan)
        _draw_strips(scene, view, plan)
        _draw_words(scene, view, plan)
        _draw_cursor(scene, view, plan)
        _draw_foot(scene, view, plan)
    _draw_store(scene, view, plan)
    return scene


def _draw_axis(scene: Scene, view: HeapBitmap, plan: Plan) -> None:
    labels = [
        (plan.cells_x + (bit + 0.5) * plan.cell, str(bit) if bit else "bit 0")
        for bit in range(0, view.bits, 8)
    ]
    for x, words in apart(labels, (plan.room.left if plan.stacked else 0, plan.behind), SMALL):
        scene.text(x, plan.top - 2, words, size=SMALL, tone="faint")


def _draw_cells(scene: Scene, view: HeapBitmap, plan: Plan) -> None:
    cells = view.cells
    for row, bits in _by_row(
        view, plan, cells.word, cells.bit, cells.meaning, cells.address, cells.type, cells.at
    ):
        scene.take(_cells_of(plan, row, bits))


def _by_row(view: HeapBitmap, plan: Plan, *columns: Column) -> Iterator[tuple[int, Rows]]:
    """Yield each row of the picture with what lies in its word; the first column is of words."""
    rows = zip(*(column.tolist() for column in columns), strict=True)
    for word, group in groupby(rows, key=itemgetter(0)):
        if word - view.first < plan.rows:
            yield word - view.first, tuple(group)


@lru_cache(maxsize=MOST_ROWS)
def _cells_of(plan: Plan, row: int, bits: Rows) -> Scene:
    """Draw the bits of a word; most words are as they were a step ago."""
    scene = Scene(0, "", width=plan.room.width)
    for word, bit, meaning, *said in bits:
        tip = parts.cell_tip(word, bit, meaning, *said)
        scene.area(plan.box(row, plan.bits_part, (bit, bit + 1)), meaning, tip=tip)
    return scene


def _draw_strips(scene: Scene, view: HeapBitmap, plan: Plan) -> None:
    """Draw the objects that the bits describe, below them."""
    strips = view.strips
    edges, said = (
        (strips.word, strips.left, strips.right),
        (strips.address, strips.type, strips.made, strips.row),
    )
    for row, stretches in _by_row(view, plan, *edges, strips.meaning, *said):
        scene.take(_strips_of(plan, row, stretches))
    middle = sum(plan.objects_part) / 2 + 4
    for label in parts.strip_labels(view, plan.cell):
        if label.row < plan.rows:
            x, y = plan.cells_x + label.x * plan.cell, plan.top + label.row * plan.row + middle
            _draw_label(scene, x, y, label)


@lru_cache(maxsize=MOST_ROWS)
def _strips_of(plan: Plan, row: int, stretches: Rows) -> Scene:
    """Draw the objects of a word."""
    scene = Scene(0, "", width=plan.room.width)
    for _, left, right, meaning, *said in stretches:
        tip, number = parts.strip_tip(left, right, meaning, *said), said[-1]
        tap = f"object {number}" if number >= 0 else ""
        scene.area(plan.box(row, plan.objects_part, (left, right)), meaning, tip=tip, tap=tap)
    return scene


def _draw_label(scene: Scene, x: float, y: float, label: parts.Label) -> None:
    scene.text(x, y, label.text, on=label.meaning, size=SMALL, anchor="middle", halo=True)


def _draw_words(scene: Scene, view: HeapBitmap, plan: Plan) -> None:
    """Write what stands beside each row, or above it, and mark where a scan ends and what was stored."""
    for row, words in enumerate(parts.row_words(view)[: plan.rows]):
        y, tone = plan.top + row * plan.row, "now" if words.now else "faint"
        _draw_row_words(scene, plan, y, words, tone)
        if words.stops:
            end = y + plan.scan_end
            scene.line((plan.cells_x, end), (plan.behind, end), "text", width=2)
        if words.now:
            x, top, width, height = plan.box(row, plan.bits_part, (0, view.bits))
            scene.outline((x, top - 2, width, height + 4))


def _draw_row_words(scene: Scene, plan: Plan, y: float, words: parts.RowWords, tone: str) -> None:
    left, right, bold = plan.room.left, plan.right_x, words.now
    size = 12 if text_width(words.name, 12, bold=bold) <= plan.cells_x - left - 6 or plan.stacked else SMALL
    if not plan.stacked:
        scene.text(left, y + 16, words.name, bold=bold, size=size)
        scene.text(left, y + 33, words.value, size=SMALL, mono=True, tone=tone)
        scene.text(right, y + 16, words.mark, size=SMALL)
        scene.text(right, y + 33, words.scan, size=SMALL, tone="faint", bold=words.stops)
        return
    after = left + scene.text(left, y + 12, words.name, bold=bold, size=size)
    if plan.lines == 1:
        scene.text(after + 10, y + 12, words.value, size=SMALL, mono=True, tone=tone)
        both = ", ".join(filter(None, (words.mark, words.scan)))
        scene.text(right, y + 12, both, size=SMALL, anchor="end", tone="faint", bold=words.stops)
        return
    scene.text(left, y + 26, words.value, size=SMALL, mono=True, tone=tone)
    scene.text(right, y + 12, words.mark, size=SMALL, anchor="end")
    scene.text(right, y + 26, words.scan, size=SMALL, anchor="end", tone="faint", bold=words.stops)


def _draw_cursor(scene: Scene, view: HeapBitmap, plan: Plan) -> None:
    """Draw where PtrBytes end: after the last word that any pointer in the chunk may stand in."""
    word, bit = view.cursor or (-1, 0)
    if view.first <= word < view.first + plan.rows and view.page is not None:
        x, y = plan.cells_x + bit * plan.cell, plan.top + (word - view.first) * plan.row
        top, foot = y + plan.part(0, 0)[0], y + plan.objects_part[1]
        scene.line((x, top), (x, foot), "now", width=3, tip=view.page.limit_text())


def _draw_foot(scene: Scene, view: HeapBitmap, plan: Plan) -> None:
    """Draw the buttons that turn the page, and say where a scan ends."""
    buttons = page_buttons("word", view.first, ROWS, view.words)
    widths = [text_width(words, 11.5) + 16 for words, _ in buttons]
    x = plan.room.right - sum(widths) - 8 if plan.room.wide else plan.room.left
    room = x - plan.room.left - 12 if plan.room.wide else plan.room.inner
    for words, tap in buttons:
        x += scene.press(x, plan.foot + 1, words, tap) + 8
    place, said = (plan.room.left, plan.said_y), parts.scan_title(view)
    write_lines(scene, place, said, width=room, most=plan.said_lines, size=SMALL, tone="faint")


def _draw_store(scene: Scene, view: HeapBitmap, plan: Plan) -> None:
    room, y = plan.room, plan.store - 10
    title, said = parts.store_title(view), parts.store_subtitle(view)
    if room.narrow:
        write_lines(scene, (room.left, y - 2 * LINE), title, width=room.inner, most=2, size=12, bold=True)
        scene.text(room.left, y + 2, said, size=SMALL, tone="faint", width=room.inner, tip=said)
    else:
        after = room.left + scene.text(room.left, y, title, bold=True) + 16
        scene.text(after, y, said, size=SMALL, tone="faint", width=room.right - after, tip=said)
    for row, (name, value) in enumerate(parts.store_words(view)):
        top = plan.store + row * plan.store_row + (10 if plan.stacked else 14)
        anchor, size = ("end", SMALL) if plan.stacked else ("start", 12)
        scene.text(room.left, top, name, size=size)
        mono = row != parts.ORIGIN
        scene.text(plan.right_x, top, value, size=SMALL, mono=mono, tone="faint", anchor=anchor)
        if view.store is None:
            scene.frame(plan.store_box(row, (0, view.bits)))
    _draw_store_bits(scene, view, plan)


def _draw_store_bits(scene: Scene, view: HeapBitmap, plan: Plan) -> None:
    cells = parts.store_cells(view)
    for row, bit, meaning, changed, origin in sorted(cells, key=lambda cell: cell[3]):  # outlines on top
        tip = f"bit {bit}: {ORIGINS[origin]}\nchanged: {'yes' if changed else 'no'}"
        scene.area(plan.store_box(row, (bit, bit + 1)), meaning, tip=tip, now=changed)
    for left, right, origin in parts.origins(view):
        tip = f"bits {left} to {right - 1}: {ORIGINS[origin]}"
        scene.area(plan.store_box(parts.ORIGIN, (left, right)), origin, tip=tip)
    _, y, _, _ = plan.store_box(parts.ORIGIN, (0, 1))
    for label in parts.origin_labels(view, plan.cell):
        _draw_label(scene, plan.cells_x + label.x * plan.cell, y + 13, label)
