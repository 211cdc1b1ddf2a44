"""Reading the bitmap in bulk: where a scan stops and how far it got.

Follows heapBitsForAddr and heapBits.next in mbitmap.go, and scanobject in mgcmark.go, Go 1.21.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from arenalab.go.mirror import mirrors
from arenalab.go.rules import GoRules

Words = npt.NDArray[np.uint64]
Marks = npt.NDArray[Any]


@mirrors("mbitmap.go", "heapBits.next")
def oblet_scan(words: Words, marks: Marks, oblet: int, nbytes: int, rules: GoRules) -> tuple[int, int]:
    """Return (scan work in bytes, word that stopped the scan or −1) of one oblet of a chunk.

    `words` and `marks` are the chunk's; `nbytes` is the oblet's length. A mark stops the scan after
    its word, unless that is the oblet's last word anyway. The work is counted up to the end of
    the farthest pointer slot, nil slots included.
    """
    first = oblet * (rules.max_oblet_bytes // rules.bitmap_word_bytes)
    count = -(-nbytes // rules.bitmap_word_bytes)
    stops = np.flatnonzero(marks[first : first + count - 1])
    stop = int(stops[0]) if len(stops) else -1
    seen = words[first : first + (stop + 1 if stop >= 0 else count)]
    filled = np.flatnonzero(seen)
    if not len(filled):
        return 0, first + stop if stop >= 0 else -1
    last = int(filled[-1])
    slots = last * rules.ptr_bits + int(seen[last]).bit_length()
    return slots * rules.ptr_size, first + stop if stop >= 0 else -1


def chunk_scan(words: Words, marks: Marks, nbytes: int, rules: GoRules) -> int:
    """Return the scan work in bytes of a whole chunk: the sum of `oblet_scan` over its oblets, at once."""
    width = rules.max_oblet_bytes // rules.bitmap_word_bytes
    count = -(-nbytes // rules.bitmap_word_bytes)
    padded = -(-count // width) * width
    grid = np.zeros(padded, dtype=np.uint64)
    grid[:count] = words[:count]
    marked = np.zeros(padded, dtype=bool)
    marked[:count] = marks[:count]
    marked[count - 1] = False
    stops = marked.reshape(-1, width)
    stops[:, -1] = True  # the last word of an oblet ends it anyway
    seen = np.arange(width) <= stops.argmax(axis=1)[:, None]
    filled = np.logical_and(grid.reshape(-1, width) != 0, seen)
    last = width - 1 - filled[:, ::-1].argmax(axis=1)
    tops = grid.reshape(-1, width)[np.arange(len(last)), last][filled.any(axis=1)]
    bits = last[filled.any(axis=1)] * rules.ptr_bits + [int(top).bit_length() for top in tops]
    return int(bits.sum()) * rules.ptr_size


def pointer_words(words: Words) -> npt.NDArray[np.int64]:
    """Return the numbers of all heap words whose pointer bit is set, in order."""
    as_bits = np.unpackbits(words.view(np.uint8), bitorder="little")
    return np.flatnonzero(as_bits)
