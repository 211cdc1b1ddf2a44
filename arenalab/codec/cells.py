"""Columns of values: what many objects hold in one field, as whole numbers in an archive, by the field's description.

A number is itself, true 1, a text its place among the column's texts, a type its place among the file's. What is a
list or bytes is a column of lengths (`NAME#`) and one of all their parts. Where a number may be missing, `NAME?` says
where it is not; numbers that need more than 64 bits with a sign are taken from `NAME-`, where negative ones are 1.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np

from arenalab.codec.archive import INT_64, UINT_64, Archive, ArchiveOut, Column
from arenalab.codec.gathered import whole_numbers
from arenalab.codec.kinds import Kind, Number, Numbers, OneType, Several
from arenalab.codec.late_column import LateColumn
from arenalab.go.types import GoType

ABSENT, LENGTH, NEGATIVE = "?", "#", "-"
MOST_LONG = range(2**40)  #: lengths of lists and bytes.
FLAGS = range(2)

Texts = dict[str, list[str]]


def write_cells(
    out: ArchiveOut, name: str, kind: Kind, values: Sequence[Any] | Column, number: Number, texts: Texts
) -> None:
    """Write what some objects hold in a field.

    Args:
        out: the archive.
        name: the column's.
        kind: what the field may hold.
        values: of each object; of whole numbers `whole_numbers`, too.
        number: returns a type's number in the file.
        texts: of each column of texts those in it; this one's are entered.

    """
    if isinstance(kind, Several | Numbers) or kind.exact is bytes:
        out.put(f"{name}{LENGTH}", map(len, values))
        if kind.exact is bytes:
            out.put(name, np.frombuffer(b"".join(values), dtype=np.uint8))
        else:
            write_cells(out, name, _part_of(kind), list(chain.from_iterable(values)), number, texts)
    elif isinstance(kind, OneType):
        same = list(map(id, values))  # to look a type up by what it is takes long
        numbers = {its: number(each) for its, each in dict(zip(same, values, strict=True)).items()}
        out.put(name, np.fromiter(map(numbers.__getitem__, same), dtype=np.int64, count=len(same)))
    elif kind.exact is str:
        places: dict[str, int] = {}
        out.put(name, [places.setdefault(text, len(places)) for text in values])
        texts[name] = list(places)
    else:
        _write_numbers(out, name, values, optional=kind.optional)


def _write_numbers(out: ArchiveOut, name: str, values: Sequence[Any] | Column, *, optional: bool) -> None:
    if optional:
        out.put(f"{name}{ABSENT}", [value is None for value in values])
        values = [0 if value is None else value for value in values]
    column = values if isinstance(values, np.ndarray) else whole_numbers(values)
    if column.dtype == object:  # some are negative, and others need all 64 bits
        out.put(f"{name}{NEGATIVE}", [value < 0 for value in values])
        column = whole_numbers([value % UINT_64.stop for value in values])
    out.put(name, column)


def _part_of(kind: Kind) -> Kind:
    return kind.one if isinstance(kind, Several) else _ANY


_ANY = Kind(int, INT_64, "a whole number")


class Cells:
    """A field of many objects in an archive, read when somebody asks for it."""

    def __init__(self, archive: Archive, name: str, kind: Kind, count: int, types: Sequence[GoType]) -> None:
        """Describe the field; nothing is read yet.

        Args:
            archive: where it is.
            name: of its column.
            kind: what it may hold.
            count: how many objects there are.
            types: those that the file names.

        """
        self.archive, self.name, self.kind, self.count, self.types = archive, name, kind, count, types

    @property
    def numbers(self) -> Column:
        """Return the column itself, checked: a number each; of lists and bytes all their parts.

        Raises:
            ArenaLabError: it is not there, or holds what it may not; as the archive's.

        """
        return self.late.whole

    @cached_property
    def late(self) -> LateColumn:
        """Return the column as one that is read where somebody looks."""
        if isinstance(self.kind, Several | Numbers):
            return self.parts.late
        count = self.count if self.kind.exact is not bytes else int(self.starts[-1])
        return LateColumn(self.archive, self.name, count, self._range())

    def _range(self) -> range:
        """Return what the numbers of the column may be."""
        kind = self.kind
        if isinstance(kind, OneType):
            return range(len(self.types))
        if kind.exact is str:
            return range(len(self.texts))
        if kind.exact is bool:
            return FLAGS
        if kind.exact is bytes:
            return range(256)
        return kind.within if isinstance(kind.within, range) else INT_64

    @cached_property
    def absent(self) -> LateColumn:
        """Return 1 for each object where a number that may be missing is."""
        return LateColumn(self.archive, f"{self.name}{ABSENT}", self.count, FLAGS)

    @cached_property
    def _negative(self) -> LateColumn:
        return LateColumn(self.archive, f"{self.name}{NEGATIVE}", self.count, FLAGS)

    @cached_property
    def starts(self) -> Column:
        """Return where the parts of each list begin, and where the last one's end."""
        lengths = self.archive.column(f"{self.name}{LENGTH}", self.count, MOST_LONG)
        return np.append(0, np.cumsum(lengths, dtype=np.int64))

    @cached_property
    def parts(self) -> Cells:
        """Return the parts of all lists, one after the other."""
        return Cells(self.archive, self.name, _part_of(self.kind), int(self.starts[-1]), self.types)

    @cached_property
    def texts(self) -> list[str]:
        """Return the texts of a column of texts."""
        texts = self.archive.said.get("texts", {}).get(self.name)
        if not isinstance(texts, list) or not all(self._may_be(text) for text in texts):
            raise self.archive.refused(
                f"texts of column {self.name}: expected a list, each {self.kind.expected}"
            )
        return texts

    def _may_be(self, text: Any) -> bool:
        within: Container[Any] | None = self.kind.within
        return isinstance(text, str) and (within is None or text in within)

    def values(self, which: slice | Column) -> Sequence[Any]:
        """Return what some objects hold in it: a slice of them without a step, or those of an array of numbers."""
        kind = self.kind
        if isinstance(kind, Several | Numbers) or kind.exact is bytes:
            return self._lists(which)
        numbers = self._wide(which) if self._has_negative else self.late[which].tolist()
        if kind.exact is bool:
            return [bool(number) for number in numbers]
        if isinstance(kind, OneType) or kind.exact is str:
            named: Sequence[Any] = self.texts if kind.exact is str else self.types
            return [named[number] for number in numbers]
        if kind.optional:
            absent = self.absent[which].tolist()
            return [None if gone else number for number, gone in zip(numbers, absent, strict=True)]
        return numbers

    @cached_property
    def _has_negative(self) -> bool:
        return self.kind.exact is int and self.archive.has(f"{self.name}{NEGATIVE}")

    def _wide(self, which: slice | Column) -> list[int]:
        negative, numbers = self._negative[which].tolist(), self.late[which].tolist()
        if any(less and number < INT_64.stop for number, less in zip(numbers, negative, strict=True)):
            raise self.archive.refused(
                f"column {self.name}{NEGATIVE}: says that a number is less than any may be"
            )
        return [number - UINT_64.stop * less for number, less in zip(numbers, negative, strict=True)]

    def _lists(self, which: slice | Column) -> list[Any]:
        lows, highs = self.starts[:-1][which].tolist(), self.starts[1:][which].tolist()
        made: Callable[[Any], Any] = self.kind.exact
        if self.kind.exact is bytes:
            bounds = zip(lows, highs, strict=True)
            return [self.late[low:high].astype(np.uint8).tobytes() for low, high in bounds]
        if isinstance(which, slice) and lows:  # they stand side by side
            whole = self.parts.values(slice(lows[0], highs[-1]))
            return [
                made(whole[low - lows[0] : high - lows[0]]) for low, high in zip(lows, highs, strict=True)
            ]
        return [made(self.parts.values(slice(low, high))) for low, high in zip(lows, highs, strict=True)]
