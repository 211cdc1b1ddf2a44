"""Explorer: what all explorers of a history share. A subclass gives the view and says how it is drawn."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

import traitlets

from arenalab.asked import checks_calls, one_of, position
from arenalab.draw.scene import WIDTH
from arenalab.draw.scene_still import scene_still
from arenalab.draw.still import Still
from arenalab.draw.theme import Paper
from arenalab.errors import NoSuchError, ScenarioError
from arenalab.explore.finding import Finding
from arenalab.explore.played import CAN, Message, Played
from arenalab.explore.program import Program
from arenalab.explore.source import Source, as_source
from arenalab.explore.stepper import EVENT, EVERYBODY, OPERATION, Place, Stepper
from arenalab.player.controls import BAR, Choice, Control, Number, Toggle
from arenalab.player.frame import Picture, legend_of, told_of
from arenalab.view.chunk_index import ChunkIndex
from arenalab.view.chunk_state import absent_in
from arenalab.view.explained import explain_kind, explain_meaning
from arenalab.view.go_source import source_of
from arenalab.view.selection import selected
from arenalab.world.actors import actor_name
from arenalab.world.ops import Op

UNITS = (OPERATION, EVENT)
UNIT = Choice(
    "unit",
    "by",
    "What a step is: an operation of the program, or one thing that the runtime does",
    BAR,
    UNITS,
)


@checks_calls
class Explorer(Finding, Played):
    """Steps through a history; show it as the last value of a cell.

    Args:
        history: a History, a Machine (its history, which may go on growing), a Recording, a Scenario,
            a Trace, or the path of a file with one of them.
        cursor: events that have happened at the start; None is the start of a run that is over, and the present
            of a Machine.
        chunk: chunk to look into; None follows the events.

    """

    offered: ClassVar[tuple[str, ...]] = (
        *(*Played.offered, "back", "breakpoints", "do"),
        *("find", "first", "history", "last", "step", "stop_at"),
    )

    cursor = traitlets.Int(0, help="events that have happened; link it to let explorers move together")
    chunk = traitlets.Int(None, allow_none=True, help="chunk to look into; None follows the events")

    name: ClassVar[str] = "Explorer"  #: what a screen reader calls it.
    meanings: ClassVar[tuple[str, ...]] = ()  #: what the legend explains, in its order.

    def __init__(self, history: Source, *, cursor: int | None = None, chunk: int | None = None) -> None:
        """Stand where one begins; nothing is drawn before somebody looks."""
        self.history, self._machine = as_source(history)
        self.stepper = Stepper(self.history)
        self._op: int | None = None
        self._breakpoints = {}
        self.program = Program(self.history)
        super().__init__()
        self.set_trait("chunk", chunk)
        now = 0 if self._machine is None else len(self.history)
        self.cursor = now if cursor is None else cursor

    # for subclasses

    def view_of(self, place: Place) -> Any:
        """Return the view of a place: a pure function of it, the history, chunk and the subclass's traits."""
        raise NotImplementedError

    def legend(self) -> tuple[str, ...]:
        """Return what the legend explains: of its meanings those that a chunk can have under the rules."""
        return tuple(meaning for meaning in self.meanings if meaning not in absent_in(self.history.rules))

    def legend_words(self) -> dict[str, str]:
        """Return words for the legend that replace the theme's."""
        return {}

    def more_controls(self) -> list[Control]:
        """Return what can be chosen beside what all explorers let one choose."""
        return []

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
        if place is None:
            return
        before, self._quiet = self._quiet, True  # the page hears of it once, below
        try:
            self.cursor = place.cursor
        finally:
            self._quiet = before
        self._op = place.op  # an unchanged cursor may stand for another operation
        if not self._quiet:
            self.page_shown.move()

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
        self.render()
        self.go(Place(len(self.history), len(self.history.ops) - 1))

    @traitlets.validate("cursor")
    def _inside(self, proposal: dict[str, Any]) -> int:
        moments = "a moment of this history, by the events that have happened"
        return position("cursor", proposal["value"], len(self.history) + 1, moments)

    @traitlets.validate("chunk")
    def _made(self, proposal: dict[str, Any]) -> int | None:
        chunk, made = proposal["value"], len(self.history.world.spans)
        return None if chunk is None else position("chunk", chunk, max(made, 1), "the number of a chunk")

    @traitlets.observe("cursor")
    def _moved(self, _: Any) -> None:
        self._op = None
        if not self._quiet:
            self.page_shown.move()

    @traitlets.observe("chunk")
    def _looked(self, _: Any) -> None:
        self.render()

    # what the page asks

    def stamp(self) -> tuple[int, int]:
        """Return how long the history is."""
        return len(self.history), len(self.history.ops)

    def here(self) -> str:
        """Return the key of where we stand."""
        return self.stepper.key(self.place)

    def key_at(self, position: int) -> str:
        """Return the key of a slider's position; outside the run its ends."""
        return self.stepper.key(self.stepper.place(position))

    def is_there(self, key: str) -> bool:
        """Return whether a key is one of a place of the history."""
        try:
            self.stepper.place_of(key)
        except NoSuchError:
            return False
        return True

    def beside(self, key: str, way: str) -> str | None:
        """Return the key of the place one step on ("next") or back ("back"); None where there is none."""
        here = self.stepper.place_of(key)
        there = self.stepper.step(here) if way == "next" else self.stepper.back(here)
        found = self.stepper.key(there)
        return None if found == key else found

    def _view_at(self, key: str) -> Any:
        return self.view_of(self.stepper.place_of(key))

    def _move(self, key: str) -> None:
        self.go(self.stepper.place_of(key))

    def picture(self, key: str, width: int) -> Picture:
        """Return what is seen at a place."""
        place, view = self.stepper.place_of(key), self.view_at(key)
        scene, back = self.scene(key, width), self.beside(key, "back")
        since = 0 if back is None else self.stepper.place_of(back).cursor
        stop = self.first_stop(since, place.cursor)
        return Picture(
            key, self.stepper.position(place), scene, self.told(view), self._legend_of(scene.meanings),
            line=self.program.line_of(view.reading.op),
            next=self.beside(key, "next"), back=back, rasters=self.rasters_of(view),
            kinds=sorted({type(event).__name__ for event in self.history.events[since : place.cursor]}),
            stop=None if stop is None else self.stepper.key(Place(stop)), chart=self.chart_at(view),
        )  # fmt: skip

    def show_line(self, line: int) -> None:
        """Send the page the lines of the program around one."""
        self.program.show(line)

    def open_loop(self, loop: int, on: bool) -> None:
        """Show each time around a loop of the program, or its body once."""
        self.program.open(loop, on=on)
        self.render()

    def told(self, view: Any) -> Message:
        """Return the moment of a view as data."""
        moment = view.reading
        go = source_of(moment.go, self.history.rules)
        return told_of(moment, explain=explain_kind(moment.kind), go={**go} if go else None)

    def _legend_of(self, there: set[str]) -> list[list[str]]:
        explained = {meaning: explain_meaning(meaning) for meaning in there}
        return legend_of(there, self.legend(), self.legend_words(), explained)

    def selected(self, key: str) -> Any:
        """Return what the shape of a key stands for, as a record of this moment."""
        return selected(self.history, self.cursor, key)

    def about(self) -> Message:
        """Return what is shown of the history as a whole."""
        stops = [{"text": text, "count": count} for text, count in self._breakpoints.items()]
        return {
            "doc": self.doc, "last": self.stepper.last, "unit": self.stepper.unit, "controls": self.controls_data(),
            "breakpoints": stops, "finds": self.finds(), "can": CAN, "listing": self.program.data(),
            "keys": [[key, words] for key, (words, _) in self.more_keys().items()], "chart": self.chart_data(),
        }  # fmt: skip

    # controls

    def controls(self) -> list[Control]:
        """Return all that can be chosen."""
        chunks = max(len(self.history.world.spans) - 1, 0)
        look = [
            Number("chunk", "chunk", "Chunk to look into", high=chunks),
            Toggle("follow", "follow", "Look into the chunk that the step is about"),
        ]
        return [UNIT, *self.more_controls(), *look, *self._whom()]

    def _whom(self) -> list[Control]:
        """Return the choice of whom to follow, where several act."""
        offered = [("everybody", EVERYBODY), *((actor_name(actor), actor) for actor in self.history.actors)]
        hint = "Whose moments to step to and to find"
        return [Choice("who", "steps of", hint, options=offered)] if len(offered) > 2 else []

    def values(self) -> dict[str, Any]:
        """Return values of controls that no trait has."""
        return {"unit": self.stepper.unit, "follow": self.chunk is None}

    def setters(self) -> dict[str, Any]:
        """Return what sets them."""
        return {
            "unit": self._choose_unit,
            "follow": lambda on: self.set_trait("chunk", None if on else max(0, self.shown.focus)),
        }

    def _choose_unit(self, unit: str) -> None:
        self.stepper.unit = one_of("unit", unit, UNITS, "one of")
        self.render()

    # stills and films

    def draw_still(self, view: Any, paper: Paper) -> Still:
        """Draw a view as SVG: the very shapes of the page below the moment and the legend."""
        told, rasters = f"{self.name}, {view.text()}", self.rasters_of(view)
        raster = next(iter(rasters.values()), None)
        scene, words = self.draw(view, WIDTH), self.legend_words()
        return scene_still(scene, view.reading, self.legend(), told, paper, words, raster)

    @contextmanager
    def counting(self, unit: str) -> Iterator[Stepper]:
        """Count steps otherwise for a while, whoever is followed and whichever loops are open."""
        usual = self.stepper, self.program
        self.stepper, self.program = Stepper(self.history), Program(self.history)
        self.stepper.unit = unit
        try:
            yield self.stepper
        finally:
            self.stepper, self.program = usual
