"""Simulation: what an arena for each scope of a kind comes to in memory; beside it the heap as the trace recorded it.

All scopes are solved at once and every value's place is certified; of a sample (the largest scopes, the first, some at
random) the machine performs each step, and every number must be the same. The heap beside it is recorded: no model.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from arenalab.advice.operations import Operations
from arenalab.advice.placement import ON_HEAP, Placement, certified, solved
from arenalab.advice.values import BLOCK
from arenalab.intake.deaths import NEVER
from arenalab.intake.heap_goal import goals_of
from arenalab.intake.lifetimes import ESCAPES, Lifetimes
from arenalab.intake.log import Column, Narrow, TraceLog
from arenalab.intake.objects import Objects
from arenalab.intake.scopes import Scope
from arenalab.narrow import HALF, narrow
from arenalab.units import counted, human

ARENAS = 48  #: that the machine performs of each sample.
VALUES = 50_000  #: objects that it allocates for each sample.
SEED = 17


class Late(NamedTuple):
    """What a pointer to an object that escapes would find after the Free of its arena. Counts of objects."""

    faults: int  #: its chunk is set to fault by the Free, or when the cycle that is marking ends.
    stale: int  #: its old bytes: its chunk, partly used, goes to the next arena, which fills the rest.
    faults_later: int  #: of these: a later arena's Free sets the chunk to fault within the trace.
    on_heap: int  #: too large for a chunk: the heap keeps it as long as there is a pointer.


class RecordedHeap(NamedTuple):
    """The heap as the trace recorded it; bytes, at most. No model in it."""

    in_slots: int  #: of the slots that the scopes' objects had at once, until each was swept.
    heap_alloc: int  #: by the trace's HeapAlloc events: the whole program's.
    heap_goal: int  #: by its HeapGoal events; 0 without any.
    cycles: int  #: collections in the trace.


@dataclass(frozen=True)
class Simulation:
    """A kind's scopes with an arena each. Bytes and counts; peaks are over the whole trace."""

    kind: str  #: of the scopes.
    go: str  #: version that the model followed.
    arenas: int  #: one for each scope.
    objects: int  #: of all scopes.
    open_at_once: int  #: arenas, at most.
    chunks_peak: int  #: chunks of open arenas at once.
    mapped_bytes: int  #: of chunks at once, those on the reuse list included.
    resident_bytes: int  #: the same: the runtime zeroes the whole chunk when it obtains it.
    reserved_bytes: int  #: address space.
    chunks_obtained: int  #: from the ready list or new address space.
    used_bytes: int  #: asked for and placed in chunks.
    wasted_bytes: int  #: left free in chunks that were given up because a value didn't fit.
    refills: int  #: times that a value did not fit the active chunk.
    heap_objects: int  #: too large for a chunk.
    heap_bytes: int  #: of those.
    late: int  #: objects that escape, and so would be touched after Free.
    late_finds: Late  #: what touching those would find.
    heap: RecordedHeap  #: as the trace recorded it.
    performed: int  #: arenas that the machine performed, too, with the same placed.
    #: What the trace does not tell, and what was taken for it.
    assumptions: tuple[str, ...] = field(repr=False)

    def facts(self) -> dict[str, object]:
        """Return the numbers alone."""
        facts = {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "assumptions"}
        return facts | {"late_finds": self.late_finds._asdict(), "heap": self.heap._asdict()}

    def lines(self) -> Iterator[str]:
        """Yield it in words."""
        yield (
            f"{self.kind}, each with an arena of Go {self.go} (model): {counted(self.arenas, 'arena')}, at most "
            f"{self.open_at_once:,} open at once; {counted(self.objects, 'object')}"
        )
        yield (
            f"  chunks: {self.chunks_obtained:,} obtained, at most {self.chunks_peak:,} in open arenas; "
            f"{human(self.mapped_bytes)} mapped and resident at most, {human(self.reserved_bytes)} of addresses"
        )
        yield (
            f"  used {human(self.used_bytes)}, {counted(self.refills, 'refill')}, "
            f"{human(self.wasted_bytes)} left over in them"
        )
        if self.heap_objects:
            large = counted(self.heap_objects, "object")
            yield f"  too large for a chunk: {large}, {human(self.heap_bytes)} on the heap"
        finds = self.late_finds
        yield f"  touched after Free: {counted(self.late, 'object')} at least" + (
            f"; {finds.faults:,} would fault, {finds.stale:,} would still read their old bytes"
            f" ({finds.faults_later:,} of them fault later)"
            if self.late
            else ""
        )
        yield (
            f"  the heap beside it (recorded): these objects' slots came to {human(self.heap.in_slots)} at once, "
            f"HeapAlloc to {human(self.heap.heap_alloc)}; {counted(self.heap.cycles, 'cycle')}"
        )
        yield (
            f"  the machine performed {self.performed:,} of the arenas step by step: no number differs"
            if self.performed
            else f"  certified; the machine performed the first {VALUES:,} objects: each arena has more"
        )
        for each in self.assumptions:
            yield f"  {each}"


