"""What is known of the arenas, chunks and operations of a watched program while its notes are followed."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field

from arenalab.truth.packed import Row
from arenalab.truth.packed_rows import Table

Key = tuple[int, int]  # place among the notes; above 0 for what is put right after it


@dataclass(slots=True)
class Arena:
    """What is known of an arena: its number, its last chunk, who allocated from it first, whether it is freed."""

    number: int
    chunk: int = -1
    user: int | None = None
    freed: bool = False


@dataclass
class Quarantined:
    """A chunk set to fault: the last allocation in it, and where a hold was inferred."""

    last: Key | None
    number: int
    hold: int | None = None
    until: Key | None = None


@dataclass
class UnderWay:
    """An operation that a goroutine is within: a refill (of NewArena or an allocation), or a Free.

    Attributes:
        by: the goroutine.
        handle: of the arena, 0 while no note has said it.
        parts: where a lock was taken, and the point that the operation reaches thereafter.
        row: of a Free, known from its beginning.
        wants: whether it found the reuse list empty and has no chunk yet.
        chunk: what it was given and has yet to say that it got.
    """

    by: int
    handle: int
    parts: list[tuple[int, str]] = field(default_factory=list)
    row: Row | None = None
    wants: bool = False
    chunk: int = 0


class Entries:
    """Rows at their places, and later parts of them, in the order in which they came to be known.

    Kept as columns: a program that does little but make arenas has an entry for each of its operations.

    Attributes:
        rows: what was entered.
        at: of each entry its place among the notes,
        after: above 0 for what is put right after it.
        row: of each its row; a later part's is that of its operation.
        goes_on: the entry at which its operation began, itself where it is that.
        until: the point at which it stops, "" for its end.
    """

    def __init__(self) -> None:
        self.rows = Table()
        self.at, self.after, self.row, self.goes_on = array("q"), array("b"), array("q"), array("q")
        self.until: list[str] = []

    def __len__(self) -> int:
        return len(self.at)

    def enter(self, at: Key, row: Row, until: str = "") -> int:
        """Put a row at its place; return the entry."""
        return self._put(at, self.rows.add(row), len(self), until)

    def go_on(self, at: Key, begun: int, until: str) -> int:
        """Put a later part of an entry at its place; return its entry."""
        return self._put(at, self.row[begun], begun, until)

    def _put(self, at: Key, row: int, begun: int, until: str) -> int:
        self.at.append(at[0])
        self.after.append(at[1])
        self.row.append(row)
        self.goes_on.append(begun)
        self.until.append(until)
        return len(self) - 1
