"""Which counters stand on one plot, and which of them add up.

An identity is a claim about every history: `holds` looks whether it is true of this one, after each
operation. What does not add up here is drawn as lines and said so.

Go itself insists on `heapInUse = inHeap`, `heapReleased = released` and `heapInUse + heapFree = committed` less
stacks and work buffers (readmemstats_m, mstats.go, 1.21). The others follow from what a chunk does to each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from arenalab.go.rules import GoRules
from arenalab.view.columns import Column
from arenalab.view.counter_series import CounterSeries

Unit = Literal["bytes", "number"]
BYTES: Unit = "bytes"
NUMBER: Unit = "number"

#: Our name -> the word in pictures: Go's, or ours where Go has no such counter.
WORDS = {
    "heap_in_use": "heapInUse", "heap_released": "heapReleased", "heap_free": "heapFree", "total_alloc": "totalAlloc",
    "total_free": "totalFree", "heap_live": "heapLive", "heap_scan": "heapScan", "mapped_ready": "mappedReady",
    "committed": "committed", "released": "released", "in_heap": "inHeap", "large_alloc": "largeAlloc",
    "large_alloc_count": "largeAllocCount", "large_free": "largeFree", "large_free_count": "largeFreeCount",
    "pages_in_use": "pagesInUse", "numgc": "numgc", "scan_alloc": "scanAlloc",
    "metadata": "metadata", "quarantined": "quarantined", "resident": "resident",
}  # fmt: skip


@dataclass(frozen=True)
class Identity:
    """Some counters whose sum is another after each operation."""

    parts: tuple[str, ...]
    total: str
    unless: str = ""  #: why it may fail in the model, though not in Go.

    def sentence(self) -> str:
        """Write it as an equation."""
        return f"{' + '.join(WORDS[part] for part in self.parts)} = {total_word(self.total)}"

    def broken(self, series: CounterSeries) -> int:
        """Return the first operation, from 1, after which it is not so; −1 when it always is, 0 at the start."""
        ops = series.changing_ops()
        ends = series.op_ends()[ops]
        sums = sum((series.value(part, ends) for part in self.parts), np.zeros(len(ends), dtype=np.int64))
        wrong = np.flatnonzero(sums != in_bytes(self.total, series.value(self.total, ends), series))
        return int(ops[wrong[0]]) if len(wrong) else -1


@dataclass(frozen=True)
class Plot:
    """One plot: lines of one unit, or a stack whose sum is a line of its own."""

    title: str
    names: tuple[str, ...]
    unit: Unit = BYTES
    identity: Identity | None = None  #: its parts are `names`.
    adds_up: str = ""  #: why the sum means something though no counter holds it.
    note: str = ""


def total_word(name: str) -> str:
    """Write a total; pages count in bytes."""
    return f"{WORDS[name]} × page" if name == "pages_in_use" else WORDS[name]


def in_bytes(name: str, values: Column, series: CounterSeries) -> Column:
    """Return a total's values in bytes."""
    rules: GoRules = series.history.rules
    return values * rules.page_size if name == "pages_in_use" else values


LARGE = Identity(("heap_in_use", "large_free"), "large_alloc")
PAGES = Identity(("heap_in_use", "quarantined"), "pages_in_use")
MAPPED = Identity(("committed", "metadata"), "mapped_ready")
HEAP = Identity(("heap_in_use",), "in_heap")
RELEASED = Identity(("heap_released",), "released")
COMMITTED = Identity(
    ("heap_in_use", "heap_free"),
    "committed",
    unless="the page heap behind other large objects is not modelled",
)

NOT_WRITTEN = "the model never writes heapFree and released: its page heap is that of chunks alone"
RESIDENT = (
    "resident: chunks, as the model has them; of real Go the whole process, as the operating system counts it"
)
#: Choice of the reader -> the plots, from top to bottom.
GROUPS: dict[str, tuple[Plot, ...]] = {
    "heap": (
        Plot("live and in use", ("heap_live", "heap_in_use", "in_heap")),
        Plot("pages in use", PAGES.parts, identity=PAGES),
    ),
    "collector": (
        Plot(
            "what a cycle may have to read",
            ("heap_scan", "scan_alloc"),
            adds_up="scanAlloc is what the P has yet to hand over to heapScan",
        ),
        Plot("cycles completed", ("numgc",), NUMBER),
    ),
    "allocated": (
        Plot("large spans, chunks among them", LARGE.parts, identity=LARGE),
        Plot("all spans", ("total_alloc", "total_free")),
        Plot("how many large ones", ("large_alloc_count", "large_free_count"), NUMBER),
    ),
    "mapped": (
        Plot("memory that can be touched", MAPPED.parts, identity=MAPPED),
        Plot("the page heap", ("heap_released", "released", "heap_free"), note=NOT_WRITTEN),
    ),
    "process": (
        Plot("live heap", ("heap_live",)),
        Plot("in memory", ("resident", "mapped_ready"), note=RESIDENT),
    ),
}
#: Identities that no stack shows: they are written in words where their counters are.
TOLD = {"heap": (HEAP,), "collector": (), "allocated": (), "mapped": (RELEASED, COMMITTED), "process": ()}
