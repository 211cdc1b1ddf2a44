"""The latest of what was asked for: kept, so that asking again is cheap, and few, so that it stays small."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Latest(dict[K, V]):
    """What was made for some keys; the one that was asked for last stands last."""

    def of(self, key: K, make: Callable[[], V], most: int) -> V:
        """Return what was made for a key, or make it now; `most` are kept, those that were asked for last."""
        found = self.pop(key) if key in self else make()
        self[key] = found
        while len(self) > most:
            del self[next(iter(self))]
        return found
