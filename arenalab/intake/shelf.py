"""Many small arrays side by side in large blocks: they go as a whole, and their memory is free for others."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

FIRST, LARGEST = 2**16, 2**26  #: bytes of a block: each is twice the one before.
ALIGN = 8


class Shelf:
    """Copies arrays and keeps them together.

    A small array lies in malloc's heap, which gives nothing back before its end is free, and which large arrays don't
    use: of a trace of ten million events 300 MB stayed there. A block as large as these has memory of its own.
    """

    def __init__(self) -> None:
        """Begin without a block."""
        self.block, self.used = np.empty(0, np.uint8), 0

    def keep(self, array: NDArray[Any]) -> NDArray[Any]:
        """Return a copy of an array; its block stays as long as one of its arrays does."""
        size = array.nbytes
        if self.used + size > len(self.block):
            self.block = np.empty(max(size, min(LARGEST, max(FIRST, 2 * len(self.block)))), np.uint8)
            self.used = 0
        copy = self.block[self.used : self.used + size].view(array.dtype).reshape(array.shape)
        copy[...] = array
        self.used += -(-size // ALIGN) * ALIGN
        return copy
