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
    starts = np.arange(0, count, width)
    stops = np.zeros((len(starts), width), dtype=bool)
    stops.reshape(-1)[:count] = marks[:count]
    stops[:, -1] = True  # the last word of an oblet ends it anyway
    filled = (words[:count] != 0).nonzero()[0]
    last = filled.searchsorted(starts + stops.argmax(axis=1), side="right") - 1
    last, starts = last[last >= 0], starts[last >= 0]
    there = filled[last] >= starts  # else the last filled word belongs to an oblet below
    tops = filled[last[there]]
    lengths = [top.bit_length() for top in words[tops].tolist()]
    return (
        int(((tops - starts[there]) * rules.ptr_bits + np.array(lengths, dtype=np.int64)).sum())
        * rules.ptr_size
    )


def pointer_words(words: Words) -> npt.NDArray[np.int64]:
    """Return the numbers of all heap words whose pointer bit is set, in order."""
    as_bits = np.unpackbits(words.view(np.uint8), bitorder="little")
    return np.flatnonzero(as_bits)
