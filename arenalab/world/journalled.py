"""What is kept for each bitmap word of every chunk, as a journal of what was written.

Rules:
1. A snapshot is a row count; a chunk's words are rebuilt from the rows since its birth, when somebody asks.
2. Who goes a way of its own copies the words that its origin has, as long as neither wrote any of them since.
"""

from __future__ import annotations

from array import array
from typing import Generic, Self, TypeVar

from arenalab.world.columns import Columns

Words = TypeVar("Words", bytearray, "array[int]")


class Journalled(Generic[Words]):
    """Words of all chunks; reading is cheap, forking is cheaper."""

    __slots__ = ("_now", "_origin", "chunk_words", "journal", "since", "until")

    def __init__(self, chunk_words: int, journal: Columns) -> None:
        """Describe chunks of `chunk_words` words each (16,384 on linux/amd64), of which `journal` will tell."""
        self.chunk_words = chunk_words
        self.journal = journal
        self.since: dict[int, int] = {}  #: chunk -> journal row at which its words were last reset.
        self.until: dict[int, int] = {}  #: chunk -> journal row after the last that tells of it.
        self._now: dict[int, Words] = {}
        self._origin: Self | None = None

    def fork(self, *, apart: bool = False) -> Self:
        """Return a snapshot; its words are rebuilt only when somebody asks."""
        twin = self.__new__(type(self))
        twin.chunk_words, twin.journal = self.chunk_words, self.journal.fork(apart=apart)
        twin.since, twin.until, twin._now = dict(self.since), dict(self.until), {}
        twin._origin = (self._origin or self) if apart else None
        return twin

    def reset(self, chunk: int) -> None:
        """Note that a chunk's words are as at its birth."""
        self.since[chunk] = self.until[chunk] = self.journal.count
        self._now[chunk] = self._blank()

    def _blank(self) -> Words:
        raise NotImplementedError

    def _rebuild(self, chunk: int) -> Words:
        raise NotImplementedError

    def _chunk(self, chunk: int) -> Words:
        """Return the present words of a chunk, copied or rebuilt if need be."""
        now = self._known(chunk)
        if now is None:
            origin = self._origin
            copied = origin is not None and self._same_rows(origin, chunk)
            now = self._now[chunk] = (
                origin._chunk(chunk)[:] if origin is not None and copied else self._rebuild(chunk)
            )
        return now

    def _known(self, chunk: int) -> Words | None:
        """Return the present words of a chunk to write to; None where whoever asks will rebuild them from the rows."""
        now = self._now.get(chunk)
        if now is None and self._origin is not None:
            known = self._origin._now.get(chunk)
            if known is not None and self._same_rows(self._origin, chunk):
                now = self._now[chunk] = known[:]
        return now

    def _handed_over(self, chunk: int) -> Words:
        """Return the present words of a chunk to whoever goes on with them; here they are rebuilt if need be."""
        now = self._chunk(chunk)
        del self._now[chunk]
        return now

    def _same_rows(self, other: Self, chunk: int) -> bool:
        """Return whether the same rows tell of a chunk here and there; False where that is not known at once."""
        behind = self.until.get(chunk, 0)
        return (self.since.get(chunk), behind) == (
            other.since.get(chunk),
            other.until.get(chunk, 0),
        ) and behind <= self.journal.shared(other.journal)

    def __eq__(self, other: object) -> bool:
        """Compare what both would answer: the words of every chunk, not how they came about."""
        if not isinstance(other, type(self)):
            return NotImplemented
        if self.since.keys() != other.since.keys():
            return False
        return all(
            self._same_rows(other, chunk) or self._chunk(chunk) == other._chunk(chunk) for chunk in self.since
        )

    __hash__ = None  # type: ignore[assignment]  # it changes
