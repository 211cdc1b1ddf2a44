"""Pictured: what all that shows one picture shares: it is written as text, drawn as a still, kept in a notebook."""

from __future__ import annotations

from typing import Any, ClassVar

import ipywidgets as widgets
import traitlets

from arenalab.asked import checks_calls, one_of
from arenalab.draw.still import Still
from arenalab.draw.theme import PAPERS, Paper
from arenalab.explore.bundle import REACHED, Shown, image_html, kept_picture, words_html
from arenalab.explore.cells import close_all
from arenalab.explore.reading import error_html
from arenalab.explore.traited import Traited

PHONE = 340  #: points of a still picture for a phone.
#: A page shows the one that there is room for.
BY_ROOM = """<style>.arenalab-small {display: none}
@media (max-width: 600px) {.arenalab-wide {display: none} .arenalab-small {display: block}}</style>"""


@checks_calls
class Pictured(Traited, Shown):
    """A subclass gives `view`, `render`, `draw_still`, and makes `widget`."""

    paper: Paper = traitlets.Enum(  # type: ignore[assignment]  # what reading the trait gives
        list(PAPERS), "light", help="what the page is like; the page tells it"
    )
    error = traitlets.Unicode("", help="what went wrong last, shown in the explorer")
    offered: ClassVar[tuple[str, ...]] = ("close", "still", "text", "view")
    name: ClassVar[str]  #: what a screen reader calls it.
    widget: Any

    def view(self) -> Any:
        """Return what is shown: a pure function of what was given and of the traits."""
        raise NotImplementedError

    def render(self) -> None:
        """Draw what the traits say."""
        raise NotImplementedError

    def draw_still(self, view: Any, paper: Paper) -> Still:
        """Draw a view as a still picture."""
        raise NotImplementedError

    def draw_small(self, view: Any, paper: Paper) -> Still | None:  # noqa: ARG002  # a subclass reads them
        """Draw a view as a still picture for a phone; None: there is no other."""
        return None

    @property
    def heading(self) -> str:
        """What the text begins with."""
        return self.name

    def text(self) -> str:
        """Return the picture as text, with its numbers; the same text for the same input and traits."""
        return f"{self.heading}, {self.view().text()}"

    def still(self, paper: Paper = "light") -> Still:
        """Return the picture as SVG, which needs no kernel; `.png()` makes a PNG of it.

        Raises:
            NoSuchError: no such paper.

        """
        return self.draw_still(self.view(), one_of("paper", paper, PAPERS, "one of"))

    def __repr__(self) -> str:
        """Return the picture as text: what a terminal and a test see."""
        return self.text()

    def redraw(self) -> None:
        """Redraw the picture."""
        self.render()

    def close(self) -> None:
        """Take all widgets out of the page and the kernel's memory; shown again, it comes back."""
        close_all(self.widget)
        self.release()

    def shown_widget(self) -> Any:
        """Return the live widget."""
        return self.widget

    def kept(self) -> str:
        """Return picture and words, for readers without a kernel."""
        return kept_picture(self.still(), self.text())

    def page_part(self) -> str:
        """Return the picture for either paper, and the words."""
        words = self.text()
        stills = "".join(
            f'<div class="arenalab-{paper}">{self._by_room(paper, words)}</div>' for paper in PAPERS
        )
        return stills + words_html(words, REACHED)

    def _by_room(self, paper: Paper, words: str) -> str:
        """Return the picture on a paper, and that for a phone where there is one: a page shows one of them."""
        wide, small = image_html(self.still(paper), words), self.draw_small(self.view(), paper)
        if small is None:
            return wide
        narrow = image_html(small, words)
        return f'{BY_ROOM}<div class="arenalab-wide">{wide}</div><div class="arenalab-small">{narrow}</div>'


class WithErrorLine(Pictured):
    """One whose page is made of widgets: they show the error, and are redrawn when the page's paper changes."""

    def __init__(self, *arguments: Any) -> None:
        """Make the place for errors."""
        super().__init__(*arguments)
        self._error = widgets.HTML(layout={"display": "none"})

    @traitlets.observe("paper")
    def _repaint(self, _: Any) -> None:
        self.render()

    @traitlets.observe("error")
    def _show_error(self, _: Any) -> None:
        self._error.layout.display = "" if self.error else "none"
        self._error.value = error_html(self.error)
