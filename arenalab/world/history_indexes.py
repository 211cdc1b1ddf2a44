"""Indexes in a history's file: what explorers read of the whole run, kept so that the next one need not read it.

Rules:
1. An index is used where it is of the very columns beside it, by their sums, and of the form that this program has;
   any other is left alone and made again.
2. It is read without trust, as all of a file: a number out of its range is an error that names the file. Whether an
   index says what a fresh one does, `certify` tells.
3. A short history has none: it is read at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from typing import Any, ClassVar, Protocol, Self, TypeVar

import numpy as np

from arenalab.codec.archive import INT_64, Archive, ArchiveOut, Column
from arenalab.errors import ArenaLabError

HEAD, PREFIX = "indexes", "index."
LEAST = 2**16  #: events, operations or objects of a history whose file has indexes.
MOST = range(2**40)  #: how long a column may be.


class Kept:
    """The columns of one index in a file."""

    def __init__(self, archive: Archive, name: str) -> None:
        """Read nothing yet."""
        self._archive, self._name = archive, f"{PREFIX}{name}."

    def part(self, name: str) -> Kept:
        """Return those of its columns whose names begin with another name."""
        its = copy(self)
        its._name = f"{self._name}{name}."
        return its

    def refused(self, text: str) -> ArenaLabError:
        """Return an error about this index."""
        return self._archive.refused(f"{self._name.rstrip('.')}: {text}; history.save writes the file again")

    def column(self, name: str, within: range = INT_64, count: int | None = None) -> Column:
        """Return a column, each number within a range; None for any length.

        Raises:
            ArenaLabError: it is not there, or holds what it may not; as the archive's.

        """
        name = f"{self._name}{name}"
        there = int(self._archive.column(f"{name}.count", 1, MOST)[0])
        if count is not None and there != count:
            raise self._archive.refused(f"column {name} has {there:,} numbers; expected {count:,}")
        return self._archive.column(name, there, within)

    def rising(self, name: str, within: range, count: int | None = None, *, step: int = 0) -> Column:
        """Return a column whose numbers rise, each by at least `step`.

        Raises:
            ArenaLabError: they don't, or as `column`.

        """
        numbers = self.column(name, within, count)
        if not rises(numbers, step):
            raise self.refused(f"column {name} falls")
        return numbers


def rises(numbers: Column, step: int = 0) -> bool:
    """Return whether numbers rise, each by at least `step`, 0 or 1."""
    before, after = numbers[:-1], numbers[1:]
    return bool((after > before).all() if step else (after >= before).all())


class Index(Protocol):
    """A reader of a history that a file keeps."""

    in_file: ClassVar[str]  #: its name there; another one when its columns mean something else.
    words: ClassVar[tuple[str, ...]]  #: what numbers in its columns stand for, in order.

    def refresh(self) -> object:
        """Read what the history has grown by."""

    def for_file(self) -> Mapping[str, Column]:
        """Return what a file keeps of it: columns of whole numbers."""

    @classmethod
    def from_file(cls, history: Any, kept: Kept) -> Self:
        """Return the index of a history that a file keeps.

        Raises:
            ArenaLabError: the columns make no sense.

        """


def is_long(history: Any) -> bool:
    """Return whether reading a history takes so long that its file keeps indexes; few events may stand for much."""
    sizes = len(history.events), len(history.ops), len(history.world.ledger)
    return max(sizes) >= LEAST


INDEXES: dict[str, type[Index]] = {}
I = TypeVar("I", bound=type[Index])  # noqa: E741  # a type of index


def indexed(kind: I) -> I:
    """Let files keep a kind of reader."""
    INDEXES[kind.in_file] = kind
    return kind


def indexes_of(history: Any, again: Any) -> dict[str, Index]:
    """Return the indexes of a history, brought up to date: those that it has, and of the others those of its file."""
    found: dict[str, Index] = {}
    for name, kind in INDEXES.items():
        there = kind in history.readers or history.as_stored
        found[name] = (history if there else again).reader(kind)
        found[name].refresh()
    return found


def write_indexes(out: ArchiveOut, made: Mapping[str, Index]) -> None:
    """Write indexes behind all other columns of an archive."""
    of = out.sums()
    for name, its in made.items():
        for column, numbers in its.for_file().items():
            out.put(f"{PREFIX}{name}.{column}.count", [len(numbers)])
            out.put(f"{PREFIX}{name}.{column}", numbers)
    out.end(HEAD, {"of": of, "words": {name: list(its.words) for name, its in made.items()}})


class Indexes:
    """The indexes in the file of a history, read when somebody asks for one."""

    def __init__(self, archive: Archive) -> None:
        """Look which there are."""
        there = archive.part(HEAD) if archive.has(HEAD) else None
        self.archive = there or archive
        said = (
            {}
            if there is None or there.said.get("of") != there.sums(PREFIX, HEAD)
            else there.said.get("words")
        )
        self._words: dict[str, Any] = said if isinstance(said, dict) else {}

    def of(self, kind: Callable[..., Any]) -> Kept | None:
        """Return the columns of the index of a kind; None where there is none, or one of another form."""
        name = getattr(kind, "in_file", None)
        if name is None or self._words.get(name) != list(getattr(kind, "words", ())):
            return None
        return Kept(self.archive, name)


def differing(history: Any) -> list[str]:
    """Name the indexes in a history's file that say something else than fresh ones do."""
    said = []
    for name, kind in INDEXES.items():
        kept = history.indexes and history.indexes.of(kind)
        if kept and not _same(kind.from_file(history, kept).for_file(), kind(history).for_file()):  # type: ignore[call-arg]
            said.append(f"index {name}")
    return said


def _same(one: Mapping[str, Column], other: Mapping[str, Column]) -> bool:
    return one.keys() == other.keys() and all(np.array_equal(one[name], other[name]) for name in one)
