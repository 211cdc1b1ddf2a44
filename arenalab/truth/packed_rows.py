"""Rows of a recording kept by shape, each shape's values as columns: a million in as few bytes as their numbers take.

A dictionary is made of a row when somebody asks for it.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator, MutableSequence
from itertools import repeat
from typing import Any

from arenalab.truth.packed import RUN, Row

HEX = re.compile(r"0x[0-9a-f]{1,15}")
#: How a row's value stands in a column: a whole number, yes or no, a number or null, an address, anything else.
NUMBER, BOOL, NULL, ADDRESS, JSON = "i", "b", "n", "x", "j"
Shape = tuple[tuple[str, str], ...]  #: the keys of a row, and how each one's value is written.
Cells = MutableSequence[Any]
NUMBERED = ("i", "values")  #: keys that follow from a row's place.


def kind_of(value: Any) -> str:
    """Return how a value is written."""
    if isinstance(value, bool):
        return BOOL
    if isinstance(value, int):
        return NUMBER if abs(value) < 2**63 else JSON
    if value is None:
        return NULL
    plain = isinstance(value, str) and value[:1] == "0" and HEX.fullmatch(value)
    return ADDRESS if plain and value == hex(int(value, 16)) else JSON


class Table:
    """Rows that were added, each with all its keys.

    Attributes:
        shapes: each shape's number, in the order in which they came.
        keys: the shapes by their numbers.
        cells: of each shape its columns; those of nulls are empty.
        order: of each row its shape's number.
        places: of each row its place in these columns.

    """

    def __init__(self) -> None:
        """Begin without rows."""
        self.shapes: dict[Shape, int] = {}
        self.order, self.places = array("H"), array("I")
        self.keys: list[Shape] = []
        self.cells: list[list[Cells]] = []
        self._counts: list[int] = []

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.order)

    def add(self, row: Row) -> int:
        """Keep a row; return its number."""
        shape = tuple((key, kind_of(value)) for key, value in row.items())
        number = self.shapes.setdefault(shape, len(self.shapes))
        if number == len(self.cells):
            self.keys.append(shape)
            self.cells.append([[] if kind == JSON else array("q") for _, kind in shape])
            self._counts.append(0)
        for (_, kind), column, value in zip(shape, self.cells[number], row.values(), strict=True):
            if kind != NULL:
                column.append(int(value, 16) if kind == ADDRESS else value)
        return self._put(number)

    def _put(self, shape: int) -> int:
        """Note that the cells of a shape's next row are there."""
        self.order.append(shape)
        self.places.append(self._counts[shape])
        self._counts[shape] += 1
        return len(self.order) - 1

    def number(self, row: int, key: str, default: int) -> int:
        """Return a number of a row, `default` where it has none of that key."""
        shape = self.order[row]
        at = next((at for at, (name, _) in enumerate(self.keys[shape]) if name == key), None)
        return default if at is None else int(self.cells[shape][at][self.places[row]])

    def __getitem__(self, number: int) -> Row:
        """Return a row."""
        place, shape, row = self.places[number], self.order[number], Row()
        for (key, kind), column in zip(self.keys[shape], self.cells[shape], strict=True):
            cell: Any = None if kind == NULL else column[place]
            row[key] = hex(cell) if kind == ADDRESS else bool(cell) if kind == BOOL else cell
        return row

    def __iter__(self) -> Iterator[Row]:
        """Yield all rows."""
        return map(Table.__getitem__, repeat(self), range(len(self)))

    def columns(self) -> Iterator[tuple[int, str, str, Cells]]:
        """Yield all columns: number of the shape, key, kind of value, cells."""
        for shape, number in self.shapes.items():
            for (key, kind), column in zip(shape, self.cells[number], strict=True):
                yield number, key, kind, column


class NumberedRows(Table):
    """Rows in a recording's order: an operation's number and where a run's values begin follow from their place."""

    def __init__(self, rows: Iterable[Row] = ()) -> None:
        """Take rows that have these numbers, or not yet."""
        super().__init__()
        #: Shape of another table's row, and more for it -> number of the shape here, its columns there and here.
        self._taken: dict[tuple[int, str], tuple[int, list[tuple[Cells, Cells]]]] = {}
        for row in rows:
            self.add(row)

    def add(self, row: Row) -> int:
        """Keep a row without what follows from its place; return its number."""
        return super().add({key: value for key, value in row.items() if key not in NUMBERED})

    def take(self, table: Table, row: int, until: str) -> None:
        """Keep a row of a table, always the same one, and the point up to which it is recorded, "" for its end."""
        shape = table.order[row]
        if (shape, until) not in self._taken:
            here = self.order[self.add(table[row] | ({"until": until} if until else {}))]
            kept = [at for at, (key, _) in enumerate(table.keys[shape]) if key not in NUMBERED]
            pairs = [(table.cells[shape][at], self.cells[here][n]) for n, at in enumerate(kept)]
            self._taken[shape, until] = here, [pair for pair in pairs if pair[0]]  # none of a null has a cell
            return
        here, pairs = self._taken[shape, until]
        place = table.places[row]
        for cells, mine in pairs:
            mine.append(cells[place])
        if until:
            self.cells[here][-1].append(until)
        self._put(here)

    def __iter__(self) -> Iterator[Row]:
        """Yield all rows: `i`, where it is an operation, first, and `values` of a run last."""
        first = value = 0
        for row in super().__iter__():
            if "op" not in row:
                yield row
            elif row["op"] == RUN:
                yield {"i": first} | row | {"values": value}
                first, value = first + row["n"], value + row["n"]
            else:
                yield {"i": first} | row
                first += 1
