"""The address space explorer."""

from __future__ import annotations

from functools import cached_property

from arenalab.draw.address_space import address_space_scene
from arenalab.draw.looks import STATE_LOOKS
from arenalab.draw.scene import WIDTH, Scene
from arenalab.explore.played import Keys
from arenalab.explore.shell import Explorer
from arenalab.explore.stepper import Place
from arenalab.view import address_space as seen
from arenalab.view.chunk_events import ChunkEvents


class AddressSpace(Explorer):
    """Heap arenas as rows of chunks: addresses, lists, what memory is behind them and how much of it is used.

    Look for: 64 MiB reserved for one small object; a whole chunk resident from the moment it is zeroed;
    a freed chunk whose addresses stay while its memory goes; zeroed_base moving to the right and never
    back. Click a chunk to follow it; arrow up and down turn to the row of chunks before and after.
    """

    name = "Address space"
    meanings = (
        *(key for key in STATE_LOOKS if key != "state_absent"),
        *("pointerful", "pointer_free", "free", "reserve"),
    )

    @cached_property
    def events(self) -> ChunkEvents:
        """The events that concern chunks, read once for all explorers."""
        return self.history.reader(ChunkEvents)

    def view_of(self, place: Place) -> seen.AddressSpace:
        """Return the address space at a place."""
        return seen.address_space(self.events, place.cursor, focus=self.chunk, op=place.op)

    def draw(self, view: seen.AddressSpace, width: int = WIDTH) -> Scene:
        """Draw the address space."""
        return address_space_scene(view, width)

    def legend_words(self) -> dict[str, str]:
        """Return shorter words, so that the legend is one line."""
        return {"pointerful": "pointers", "pointer_free": "no pointers", "reserve": "runtime"}

    def on_choose(self, key: str) -> None:
        """Follow the chunk that was clicked."""
        self.chunk = int(key.removeprefix("chunk "))

    def more_keys(self) -> Keys:
        """Return the keys that turn."""
        return {
            "ArrowUp": ("the row of chunks before", lambda: self.turn(-1)),
            "ArrowDown": ("the row of chunks after", lambda: self.turn(1)),
        }

    def turn(self, rows: int) -> None:
        """Follow a chunk so many rows further on; the first and the last are the ends."""
        self.chunk = min(max(self.shown.focus + rows * seen.ACROSS, 0), max(self.shown.chunks - 1, 0))
