"""A page in Python: hears what the kernel sends, moves among the frames that it has, asks for more."""

import numpy as np

from arenalab.player import page
from arenalab.player.page import Player


class FakePage:
    """Stands in for the page of an explorer; `lose` drops the kernel's next message."""

    def __init__(self, explorer, monkeypatch, view="view"):
        self.player, self.explorer = explorer.page_shown, explorer
        self.sent, self.lose, self.asks, self.seq = [], 0, 0, 0
        self.shapes, self.frames, self.state, self.epoch = [], {}, {}, -1
        self.key, self.lost, self.view = "", False, view
        monkeypatch.setattr(page, "LATE", 0)  # nothing is on its way for long here
        monkeypatch.setattr(Player, "send", lambda *message: self.take(*message))  # noqa: PLW0108  # with the player

    # what the kernel tells

    def take(self, player, content, buffers=()):
        if player is not self.player:
            return
        if self.lose:
            self.lose -= 1
            return
        self.sent.append(content)
        kind = content["kind"]
        if kind in ("state", "frames") and "shapes" in content and not self._learn(content):
            self.lost = True
            return
        if kind == "state":
            self._state(content, buffers)
        elif kind == "frames" and content["epoch"] > self.epoch:
            self.lost = True
        elif kind == "frames" and content["epoch"] == self.epoch:
            for frame in content["frames"]:
                self._keep(frame, buffers)

    def _learn(self, content):
        if content.get("reset"):
            self.shapes = []
        if content["known"] != len(self.shapes):
            return False
        self.shapes += content["shapes"]
        assert len(set(self.shapes)) == len(self.shapes)
        return True

    def _state(self, state, buffers):
        if state["epoch"] != self.epoch:
            self.epoch, self.frames = state["epoch"], {}
        self.state |= {
            name: value for name, value in state.items() if name not in ("kind", "frame", "shapes")
        }
        if "frame" in state:
            self._keep(state["frame"], buffers)
            if state["seqs"].get(self.view, self.seq) >= self.seq:
                self.key = state["frame"]["key"]

    def _keep(self, frame, buffers):
        held = self.frames.get(frame["key"], {}).get("cells", {})
        cells = {name: self._cells(name, its, buffers) for name, its in frame["rasters"].items()}
        self.frames[frame["key"]] = frame | {"cells": held | cells}

    def _cells(self, name, its, buffers):
        data = b"" if its["runs"] < 0 else bytes(buffers[its["runs"]])
        if its["whole"]:
            assert its["from"] is None
            return np.frombuffer(data, dtype=np.uint8), its["look"], its["now"]
        words, look, _ = self.frames[its["from"]]["cells"][name]
        words = words.copy()
        for start, length, number in np.frombuffer(data, dtype=np.uint32).reshape(-1, 3).tolist():
            words[start : start + length] = number
        assert len(words) == its["words"]
        return words, its.get("look", look), its["now"]

    # what the reader does

    def tell(self, **content):
        self.player._hear(None, {"view": self.view, **content}, [])

    def open(self, width=1000, dark=False):
        self.tell(kind="open", id=self.view, seq=self.seq, dark=dark, width=width)
        return self

    def ask(self, count=1, *, rasters=True, **what):
        self.asks += 1
        seen = [it["name"] for it in self.state.get("rasters", ())] if rasters else []
        held = self.frames.get(self.key, {}).get("cells")
        base = self.key if held else ""
        its = {"ask": str(self.asks), "epoch": self.epoch, "seq": self.seq, "count": count}
        self.tell(kind="ask", **its, base=base, seen=seen, **what)

    def whole(self, key):
        """Return whether all is there that is to be seen at a place."""
        names = {it["name"] for it in self.state.get("rasters", ())}
        return key in self.frames and names <= set(self.frames[key]["cells"])

    def stand(self, key):
        """Move to a place, whose frame is fetched where it is not there."""
        for _ in range(4):
            if self.lost:
                self.lost, self.seq, self.key = False, 0, ""
                self.open()
            if self.whole(key):
                break
            self.ask(key=key, way="at")
        if key in self.frames:
            self.key, self.seq = key, self.seq + 1
            self.tell(kind="moved", key=key, seq=self.seq, epoch=self.epoch)

    def walk(self, way, times=1):
        """Step as the arrow keys do; stay at the ends."""
        for _ in range(times):
            if self.key not in self.frames:
                self.stand(self.key)
            there = self.frame[way]
            if there is None:
                return
            if not self.whole(there):
                self.ask(8, key=self.key, way=way)
            self.stand(there)

    @property
    def frame(self):
        """The frame on the screen."""
        return self.frames[self.key]

    def drawn(self):
        """The shapes on the screen."""
        return [self.shapes[number] for number in self.frame["scene"]["numbers"]]

    def is_true(self):
        """Assert that what is on the screen is what the explorer's view of the place is, drawn afresh."""
        if not self.whole(self.key):
            self.stand(self.key)
        explorer, key = self.explorer, self.key
        view = type(explorer)._view_at(explorer, key)
        scene = explorer.draw(view, self.player.width)
        assert explorer.here() == key
        assert self.drawn() == scene.shapes
        assert self.frame["scene"]["size"] == [scene.width, scene.height]
        assert self.frame == self.frame | {
            "next": explorer.beside(key, "next"),
            "back": explorer.beside(key, "back"),
        }
        for name, raster in explorer.rasters_of(view).items():
            words, look, now = self.frame["cells"][name]
            assert np.array_equal(words, raster.words)
            assert look["heading"] == raster.heading()
            assert now == [list(part) for part in raster.now]
        assert {it["name"] for it in self.state["controls"]} == {it.name for it in explorer.controls()}
        assert self.state["error"] == explorer.error
