"""Played: what all explorers share that step: one page, what its messages mean, undo, saving.

Rules:
1. A message may do two things: move, or set a trait. What is shown follows from the run and the traits alone: two
   explorers with equal traits show equal pictures, whatever was clicked before.
2. No error is swallowed: it stands, as one line, in the explorer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar, cast

from arenalab.asked import checks_calls, one_of, path_of
from arenalab.draw.scene import WIDTH, Scene
from arenalab.errors import ArgumentError
from arenalab.explore.bundle import alive
from arenalab.explore.pictured import Pictured
from arenalab.player.controls import Choice, Control
from arenalab.player.film import film, steps_of
from arenalab.player.page import Player
from arenalab.player.rasters import Canvas
from arenalab.player.saved import film_html, page_html, player_html, save_page
from arenalab.view.chunk_raster import Raster

if TYPE_CHECKING:
    from arenalab.player.host import Host

Message = dict[str, Any]
#: Key, by the browser's name -> what it does, in words and in fact.
Keys = dict[str, tuple[str, Callable[[], None]]]
CAN = ["find", "break", "save", "undo", "link", "lines"]  #: what the page offers.
NOTHING: tuple[Any, Any] = (None, None)
MOST_PAST = 50  #: views that can be undone.
ONE_WISH = 1.0  #: seconds within which zooming is one wish.
NO_VIEW = {"undo", "save", "find", "break", "loop"}  #: buttons that change none.
UNDOABLE = {"set", "do", "choose", "zoom", "word"}  #: what changes a view.


@checks_calls
class Played(Pictured):
    """A subclass gives places, views of them and their drawing; `Explorer` and `HeapMovie` do."""

    offered: ClassVar[tuple[str, ...]] = (*Pictured.offered, "save_html", "selection", "undo")
    name: ClassVar[str]
    unit: Any
    place: Any  #: where it stands

    def __init__(self, *arguments: Any) -> None:
        """Make the page; nothing is drawn before somebody looks."""
        super().__init__(*arguments)
        self.page_shown = Player(cast("Host", self))
        self.widget = alive("player", self.page_shown)
        self.selection: Any = None  #: what was clicked last, a numpy record
        self._past: list[dict[str, Any]] = []
        self._wished: tuple[Any, float] = (None, 0.0)
        self._latest: tuple[Any, Any] = NOTHING  #: the place that was asked for last and its view
        self._shown: tuple[Any, Any] = NOTHING  #: where it stands and what is seen there
        self._charted: tuple[Any, Message | None] = NOTHING  #: of which epoch the chart is, and its data
        self._quiet = False  #: whether a changed trait tells the page nothing yet

    # for subclasses

    def draw(self, view: Any, width: int = WIDTH) -> Scene:
        """Return the picture of a view, so many points wide: a pure function."""
        raise NotImplementedError

    def canvases(self) -> tuple[Canvas, ...]:
        """Return a canvas for each raster of its pictures."""
        return ()

    def rasters_of(self, view: Any) -> Mapping[str, Raster]:  # noqa: ARG002  # for subclasses
        """Return the rasters of a view by the names of their canvases."""
        return {}

    def controls(self) -> list[Control]:
        """Return what a reader can choose beside the steps; a value is the trait's of that name."""
        return []

    def values(self) -> dict[str, Any]:
        """Return values of controls that no trait of their name has."""
        return {}

    def setters(self) -> dict[str, Callable[[Any], None]]:
        """Return what sets a control that no trait of its name has."""
        return {}

    def presses(self) -> dict[str, Callable[[], None]]:
        """Return what buttons do, by their names."""
        return {}

    def more_keys(self) -> Keys:
        """Return what keys do beside those of all explorers."""
        return {}

    def counting(self, unit: str) -> AbstractContextManager[Any]:
        """Count steps otherwise for a while; gives the positions."""
        raise NotImplementedError

    def about(self) -> Message:
        """Return what the page is sent of the run as a whole."""
        raise NotImplementedError

    def turning(self, what: str) -> Keys:
        """Return the keys that `turn` to what is before and after."""
        up, down = (f"the {what} before", lambda: self.turn(-1)), (f"the {what} after", lambda: self.turn(1))
        return {"ArrowUp": up, "ArrowDown": down}

    def turn(self, pages: int) -> None:
        """Show what is so many pages further on; the first and the last are the ends."""
        raise NotImplementedError

    def stamp(self) -> Any:
        """Return what differs when the run has grown."""
        return None

    def here(self) -> str:
        """Return the key of where it stands."""
        raise NotImplementedError

    def view_at(self, key: str) -> Any:
        """Return the view of a place; the one asked for last is kept."""
        at, latest = (key, self.stamp()), self._latest
        if latest[0] != at:  # another thread may replace it meanwhile
            self._latest = latest = (at, self._view_at(key))
        return latest[1]

    def _view_at(self, key: str) -> Any:
        raise NotImplementedError

    def _move(self, key: str) -> None:
        """Stand at a place; the page stands there already."""
        raise NotImplementedError

    def on_choose(self, key: str) -> None:
        """Handle a click on the shape whose `tap` is `key`."""

    def on_zoom(self, name: str, start: float, end: float) -> None:
        """Handle a zoom of pane `name` to the range between two numbers."""

    def selected(self, key: str) -> Any:  # noqa: ARG002  # for subclasses
        """Return what the shape of a key stands for, None for what is only pressed."""
        return None

    def selected_cell(self, raster: str, word: int) -> Any:  # noqa: ARG002  # for subclasses
        """Return what lies in a cell of a raster."""
        return None

    def word(self, raster: str, word: int) -> str:  # noqa: ARG002  # for subclasses
        """Describe exactly what a cell of a raster holds, where it stands."""
        return ""

    def on_cell(self, raster: str, word: int) -> None:
        """Handle a click on a cell of a raster."""

    def find(self, text: str | None = None, *, forwards: bool = True) -> None:
        """Move to the nearest moment of what is looked for."""
        raise NotImplementedError

    def stop_at(self, text: str, on: bool) -> None:
        """Let playing stop at what a text says, or no longer."""

    def show_line(self, line: int) -> None:
        """Send the page the lines of the program around one."""

    def open_loop(self, loop: int, on: bool) -> None:
        """Show each time around a loop of the program, or its body once."""

    def chart(self) -> Message | None:
        """Return the chart beside the picture as data, None without one."""
        return None

    @property
    def has_chart(self) -> bool:
        """Whether it has a chart."""
        return self.chart_data() is not None

    def chart_at(self, view: Any) -> Message | None:  # noqa: ARG002  # for subclasses
        """Return what the chart needs for a place."""
        return None

    # drawing

    @property
    def shown(self) -> Any:
        """The view of where it stands."""
        at = (self.here(), self.stamp())
        if self._shown[0] != at:
            self._shown = (at, self.view_at(at[0]))
        return self._shown[1]

    def view(self) -> Any:
        """Return the view of where it stands."""
        return self.shown

    def scene(self, key: str, width: int) -> Scene:
        """Return what is drawn of a place."""
        return self.draw(self.view_at(key), width)

    def render(self) -> None:
        """Show what the traits say; the run may have grown since."""
        self._latest = self._shown = NOTHING
        if not self._quiet:
            self.page_shown.change()

    def drawn(self) -> list[str]:
        """Return the shapes of the picture, for comparing."""
        return self.draw(self.view()).shapes

    def release(self) -> None:
        """Forget what was drawn."""
        self._latest = self._shown = self._charted = NOTHING
        self.page_shown.forget()

    def words(self, key: str) -> str:
        """Return a place's picture in words and numbers."""
        return f"{self.heading}, {self.view_at(key).text()}"

    def chart_data(self) -> Message | None:
        """Return the chart as data, made once for as long as pictures stay true."""
        at = (self.page_shown.epoch, self.stamp())
        if self._charted[0] != at:
            self._charted = (at, self.chart())
        return self._charted[1]

    def controls_data(self) -> list[Message]:
        """Return all controls with their values."""
        values = self.values()
        return [
            it.data(values[it.name] if it.name in values else getattr(self, it.name, None))
            for it in self.controls()
        ]

    @property
    def doc(self) -> str:
        """What the page says of it when one asks for help."""
        lines = (line.strip() for line in (self.__doc__ or "").strip().splitlines())
        return "\n".join(lines)

    # what the page tells

    def hear(self, message: Message) -> None:
        """Do what the reader asked for."""
        kind = str(message.get("kind"))
        if kind in UNDOABLE and message.get("name") not in NO_VIEW:
            self._note(message)
        answers: dict[str, Callable[[Message], None]] = {
            "moved": self._moved_there, "set": self._set, "do": self._do, "zoom": self._zoom,
            "choose": lambda it: self._choose(str(it["key"])), "paper": self._paper, "failed": self._fail,
            "lines": lambda it: self.show_line(int(it["line"])),
            "word": lambda it: self._choose_cell(str(it["raster"]), int(it["word"])),
        }  # fmt: skip
        answers.get(kind, lambda _: None)(message)

    def _moved_there(self, message: Message) -> None:
        before, self._quiet = self._quiet, True
        try:
            self._move(str(message["key"]))
        finally:
            self._quiet = before

    def _set(self, message: Message) -> None:
        name, value = str(message["name"]), message.get("value")
        offered = {it.name for it in self.controls()}
        if name not in offered:
            raise ArgumentError("control", name, f"one of {', '.join(sorted(offered))}")
        self.setters().get(name, lambda chosen: self.set_trait(name, chosen))(value)

    def _do(self, message: Message) -> None:
        name = str(message["name"])
        acts: dict[str, Callable[[], None]] = {
            "find": lambda: self.find(str(message["text"]), forwards=bool(message.get("forwards", True))),
            "break": lambda: self.stop_at(str(message["text"]), bool(message.get("on", True))),
            "save": lambda: self._save(str(message["what"])), "undo": self.undo,
            "loop": lambda: self.open_loop(int(message["loop"]), bool(message["on"])),
        }  # fmt: skip
        if name == "key" and message.get("key") in self.more_keys():
            acts[name] = self.more_keys()[str(message["key"])][1]
        acts = self.presses() | acts
        if name not in acts:
            raise ArgumentError("button", name, f"one of {', '.join(sorted(acts))}")
        acts[name]()

    def _choose(self, key: str) -> None:
        self.selection = self.selected(key)
        self.on_choose(key)

    def _choose_cell(self, raster: str, word: int) -> None:
        self.selection = self.selected_cell(raster, word)
        self.on_cell(raster, word)

    def _zoom(self, message: Message) -> None:
        self.on_zoom(str(message["pane"]), float(message["start"]), float(message["end"]))

    def _paper(self, message: Message) -> None:
        self.paper = "dark" if message.get("dark") else "light"

    def _fail(self, message: Message) -> None:
        raise RuntimeError(f"the page could not draw: {message.get('text')}")

    # undo

    def _state(self) -> dict[str, Any]:
        """Return all that decides what is shown."""
        return {name: getattr(self, name) for name in self.trait_names() if name not in ("error", "paper")}

    def _note(self, message: Message) -> None:
        """Keep the view as it is before a change; zooming on is one change."""
        wish = (message.get("kind"), message.get("pane"), message.get("name"))
        known, at = self._wished
        self._wished = (wish, monotonic())
        if wish[0] == "zoom" and wish == known and monotonic() - at < ONE_WISH:
            return
        self._past = [*self._past[-MOST_PAST:], self._state()]

    def undo(self) -> None:
        """Show what was shown before the last choice, click or zoom; stepping is not undone."""
        while self._past and self._past[-1] == self._state():
            self._past.pop()
        if not self._past:
            self.error = "there is nothing to undo"
            return
        before, self._quiet = self._quiet, True
        try:
            with self.hold_trait_notifications():
                for name, value in self._past.pop().items():
                    self.set_trait(name, value)
        finally:
            self._quiet = before
        self.render()

    # saving

    def film(self, *, unit: str | None = None, first: int = 0, last: int | None = None) -> str:
        """Return all steps, packed for a page; the explorer stays where it is. See `save_html`."""
        units = next(it.options for it in self.controls() if isinstance(it, Choice) and it.name == "unit")
        with self.counting(one_of("unit", unit, units, "one of") if unit else self.about()["unit"]) as steps:
            host = cast("Host", self)
            return film(host, steps_of(steps.last, steps.unit, first, last), steps.position(self.place))

    def save_html(
        self, path: str | Path, *, unit: str | None = None, first: int = 0, last: int | None = None
    ) -> Path:
        """Write the picture with its step controls as one HTML file that needs no kernel and no network.

        Args:
            path: the file; an earlier one stays untouched until all is written.
            unit: what a step is, such as "operation" or "event"; what the explorer steps by now.
            first: position of the first step.
            last: position of the last step; the end of the run.

        Raises:
            ArgumentError: no such unit, or no such steps.
            ScenarioError: more steps than a page can hold, or the file can't be written.

        """
        film = self.film(unit=unit, first=first, last=last)
        return save_page(path_of("path", path), self.name, [film], charts=self.has_chart)

    def _save(self, what: str) -> None:
        """Give the page a file: the picture as PNG or SVG on its paper, or a page that steps."""
        name, paper = self.name.lower().replace(" ", "-"), self.paper
        if what == "page":
            page = page_html(self.name, film_html(self.film()), player_html(charts=self.has_chart))
            self.page_shown.file(f"{name}.html", "text/html", page.encode())
        elif what == "svg":
            self.page_shown.file(f"{name}.svg", "image/svg+xml", str(self.still(paper)).encode())
        else:
            self.page_shown.file(f"{name}.png", "image/png", self.still(paper).png())
