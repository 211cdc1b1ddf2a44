"""Film: what an explorer shows at every step of a run, packed so that a page can show it without a kernel.

Rules:
1. A film is made of the explorer's own pictures, step by step, in three widths; nothing is drawn a second time.
2. Texts are kept as changes against the step before: a step costs what it changes.
3. Making a film moves nobody: pictures are had of places, wherever the explorer stands.
"""

from __future__ import annotations

import base64
import json
import zlib
from typing import Any

import numpy as np

from arenalab import asked
from arenalab.draw.scene import Scene, hatch_defs
from arenalab.errors import ArgumentError, ScenarioError
from arenalab.player.frame import Picture
from arenalab.player.host import Host
from arenalab.player.rasters import Canvas, look_of
from arenalab.player.texts import Texts
from arenalab.units import counted
from arenalab.view.chunk_raster import Raster, runs
from arenalab.view.columns import Column

MOST_STEPS = 2_000  #: a page with more steps would be slow to open.
WIDTHS = (960, 600, 360)  #: points of each layout, the widest first.
FIELDS = ("told", "legend", "line", "kinds", "chart")  #: of a frame, kept as they are.


def film(host: Host, positions: range, start: int) -> str:
    """Return pictures of slider positions, packed: JSON, deflated, in base 64; it opens at position `start`."""
    reel = _Reel(host.canvases())
    for step, position in enumerate(positions):
        key = host.key_at(position)
        picture = host.picture(key, WIDTHS[0])
        reel.take(step, picture, host.words(key))
        if step == len(positions) // 2:
            host.show_line(picture.line)  # the film holds the lines around its middle
        for layout in reel.layouts:
            widest = layout.width == WIDTHS[0]
            layout.take(step, picture.scene if widest else host.scene(key, layout.width))
    about = host.about()
    head = {
        "version": 2, "name": host.name, "unit": about["unit"], "first": positions.start, "steps": len(positions),
        "start": min(max(start - positions.start, 0), len(positions) - 1), "hatches": hatch_defs(),
        **{name: about.get(name) for name in ("doc", "listing", "chart")},
    }  # fmt: skip
    return packed(head | reel.rolled())


def packed(data: dict[str, Any]) -> str:
    """Return JSON data, deflated, in base 64."""
    return base64.b64encode(zlib.compress(_json(data).encode(), 9)).decode()


def _json(data: Any) -> str:
    return json.dumps(data, separators=(",", ":"))


def steps_of(end: int, unit: str, first: int, last: int | None) -> range:
    """Return the positions that a film shows, of those from 0 to `end`.

    Raises:
        ArgumentError: no such steps.
        ScenarioError: more steps than a page can hold.

    """
    first = asked.position("first", first, end + 1, f"a position by {unit}")
    if last is not None and asked.whole("last", last, "a position, a whole number") < first:
        raise ArgumentError("last", last, f"a position from {first} on, where the first step is")
    end = end if last is None else min(last, end)
    if end - first >= MOST_STEPS:
        raise ScenarioError(
            f"{counted(end - first + 1, 'step')}; a saved page holds {MOST_STEPS:,}: choose first and last, "
            f"or larger steps"
        )
    return range(first, end + 1)


class _Reel:
    """All parts of the pictures, step by step."""

    def __init__(self, canvases: tuple[Canvas, ...]) -> None:
        """Begin before the first step."""
        self.numbers: dict[str, int] = {}  #: shape -> its number, one list for all widths
        self.layouts = [_Layout(width, self.numbers) for width in WIDTHS]
        self.fields = {name: Texts() for name in FIELDS}
        self.words = Texts()
        self.rasters = {canvas.name: _RasterReel(canvas) for canvas in canvases}

    def take(self, step: int, picture: Picture, words: str) -> None:
        """Keep what does not depend on the width."""
        data = picture.data()
        for name, texts in self.fields.items():
            texts.take(step, _json(data[name]))
        self.words.take(step, words)
        for name, reel in self.rasters.items():
            reel.take(step, picture.rasters[name])

    def rolled(self) -> dict[str, Any]:
        """Return all of it as JSON data."""
        return {
            "shapes": list(self.numbers), "layouts": [layout.rolled() for layout in self.layouts],
            "fields": {name: texts.rows for name, texts in self.fields.items()}, "words": self.words.rows,
            "rasters": [reel.rolled() for reel in self.rasters.values()],
        }  # fmt: skip


class _Layout:
    """The shapes of the scenes in one width: which of them a step shows."""

    def __init__(self, width: int, numbers: dict[str, int]) -> None:
        """Number shapes by those that all layouts share."""
        self.width, self.numbers = width, numbers
        self.shown, self.head = Texts(), Texts()

    def take(self, step: int, scene: Scene) -> None:
        """Keep a scene."""
        numbers = [self.numbers.setdefault(shape, len(self.numbers)) for shape in scene.shapes]
        self.shown.take(step, ",".join(map(str, numbers)))
        self.head.take(step, _json([scene.width, scene.height, scene.title]))

    def rolled(self) -> dict[str, Any]:
        """Return all of it as JSON data."""
        return {"width": self.width, "shown": self.shown.rows, "head": self.head.rows}


class _RasterReel:
    """The words of a raster: what each step changes, and what classes mean."""

    def __init__(self, canvas: Canvas) -> None:
        """Film the rasters of a canvas."""
        self.canvas = canvas
        self.last: Raster | None = None
        self.runs: list[list[int]] = []
        self.look, self.now = Texts(), Texts()

    def take(self, step: int, raster: Raster) -> None:
        """Keep a raster: what differs from the one before, or from nothing where that had another size."""
        same = self.last is not None and len(self.last.words) == len(raster.words)
        before = self.last.words if same and self.last is not None else np.zeros_like(raster.words)
        self.runs.append([-1 if same else len(raster.words), *by_column(runs(before, raster.words))])
        self.look.take(step, _json(look_of(raster)))
        self.now.take(step, _json(raster.now))
        self.last = raster

    def rolled(self) -> dict[str, Any]:
        """Return all of it as JSON data."""
        return self.canvas._asdict() | {"runs": self.runs, "look": self.look.rows, "now": self.now.rows}


def by_column(changed: Column) -> list[int]:
    """Return runs of shape (n, 3) column by column, starts as steps from one to the next: it packs far better."""
    start, length, number = changed.astype(np.int64).reshape(-1, 3).T
    steps = np.diff(start, prepend=0)
    listed: list[int] = np.concatenate((steps, length, number)).tolist()
    return listed
