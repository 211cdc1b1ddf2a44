"""Tables of many Worlds in an archive: of each moment only the rows that changed since the one before.

A table has a row for each change: a key, whether there is a row under it from then on (`NAME.there`), and the fields;
`NAME.until` says how many of the changes each moment has seen. A list has all of its numbers at each moment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import cached_property
from itertools import compress
from operator import attrgetter, is_not
from typing import Any, NamedTuple

import numpy as np

from arenalab.codec.archive import INT_64, UINT_64, Archive, ArchiveOut, Column
from arenalab.codec.cells import Cells, Texts, write_cells
from arenalab.codec.kinds import Kind, Several
from arenalab.go.types import GoType

FLAGS = range(2)
MOST_TEXT = 64  #: characters of what a row says in words.
ANY = Kind(int, range(INT_64.start, UINT_64.stop), "a whole number")
#: A field's declared type -> what it may hold.
KINDS: dict[str, Kind] = {
    "int": ANY,
    "bool": Kind(bool, None, "true or false"),
    "str": Kind(str, None, "a text"),
    "int | None": Kind(int, INT_64, "a whole number, or none", optional=True),
    "list[int]": Several(list, None, "a list", one=ANY),
    "tuple[int, ...]": Several(tuple, None, "a list", one=ANY),
}
BESIDE = (
    "epoch",
    "cached",
)  #: fields that say which World may write a row, or that are a table of their own.


class Part(NamedTuple):
    """A field of a table's rows."""

    name: str
    kind: Kind
    of: Callable[[Any], Any]  #: the field of a row.


class Table(NamedTuple):
    """What a table of a World is, to be written and read."""

    name: str
    width: int  #: whole numbers of a key.
    rows: Callable[[Any], Mapping[Any, Any]]  #: the table of a World.
    parts: tuple[Part, ...]  #: none: the key is all there is.
    made: Callable[..., Any]  #: makes a row of its fields.


def table(
    name: str,
    rows: Callable[[Any], Mapping[Any, Any]],
    made: type | None = int,
    *,
    width: int = 1,
    declared: str = "int",
) -> Table:
    """Describe a table: of rows of a class, of plain values as they are `declared`, or with None of keys alone."""
    if made is None:
        return Table(name, width, rows, (), lambda: None)
    if not is_dataclass(made):
        return Table(name, width, rows, (Part("is", KINDS[declared], lambda row: row),), lambda value: value)
    parts = tuple(
        Part(it.name, KINDS[str(it.type)], attrgetter(it.name))
        for it in fields(made)
        if it.name not in BESIDE
    )
    made_of: Callable[..., Any] = made
    return Table(name, width, rows, parts, made_of)


class TableOut:
    """Notes what changes in a table from moment to moment."""

    def __init__(self, what: Table) -> None:
        """Begin before the first moment."""
        self.what = what
        self._before: dict[Any, Any] = {}
        self._last: tuple[list[Any], list[Any]] = ([], [])  #: its keys and rows.
        self._keys: list[Any] = []
        self._rows: list[Any] = []
        self._there: list[int] = []
        self._until: list[int] = []

    def note(self, owner: Any) -> None:
        """Note the table of the next moment's World."""
        now, before = dict(self.what.rows(owner)), self._before
        keys, rows = list(now), list(now.values())
        same = len(self._last[0])
        if keys[:same] == self._last[0]:  # nothing went, what came stands behind: most rows are the very ones
            other = compress(range(same), map(is_not, rows, self._last[1]))
            new = [(keys[at], rows[at]) for at in other if rows[at] != self._last[1][at]]
            self._note([], [*new, *zip(keys[same:], rows[same:], strict=True)])
        else:
            gone = [key for key in before if key not in now]
            self._note(
                gone, [(key, row) for key, row in now.items() if key not in before or row != before[key]]
            )
        self._before, self._last = now, (keys, rows)

    def _note(self, gone: list[Any], new: list[tuple[Any, Any]]) -> None:
        """Note the keys that went, and the rows that came or changed."""
        self._keys += gone
        self._rows += [None] * len(gone)
        self._there += [0] * len(gone)
        self._keys += [key for key, _ in new]
        self._rows += [row for _, row in new]
        self._there += [1] * len(new)
        self._until.append(len(self._keys))

    def write(self, out: ArchiveOut, texts: Texts) -> None:
        """Write all that was noted."""
        name = self.what.name
        out.put(f"{name}.until", self._until)
        if not self._keys:
            return
        out.put_counted(f"{name}.there", np.array(self._there, dtype=np.uint8))
        for place in range(self.what.width):
            keys = self._keys if self.what.width == 1 else [key[place] for key in self._keys]
            out.put(f"{name}.key{place}", keys)
        rows = [row for row, there in zip(self._rows, self._there, strict=True) if there]
        for part in self.what.parts:
            write_cells(
                out, f"{name}.{part.name}", part.kind, [part.of(row) for row in rows], _no_type, texts
            )


def _no_type(_: GoType) -> int:
    raise TypeError("no table of a World has types in its rows")


