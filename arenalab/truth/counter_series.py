"""The counters of a recorded run after each operation, and what is left between them and the model's.

Rules:
1. What counts as a difference is decided by `counters.CounterComparer`, the same that `check` uses.
2. A counter that was not compared at an operation is counted with the reason, and adds no difference.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from arenalab.machine.machine import Machine
from arenalab.truth.compare import Comparer
from arenalab.truth.counters import NAMES, CounterComparer, values_of
from arenalab.truth.recording import Recording
from arenalab.truth.report import Report
from arenalab.world.apply import apply
from arenalab.world.history import History
from arenalab.world.state import World

IntArray = npt.NDArray[np.int64]

#: Recording's name -> the model's, for everything that a recording counts and the model has a field for.
ALL_NAMES = NAMES | {
    "heapReleased": "heap_released", "heapFree": "heap_free", "committed": "committed",
    "released": "released", "mappedReady": "mapped_ready",
}  # fmt: skip


@dataclass(frozen=True)
class RecordedCounters:
    """Columns by the model's name of a counter, one value for the start and one after each operation."""

    go: dict[str, IntArray]  #: what real Go counted, as changes since the start.
    left: dict[str, IntArray]  #: model minus Go, less what is explained; no entry: never compared.
    unseen: dict[str, IntArray]  #: operations so far at which it was not compared.
    skipped: dict[str, int]  #: reason -> how many facts were not compared for it.


class _Noting(CounterComparer):
    """Notes what is left of each counter at each operation."""

    def __init__(self, facts: Comparer) -> None:
        super().__init__(facts)
        self.left: dict[str, int] = {}

    def _fact(self, kind: str, name: str, ours: int, theirs: int, label: str) -> None:
        super()._fact(kind, name, ours, theirs, label)
        self.left[name] = ours - theirs


def recorded_counters(recording: Recording, history: History) -> RecordedCounters | None:
    """Return the recorded counters beside the model's `history` of that recording; None when none were looked at."""
    steps = list(recording.steps)
    if not any("d" in step.seen for step in steps):
        return None
    report = Report()
    comparer = _Noting(Comparer(report, Machine(history.rules), recording.path))
    world = history.at(0)
    rows = [_compared(comparer, history, number, world, step.seen) for number, step in enumerate(steps)]
    compared = Counter(name for left in rows for name in left)
    changes = [step.seen.get("d", {}) for step in steps]
    return RecordedCounters(
        go={ours: _sums([go.get(name, 0) for go in changes]) for name, ours in ALL_NAMES.items()},
        left={NAMES[name]: _sums([left.get(name, 0) for left in rows]) for name in NAMES if compared[name]},
        unseen={NAMES[name]: _sums([int(name not in left) for left in rows]) for name in NAMES},
        skipped=dict(report.skipped),
    )


def _compared(
    comparer: _Noting, history: History, number: int, world: World, seen: dict[str, dict[str, int]]
) -> dict[str, int]:
    """Compare one operation and move `world` past it; return what is left of each counter compared."""
    before, comparer.left = values_of(world), {}
    events = history.events_of(number + 1)
    for event in events:
        apply(world, event)
    if "d" in seen:
        comparer.compare_changes(world, before, seen["d"], events)
    return comparer.left


def _sums(changes: list[int]) -> IntArray:
    return np.concatenate(([0], np.cumsum(np.array(changes, dtype=np.int64))))
