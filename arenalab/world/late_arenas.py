"""Arenas that were made and freed in a run, and their small objects: rows that are made when somebody looks."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from typing import Any

import numpy as np

from arenalab.world.deferred import IntArray
from arenalab.world.late_table import LateTable
from arenalab.world.run_events import ArenaRun
from arenalab.world.tables import ARENA_OBJECTS, SmallObject, UserArena

EACH = len(ARENA_OBJECTS)


class Numbers:
    """The numbers of the arenas that a run made: where each stands among them."""

    __slots__ = ("_places", "all", "bounds")

    def __init__(self, made: IntArray) -> None:
        """Find whether they rise one by one, as they mostly do."""
        self.all: list[int] = made.tolist()
        low = int(made.min())
        self.bounds = low, int(made.max())  #: the least and the greatest.
        rises = bool((made == np.arange(low, low + len(made))).all())
        self._places = None if rises else {number: place for place, number in enumerate(self.all)}

    def place(self, number: Any) -> int:
        """Return an arena's place, −1 for none."""
        if self._places is not None:
            return self._places.get(number, -1)
        low, high = self.bounds
        return number - low if low <= number <= high else -1

    def among(self, numbers: list[int]) -> list[int]:
        """Return those of some numbers that are among them."""
        if self._places is not None:
            return [number for number in numbers if number in self._places]
        low, high = self.bounds
        # As mostly: a run's are looked for together.
        if numbers and low <= min(numbers) and max(numbers) <= high:
            return numbers
        return [number for number in numbers if low <= number <= high]


class FreedArenas:
    """The rows of arenas that were made and freed in a run."""

    __slots__ = ("cap", "first", "last", "last_pointerful", "numbers")

    def __init__(self, event: ArenaRun, numbers: Numbers, first: int, place: int = 0) -> None:
        """Take what the event says of arenas from a place on; `first` is the ledger row of the run's first value."""
        self.numbers, self.first, self.cap = numbers, first, event.refs_cap
        self.last = np.frombuffer(event.last, np.int32)[place:]
        self.last_pointerful = np.frombuffer(event.last_pointerful, np.int32)[place:]

    @property
    def bounds(self) -> tuple[int, int]:
        """Return the least and the greatest number of them."""
        return self.numbers.bounds

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.numbers.all)

    def place(self, key: int) -> int:
        """Return the place of an arena, −1 for none."""
        return self.numbers.place(key)

    def among(self, keys: list[int]) -> list[int]:
        """Return those of some arenas that are among them."""
        return self.numbers.among(keys)

    def row(self, place: int) -> UserArena:
        """Make a row."""
        last, pointerful = int(self.last[place]), int(self.last_pointerful[place])
        return UserArena(
            self.numbers.all[place], defunct=True, refs_cap=self.cap,
            last_object=self.first + last if last >= 0 else -1,
            last_pointerful=self.first + pointerful if pointerful >= 0 else -1,
        )  # fmt: skip

    def items(self) -> Iterator[tuple[int, UserArena]]:
        """Make all rows."""
        return ((number, self.row(place)) for place, number in enumerate(self.numbers.all))


class Garbage:
    """The small objects of arenas that were made and freed in a run, each with its number: garbage."""

    __slots__ = ("owners", "scan_bytes", "sizes", "start", "stop", "sweepgen")

    def __init__(self, event: ArenaRun, numbers: Numbers, start: int, sweepgen: int) -> None:
        """Take what the event says; `start` is the number of the first."""
        self.owners, self.sweepgen = numbers, sweepgen
        self.start, self.stop = start, start + EACH * len(numbers.all)
        self.sizes, self.scan_bytes = event.sizes, event.scan_bytes

    @property
    def bounds(self) -> tuple[int, int]:
        """Return the first and the last number of them."""
        return self.start, self.stop - 1

    def __len__(self) -> int:
        """Return how many there are."""
        return self.stop - self.start

    @property
    def nbytes(self) -> int:
        """Return the bytes of all."""
        return len(self.owners.all) * sum(self.sizes)

    def place(self, key: int) -> int:
        """Return the place of an object's number, −1 for none."""
        return key - self.start if self.start <= key < self.stop else -1

    def among(self, keys: list[int]) -> list[int]:
        """Return those of some objects that are among them."""
        return [key for key in keys if self.start <= key < self.stop]

    def row(self, place: int) -> SmallObject:
        """Make a row."""
        owner, kind = divmod(place, EACH)
        nbytes, scanned = self.sizes[kind], self.scan_bytes[kind]
        return SmallObject(ARENA_OBJECTS[kind], self.owners.all[owner], nbytes, scanned, self.sweepgen)

    def items(self) -> Iterator[tuple[int, SmallObject]]:
        """Make all rows."""
        return ((self.start + place, self.row(place)) for place in range(len(self)))


class NewestOf:
    """The numbers of those small objects, by what they are and whose."""

    __slots__ = ("objects",)

    def __init__(self, objects: Garbage) -> None:
        """Number those."""
        self.objects = objects

    @property
    def bounds(self) -> tuple[int, int]:
        """Return the least and the greatest number of their arenas."""
        return self.objects.owners.bounds

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.objects)

    def place(self, key: tuple[str, int]) -> int:
        """Return the place of an object, −1 for none."""
        owner = self.objects.owners.place(key[1])
        return EACH * owner + ARENA_OBJECTS.index(key[0]) if owner >= 0 and key[0] in ARENA_OBJECTS else -1

    def among(self, keys: list[tuple[str, int]]) -> list[tuple[str, int]]:
        """Return those of some objects that are among them."""
        return [key for key in keys if self.place(key) >= 0]

    def row(self, place: int) -> int:
        """Return an object's number."""
        return self.objects.start + place

    def items(self) -> Iterator[tuple[tuple[str, int], int]]:
        """Return all numbers."""
        keys = ((kind, owner) for owner in self.objects.owners.all for kind in ARENA_OBJECTS)
        return ((key, self.objects.start + place) for place, key in enumerate(keys))


def without_late(table: LateTable[Any, Any], numbers: tuple[int, ...]) -> list[int]:
    """Remove the blocks of a table of small objects that are wholly among some numbers, which rise; return the rest."""
    gone, rest, done = [], list[int](), 0
    for block in table.late:
        objects: Any = getattr(block, "objects", block)
        first = bisect_left(numbers, objects.start)
        behind = first + len(objects)
        if behind <= len(numbers) and (numbers[first], numbers[behind - 1]) == (
            objects.start,
            objects.stop - 1,
        ):
            gone.append(block)
            rest += numbers[done:first]
            done = behind
    table.drop_late(gone)
    rest += numbers[done:]
    return rest
