"""The head of every still picture: the moment in words, and the legend."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from arenalab.draw.lettering import fitted, text_width, wrapped
from arenalab.draw.still import Svg
from arenalab.draw.theme import EVERY_LOOK, event_colour
from arenalab.view.reading import NO_LINE, Reading

READING_HEIGHT = 106  #: of the moment: call, sentence, footnote.
REMARK_HEIGHT = 16  #: of what must be said of the whole history.
LINE = 16  #: height of a line of the program's source.
LEGEND_HEIGHT, LEGEND_LINE = 40, 18  #: of a legend of one line, and what each further one takes.
BESIDE = 190  #: points from the left edge of a line to what stands beside its first words.
CALL = 12.0, 11.0, 10.0  #: sizes of the call's font, the first in which it is whole.
SENTENCE = (
    (13.0, 2, 17.0),
    (11.0, 4, 13.0),
)  #: size of the font, lines for which there is room, from line to line.


def draw_reading(svg: Svg, moment: Reading, left: float, right: float) -> None:
    """Write operation, sentence and Go function at the top; the sentence is never cut."""
    width, faint = right - left, svg.tone["faint"]
    svg.text(left, 28, f"operation {moment.op + 1:,} of {moment.ops:,}", bold=True, size=13)
    call = f"{moment.asked}: {moment.call}" if moment.asked else moment.call
    size = next((it for it in CALL if text_width(call, it, mono=True) <= width - BESIDE), CALL[-1])
    svg.text(left + BESIDE, 28, call, mono=True, size=size, width=width - BESIDE)
    _draw_sentence(svg, moment, left, width)
    svg.text(left, 91, f"event {moment.index:,} of {moment.events:,}", size=13, color=faint)
    foot = wrapped(moment.footnote(), width - BESIDE, 11)
    for number, line in enumerate([foot[0], fitted(" ".join(foot[1:]), width - BESIDE, 11)] if foot else []):
        svg.text(left + BESIDE, 91 + number * 14, line, size=11, color=faint)
    if moment.remarks:
        svg.text(left, READING_HEIGHT + 16, moment.remarks[-1], size=11, color=faint, width=width)
    _draw_source(svg, moment, left, width)


def _draw_sentence(svg: Svg, moment: Reading, left: float, width: float) -> None:
    """Write the sentence in as many lines as it needs, smaller where these would be too many."""
    fitting = [look for look in SENTENCE if len(wrapped(moment.sentence, width, look[0])) <= look[1]]
    size, _, leading = (fitting or SENTENCE[-1:])[0]
    for number, line in enumerate(wrapped(moment.sentence, width, size)):
        colour = event_colour(moment.kind, svg.paper)
        svg.text(left, 48 - (13 - size) / 2 + number * leading, line, size=size, color=colour)


def _draw_source(svg: Svg, moment: Reading, left: float, width: float) -> None:
    """Write the lines of the program around the one that asked."""
    top = READING_HEIGHT + 20 + (REMARK_HEIGHT if moment.remarks else 0)
    if moment.lines and moment.kind and not moment.listing:
        svg.text(left + BESIDE, top, NO_LINE, size=11, color=svg.tone["faint"])
    for row, line in enumerate(moment.listing):
        y, tone = top + row * LINE, svg.tone["text" if line.marked else "faint"]
        look: dict[str, Any] = {"size": 11, "mono": True, "color": tone}
        svg.text(left + BESIDE, y, "▸" if line.marked else "", size=11)
        svg.text(left + BESIDE + 42, y, f"{line.number}", anchor="end", **look)
        x = BESIDE + 54
        svg.text(left + x, y, line.text, width=width - x, bold=line.marked, **look)


def reading_height(moment: Reading) -> float:
    """Return the pixels that the moment needs: as many at every moment of a history."""
    remarks = REMARK_HEIGHT if moment.remarks else 0
    return READING_HEIGHT + remarks + (10 + moment.lines * LINE if moment.lines else 0)


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
        width = 20 + text_width(word, 11)
        if x + width > right:
            x, line = left, line + 1
        yield meaning, word, x, line
        x += width + 11
