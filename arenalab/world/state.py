"""World: everything the model knows at one moment.

Rules:
1. Only `apply` writes. `span_to_write` and `user_arena_to_write` are for it alone.
2. What never changes (objects, bitmap stores, pointer stores) is kept in shared append-only
   columns; what does change is small and copied: `fork()` costs microseconds.
3. Two Worlds are equal when they would answer every question alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import TYPE_CHECKING, ClassVar

from arenalab.asked import Called, position, whole
from arenalab.go.rules import GoRules
from arenalab.names import Named
from arenalab.units import plainly
from arenalab.world.actors import MAIN
from arenalab.world.columns import Columns
from arenalab.world.heap_bits import HeapBits
from arenalab.world.late_table import LateTable
from arenalab.world.scan_limits import scan_limits
from arenalab.world.slots import Slots
from arenalab.world.tables import (
    Counters,
    G,
    GCState,
    HandleSpans,
    HeapArena,
    HeapObject,
    MSpan,
    P,
    SmallHeap,
    UserArena,
    copied,
    copied_small,
    copied_spans,
    renewed,
)
from arenalab.world.weak import SpanKey, WeakHandle

if TYPE_CHECKING:
    from arenalab.go.types import GoType

#: One row per object: address, bytes, index into World.types, capacity (−1 for a single value),
#: user arena, chunk (−1 heap, −2 zerobase). History tells which operation made a row.
LEDGER = ("addr", "size", "type", "cap", "user_arena", "chunk")
ON_HEAP, AT_ZEROBASE = -1, -2
NO_ARENA = -1  #: in the ledger: made by no user arena, as a copy that Clone made.

_epochs = count(1)


class World(Named, metaclass=Called):
    """All state at one moment; read freely, write through `apply` only."""

    offered: ClassVar[tuple[str, ...]] = (
        *(
            "bits",
            "counted",
            "counters",
            "died",
            "differences",
            "fault",
            "gc",
            "heap_arenas",
            "heap_objects",
            "holds",
        ),
        *(
            "ledger",
            "list_of",
            "now",
            "owner_of",
            "ps",
            "quarantine",
            "ready",
            "reuse",
            "rules",
            "scan_alloc",
        ),
        *("scan_limits", "slots", "span_of", "spans", "types", "user_arenas", "weak_pointers"),
    )

    __slots__ = (
        "births",
        "bits",
        "cells",
        "counters",
        "died",
        "epoch",
        "fault",
        "gc",
        "gs",
        "handle_spans",
        "handles",
        "heap_arenas",
        "heap_objects",
        "holders",
        "holds",
        "ledger",
        "masks",
        "now",
        "on_p",
        "ps",
        "quarantine",
        "ready",
        "reuse",
        "rules",
        "running",
        "scan_limits",
        "scratch",
        "slots",
        "small",
        "spans",
        "specials",
        "swept",
        "type_index",
        "types",
        "unswept",
        "user_arenas",
        "weak_handles",
        "weak_pointers",
    )  # fmt: skip

    def __init__(self, rules: GoRules) -> None:
        """Start a program under `rules`, before its first operation."""
        self.rules = rules  #: version, platform, build and settings that it runs under.
        self.epoch = next(_epochs)  #: which rows this World may write: those of the same number.
        self.now = 0  #: events applied so far.
        self.died = ""  #: text of the panic or throw that ended the program, "" while it lives.
        self.types: list[GoType] = []  #: types in order of first use.
        self.type_index: dict[GoType, int] = {}  #: the same, inverted.
        self.ledger = Columns(LEDGER)  #: every object ever made, in order: an int64 row each.
        self.bits = HeapBits(rules.chunk_bitmap_words)  #: the heap bitmap: uint64 words by chunk.
        self.scan_limits = scan_limits(rules)  #: where a scan of each chunk ends.
        self.masks: dict[int, int] = {}  #: types whose mask was built at first use -> its bytes.
        self.slots = Slots()  #: pointer words that the program stored: address -> what stands there.
        self.cells: dict[tuple[int, int], int] = {}  #: (ledger row, offset) -> pointer-free value there.
        self.scratch: tuple[int, int, int] | None = None  #: (address, bits, type) of a GC program's output.
        self.spans: list[MSpan] = []  #: chunks by number.
        self.births: dict[int, int] = {}  #: chunk -> ledger rows before it was last obtained.
        self.heap_arenas: list[HeapArena] = []  #: reserved address space, in the order of reserving.
        self.user_arenas = LateTable[int, UserArena]()  #: by the program's number, in order of making.
        #: Those of them that may hold chunks, in the same order, or were freed through a copy: the others leave.
        self.holders: dict[int, None] = {}
        self.ready: list[int] = []  #: mheap.userArena.readyList, head first.
        self.quarantine: list[int] = []  #: mheap.userArena.quarantineList, head first.
        self.reuse: list[int] = []  #: userArenaState.reuse, oldest first.
        self.fault: list[int] = []  #: userArenaState.fault, oldest first.
        self.swept: dict[int, list[int]] = {0: [], 1: []}  #: swept full sets by span class, oldest first.
        self.unswept: dict[int, list[int]] = {0: [], 1: []}  #: unswept full sets by span class.
        self.holds: dict[int, int] = {}  #: the program's globals: number -> address.
        self.heap_objects: dict[int, HeapObject] = {}  #: live ordinary objects by ledger row.
        self.specials: dict[SpanKey, tuple[int, ...]] = {}  #: span -> weak handles of its specials, if any.
        self.weak_handles: dict[int, WeakHandle] = {}  #: all that were made, by number.
        self.weak_pointers: dict[int, int] = {}  #: the program's weak pointers: number -> handle, −1 of nil.
        self.counters = Counters()  #: Go's counters: bytes, pages and numbers of objects.
        self.gc = GCState()  #: the collector: phase, queue, pacing.
        self.ps = [P()]  #: processors by number.
        self.gs = {MAIN: G()}  #: goroutines of the program, by actor.
        self.running, self.on_p = MAIN, 0  #: the goroutine that runs now, or ran last, and its processor.
        self.handle_spans = HandleSpans()  #: spans that the arenas' handles are in.
        self.small = SmallHeap()  #: the runtime's own small objects on the heap.
        self.handles: dict[int, int] = {}  #: user arena -> slot of its handle, until that is swept.

    # reading

    @property
    def p(self) -> P:
        """Return the processor of whoever runs now: the goroutine's, and that of the runtime's own beside it."""
        return self.ps[self.on_p]

    def cached_by(self, span: int) -> list[P]:
        """Return the processor that has a span of handles cached: one, or none."""
        return [p for p in self.ps if p.handle_span == span]

    @property
    def scan_alloc(self) -> int:
        """Return scanAlloc of all processors together."""
        return sum(p.scan_alloc for p in self.ps)

    def counted(self) -> dict[str, int]:
        """Return all counters, name -> value: the heap's, in the order of `Counters`, then scan_alloc."""
        return {**self.counters.as_dict(), "scan_alloc": self.scan_alloc}

    def span_of(self, addr: int) -> MSpan | None:
        """Return the chunk that covers an address, None outside all chunks. Go: spanOf, mheap.go, 1.21.

        Raises:
            ArgumentError: no whole number.

        """
        if type(addr) is not int:
            addr = whole("addr", addr, "an address, a whole number")
        size = self.rules.chunk.stride
        for heap_arena in self.heap_arenas:
            offset = addr - heap_arena.base
            if 0 <= offset < heap_arena.chunks * size:
                return self.spans[heap_arena.first_chunk + offset // size]
        return None

    @property
    def sweep_due(self) -> bool:
        """Whether the sweep that follows the last cycle has yet to visit something."""
        return any(self.unswept.values()) or self.small.swept != self.gc.sweepgen

    def holding(self) -> Iterator[UserArena]:
        """Walk through the user arenas that may hold chunks, in the order of their making."""
        return (self.user_arenas[number] for number in self.holders)

    def list_of(self, chunk: int) -> str:
        """Describe where a chunk is: active, full, reuse, fault, quarantine, ready, or "in transit".

        >>> import arenalab
        >>> arenalab.Lab(gogc="off").new_arena().lab.world.list_of(0)
        'active'

        Raises:
            NoSuchError: there is no such chunk.

        """
        chunk = position("chunk", chunk, len(self.spans), "the number of a chunk")
        for name in ("ready", "quarantine", "reuse", "fault"):
            if chunk in getattr(self, name):
                return name
        for user_arena in self.holding():
            if user_arena.active == chunk:
                return "active"
            if chunk in user_arena.full_list:
                return "full"
        return "in transit"

    def owner_of(self, chunk: int) -> int | None:
        """Return the user arena that a chunk belongs to now, None on the global lists.

        Raises:
            NoSuchError: there is no such chunk.

        """
        chunk = position("chunk", chunk, len(self.spans), "the number of a chunk")
        for user_arena in self.holding():
            if chunk in user_arena.refs:
                return user_arena.id
        return None

    # copying and comparing

    def fork(self, *, apart: bool = False) -> World:
        """Return an equal World that shares what never changes; either may then go its own way.

        With `apart`, it goes a way of its own from the first row on that it writes, and leaves none here.
        """
        twin = World.__new__(World)
        for name in _KEPT:
            setattr(twin, name, getattr(self, name))
        for name in _COPIED:
            setattr(twin, name, getattr(self, name).copy())
        twin.ledger, twin.bits = self.ledger.fork(apart=apart), self.bits.fork(apart=apart)
        twin.slots, twin.scan_limits = self.slots.fork(apart=apart), self.scan_limits.fork(apart=apart)
        twin.swept = {k: list(v) for k, v in self.swept.items()}
        twin.unswept = {k: list(v) for k, v in self.unswept.items()}
        twin.counters, twin.gc = renewed(self.counters), copied(self.gc)
        twin.ps = [renewed(p, cached=dict(p.cached)) for p in self.ps]
        twin.gs = {actor: renewed(g) for actor, g in self.gs.items()}
        twin.handle_spans, twin.small = copied_spans(self.handle_spans), copied_small(self.small)
        twin.epoch, self.epoch = next(_epochs), next(_epochs)
        return twin

    def become(self, other: World) -> None:
        """Take over all of another World, which is not used any more, so that whoever has this one sees it."""
        for name in World.__slots__:
            setattr(self, name, getattr(other, name))

    def span_to_write(self, chunk: int) -> MSpan:
        """Return a chunk's row, unshared. For `apply` only."""
        span = self.spans[chunk]
        if span.epoch != self.epoch:
            span = self.spans[chunk] = renewed(span, epoch=self.epoch)
        return span

    def user_arena_to_write(self, number: int) -> UserArena:
        """Return a user arena's row, unshared. For `apply` only."""
        row = self.user_arenas[number]
        if row.epoch != self.epoch:
            row = renewed(row, full_list=list(row.full_list), refs=list(row.refs), epoch=self.epoch)
            self.user_arenas[number] = row
        return row

    def differences(self, other: World) -> list[str]:
        """Name the parts in which two Worlds differ; empty when they are equal."""
        names = (name for name in World.__slots__ if name not in ("epoch", "now"))
        return [name for name in names if getattr(self, name) != getattr(other, name)]

    def __eq__(self, other: object) -> bool:
        """Compare everything but where the rows are kept and in how many events they came."""
        return isinstance(other, World) and not self.differences(other)

    __hash__ = None  # type: ignore[assignment]  # it changes

    def __repr__(self) -> str:
        """Describe when and how much."""
        held = f"{plainly(len(self.spans), 'chunk')}, {plainly(len(self.ledger), 'object')}"
        return f"<World after {plainly(self.now, 'event')}: {held}>"


#: What a fork does not write apart by hand: values that never change, and tables and lists of such values.
_KEPT = ("died", "now", "on_p", "rules", "running", "scratch")
_COPIED = (
    "births", "cells", "fault", "handles", "heap_arenas", "heap_objects", "holders", "holds", "masks", "quarantine",
    "ready", "reuse", "spans", "specials", "type_index", "types", "user_arenas", "weak_handles", "weak_pointers",
)  # fmt: skip
