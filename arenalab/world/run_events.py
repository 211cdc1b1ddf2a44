"""BumpRun: many different values carved one after the other, told as one event.

Law of this file: the event *is* the change, packed: re-applying it computes nothing that a
solver decided. `replay.expand` gives the single steps behind it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from arenalab.units import counted, noun
from arenalab.world.event import Event, chunk_list

if TYPE_CHECKING:
    from arenalab.go.types import GoType

SINGLE = -1  #: capacity of a value that is no slice, as in the ledger.


@dataclass(slots=True)
class BumpRun(Event):
    """Values of several types were carved for several user arenas, and none needed a refill.

    The first seven fields have one entry per user arena. The packed columns have one per value, in
    the order of carving; their numbers are native-endian.
    """

    user_arenas: tuple[int, ...]
    homes: tuple[int, ...]  #: the active chunk of each.
    bases: tuple[int, ...]  #: address of each chunk.
    free_bases: tuple[int, ...]  #: lower edge of each chunk's free range after the run.
    free_limits: tuple[int, ...]  #: upper edge.
    last: tuple[int, ...]  #: position in the run of each arena's last value.
    last_pointerful: tuple[int, ...]  #: of its last pointerful one, −1 without any.
    types: tuple[GoType, ...]
    count: int  #: values in the run.
    slots: bytes  #: uint16: position in `user_arenas`.
    kinds: bytes  #: uint16: position in `types`.
    offsets: bytes  #: uint32: bytes from the chunk's base.
    caps: bytes  #: int64: capacity, −1 for a single value; empty when all are single.
    go: ClassVar[str] = "(*mspan).userArenaNextFree, arena.go"
    holds_m: ClassVar[bool] = True

    def sentence(self) -> str:
        values = counted(self.count, "value is", "values are")
        return f"{values} carved off {chunk_list(self.homes)}, all without a refill"

    @property
    def chunks(self) -> tuple[int, ...]:
        """Return the chunks that were carved from."""
        return self.homes


@dataclass(slots=True)
class RunBitsWritten(Event):
    """Bitmap words of several chunks in their final state, as a run's stores leave them.

    For each chunk: its first word, how many follow it here. `after` (uint64) and `clears` (uint8; empty where
    there are no noMorePtrs marks) are those of all chunks, one after the other; `ptr_bytes` what the dummy type's
    become (empty where there are marks).
    """

    homes: tuple[int, ...]
    firsts: tuple[int, ...]
    counts: tuple[int, ...]
    after: bytes
    clears: bytes
    ptr_bytes: tuple[int, ...]
    go: ClassVar[str] = "userArenaHeapBitsSetType, arena.go"
    holds_m: ClassVar[bool] = True

    def sentence(self) -> str:
        words, verb = counted(len(self.after) // 8, "bitmap word"), noun(len(self.after) // 8, "is", "are")
        return f"{words} of {chunk_list(self.homes)} {verb} written"

    @property
    def chunks(self) -> tuple[int, ...]:
        """Return the chunks whose bits were set."""
        return self.homes
