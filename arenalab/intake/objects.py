"""Objects: from the address that an event names to its span, slot, size class and type.

A slot is found by the span that had its page at that moment. Objects of the tiny allocator share a slot and end with
it; an object with a header begins 8 bytes into its slot, and is freed by the slot's address: so slots are compared,
never addresses.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from arenalab.errors import TraceError
from arenalab.go.sizeclasses import CLASS_PAGES, CLASS_SIZES, TINY_SIZE
from arenalab.intake.deaths import BEYOND, NEVER, deaths_of, paired
from arenalab.intake.log import HEAP, Column, Narrow, TraceLog
from arenalab.intake.stacks import Stack, Stacks
from arenalab.intake.tables import Heap, Tables, TypeRow, by_generation
from arenalab.narrow import HALF, MOST_NARROW, narrow

BLOCK = 2**18  #: objects looked for together.
NO_TYPE = TypeRow(0, 0, 0, "?")
_SIZES = np.array([0, *CLASS_SIZES])  #: by size class; 0: a span of its own.


@dataclass(frozen=True)
class Spans:
    """Spans by the moment when they came; `begin` and `end` are places in the heap's log, `end` NEVER without one."""

    page: Column  #: first page, from the heap's start.
    pages: Column  #: how many.
    begin: Column
    end: Column
    size: Column  #: bytes of a slot; 0 for a span of stacks.
    noscan: NDArray[np.bool_]  #: whether its objects hold no pointers.
    alone: NDArray[np.bool_]  #: holds one object, at its begin.


@dataclass(frozen=True)
class Objects:
    """One row for each object that was there or was allocated, in the order of the log.

    Columns are int32 where that holds all of them: products of them are computed as int64.
    """

    address: Column  #: as the event names it.
    slot: Column  #: address of its slot.
    size: Narrow  #: bytes of its slot; 0 where its span is unknown.
    span: Narrow  #: place in `spans`, -1 if unknown.
    tiny: NDArray[np.bool_]  #: may share its slot with others.
    type: Narrow  #: place in `types`.
    stack: Narrow  #: place in `stacks` of the calls that allocated it; 0, the empty one, where it was not recorded.
    g: Narrow  #: who allocated it; -1 if it was there before.
    before: NDArray[np.bool_]  #: was there when tracing began.
    birth: Narrow  #: place in the heap's log.
    end: Column  #: place where its slot was freed, NEVER if it was not.
    lost: NDArray[np.bool_]  #: its slot was given away again and no free seen: when it ended is unknown.
    types: list[TypeRow]  #: each once.
    stacks: list[Stack]  #: each once, calls from the innermost on.
    spans: Spans  #: that they were in.
    strays: int  #: frees of slots in which nothing was seen to be allocated.

    def __len__(self) -> int:
        """Return the number of objects."""
        return len(self.address)

    @property
    def unresolved(self) -> int:
        """How many objects lie in no known span."""
        return int((self.span < 0).sum())

    def lines(self) -> Iterator[str]:
        """Yield each object as text."""
        for row in range(len(self)):
            end = "" if self.end[row] == NEVER else f" until {self.end[row]}"
            kind = self.types[self.type[row]].name
            yield f"{self.address[row]:#x} {kind}, slot of {self.size[row]} bytes, from {self.birth[row]}{end}"


def objects_of(log: TraceLog) -> Objects:
    """Return the objects of a trace.

    Raises:
        TraceError: the trace holds no allocations.

    """
    where = log.where
    if where is None and len(log.heap):
        raise TraceError(
            f"{log.path}: where the heap begins is not in the trace, as its first generation is gone (a flight "
            "recording?); expected a trace from its start, with GODEBUG=traceallocfree=1"
        )
    if where is None:
        raise TraceError(
            f"{log.path}: an execution trace without allocations; trace with GODEBUG=traceallocfree=1"
        )
    _check_addresses(log, where)
    spans = _spans(log, where)
    born, freed = (
        narrow(log.heap.rows(*names), HALF)
        for names in (("HeapObject", "HeapObjectAlloc"), ("HeapObjectFree",))
    )
    address = where.addresses(log.heap.wide("first", born))
    span, slot = _Finder(spans, len(log.heap), where).find(address, born)
    size = narrow(np.append(spans.size, 0), HALF)[span]  # the last, -1, is that of no span
    noscan = np.append(spans.noscan, False)[span]
    tiny = np.logical_and(size == TINY_SIZE, noscan)
    gone = where.addresses(log.heap.wide("first", freed))
    end, lost, strays = deaths_of(log, slot, tiny, born, (gone, freed))
    types, kind = _types(log, born)
    stacks = Stacks(log)
    stack = stacks.places(log.heap.third[born], log.heap.generation[born])
    before = log.heap.what[born] == HEAP.index("HeapObject")
    g = np.where(before, np.int32(-1), log.heap.g[born])
    return Objects(
        address, slot, size, span, tiny, narrow(kind, HALF), narrow(stack, HALF), g, before,
        born, end, lost, types, stacks.rows, spans, strays,
    )  # fmt: skip


