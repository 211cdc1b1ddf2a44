"""Explorer: what all explorers share. A subclass gives the view and says how it is drawn.

`SceneExplorer` draws shapes; it is what explorers are made of.

Laws of this file:
1. A callback may do two things: change a control's value or a trait, or hand an operation to the
   Machine. Then `render` draws; it decides nothing.
2. No error of a callback is swallowed: it stands, as one line, in the explorer.
3. What is shown depends on the history and the traits alone: two explorers with equal traits show
   equal pictures, whatever was clicked before.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Any, ClassVar

import ipywidgets as widgets
import traitlets

from arenalab.asked import one_of, position
from arenalab.draw.still import Still
from arenalab.draw.theme import PAPERS, Paper
from arenalab.errors import ScenarioError
from arenalab.explore import wiring
from arenalab.explore.bundle import Shown, alive, kept_picture
from arenalab.explore.controls import Controls
from arenalab.explore.filmed import Filmed
from arenalab.explore.finding import Finding
from arenalab.explore.reading import error_html, legend_html, reading_html
from arenalab.explore.source import Source, as_source
from arenalab.explore.stepper import Place, Stepper
from arenalab.view.chunk_index import ChunkIndex
from arenalab.view.chunk_state import absent_in
from arenalab.world.ops import Op

WORTH_AHEAD = 0.05  #: seconds that a picture may take for its neighbours to be drawn before anybody asks.


class Explorer(Finding, Filmed, Shown):
    """Steps through a history; show it as the last value of a cell.

    Args:
        history: a History, a Machine (its history, which may go on growing), a Recording, a Scenario,
            a Trace, or the path of a file with one of them.
        cursor: events that have happened at the start; None is the end.
        chunk: chunk to look into; None follows the events.

    """

    cursor = traitlets.Int(0, help="events that have happened; link it to let explorers move together")
    chunk = traitlets.Int(None, allow_none=True, help="chunk to look into; None follows the events")
    paper: Paper = traitlets.Enum(  # type: ignore[assignment]  # what reading the trait gives
        list(PAPERS), "light", help="what the page is like; the page tells it"
    )
    error = traitlets.Unicode("", help="what went wrong last, shown in the explorer")

    name: ClassVar[str] = "Explorer"  #: what a screen reader calls it.
    meanings: ClassVar[tuple[str, ...]] = ()  #: what the legend explains.

    def __init__(self, history: Source, *, cursor: int | None = None, chunk: int | None = None) -> None:
        """Build the controls and draw the first picture."""
        super().__init__()
        self.history, self._machine = as_source(history)
        self.stepper = Stepper(self.history)
        self._op: int | None = None
        self.shown: Any = None  #: the view that was drawn last
        self.drawing = False  #: whether the controls are being set, so that they must not answer
        self.controls = Controls()
        self._quiet = False  #: whether moving draws nothing
        self.took = 0.0  #: seconds that the last picture took
        self.breakpoints: set[str] = set()  #: what playing stops at, in the words of "find"
        self.page = self.make_page()
        self._reading, self._error = widgets.HTML(), widgets.HTML(layout={"display": "none"})
        self.legend_box = widgets.HTML()
        self.widget = alive(
            "explorer", *self.controls.rows(*self.more_controls()),
            self._error, self._reading, self.legend_box, self.page, *self.more_panels(),
        )  # fmt: skip
        wiring.connect(self)
        self.set_trait("chunk", chunk)
        self.cursor = len(self.history) if cursor is None else cursor
        self.render()

    # for subclasses

    def view_of(self, place: Place) -> Any:
        """Return the view of a place: a pure function of it, the history, chunk and the subclass's traits."""
        raise NotImplementedError

    def make_page(self) -> Any:
        """Return the widget that shows the picture."""
        raise NotImplementedError

    def paint(self, view: Any) -> None:
        """Show a view on the page."""
        raise NotImplementedError

    def prepare(self, views: dict[str, Any]) -> None:
        """Give the page what one step on ("step") and one step back ("back") would show."""

    def drawn(self) -> Any:
        """Return what the page shows, for comparing."""
        raise NotImplementedError

    def draw_still(self, view: Any, paper: Paper) -> Still:
        """Draw a view as a still picture."""
        raise NotImplementedError

    def legend(self) -> tuple[str, ...]:
        """Return what the legend explains: of its meanings those that a chunk can have under the rules."""
        return tuple(meaning for meaning in self.meanings if meaning not in absent_in(self.history.rules))

    def legend_words(self) -> dict[str, str]:
        """Return words for the legend that replace the theme's."""
        return {}

    def more_panels(self) -> list[Any]:
        """Return widgets to put below the page."""
        return []

    def more_controls(self) -> list[Any]:
        """Return widgets to put beside the common controls."""
        return []

    def more_keys(self) -> dict[str, Callable[[], None]]:
        """Return what other keys do."""
        return {}

    def on_zoom(self, name: str, start: float, end: float) -> None:
        """Take note that the reader moved the pane `name` to show what lies between two numbers."""

    def on_choose(self, key: str) -> None:
        """Take note that the reader clicked the shape whose `tap` is `key`."""

    # moving

    @property
    def index(self) -> ChunkIndex:
        """The objects of all chunks, as the history is now; one index for all explorers of it."""
        found = self.history.reader(ChunkIndex)
        found.refresh()
        return found

    @property
    def place(self) -> Place:
        """Where we stand."""
        return Place(self.cursor, self._op)

    def go(self, place: Place | None) -> None:
        """Move to a place; None stays."""
        if place is not None:
            before, self._quiet = self._quiet, True  # it is drawn once, below
            try:
                self.cursor = place.cursor
            finally:
                self._quiet = before
            self._op = place.op  # an unchanged cursor may stand for another operation
            self.render()

    def step(self) -> None:
        """Move one step forward, by the unit that is chosen."""
        self.go(self.stepper.step(self.place))

    def back(self) -> None:
        """Move one step back."""
        self.go(self.stepper.back(self.place))

    def first(self) -> None:
        """Move to the start."""
        self.go(Place(0))

    def last(self) -> None:
        """Move to the end."""
        self.go(self.stepper.place(self.stepper.last))

    def do(self, op: Op) -> None:
        """Let the machine that is looked at do an operation, and move to its end.

        Raises:
            ScenarioError: the explorer shows a history that no machine continues, or the operation makes no sense.

        """
        if self._machine is None:
            raise ScenarioError("this explorer shows a finished run; give it a Machine to go on with one")
        self._machine.do(op)
        self.go(Place(len(self.history), len(self.history.ops) - 1))

    # drawing

    def view(self) -> Any:
        """Return the view of where we stand."""
        return self.view_of(self.place)

    def look_ahead(self) -> None:
        """Prepare both neighbours, unless playing or too slow to be worth it: nobody has asked for them yet."""
        if self.controls.play.playing or self.took > WORTH_AHEAD:
            return
        places = {"step": self.stepper.step(self.place), "back": self.stepper.back(self.place)}
        self.prepare({way: self.view_of(place) for way, place in places.items()})

    @traitlets.validate("cursor")
    def _inside(self, proposal: dict[str, Any]) -> int:
        moments = "a moment of this history, by the events that have happened"
        return position("cursor", proposal["value"], len(self.history) + 1, moments)

    @traitlets.validate("chunk")
    def _made(self, proposal: dict[str, Any]) -> int | None:
        chunk, made = proposal["value"], len(self.history.world.spans)
        return None if chunk is None else position("chunk", chunk, max(made, 1), "the number of a chunk")

    @traitlets.observe("cursor", "chunk")
    def _moved(self, change: dict[str, Any]) -> None:
        if change["name"] == "cursor":
            self._op = None
        if hasattr(self, "widget") and not self._quiet:
            self.render()

    def render(self) -> None:
        """Draw what the traits say; the history may have grown since."""
        begun = monotonic()
        view = self.view()
        self.shown = view
        self.drawing = True
        try:
            self.controls.set_bounds(self.stepper.last, len(self.history.world.spans))
            self.controls.show(self.stepper.position(self.place), view.focus, follow=self.chunk is None)
            self.controls.set_kinds(self.history)
            self.controls.set_actors(self.history)
            self.controls.who.value = self.who
        finally:
            self.drawing = False
        self._reading.value = reading_html(view.reading)
        self.legend_box.value = legend_html(self.legend(), self.paper, self.legend_words())
        self.paint(view)
        self.took = monotonic() - begun

    @traitlets.observe("paper")
    def _repaint(self, _: Any) -> None:
        self.render()

    @traitlets.observe("error")
    def _show_error(self, _: Any) -> None:
        self._error.layout.display = "" if self.error else "none"
        self._error.value = error_html(self.error)

    # showing

    def text(self) -> str:
        """Tell the picture in words and numbers; the same text for the same history and traits."""
        told: str = self.view().text()
        return f"{self.heading}, {told}"

    def still(self, paper: Paper = "light") -> Still:
        """Return the picture as SVG, which needs no kernel; `.png()` makes a PNG of it.

        Raises:
            NoSuchError: no such paper.

        """
        return self.draw_still(self.view(), one_of("paper", paper, PAPERS, "one of"))

    def __repr__(self) -> str:
        """Tell the picture: what a terminal and a test see."""
        return self.text()

    def redraw(self) -> None:
        """Draw the picture anew."""
        self.render()

    def shown_widget(self) -> Any:
        """Return the live widget."""
        return self.widget

    def kept(self) -> str:
        """Return picture and words, for readers without a kernel."""
        return kept_picture(self.still(), self.text())
