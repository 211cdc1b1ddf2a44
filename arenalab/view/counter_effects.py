"""What events do to Go's counters, column by column: the changes of each counter in the order of time.

Rule: `apply` alone writes counters; this says the same of many events at once, and a test compares both.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from arenalab.narrow import different
from arenalab.view.columns import Column
from arenalab.view.event_columns import EventColumns
from arenalab.world import access_events as access
from arenalab.world import chunk_events as ch
from arenalab.world import end_events as end
from arenalab.world import events as ev
from arenalab.world import gc_events as gc
from arenalab.world.event import Event
from arenalab.world.history import History
from arenalab.world.run_events import ArenaRun
from arenalab.world.schedule_events import GoroutineScheduled

SCAN_ALLOC = "scan_alloc"
#: Amounts that no field of an event holds.
ONE, SPAN_PAGES, METADATA, STRIDE = (
    "one",
    "pages of its chunk's span",
    "bytes of a heap arena's metadata",
    "stride",
)

_LARGE = {
    **dict.fromkeys(("heap_in_use", "in_heap", "large_alloc", "total_alloc", "heap_live"), "+span_bytes"),
    "pages_in_use": "+npages",
    "large_alloc_count": f"+{ONE}",
}
#: Kind of event -> counter -> what is added to it or, after "−", taken from it: a field, or one of the amounts above.
ADDED: dict[type[Event], dict[str, str]] = {
    ch.HeapArenaReserved: {"mapped_ready": "+meta_bytes", "metadata": f"+{METADATA}"},
    ch.ChunkMapped: {"heap_released": "+nbytes", "mapped_ready": "+nbytes"},
    ch.SpanInitialised: {"pages_in_use": f"+{SPAN_PAGES}"},
    ch.ChunkAccounted: {
        **dict.fromkeys(("heap_in_use", "in_heap", "committed"), "+mapped_bytes"),
        **dict.fromkeys(("large_alloc", "total_alloc", "heap_live"), "+nbytes"),
        "heap_released": "−mapped_bytes",
        "large_alloc_count": f"+{ONE}",
    },
    ch.ChunkZeroed: {"resident": "+nbytes"},
    ev.RedirectedToHeap: _LARGE,
    access.ClonedToHeap: _LARGE,
    end.ChunkUnmapped: {"mapped_ready": "−nbytes", "resident": "−nbytes"},
    end.ChunkUncounted: {
        **dict.fromkeys(("heap_in_use", "committed", "in_heap"), "−mapped_bytes"),
        **dict.fromkeys(("total_free", "large_free"), "+nbytes"),
        "large_free_count": f"+{ONE}",
        "heap_live": "−nbytes",
    },
    end.ChunkQuarantined: {"quarantined": f"+{STRIDE}"},
    gc.ChunkReadied: {"quarantined": f"−{STRIDE}", "pages_in_use": f"−{SPAN_PAGES}"},
    gc.CacheFlushed: {"total_alloc": "+nbytes"},
    gc.SmallSwept: {"total_free": "+nbytes"},
    gc.SweepStarted: {"numgc": f"+{ONE}"},
    gc.HeapObjectSwept: {
        **dict.fromkeys(("heap_in_use", "in_heap"), "−nbytes"),
        **dict.fromkeys(("large_free", "total_free"), "+nbytes"),
        "pages_in_use": "−npages",
        "large_free_count": f"+{ONE}",
    },
}
#: Those that change a counter only where a field is not 0.
WHERE: dict[type[Event], str] = {access.ClonedToHeap: "npages"}
#: Kind of event -> counter -> the field that it is set to.
SET: dict[type[Event], dict[str, str]] = {
    gc.MarkTerminated: {"heap_live": "heap_live", "heap_scan": "heap_scan"}
}


class Changes(NamedTuple):
    """A counter's values, each from a moment on until the next one's."""

    at: Column  #: events that have happened, rising.
    value: Column


class _Part(NamedTuple):
    """Some events, and an amount each."""

    event: Column
    amount: Column


def changes_of(columns: EventColumns, name: str, first: int, start: int) -> Changes:
    """Return how a counter changed by the events from number `first` on, before which it was `start`."""
    sets = [_rows(columns, kind, its[name], first) for kind, its in SET.items() if name in its]
    return _stepped(start, [*_added(columns, name, first)], _joined(sets))


def scan_alloc_of(
    columns: EventColumns, first: int, start: list[int], on_p: int
) -> tuple[Changes, list[int], int]:
    """Return how scanAlloc of all Ps together changed, what it is now of each, and which P runs.

    Args:
        columns: of the history.
        first: number of the first event that is new.
        start: scanAlloc of each P before it.
        on_p: the P that ran last before it.

    """
    scheduled = _rows(columns, GoroutineScheduled, "p", first)
    ran = np.append(on_p, scheduled.amount)
    adds, emptied = _joined([*_small(columns, first)]), _rows(columns, gc.MarkTerminated, ZERO, first)
    refills = _refilled(columns, first)
    p_of_add, p_of_refill = (ran[np.searchsorted(scheduled.event, it.event)] for it in (adds, refills))
    now = start + [0] * (int(ran.max()) + 1 - len(start))
    parts = []
    for p, before in enumerate(now):
        mine, its = (
            _Part(it.event[its == p], it.amount[its == p])
            for it, its in ((adds, p_of_add), (refills, p_of_refill))
        )
        zeros = _joined([emptied, _Part(its.event, np.zeros(len(its.event), dtype=np.int64))])
        changes = _stepped(before, [mine], zeros)
        if len(changes.value):
            now[p] = int(changes.value[-1])
            parts.append(_Part(changes.at - 1, np.diff(changes.value, prepend=before)))
    return _stepped(sum(start), parts, _NOTHING), now, int(ran[-1])


ZERO = "zero"
_NOTHING = _Part(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))


def _added(columns: EventColumns, name: str, first: int) -> Iterator[_Part]:
    for kind, its in ADDED.items():
        if name in its:
            part = _rows(columns, kind, its[name][1:], first)
            if kind in WHERE:
                there = _rows(columns, kind, WHERE[kind], first).amount != 0
                part = _Part(part.event[there], part.amount[there])
            yield part if its[name][0] == "+" else part._replace(amount=-part.amount)
    if name in ("heap_live", "heap_scan"):
        refills = _refilled(columns, first)
        yield refills if name == "heap_live" else _of_refills(columns, first, "to_heap_scan")


def _refilled(columns: EventColumns, first: int) -> _Part:
    """Return the small objects that refilled a span class, and what heapLive grew by."""
    refilled = _of_refills(columns, first, "refilled")
    return refilled._replace(amount=refilled.amount - _of_refills(columns, first, "used").amount)


def _of_refills(columns: EventColumns, first: int, field: str) -> _Part:
    refilled = _rows(columns, ev.SmallObjectMade, "refilled", first).amount != 0
    event, amount = _rows(columns, ev.SmallObjectMade, field, first)
    return _Part(event[refilled], amount[refilled])


def _small(columns: EventColumns, first: int) -> Iterator[_Part]:
    """Yield what is added to scanAlloc of the P that runs."""
    yield _rows(columns, ev.SmallObjectMade, SCAN_ALLOC, first)
    yield _rows(columns, ev.ScanAllocAdded, "nbytes", first)
    runs = [(event, len(run.made) // 4 * run.scan_alloc) for event, run in columns.events(ArenaRun, first)]
    yield _Part(*np.array(runs, dtype=np.int64).reshape(-1, 2).T)


def _rows(columns: EventColumns, kind: type[Event], amount: str, first: int) -> _Part:
    """Return the events of a kind from number `first` on, and an amount of each."""
    at = columns.at(kind)
    begin = int(np.searchsorted(at, np.uint32(first)))
    event = at[begin:].astype(np.int64)
    if amount == SPAN_PAGES:
        pages = np.array([span.npages for span in columns.history.world.spans], dtype=np.int64)
        return _Part(event, pages[columns.field(kind, "chunk")[begin:]] if len(event) else event)
    if amount in (ONE, ZERO, METADATA, STRIDE):
        return _Part(event, np.full(len(event), _constant(columns.history, amount)))
    return _Part(event, columns.field(kind, amount)[begin:].astype(np.int64))


def _constant(history: History, amount: str) -> int:
    rules = history.rules
    return {ONE: 1, ZERO: 0, METADATA: rules.heap_arena_meta_bytes, STRIDE: rules.chunk.stride}[amount]


def _joined(parts: list[_Part]) -> _Part:
    """Return several parts as one, in the order of time."""
    if not parts:
        return _NOTHING
    event, amount = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.argsort(event, kind="stable")
    return _Part(event[order], amount[order])


def _stepped(start: int, adds: list[_Part], sets: _Part) -> Changes:
    """Return the values of a counter that events set, and to which they add; one that does both sets it first."""
    added = _joined(adds)
    total = np.append(0, np.cumsum(added.amount))
    event = different(np.concatenate([added.event, sets.event]))
    value = start + total[np.searchsorted(added.event, event, side="right")]
    if len(sets.event):
        last = np.searchsorted(sets.event, event, side="right") - 1
        base = sets.amount - total[np.searchsorted(added.event, sets.event)]
        value = np.where(last < 0, value, value - start + base[last])
    changed = np.diff(value, prepend=start) != 0
    return Changes(event[changed] + 1, value[changed])
