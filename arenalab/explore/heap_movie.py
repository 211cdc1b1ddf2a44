"""The heap movie: the whole heap of a program through time, from its execution trace."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
import traitlets

from arenalab.asked import one_of, position
from arenalab.draw.heap_movie import heap_movie_scene
from arenalab.draw.heap_movie_still import heap_movie_still
from arenalab.draw.scene import WIDTH, Scene
from arenalab.draw.still import Still
from arenalab.draw.theme import Paper
from arenalab.explore import heap_parts as parts
from arenalab.explore.along_axis import AlongAxis
from arenalab.explore.controls import kinds_offered
from arenalab.explore.pictured import PHONE
from arenalab.explore.played import CAN, Message
from arenalab.explore.recorded import Recorded, TraceSource, there_is
from arenalab.intake.log import HEAP
from arenalab.intake.scopes import of_kind
from arenalab.player.controls import BAR, Choice, Control, Toggle
from arenalab.player.frame import Picture
from arenalab.player.rasters import Canvas
from arenalab.view.axis_part import FITS
from arenalab.view.chunk_raster import Raster
from arenalab.view.heap_colours import COLOURS, GROUND, STEP, TYPE
from arenalab.view.heap_index import HeapIndex
from arenalab.view.heap_movie import HeapMovie as View
from arenalab.view.heap_movie import heap_movie
from arenalab.view.heap_said import page_said, slot_said
from arenalab.view.heap_steps import CYCLE, UNITS, HeapSteps

COLLECTION = "a collection begins"  #: what can be looked for.


class HeapMovie(AlongAxis, Recorded):
    """The whole heap of an ordinary program, forwards and backwards: recorded, no model in it.

    Args:
        trace: an execution trace with allocations: its path, or a TraceRun.
        cursor: events of the heap that have happened at the start; None is where the recording begins.
        kind: whose scopes are lanes; None is what the trace has most of besides goroutines.

    Look for: spans that one old object keeps; a collection that frees what a scope left; objects that
    outlive their scope; the same slots taken again and again.
    Click a page for its slots, a lane for the moment at which its scope ended. Drag the lanes to move along
    the run, ctrl + wheel zooms; "show" fits the whole run or the part around the cursor.
    """

    cursor = traitlets.Int(0, help="events of the heap that have happened")
    unit = traitlets.Enum(list(UNITS), CYCLE, help="what a step is")
    colour = traitlets.Enum(list(COLOURS), STEP, help="what the colours of pages and slots tell")
    kind = traitlets.Unicode("", help="the scopes that are lanes; empty where the trace has none")
    scope = traitlets.Int(None, allow_none=True, help="the chosen scope of that kind, from 0 by their ends")
    page = traitlets.Int(None, allow_none=True, help="the page whose span's slots are shown; None follows")
    name = "Heap movie"

    def __init__(self, trace: TraceSource, *, cursor: int | None = None, kind: str | None = None) -> None:
        """Read the trace and stand where one begins; nothing is drawn before somebody looks."""
        super().__init__(trace)
        self.index = HeapIndex(self.run.log, self.run.objects, self.run.found)
        self._steps: dict[tuple[str, str], HeapSteps] = {}
        self._counted = ""  #: what a step is while a film is made
        self.set_trait("kind", parts.usual_kind(self.run.scopes()) if kind is None else kind)
        self.set_trait("cursor", self.index.opening if cursor is None else cursor)

    # moving

    @property
    def steps(self) -> HeapSteps:
        """The positions by the unit that is chosen."""
        key = self._counted or self.unit, self.kind
        if key not in self._steps:
            self._steps[key] = HeapSteps(self.index, *key)
        return self._steps[key]

    def go(self, cursor: int, **traits: Any) -> None:
        """Move to a moment, and set other traits; the page hears of it once."""
        before, self._quiet = self._quiet, True
        try:
            for name, value in {**traits, "cursor": cursor}.items():
                self.set_trait(name, value)
        finally:
            self._quiet = before
        if traits:
            self.render()
        elif not self._quiet:
            self.page_shown.move()

    @property
    def place(self) -> int:
        """The moment that is shown, by the events of the heap that have happened."""
        return int(self.cursor)

    def _by(self, at: int, way: int) -> int:
        """Return the moment of a step further on; from within a step, of its end."""
        its = self.steps
        here = its.position(at)
        inside_one = way < 0 and its.moment(here) < at
        return its.moment(here if inside_one else here + way)

    def step(self) -> None:
        """Move one step forward, by the unit that is chosen."""
        self.go(self._by(self.cursor, 1))

    def back(self) -> None:
        """Move one step back."""
        self.go(self._by(self.cursor, -1))

    def first(self) -> None:
        """Move to the start."""
        self.go(self.index.opening)

    def last(self) -> None:
        """Move to the end."""
        self.go(self.index.moments)

    def find(self, text: str | None = None, *, forwards: bool = True) -> None:
        """Move to where the nearest collection begins; nothing else is looked for."""
        one_of("text", text or COLLECTION, (COLLECTION,), "what can be found")
        found = parts.nearest(self.steps.collections(), self.cursor, forwards=forwards)
        if found is None:
            self.error = f"no {'later' if forwards else 'earlier'} collection in this trace"
        else:
            self.go(found)

    # drawing

    def view_of(self, cursor: int) -> View:
        """Return the view of a moment: a pure function of it, the trace and the traits."""
        its = self.steps
        return heap_movie(
            self.index, cursor, its.since(cursor), step=its.words(cursor), colour=self.colour, kind=self.kind,
            scope=-1 if self.scope is None else self.scope, page=self.page, window=self.window, fit=self.fit,
        )  # fmt: skip

    def draw(self, view: View, width: int = WIDTH) -> Scene:
        """Draw tables and lanes."""
        return heap_movie_scene(view, width)

    def draw_still(self, view: View, paper: Paper) -> Still:
        """Draw a view as SVG: the very shapes of the page below both rasters."""
        return heap_movie_still(view, f"{self.name}, {view.text()}", paper)

    def draw_small(self, view: View, paper: Paper) -> Still:
        """Draw a view as SVG for a phone."""
        return heap_movie_still(view, f"{self.name}, {view.text()}", paper, PHONE)

    def canvases(self) -> tuple[Canvas, ...]:
        """Return the canvas of the pages and that of one span's slots."""
        return parts.CANVASES

    def rasters_of(self, view: View) -> Mapping[str, Raster]:
        """Return both rasters."""
        return {parts.PAGES: view.pages, parts.SLOTS: view.slots}

    def legend_of(self, view: View) -> list[list[str]]:
        """Return (meaning, words, "") of each colour of the rasters."""
        its = view.pages
        seen = GROUND if self.colour == TYPE else its.keys  # the table of types has a sample beside each name
        pairs = zip(its.keys, its.said, strict=True)
        return [[key, said, ""] for key, said in pairs if said and key in seen]

    # what the page asks

    def here(self) -> str:
        """Return the key of where it stands."""
        return f"e{self.cursor}"

    def _moment(self, key: str) -> int:
        return position("place", int(key.removeprefix("e")), self.index.moments + 1, "a moment of this trace")

    def key_at(self, position: int) -> str:
        """Return the key of a slider's position; outside the run its ends."""
        return f"e{self.steps.moment(min(max(position, 0), self.steps.last))}"

    def is_there(self, key: str) -> bool:
        """Return whether a key is one of a moment."""
        number = key.removeprefix("e")
        return number.isdecimal() and self.index.opening <= int(number) <= self.index.moments

    def beside(self, key: str, way: str) -> str | None:
        """Return the key of the place one step on ("next") or back ("back"); None where there is none."""
        found = f"e{self._by(self._moment(key), 1 if way == 'next' else -1)}"
        return None if found == key else found

    def _view_at(self, key: str) -> View:
        return self.view_of(self._moment(key))

    def _move(self, key: str) -> None:
        self.go(self._moment(key))

    def picture(self, key: str, width: int) -> Picture:
        """Return what is seen at a moment."""
        at, view, steps = self._moment(key), self.view_at(key), self.steps
        lines = [list(line) for line in view.reading.lines]
        told = {"lines_told": lines, "sentence": lines[0][1], "family": "none", "kind": "", "remarks": []}
        what = np.unique(self.index.log.heap.what[steps.since(at) : at]).tolist()
        return Picture(
            key, steps.position(at), self.scene(key, width), told, self.legend_of(view),
            next=self.beside(key, "next"), back=self.beside(key, "back"), rasters=self.rasters_of(view),
            kinds=sorted(HEAP[each] for each in what),
        )  # fmt: skip

    def about(self) -> Message:
        """Return what is shown of the trace as a whole."""
        return {
            "doc": self.doc, "last": self.steps.last, "unit": self._counted or self.unit,
            "controls": self.controls_data(), "breakpoints": [], "finds": [COLLECTION],
            "can": [can for can in CAN if can != "break"], "listing": None, "chart": None, "keys": [],
        }  # fmt: skip

    def word(self, raster: str, word: int) -> str:
        """Describe exactly what a page or a slot holds."""
        view = self.shown
        if not 0 <= word < len(self.rasters_of(view)[raster].words):
            return ""
        if raster == parts.PAGES:
            return page_said(view.moment, word)
        return slot_said(view.moment, self.run.lifetimes, view.span, word)

    # controls

    def controls(self) -> list[Control]:
        """Return all that can be chosen."""
        kinds = kinds_offered(list(self.run.scopes()), self.kind)
        return [
            parts.UNIT,
            Choice("colour", "colour by", "What the colours of pages and slots tell", BAR, tuple(COLOURS)),
            Choice("kind", "scopes", "Which scopes are lanes", options=kinds),
            Choice("fit", "show", "What the lanes show of the run", options=tuple(FITS)),
            Toggle("follow", "follow", "Show the slots of the span that the step changed most"),
        ]

    def values(self) -> dict[str, Any]:
        """Return whether the slots follow."""
        return {"follow": self.page is None}

    def setters(self) -> dict[str, Any]:
        """Return what follows what a step changes, or stays with the span that is shown."""
        return {"follow": self._follow}

    def _follow(self, on: bool) -> None:
        span = self.shown.span
        self.page = None if on or span < 0 else int(self.index.objects.spans.page[span])

    def on_cell(self, raster: str, word: int) -> None:
        """Look into the span of a page."""
        if raster == parts.PAGES and 0 <= word < len(self.shown.pages.words):
            self.page = self.index.page_of(word)

    def on_choose(self, key: str) -> None:
        """Jump to the end of a scope that was clicked, or to where a collection began."""
        what, _, number = key.partition(" ")
        if what == parts.COLLECT:
            self.go(parts.begin_of(self.index, int(number)))
        else:
            self.go(parts.end_of(self.index, self.kind, int(number)), scope=int(number))

    # traits

    @traitlets.validate("cursor")
    def _inside(self, proposal: dict[str, Any]) -> int:
        moments = "a moment of this trace, by the heap's events that have happened"
        return position("cursor", proposal["value"], self.index.moments + 1, moments, low=self.index.opening)

    @traitlets.validate("kind")
    def _there(self, proposal: dict[str, Any]) -> str:
        return there_is(self.run, proposal["value"])

    @traitlets.validate("scope")
    def _of_kind(self, proposal: dict[str, Any]) -> int | None:
        count = len(of_kind(self.run.found, self.kind)) if self.kind else 0
        number = proposal["value"]
        return None if number is None else position("scope", number, count, "the number of a scope")

    @traitlets.observe("kind")
    def _other_scopes(self, _: Any) -> None:
        self.scope = None

    @traitlets.observe("cursor")
    def _moved(self, _: Any) -> None:
        if not self._quiet:
            self.page_shown.move()

    @traitlets.observe("unit", "colour", "kind", "scope", "page")
    def _changed(self, _: Any) -> None:
        self.render()

    # films

    @contextmanager
    def counting(self, unit: str) -> Iterator[HeapSteps]:
        """Count steps otherwise for a while."""
        self._counted = unit
        try:
            yield self.steps
        finally:
            self._counted = ""
