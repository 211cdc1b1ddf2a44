"""The rows of the world's tables: a chunk's span, a user arena's handle, the GC, the counters.

Each field says what it holds and with what it must agree. Names are Go's.
Follows mspan (mheap.go), userArena (arena.go) and gcControllerState (mgcpacer.go) of Go 1.21.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar

from arenalab.go.mirror import mirrors
from arenalab.world.late_table import LateTable

MSPAN_DEAD, MSPAN_IN_USE = 0, 1
GC_OFF, GC_MARK, GC_MARK_TERMINATION = 0, 1, 2
R = TypeVar("R")
PHASE_NAMES = ("off", "mark", "mark termination")


@dataclass(slots=True)
class MSpan:
    """One chunk: 8 MiB of addresses, for ever; Go's collector sees it as a single large object."""

    chunk: int  #: number of the chunk, in the order in which chunks came to be.
    base: int  #: address of its first byte.
    npages: int  #: runtime pages; the size never changes.
    spanclass: int = 0  #: 0 while it may hold pointers, 1 (noscan) once it is set to fault.
    state: int = MSPAN_DEAD  #: 0 on the ready list, else 1.
    free_base: int = 0  #: userArenaChunkFree.base: pointerful objects grow up from here.
    free_limit: int = 0  #: userArenaChunkFree.limit: pointer-free ones grow down from here.
    is_user_arena_chunk: bool = False  #: set at first use, never reset.
    needzero: int = 0  #: 0 whenever the chunk can be allocated from.
    freeindex: int = 0  #: 1 when obtained, 0 after its first sweep.
    free_index_for_scan: int = 0  #: the same for the collector.
    alloc_count: int = 0  #: 1 while the "large object" is there.
    limit: int = 0  #: end of the usable bytes; below base + size only under asan.
    elemsize: int = 0  #: bytes of the "large object".
    nelems: int = 0  #: always 1 once used.
    mark_bit: int = 0  #: gcmarkBits of the object: found by the present cycle.
    alloc_bit: int = 0  #: allocBits of the object: marked by the cycle before.
    page_in_use: int = 0  #: pageInUse bit; set at first use, never reset.
    specials: bool = False  #: whether a special hangs on it: one leads to each weak handle.
    sweepgen: int = 0  #: equals the heap's once swept, the heap's − 2 before.
    faulted: bool = False  #: whether touching it faults (PROT_NONE); true on quarantine and ready.
    poisoned: bool = False  #: whether a sanitizer reports touching it.
    epoch: int = field(default=0, compare=False, repr=False)  #: which World may write this row.

    @property
    def free_bytes(self) -> int:
        """Bytes between the two bump pointers. Go: addrRange.size, mranges.go, 1.21."""
        return max(0, self.free_limit - self.free_base)

    @property
    def mapped(self) -> bool:
        """Whether it is in use and has memory: not set to fault, not on the ready list."""
        return self.state == MSPAN_IN_USE and not self.faulted

    @property
    def noscan(self) -> bool:
        """Whether the collector leaves its memory alone."""
        return self.spanclass == 1

    @property
    @mirrors("arena.go", "(*mspan).isUnusedUserArenaChunk")
    def unused(self) -> bool:
        """Whether it is set to fault, though perhaps still in use; such chunks are left out of statistics."""
        return self.is_user_arena_chunk and self.spanclass == 1


@dataclass(slots=True)
class UserArena:
    """The handle: what `arena.Arena` points to (48 bytes on the heap)."""

    id: int  #: the program's number for it.
    active: int | None = None  #: chunk being filled; equals refs[-1]; None after free.
    full_list: list[int] = field(default_factory=list)  #: full chunks, head (latest) first.
    refs: list[int] = field(default_factory=list)  #: chunks in order of use; keeps them alive.
    defunct: bool = False  #: set by free.
    dropped: bool = False  #: the program forgot the handle without freeing.
    finalizer: bool = False  #: whether free runs when the collector finds the handle dropped.
    refs_cap: int = 0  #: capacity of the refs slice's backing array.
    last_object: int = -1  #: ledger row of the last object placed in a chunk, −1 before the first.
    last_pointerful: int = -1  #: the same for the last pointerful one.
    marked: bool = False  #: mark bit of the handle: found by the present cycle, or allocated while marking.
    epoch: int = field(default=0, compare=False, repr=False)  #: which World may write this row.

    @property
    def chunks(self) -> list[int | None]:
        """The full chunks, the oldest first, and the active one: what refs are, for free walks both."""
        return [*reversed(self.full_list), self.active]


