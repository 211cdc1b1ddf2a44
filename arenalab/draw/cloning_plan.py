"""Where the parts of Clone's picture stand, at its width; nothing here depends on the moment."""

from __future__ import annotations

from dataclasses import dataclass

from arenalab.draw.room import Room

ROW, BOX, GAP = 25.0, 34.0, 5.0  #: heights of a word with its margin and of a target; between two targets.
OFFSET = 40.0  #: width of a word's offset.
MOST_TARGETS = 8
LINE = 16.0  #: from a line of words to the next.


@dataclass(frozen=True)
class Plan:
    """Places and sizes, in points."""

    room: Room
    rows: int  #: words of a value that are shown at most.

    @property
    def below(self) -> bool:
        """Whether what the pointers lead to stands below the words, not between source and copy."""
        return self.room.narrow

    @property
    def call_lines(self) -> int:
        """Lines of the call."""
        return self.room.pick(1, 2, 3)

    @property
    def fact_lines(self) -> int:
        """Lines of what it did."""
        return self.room.pick(3, 4, 6)

    @property
    def facts_y(self) -> float:
        """Baseline of the first of them; whose call it is stands above them, on a page beside the call."""
        return 16 + self.call_lines * LINE + (6 if self.room.wide else LINE)

    @property
    def heads_y(self) -> float:
        """Baseline of the title of source and copy."""
        return self.facts_y + self.fact_lines * LINE + 4

    @property
    def top(self) -> float:
        """Top of the first word."""
        return self.heads_y + 40

    @property
    def side(self) -> float:
        """Width of source and of copy."""
        return self.room.pick(300.0, (self.room.inner - self.middle) / 2 - 32, (self.room.inner - 14) / 2)

    @property
    def middle(self) -> float:
        """Width of what the pointers lead to."""
        return self.room.pick(190.0, 136.0, (self.room.inner - 10) / 2)

    @property
    def offset(self) -> float:
        """Width of the words' offsets."""
        return OFFSET if not self.room.narrow else 36.0

    @property
    def copy(self) -> float:
        """Left edge of the copy."""
        return self.room.right - self.side

    def target(self, number: int) -> tuple[float, float]:
        """Return left edge and top of what pointers lead to."""
        if self.below:
            top = self.top + self.rows * ROW + 44
            return self.room.left + number % 2 * (self.middle + 10), top + number // 2 * (BOX + GAP)
        return (self.room.width - self.middle) / 2, self.top + number * (BOX + GAP)

    @property
    def targets(self) -> int:
        """How many of them are shown: as many as there may be, and as have room."""
        most = min(2 * self.rows, MOST_TARGETS)
        return most if self.below else min(most, max(int((self.rows * ROW + 20) // (BOX + GAP)), 2))

    @property
    def height(self) -> float:
        """Height of the picture."""
        words = self.top + self.rows * ROW + 22
        last = self.target(self.targets - 1)[1] + BOX + 20
        return max(words, last)
