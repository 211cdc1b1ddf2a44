"""Counters: which ones the model must give exactly, and what is left to the runtime's own objects.

* Exact: `EXACT` after any operation; every counter when the operation only carved, linked,
  held or forgot.
* Share: of `SHARED` the model gives the part that chunks and redirected objects make; what is
  left must be small and whole (`AMBIENT_UNIT`), and is named as skipped: ambient.
* The page heap's own five (`PAGE_HEAP`) are not reproducible from run to run.
"""

from __future__ import annotations

from arenalab.truth.compare import Comparer
from arenalab.units import MiB
from arenalab.world import end_events as end
from arenalab.world import events as ev
from arenalab.world.event import Event

#: Recording's name -> ours.
NAMES = {
    "heapInUse": "heap_in_use", "heapReleased": "heap_released", "heapFree": "heap_free",
    "totalAlloc": "total_alloc", "totalFree": "total_free", "heapLive": "heap_live",
    "heapScan": "heap_scan", "mappedReady": "mapped_ready", "committed": "committed",
    "released": "released", "inHeap": "in_heap", "largeAlloc": "large_alloc",
    "largeAllocCount": "large_alloc_count", "largeFree": "large_free",
    "largeFreeCount": "large_free_count", "pagesInUse": "pages_in_use", "numgc": "numgc",
    "scanAlloc": "scan_alloc",
}  # fmt: skip
EXACT = ("largeAlloc", "largeAllocCount", "largeFree", "largeFreeCount", "numgc", "sweepgen")
SHARED = {"heapInUse": 8192, "inHeap": 8192, "pagesInUse": 1, "heapLive": 8, "totalFree": 8, "totalAlloc": 8}
AMBIENT = ("heapScan", "scanAlloc")
PAGE_HEAP = ("heapReleased", "heapFree", "committed", "mappedReady", "released", "nextSample")
AMBIENT_MOST = {"pagesInUse": MiB // 8192}

#: Events that leave nothing for the runtime's own objects to add.
QUIET = (
    ev.ObjectCarved, ev.ObjectsCarved, ev.BitmapWordWritten, ev.WordsWritten, ev.GCProgExpanded,
    ev.GCProgErased, ev.ScanAllocAdded, ev.PlacedAtZerobase, end.HandleDropped, end.PointerHeld,
    end.PointerReleased, end.PointerStored,
)  # fmt: skip


def is_quiet(events: list[Event]) -> bool:
    """Return whether an operation only carved, linked, held or forgot."""
    return all(isinstance(event, QUIET) for event in events)


def compare_changes(
    facts: Comparer, model: dict[str, int], go: dict[str, int], *, quiet: bool, allocation: bool
) -> None:
    """Compare one operation's counter changes; absent means no change. `model` has Go's names."""
    for name in (*NAMES, "sweepgen"):
        ours, theirs = model.get(name, 0), go.get(name, 0)
        if quiet or name in EXACT or (name == "totalAlloc" and allocation):
            facts.fact("counter", ours, theirs, label=f"change of {name}")
        elif name in SHARED:
            _compare_share(facts, name, ours, theirs)
        elif name in PAGE_HEAP:
            facts.skip("page heap (not reproducible)")
        else:
            facts.skip(f"ambient {name}")
    if "nextSample" in go:
        facts.skip("page heap (not reproducible)")


def _compare_share(facts: Comparer, name: str, ours: int, theirs: int) -> None:
    """Compare what chunks and large objects contribute; the rest must be a small, whole remainder."""
    rest, unit = theirs - ours, SHARED[name]
    small = abs(rest) < AMBIENT_MOST.get(name, MiB) and rest % unit == 0
    facts.fact(
        "counter share", ours, ours if small else theirs, label=f"chunks' share of the change of {name}"
    )
    facts.skip(f"ambient {name}")
