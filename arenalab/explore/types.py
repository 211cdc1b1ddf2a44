"""The types explorer: it has no history, only a text."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

import ipywidgets as widgets
import traitlets

from arenalab.asked import checks_calls, one_of, path_of
from arenalab.draw.still import Still
from arenalab.draw.theme import PAPERS, Paper
from arenalab.draw.type_layout_still import type_layout_still
from arenalab.errors import ArenaLabError
from arenalab.explore.bundle import REACHED, Shown, alive, kept_picture, words_html
from arenalab.explore.controls import chooser
from arenalab.explore.traited import Traited
from arenalab.explore.type_words import error_html, picture_html
from arenalab.go.versions import NEWEST, VERSIONS, version_of
from arenalab.player.saved import write_page
from arenalab.syntax import type_of
from arenalab.view.type_layout import TypeLayout, type_layout


@checks_calls
class Types(Traited, Shown):
    """Lays a Go type out while you type it; while the text is no type, the last one stays.

    Args:
        text: a Go type expression.
        go: which Go lays it out: "1.27", "1.24.11".
        declarations: Go `type` declarations whose names the text may use.

    Look for: padding that another order of the fields saves; the mask ending at the last pointer; a
    type so large that its descriptor holds no mask: a GC program describes it, or since Go 1.24 a mask
    that is built when it is first used.
    """

    offered: ClassVar[tuple[str, ...]] = ("save_html", "still")

    text = traitlets.Unicode("struct{ next *byte; key string; done bool }", help="a Go type expression")
    go = traitlets.Enum(list(VERSIONS), NEWEST, help="which Go lays the type out")
    error = traitlets.Unicode("", help="why the text is no type, with line and column")

    def __init__(self, text: str | None = None, *, go: str = NEWEST, declarations: str = "") -> None:
        """Build the widget and draw the first type."""
        super().__init__()
        self._declarations = declarations
        self.shown: TypeLayout = self._laid_out()
        layout = widgets.Layout(width="100%", height="64px")
        self.area = widgets.Textarea(
            description="Go type:",
            continuous_update=True,
            style={"description_width": "initial"},
            layout=layout,
        )
        self.versions = chooser(self, "go", "Go", tuple(VERSIONS), "Which Go lays the type out")
        self._picture, self._error = widgets.HTML(), widgets.HTML(layout={"min_height": "52px"})
        self.widget = alive("types", self.area, self.versions, self._error, self._picture)
        traitlets.link((self, "text"), (self.area, "value"))
        self.go, self.text = version_of(go), self.text if text is None else text
        self._read({})

    def _laid_out(self) -> TypeLayout:
        return type_layout(type_of(self.text, self._declarations, rules=VERSIONS[self.go]))

    @traitlets.observe("text", "go")
    def _read(self, _: Any) -> None:
        try:
            self.shown, self.error = self._laid_out(), ""
        except ArenaLabError as error:
            self.error = str(error)
            self._error.value = error_html(self.text, error)
        else:
            self._error.value = ""
        self._picture.value = picture_html(self.shown, steady=True)

    def still(self, paper: Paper = "light") -> Still:
        """Return the picture of the last text that was a type, as SVG."""
        return type_layout_still(self.shown, one_of("paper", paper, PAPERS, "one of"))

    def save_html(self, path: str | Path) -> Path:
        """Write the picture and its words as a page that needs no kernel and no network."""
        return write_page(path_of("path", path), "Type", self.page_part())

    def __repr__(self) -> str:
        """Return the picture as text, and the error if there is one."""
        return f"{self.error}\n{self.shown.text()}" if self.error else self.shown.text()

    def shown_widget(self) -> Any:
        """Return the live widget."""
        return self.widget

    def kept(self) -> str:
        """Return picture and words, for readers without a kernel."""
        return kept_picture(self.still(), repr(self))

    def page_part(self) -> str:
        """Return the picture for either paper and each width, and the words."""
        return picture_html(self.shown) + words_html(repr(self), REACHED)
