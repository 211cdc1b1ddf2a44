"""One program under one setting, as far as it was performed: what it came to after each operation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from arenalab.errors import ScenarioError
from arenalab.go.rules import GoRules
from arenalab.latest import Latest
from arenalab.replay.measures import kept_by_pointers, measured
from arenalab.replay.plain_heap import ClassRow, PlainHeap
from arenalab.replay.trace import Trace
from arenalab.world.history import History
from arenalab.world.ops import Op

SO_FAR = "it was not performed further yet"

MOST_TOTALS = 64  #: numbers of operations whose totals are kept.

Ints = npt.NDArray[Any]


@dataclass
class Run:
    """One program under one setting; "after n operations" is a number from 0 to the program's length."""

    rules: GoRules  #: that it runs under.
    plain: bool  #: on the heap, without arenas.
    operations: int  #: of the program.
    recorded: bool = False  #: whether it is the recorded history itself.
    history: History | None = None  #: None on the heap, or where Go would not start.
    ends: Ints = field(
        default_factory=lambda: np.zeros(0, dtype=np.int64)
    )  #: events after each operation done.
    refused: dict[int, str] = field(default_factory=dict)  #: operation -> why it was left out.
    stopped: tuple[int, str] | None = None  #: operation at which the run ended, and why.
    columns: dict[str, Ints] = field(default_factory=dict)  #: counters after n operations.
    rows: int = 1  #: chunks, or size classes, that it has at its end.
    _heap: tuple[int, PlainHeap] | None = None
    go_on: Callable[[], None] | None = None  #: performs more of it; None where that is all.
    kept_heaps: dict[int, PlainHeap] = field(
        default_factory=dict
    )  #: copies after some numbers of operations.
    program: Sequence[Op] | Trace = ()  #: its operations.
    _totals: Latest[int, dict[str, int]] = field(default_factory=Latest)

    def done(self, operations: int) -> int:
        """Return how many operations of those had been done when it ended, refused ones included."""
        return min(operations, len(self.columns["heap_live"]) - 1)

    def events(self, operations: int) -> int:
        """Return the events that had happened after so many operations."""
        done = self.done(operations)
        return int(self.ends[done - 1]) if done and self.history is not None else 0

    def totals(self, operations: int) -> dict[str, int]:
        """Return what it comes to after so many operations: bytes and counts. For reading: others are given it, too."""
        done = self.done(operations)
        return self._totals.of(done, lambda: self._totals_of(done), MOST_TOTALS)

    def _totals_of(self, done: int) -> dict[str, int]:
        found = {name: int(column[done]) for name, column in self.columns.items()}
        found |= dict.fromkeys(("chunks", "wasted", "kept_objects", "kept_bytes"), 0)
        if self.plain:
            heap = self.heap(done)
            found["chunks"], found["wasted"] = (
                sum(row.spans for row in heap.rows()),
                heap.taken_bytes - heap.value_bytes,
            )
            found["kept_objects"], found["kept_bytes"] = heap.kept_by_pointers()
        elif self.history is not None:
            row, kept = measured(self.history, self.events(done)), self.kept(done)
            found |= {
                "chunks": row["chunks"],
                "wasted": row["wasted_bytes"],
                "on_heap": row["values_on_heap"],
            }
            found["kept_objects"] = sum(kept.values())
            found["kept_bytes"] = len(kept) * self.rules.chunk.mapped_bytes
        return found

    def kept(self, operations: int) -> dict[int, int]:
        """Return the freed chunks that a pointer keeps, with the number of dead values in each."""
        return {} if self.history is None else kept_by_pointers(self.history.at(self.events(operations)))

    def heap(self, operations: int) -> PlainHeap:
        """Return the heap after so many operations, of those done; it may move on when asked again."""
        operations = self.done(operations)
        if self._heap is None or self._heap[0] > operations:
            start = max(number for number in self.kept_heaps if number <= operations)
            self._heap = (start, deepcopy(self.kept_heaps[start]))
        number, heap = self._heap
        for at in range(number, operations):
            refusal(heap, self.program[at])
        self._heap = (operations, heap)
        return heap

    def classes(self, operations: int) -> list[ClassRow]:
        """Return what the heap's classes hold; nothing where there are arenas."""
        return list(self.heap(operations).rows()) if self.plain else []


def refusal(heap: PlainHeap, op: Op) -> str:
    """Do an operation; return why it was refused, "" when it was not."""
    try:
        heap.do(op)
    except ScenarioError as refused:
        return str(refused)
    return ""


def note_more(run: Run, done: int) -> None:
    """Note whether there is more of a program to be performed."""
    whole = done == run.operations
    run.stopped = None if whole else (done, SO_FAR)
    if whole:
        run.go_on = None
