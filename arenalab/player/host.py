"""Host: what the page asks of an explorer. It answers; it never waits."""

from __future__ import annotations

from typing import Any, ClassVar, Protocol

from arenalab.draw.scene import Scene
from arenalab.player.frame import Picture
from arenalab.player.rasters import Canvas


class Host(Protocol):
    """Whoever has pictures of places. A place's key is a short text; equal keys are equal places."""

    name: ClassVar[str]  #: what a screen reader calls it.
    error: Any  #: text: what went wrong last, "" for nothing.

    def show_line(self, line: int) -> None:
        """Let the page have the lines of the program around one."""

    def stamp(self) -> Any:
        """Return what differs when the run has grown."""

    def here(self) -> str:
        """Return the key of where it stands."""

    def picture(self, key: str, width: int) -> Picture:
        """Return what is seen at a place: a pure function of the place, the width, the run and the traits."""

    def scene(self, key: str, width: int) -> Scene:
        """Return the scene of that picture alone."""

    def key_at(self, position: int) -> str:
        """Return the key of a slider's position; outside the run its ends."""

    def beside(self, key: str, way: str) -> str | None:
        """Return the key of the place one step on ("next") or back ("back"); None where there is none."""

    def is_there(self, key: str) -> bool:
        """Return whether a place is one of the run, as it is now."""

    def canvases(self) -> tuple[Canvas, ...]:
        """Return a canvas for each raster that its pictures may have."""

    def about(self) -> dict[str, Any]:
        """Return what is shown of the run as a whole: last position, units, controls, breakpoints."""

    def word(self, raster: str, word: int) -> str:
        """Describe exactly what a cell of a raster holds, where it stands."""

    def words(self, key: str) -> str:
        """Return a place's picture in words and numbers."""

    def hear(self, message: dict[str, Any]) -> None:
        """Do what the reader asked for: moved, set, do, choose, zoom, word, paper, failed."""
