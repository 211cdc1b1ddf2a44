"""The heap bitmap as a scene: a page of words over the objects that made them, and the store at hand.

A word keeps its row and a bit its column while one steps: what changes in the picture changed in the run.
"""

from __future__ import annotations

from arenalab.draw import heap_bitmap_parts as parts
from arenalab.draw.scene import WIDTH, Box, Scene
from arenalab.view.bit_store import ORIGINS
from arenalab.view.heap_bitmap import ROWS, HeapBitmap

MARGIN = 16
LONG_NAME = 20  #: characters of a row's name that fit before the bits.
CELLS_X, RIGHT_X = 176, 808  #: where the bits begin, where the words on the right do.
BEHIND = RIGHT_X - 10  #: where the bits end.
TOP = 48  #: of the first row
ROW = 44  #: height of a bitmap word's row.
STORE = TOP + ROWS * ROW + 54  #: of the panel of a store
STORE_ROW = 22  #: height of a row of it.
SMALL = 10.5


def heap_bitmap_scene(view: HeapBitmap) -> Scene:
    """Draw a heap bitmap."""
    scene = Scene(STORE + parts.STORE_ROWS * STORE_ROW + 12, "Heap bitmap")
    scene.text(MARGIN, TOP - 26, parts.page_title(view), bold=True, width=WIDTH - 2 * MARGIN)
    if view.page is not None:
        _draw_axis(scene, view)
        _draw_cells(scene, view)
        _draw_strips(scene, view)
        _draw_words(scene, view)
        _draw_cursor(scene, view)
        scene.text(MARGIN, TOP + ROWS * ROW + 14, parts.scan_title(view), size=11, tone="faint")
    _draw_store(scene, view)
    return scene


def _cell(view: HeapBitmap) -> float:
    """Return the width of a bit."""
    return (BEHIND - CELLS_X) / view.bits


def _draw_axis(scene: Scene, view: HeapBitmap) -> None:
    for bit in range(0, view.bits, 8):
        x, words = CELLS_X + (bit + 0.5) * _cell(view), str(bit) if bit else "bit 0"
        scene.text(x, TOP - 2, words, size=SMALL, tone="faint", anchor="middle")


def _box(view: HeapBitmap, word: int, part: tuple[float, float], bits: tuple[int, int]) -> Box:
    """Return the rectangle of some bits of a word's row."""
    y, cell = TOP + (word - view.first) * ROW, _cell(view)
    return CELLS_X + bits[0] * cell, y + part[0] * ROW, (bits[1] - bits[0]) * cell, (part[1] - part[0]) * ROW


def _draw_cells(scene: Scene, view: HeapBitmap) -> None:
    cells = view.cells
    columns = cells.word, cells.bit, cells.meaning, cells.address, cells.type, cells.at
    for word, bit, meaning, *said in zip(*(column.tolist() for column in columns), strict=True):
        tip = parts.cell_tip(word, bit, meaning, *said)
        scene.area(_box(view, word, parts.BITS, (bit, bit + 1)), meaning, tip=tip)


def _draw_strips(scene: Scene, view: HeapBitmap) -> None:
    """Draw the objects that the bits speak of, below them."""
    strips = view.strips
    columns = strips.word, strips.left, strips.right, strips.meaning, strips.address, strips.type, strips.made
    for word, left, right, meaning, *said in zip(*(column.tolist() for column in columns), strict=True):
        tip = parts.strip_tip(left, right, meaning, *said)
        scene.area(_box(view, word, parts.OBJECTS, (left, right)), meaning, tip=tip)
    middle = sum(parts.OBJECTS) / 2 * ROW + 4
    for label in parts.strip_labels(view, _cell(view)):
        _draw_label(scene, CELLS_X + label.x * _cell(view), TOP + label.row * ROW + middle, label)


def _draw_label(scene: Scene, x: float, y: float, label: parts.Label) -> None:
    scene.text(x, y, label.text, on=label.meaning, size=SMALL, anchor="middle")


def _draw_words(scene: Scene, view: HeapBitmap) -> None:
    for row, words in enumerate(parts.row_words(view)):
        y = TOP + row * ROW
        tone = "now" if words.now else "faint"
        size = 12 if len(words.name) <= LONG_NAME else 10.5  # bold, it would run into the bits
        scene.text(MARGIN, y + 16, words.name, bold=words.now, size=size)
        scene.text(MARGIN, y + 33, words.value, size=SMALL, mono=True, tone=tone)
        scene.text(RIGHT_X, y + 16, words.mark, size=11)
        scene.text(RIGHT_X, y + 33, words.scan, size=11, tone="faint", bold=words.stops)
        if words.stops:
            end = y + parts.END * ROW
            scene.line((CELLS_X, end), (BEHIND, end), "text", width=2)
        if words.now:
            low, high = (y + share * ROW for share in parts.BITS)
            scene.outline((CELLS_X, low - 2, BEHIND - CELLS_X, high - low + 4))


def _draw_cursor(scene: Scene, view: HeapBitmap) -> None:
    """Draw where PtrBytes end: behind the last word that any pointer in the chunk may stand in."""
    word, bit = view.cursor or (-1, 0)
    if view.first <= word < view.first + ROWS and view.page is not None:
        x, y = CELLS_X + bit * _cell(view), TOP + (word - view.first) * ROW
        scene.line((x, y), (x, y + parts.OBJECTS[1] * ROW), "now", width=3, tip=view.page.limit_text())


def _draw_store(scene: Scene, view: HeapBitmap) -> None:
    scene.text(MARGIN, STORE - 10, parts.store_title(view), bold=True)
    scene.text(420, STORE - 10, parts.store_subtitle(view), size=11, tone="faint", width=WIDTH - 436)
    for row, (name, value) in enumerate(parts.store_words(view)):
        y = STORE + row * STORE_ROW
        scene.text(MARGIN, y + 15, name)
        scene.text(RIGHT_X, y + 15, value, size=SMALL, mono=row != parts.ORIGIN, tone="faint")
        if view.store is None:
            scene.frame((CELLS_X, y, BEHIND - CELLS_X, STORE_ROW - 4))
    _draw_store_bits(scene, view)


def _draw_store_bits(scene: Scene, view: HeapBitmap) -> None:
    cells = parts.store_cells(view)
    for row, bit, meaning, changed, origin in sorted(cells, key=lambda cell: cell[3]):  # outlines on top
        tip = f"bit {bit}: {ORIGINS[origin]}\nchanged: {'yes' if changed else 'no'}"
        scene.area(_store_box(view, row, (bit, bit + 1)), meaning, tip=tip, now=changed)
    for left, right, origin in parts.origins(view):
        tip = f"bits {left} to {right - 1}: {ORIGINS[origin]}"
        scene.area(_store_box(view, parts.ORIGIN, (left, right)), origin, tip=tip)
    for label in parts.origin_labels(view, _cell(view)):
        y = STORE + parts.ORIGIN * STORE_ROW + 13
        _draw_label(scene, CELLS_X + label.x * _cell(view), y, label)


def _store_box(view: HeapBitmap, row: int, bits: tuple[int, int]) -> Box:
    """Return the rectangle of some bits in a row of the panel of a store."""
    cell = _cell(view)
    return CELLS_X + bits[0] * cell, STORE + row * STORE_ROW, (bits[1] - bits[0]) * cell, STORE_ROW - 4
