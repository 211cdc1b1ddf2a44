"""Find, in the notes, where two goroutines were inside one arena's allocation at the same time.

Go leaves it to the program to guard an arena. Two traces remain where it did not: bytes that were
given out twice while nobody had freed the chunk, and an allocation that was noted after a later one
(under a lock the note is written before the next allocation begins).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from arenalab.oracle.watch.notes import GOROUTINE_AT, KIND_VALUES, SITE_AT, Kind, Notes

Column = npt.NDArray[np.int64]


class Raced(NamedTuple):
    """Two allocations that were under way at once: their notes' places, goroutines, and the later address."""

    how: str  # "twice": the same bytes; "overtaken": noted in the wrong order
    notes: tuple[int, int]
    goroutines: tuple[int, int]
    address: int


@dataclass(frozen=True)
class _Allocations:
    """Every allocation in a chunk, in the order of the notes; one column a fact."""

    at: Column
    handle: Column
    by: Column
    address: Column
    end: Column
    forwards: npt.NDArray[np.bool_]  # from the chunk's front: the type has pointers
    life: Column  # of the chunk: renumbered each time it is taken from the ready list

    def pick(self, rows: Column) -> _Allocations:
        return _Allocations(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))


def find_raced(notes: Notes, handles: Collection[int]) -> list[Raced]:
    """The first trace of each kind and arena, in the order of the notes; `notes` knows its types.

    `handles` are the arenas that several goroutines allocated from: no other can show one.
    """
    if not handles:
        return []
    made = _allocations(notes, handles)
    found = [*_twice(made), *_overtaken(made)]
    first: dict[tuple[str, int], Raced] = {}
    for handle, raced in sorted(found, key=lambda pair: _telling(pair[1])):
        first.setdefault((raced.how, handle), raced)
    return sorted(first.values(), key=lambda raced: raced.notes[1])


def _telling(raced: Raced) -> tuple[bool, int]:
    """Two goroutines tell more than one, whose own values lie on each other after another has put back the range."""
    return raced.goroutines[0] == raced.goroutines[1], raced.notes[1]


def _allocations(notes: Notes, handles: Collection[int]) -> _Allocations:
    places, words = _columns(notes, Kind.ALLOC, handles)
    address, descriptors = words[:, 3].astype(np.int64), words[:, 4] % 2**SITE_AT
    taken, chunks = _columns(notes, Kind.CHUNK)
    bases = np.unique(chunks[:, 2].astype(np.int64))
    which = np.searchsorted(bases, address, "right") - 1
    known = np.isin(descriptors, np.array(list(notes.types), dtype=np.uint64))
    inside = np.logical_and(which >= 0, known)
    inside[inside] = address[inside] < bases[which[inside]] + notes.chunk
    places, words, address, which = places[inside], words[inside], address[inside], which[inside]
    size, pointers = _of_types(notes, descriptors[inside])
    cap = words[:, 1].astype(np.int64)
    whole = len(notes) + 1
    started = np.sort(np.searchsorted(bases, chunks[:, 2].astype(np.int64)) * whole + taken)
    life = np.searchsorted(started, which * whole + places)
    handle, by = words[:, 2].astype(np.int64), (words[:, 0] // 2**GOROUTINE_AT).astype(np.int64)
    return _Allocations(
        places, handle, by, address,
        address + size * np.maximum(cap - 1, 1), pointers > 0, life,
    )  # fmt: skip


def _columns(
    notes: Notes, kind: Kind, handles: Collection[int] = ()
) -> tuple[Column, npt.NDArray[np.uint64]]:
    """The places of all notes of a kind (and of some handles), and their five words."""
    places, kept = [], []
    for first, words in notes.blocks():
        rows = words[:, 0] % KIND_VALUES == kind
        if handles:
            rows = np.logical_and(rows, np.isin(words[:, 2], np.array(list(handles), dtype=np.uint64)))
        places.append(first + np.flatnonzero(rows))
        kept.append(words[rows])
    return np.concatenate(places), np.concatenate(kept)


def _of_types(notes: Notes, descriptors: npt.NDArray[np.uint64]) -> tuple[Column, Column]:
    """The size and pointer bytes of the type that each descriptor is of."""
    distinct, which = np.unique(descriptors, return_inverse=True)
    facts = [(notes.types[d].size, notes.types[d].ptr_bytes) for d in distinct.tolist()]
    table = np.array(facts, dtype=np.int64).reshape(-1, 2)
    return table[which, 0], table[which, 1]


def _twice(made: _Allocations) -> list[tuple[int, Raced]]:
    order = np.lexsort((made.at, made.address, made.life))
    sorted_ = made.pick(order)
    pairs = np.flatnonzero(np.logical_and(_steady(sorted_.life), sorted_.end[:-1] > sorted_.address[1:]))
    return [_raced("twice", made, order[pair], order[pair + 1]) for pair in pairs.tolist()]


def _overtaken(made: _Allocations) -> list[tuple[int, Raced]]:
    """Allocations from one end of one chunk whose addresses go back, by two goroutines."""
    order = np.lexsort((made.at, made.forwards, made.life))
    sorted_ = made.pick(order)
    along = np.where(sorted_.forwards, sorted_.address, -sorted_.address)
    same = np.logical_and(_steady(sorted_.life), _steady(sorted_.forwards))
    others = np.logical_not(_steady(sorted_.by))
    back = np.flatnonzero(np.logical_and.reduce((same, others, along[1:] < along[:-1])))
    return [_raced("overtaken", made, order[pair], order[pair + 1]) for pair in back.tolist()]


def _steady(column: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Whether each row but the first has the same value as the one before it."""
    return np.asarray(column[1:] == column[:-1])


def _raced(how: str, made: _Allocations, one: int, other: int) -> tuple[int, Raced]:
    first, second = sorted((int(one), int(other)), key=lambda row: int(made.at[row]))
    both = made.pick(np.array([first, second]))
    notes, goroutines = both.at.tolist(), both.by.tolist()
    return int(both.handle[1]), Raced(
        how, (notes[0], notes[1]), (goroutines[0], goroutines[1]), int(both.address[1])
    )
