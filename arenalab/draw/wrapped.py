"""Words in several lines: for sentences that a picture tells and that one line can't hold."""

from __future__ import annotations

from textwrap import wrap

from arenalab.draw.scene import MONO_WIDER, Point, Scene
from arenalab.draw.still import CHARACTER

LEADING = 1.28  #: from one baseline to the next, by the size.


def lines_of(words: str, width: float, size: float, *, mono: bool = False, most: int = 99) -> list[str]:
    """Break words into lines that fit a width in points; what goes beyond `most` lines ends in an ellipsis."""
    room = max(int(width / (size * CHARACTER * (MONO_WIDER if mono else 1))), 4)
    lines = [line for part in words.splitlines() for line in wrap(part, room) or [""]]
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], lines[most - 1][: room - 1] + "…"]


def write_lines(
    scene: Scene, place: Point, words: str, *, width: float, most: int = 99, size: float = 11,
    tone: str = "text", mono: bool = False,
) -> float:  # fmt: skip
    """Write words from a baseline on, and return how far down they reach from there."""
    lines = lines_of(words, width, size, mono=mono, most=most)
    for number, line in enumerate(lines):
        scene.text(place[0], place[1] + number * size * LEADING, line, tone=tone, size=size, mono=mono)
    return len(lines) * size * LEADING
