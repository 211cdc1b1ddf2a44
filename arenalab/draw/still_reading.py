"""The head of every still picture: the moment in words, and the legend."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from arenalab.draw.still import CHARACTER, Svg
from arenalab.draw.theme import EVERY_LOOK, event_colour
from arenalab.view.reading import NO_LINE, Reading

READING_HEIGHT = 64
LINE = 16  #: height of a line of the program's source.
LEGEND_HEIGHT, LEGEND_LINE = 40, 18  #: of a legend of one line, and what each further one takes.


def draw_reading(svg: Svg, moment: Reading, left: float, right: float) -> None:
    """Write operation, event and Go function in three lines at the top."""
    width = right - left
    svg.text(left, 28, f"operation {moment.op + 1:,} of {moment.ops:,}", bold=True, size=13)
    call = f"{moment.asked}: {moment.call}" if moment.asked else moment.call
    svg.text(left + 190, 28, call, mono=True, size=12, width=(width - 190) * 0.92)
    svg.text(left, 48, f"event {moment.index:,} of {moment.events:,}", size=13, color=svg.tone["faint"])
    svg.text(
        left + 190,
        48,
        moment.sentence,
        size=13,
        color=event_colour(moment.kind, svg.paper),
        width=width - 190,
    )
    if moment.remarks:
        svg.text(left, 65, moment.remarks[-1], size=11, color=svg.tone["faint"], width=184)
    svg.text(left + 190, 65, moment.footnote(), size=11, color=svg.tone["faint"], width=width - 190)
    if moment.lines and moment.kind and not moment.listing:
        svg.text(left + 190, READING_HEIGHT + 20, NO_LINE, size=11, color=svg.tone["faint"])
    for row, line in enumerate(moment.listing):
        y = READING_HEIGHT + 20 + row * LINE
        look: dict[str, Any] = {
            "size": 11,
            "mono": True,
            "color": svg.tone["text" if line.marked else "faint"],
        }
        svg.text(left + 190, y, "▸" if line.marked else "", size=11)
        svg.text(left + 232, y, f"{line.number}", anchor="end", **look)
        svg.text(left + 244, y, line.text, width=(width - 244) * 0.92, bold=line.marked, **look)


def reading_height(moment: Reading) -> float:
    """Return the pixels that the moment needs: as many at every moment of a history."""
    return READING_HEIGHT + (10 + moment.lines * LINE if moment.lines else 0)


Words = Mapping[str, str] | None


def draw_legend(svg: Svg, meanings: Sequence[str], left: float, top: float, words: Words = None) -> None:
    """Draw a swatch and a word for each meaning, line by line; `words` replace the theme's."""
    for meaning, word, x, line in _placed(meanings, svg.width - left, left, words):
        y = top + 8 + line * LEGEND_LINE
        svg.area((x, y, 14, 11), meaning)
        svg.text(x + 20, y + 9.5, word, size=11, color=svg.tone["faint"])


def legend_height(meanings: Sequence[str], width: float, left: float, words: Words = None) -> float:
    """Return the pixels that a legend needs, and what is kept free below it, in a picture so wide."""
    last = max((line for *_, line in _placed(meanings, width - left, left, words)), default=0)
    return LEGEND_HEIGHT + last * LEGEND_LINE


def _placed(
    meanings: Sequence[str], right: float, left: float, words: Words
) -> Iterator[tuple[str, str, float, int]]:
    """Yield meaning, word, pixels from the left, and line, of each swatch."""
    x, line = left, 0
    for meaning in meanings:
        word = (words or {}).get(meaning, EVERY_LOOK[meaning].word)
        width = 20 + len(word) * 11 * CHARACTER
        if x + width > right:
            x, line = left, line + 1
        yield meaning, word, x, line
        x += width + 11
