"""Where something holds first, and where groups end: asked a dozen times a run, where numpy takes long to begin."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[Any]
NOWHERE = -1


def first(flags: npt.NDArray[np.bool_]) -> int:
    """Return the place of the first true one, −1 without any."""
    at = int(flags.argmax()) if len(flags) else 0
    return at if len(flags) and flags[at] else NOWHERE


def found(flags: npt.NDArray[np.bool_]) -> bool:
    """Return whether there is a true one."""
    return first(flags) != NOWHERE


def ends_of(begins: Ints, count: int) -> Ints:
    """Return where each group of `count` rows ends, by where each begins: the next one's begin, or the end of all."""
    ends = np.empty_like(begins)
    ends[:-1] = begins[1:]
    ends[-1:] = count
    return ends
