"""Largest: how many words the largest value of a run has, so that pictures of values keep one height."""

from __future__ import annotations

import numpy as np

from arenalab.world.columns import WINDOW
from arenalab.world.history import History


class Largest:
    """Reads the ledger's sizes once, and what has been made since when it is asked again."""

    def __init__(self, history: History) -> None:
        """Begin with what nobody has read yet."""
        self.history, self._read, self._bytes = history, 0, 0

    def words(self) -> int:
        """Return the words of the largest object that was ever made, 0 without any."""
        ledger = self.history.world.ledger
        for start in range(self._read, len(ledger), WINDOW):
            rows = np.arange(start, min(start + WINDOW, len(ledger)))
            self._bytes = max(self._bytes, int(ledger.gather(rows, "size").max()))
        self._read = len(ledger)
        return -(-self._bytes // self.history.rules.ptr_size)
