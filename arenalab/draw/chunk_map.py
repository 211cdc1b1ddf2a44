"""The chunk map as a scene: a page of chunks, and two parts of the chunk in focus, its ends to begin with.

Objects keep their place and scale while one steps: what changes in the picture changed in the run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from arenalab.draw import chunk_map_parts as parts
from arenalab.draw.scene import WIDTH, Scene
from arenalab.units import counted, human
from arenalab.view.chunk_map import ChunkMap
from arenalab.view.columns import Column
from arenalab.view.windows import Part

MARGIN = 16
NUMBER_X, WHERE_X, BAND_X, LEFT_X = MARGIN, 92, 232, 838  #: columns of the list of chunks
BAND_WIDTH = LEFT_X - BAND_X - 10
TOP = 6  #: of the first row
ROW, BAND = 24, 16  #: height of a row and of the band in it
LANE = 60  #: height of the objects inside a chunk
INSIDE = 48  #: from the last row to the title of what is inside
LANES = 34  #: from that title to the objects
BREAK = 36  #: between the two parts
HALF = (WIDTH - 2 * MARGIN - BREAK) / 2  #: width of a part


def chunk_map_scene(view: ChunkMap) -> Scene:
    """Draw a chunk map."""
    inside = TOP + view.rows * ROW + INSIDE
    scene = Scene(inside + LANES + LANE + 24, "Chunk map")
    _draw_rows(scene, view)
    _draw_bands(scene, view)
    _draw_scale(scene, view)
    if view.focus >= 0:
        _draw_inside(scene, view, inside)
    return scene


def _draw_rows(scene: Scene, view: ChunkMap) -> None:
    """Write what is beside each band; a click anywhere in a row looks into that chunk."""
    for row, (number, where, left) in enumerate(parts.row_words(view.chunks)):
        y, focus = TOP + row * ROW + 12, bool(view.chunks.focus[row])
        tip, tap = parts.row_tip(view.chunks, row), _tap(int(view.chunks.chunk[row]))
        sign = "▸ " if focus else "  "
        scene.text(NUMBER_X, y, sign + number, bold=focus, tip=tip, tap=tap)
        width = BAND_X - WHERE_X - 6
        scene.text(WHERE_X, y, where, tone="faint", width=width, tip=tip, tap=tap)
        width = WIDTH - LEFT_X - 8
        scene.text(LEFT_X, y, left, tone="faint", size=11, width=width, tip=tip, tap=tap)


def _tap(chunk: int) -> str:
    return f"chunk {chunk}"


def _draw_bands(scene: Scene, view: ChunkMap) -> None:
    scale, first = BAND_WIDTH / view.chunk_bytes, view.page * view.rows
    columns = view.blocks.columns()
    for chunk, left, right, meaning, said in _rows(columns, "chunk", "left", "right", "meaning", "said"):
        box = BAND_X + left * scale, TOP + (chunk - first) * ROW, (right - left) * scale, BAND
        tip = f"chunk {chunk}, {_stretch(left, right)}\n{said}"
        scene.area(box, meaning, tip=tip, tap=_tap(chunk))


def _rows(columns: dict[str, Column], *names: str) -> Iterator[tuple[Any, ...]]:
    """Yield some columns row by row, wide areas first, so that a sliver is not painted over."""
    order = parts.wide_first(columns)
    return zip(*(columns[name][order].tolist() for name in names), strict=True)


def _stretch(left: int, right: int) -> str:
    return f"offsets {left:,} to {right:,}"


def _draw_scale(scene: Scene, view: ChunkMap) -> None:
    bottom = TOP + view.rows * ROW
    for share in range(5):
        x, offset = BAND_X + BAND_WIDTH * share / 4, view.chunk_bytes * share // 4
        scene.line((x, bottom - 6), (x, bottom - 2))
        words = human(offset) if offset else "0"
        scene.text(x, bottom + 10, words, tone="faint", size=10.5, anchor="middle")
    if view.all_chunks > len(view.chunks):
        scene.text(
            NUMBER_X, bottom + 10, f"{counted(view.all_chunks, 'chunk')} in all", tone="faint", size=10.5
        )


def _draw_inside(scene: Scene, view: ChunkMap, top: float) -> None:
    low_x, high_x = MARGIN, MARGIN + HALF + BREAK
    scene.text(MARGIN, top, parts.inside_title(view), bold=True)
    scene.text(low_x, top + 18, parts.LOW_TITLE, tone="faint", size=11)
    scene.text(high_x + HALF, top + 18, parts.HIGH_TITLE, tone="faint", size=11, anchor="end")
    if view.window.high[0] > view.window.low[1]:
        scene.text(
            low_x + HALF + BREAK / 2, top + LANES + LANE / 2, "⋯", anchor="middle", size=18, tone="faint"
        )
    for name, x, part in zip(("low", "high"), (low_x, high_x), view.window, strict=True):
        panel = _Panel(scene, view, part, (x, top + LANES))
        panel.draw(name)


class _Panel:
    """One part of a chunk, drawn at a place."""

    def __init__(self, scene: Scene, view: ChunkMap, part: Part, place: tuple[float, float]) -> None:
        self.scene, self.view, self.part = scene, view, part
        self.x, self.y = place
        self.scale = HALF / (part[1] - part[0])

    def draw(self, name: str) -> None:
        box, whole = (self.x, self.y - 8, HALF, LANE + 28), self.view.chunk_bytes
        said = f"{name} end, shown from {human(self.part[0])} to {human(self.part[1])}"
        self.scene.pane(box, name, self.part, whole, said)
        self._draw_areas(self.view.gaps.columns(), _gap_tip, "said")
        self._draw_areas(self.view.objects.columns(), parts.object_tip, *parts.OBJECT_SAID)
        self._draw_now()
        for label in parts.labels(self.view, self.part, HALF):
            place = self.across(label.x), self.y + LANE / 2 + 4
            self.scene.text(*place, label.text, on=label.meaning, size=11, anchor="middle")
        self._draw_ticks(from_end=name == "high")

    def across(self, offset: float) -> float:
        """Return where an offset is; one outside of the part is at its edge."""
        inside = min(max(offset, self.part[0]), self.part[1])
        return self.x + (inside - self.part[0]) * self.scale

    def box(self, left: int, right: int) -> tuple[float, float, float, float] | None:
        """Return the rectangle of what is seen of a stretch; None for nothing."""
        if right <= self.part[0] or left >= self.part[1]:
            return None
        return self.across(left), self.y, self.across(right) - self.across(left), LANE

    def _draw_areas(self, columns: dict[str, Column], tip: Callable[..., str], *told: str) -> None:
        for left, right, meaning, *said in _rows(columns, "left", "right", "meaning", *told):
            if box := self.box(left, right):
                self.scene.area(box, meaning, tip=tip(left, right, *said))

    def _draw_now(self) -> None:
        """Outline what the operation at hand made, and point at it."""
        for left, right, _ in parts.made_now(self.view.objects):
            if box := self.box(left, right):
                self.scene.outline(box)
                self.scene.mark(box[0] + box[2] / 2, self.y - 2)

    def _draw_ticks(self, *, from_end: bool) -> None:
        bottom = self.y + LANE
        for offset in parts.ticks(self.part, self.view.layout.usable_bytes if from_end else 0):
            x = self.across(offset)
            self.scene.line((x, bottom), (x, bottom + 4))
            words = parts.offset_text(offset, self.view.layout.usable_bytes, from_end=from_end)
            anchor = "start" if offset == self.part[0] else "end" if offset == self.part[1] else "middle"
            self.scene.text(x, bottom + 16, words, tone="faint", size=10.5, anchor=anchor, width=HALF / 4)


def _gap_tip(left: int, right: int, said: str) -> str:
    return f"{_stretch(left, right)}\n{said}"
