"""Words in several lines: for sentences that a picture tells and that one line can't hold."""

from __future__ import annotations

from arenalab.draw.lettering import fitted, wrapped
from arenalab.draw.scene import Point, Scene

LEADING = 1.28  #: from one baseline to the next, by the size.


def lines_of(
    words: str, width: float, size: float, *, mono: bool = False, bold: bool = False, most: int = 99
) -> list[str]:
    """Break words into lines that fit a width in points; what goes beyond `most` lines ends in an ellipsis."""
    lines = wrapped(words, width, size, mono=mono, bold=bold)
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], fitted(f"{lines[most - 1]}…", width, size, mono=mono, bold=bold)]


def write_lines(
    scene: Scene, place: Point, words: str, *, width: float, most: int = 99, size: float = 11,
    tone: str = "text", mono: bool = False, bold: bool = False, tip: str = "",
) -> float:  # fmt: skip
    """Write words from a baseline on, and return how far down they reach from there."""
    size = max(size, scene.room.least)
    lines = lines_of(words, width, size, mono=mono, bold=bold, most=most)
    for number, line in enumerate(lines):
        y = place[1] + number * size * LEADING
        scene.text(place[0], y, line, tone=tone, size=size, mono=mono, bold=bold, tip=tip)
    return len(lines) * size * LEADING
