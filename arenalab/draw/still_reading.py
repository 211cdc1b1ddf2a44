"""The head of every still picture: the moment in words, and the legend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from arenalab.draw.still import CHARACTER, Svg
from arenalab.draw.theme import EVERY_LOOK, event_colour
from arenalab.view.reading import Reading

READING_HEIGHT = 64
LEGEND_HEIGHT = 40


def draw_reading(svg: Svg, moment: Reading, left: float, right: float) -> None:
    """Write operation, event and Go function in three lines at the top."""
    width = right - left
    svg.text(left, 28, f"operation {moment.op + 1:,} of {moment.ops:,}", bold=True, size=13)
    svg.text(left + 190, 28, moment.call, mono=True, size=12, width=(width - 190) * 0.92)
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


def draw_legend(
    svg: Svg, meanings: Sequence[str], left: float, top: float, words: Mapping[str, str] | None = None
) -> None:
    """Draw a swatch and a word for each meaning, in one line or two; `words` replace the theme's."""
    x, y = left, top + 8
    for meaning in meanings:
        word = (words or {}).get(meaning, EVERY_LOOK[meaning].word)
        width = 20 + len(word) * 11 * CHARACTER
        if x + width > svg.width - left:
            x, y = left, y + 18
        svg.area((x, y, 14, 11), meaning)
        svg.text(x + 20, y + 9.5, word, size=11, color=svg.tone["faint"])
        x += width + 11
