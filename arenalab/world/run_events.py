"""BumpRun and ArenaRun: many different values, and whole arenas of them, one after the other, told as one event.

Rule: the event *is* the change, packed: re-applying it computes nothing that a
solver decided. `replay.expand` gives the single steps behind it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from arenalab.units import counted
from arenalab.world.end_events import MarkedDefunct
from arenalab.world.event import Event, chunk_list

if TYPE_CHECKING:
    from arenalab.go.types import GoType

SINGLE = -1  #: capacity of a value that is no slice, as in the ledger.


@dataclass(slots=True, repr=False)
class BumpRun(Event):
    """Values of several types were allocated for several user arenas, and none needed a refill.

    The first seven fields have one entry per user arena. The packed columns have one per value, in
    the order of allocation; their numbers are native-endian.
    """

    user_arenas: tuple[int, ...]  #: each once.
    homes: tuple[int, ...]  #: the active chunk of each.
    bases: tuple[int, ...]  #: address of each chunk.
    free_bases: tuple[int, ...]  #: lower edge of each chunk's free range after the run.
    free_limits: tuple[int, ...]  #: upper edge.
    last: tuple[int, ...]  #: position in the run of each arena's last value.
    last_pointerful: tuple[int, ...]  #: of its last pointerful one, −1 without any.
    types: tuple[GoType, ...]  #: each once.
    count: int  #: values in the run.
    slots: bytes  #: uint16: position in `user_arenas`.
    kinds: bytes  #: uint16: position in `types`.
    offsets: bytes  #: uint32: bytes from the chunk's base.
    caps: bytes  #: int64: capacity, −1 for a single value; empty when all are single.
    chunk_fields: ClassVar[tuple[str, ...]] = ("homes",)
    go: ClassVar[str] = "(*mspan).userArenaNextFree, arena.go"
    holds_m: ClassVar[bool] = True

    def sentence(self) -> str:
        return f"allocated {counted(self.count, 'value')} in {chunk_list(self.homes)}"


@dataclass(slots=True, repr=False)
class ArenaRun(Event):
    """User arenas were made, filled and freed, each with a chunk off the reuse list, where its Free puts it.

    Arenas are numbered by `made`, then `ended`, then `stay`. The packed columns have one entry for each arena, or for
    each value in the order of time; their numbers are native-endian.
    """

    made: bytes  #: int32: the arenas that were made, in the order of making.
    opened: tuple[int, ...]  #: those of them that are not freed in the run.
    ended: tuple[int, ...]  #: arenas that were there before and were freed.
    stay: tuple[int, ...]  #: arenas that were there before and still are, of which values were allocated.
    handles: bytes  #: int64: slot of the handle of each that was made.
    span: int  #: the span of handles that is cached after the run.
    freeindex: int  #: its slots below are taken.
    spans_made: int  #: spans of handles made so far.
    refilled: tuple[int, ...]  #: those of them that were partial, and were cached.
    sizes: tuple[int, ...]  #: bytes of the small objects of each arena: its handle, refs, and Arena value.
    scan_bytes: tuple[int, ...]  #: up to the last pointer of each.
    scan_alloc: int  #: what one arena's small objects add to scanAlloc.
    refs_cap: int  #: capacity of each refs slice.
    kept: int  #: entries of the reuse list, from its first on, that nobody took.
    reuse: tuple[int, ...]  #: those that stand behind them after the run.
    homes: tuple[int, ...]  #: the arenas' chunks.
    bases: tuple[int, ...]  #: address of each.
    free_bases: tuple[int, ...]  #: lower edge of its free range after the run.
    free_limits: tuple[int, ...]  #: upper edge.
    slots: bytes  #: uint16: position in `homes` of each arena's chunk.
    last: bytes  #: int32: position in the run of each arena's last value, −1 without any.
    last_pointerful: bytes  #: int32: the same of pointerful ones.
    types: tuple[GoType, ...]  #: each once.
    count: int  #: values in the run.
    arenas: bytes  #: uint16: the arena of each value.
    kinds: bytes  #: uint16: position in `types`.
    offsets: bytes  #: uint32: bytes from the chunk's base.
    caps: bytes  #: int64: capacity, −1 for a single value; empty when all are single.
    chunk_fields: ClassVar[tuple[str, ...]] = ("homes",)
    go: ClassVar[str] = "newUserArena, arena.go"

    def sentence(self) -> str:
        made, freed = len(self.made) // 4, len(self.made) // 4 - len(self.opened) + len(self.ended)
        values, where = counted(self.count, "value"), chunk_list(self.homes)
        if made == freed and not self.ended:
            return f"made and freed {counted(made, 'user arena')} one after another: allocated {values} in {where}"
        return f"made {counted(made, 'user arena')}, freed {freed}: allocated {values} in {where}"

    def moved(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Return the chunks that went from the reuse list to an arena that is open, and from an arena to the list."""
        slots, made = memoryview(self.slots).cast("H"), list(memoryview(self.made).cast("i"))
        opened = set(self.opened)
        own = (
            {self.homes[slots[place]] for place, number in enumerate(made) if number in opened}
            if opened
            else set()
        )
        left = {self.homes[slot] for slot in slots[len(made) : len(made) + len(self.ended)]}
        return tuple(sorted(own - left)), tuple(sorted(left - own))


def freed_by(event: Event) -> list[int]:
    """Return the user arenas that an event frees, by itself or in a run."""
    if isinstance(event, ArenaRun):
        opened = set(event.opened)
        return [*(each for each in memoryview(event.made).cast("i") if each not in opened), *event.ended]
    return [event.user_arena] if isinstance(event, MarkedDefunct) else []


@dataclass(slots=True, repr=False)
class RunBitsWritten(Event):
    """Bitmap words of several chunks in their final state, as a run's stores leave them.

    For each chunk: its first word, how many follow it here. `after` (uint64) and `clears` (uint8; empty where
    there are no noMorePtrs marks) are those of all chunks, one after the other; `ptr_bytes` what the dummy type's
    become (empty where there are marks).
    """

    homes: tuple[int, ...]  #: the chunks.
    firsts: tuple[int, ...]  #: of each chunk the first word written.
    counts: tuple[int, ...]  #: words of each chunk.
    after: bytes  #: uint64: the words of all chunks, one after the other.
    clears: bytes  #: uint8: for each word 1 where its noMorePtrs mark went.
    ptr_bytes: tuple[int, ...]  #: of each chunk's dummy type; empty where there is none (up to Go 1.21).
    chunk_fields: ClassVar[tuple[str, ...]] = ("homes",)
    go: ClassVar[str] = "userArenaHeapBitsSetType, arena.go"
    holds_m: ClassVar[bool] = True

    def sentence(self) -> str:
        words = counted(len(self.after) // 8, "bitmap word")
        return f"wrote {words} of {chunk_list(self.homes)}"
