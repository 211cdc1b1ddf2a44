"""Film: what an explorer shows at every step of a run, packed so that a page can show it without a kernel.

Laws of this file:
1. A film is made by the explorer's own `view` and drawing, step by step; nothing is drawn a second time.
2. Texts are kept as changes against the step before: a step costs what it changes.
3. Making a film moves nobody: views are had of places, wherever the explorer stands.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Protocol

from arenalab import asked
from arenalab.draw.scene import hatch_defs
from arenalab.errors import ArgumentError, ScenarioError
from arenalab.explore.reading import legend_html, reading_html
from arenalab.explore.stepper import EVENT, OPERATION, Stepper
from arenalab.units import counted

if TYPE_CHECKING:
    from arenalab.explore.scene_explorer import SceneExplorer
    from arenalab.explore.shell import Explorer

MOST_STEPS = 2_000  #: a page with more steps would be slow to open.


class Texts:
    """One text that changes from step to step.

    A row is [step, kept in front, kept behind, what is between] against the row before, or
    [step, number of an earlier row] where that one's text comes back.
    """

    def __init__(self) -> None:
        """Start before the first step."""
        self.rows: list[list[Any]] = []
        self._last = ""
        self._seen: dict[int, int] = {}  #: hash of a text -> its row

    def take(self, step: int, text: str) -> None:
        """Keep the text that holds from a step on."""
        if self.rows and text == self._last:
            return
        if (earlier := self._seen.setdefault(hash(text), len(self.rows))) < len(self.rows):
            self.rows.append([step, earlier])
            self._last = text
            return
        front = _common(self._last, text)
        behind = _common(self._last[front:][::-1], text[front:][::-1])
        self.rows.append([step, front, behind, text[front : len(text) - behind]])
        self._last = text


def _common(one: str, other: str) -> int:
    """Return how many characters two texts have in common at the front."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one.startswith(other[:middle]) else (low, middle - 1)
    return low


class Reel(Protocol):
    """One part of the picture, step by step."""

    def take(self, step: int, view: Any) -> None:
        """Keep what a view shows."""

    def rolled(self) -> dict[str, Any]:
        """Return all of it as JSON data; `type` says which part of the page reads it."""


class SceneReel:
    """The shapes of a scene: each once, and which of them a step shows."""

    def __init__(self, explorer: SceneExplorer) -> None:
        """Film what an explorer draws."""
        self.explorer = explorer
        self.numbers: dict[str, int] = {}
        self.shown, self.head = Texts(), Texts()

    def take(self, step: int, view: Any) -> None:
        """Keep what a view shows."""
        scene = self.explorer.draw(view)
        numbers = [self.numbers.setdefault(shape, len(self.numbers)) for shape in scene.shapes]
        self.shown.take(step, ",".join(map(str, numbers)))
        self.head.take(step, json.dumps([scene.width, scene.height, scene.title]))

    def rolled(self) -> dict[str, Any]:
        """Return all of it as JSON data."""
        return {
            "type": "scene", "hatches": hatch_defs(), "shapes": list(self.numbers),
            "shown": self.shown.rows, "head": self.head.rows,
        }  # fmt: skip


def film(explorer: Explorer, *, unit: str | None = None, first: int = 0, last: int | None = None) -> str:
    """Return all steps of an explorer, packed: JSON, deflated, in base 64.

    Args:
        explorer: whose picture is filmed, with the choices that it has now; it stays where it is.
        unit: "operation" or "event"; what the explorer steps by now.
        first: position of the first step.
        last: position of the last one; the end of the history.

    Raises:
        ArgumentError: no such unit, or no such steps.
        ScenarioError: more steps than a page can hold.

    """
    stepper = Stepper(explorer.history)
    stepper.unit = asked.one_of("unit", unit, (OPERATION, EVENT), "one of") if unit else explorer.stepper.unit
    first = asked.position("first", first, stepper.last + 1, f"a position by {stepper.unit}")
    if last is not None and asked.whole("last", last, "a position, a whole number") < first:
        raise ArgumentError("last", last, f"a position from {first} on, where the first step is")
    end = stepper.last if last is None else min(last, stepper.last)
    if end - first >= MOST_STEPS:
        raise ScenarioError(
            f"{counted(end - first + 1, 'step')}; a saved page holds {MOST_STEPS:,}: choose first and last, "
            f"or step by operations"
        )
    start = min(max(stepper.position(explorer.place) - first, 0), end - first)
    told = {"start": start, **_filmed(explorer, stepper, range(first, end + 1))}
    said = json.dumps(told, separators=(",", ":"))
    return base64.b64encode(zlib.compress(said.encode(), 9)).decode()


def _filmed(explorer: Explorer, stepper: Stepper, positions: Iterable[int]) -> dict[str, Any]:
    steps, reels = list(positions), explorer.reels()
    reading, words, kinds, begun = Texts(), Texts(), Texts(), 0
    for step, position in enumerate(steps):
        place = stepper.place(position)
        view = explorer.view_of(place)
        happened = explorer.history.events[begun : place.cursor] if step else ()
        begun = place.cursor
        reading.take(step, reading_html(view.reading))
        words.take(step, f"{explorer.heading}, {view.text()}")
        kinds.take(step, ",".join(sorted({type(event).__name__ for event in happened})))
        for reel in reels:
            reel.take(step, view)
    legends = [legend_html(explorer.legend(), paper, explorer.legend_words()) for paper in ("light", "dark")]
    return {
        "name": explorer.name, "unit": stepper.unit, "first": steps[0], "steps": len(steps), "legends": legends,
        "reading": reading.rows, "words": words.rows, "kinds": kinds.rows,
        "reels": [reel.rolled() for reel in reels],
    }  # fmt: skip
