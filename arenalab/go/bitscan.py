"""Reading the bitmap in bulk: where a scan stops and how far it got.

Follows heapBitsForAddr and heapBits.next (typePointers since Go 1.22) in mbitmap.go, and scanobject in mgcmark.go.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from arenalab.go.mirror import mirrors
from arenalab.go.rules import GoRules
from arenalab.go.scan_limit import ScanLimit

Words = npt.NDArray[np.uint64]


@mirrors("mbitmap.go", "heapBits.next")
def oblet_scan(words: Words, limit: ScanLimit, oblet: int, nbytes: int, rules: GoRules) -> tuple[int, int]:
    """Return (scan work in bytes, word after the last one that is read) of one oblet of a chunk.

    `words` and `limit` are the chunk's; `nbytes` is the oblet's length. The work is counted up to
    the end of the farthest pointer slot, nil slots included.
    """
    first = oblet * (rules.max_oblet_bytes // rules.bitmap_word_bytes)
    count = -(-nbytes // rules.bitmap_word_bytes)
    end = limit.end(first, count)
    seen = words[first:end]
    filled = np.flatnonzero(seen)
    if not len(filled):
        return 0, end
    last = int(filled[-1])
    slots = last * rules.ptr_bits + int(seen[last]).bit_length()
    return slots * rules.ptr_size, end


def chunk_scan(words: Words, limit: ScanLimit, nbytes: int, rules: GoRules) -> int:
    """Return the scan work in bytes of a whole chunk: the sum of `oblet_scan` over its oblets, at once."""
    width = rules.max_oblet_bytes // rules.bitmap_word_bytes
    count = min(-(-nbytes // rules.bitmap_word_bytes), len(words))
    starts = np.arange(0, count, width)
    last = np.minimum(starts + limit.last_words(count, width), count - 1)
    read = last >= starts
    starts, last = starts[read], last[read]
    # An oblet's last words may hold no pointer: then the last one that does is looked for.
    if not words[last].all():
        filled = (words[:count] != 0).nonzero()[0]
        last = np.append(-1, filled)[filled.searchsorted(last, side="right")]
        there = last >= starts
        starts, last = starts[there], last[there]
    tops: list[int] = words[last].tolist()
    slots = int((last - starts).sum()) * rules.ptr_bits + sum(top.bit_length() for top in tops)
    return int(slots * rules.ptr_size)


def pointer_words(words: Words) -> npt.NDArray[np.int64]:
    """Return the numbers of all heap words whose pointer bit is set, in order."""
    as_bits = np.unpackbits(words.view(np.uint8), bitorder="little")
    return np.flatnonzero(as_bits)
