"""Allocations, which come in great numbers, as columns: cut into runs of one arena, goroutine and chunk.

A run is ended by whatever else is noted of its arena, by a change of the collector's phase and by a block's end.
What other goroutines do between two values of a run touches neither the arena nor its chunk.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from arenalab.oracle.watch.notes import GOROUTINE_AT, KIND_VALUES, SITE_AT, Kind, Notes

Column = npt.NDArray[Any]
IN_CHUNK, ELSEWHERE, UNKNOWN = 0, 1, 2  # where a value is; UNKNOWN: nobody described its type
ENDS = (Kind.ARENA, Kind.GOT, Kind.WANT, Kind.FREE, Kind.FREED)  # a run of the handle in their first word
NO_SITE = -1


class Piece(NamedTuple):
    """Values in turn: the place of the first one's note, whose they are, where, and their rows in `Values`."""

    at: int
    handle: int
    by: int
    where: int
    base: int  # of the chunk, 0 elsewhere
    start: int
    stop: int


@dataclass
class Values:
    """The values of all blocks, one row each: columns in blocks, each in the order of its pieces.

    Attributes:
        count: rows in all.
        types: number of the type, in order of use.
        caps: -1 for a single value.
        addresses: of the value.
        sites: place among the header's sites, -1 for none; empty where no line was asked for.
        first: note at which a block begins; `places`: a row's note, from there on.
    """

    count: int = 0
    types: list[Column] = field(default_factory=list)
    caps: list[Column] = field(default_factory=list)
    addresses: list[Column] = field(default_factory=list)
    sites: list[Column] = field(default_factory=list)
    places: list[Column] = field(default_factory=list)
    first: list[int] = field(default_factory=list)

    def row_of(self, place: int) -> int:
        """The row that was noted at a place, -1 without one."""
        before = 0
        for first, places in zip(self.first, self.places, strict=True):
            found = np.flatnonzero(places == place - first)
            if place >= first and len(found):
                return before + int(found[0])
            before += len(places)
        return -1

    def last(self, name: str, row: int) -> int:
        """A number of the last block, by its row among all; of "places" the note."""
        block = getattr(self, name)[-1]
        number = int(block[row - self.count + len(block)])
        return number + self.first[-1] if name == "places" else number

    def column(self, name: str) -> Column:
        """A column of all blocks."""
        blocks: list[Column] = getattr(self, name)
        if len(blocks) > 1:
            blocks[:] = [np.concatenate(blocks)]
        return blocks[0] if blocks else np.zeros(0, dtype=np.int64)


@dataclass
class Cutter:
    """Cuts block after block of notes into pieces.

    Attributes:
        notes: of which they are; `read_types` comes first.
        sites: number of a site -> its place among the lines.
        types: descriptor -> number of the type, in order of use.
        values: all values so far.
    """

    notes: Notes
    sites: dict[int, int]
    types: dict[int, int] = field(default_factory=dict)
    values: Values = field(default_factory=Values)

    def cut(self, words: Column, first: int, heap_arenas: list[int]) -> list[Piece]:
        """The allocations of a block whose first note is number `first`; `heap_arenas` hold user arena chunks."""
        kinds = words[:, 0] % KIND_VALUES
        rows = np.flatnonzero(kinds == Kind.ALLOC)
        if not len(rows):
            return []
        rows = rows[np.argsort(words[rows, 2], kind="stable")]
        made = words[rows]
        handle, address = made[:, 2].astype(np.int64), made[:, 3].astype(np.int64)
        by, base = (made[:, 0] // 2**GOROUTINE_AT).astype(np.int64), address // self.notes.chunk
        where = np.where(np.isin(address // self.notes.heap_arena, heap_arenas), IN_CHUNK, ELSEWHERE)
        types = self._types(made[:, 4] % 2**SITE_AT, np.argsort(rows, kind="stable"))
        where[types < 0] = UNKNOWN
        base[where != IN_CHUNK] = 0
        turns = _epochs(words, kinds, rows, handle)
        begins = _changes(handle, by, base, where, *turns)
        self._keep(made, rows, types, address, first)
        stops = np.append(begins[1:], len(rows)) + self.values.count - len(rows)
        columns = (first + rows[begins], handle[begins], by[begins], where[begins], base[begins] * self.notes.chunk,
                   begins + self.values.count - len(rows), stops)  # fmt: skip
        return [Piece(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]

    def _types(self, descriptors: Column, in_time: Column) -> Column:
        """The number of each value's type, -1 where nobody described it."""
        distinct, firsts, which = np.unique(descriptors[in_time], return_index=True, return_inverse=True)
        numbers = np.full(len(distinct), -1, dtype=np.int64)
        for at in np.argsort(firsts, kind="stable").tolist():
            if (descriptor := int(distinct[at])) in self.notes.types:
                numbers[at] = self.types.setdefault(descriptor, len(self.types))
        types = np.empty(len(descriptors), dtype=np.int32)
        types[in_time] = numbers[which]
        return types

    def _keep(self, made: Column, rows: Column, types: Column, address: Column, first: int) -> None:
        """Add a block's columns, in narrow types."""
        values, caps = self.values, made[:, 1].astype(np.int64) - 1
        values.count += len(rows)
        values.types.append(types)
        values.caps.append(caps.astype(np.int32) if caps.max() < 2**31 else caps)
        values.addresses.append(address)
        values.places.append(rows.astype(np.uint32))
        values.first.append(first)
        if self.sites:
            known = np.full(max(self.sites) + 1, NO_SITE, dtype=np.int32)
            known[list(self.sites)] = list(self.sites.values())
            number = (made[:, 4] // 2**SITE_AT).astype(np.int64)
            values.sites.append(
                np.where(number < len(known), known[np.minimum(number, len(known) - 1)], NO_SITE)
            )


def _epochs(words: Column, kinds: Column, rows: Column, handle: Column) -> tuple[Column, Column]:
    """For each allocation how many changes of phase came before it, and how many notes that end its arena's runs."""
    phases = np.flatnonzero(kinds == Kind.PHASE)
    others = np.flatnonzero(np.isin(kinds, np.array(ENDS, dtype=kinds.dtype)))
    known = np.unique(handle)
    rank = np.searchsorted(known, words[others, 2].astype(np.int64))
    rank[rank == len(known)] = 0
    mine = known[rank] == words[others, 2].astype(np.int64)
    ends = np.sort(rank[mine] * len(words) + others[mine])
    own = np.searchsorted(known, handle) * len(words) + rows
    return np.searchsorted(phases, rows), np.searchsorted(ends, own)


def _changes(*columns: Column) -> Column:
    """The rows at which any column has another value than in the row before, the first one among them."""
    changed = np.zeros(len(columns[0]), dtype=bool)
    changed[0] = True
    for column in columns:
        np.logical_or(changed[1:], column[1:] != column[:-1], out=changed[1:])
    return np.flatnonzero(changed)
