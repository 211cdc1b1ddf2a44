"""Where the parts of the chunk map's picture stand, at its width; nothing here depends on the moment."""

from __future__ import annotations

from dataclasses import dataclass

from arenalab.draw.chunk_panel import LOWER, UPPER
from arenalab.draw.lettering import text_width
from arenalab.draw.room import Room
from arenalab.view.chunk_map import ChunkMap

TOP = 6.0  #: of the first row.
BAND = 16.0  #: height of a chunk's band.
ROW, ROW_STACKED = 24.0, 38.0  #: height of a row: words beside the band, and above it.
ROW_SAID = 12.0  #: from the top of a row to the baseline of its words.
BAND_STACKED = 16.0  #: from the top of a row to its band, where the words stand above.
SIGN, LEFT = 11.0, 134.0  #: widths of the sign before a chunk's number, and of what is left of it.
PAGES = 26.0  #: height of the line with the buttons.
BREAK = 36.0  #: between two parts that stand side by side.
LANE, LANE_NARROW, LANE_MORE, FEW = (
    64.0,
    52.0,
    9.0,
    6,
)  #: a lane, and what each row less than `FEW` adds to it.


@dataclass(frozen=True)
class Plan:
    """Places and sizes, in points."""

    room: Room
    rows: int  #: of the list of chunks.
    paged: bool  #: whether there are more chunks than rows.
    last: int  #: the greatest number of a chunk.

    @property
    def stacked(self) -> bool:
        """Whether a row's words stand above its band."""
        return self.room.narrow

    @property
    def number_x(self) -> float:
        """Left edge of the chunks' numbers."""
        return self.room.left

    @property
    def where_x(self) -> float:
        """Left edge of the list that a chunk is on."""
        number = text_width(f"chunk {'0' * len(str(self.last))}", bold=True)
        return self.room.left + SIGN + number + 8

    @property
    def where_width(self) -> float:
        """Room for that."""
        return self.room.pick(140.0, 126.0, self.room.right - 116 - self.where_x)

    @property
    def left_x(self) -> float:
        """Left edge of what is left of a chunk; its right edge where rows are stacked."""
        return self.room.right if self.stacked else self.room.right - LEFT + 10

    @property
    def band_x(self) -> float:
        """Left edge of the bands."""
        return self.room.left if self.stacked else self.where_x + self.where_width

    @property
    def band_width(self) -> float:
        """Width of a whole chunk."""
        return self.room.inner if self.stacked else self.room.right - LEFT - self.band_x

    def row_y(self, row: int) -> float:
        """Return the top of a row."""
        return TOP + row * (ROW_STACKED if self.stacked else ROW)

    def band_y(self, row: int) -> float:
        """Return the top of a row's band."""
        return self.row_y(row) + (BAND_STACKED if self.stacked else 0)

    @property
    def scale_y(self) -> float:
        """Where the scale below the bands begins."""
        return self.band_y(self.rows - 1) + BAND + 2

    @property
    def pages_y(self) -> float:
        """Top of the line with the buttons; without any, what it says stands beside the scale."""
        return self.scale_y + (24 if self.paged else 18 if self.stacked else 2)

    @property
    def title_y(self) -> float:
        """Baseline of the title of what is inside."""
        return self.pages_y + (PAGES if self.paged or self.stacked else 22) + 26

    @property
    def lane(self) -> float:
        """Height of the objects: few chunks leave more for them."""
        if self.room.narrow:
            return LANE_NARROW
        return LANE + LANE_MORE * max(FEW - self.rows, 0)

    @property
    def gap(self) -> float:
        """Points between two parts side by side."""
        return BREAK

    @property
    def panels(self) -> list[tuple[float, float, float]]:
        """Return (left, top, width) of the lane of each part."""
        top = self.title_y + (16 if self.room.narrow else 0) + 18 + UPPER
        if self.room.narrow:
            below = top + self.lane + LOWER + 6 + UPPER
            return [(self.room.left, top, self.room.inner), (self.room.left, below, self.room.inner)]
        return [(x, top, width) for x, width in self.room.columns(2, BREAK)]

    @property
    def height(self) -> float:
        """Height of the picture."""
        return self.panels[-1][1] + self.lane + LOWER + 8


def plan_of(view: ChunkMap, width: float) -> Plan:
    """Lay out a chunk map."""
    last = -(-view.used // view.rows) * view.rows - 1  # on the last page
    return Plan(Room(width), min(view.rows, view.used), view.used > view.rows, last)
