"""Where something holds first: asked a dozen times a run, where `any` and `all` take longer to begin than to look."""

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


def last_of(begins: Ints, count: int) -> Ints:
    """Return the last row of each group of `count` rows, by where each group begins."""
    last = np.empty_like(begins)
    np.subtract(begins[1:], 1, out=last[:-1])
    last[-1:] = count - 1
    return last
