"""Session: what a page without a kernel speaks with, over the explorers of one run.

A page sends a list of contents and is answered with a list of messages: all that these made, and nothing else is ever
sent. A content is what the page's script would send its widget, and beside that

    {"kind": "session"}                          what there is to choose from
    {"kind": "explorer", "name": "Chunk map"}    show this one; "" takes it away, of the second place

`place` is 0 or 1: which of two explorers is meant; they share a cursor and a chunk. A message is
`{"place": 0, "content": {...}, "buffers": ["base 64", ...]}`; that of kind "session" stands first in the answer to
one of the two above: `{"kind": "session", "about": "...", "names": [...], "shown": ["Chunk map"], "error": "",
"style": "..."}`; `style` is the style sheet of all pages, `error` why what was asked for is not shown.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from arenalab.advice.trace_run import TraceRun
from arenalab.asked import one_of
from arenalab.errors import told
from arenalab.explore.heap_movie import HeapMovie
from arenalab.explore.played import Played
from arenalab.explore.workbench_parts import explorers, linked, place_of
from arenalab.opening import open  # noqa: A004  # as gzip.open
from arenalab.opening.opened import Source
from arenalab.serving.assets import style
from arenalab.serving.wire import Message, Wire
from arenalab.units import counted
from arenalab.world.history import History

PLACES = (0, 1)
FIRST = "Chunk map"  #: what a history is shown in at first.


class Session:
    """The explorers that one page shows of a run.

    Args:
        source: what `arenalab.open` takes: a file's path, a History, a TraceRun, ….
        name: what the page calls it; a file's path by default.

    Raises:
        ArenaLabError: it can't be opened.

    """

    def __init__(self, source: Source, name: str = "") -> None:
        """Open it; nothing is drawn before the page asks."""
        self.run = open(source)
        name = name or (str(source) if isinstance(source, str | Path) else "")
        self.about = f"{name}: {about(self.run)}" if name else about(self.run)
        self.offered: dict[str, Any] = (
            {HeapMovie.name: HeapMovie} if isinstance(self.run, TraceRun) else explorers()
        )
        self.shown: dict[int, Played] = {}
        self._wires: dict[int, Wire] = {}
        self._links: list[Any] = []
        self._said: list[Message] = []

    @property
    def names(self) -> list[str]:
        """The names of the explorers that can show this run."""
        return list(self.offered)

    def hear(self, contents: list[Message]) -> list[Message]:
        """Do what the page says, one after the other; return the messages that answer it."""
        for content in contents:
            self._hear(dict(content))
        said, self._said = self._said, []
        return said

    def _hear(self, content: Message) -> None:
        place = one_of("place", content.pop("place", 0), PLACES, "a place of an explorer")
        kind = content.get("kind")
        if kind == "explorer":
            self._tell(self._tried(str(content.get("name", "")), place))
        elif kind == "session":
            self._tell("")
        elif place in self._wires:
            self._wires[place].deliver(content)

    def _tried(self, name: str, place: int) -> str:
        """Show an explorer; return why it can't be shown, "" when it is."""
        try:
            self.show(name, place)
        except Exception as error:  # noqa: BLE001  # whatever it is, the reader must see it
            return told(error)
        return ""

    def _tell(self, error: str) -> None:
        shown = [self.shown[place].name for place in PLACES if place in self.shown]
        content = {
            "kind": "session", "about": self.about, "names": self.names, "shown": shown, "error": error,
            "style": style(),
        }  # fmt: skip
        self._said.append({"place": 0, "content": content, "buffers": []})

    def show(self, name: str, place: int = 0) -> None:
        """Show an explorer in a place, where the other one stands, or the one before it stood; "" shows none.

        Raises:
            NoSuchError: none of that name shows this run.

        """
        if not name and place:
            self._take_away(place)
            return
        name = one_of("explorer", name or self._usual(), self.offered, "the name of an explorer")
        if place in self.shown and self.shown[place].name == name:
            return  # the page stays with what it has, and would not hear of another
        there = next(iter(self.shown.values()), None)
        made = self.offered[name](self.run, **({} if there is None else place_of(there)))
        self._take_away(place)
        self.shown[place] = made
        self._wires[place] = made.page_shown.comm = Wire(partial(self._say, place))
        self._link()

    def _usual(self) -> str:
        return FIRST if FIRST in self.offered else self.names[0]

    def _say(self, place: int, message: Message) -> None:
        self._said.append({"place": place, **message})

    def _link(self) -> None:
        """Let two explorers move together."""
        if len(self.shown) > 1:
            self._links = linked(*(self.shown[place] for place in PLACES))

    def _take_away(self, place: int) -> None:
        for link in self._links:
            link.unlink()
        self._links = []
        if place in self.shown:
            self.shown.pop(place).close()
            self._wires.pop(place).close()

    def close(self) -> None:
        """Forget the explorers; the page is gone."""
        for place in PLACES:
            self._take_away(place)


def about(run: History | TraceRun) -> str:
    """Describe briefly what a run is."""
    if isinstance(run, TraceRun):
        return f"an execution trace of a Go program: {counted(len(run.objects), 'object')}"
    size = f"{counted(len(run.ops), 'operation')}, {counted(len(run), 'event')}"
    return f"Go {run.rules.version}, {size}"