def _check_addresses(log: TraceLog, where: Heap) -> None:
    """See to it that all addresses can be computed with."""
    for names, unit in (
        (("Span", "SpanAlloc"), where.page),
        (("HeapObject", "HeapObjectAlloc"), where.align),
    ):
        rows = log.heap.rows(*names)
        most = int((log.heap.wide("first", rows) + log.heap.wide("second", rows)).max(initial=0))
        if where.start + most * unit >= BEYOND:
            raise TraceError(f"{log.path}: an address of {where.start + most * unit:#x}; expected 48 bits")


def _spans(log: TraceLog, where: Heap) -> Spans:
    heap = log.heap
    begin = heap.rows("Span", "SpanAlloc")
    gone = heap.rows("SpanFree")
    end, _, _ = paired(heap.wide("first", begin), begin, heap.wide("first", gone), gone)
    page, pages, kind = heap.wide("first", begin), heap.wide("second", begin), heap.wide("third", begin)
    of_objects = kind % 2 == 0
    sizeclass = kind // 4
    if (most := int(sizeclass[of_objects].max(initial=0))) >= len(_SIZES):
        raise TraceError(f"{log.path}: a span of size class {most}; expected at most {len(_SIZES) - 1}")
    alone = pages * where.page
    size = np.where(
        of_objects, np.where(sizeclass == 0, alone, _SIZES[np.where(of_objects, sizeclass, 0)]), 0
    )
    return Spans(page, pages, begin, end, size, kind // 2 % 2 == 1, sizeclass == 0)


class _Finder:
    """Which span had an address at a moment."""

    def __init__(self, spans: Spans, moments: int, where: Heap) -> None:
        """Order the spans by page and moment; each page in which an object can begin is an entry."""
        self.spans, self.moments, self.where = spans, moments, where
        pages = np.where(
            spans.size > 0, np.where(spans.alone, 1, np.minimum(spans.pages, max(CLASS_PAGES))), 0
        )
        owner = np.repeat(np.arange(len(pages)), pages)
        inside = np.arange(len(owner)) - np.repeat(np.cumsum(pages) - pages, pages)
        page = spans.page[owner] + inside
        self.pages = np.unique(page)
        key = np.searchsorted(self.pages, page) * moments + spans.begin[owner]
        order = np.argsort(key, kind="stable")
        self.keys, self.owners = key[order], owner[order]

    def find(self, address: Column, moment: Narrow) -> tuple[Narrow, Column]:
        """Return for each address its span, -1 for none, and its slot's address (its own without a span)."""
        if not len(self.owners):
            return np.full(len(address), -1, np.int32), address
        few = len(self.spans.page) < MOST_NARROW
        span: Narrow = np.empty(len(address), np.int32 if few else np.int64)
        slot = np.empty_like(address)
        for at in range(0, len(address), BLOCK):  # a block's columns in memory, not all objects'
            some = slice(at, at + BLOCK)
            span[some], slot[some] = self._found(address[some], moment[some])
        return span, slot

    def _found(self, address: Column, moment: Narrow) -> tuple[Column, Column]:
        page = (address - self.where.start) // self.where.page
        number = np.minimum(np.searchsorted(self.pages, page), len(self.pages) - 1)
        place = np.searchsorted(self.keys, number * self.moments + moment, side="right") - 1
        span = self._at(place, page)
        others = np.flatnonzero((span < 0) | (moment >= self.spans.end[span]))
        span[others] = self._at(place[others] + 1, page[others])
        base = self.spans.page[span] * self.where.page + self.where.start
        size = np.maximum(self.spans.size[span], 1)
        span = np.where(np.logical_and(span >= 0, self.spans.size[span] > 0), span, -1)
        return span, np.where(span >= 0, base + (address - base) // size * size, address)

    def _at(self, place: Column, page: Column) -> Column:
        """Return the span at a place of the order, -1 where it does not hold the page.

        The span after the moment is asked for because another thread's stamp of its coming may be ahead of the clock.
        """
        inside = np.logical_and(place >= 0, place < len(self.owners))
        span = self.owners[np.clip(place, 0, len(self.owners) - 1)]
        first = self.spans.page[span]
        inside = np.logical_and(inside, np.logical_and(first <= page, page < first + self.spans.pages[span]))
        return np.where(inside, span, -1)


def _types(log: TraceLog, born: Narrow) -> tuple[list[TypeRow], Column]:
    """Return all types, and which of them each object has: ids hold for one generation, addresses for all."""
    known: dict[TypeRow, int] = {NO_TYPE: 0}

    def number(tables: Tables, key: int) -> int:
        return known.setdefault(tables.types.get(key, NO_TYPE), len(known))

    places = by_generation(log.tables, log.heap.second[born], log.heap.generation[born], number)
    return list(known), places
