"""The noMorePtrs marks that a run clears: an untrusted solver and its certificate. Up to Go 1.21.

A mark goes exactly where a value's bits run over into the next bitmap word, or where the back-up of a value on a
boundary rewrites the word below: that is when the one-store-at-a-time writer clears it. Where versions end a scan
in another way, bits are as ever (`bits`) and nothing of this file is asked.
"""

from __future__ import annotations

import numpy as np

from arenalab.bulk.bits import Ints, Values, Window
from arenalab.errors import ModelBug


def solve_marks(window: Window) -> Ints:
    """Return, for each word of the window, 1 where its mark is cleared (uint8). Untrusted: see `certify_marks`."""
    clears = np.ones(len(window.before), dtype=np.uint8)
    # Values of one chunk touch each other, so every word of it but the last one runs over.
    clears[window.at[1:] - 1] = 0
    clears[-1] = 0
    return clears


def certify_marks(window: Window, values: Values, clears: Ints) -> None:
    """Refuse a solver's marks unless they follow from each row's own overflow and back-up.

    Values laid end to end clear what one value as wide as all of them does: each backs up to where the one before it
    ends.

    Raises:
        ModelBug: naming the bitmap word of the window whose mark is wrong.

    """
    # A value on a boundary backs up by one word, unless it is the chunk's first: below it the window has no word.
    lowest = (values.word - 1) >> 6
    lowest[values.first] = np.maximum(lowest.take(values.first), window.at)
    behind = (values.word + values.width - 1) >> 6
    over = (behind > lowest).nonzero()[0]
    size = len(clears) + 1
    steps = np.bincount(lowest[over], minlength=size) - np.bincount(behind[over], minlength=size)
    wrong = (steps.cumsum()[:-1] > 0) != clears.view(bool)
    if wrong.any():
        at = int(np.argmax(wrong))
        raise ModelBug(
            f"the noMorePtrs mark of bitmap word {at} of the window doesn't follow from the overflows"
        )
