"""What is known of the arenas, chunks and operations of a watched program while its notes are followed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Row = dict[str, Any]
Key = tuple[int, int]  # place among the notes; above 0 for what is put right after it


@dataclass
class Arena:
    """What is known of an arena: its number, its chunks in order, who allocated from it, whether it is freed."""

    number: int
    chunks: list[int] = field(default_factory=list)
    users: set[int] = field(default_factory=set)
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


class Entry:
    """A row at its place, or a later part of it: `until` is the point at which it stops, "" for its end."""

    __slots__ = ("at", "goes_on", "row", "until")

    def __init__(self, at: Key, row: Row, until: str = "", goes_on: Entry | None = None) -> None:
        self.at, self.row, self.until, self.goes_on = at, row, until, goes_on

    @property
    def begun(self) -> Entry:
        """Where the operation stands that this is a part of."""
        return self.goes_on or self
