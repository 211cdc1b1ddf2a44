"""Player: carries frames into a page, and what the reader does there back to its host.

Rules:
1. A shape travels once; a frame sends the numbers of its shapes, and of its rasters what changed.
2. A frame is true as long as the epoch is the same: what changes any picture begins another one.
3. The page moves by itself among the frames that it has. It tells where it stands and is answered nothing,
   unless something is different now.
4. A message that is lost on the way costs a moment, not the picture: the page sees that shapes are missing and
   opens again, which restarts the numbers; or it tells something in an epoch long past, and is sent everything.
5. No error is swallowed: it stands, as one line, in the page.
6. What the page says may be heard in a thread of its own (JupyterLab's subshells) while a cell runs: one at a time
   draws and sends, so that numbers of shapes are sent in order.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from itertools import islice
from threading import RLock
from time import monotonic
from typing import Any

import anywidget
import traitlets

from arenalab.draw.scene import WIDTH, hatch_defs
from arenalab.player import assets
from arenalab.player.bokeh_text import scripts
from arenalab.player.frame import Picture
from arenalab.player.host import Host
from arenalab.player.rasters import delta, look_of
from arenalab.view.chunk_raster import Raster

MOST_KNOWN = 60_000  #: shapes that a page is asked to remember; then it forgets all.
MOST_ASKED = 64  #: frames that one question may ask for.
HELD_RASTERS = 4  #: rasters that are kept to tell what changed.
NARROWEST, WIDEST, GRID = 280, 1280, 40  #: points of a picture: the page's width, in steps.
SOON = 0.03  #: seconds of drawing after which what is drawn is sent, though more was asked for
PAUSE = 0.05  #: and between two states that nobody asked for.
LATE = 1.0  #: seconds after which a page of an older epoch is not told of the present one any more: that was lost
WAYS = ("next", "back")
#: What the page tells though the reader did nothing.
UNASKED = {"ask", "open", "size", "paper", "words", "lines", "bokeh"}


class Player(anywidget.AnyWidget):
    """Shows the pictures of a host."""

    _esm = assets.script()
    _css = assets.style()
    label = traitlets.Unicode("").tag(sync=True)  #: what a screen reader calls it.

    def __init__(self, host: Host) -> None:
        """Make a page that shows nothing yet."""
        super().__init__(label=host.name)
        self._host = host
        self.epoch, self.width = 0, WIDTH
        self._seqs: dict[str, int] = {}  #: view -> the number of the latest move of it that was heard
        self._numbers: dict[str, int] = {}  #: shape -> its number in the page
        self._rasters: dict[str, Mapping[str, Raster]] = {}  #: key -> rasters that the page was sent
        self._told: dict[str, Any] = {}  #: what the page knows of the run as a whole
        self._turn = RLock()
        self._open = self._hearing = False
        self._seen: tuple[str, ...] = ()  #: names of the rasters that the page shows
        self._stale = self._moved = False  #: whether pictures changed, or the place, since the last state
        self._standing = ""  #: the key at which the page stands
        self._stamp: Any = None  #: how long the run was
        self._sent_at = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self.on_msg(self._hear)

    def forget(self) -> None:
        """Forget what was drawn, and that a page has it: no view is open any more."""
        self._numbers, self._rasters, self._told = {}, {}, {}
        self._open = self._stale = self._moved = False

    # what the host tells

    def change(self) -> None:
        """Start a new epoch: the pictures have changed."""
        with self._turn:
            self._stale = True
            self._soon()

    def move(self) -> None:
        """Record that the host has moved."""
        with self._turn:
            self._moved = True
            self._soon()

    def tell(self) -> None:
        """Schedule a message about the run, or an error."""
        with self._turn:
            self._soon()

    def file(self, name: str, mime: str, data: bytes) -> None:
        """Give the page a file to offer as a download."""
        self.send({"kind": "file", "name": name, "mime": mime}, [data])

    # states

    def _soon(self) -> None:
        """Send a state when what is heard is done; of many in a row the last one, and some between."""
        if not self._open or self._hearing or self._timer is not None:
            return
        wait = self._sent_at + PAUSE - monotonic()
        if wait > 0:
            try:
                self._timer = asyncio.get_running_loop().call_later(wait, self._settle)
            except RuntimeError:  # no loop, hence nobody who would call later
                self._settle()
        else:
            self._settle()

    def _settle(self) -> None:
        with self._turn:
            self._timer = None
            if not self._open:
                return
            try:
                self._state()
            except Exception as error:  # noqa: BLE001  # whatever it is, the reader must see it
                self._failed(error)

    def _failed(self, error: Exception) -> None:
        """Show an error, beside the picture that is there."""
        self._stale = self._moved = False
        self._host.error = f"{type(error).__name__}: {error}"
        self._tell_rest({})

    def _state(self, *, reset: bool = False) -> None:
        """Describe what is different: the epoch, the place, what is known of the run; nothing where nothing is."""
        self._grown()
        if self._stale or reset:
            self.epoch += 1
            self._rasters.clear()
            self._standing = ""  # a page that forgets its frames holds no raster either
        if reset:
            self._numbers, self._told = {}, {}
        moved, self._stale, self._moved = self._stale or self._moved or reset, False, False
        if moved:
            self._tell_rest(self._picture_state(reset=reset))
        else:
            self._tell_rest({})

    def _grown(self) -> None:
        """Record that the run has grown: every frame holds its length."""
        stamp = self._host.stamp()
        self._stale = self._stale or stamp != self._stamp
        self._stamp = stamp

    def _picture_state(self, *, reset: bool) -> dict[str, Any]:
        key, known = self._host.here(), len(self._numbers)
        picture = self._host.picture(key, self.width)
        buffers: list[bytes] = []
        frame = self._frame(picture, self._standing, buffers)
        self._standing = key
        fresh = list(islice(self._numbers, known, None))
        return {"reset": reset, "known": known, "shapes": fresh, "frame": frame, "buffers": buffers}

    def _tell_rest(self, state: dict[str, Any]) -> None:
        """Send a state with all that the page does not know yet of the run as a whole."""
        rasters = [canvas._asdict() for canvas in self._host.canvases()]
        fixed = {"name": self._host.name, "hatches": hatch_defs(), "rasters": rasters}
        about = self._host.about() | fixed | {"error": self._host.error}
        fresh = {name: it for name, it in about.items() if name not in self._told or self._told[name] != it}
        buffers = state.pop("buffers", [])
        if state or fresh:
            self._told, self._sent_at = about, monotonic()
            always = {"kind": "state", "epoch": self.epoch, "seqs": self._seqs}
            self.send(always | fresh | state, buffers)

    # frames

    def _frame(self, picture: Picture, base: str, buffers: list[bytes]) -> dict[str, Any]:
        """Return a frame as data; what its rasters need joins `buffers`.

        `base` is the place whose rasters the page holds, "" where it holds none.
        """
        frame = picture.data()
        for shape in picture.scene.shapes:
            self._numbers.setdefault(shape, len(self._numbers))
        frame["scene"]["numbers"] = [self._numbers[shape] for shape in picture.scene.shapes]
        held = self._held(base)
        frame["rasters"] = {
            name: self._raster(held.get(name), base, picture.rasters[name], buffers)
            for name in self._seen
            if name in picture.rasters
        }
        self._keep(picture.key, picture.rasters)
        return frame

    @staticmethod
    def _raster(before: Raster | None, base: str, raster: Raster, buffers: list[bytes]) -> dict[str, Any]:
        its = delta(before, raster)
        frame: dict[str, Any] = {
            "from": None if its.whole else base, "whole": its.whole, "runs": -1, "words": len(raster.words),
            "now": [list(part) for part in raster.now],
        }  # fmt: skip
        if its.data is not None:
            frame["runs"] = len(buffers)
            buffers.append(its.data)
        if its.meant:
            frame["look"] = look_of(raster)
        return frame

    def _held(self, base: str) -> Mapping[str, Raster]:
        """Return the rasters that the page holds, those of a place."""
        if self._seen and base and base not in self._rasters and self._host.is_there(base):
            self._keep(base, self._host.picture(base, self.width).rasters)
        return self._rasters.get(base, {})

    def _keep(self, key: str, rasters: Mapping[str, Raster]) -> None:
        self._rasters.pop(key, None)
        self._rasters[key] = rasters
        while len(self._rasters) > HELD_RASTERS:
            del self._rasters[next(iter(self._rasters))]

    def _answer(self, asked: dict[str, Any]) -> None:
        """Send the frames that were asked for, as soon as some are drawn."""
        self._grown()
        if self._stale or self._moved or len(self._numbers) > MOST_KNOWN:
            self._state(reset=len(self._numbers) > MOST_KNOWN)
        self._seqs.setdefault(str(asked.get("view", "")), int(asked.get("seq") or 0))
        self._seen = tuple(map(str, asked.get("seen") or ()))
        base = str(asked.get("base") or "") if asked.get("epoch") == self.epoch else ""
        batch, head = (
            _Batch(len(self._numbers)),
            {"kind": "frames", "ask": asked.get("ask"), "epoch": self.epoch},
        )
        for picture in self._asked(asked):
            batch.frames.append(self._frame(picture, base, batch.buffers))
            base = picture.key
            if monotonic() - batch.begun > SOON:
                self._send_batch(head | {"done": False}, batch)
                batch = _Batch(len(self._numbers))
        self._send_batch(head | {"done": True}, batch)

    def _send_batch(self, head: dict[str, Any], batch: _Batch) -> None:
        fresh = list(islice(self._numbers, batch.known, None))
        self.send(head | {"known": batch.known, "shapes": fresh, "frames": batch.frames}, batch.buffers)

    def _asked(self, asked: dict[str, Any]) -> Iterator[Picture]:
        """Yield the pictures that were asked for, until there is no further place."""
        way, left = str(asked.get("way", "next")), min(int(asked.get("count", 1)), MOST_ASKED)
        if "position" in asked:
            key: str | None = self._host.key_at(int(asked["position"]))
        else:
            start = str(asked.get("key") or self._host.here())
            key = start if self._host.is_there(start) else self._host.here()
            key = self._host.beside(key, way) if way in WAYS and key == start else key
        while key is not None and left > 0:
            picture = self._host.picture(key, self.width)
            yield picture
            key, left = (picture.back if way == "back" else picture.next), left - 1

    # what the page tells

    def _hear(self, _: Any, content: dict[str, Any], _buffers: Any) -> None:
        """Answer a message; then tell what is different. ipywidgets would hide an error in a log."""
        with self._turn:
            self._hear_in_turn(content)

    def _hear_in_turn(self, content: dict[str, Any]) -> None:
        self._hearing, behind = True, self._is_behind(content)
        try:
            if content.get("kind") not in UNASKED and content.get("act") != "ask":
                self._host.error = ""  # the reader has done something: what went wrong before is past
            self._heard(content)
            if behind:
                self._state(reset=True)
        except Exception as error:  # noqa: BLE001  # whatever it is, the reader must see it
            self._failed(error)
        finally:
            self._hearing = False
        self._settle()

    def _is_behind(self, content: dict[str, Any]) -> bool:
        """Return whether what began this epoch never reached the page; a question is answered with the epoch."""
        its = self.epoch if content.get("kind") == "ask" else content.get("epoch", self.epoch)
        return bool(its != self.epoch and monotonic() - self._sent_at >= LATE)

    def _heard(self, content: dict[str, Any]) -> None:
        kind = content.get("kind")
        if kind == "ask":
            self._answer(content)
        elif kind == "open":
            self._begin(content)
        elif kind == "size":
            self._fit(content)
        elif kind == "moved":
            key = str(content["key"])
            self._standing, self._seqs[str(content.get("view", ""))] = key, int(content["seq"])
            self._host.hear(content)
            self._moved = self._host.here() != key or len(self._seqs) > 1  # another view stands elsewhere
        elif kind == "word" and content.get("act") == "ask":
            raster, word = str(content["raster"]), int(content["word"])
            text = self._host.word(raster, word)
            self.send({"kind": "answer", "raster": raster, "word": word, "text": text})
        elif kind == "words":
            key = str(content["key"])
            self.send({"kind": "words", "key": key, "text": self._host.words(key)})
        elif kind == "bokeh":
            self.send({"kind": "bokeh", "scripts": scripts()})
        else:
            self._host.hear(content)

    def _begin(self, content: dict[str, Any]) -> None:
        """Send everything to a new view: all views hear it, so that all know the same numbers.

        Others are known again by what they ask for next; those that are gone ask for nothing.
        """
        self._host.hear({"kind": "paper", "dark": bool(content.get("dark"))})
        self._fit(content)
        self._open, self._seen = True, ()
        moves = int(content.get("seq") or 0)  # a page that lost a message has moved before
        self._seqs = {str(content.get("id", "")): moves}
        self._state(reset=True)

    def _fit(self, content: dict[str, Any]) -> None:
        width = int(content.get("width") or WIDTH)
        fitting = min(max(width // GRID * GRID, NARROWEST), WIDEST)
        self._stale = self._stale or fitting != self.width
        self.width = fitting


class _Batch:
    """Frames that are sent together."""

    def __init__(self, known: int) -> None:
        """Begin with the number of shapes that the page knows."""
        self.known, self.begun = known, monotonic()
        self.frames: list[dict[str, Any]] = []
        self.buffers: list[bytes] = []
