"""A recording of a person's program with its values as columns: what the recorder makes, and what a file holds.

A `run` row stands for values of one arena, goroutine and chunk, taken in turn with nothing between: for as many
operations as it has values. Theirs are the next so many rows of the columns.
"""

from __future__ import annotations

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


@dataclass
class Packed:
    """A whole recording: its rows as dictionaries, its values as columns.

    Attributes:
        header: of the recording, `start`, `end`: as JSON has them.
        types: the type rows.
        rows: operations and the later parts of some, in order; a run's rows begin at its `values`.
        values: the columns that runs point into.
    """

    header: Row
    types: list[Row]
    start: Row
    rows: list[Row]
    values: Values
    end: Row

    def settle(self) -> Packed:
        """Bring the columns into the order of the rows, so that each run's values follow those of the one before."""
        runs = [row for row in self.rows if row.get("op") == RUN]
        starts = np.array([row["values"] for row in runs], dtype=np.int64)
        counts = np.array([row["n"] for row in runs], dtype=np.int64)
        ends = counts.cumsum()
        order = np.arange(int(ends[-1]) if len(ends) else 0) + (starts - ends + counts).repeat(counts)
        self.values = self.values.rows(order)
        for row, start in zip(runs, (ends - counts).tolist(), strict=True):
            row["values"] = start
        return self

    def values_of(self, run: Row) -> Values:
        """Return the values of a run's row."""
        return self.values.rows(slice(run["values"], run["values"] + run["n"]))
