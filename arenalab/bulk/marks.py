"""The noMorePtrs marks that a run clears: an untrusted solver and its certificate. Up to Go 1.21.

A mark goes exactly where a value's bits run over into the next bitmap word, or where the back-up of a value on a
boundary rewrites the word below: that is when the one-store-at-a-time writer clears it. Where versions end a scan
in another way, bits are as ever (`bits`) and nothing of this file is asked.
"""

from __future__ import annotations

import numpy as np

from arenalab.bulk.bits import Ints, Values, Window
from arenalab.bulk.first import NOWHERE, ends_of, first
from arenalab.errors import ModelBug


def solve_marks(window: Window) -> Ints:
    """Return, for each word of the window, 1 where its mark is cleared (uint8). Untrusted: see `certify_marks`."""
    clears = np.ones(len(window.before), dtype=np.uint8)
    # Values of one chunk touch each other, so every word of it but the last one runs over.
    clears[window.at[1:] - 1] = 0
    clears[-1] = 0
    return clears


def certify_marks(window: Window, values: Values, clears: Ints) -> None:
    """Refuse a solver's marks unless they follow from the values' overflows and back-ups.

    Each value backs up to where the one before it in its chunk ends, for they touch (`certify_bits`). So what each
    clears begins where the one before it ceased, and a chunk's values clear what one as wide as all of them does.

    Raises:
        ModelBug: naming the bitmap word of the window whose mark is wrong.

    """
    last = ends_of(values.first, len(values.word)) - 1
    # A value on a boundary backs up by one word, unless it is the chunk's first: below it the window has no word.
    lowest = np.maximum((values.word.take(values.first) - 1) >> 6, window.at)
    behind = (values.word.take(last) + values.width.take(last) - 1) >> 6
    size = len(clears) + 1
    steps = np.bincount(lowest, minlength=size) - np.bincount(behind, minlength=size)
    at = first((steps.cumsum()[:-1] > 0) != clears.view(bool))
    if at != NOWHERE:
        raise ModelBug(
            f"the noMorePtrs mark of bitmap word {at} of the window doesn't follow from the overflows"
        )
