"""The heap bitmap of a whole chunk as a raster: one cell for each bit, and so for each word of 8 bytes.

Follows heapArena.bitmap and heapArena.noMorePtrs of mheap.go, Go 1.21.
"""

from __future__ import annotations

import numpy as np

from arenalab.view.chunk_raster import GROUND, NO_RASTER, Raster
from arenalab.view.chunk_state import SAID
from arenalab.view.windows import Part
from arenalab.world.state import World

KEYS = (*GROUND, "bit_one", "bit_zero")
WORDS = (
    *(SAID[key] for key in GROUND),
    "1: the collector follows what stands here",
    "0: no pointer stands here; shaded where noMorePtrs says that none follows in the oblet",
)
ONE, ZERO = 2 * KEYS.index("bit_one"), 2 * KEYS.index("bit_zero")


def bit_raster(world: World, chunk: int, page: Part) -> Raster:
    """Return the bits of a chunk now.

    Args:
        world: the moment.
        chunk: one that need not exist.
        page: the bitmap words (first, behind last) to outline.

    """
    if not 0 <= chunk < len(world.spans):
        return NO_RASTER
    bits = world.rules.ptr_bits
    ones = np.unpackbits(world.bits.words(chunk).view(np.uint8), bitorder="little")
    marked = np.repeat(world.scan_limits.no_more_ptrs(chunk), bits)
    words = np.where(ones, ONE, ZERO + marked).astype(np.uint8)
    return Raster(
        what=f"the heap bitmap of chunk {chunk}", base=world.spans[chunk].base, words=words, keys=KEYS,
        said=WORDS, by="", now=((page[0] * bits, page[1] * bits),),
    )  # fmt: skip
