"""The values that operations allocated, from the ledger's columns: a run may have millions, and none is read alone."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from arenalab.view.columns import Column
from arenalab.world.history import History
from arenalab.world.state import LEDGER, NO_ARENA


def allocated(history: History) -> Iterator[tuple[Column, Column]]:
    """Yield, window by window, of each value that was asked of a user arena the operation and the bytes."""
    size, owner = LEDGER.index("size"), LEDGER.index("user_arena")
    for first, rows in history.world.ledger.windows():
        op = history.log.ops_of_rows(first, len(rows))
        mine = np.logical_and(rows[:, owner] != NO_ARENA, op >= 0)
        yield op[mine], rows[mine, size]
