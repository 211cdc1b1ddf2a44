"""Rows that are not written yet: what will write them, and where they will stand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[Any]
Write = Callable[
    [IntArray, int], None
]  #: fills a window; the number tells which of the block's it begins with.


def alike(one: IntArray, other: IntArray) -> bool:
    """Return whether two arrays hold the same; at once where both show all of one event's bytes."""
    shown = one.base
    if isinstance(shown, bytes) and shown is other.base and one.nbytes == other.nbytes == len(shown):
        return one.dtype == other.dtype
    return np.array_equal(one, other)


@dataclass(frozen=True, slots=True)
class Block:
    """Numbers that stand somewhere else as well, and are written here once somebody reads them."""

    at: int
    behind: int
    left: int  #: numbers left for later up to `behind`, in this and the blocks before that are not written.
    write: Write


@dataclass(frozen=True, slots=True)
class Same:
    """Writes one number everywhere."""

    number: int

    def __call__(self, window: IntArray, _: int) -> None:
        """Fill a window."""
        window[:] = self.number


@dataclass(frozen=True, slots=True)
class Upwards:
    """Writes consecutive numbers."""

    start: int

    def __call__(self, window: IntArray, first: int) -> None:
        """Fill a window."""
        window[:] = np.arange(self.start + first, self.start + first + len(window))


@dataclass(frozen=True, slots=True, eq=False)
class UpwardsBut:
    """Writes numbers that rise by one, except behind some places, which rise as well: there the number stays."""

    start: int
    idle: IntArray

    def __call__(self, window: IntArray, first: int) -> None:
        """Fill a window."""
        places = np.arange(first, first + len(window))
        np.subtract(places + self.start, self.idle.searchsorted(places), out=window)


@runtime_checkable
class Picks(Protocol):
    """What writes rows and can tell single columns of some of them, without the rows between."""

    def pick(self, rows: IntArray, place: int) -> IntArray:
        """Return one column, by its place, of some rows, by their places among those that it writes."""


@dataclass(frozen=True, slots=True)
class ByRow:
    """Writes whole rows where single numbers are asked for."""

    write: Write
    width: int

    def __call__(self, window: IntArray, first: int) -> None:
        """Fill a window of single numbers that begins and ends with a row."""
        self.write(window.reshape(-1, self.width), first // self.width)