class TableIn:
    """Such a table, read when somebody asks for a moment."""

    def __init__(self, what: Table, archive: Archive, moments: int) -> None:
        """Describe it; nothing is read yet."""
        self.what, self.archive, self.moments = what, archive, moments

    @cached_property
    def _until(self) -> Column:
        until = self.archive.column(f"{self.what.name}.until", self.moments, range(2**40))
        if (np.diff(until.astype(np.int64)) < 0).any():
            raise self.archive.refused(f"column {self.what.name}.until falls")
        return until

    @cached_property
    def _there(self) -> Column:
        there = self.archive.column(f"{self.what.name}.there", None, FLAGS)
        if len(there) != self._until[-1]:
            raise self.archive.refused(f"column {self.what.name}.there has {len(there):,} numbers")
        return there

    @cached_property
    def _place(self) -> Column:
        """Return of each change the place of its row's fields among all rows'."""
        return np.cumsum(self._there, dtype=np.int64) - 1

    @cached_property
    def _keys(self) -> Column:
        """Return the keys of all changes, shape (changes, width)."""
        count, name = len(self._there), self.what.name
        return np.stack(
            [self.archive.column(f"{name}.key{place}", count, INT_64) for place in range(self.what.width)],
            axis=1,
        )

    @cached_property
    def _codes(self) -> Column:
        """Return a number for each change, equal where the keys are."""
        if self.what.width == 1:
            return np.unique(self._keys[:, 0], return_inverse=True)[1].reshape(-1)
        return np.unique(self._keys, axis=0, return_inverse=True)[1].reshape(-1)

    @cached_property
    def _cells(self) -> list[Cells]:
        count = int(np.count_nonzero(self._there))
        return [
            Cells(self.archive, f"{self.what.name}.{part.name}", part.kind, count, ())
            for part in self.what.parts
        ]

    def changes(self, moment: int) -> Column:
        """Return the changes that made the rows that there are at a moment, in the order in which their keys came."""
        until = int(self._until[moment])
        if not until:
            return np.zeros(0, dtype=np.int64)
        codes, there = self._codes[:until], self._there[:until]
        changes = np.arange(until)
        last, gone, came = (np.full(int(codes.max()) + 1, -1) for _ in range(3))
        last[codes] = changes
        gone[codes[there == 0]] = changes[there == 0]
        since = changes > gone[codes]  # of a key that went the first of its rows since then counts
        came[codes[since][::-1]] = changes[since][::-1]
        alive = np.flatnonzero(there[np.maximum(last, 0)] * (last >= 0))
        order: Column = last[alive[np.argsort(came[alive], kind="stable")]]
        return order

    def keys(self, changes: Column) -> list[Any]:
        """Return the keys of some changes."""
        found = self._keys[changes]
        return found[:, 0].tolist() if self.what.width == 1 else list(map(tuple, found.tolist()))

    def rows(self, changes: Column) -> Iterable[Any]:
        """Return the rows of some changes, made now."""
        if not self.what.parts:
            return [None] * len(changes)
        return list(map(self.what.made, *(each.values(self._place[changes]) for each in self._cells)))

    def at(self, moment: int) -> dict[Any, Any]:
        """Return the table at a moment."""
        changes = self.changes(moment)
        return dict(zip(self.keys(changes), self.rows(changes), strict=True)) if len(changes) else {}

    def late(self, moment: int) -> LateStored | None:
        """Return the table at a moment, its rows made when somebody looks; None where it has none."""
        changes = self.changes(moment)
        return LateStored(self, changes) if len(changes) else None


class LateStored:
    """Rows of a stored table with keys of one number, made when somebody looks: `late_blocks.LateRows`."""

    def __init__(self, stored: TableIn, changes: Column) -> None:
        """Take the changes that made them."""
        self._stored, self._changes = stored, changes
        self._made: dict[int, Any] = {}  #: rows by their places; who changes one changes a copy.
        keys = stored._keys[changes, 0]
        self._order = np.argsort(keys, kind="stable")
        self._keys = keys[self._order]

    @property
    def bounds(self) -> tuple[int, int]:
        """Return the least and the greatest key."""
        return int(self._keys[0]), int(self._keys[-1])

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._changes)

    def place(self, key: Any) -> int:
        """Return the place of a key's row, −1 for none."""
        at = int(self._keys.searchsorted(key))
        return int(self._order[at]) if at < len(self._keys) and self._keys[at] == key else -1

    def among(self, keys: list[Any]) -> list[Any]:
        """Return those of some keys that are its own."""
        return [key for key in keys if self.place(key) >= 0]

    def row(self, place: int) -> Any:
        """Return a row, made when it is looked at first."""
        if place not in self._made:
            self._made[place] = next(iter(self._stored.rows(self._changes[place : place + 1])))
        return self._made[place]

    def items(self) -> Iterable[tuple[Any, Any]]:
        """Make all rows, each with its key, in order."""
        return zip(self._stored.keys(self._changes), self._stored.rows(self._changes), strict=True)


class ListsOut:
    """Notes a list of whole numbers at each moment."""

    def __init__(self, name: str, numbers: Callable[[Any], Sequence[int]]) -> None:
        """Begin before the first moment."""
        self.name, self._numbers = name, numbers
        self._lists: list[Sequence[int]] = []

    def note(self, owner: Any) -> None:
        """Note the list of the next moment's World."""
        self._lists.append(list(self._numbers(owner)))

    def write(self, out: ArchiveOut, texts: Texts) -> None:
        """Write all of them."""
        write_cells(out, self.name, LIST, self._lists, _no_type, texts)


LIST = KINDS["list[int]"]


def list_in(name: str, archive: Archive, moments: int) -> Cells:
    """Return such a list, read when somebody asks for a moment."""
    return Cells(archive, name, LIST, moments, ())
