"""Objects: from the address that an event names to its span, slot, size class and type.

A slot is found by the span that had its page at that moment. Objects of the tiny allocator share a slot and end with
it; an object with a header begins 8 bytes into its slot, and is freed by the slot's address: so slots are compared,
never addresses.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from arenalab.errors import TraceError
from arenalab.go.sizeclasses import CLASS_PAGES, CLASS_SIZES, TINY_SIZE
from arenalab.intake.log import HEAP, Column, TraceLog
from arenalab.intake.tables import Heap, TypeRow

NEVER = np.iinfo(np.int64).max  #: place of an end that the trace does not hold.
BEYOND = 2**56  #: an address that no span reaches, ids that are added to some included.
NO_TYPE = TypeRow(0, 0, 0, "?")
_SIZES = np.array([0, *CLASS_SIZES])  #: by size class; 0: a span of its own.


@dataclass(frozen=True)
class Spans:
    """Spans by the moment when they came; `begin` and `end` are places in the heap's log, `end` NEVER without one."""

    page: Column
    pages: Column
    begin: Column
    end: Column
    size: Column  #: bytes of a slot; 0 for a span of stacks.
    noscan: NDArray[np.bool_]
    alone: NDArray[np.bool_]  #: holds one object, at its begin.


@dataclass(frozen=True)
class Objects:
    """One row for each object that was there or was allocated, in the order of the log."""

    address: Column
    slot: Column  #: address of its slot.
    size: Column  #: bytes of its slot; 0 where its span is unknown.
    span: Column  #: place in `spans`, -1 if unknown.
    tiny: NDArray[np.bool_]  #: may share its slot with others.
    type: Column  #: place in `types`.
    g: Column  #: who allocated it; -1 if it was there before.
    before: NDArray[np.bool_]  #: was there when tracing began.
    birth: Column  #: place in the heap's log.
    end: Column  #: place where its slot was freed, NEVER if it was not.
    lost: NDArray[np.bool_]  #: its slot was given away again and no free seen: when it ended is unknown.
    types: list[TypeRow]
    spans: Spans
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
    born, freed = log.heap.rows("HeapObject", "HeapObjectAlloc"), log.heap.rows("HeapObjectFree")
    address = where.addresses(log.heap.wide("first", born))
    span, slot = _Finder(spans, len(log.heap), where).find(address, born)
    size = np.append(spans.size, 0)[span]  # the last, -1, is that of no span
    noscan = np.append(spans.noscan, False)[span]
    tiny = np.logical_and(size == TINY_SIZE, noscan)
    gone = where.addresses(log.heap.wide("first", freed))
    end, lost, strays = _deaths(log, slot, tiny, born, (gone, freed))
    types, kind = _types(log, born)
    before = log.heap.what[born] == HEAP.index("HeapObject")
    return Objects(
        address, slot, size, span, tiny, kind, np.where(before, -1, log.heap.wide("g", born)), before, born,
        end, lost, types, spans, strays,
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
    end, _, _ = _paired(heap.wide("first", begin), begin, heap.wide("first", gone), gone)
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

    def find(self, address: Column, moment: Column) -> tuple[Column, Column]:
        """Return for each address its span, -1 for none, and its slot's address (its own without a span)."""
        if not len(self.owners):
            return np.full(len(address), -1), address
        page = (address - self.where.start) // self.where.page
        number = np.minimum(np.searchsorted(self.pages, page), len(self.pages) - 1)
        place = np.searchsorted(self.keys, number * self.moments + moment, side="right") - 1
        last, following = self._at(place, page), self._at(place + 1, page)
        there = np.logical_and(last >= 0, moment < self.spans.end[last])
        span = np.where(there, last, following)
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


def _deaths(
    log: TraceLog, slot: Column, tiny: NDArray[np.bool_], born: Column, frees: tuple[Column, Column]
) -> tuple[Column, NDArray[np.bool_], int]:
    """Return where each object's slot was freed, which objects were lost, and how many frees were strays.

    `frees` are the slots that were freed, and their places in the heap's log.
    """
    gone, freed = frees
    shared, gone_shared = np.isin(slot, slot[tiny]), np.isin(gone, slot[tiny])
    end, lost, strays = np.full(len(slot), NEVER), np.zeros(len(slot), np.bool_), 0
    for mine, theirs, pair in (
        (np.logical_not(shared), np.logical_not(gone_shared), _paired),
        (shared, gone_shared, partial(_together, log)),
    ):
        end[mine], lost[mine], left = pair(slot[mine], born[mine], gone[theirs], freed[theirs])
        strays += left
    return end, lost, strays


def _paired(
    place: Column, came: Column, gone_place: Column, gone: Column
) -> tuple[Column, NDArray[np.bool_], int]:
    """Return where each of the things that came to a place one after the other went, which were lost, stray ends.

    What is at a place must go before the next comes, so the n-th that came is the n-th that went, whatever the stamps
    of different threads say. Where the counts don't fit that, all things of the place are lost.
    """
    names, key = np.unique(place, return_inverse=True)
    known = np.searchsorted(names, gone_place)
    known = np.where(np.append(names, -1)[known] == gone_place, known, -1)
    order = np.lexsort((came, key))
    ends = np.lexsort((gone, known))[int((known < 0).sum()) :]
    count, left = np.bincount(key, minlength=len(names)), np.bincount(known[ends], minlength=len(names))
    rank = np.arange(len(place)) - (np.cumsum(count) - count)[key[order]]
    nth = (np.cumsum(left) - left)[key[order]] + rank
    end = np.full(len(place), NEVER)
    has = rank < left[key[order]]
    end[order[has]] = gone[ends[nth[has]]]
    wrong = ((left > count) | (left + 1 < count))[key] | (end < came)
    end[wrong] = NEVER
    return end, wrong, len(gone) - int((end != NEVER).sum())


def _together(
    log: TraceLog, slot: Column, came: Column, gone_slot: Column, gone: Column
) -> tuple[Column, NDArray[np.bool_], int]:
    """Return the same for slots of the tiny allocator: all that came go together, with the next free of their slot.

    What came while that free's stamp may already have been due could belong to the slot's next life: it is lost.
    """
    moments = len(log.heap) + 1
    names = np.unique(np.concatenate([slot, gone_slot]))
    key = np.searchsorted(names, slot) * moments
    gone_key = np.searchsorted(names, gone_slot) * moments + gone
    order = np.argsort(gone_key)
    place = np.searchsorted(gone_key[order], key + came, side="right")
    free = np.append(gone[order], 0)[place]
    ended = np.append(gone_key[order], NEVER)[place] < key + moments
    time = log.heap.time
    lost = np.logical_and(ended, time[came] >= time[free] - log.heap.wide("ahead", free))
    return (
        np.where(np.logical_and(ended, np.logical_not(lost)), free, NEVER),
        lost,
        len(gone) - len(np.unique(place[ended])),
    )


def _types(log: TraceLog, born: Column) -> tuple[list[TypeRow], Column]:
    """Return all types, and which of them each object has: ids hold for one generation, addresses for all."""
    known: dict[TypeRow, int] = {NO_TYPE: 0}
    answer = np.zeros(len(born), np.int64)
    ids, generations = log.heap.wide("second", born), log.heap.wide("generation", born)
    for generation, tables in log.tables.items():
        mine = np.flatnonzero(generations == generation)
        for key in np.unique(ids[mine]).tolist():
            row = tables.types.get(key, NO_TYPE)
            answer[mine[ids[mine] == key]] = known.setdefault(row, len(known))
    return list(known), answer
