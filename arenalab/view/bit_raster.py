"""The heap bitmap of a whole chunk as a raster: one cell for each bit, and so for each word of 8 bytes.

Follows heapArena.bitmap and heapArena.noMorePtrs of mheap.go, Go 1.21, (*mspan).heapBits of mbitmap.go, Go 1.22.
"""

from __future__ import annotations

import numpy as np

from arenalab.view.chunk_raster import GROUND, NO_RASTER, Raster
from arenalab.view.chunk_state import SAID
from arenalab.view.columns import Column
from arenalab.view.pointer_bits import by_marks, gone_as
from arenalab.view.windows import Part
from arenalab.world.state import World

KEYS = (*GROUND, "bit_one", "bit_zero")
WORDS = (
    *(SAID[key] for key in GROUND),
    "1: the collector follows what stands here",
    "0: no pointer stands here; shaded where {} says that none follows",
)
#: What says it, by whether marks do.
SAYS = {True: "noMorePtrs", False: "PtrBytes"}
ONE, ZERO = 2 * KEYS.index("bit_one"), 2 * KEYS.index("bit_zero")


def bit_raster(world: World, chunk: int, page: Part) -> Raster:
    """Return the bits of a chunk now.

    Args:
        world: the moment.
        chunk: one that need not exist.
        page: the bitmap words (first, end) to outline.

    """
    if not 0 <= chunk < len(world.spans):
        return NO_RASTER
    bits = world.rules.ptr_bits
    said = tuple(words.format(SAYS[by_marks(world.rules)]) for words in WORDS)
    return Raster(
        what=f"the heap bitmap of chunk {chunk}", base=world.spans[chunk].base, words=_classes(world, chunk),
        keys=KEYS, said=said, by="", now=((page[0] * bits, page[1] * bits),),
    )  # fmt: skip


def _classes(world: World, chunk: int) -> Column:
    """Return the class of each bit: what it is, what the runtime keeps where it has nothing to say, or unmapped."""
    rules = world.rules
    if gone := gone_as(world, chunk):
        return np.full(rules.chunk_bitmap_words * rules.ptr_bits, 2 * KEYS.index(gone), dtype=np.uint8)
    ones = np.unpackbits(world.bits.words(chunk).view(np.uint8), bitorder="little")
    if by_marks(rules):
        none_follows = np.repeat(world.scan_limits.no_more_ptrs(chunk), rules.ptr_bits)
    else:
        none_follows = np.arange(len(ones)) * rules.ptr_size >= world.scan_limits.ptr_bytes(chunk)
    words: Column = np.where(ones, np.uint8(ONE), np.uint8(ZERO) + none_follows.view(np.uint8))
    words[rules.chunk.usable_bytes // rules.ptr_size :] = 2 * KEYS.index("reserve")
    return words
