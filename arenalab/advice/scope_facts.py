"""ScopeFacts: what of a trace the costs of a kind of scope rest on, small enough to keep: counts by type and size.

Recorded, no model in it. An annotation of the trace itself (`trace.Region`) is left out: nobody allocates it untraced.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from arenalab.go.sizeclasses import TINY_SIZE
from arenalab.intake.gc_share import GCShare
from arenalab.intake.lifetimes import DEAD, ESCAPES, Lifetimes
from arenalab.intake.log import TraceLog
from arenalab.intake.objects import Objects
from arenalab.intake.scopes import Scope
from arenalab.intake.verdict import Verdict

Numbers = NDArray[np.float64]
Column = NDArray[np.int64]
Flags = NDArray[np.bool_]
BLOCK = 2**19  #: objects that are grouped at a time.
OF_TRACING = ("trace.Region",)
#: Bytes that tracing keeps alive: two buffers for CPU samples. Go: traceStartReadCPU, newProfBuf, 1.23 to 1.27.
BUFFERS = 2 * (8 * 2**17 + 8 * 2**14)
COLUMNS = ("slot", "asked", "elements", "pointers", "count", "dead", "escapes", "gone", "kept")


@dataclass(frozen=True)
class Groups:
    """Objects that are alike; equal-length columns. Bytes are those of one object."""

    types: list[str]  #: as Go writes them.
    slot: Column  #: bytes that it takes of the heap.
    asked: Column  #: bytes of its type; its slot's where the type is not known.
    elements: Column  #: of a slice, 0 for what is none.
    pointers: Column  #: 1 where the collector reads it.
    count: Column  #: how many there are.
    dead: Column  #: how many are dead in scope,
    escapes: Column  #: and how many escape; the others are undecided.
    #: Of the scopes that ended last before a cycle, so to speak just before a collection: how many objects that cycle
    #: found unreachable, and how many it did not. A fair sample, unlike the decided: dead in scope is rarely seen.
    gone: Column
    kept: Column  #: see `gone`.

    def __len__(self) -> int:
        """Return the number of groups."""
        return len(self.types)

    @property
    def undecided(self) -> Column:
        """How many may be either."""
        return self.count - self.dead - self.escapes

    def sum(self, of: Any) -> float:
        """Return a sum over all objects, of a number for each group."""
        return float((np.asarray(of) * self.count).sum())


@dataclass(frozen=True)
class ScopeFacts:
    """One kind of scope of one trace."""

    kind: str  #: of the scopes.
    version: int  #: of the trace's format: 26 is written by Go 1.26 and 1.27.
    scopes: int  #: how many.
    open_at_once: int  #: scopes, at most.
    program: float  #: seconds that goroutines ran, GC workers and assists apart, noting objects included.
    gc: float  #: seconds that marking, assists and sweeping took.
    cycles: int  #: collections in the trace.
    allocated: int  #: objects, of the scopes or not.
    within: Groups = field(repr=False)  #: objects of the scopes.
    outside: Groups = field(repr=False)  #: allocated by others meanwhile.
    there: Groups = field(
        repr=False
    )  #: was alive besides, at the last cycle; without one, when tracing began.

    @property
    def live(self) -> float:
        """Bytes that stay alive on the heap, tracing's own apart."""
        return max(self.there.sum(self.there.slot) - BUFFERS, 0.0)

    def facts(self) -> dict[str, Any]:
        """Return all of it as JSON holds it."""
        rows = {name: _rows(getattr(self, name)) for name in ("within", "outside", "there")}
        return {name: getattr(self, name) for name in SCALARS} | rows

    @classmethod
    def of(cls, said: dict[str, Any]) -> ScopeFacts:
        """Return them from what `facts` gave."""
        groups: dict[str, Any] = {name: _groups(said[name]) for name in ("within", "outside", "there")}
        return cls(**{name: said[name] for name in SCALARS}, **groups)


SCALARS = (*("kind", "version", "scopes", "open_at_once", "program", "gc", "cycles", "allocated"),)


def _rows(groups: Groups) -> list[list[Any]]:
    columns = (getattr(groups, name).tolist() for name in COLUMNS)
    return [list(row) for row in zip(groups.types, *columns, strict=True)]


def _groups(rows: list[list[Any]]) -> Groups:
    columns = np.array([row[1:] for row in rows], np.int64).reshape(len(rows), len(COLUMNS)).T
    return Groups([row[0] for row in rows], *columns)


def scope_facts(
    log: TraceLog, objects: Objects, lifetimes: Lifetimes, gc: GCShare, scopes: list[Scope], found: Verdict
) -> ScopeFacts:
    """Return what the costs of a kind of scope rest on; `scopes` and `found` are of that kind."""
    fate, after = np.zeros((2, len(objects)), np.int8)
    inside = np.zeros(len(objects), np.bool_)
    inside[found.objects], fate[found.objects] = True, found.fate
    after[found.objects] = _just_before_cycles(lifetimes, scopes, found)
    real = np.logical_not(np.isin(_names(objects), OF_TRACING))[objects.type]
    meanwhile = np.logical_and(real, np.logical_not(objects.before))
    there = np.logical_and(
        _alive(log, objects, lifetimes), np.logical_or(np.logical_not(inside), fate == ESCAPES)
    )
    kinds = _Kinds(objects)
    outside = np.logical_and(meanwhile, np.logical_not(inside))
    return ScopeFacts(
        found.kind, log.version, found.scopes, found.open_at_once, max(gc.program - _listing(log), 0.0), gc.gc,
        len(lifetimes.cycles), int(meanwhile.sum()), kinds.grouped(np.logical_and(real, inside), fate, after),
        kinds.grouped(outside, fate, after), kinds.grouped(there, fate, after),
    )  # fmt: skip


