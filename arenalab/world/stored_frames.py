"""The Worlds that a history in a file is sought from, as the list that a Timeline keeps."""

from __future__ import annotations

from collections.abc import MutableSequence
from typing import Any

from arenalab.latest import Latest
from arenalab.world.state import World
from arenalab.world.stored_worlds import StoredWorlds

MOST_MADE = 4  #: Worlds of a file that are kept once they are made.


class StoredFrames(MutableSequence[World]):
    """Worlds in an archive as a list that makes them when somebody asks; others may be added at its end."""

    def __init__(self, worlds: StoredWorlds) -> None:
        """Begin with all of them."""
        self._worlds, self._kept = worlds, len(worlds)
        self._added: list[World] = []
        self._made = Latest[int, World]()

    def __len__(self) -> int:
        """Return how many there are."""
        return self._kept + len(self._added)

    def __getitem__(self, number: Any) -> Any:
        """Return one; of the archive's the latest that were asked for are kept."""
        at = range(len(self))[number]
        if at >= self._kept:
            return self._added[at - self._kept]
        return self._made.of(at, lambda: self._worlds.at(at), MOST_MADE)

    def insert(self, index: int, value: World) -> None:
        """Add one at the end, the only place for it."""
        if index < len(self):
            raise IndexError("only at the end")
        self._added.append(value)

    def __setitem__(self, number: Any, value: Any) -> None:
        """Refuse: what was stays."""
        raise TypeError("a World that is kept can't be replaced")

    def __delitem__(self, number: Any) -> None:
        """Take the last one back."""
        if range(len(self))[number] != len(self) - 1:
            raise IndexError("only the last")
        if self._added:
            self._added.pop()
        else:
            self._kept -= 1
