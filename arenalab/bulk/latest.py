"""Which of a run's values an arena was given last before an operation of the program: solved and certified."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from arenalab.bulk.first import NOWHERE, first, found
from arenalab.errors import ModelBug

Ints = npt.NDArray[Any]
NEAR = 64  #: values that are looked at first, from the operation backwards.


def solve_latest(owners: Ints, owner: int, before: int, kinds: Ints, counts: Ints | None) -> int:
    """Return the place of the last of the first `before` values that is an owner's, −1 without any. Untrusted.

    Args:
        owners: the owner of each of the run's values.
        owner: whose is meant.
        before: how many values come before the operation.
        kinds: the number of each value's type.
        counts: which types count, bool by number; None where all do.

    """
    behind, wide = before, NEAR
    while behind > 0:
        low = max(0, behind - wide)
        mine = owners[low:behind] == owner
        if counts is not None:
            mine = np.logical_and(mine, counts.take(kinds[low:behind]))
        at = first(mine[::-1])
        if at != NOWHERE:
            return behind - 1 - at
        behind, wide = low, 4 * wide
    return NOWHERE


def certify_latest(
    owners: Ints, owner: int, before: int, kinds: Ints, counts: Ints | None, place: int
) -> None:
    """Refuse a place unless the value there is the owner's and counts, and none between it and the operation is.

    Raises:
        ModelBug: naming the place.

    """
    later = owners[place + 1 : before] == owner
    if counts is not None:
        later = np.logical_and(later, counts.take(kinds[place + 1 : before]))
    right = place == NOWHERE or (
        0 <= place < before and owners[place] == owner and (counts is None or bool(counts[kinds[place]]))
    )
    if not right or found(later):
        raise ModelBug(
            f"value {place} of the run is not the last one of its owner among the {before} before the operation"
        )
