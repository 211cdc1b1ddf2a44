"""One part of a chunk: its objects to scale, what the current step made, and what tells equal ones apart."""

from __future__ import annotations

from collections.abc import Callable

from arenalab.draw import chunk_map_parts as parts
from arenalab.draw.lettering import apart, first_fitting
from arenalab.draw.scene import Scene
from arenalab.units import humans
from arenalab.view.chunk_map import ChunkMap
from arenalab.view.columns import Column
from arenalab.view.windows import Part

UPPER = 34.0  #: above the lane: what the part shows, braces, the mark of what was made.
LOWER = 36.0  #: below it: the offsets, and a line of words.
BRACE = 13.0  #: a brace stands so far above the lane.
SIZE = 11.0


class Panel:
    """One part of a chunk, drawn in a box: x, y, width and height of its objects."""

    def __init__(
        self, scene: Scene, view: ChunkMap, part: Part, box: tuple[float, float, float, float]
    ) -> None:
        """Get ready to draw."""
        self.scene, self.view, self.part = scene, view, part
        self.x, self.y, self.width, self.lane = box
        self.scale = self.width / (part[1] - part[0])

    def draw(self, name: str) -> None:
        """Draw the part called `name`; only its scale while there is no chunk."""
        if self.view.focus < 0:
            self.scene.frame((self.x, self.y, self.width, self.lane))
        else:
            self._draw_chunk(name)
        self._draw_ticks(from_end=name == "high")

    def _draw_chunk(self, name: str) -> None:
        box, whole = (self.x, self.y - 8, self.width, self.lane + 28), self.view.chunk_bytes
        said = f"{name} end, shown from {' to '.join(humans(*self.part))}"
        self.scene.pane(box, name, self.part, whole, said)
        self._draw_areas(self.view.gaps.columns(), _gap_tip, "said")
        self._draw_areas(
            self.view.objects.columns(), parts.object_tip, *parts.OBJECT_SAID, tap=parts.object_tap
        )
        self._draw_now()
        braces = parts.braces(self.view.objects, self.part)
        for brace in braces:
            self._draw_brace(brace)
        for label in parts.labels(self.view, self.part, self.width, braces):
            place = self.across(label.x), self.y + self.lane / 2 + 4
            self.scene.text(*place, label.text, on=label.meaning, size=SIZE, anchor="middle")

    def across(self, offset: float) -> float:
        """Return where an offset is; one outside of the part is at its edge."""
        inside = min(max(offset, self.part[0]), self.part[1])
        return self.x + (inside - self.part[0]) * self.scale

    def box(self, left: int, right: int) -> tuple[float, float, float, float] | None:
        """Return the rectangle of what is seen of a stretch; None for nothing."""
        if right <= self.part[0] or left >= self.part[1]:
            return None
        return self.across(left), self.y, self.across(right) - self.across(left), self.lane

    def _draw_areas(
        self, columns: dict[str, Column], tip: Callable[..., str], *told: str,
        tap: Callable[..., str] = lambda *_: "",
    ) -> None:  # fmt: skip
        for left, right, meaning, *said in parts.in_order(columns, "left", "right", "meaning", *told):
            if box := self.box(left, right):
                self.scene.area(box, meaning, tip=tip(left, right, *said), tap=tap(*said))

    def _draw_now(self) -> None:
        """Outline what the current operation made, and point at it."""
        for left, right, _ in parts.made_now(self.view.objects):
            if box := self.box(left, right):
                self.scene.outline(box)
                self.scene.mark(box[0] + box[2] / 2, self.y - 2)

    def _draw_brace(self, brace: parts.Brace) -> None:
        """Draw a line over neighbours of one type, and say once how many of which type they are."""
        left, right, y = self.across(brace.left), self.across(brace.right), self.y - BRACE
        if right - left < parts.LEAST_BRACE:
            return
        self.scene.line((left + 1, y), (right - 1, y), "faint")
        for x in (left + 1, right - 1):
            self.scene.line((x, y), (x, y + 3), "faint")
        middle, room = (left + right) / 2, right - left
        words = first_fitting(brace.texts, room, SIZE)
        self.scene.text(middle, y - 4, words, tone="faint", size=SIZE, anchor="middle", tip=brace.texts[0])

    def _draw_ticks(self, *, from_end: bool) -> None:
        bottom, end = self.y + self.lane, self.view.layout.usable_bytes
        offsets = parts.ticks(self.part, end if from_end else 0)
        for offset in offsets:
            self.scene.line((self.across(offset), bottom), (self.across(offset), bottom + 4))
        first = sorted(offsets, key=lambda offset: offset != end) if from_end else offsets
        labels = ((self.across(at), parts.offset_text(at, end, from_end=from_end)) for at in first)
        for x, words in apart(labels, (self.x, self.x + self.width), SIZE):
            self.scene.text(x, bottom + 16, words, tone="faint", size=SIZE)


def _gap_tip(left: int, right: int, said: str) -> str:
    return f"{parts.stretch(left, right)}\n{said}"
