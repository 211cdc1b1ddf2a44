"""The workbench: any history in any explorer, or in two with one cursor."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar

import ipywidgets as widgets
import traitlets

from arenalab.asked import checks_calls, one_of, path_of
from arenalab.draw.stacked import stacked, words_still
from arenalab.draw.still import Still
from arenalab.draw.theme import Paper
from arenalab.errors import ScenarioError, told
from arenalab.explore import workbench_parts as parts
from arenalab.explore.bundle import Shown, alive, kept_picture
from arenalab.explore.reading import error_html
from arenalab.explore.shell import Explorer
from arenalab.explore.source import Source, as_source
from arenalab.explore.traited import Traited
from arenalab.explore.workbench_parts import ABOVE, LAYOUTS, ONE
from arenalab.machine.machine import Machine
from arenalab.player.saved import save_page
from arenalab.world.history import History


@checks_calls
class Workbench(Traited, Shown):
    """Looks at anything: what the cells hold, a scenario, a file; in one explorer or two that share a cursor.

    Args:
        source: what every explorer takes, a file's path for one; None waits for a choice. What can't be
            opened is reported in the workbench, which stays as it was.

    Look for: the same moment in two pictures, such as the chunk map above the heap bitmap.
    """

    offered: ClassVar[tuple[str, ...]] = ("explorers", "open", "save_html", "still")

    layout = traitlets.Enum(list(LAYOUTS), ONE, help="one explorer, or two")
    first = traitlets.Unicode("Chunk map", help="name of the explorer")
    second = traitlets.Unicode("Heap bitmap", help="name of the second one, where there are two")
    error = traitlets.Unicode("", help="why the last choice could not be opened")

    def __init__(
        self, source: Source | None = None, *, layout: str = ONE, first: str = "Chunk map", second: str = "Heap bitmap"
    ) -> None:  # fmt: skip
        """Build the controls and open what is given."""
        super().__init__()
        self.layout, self.first, self.second = layout, first, second
        self.about, self.explorers = "", list[Explorer]()
        self.given: History | Machine | None = None
        self.bar, self._about, self._error = parts.Bar(), widgets.HTML(), widgets.HTML()
        self._body = widgets.Box(layout={"width": "100%"})
        self.widget = alive("workbench", *self.bar.rows(), self._error, self._about, self._body)
        for name, box in (
            ("layout", self.bar.layout),
            ("first", self.bar.kinds[0]),
            ("second", self.bar.kinds[1]),
        ):
            traitlets.link((self, name), (box, "value"))
        self.bar.source.observe(self._choose, "value")
        self.bar.path.observe(self._choose_file, "value")
        self.bar.again.on_click(lambda _: setattr(self.bar.source, "options", parts.offered()))
        if source is not None:
            self.open(source)

    def _choose(self, change: dict[str, Any]) -> None:
        if change["new"]:
            self.bar.path.value = ""
            self.open(change["new"][0])

    def _choose_file(self, change: dict[str, Any]) -> None:
        if change["new"]:
            self.bar.source.value = ()
            self.open(change["new"])

    def open(self, source: Source) -> None:
        """Look at something else; what can't be opened is reported, and nothing else changes."""
        if self._told(lambda: self._opened(source)):
            self.about = parts.name_of(source)
            self._about.value = parts.about_html(self.about)

    def _opened(self, source: Source) -> None:
        history, machine = as_source(source)
        self.show(machine or history)

    def _told(self, act: Callable[[], None]) -> bool:
        """Do something; return whether it went well, and show the error otherwise."""
        try:
            act()
        except Exception as error:  # noqa: BLE001  # whatever it is, the reader must see it
            self.error = told(error)
        else:
            self.error = ""
        return not self.error

    def show(self, given: History | Machine) -> None:
        """Put what is given into the explorers that are chosen, with one cursor and one chunk."""
        offered, old = parts.explorers(), self.explorers
        names = [self.first] if self.layout == ONE else [self.first, self.second]
        kept = parts.place_of(old[0]) if old and given is self.given else {}
        made = [offered[name](given, **kept) for name in names]
        for each in made:
            each.view()  # what cannot be shown is reported here, and what was shown stays
        for pair in pairwise(made):
            parts.linked(*pair)
        share = "100%" if self.layout in (ONE, ABOVE) else "50%"
        self._body.children = [widgets.VBox([each.widget], layout={"width": share}) for each in made]
        self._body.layout.flex_flow = "column" if self.layout == ABOVE else "row"
        self.given, self.explorers = given, made
        for each in old:
            each.close()

    @traitlets.validate("first", "second")
    def _there(self, proposal: dict[str, Any]) -> str:
        name: str = one_of(
            proposal["trait"].name, proposal["value"], parts.explorers(), "the name of an explorer"
        )
        return name

    @traitlets.observe("layout", "first", "second")
    def _arrange(self, _: Any) -> None:
        if getattr(self, "given", None) is not None:
            self._told(lambda: self.show(self.given))  # type: ignore[arg-type]  # just looked at

    @traitlets.observe("error")
    def _show_error(self, _: Any) -> None:
        self._error.value = error_html(self.error)

    def release(self) -> None:
        """Forget the pictures."""
        for each in self.explorers:
            each.release()

    def redraw(self) -> None:
        """Redraw the pictures."""
        for each in self.explorers:
            each.render()

    def text(self) -> str:
        """Describe what is looked at and each picture in words."""
        head = [f"Workbench: {self.about or 'nothing chosen yet'}", *([self.error] if self.error else [])]
        return "\n\n".join(["\n".join(head), *(each.text() for each in self.explorers)])

    def still(self, paper: Paper = "light") -> Still:
        """Return the pictures below each other as SVG; words where there is none."""
        if not self.explorers:
            return words_still(self.text().splitlines(), paper, "Workbench")
        return stacked([each.still(paper) for each in self.explorers], paper, f"Workbench: {self.about}")

    def save_html(self, path: str | Path, **choices: Any) -> Path:
        """Write the pictures as one page that steps them together without a kernel; `choices` as in an explorer's.

        Raises:
            ScenarioError: nothing is looked at, or more steps than a page can hold.

        """
        if not self.explorers:
            raise ScenarioError("the workbench looks at nothing yet; choose a history first")
        films, charts = (
            [it.film(**choices) for it in self.explorers],
            any(it.has_chart for it in self.explorers),
        )
        return save_page(path_of("path", path), f"Workbench: {self.about}", films, charts=charts)

    def __repr__(self) -> str:
        """Return the pictures as text."""
        return self.text()

    def shown_widget(self) -> Any:
        """Return the live widget."""
        return self.widget

    def kept(self) -> str:
        """Return picture and words, for readers without a kernel."""
        return kept_picture(self.still(), self.text())
