"""Gathered: what many objects hold, kind by kind and field by field, on the way into an archive.

Objects are read some thousand at a time, all fields of those before the next: so each comes from memory once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from operator import attrgetter
from typing import Any, Generic, Protocol, TypeVar, runtime_checkable

import numpy as np

from arenalab.codec.archive import Column, narrowest
from arenalab.codec.forms import Cell, Form
from arenalab.codec.kinds import Kind
from arenalab.narrow import different, joined

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
MANY = 2**18  #: objects whose columns are taken together.
TOGETHER = 8192  #: objects that are read together: as many as a processor keeps near.


def whole_numbers(values: Sequence[int]) -> Column:
    """Return whole numbers as int64, as uint64 where one needs it, as Python's own where another is negative besides.

    Raises:
        OverflowError: one needs more than 64 bits.

    """
    for dtype in (np.int64, np.uint64):
        try:
            return np.fromiter(values, dtype=dtype, count=len(values))
        except OverflowError:
            pass
    np.array(
        [value for value in values if value < 0], dtype=np.int64
    )  # what is too large for both is refused
    np.array([value for value in values if value >= 0], dtype=np.uint64)
    return np.fromiter(values, dtype=object, count=len(values))


class Field:
    """One field of the objects of one kind."""

    def __init__(self, cell: Cell) -> None:
        """Begin before the first object."""
        self.cell, self._of = cell, attrgetter(cell.name)
        self._plain = type(cell.kind) is Kind and cell.kind.exact is int and not cell.kind.optional
        self._values: list[Any] = []  #: of plain numbers a column for each time that some were read.

    def read(self, some: Sequence[Any]) -> None:
        """Read it off some more objects."""
        if not self._plain:
            self._values += map(self._of, some)
            return
        try:  # most fit, and need no list
            column = np.fromiter(map(self._of, some), dtype=np.int64, count=len(some))
        except OverflowError:
            column = whole_numbers(list(map(self._of, some)))
        self._values.append(column if column.dtype == object else narrowest(column))

    def take(self, values: Sequence[Any] | Column) -> None:
        """Take what some more objects hold in it, whole numbers as a column."""
        self._values += [narrowest(np.asarray(values))] if self._plain else values

    def values(self) -> Sequence[Any] | Column:
        """Return what all objects hold in it, in their order."""
        if not self._plain:
            return self._values
        try:
            return joined(self._values)
        except ValueError:  # some are negative, and others need all 64 bits
            return np.concatenate([each.astype(object) for each in self._values])


Held = Mapping[type[T], Mapping[str, Sequence[Any] | Column]]


@runtime_checkable
class InColumns(Protocol[T_co]):
    """Objects that are kept as columns, and can say what they hold without being made."""

    def __len__(self) -> int:
        """Return how many there are."""

    def held(self, first: int, last: int) -> tuple[Column, Held[Any]]:
        """Return the kind of each of the objects [first, last), as its place in what those of each kind hold."""


class Gathered(Generic[T]):
    """Objects of several kinds in their order."""

    def __init__(self, objects: Iterable[T], form_of: Callable[[type[T]], Form[T]]) -> None:
        """Read all of them; `form_of` returns a kind's form."""
        self.kinds: dict[type[T], list[Field]] = {}  #: in the order in which they came.
        self._form_of, self._places, self._order = form_of, dict[type[T], int](), list[Column]()
        if isinstance(objects, InColumns):
            for first in range(0, len(objects), MANY):
                self._take(*objects.held(first, min(first + MANY, len(objects))))
            return
        rest = iter(objects)
        while some := list(islice(rest, TOGETHER)):
            self._read(some)

    def _know(self, kinds: Iterable[type[T]]) -> None:
        for kind in kinds:
            if kind not in self.kinds:
                self.kinds[kind] = [Field(cell) for cell in self._form_of(kind).cells]
                self._places[kind] = len(self._places)

    def _take(self, order: Column, held: Held[T]) -> None:
        first = np.unique(order, return_index=True)[1]
        came, kinds = order[np.sort(first)].tolist(), list(held)
        self._know(kinds[place] for place in came)
        for kind, its in held.items():
            for field in self.kinds[kind]:
                field.take(its[field.cell.name])
        self._order.append(np.array([self._places[kind] for kind in kinds], dtype=np.uint8)[order])

    def _read(self, some: list[T]) -> None:
        of_kind = list(map(type, some))
        self._know(dict.fromkeys(of_kind))
        order = np.fromiter(map(self._places.__getitem__, of_kind), dtype=np.uint8, count=len(some))
        held, fields = np.fromiter(some, dtype=object, count=len(some)), list(self.kinds.values())
        for place in different(order).tolist():
            its = held[order == place].tolist()
            for field in fields[place]:
                field.read(its)
        self._order.append(order)

    @property
    def order(self) -> Column:
        """Return the kind of each object, as its place among the kinds."""
        return np.concatenate([np.zeros(0, dtype=np.uint8), *self._order])