def simulated(
    program: Operations, log: TraceLog, objects: Objects, lifetimes: Lifetimes, scopes: list[Scope]
) -> Simulation:
    """Return what giving each of some scopes an arena comes to; `program` is that of just these.

    Raises:
        ModelBug: solver and machine differ.
        GoThrow: the program would die of it.

    """
    placed, rules = solved(program), program.rules
    heap_bytes, heap_objects = _on_heap(program, placed)
    late = what_late_finds(program, placed, escaping(program, lifetimes, scopes))
    return Simulation(
        kind=program.kind, go=rules.version, arenas=program.arenas, objects=len(program.of),
        open_at_once=placed.open_at_once, chunks_peak=placed.chunks_peak,
        mapped_bytes=placed.mapped_peak * rules.chunk.mapped_bytes,
        resident_bytes=placed.mapped_peak * rules.chunk.mapped_bytes,
        reserved_bytes=placed.chunks_reserved * rules.chunk.stride, chunks_obtained=len(placed.faulted),
        used_bytes=int(program.values.nbytes.sum()) - heap_bytes, wasted_bytes=placed.wasted_bytes,
        refills=placed.refills, heap_objects=heap_objects, heap_bytes=heap_bytes,
        late=late.faults + late.stale, late_finds=late,
        heap=recorded_heap(log, objects, program.objects),
        performed=_performed(program),
        assumptions=tuple(program.assumptions()),
    )  # fmt: skip


def _on_heap(program: Operations, placed: Placement) -> tuple[int, int]:
    """Return bytes and number of the objects that are too large for a chunk."""
    rows = np.flatnonzero(placed.life == ON_HEAP)
    return int(program.values.of(rows).nbytes.sum()), len(rows)


def _performed(program: Operations) -> int:
    """Have the machine perform samples, too; return of how many arenas it did all."""
    chosen = samples(program)
    if not chosen:
        certified(program.cut(VALUES))
    return sum(certified(program.chosen(each)) for each in chosen)


def escaping(program: Operations, lifetimes: Lifetimes, scopes: list[Scope]) -> Narrow:
    """Return which of a program's objects outlive their scopes for sure."""
    ends = np.array([(each.earliest_end, each.end) for each in scopes], np.int64).reshape(-1, 2)
    found = [np.zeros(0, np.int64)]
    for at in range(0, len(program.of), BLOCK):
        rows = slice(at, at + BLOCK)
        fate = lifetimes.verdicts(program.objects[rows], *ends[program.of[rows]].T)
        found.append(np.flatnonzero(fate == ESCAPES) + at)
    return np.concatenate(found)


def what_late_finds(program: Operations, placed: Placement, escapes: Narrow) -> Late:
    """Return what pointers to some objects find when their arenas are freed: full chunks go, the last one stays."""
    life = placed.life[escapes]
    there = life != ON_HEAP
    arena = program.of[escapes[there]]
    last = np.full(program.arenas, ON_HEAP)
    in_chunks = np.flatnonzero(placed.life != ON_HEAP)
    last[program.of[in_chunks]] = placed.life[in_chunks]  # in turn: the last one's stays
    stale = life[there] == last[arena]
    later = placed.faulted[life[there][stale]] != NEVER
    return Late(
        int(np.logical_not(stale).sum()), int(stale.sum()), int(later.sum()), int(np.logical_not(there).sum())
    )


def recorded_heap(log: TraceLog, objects: Objects, rows: Narrow) -> RecordedHeap:
    """Return what the trace tells of the heap while some objects lived there."""
    size = narrow(objects.size[rows], HALF)
    tiny = np.flatnonzero(objects.tiny[rows])
    slot, end = objects.slot[rows[tiny]], objects.end[rows[tiny]]
    order = np.lexsort((end, slot))
    # Of those that share a slot the first stands for all: they end together.
    again = np.logical_and(np.diff(slot[order], prepend=-1) == 0, np.diff(end[order], prepend=-1) == 0)
    size[tiny[order[again]]] = 0
    return RecordedHeap(
        _most_at_once(len(log.heap), objects, rows, size),
        max((each.arguments[0] for each in log.other.of("HeapAlloc")), default=0),
        max(goals_of(log), default=0),
        sum(1 for _ in log.other.of("GCEnd")),
    )


def _most_at_once(moments: int, objects: Objects, rows: Narrow, size: Narrow) -> int:
    """Return the most bytes that some objects had at once, of `size` each from birth to end."""
    change = np.zeros(moments + 1, size.dtype)
    for at in range(0, len(rows), BLOCK):
        mine, nbytes = rows[at : at + BLOCK], size[at : at + BLOCK]
        change[objects.birth[mine]] = nbytes
        end = objects.end[mine]
        ended = np.logical_and(end != NEVER, nbytes > 0)  # no two of these end with one event
        change[end[ended]] = -nbytes[ended]
    most = live = 0
    for at in range(0, len(change), BLOCK):
        total = change[at : at + BLOCK].cumsum(dtype=np.int64) + live
        most, live = max(most, int(total.max())), int(total[-1])
    return most


def samples(program: Operations) -> list[Column]:
    """Return the scopes that the machine performs, sample by sample: the first, the largest, some at random.

    As many as it performs in about a second; of a small program that is all of it.
    """
    sizes = np.bincount(program.of, minlength=program.arenas)
    if program.arenas <= 3 * ARENAS and len(program.of) <= 3 * VALUES:
        return [np.arange(program.arenas)]
    found: list[Column] = []
    for order in (
        np.argsort(program.made),
        np.argsort(-sizes, kind="stable"),
        np.random.default_rng(SEED).permutation(program.arenas),
    ):
        fresh = order[np.logical_not(np.isin(order, np.concatenate([*found, np.zeros(0, np.int64)])))][
            : 4 * ARENAS
        ]
        fits = fresh[sizes[fresh] <= VALUES][:ARENAS]
        found.append(fits[: max(1, int(np.searchsorted(sizes[fits].cumsum(), VALUES, side="right")))])
    return [each for each in found if len(each)]