@dataclass(slots=True, frozen=True)
class HeapArena:
    """64 MiB of address space, split into chunks and reserved for them for ever."""

    base: int  #: address of its first byte.
    first_chunk: int  #: number of its first chunk; the others follow.
    chunks: int  #: how many chunks it is split into.
    zeroed_base: int = 0  #: bytes from the base that were handed out at least once.


@dataclass(slots=True, frozen=True)
class HeapObject:
    """An heap object that the model follows: a redirected or cloned one."""

    row: int  #: its ledger row.
    npages: int  #: pages of its own span; 0 when it shares one.
    noscan: bool  #: whether it holds no pointers.
    sweepgen: int  #: the heap's when it was made.
    marked: bool = False  #: kept by the cycle under way.


@dataclass(slots=True)
class HandleSpans:
    """The spans of the 48-byte class in which handles live: 170 slots each, numbered from 0.

    Slots decide in which order finalizers are queued, so the model follows who gets which.
    """

    partial: list[int] = field(default_factory=list)  #: swept spans with room, next to be cached first.
    unswept: list[int] = field(default_factory=list)  #: spans that the sweeper has yet to visit.
    made: int = 0  #: spans made so far.
    #: slot -> user arena: `World.handles` turned round, so that one span can be looked at alone.
    taken: dict[int, int] = field(default_factory=dict)


def class_key(size: int, scan_bytes: int) -> int:
    """Return the key of a span class: the object size, negative for pointer-free objects."""
    return size if scan_bytes else -size


ARENA_OBJECTS = ("handle", "refs", "Arena")  #: the small objects of a new arena, in the order of making.


@dataclass(slots=True, frozen=True)
class SmallObject:
    """A small object of the runtime's own: handle, Arena wrapper, or backing array of a slice."""

    what: str  #: "handle", "Arena", "refs", "reuse", "fault", "frame" or "weak handles".
    owner: int  #: user arena, −1 for the global lists.
    size: int  #: bytes of its size class.
    scan_bytes: int  #: bytes up to its last pointer slot.
    sweepgen: int  #: the heap's when it was made.
    marked: bool = False  #: kept by the cycle under way.


class Newest(LateTable[tuple[str, int], int]):
    """The numbers of small objects: of each kind of each owner the newest."""

    __slots__ = ()

    @staticmethod
    def ranks(keys: list[tuple[str, int]]) -> list[int]:
        """Return the owners."""
        return [owner for _, owner in keys]


@dataclass(slots=True)
class SmallHeap:
    """What the runtime itself keeps on the heap for user arenas."""

    #: By number, ascending; garbage until it is swept.
    objects: LateTable[int, SmallObject] = field(default_factory=LateTable)
    newest: Newest = field(default_factory=Newest)  #: (what, owner) -> number.
    made: int = 0  #: objects made so far.
    swept: int = 0  #: sweepgen up to which small objects were swept.
    reuse_cap: int = 0  #: capacity of userArenaState.reuse.
    fault_cap: int = 0  #: capacity of userArenaState.fault; back to 0 when the list is taken.


@dataclass(slots=True)
class P:
    """What Go keeps for each processor: its mcache.

    The first allocation from a size class after a flush refills the class: heapLive grows by the span's free
    bytes, and scanAlloc is handed over to heapScan. What others keep in those spans, and a second span of a
    class, are not modelled. Go: p and mcache, runtime2.go and mcache.go, 1.21.
    """

    scan_alloc: int = 0  #: mcache.scanAlloc: bytes to scan that heapScan doesn't know of yet.
    cached: dict[int, int] = field(default_factory=dict)  #: cached class -> bytes taken since its refill.
    handle_span: int = -1  #: the cached span of the handles' class, −1 for none; flushed at mark termination.
    freeindex: int = 0  #: slots of that span below it are taken.
    tiny_block: int = -1  #: small object that is the tiny allocator's block, −1 for none.
    tiny_taken: int = 0  #: bytes of it that are taken.


