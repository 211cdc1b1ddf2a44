"""Where the parts of the heap bitmap's picture stand, at its width; nothing here depends on the moment."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from arenalab.draw.room import Room
from arenalab.draw.scene import PRESS, Box
from arenalab.view.heap_bitmap import ROWS

SIDE_BY_SIDE = 800  #: points from which on the words of a row stand beside its bits, not above them.
NAMES, LIMITS = 160.0, 152.0  #: widths of the words before the bits and after them.
LINE = 14.0  #: from a line of small words to the next.


@dataclass(frozen=True)
class Plan:
    """Places and sizes, in points."""

    room: Room
    bits: int  #: of a bitmap word.
    rows: int = ROWS  #: words that have a row.

    @cached_property
    def stacked(self) -> bool:
        """Whether a row's words stand above its bits."""
        return self.room.width < SIDE_BY_SIDE

    @cached_property
    def lines(self) -> int:
        """Lines of words above the bits of a row."""
        return self.room.pick(0, 1, 2) if self.stacked else 0

    @cached_property
    def cells_x(self) -> float:
        """Where the bits begin."""
        return self.room.left + (0 if self.stacked else NAMES)

    @cached_property
    def behind(self) -> float:
        """Where they end."""
        return self.room.right - (0 if self.stacked else LIMITS)

    @cached_property
    def right_x(self) -> float:
        """Left edge of the words on the right; their right edge where rows are stacked."""
        return self.room.right if self.stacked else self.behind + 10

    @cached_property
    def cell(self) -> float:
        """Width of a bit."""
        return (self.behind - self.cells_x) / self.bits

    @cached_property
    def top(self) -> float:
        """Top of the first row."""
        return 48.0 + (LINE if self.room.narrow else 0)

    @cached_property
    def row(self) -> float:
        """Height of a bitmap word's row."""
        return 44.0 if not self.stacked else 46.0 + self.lines * LINE - (2 if self.room.narrow else 0)

    def part(self, first: float, last: float) -> tuple[float, float]:
        """Return the upper and lower edge of a part of a row, given below the words above its bits."""
        above = self.lines * LINE + (1 if self.stacked else 0)
        return above + first, above + last

    @cached_property
    def bits_part(self) -> tuple[float, float]:
        """Where the bits are, from a row's top."""
        return self.part(3.5, 21.0)

    @cached_property
    def objects_part(self) -> tuple[float, float]:
        """Where the objects are that they describe."""
        return self.part(23.5, 38.0)

    @cached_property
    def scan_end(self) -> float:
        """Where a line tells that a scan ends."""
        return self.part(0, 41.0)[1]

    def box(self, row: int, part: tuple[float, float], bits: tuple[int, int]) -> Box:
        """Return the rectangle of some bits of a row."""
        y, cell = self.top + row * self.row, self.cell
        return self.cells_x + bits[0] * cell, y + part[0], (bits[1] - bits[0]) * cell, part[1] - part[0]

    @cached_property
    def foot(self) -> float:
        """Where the last row ends."""
        return self.top + self.rows * self.row

    @cached_property
    def said_lines(self) -> int:
        """Lines that the scan's end takes."""
        return self.room.pick(1, 2, 3)

    @cached_property
    def said_y(self) -> float:
        """Baseline of the first of them: beside the buttons on a page, below them elsewhere."""
        return self.foot + (14 if self.room.wide else PRESS + 18)

    @cached_property
    def store(self) -> float:
        """Top of the first row of the current store."""
        title = 40 + (LINE * (2 if self.room.narrow else 0))
        return self.said_y + (self.said_lines - 1) * LINE + title

    @cached_property
    def store_row(self) -> float:
        """Height of such a row."""
        return 22.0 + (LINE if self.stacked else 0)

    def store_box(self, row: int, bits: tuple[int, int]) -> Box:
        """Return the rectangle of some bits of such a row."""
        y = self.store + row * self.store_row + (LINE if self.stacked else 0)
        return self.cells_x + bits[0] * self.cell, y, (bits[1] - bits[0]) * self.cell, 18.0

    @cached_property
    def height(self) -> float:
        """Height of the picture."""
        return self.store + 3 * self.store_row + 8