def _just_before_cycles(lifetimes: Lifetimes, scopes: list[Scope], found: Verdict) -> NDArray[np.int8]:
    """Return for each object 1 kept or -1 gone, in the cycle before which its scope was the last to end; else 0."""
    cycles = lifetimes.cycles
    ends = np.array([each.end for each in scopes], np.int64)
    order = np.argsort(ends, kind="stable")
    last = np.searchsorted(ends[order], cycles.begin) - 1
    begin, end = np.full((2, len(ends)), -1)
    for cycle in np.flatnonzero(last >= 0)[::-1]:  # of several cycles after one scope the first counts
        begin[order[last[cycle]]], end[order[last[cycle]]] = cycles.begin[cycle], cycles.latest_end[cycle]
    answer = np.zeros(len(found.objects), np.int8)
    rows = np.flatnonzero((begin >= 0)[found.of])
    objects, of = found.objects[rows], found.of[rows]
    kept, gone = lifetimes.alive[objects] >= begin[of], lifetimes.dead[objects] <= end[of]
    answer[rows] = kept.astype(np.int8) - gone.astype(np.int8)
    return answer


def _listing(log: TraceLog) -> float:
    """Return the seconds in which tracing, as it began, listed what was there: who began it seems to run."""
    listed = log.heap.time[log.heap.rows("HeapObject")]
    return int(listed.max() - listed.min()) / log.ticks if len(listed) and log.ticks else 0.0


def _names(objects: Objects) -> NDArray[np.str_]:
    return np.array([each.name for each in objects.types] or ["?"])


def _alive(log: TraceLog, objects: Objects, lifetimes: Lifetimes) -> NDArray[np.bool_]:
    """Return what the last cycle that swept whole found reachable; without one, what was there before."""
    begins = lifetimes.cycles.begin[-2:]
    if len(begins) < 2 or not begins[0]:
        return objects.before.copy()
    born = log.heap.time[objects.birth]
    answer: NDArray[np.bool_] = np.logical_and(lifetimes.alive >= begins[0], born < begins[0])
    return answer


class _Kinds:
    """All objects by type, slot, and whether they have pointers: the kinds that there are, and whose is which."""

    def __init__(self, objects: Objects) -> None:
        """Number the kinds; block by block, as a trace may have millions of objects."""
        self.objects = objects
        spans = objects.spans
        self.sizes, place = np.unique(np.append(spans.size, 0), return_inverse=True)
        noscan = np.append(spans.noscan, True)  # the last: of no span
        self.of_span = 2 * place.reshape(-1) + noscan
        self.wide = 2 * len(self.sizes)
        parts = [np.unique(self._keys(block)) for block in self._blocks()]
        self.keys = np.unique(np.concatenate(parts)) if parts else np.zeros(0, np.int64)

    def _blocks(self) -> Iterator[slice]:
        yield from (slice(start, start + BLOCK) for start in range(0, len(self.objects), BLOCK))

    def _keys(self, block: slice) -> Column:
        keys: Column = (
            self.objects.type[block].astype(np.int64) * self.wide + self.of_span[self.objects.span[block]]
        )
        return keys

    def grouped(self, chosen: Flags, fate: NDArray[np.int8], after: NDArray[np.int8]) -> Groups:
        """Return the chosen objects by kind; kinds of which none was chosen are left out."""
        counts = np.zeros((5, len(self.keys)), np.int64)
        for block in self._blocks():
            mine = chosen[block]
            of = np.searchsorted(self.keys, self._keys(block)[mine])
            fates, afterwards = fate[block][mine], after[block][mine]
            chosen_by = (None, fates == DEAD, fates == ESCAPES, afterwards < 0, afterwards > 0)
            for row, rows in enumerate(chosen_by):
                counts[row] += np.bincount(of if rows is None else of[rows], minlength=len(self.keys))
        there = np.flatnonzero(counts[0])
        return self._groups(self.keys[there], counts[:, there])

    def _groups(self, keys: Column, counts: Column) -> Groups:
        """Return what is known of some kinds, with their counts."""
        kind, of = np.divmod(keys, self.wide)
        slot, noscan = self.sizes[of // 2], of % 2
        tiny = np.logical_and(slot == TINY_SIZE, noscan == 1)
        size = np.array([each.size for each in self.objects.types] or [0], np.int64)[kind]
        known = np.logical_and(size > 0, size <= slot)
        many = np.where(known, slot // np.maximum(size, 1), np.where(noscan == 1, slot, slot // 8))
        elements = np.where(np.logical_or(many > 1, np.logical_not(known)), many, 0) * np.logical_not(tiny)
        asked = np.where(np.logical_and(known, np.logical_or(elements == 0, tiny)), size, slot)
        asked = np.where(np.logical_and(tiny, np.logical_not(known)), TINY_SIZE // 2, asked)
        names = _names(self.objects)[kind].tolist()
        return Groups(names, np.where(tiny, asked, slot), asked, elements, 1 - noscan, *counts)
