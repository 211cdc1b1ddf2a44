"""The moment, the legend and an error as HTML; every text from outside is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

from arenalab.draw.still import swatch
from arenalab.draw.theme import EVENT_COLOURS, EVERY_LOOK, Paper
from arenalab.view.reading import Reading


def reading_html(moment: Reading) -> str:
    """Return the operation, the event and the Go function in three lines that never change their height."""
    dot = f'<span class="dot family-{EVENT_COLOURS.get(moment.kind, "none")}"></span>'
    call, sentence = escape(moment.call), escape(moment.sentence)
    cells = [
        f"<b>operation {moment.op + 1:,} of {moment.ops:,}</b>",
        f'<code title="{call}">{call}</code>',
        f'<span class="faint">event {moment.index:,} of {moment.events:,}</span>',
        f'<span data-sentence title="{sentence}">{dot}{sentence}</span>',
        f'<span class="faint">{escape(moment.kind)}</span>',
        f'<span class="faint" title="{escape(moment.footnote())}">{escape(moment.footnote())}</span>',
    ]
    said = "".join(f'<div class="faint arenalab-remark">{escape(remark)}</div>' for remark in moment.remarks)
    return f'<div class="arenalab-reading">{"".join(f"<div>{cell}</div>" for cell in cells)}</div>{said}'


def legend_html(meanings: Iterable[str], paper: Paper, words: Mapping[str, str] | None = None) -> str:
    """Return a sample and a word for each meaning; `words` replace the theme's."""
    said = {meaning: (words or {}).get(meaning, EVERY_LOOK[meaning].word) for meaning in meanings}
    keys = (f"<span>{swatch(meaning, paper)}{escape(word)}</span>" for meaning, word in said.items())
    return f'<div class="arenalab-legend">{"".join(keys)}</div>'


def error_html(text: str) -> str:
    """Return an error in a line of its own, "" for none."""
    return f'<div class="arenalab-error" role="alert">{escape(text)}</div>' if text else ""
