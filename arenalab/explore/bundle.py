"""What a cell shows and a notebook keeps of anything of ours: the live widget; its picture and words.

They are two outputs, one below the other. In one output JupyterLab would choose once: it takes the widget of a
notebook that it trusts, and where no kernel has its model any more, that reads "model not found". A style sheet that
is kept with the picture hides it while the widget lives, and else what is left of the widget.
"""

from __future__ import annotations

import base64
import re
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from arenalab.draw.still import Still
from arenalab.explore.cells import reopen_all, showing
from arenalab.notebook_parts import WIDGET

WORDS, PAGE = "text/plain", "text/html"
#: Seen only when ipywidgets finds the widget around it cut off from its kernel; it then stays, picture and all.
GONE = '<div class="arenalab-gone" role="status" hidden>The kernel is gone: run the cell again.</div>'
AGAIN = "With a kernel, this cell shows the live one."
LONGEST_ALT = 300
SCROLLED = "max-height: 16em; overflow: auto; white-space: pre"
REACHED = ' tabindex="0"'  #: Tab reaches words that scroll, where the page is ours.


@cache
def kept_style() -> str:
    """Return the style sheet that tells which of the two outputs is seen; no comments, for each picture keeps it."""
    sheet = (Path(__file__).parent / "kept.css").read_text(encoding="utf-8")
    return re.sub(r"/\*.*?\*/\s*", "", sheet, flags=re.DOTALL).strip()


def alive(name: str, *children: Any) -> Any:
    """Return the widget around all of something that a cell shows; `name` is its class in the page."""
    box = widgets.VBox([*children, widgets.HTML(GONE)])
    for each in ("alive", name):
        box.add_class(f"arenalab-{each}")
    return box


def kept_html(body: str) -> str:
    """Return what is seen while nothing is live, as HTML; `body` is HTML whose texts are escaped."""
    return f'<div class="arenalab-kept"><style>{kept_style()}</style>\n{body}</div>'


def kept_picture(picture: Still, words: str) -> str:
    """Return a picture, called by the first of its words, and all of them below it."""
    return f'{image_html(picture, words)}\n{words_html(words)}\n<p class="arenalab-again"><i>{AGAIN}</i></p>'


def image_html(picture: Still, words: str) -> str:
    """Return a picture, called by the first of some words."""
    told = " ".join(words.partition("\n\n")[0].split())
    alt = told if len(told) <= LONGEST_ALT else told[: LONGEST_ALT - 1] + "…"
    width = re.findall(r'width="(\d+)', picture)[0]  # of the sheet, which is drawn larger
    uri = f"data:image/png;base64,{base64.b64encode(picture.png()).decode()}"
    return f'<img alt="{escape(alt)}" width="{width}" src="{uri}">'


def words_html(words: str, more: str = "") -> str:
    """Return words that stand below a picture; `more` are attributes of what scrolls."""
    told = f'<pre style="{SCROLLED}"{more}>{escape(words)}</pre>'
    return f"<details open><summary>In words</summary>\n{told}</details>"


class Shown:
    """Anything that a cell can show; a subclass gives its widget and its HTML, `repr` its words."""

    def shown_widget(self) -> Any:
        """Return the live widget."""
        raise NotImplementedError

    def kept(self) -> str:
        """Return what readers without a kernel see, as HTML whose texts are escaped."""
        raise NotImplementedError

    def page_part(self) -> str:
        """Return what a page shows that never had a kernel, as HTML whose texts are escaped."""
        return self.kept()

    def release(self) -> None:
        """Forget what was drawn: the cell is run again, and its page is gone."""

    def redraw(self) -> None:
        """Redraw what was forgotten: it is shown again."""

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        """Return all of it in one, for programs that choose for themselves what they show."""
        return {**self._view(), **self._kept()}

    def _ipython_display_(self) -> None:
        """Show the live widget, and below it what the notebook keeps."""
        from IPython.display import display  # noqa: PLC0415  # it is IPython that calls this

        for form in (self._view, self._kept):
            display(form(), raw=True)

    def _view(self) -> dict[str, Any]:
        widget = self.shown_widget()
        if reopen_all(widget):
            self.redraw()
        showing(self, widget)
        return {WIDGET: widget._repr_mimebundle_()[WIDGET]}

    def _kept(self) -> dict[str, Any]:
        return {WORDS: repr(self), PAGE: kept_html(self.kept())}
