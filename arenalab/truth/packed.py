"""A recording of a person's program with its values as columns: what the recorder makes, and what a file holds.

A `run` row stands for values of one arena, goroutine and chunk, taken in turn with nothing between: for as many
operations as it has values. Theirs are the next so many rows of the columns.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Column = npt.NDArray[Any]
Row = dict[str, Any]
RUN, GO_ON = "run", "go_on"
SINGLE, NO_SITE = -1, -1


def sum_of(first: int, count: int) -> int:
    """Return the sum of the numbers of `count` operations in a row: what the end row claims of each goroutine."""
    return count * (2 * first + count - 1) // 2


class Values(NamedTuple):
    """Values in chunks, a row each."""

    types: Column  #: number of the type.
    caps: Column  #: capacity of a slice, −1 for a single value.
    offsets: Column  #: bytes from the chunk's base.
    sites: Column  #: place among the header's sites, −1 for none; empty where no line was asked for.

    def rows(self, rows: Any) -> Values:
        """Return some rows of all columns."""
        return Values(*(column[rows] if len(column) else column for column in self))

    def in_order(self, starts: Column, counts: Column) -> Values:
        """Return the values of some runs, each given by where it begins and how long it is, one after the other."""
        ends = counts.cumsum()
        return self.rows(np.arange(int(counts.sum())) + (starts - ends + counts).repeat(counts))


@dataclass
class Packed:
    """A whole recording: its rows as dictionaries, its values as columns.

    Attributes:
        header: of the recording, `start`, `end`: as JSON has them.
        types: the type rows.
        rows: operations and the later parts of some, in order; a run's values begin at its `values`.
        values: the columns that runs point into, in the order of the runs.
    """

    header: Row
    types: list[Row]
    start: Row
    rows: Iterable[Row]
    values: Values
    end: Row

    def values_of(self, run: Row) -> Values:
        """Return the values of a run's row."""
        return self.values.rows(slice(run["values"], run["values"] + run["n"]))