@dataclass(slots=True)
class G:
    """What Go keeps for each goroutine of the program.

    Whether it holds its M follows from its last event, and is its process's to know (`machine/scheduler.py`).
    """

    p: int = 0  #: the P that it runs on, or ran on last.
    assist_bytes: int = 0  #: g.gcAssistBytes: credit for allocating while marking; negative is debt.


@dataclass(slots=True)
class GCState:
    """Phase and bookkeeping of the collector."""

    phase: int = GC_OFF  #: 0 off, 1 mark, 2 mark termination.
    sweepgen: int = 0  #: the heap's; moves by 2 a cycle. Relative to the start of the run.
    cycles: int = 0  #: cycles begun.
    grey: list[tuple[int, int]] = field(default_factory=list)  #: (chunk, oblet) queued for scanning.
    finalizers: list[int] = field(
        default_factory=list
    )  #: user arenas whose finalizer is queued, oldest first.
    bytes_marked: int = 0  #: bytes marked so far in this cycle, chunks only.
    heap_scan_work: int = 0  #: up to the farthest pointer slot of each oblet scanned.
    heap_marked: int = 0  #: heap_live right after the last mark termination.
    triggered: int = 0  #: heap_live when the cycle under way began.
    goal: int = 0  #: heap_live that the pacer aims at.
    trigger: int = 0  #: heap_live at which the next cycle starts.

    @property
    def marking(self) -> bool:
        """Whether what is allocated now is allocated black: in any phase but off."""
        return self.phase != GC_OFF


@dataclass(slots=True)
class Counters:
    """The runtime's counters, as changes since the run began. The names are Go's."""

    heap_in_use: int = 0  #: gcController.heapInUse
    heap_released: int = 0  #: gcController.heapReleased
    heap_free: int = 0  #: gcController.heapFree
    total_alloc: int = 0  #: gcController.totalAlloc
    total_free: int = 0  #: gcController.totalFree
    heap_live: int = 0  #: gcController.heapLive
    heap_scan: int = 0  #: gcController.heapScan
    mapped_ready: int = 0  #: gcController.mappedReady
    committed: int = 0  #: heapStats.committed
    released: int = 0  #: heapStats.released
    in_heap: int = 0  #: heapStats.inHeap
    large_alloc: int = 0  #: heapStats.largeAlloc
    large_alloc_count: int = 0  #: heapStats.largeAllocCount
    large_free: int = 0  #: heapStats.largeFree
    large_free_count: int = 0  #: heapStats.largeFreeCount
    pages_in_use: int = 0  #: mheap.pagesInUse
    numgc: int = 0  #: memstats.numgc

    def as_dict(self) -> dict[str, int]:
        """Return name -> value, in the order above."""
        return dict(zip(_COUNTERS, _VALUES(self), strict=True))

    def since(self, before: Counters) -> dict[str, int]:
        """Return what changed since `before`, zero changes left out."""
        pairs = ((f.name, getattr(self, f.name) - getattr(before, f.name)) for f in fields(self))
        return {name: change for name, change in pairs if change}


_COUNTERS = tuple(field.name for field in fields(Counters))
_VALUES = attrgetter(*_COUNTERS)


def renewed(record: R, **changes: Any) -> R:
    """Return a copy of a row with changes, as `dataclasses.replace` does five times as slowly: seeking copies many."""
    kind: Any = type(record)
    twin: R = kind(*_getter(kind)(record))
    for name, value in changes.items():
        setattr(twin, name, value)
    return twin


@cache
def _getter(kind: Any) -> Callable[[Any], tuple[Any, ...]]:
    names = [each.name for each in fields(kind)]
    if len(names) == 1:
        return lambda record: (getattr(record, names[0]),)
    return attrgetter(*names)


def copied_spans(spans: HandleSpans) -> HandleSpans:
    """Return a copy that shares no list."""
    partial, unswept, taken = list(spans.partial), list(spans.unswept), dict(spans.taken)
    return renewed(spans, partial=partial, unswept=unswept, taken=taken)


def copied_small(small: SmallHeap) -> SmallHeap:
    """Return a copy that shares no table."""
    return renewed(small, objects=small.objects.copy(), newest=small.newest.copy())


def copied(gc: GCState) -> GCState:
    """Return a copy of the collector's state that shares no list with it."""
    return renewed(gc, grey=list(gc.grey), finalizers=list(gc.finalizers))
