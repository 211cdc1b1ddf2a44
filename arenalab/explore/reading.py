"""The moment, the legend and an error as HTML; every text from outside is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

from arenalab.draw.still import swatch
from arenalab.draw.theme import EVENT_COLOURS, EVERY_LOOK, Paper
from arenalab.view.reading import NO_LINE, Reading
from arenalab.world.sites import SourceLine


def reading_html(moment: Reading) -> str:
    """Return the operation, the event and the Go function in three lines that never change their height."""
    dot = f'<span class="dot family-{EVENT_COLOURS.get(moment.kind, "none")}"></span>'
    call, sentence = escape(moment.call), escape(moment.sentence)
    asked = escape(moment.asked)
    who = f'<span class="arenalab-asked" title="{asked}">{asked}</span>' if asked else ""
    cells = [
        f"<b>operation {moment.op + 1:,} of {moment.ops:,}</b>",
        f'{who}<code title="{call}">{call}</code>',
        f'<span class="faint">event {moment.index:,} of {moment.events:,}</span>',
        f'<span data-sentence title="{sentence}">{dot}{sentence}</span>',
        f'<span class="faint">{escape(moment.kind)}</span>',
        f'<span class="faint" title="{escape(moment.footnote())}">{escape(moment.footnote())}</span>',
    ]
    said = "".join(f'<div class="faint arenalab-remark">{escape(remark)}</div>' for remark in moment.remarks)
    shown = "".join(f"<div>{cell}</div>" for cell in cells)
    return f'<div class="arenalab-reading">{shown}</div>{said}{listing_html(moment)}'


def listing_html(moment: Reading) -> str:
    """Return the lines of the program around the operation's, its own marked; "" where no source is at hand."""
    if not moment.lines:
        return ""
    blank = ["<div>&nbsp;</div>"] * (moment.lines - len(moment.listing))
    if not moment.listing:
        blank[0] = f"<div>{NO_LINE if moment.kind else '&nbsp;'}</div>"
    rows = "".join([*map(_line_html, moment.listing), *blank])
    return f'<div class="arenalab-listing" role="group" aria-label="source">{rows}</div>'


def _line_html(line: SourceLine) -> str:
    number, text = f"{line.number:>5}", escape(line.text)
    if line.marked:
        return f'<div class="arenalab-here"><mark aria-label="this line">▸</mark> {number}  {text}</div>'
    return f"<div>  {number}  {text}</div>"


def legend_html(meanings: Iterable[str], paper: Paper, words: Mapping[str, str] | None = None) -> str:
    """Return a sample and a word for each meaning; `words` replace the theme's."""
    said = {meaning: (words or {}).get(meaning, EVERY_LOOK[meaning].word) for meaning in meanings}
    keys = (f"<span>{swatch(meaning, paper)}{escape(word)}</span>" for meaning, word in said.items())
    return f'<div class="arenalab-legend">{"".join(keys)}</div>'


def error_html(text: str) -> str:
    """Return an error in a line of its own, "" for none."""
    return f'<div class="arenalab-error" role="alert">{escape(text)}</div>' if text else ""
