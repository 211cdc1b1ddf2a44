"""Where the parts of the dangling pointer's picture stand, at its width; nothing here depends on the moment."""

from __future__ import annotations

from dataclasses import dataclass

from arenalab.draw.room import Room

LANES = 4
STATE = 15.0  #: height of where the chunk is.
NAMES = 96.0  #: width of the builds' names, where they stand beside their bands.
LINE = 14.0  #: from a line of small words to the next.
HEADED = 18.0  #: of a card: its build, and where the chunk is.
VERDICT, VERDICT_SHORT = 36.0, 20.0  #: heights of what a touch does.
MEMORY = 54.0  #: of the bytes around the pointer, with their address.


@dataclass(frozen=True)
class Plan:
    """Places and sizes, in points."""

    room: Room
    ops: int  #: operations of the run.

    @property
    def head_lines(self) -> int:
        """Lines in which it is said which pointer it is."""
        return self.room.pick(1, 2, 2)

    @property
    def made_y(self) -> float:
        """Baseline of who made its object."""
        return 16 + self.head_lines * 16

    @property
    def calls(self) -> bool:
        """Whether the calls that changed something stand above the bands."""
        return not self.room.narrow

    @property
    def band_left(self) -> float:
        """Left edge of the first operation."""
        return self.room.left + (0 if self.room.narrow else NAMES)

    @property
    def box(self) -> float:
        """Height of an outcome."""
        return self.room.pick(24.0, 26.0, 24.0)

    @property
    def above(self) -> float:
        """Height of a build's name where it stands above its band."""
        return LINE if self.room.narrow else 0

    @property
    def lane(self) -> float:
        """Height of a build's lane."""
        return self.above + self.box + 2 + STATE + 6

    def band_y(self, number: int) -> float:
        """Return the top of a build's outcomes."""
        top = self.made_y + (26 if self.calls else 12)
        return top + number * self.lane + self.above

    @property
    def axis(self) -> float:
        """Where the last lane ends."""
        return self.band_y(LANES - 1) + self.lane - self.above

    @property
    def heading(self) -> float:
        """Baseline of the title of the cards."""
        return self.axis + 34

    def x(self, op: float) -> float:
        """Return where an operation's cell begins."""
        return self.band_left + (self.room.right - self.band_left) * op / max(self.ops, 1)

    @property
    def columns(self) -> list[tuple[float, float]]:
        """Return (left edge, width) of the columns of cards."""
        return self.room.columns(self.room.pick(4, 2, 1), 14.0)

    def card_lines(self, *, own: bool) -> int:
        """Return how many lines of words a card has."""
        return self.room.pick(10, 8, 7 if own else 4)

    def whole(self, *, own: bool) -> bool:
        """Return whether a card shows the memory around the pointer: on a phone only that of this run."""
        return own or not self.room.narrow

    def verdict(self, *, own: bool) -> float:
        """Return the height of what a touch does."""
        return VERDICT if self.whole(own=own) else VERDICT_SHORT

    def card_height(self, *, own: bool) -> float:
        """Return the height of a card."""
        memory = MEMORY if self.whole(own=own) else 4
        return HEADED + self.verdict(own=own) + memory + self.card_lines(own=own) * LINE + 4

    def cards(self, owns: list[bool]) -> list[tuple[float, float, float]]:
        """Return (left, top, width) of each card; `owns` tells which builds are the run's own."""
        places, top, across = [], self.heading + 8, len(self.columns)
        for number, own in enumerate(owns):
            left, width = self.columns[number % across]
            places.append((left, top, width))
            if number % across == across - 1:
                top += self.card_height(own=own) + (4 if self.room.wide else 12)
        return places

    def height(self, owns: list[bool]) -> float:
        """Return the height of the picture."""
        return self.cards(owns)[-1][1] + self.card_height(own=owns[-1])
