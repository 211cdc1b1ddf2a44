"""The heap bitmap explorer."""

from __future__ import annotations

from arenalab.draw.heap_bitmap import heap_bitmap_scene
from arenalab.draw.heap_bitmap_parts import MEANINGS
from arenalab.draw.scene import WIDTH, Scene
from arenalab.explore.paged import Paged
from arenalab.explore.stepper import Place
from arenalab.explore.with_raster import WithRaster
from arenalab.view import heap_bitmap as seen
from arenalab.view.bit_raster import bit_raster
from arenalab.view.chunk_raster import Raster
from arenalab.view.heap_bitmap import ROWS
from arenalab.view.pointer_bits import by_marks
from arenalab.view.windows import Part


class HeapBitmap(WithRaster, Paged):
    """The pointer bits of one chunk beside the objects and types that made them.

    Look for: one bit for 8 bytes of heap; where a scan ends: at the first noMorePtrs mark up to Go 1.21,
    at the PtrBytes of the chunk's dummy type since; and, by event, each store of an allocation: what was
    kept, the type's mask, zeros, a GC program's output. Arrow up and down turn the page; a click into
    the raster of all bits goes there.
    """

    name = "Heap bitmap"
    meanings = MEANINGS

    def legend(self) -> tuple[str, ...]:
        """Return every meaning that the rules let a picture have: bits in the heapArena are there for ever."""
        gone = ("dead", "address_space") if by_marks(self.history.rules) else ()
        return tuple(meaning for meaning in super().legend() if meaning not in gone)

    def view_of(self, place: Place) -> seen.HeapBitmap:
        """Return the heap bitmap at a place."""
        first, op = self.first_word, place.op
        return seen.heap_bitmap(self.index, place.cursor, focus=self.chunk, first=first, fit=self.fit, op=op)

    def raster_of(self, view: seen.HeapBitmap) -> Raster:
        """Return all bits of the chunk, the page outlined."""
        return bit_raster(self.history.at(view.reading.index), view.focus, (view.first, view.first + ROWS))

    def on_word(self, part: Part) -> None:
        """Show the page of the word that was chosen."""
        self.first_word = part[0] // self.history.rules.bitmap_word_bytes // ROWS * ROWS

    def draw(self, view: seen.HeapBitmap, width: int = WIDTH) -> Scene:
        """Draw the heap bitmap."""
        return heap_bitmap_scene(view, width)
