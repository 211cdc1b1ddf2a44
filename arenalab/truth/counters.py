"""Counters: nearly all exactly, the rest up to what the run's other objects take.

* Exact: every counter that chunks, redirected objects and the runtime's own small objects make.
* heapLive: exact once it is known what other objects of the program and the runtime take in the
  small spans that a P caches. That is read off the first time a size class is refilled, counted
  as skipped, and must fit every time after.
* `SHARED`: exact but for whole small spans that the page heap hands out or takes back. What is
  left must be whole pages, and the same in all three counters.
* `PAGE_HEAP`: not reproducible from run to run.
"""

from __future__ import annotations

from arenalab.truth.compare import Comparer
from arenalab.units import MiB
from arenalab.world.event import Event
from arenalab.world.events import SmallObjectMade
from arenalab.world.gc_events import MarkTerminated
from arenalab.world.state import World
from arenalab.world.tables import class_key

#: Recording's name -> ours.
NAMES = {
    "totalAlloc": "total_alloc", "totalFree": "total_free", "heapScan": "heap_scan",
    "scanAlloc": "scan_alloc", "largeAlloc": "large_alloc", "largeAllocCount": "large_alloc_count",
    "largeFree": "large_free", "largeFreeCount": "large_free_count", "numgc": "numgc",
    "heapLive": "heap_live", "heapInUse": "heap_in_use", "inHeap": "in_heap", "pagesInUse": "pages_in_use",
}  # fmt: skip
SHARED = ("heapInUse", "inHeap", "pagesInUse")
PAGE_HEAP = ("heapReleased", "heapFree", "committed", "mappedReady", "released", "nextSample")
EXACT = (*(name for name in NAMES if name not in (*SHARED, "heapLive")), "sweepgen")
#: Bytes of an 8 KiB span after which its class may have run full, so a second refill is possible.
NEARLY_FULL = 7 * 1024
READ_OFF = "ambient: what others keep in a small span, read off once"
FULL = "ambient: a size class may have run full"

Values = dict[str, int]


def values_of(w: World) -> Values:
    """Return every counter of a World under the recording's names."""
    counted = w.counted()
    values = {name: counted[ours] for name, ours in NAMES.items()}
    values["sweepgen"] = w.gc.sweepgen
    return values


class CounterComparer:
    """Compares counters of operations and snapshots; learns what others keep in small spans."""

    def __init__(self, facts: Comparer) -> None:
        """Compare through `facts`."""
        self.facts = facts
        self.others: dict[tuple[int, ...], int] = {}  #: classes refilled together -> bytes of others in them.
        #: heapLive of the model minus Go's, since the last cycle; None while nobody can know.
        self.drift: int | None = 0
        self.uncertain = False  #: a class may have run full since the last flush.

    @property
    def learnt(self) -> tuple[dict[tuple[int, ...], int], int | None, bool]:
        """What was read off so far."""
        return self.others, self.drift, self.uncertain

    def fork(self, facts: Comparer) -> CounterComparer:
        """Return a comparer that has learnt the same."""
        twin = CounterComparer(facts)
        twin.others, twin.drift, twin.uncertain = dict(self.others), self.drift, self.uncertain
        return twin

    def compare_changes(self, w: World, before: Values, go: Values, events: list[Event]) -> None:
        """Compare what one operation changed; a counter that the row leaves out did not change."""
        now = values_of(w)
        model = {name: now[name] - before[name] for name in now}
        self._watch(w)
        for name in EXACT:
            self._exact(name, model[name], go.get(name, 0), f"change of {name}")
        self._heap_live(model["heapLive"], go.get("heapLive", 0), events)
        self._shared(model, go, "change of ")
        self.facts.skip("page heap (not reproducible)", sum(name in go for name in PAGE_HEAP))
        if any(isinstance(event, MarkTerminated) for event in events):
            # The caches are flushed: from here on both sides agree, but what this operation changed is uncertain.
            self.uncertain = False

    def compare_totals(self, w: World, go: Values) -> None:
        """Compare the changes since the start that a snapshot lists."""
        model = values_of(w)
        for name in EXACT:
            self._exact(name, model[name], go.get(name, 0), f"{name} since the start")
        ours, theirs = model["heapLive"], go.get("heapLive", 0)
        if self.drift is None and not self.uncertain:
            self.drift = ours - theirs
            self.facts.skip(READ_OFF)
        else:
            self._exact("heapLive", ours - (self.drift or 0), theirs, "heapLive since the start")
        self._shared(model, go, "since the start: ")
        self.facts.skip("page heap (not reproducible)", sum(name in go for name in PAGE_HEAP))

    def _exact(self, name: str, ours: int, theirs: int, label: str, *, certain: bool = True) -> None:
        if not certain or (self.uncertain and name in ("scanAlloc", "heapScan", "heapLive", "totalAlloc")):
            self.facts.skip(FULL)
        else:
            self._fact("counter", name, ours, theirs, label)

    def _fact(self, kind: str, name: str, ours: int, theirs: int, label: str) -> None:
        """Compare one counter; the one place where any is."""
        self.facts.fact(kind, ours, theirs, label=label or name)

    def _watch(self, w: World) -> None:
        """Notice when so many small objects were made that a class may be refilled twice."""
        if any(taken > NEARLY_FULL for p in w.ps for taken in p.cached.values()):
            self.uncertain = True

    def _heap_live(self, ours: int, theirs: int, events: list[Event]) -> None:
        """Compare heapLive: the model's refills count spans as if nobody else had objects there."""
        ended = [number for number, event in enumerate(events) if isinstance(event, MarkTerminated)]
        # A change over the end of a cycle is known where both ends of it are.
        certain = not self.uncertain and not (ended and self.drift is None)
        if ended:
            # Mark termination counts what is live afresh, so both sides agree again.
            ours, self.drift = ours + (self.drift or 0), 0
        refills = [
            event for event in events[ended[-1] if ended else 0 :] if isinstance(event, SmallObjectMade)
        ]
        classes = tuple(class_key(event.size, event.scan_bytes) for event in refills if event.refilled)
        others = self._others(classes) if classes else 0
        if others is not None:
            self._exact("heapLive", ours - others, theirs, "change of heapLive", certain=certain)
        elif certain:
            self.others[classes] = others = ours - theirs
            self.facts.skip(READ_OFF)
        else:
            self.facts.skip(FULL)
        self.drift = None if others is None or self.drift is None else self.drift + others

    def _others(self, classes: tuple[int, ...]) -> int | None:
        """Return what others keep in these classes, None when a part of them was never seen alone."""
        if classes in self.others:
            return self.others[classes]
        for split in range(1, len(classes)):
            head, tail = self._others(classes[:split]), self._others(classes[split:])
            if head is not None and tail is not None:
                return head + tail
        return None

    def _shared(self, model: Values, go: Values, label: str) -> None:
        """Compare chunks' and large objects' share; small spans are left over, alike in all three."""
        rest = {name: go.get(name, 0) - model[name] for name in SHARED}
        pages, odd = divmod(rest["heapInUse"], 8192)
        whole = odd == 0 and abs(pages) * 8192 < MiB
        expected = {"heapInUse": pages * 8192 if whole else 0, "inHeap": pages * 8192, "pagesInUse": pages}
        for name in SHARED:
            ours = model[name] + expected[name]
            self._fact("counter share", name, ours, go.get(name, 0), f"{label}{name}, small spans aside")
        self.facts.skip("ambient: small spans handed out or taken back", int(pages != 0))
