"""Room: how wide a picture is, and what of its layout follows from that.

Rules:
1. A picture is drawn for its width, a point for a pixel: in less room its layout changes; it never shrinks.
2. No text is smaller than `least`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

WIDE, MIDDLE = 920, 560  #: points from which on a picture is wide, or of middle width; below it is narrow.
LEAST, LEAST_NARROW = 11.0, 10.5  #: points of the smallest text.

Choice = TypeVar("Choice")


@dataclass(frozen=True)
class Room:
    """The width of a picture, in points."""

    width: float

    @property
    def wide(self) -> bool:
        """Whether parts may stand side by side as on a full page."""
        return self.width >= WIDE

    @property
    def narrow(self) -> bool:
        """Whether it is a phone's: one column."""
        return self.width < MIDDLE

    @property
    def least(self) -> float:
        """Points of the smallest text."""
        return LEAST_NARROW if self.narrow else LEAST

    @property
    def left(self) -> float:
        """Where the picture begins, from the edge of the paper."""
        return self.pick(16.0, 14.0, 8.0)

    @property
    def right(self) -> float:
        """Where it ends."""
        return self.width - self.left

    @property
    def inner(self) -> float:
        """Points between the two."""
        return self.right - self.left

    def pick(self, wide: Choice, middle: Choice, narrow: Choice) -> Choice:
        """Return what is right for this width."""
        return wide if self.wide else narrow if self.narrow else middle

    def columns(self, count: int, gap: float) -> list[tuple[float, float]]:
        """Return (left edge, width) of some columns of one width, `gap` points apart."""
        width = (self.inner - gap * (count - 1)) / count
        return [(self.left + number * (width + gap), width) for number in range(count)]
