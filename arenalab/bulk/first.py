"""Where something holds first, what is the same, where groups end: asked often, where numpy takes long to begin."""

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


def same(one: Ints, other: Ints) -> bool:
    """Return whether two columns hold the same."""
    return len(one) == len(other) and not found(one != other)


def all_differ(numbers: Ints) -> bool:
    """Return whether no number comes twice."""
    return not found(numbers[1:] <= numbers[:-1]) or len({*numbers.tolist()}) == len(numbers)


def ends_of(begins: Ints, count: int) -> Ints:
    """Return where each group of `count` rows ends, by where each begins: the next one's begin, or the end of all."""
    ends = np.empty_like(begins)
    ends[:-1] = begins[1:]
    ends[-1:] = count
    return ends
