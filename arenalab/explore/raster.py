"""RasterCanvas: a raster in the page, kept up to date by runs of changed words.

Laws of this file:
1. The page holds all words; a step sends only those that changed, or all when that is less.
2. The next frame waits until the last one is painted: frames are dropped, never queued.
3. While nothing else is to be done, the page gets the words of one step on and one step back. It paints
   them as soon as the reader asks for one; the kernel's own frame follows and has the last word.
4. A message that is lost on the way costs a moment, not the picture: the page sees that a frame is missing and
   asks for all words, and nobody waits for an answer longer than `turn.PATIENCE`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anywidget
import numpy as np
import traitlets

from arenalab.draw.raster import raster_colours
from arenalab.draw.theme import PAPERS, Paper
from arenalab.explore import assets
from arenalab.explore.film import Texts
from arenalab.explore.turn import Turn
from arenalab.view.chunk_raster import Raster, runs
from arenalab.view.columns import Column

HERE = Path(__file__).parent
MOST_AHEAD = 2**16  #: bytes of runs that are worth sending before anybody asked.
Listener = Callable[[dict[str, Any]], None]


class RasterCanvas(anywidget.AnyWidget):
    """Shows one raster; `listener` hears {"kind": "ask" | "choose", "word": number} and failures."""

    _esm = assets.script("common", "raster_core", "raster")
    _css = (HERE / "raster.css").read_text(
        encoding="utf-8"
    )  # of a path, anywidget would keep every widget alive
    label = traitlets.Unicode("Words").tag(sync=True)

    def __init__(self, listener: Listener) -> None:
        """Start with nothing to show."""
        super().__init__()
        self._listener = listener
        self._next: tuple[Raster, Paper] | None = None  #: what is to be seen
        self._sent: tuple[Raster, Paper] | None = None  #: what the page has
        self._shown = False
        self.turn = Turn()
        self.frame = 0  #: frames sent so far.
        self.on_msg(self._hear)

    def forget(self) -> None:
        """Forget the words, and that a page has them: no view is open any more."""
        self._next = self._sent = None
        self._shown = False

    def show(self, raster: Raster, paper: Paper) -> None:
        """Show a raster as soon as the page has painted the one before."""
        self._next = (raster, paper)
        self.flush()

    def flush(self) -> None:
        """Send what changed, unless the page is still painting or nobody looks."""
        if self._next is None or self.turn.waits or not self._shown:
            return
        if self._next == self._sent:
            self._next = None
            return
        message, words = self._message(*self._next)
        self._sent, self._next = self._next, None
        self.turn.sent()
        self.frame += 1
        self.send({"kind": "raster", "frame": self.frame, **message}, [words])

    def _message(self, raster: Raster, paper: Paper) -> tuple[dict[str, Any], bytes]:
        message: dict[str, Any] = {"now": [list(part) for part in raster.now], "whole": True}
        words = raster.words.tobytes()
        if self._sent is None or len(self._sent[0].words) != len(raster.words):
            return message | {"look": _look(raster, paper)}, words
        changed = runs(self._sent[0].words, raster.words).tobytes()
        if len(changed) < len(words):
            message["whole"], words = False, changed
        if (_means(raster), paper) != (_means(self._sent[0]), self._sent[1]):
            message["look"] = _look(raster, paper)
        return message, words

    def _hear(self, _: Any, content: dict[str, Any], _buffers: Any) -> None:
        kind = content.get("kind")
        if kind == "open":  # a view has just been made: it has nothing
            self._next, self._sent = self._next or self._sent, None
            self._shown = True
            self.turn.painted()
            self.flush()
        elif kind == "painted":
            if content.get("frame") == self.frame:
                self.turn.painted()
            self.flush()
        else:
            self._listener(content)

    def prepare(self, ways: dict[str, Raster]) -> None:
        """Give the page what it would see next: "step" or "back" -> raster."""
        if self._sent is None or self._next is not None:
            return
        seen = self._sent[0]
        nows, parts = {}, []
        for way, raster in ways.items():
            if _means(raster) == _means(seen):
                changed = runs(seen.words, raster.words).tobytes()
                if len(changed) <= MOST_AHEAD:
                    nows[way] = [list(part) for part in raster.now]
                    parts.append(changed)
        self.send({"kind": "ahead", "frame": self.frame, "ways": nows}, parts)

    def answer(self, word: int, text: str) -> None:
        """Tell the page what a word holds, exactly."""
        self.send({"kind": "answer", "word": word, "text": text})


class RasterReel:
    """The words of a raster for a film: what each step changes, and what classes mean on either paper."""

    def __init__(self, explorer: Any) -> None:
        """Film the rasters of an explorer that has some."""
        self.explorer = explorer
        self.last: Raster | None = None
        self.runs: list[list[int]] = []
        self.look, self.now = Texts(), Texts()

    def take(self, step: int, view: Any) -> None:
        """Keep the raster of a view."""
        raster = self.explorer.raster_of(view)
        before = np.zeros_like(raster.words) if self.last is None else self.last.words
        same = len(before) == len(raster.words)
        changed = runs(before if same else np.zeros_like(raster.words), raster.words)
        self.runs.append([len(raster.words) if not same or self.last is None else -1, *_packed(changed)])
        looks = {paper: _look(raster, paper) for paper in ("light", "dark")}
        self.look.take(step, json.dumps(looks, separators=(",", ":")))
        self.now.take(step, json.dumps(raster.now))
        self.last = raster

    def rolled(self) -> dict[str, Any]:
        """Return all of it as JSON data."""
        return {"type": "raster", "runs": self.runs, "look": self.look.rows, "now": self.now.rows}


def _packed(changed: Column) -> list[int]:
    """Return runs of shape (n, 3) column by column, starts as steps from one to the next: it packs far better."""
    start, length, number = changed.astype(np.int64).reshape(-1, 3).T
    steps = np.diff(start, prepend=0)
    packed: list[int] = np.concatenate((steps, length, number)).tolist()
    return packed


def _means(raster: Raster) -> tuple[Any, ...]:
    """Return all that decides what a class means."""
    return raster.what, raster.base, raster.by, raster.keys, raster.said, len(raster.words)


def _look(raster: Raster, paper: Paper) -> dict[str, Any]:
    """Return all that tells what classes look like and mean."""
    colours = raster_colours(raster.keys, paper)
    return {
        "what": raster.title(),
        "base": str(raster.base),
        "colours": colours,
        "said": list(raster.said),
        "legend": [[colours[2 * raster.keys.index(key)], said] for key, said in raster.legend()],
        "tone": PAPERS[paper]["now"],
    }
