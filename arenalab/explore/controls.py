"""The controls that all explorers share. Each has a name and a hint, so that a screen reader finds it too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ipywidgets as widgets
import traitlets

from arenalab.explore.stepper import EVENT, EVERYBODY, OPERATION
from arenalab.world.actors import actor_name
from arenalab.world.history import History

#: Steps a second -> milliseconds between two.
SPEEDS = {"1 a second": 1000, "2 a second": 500, "5 a second": 200, "10 a second": 100, "20 a second": 50}
THIS_CHUNK = "this chunk changes"


def button(icon: str, hint: str, name: str) -> Any:
    """Make a small button that shows an icon and is called by its hint."""
    made = widgets.Button(icon=icon, tooltip=hint, layout=widgets.Layout(width="36px"))
    made.add_class(f"arenalab-{name}")
    return made


def row(*children: Any) -> Any:
    """Lay widgets side by side; they wrap where the notebook is narrow."""
    box = widgets.Box(children)
    box.add_class("arenalab-row")
    return box


def dropdown(options: Sequence[Any], hint: str, width: str, **more: Any) -> Any:
    """Return a dropdown of values or of (words, value); `more` is what ipywidgets takes.

    Raises:
        ValueError: the value of an option is None, which to ipywidgets is no choice: the page would show a blank.

    """
    blank = [words for words, value in (it for it in options if isinstance(it, tuple)) if value is None]
    if blank:
        raise ValueError(f"options without a value: {', '.join(blank)}; give each one that is not None")
    return widgets.Dropdown(options=list(options), tooltip=hint, layout=widgets.Layout(width=width), **more)


def chooser(explorer: traitlets.HasTraits, trait: str, label: str, options: Sequence[str], hint: str) -> Any:
    """Return a dropdown that sets a trait of an explorer; its label is part of it, so that no row parts them."""
    choice = dropdown(options, hint, "190px", description=label, style={"description_width": "initial"})
    traitlets.link((explorer, trait), (choice, "value"))
    return choice


def _whom() -> Any:
    """Make the choice of whom to follow; it is not seen until it is known that several act."""
    made = dropdown(
        [("everybody", EVERYBODY)], "Whose moments to step to and to find", "210px", description="steps of",
        style={"description_width": "initial"},
    )  # fmt: skip
    made.add_class("arenalab-who")
    made.layout.display = "none"
    return made


class Controls:
    """First, back, step, last, play, scrub, jump, find, and which chunk to look into."""

    def __init__(self) -> None:
        """Make the widgets; the shell gives them their meaning."""
        self.first = button("fast-backward", "To the start (Home)", "first")
        self.back = button("step-backward", "One step back (left arrow)", "back")
        self.step = button("step-forward", "One step forward (right arrow)", "step")
        self.last = button("fast-forward", "To the end (End)", "last")
        self.play = widgets.Play(
            interval=200, show_repeat=False, tooltip="Play (space)", layout=widgets.Layout(width="96px")
        )
        self.speed = dropdown(list(SPEEDS.items()), "Steps a second while playing", "112px", value=200)
        self.unit = widgets.ToggleButtons(options=[OPERATION, EVENT], tooltips=[
            "A step is an operation of the program", "A step is one thing that the runtime does"
        ], style={"button_width": "92px"})  # fmt: skip
        self.slider = widgets.IntSlider(
            readout=False, layout=widgets.Layout(width="auto"), tooltip="Scrub through the run"
        )
        self.slider.add_class("arenalab-wide")
        self.jump = self._number("Go to this step", "88px")
        self.jump.add_class("arenalab-jump")
        self.target = dropdown([THIS_CHUNK], "What to look for", "190px")
        self.find_back = button("angle-left", "The time before (p)", "find-back")
        self.find_next = button("angle-right", "The next time (n)", "find-next")
        self.stop = widgets.ToggleButton(
            value=False, icon="dot-circle-o", description="stop here",
            tooltip="While playing, stop whenever this happens", layout=widgets.Layout(width="112px"),
        )  # fmt: skip
        self.stop.add_class("arenalab-stop")
        self.chunk = self._number("Chunk to look into", "72px")
        self.follow = widgets.ToggleButton(
            value=True, description="follow", tooltip="Look into the chunk that the step is about",
            layout=widgets.Layout(width="66px"),
        )  # fmt: skip
        self.who = _whom()
        self._kinds: set[str] = set()
        self._read = 0  #: events whose kinds are known
        # The slider comes first: a page opened later, or Voila, takes its value, and the player has none yet.
        self.slider.links = [widgets.jslink((self.slider, "value"), (self.play, "value"))]

    @staticmethod
    def _number(hint: str, width: str) -> Any:
        return widgets.BoundedIntText(tooltip=hint, layout=widgets.Layout(width=width))

    def rows(self, *more: Any) -> list[Any]:
        """Return the rows of controls; `more` stands at the end of the second."""
        find = [widgets.Label("find"), self.find_back, self.target, self.find_next, self.stop]
        look = [widgets.Label("inside chunk"), self.chunk, self.follow]
        steps = [self.first, self.back, self.step, self.last, self.play, self.speed, self.unit]
        return [row(*steps, self.slider, self.jump), row(*find, *look, self.who, *more)]

    def set_bounds(self, last: int, chunks: int) -> None:
        """Fit everything that counts to a history of `last` steps and `chunks` chunks."""
        for counter in (self.slider, self.play, self.jump):
            if counter.max != last:
                counter.max = last
        self.chunk.max = max(0, chunks - 1)

    def set_kinds(self, history: History) -> None:
        """Offer to look for each kind of event that the history has."""
        fresh = {type(event).__name__ for event in history.events[self._read :]} - self._kinds
        self._read = len(history)
        if fresh:
            self._kinds |= fresh
            chosen = self.target.value
            self.target.options = [THIS_CHUNK, *sorted(self._kinds)]
            self.target.value = chosen

    def set_actors(self, history: History) -> None:
        """Offer to follow each of those who act, where several do."""
        offered = [("everybody", EVERYBODY), *((actor_name(actor), actor) for actor in history.actors)]
        if len(offered) > 2 and len(offered) != len(self.who.options):  # everybody, and one alone
            chosen = self.who.value
            self.who.options = offered
            self.who.value = chosen
            self.who.layout.display = ""

    def show(self, position: int, chunk: int, *, follow: bool) -> None:
        """Show where we stand."""
        self.follow.value = follow
        self.slider.value = self.jump.value = position
        self.chunk.value = max(0, chunk)
