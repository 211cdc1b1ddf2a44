"""Doing: what each goroutine was at, and when: allocating, freeing, waiting within an operation, marking, sweeping.

Rules:
1. Who did an event, and in which operation, the log says; a stretch is a run of events of one of them.
2. A goroutine waits where its operation has begun and is not done, and others act. What it does between
   two operations nobody recorded: there its lane is empty.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

import numpy as np

from arenalab.latest import Latest
from arenalab.narrow import begins_of, different
from arenalab.view.allocated import allocated
from arenalab.view.columns import Column
from arenalab.view.event_columns import EventColumns
from arenalab.world import ops
from arenalab.world.actors import FINALIZER, GC_WORKER, MAIN, SWEEPER
from arenalab.world.end_events import MarkedDefunct
from arenalab.world.events import HandleMade
from arenalab.world.history import History
from arenalab.world.history_indexes import MOST, Kept, indexed
from arenalab.world.log import NO_OP
from arenalab.world.many_ops import StoredOps, one_by_one
from arenalab.world.ops import Op
from arenalab.world.run_events import ArenaRun, freed_by
from arenalab.world.schedule import POINTS
from arenalab.world.stored_log import ACTORS

ALLOCATES, FREES, WAITS, MARKS, SWEEPS, ELSE = KINDS = (
    "allocates", "frees", "waits", "marks", "sweeps", "does something else",
)  # fmt: skip

#: What an operation is to the goroutine that performs it; any other is ELSE.
_OF_OP: dict[type[Op], str] = {
    **dict.fromkeys((ops.NewArena, ops.New, ops.MakeSlice, ops.Rep, ops.Clone), ALLOCATES),
    ops.Free: FREES,
    **dict.fromkeys(
        (ops.RunGC, ops.StartGC, ops.MarkBegin, ops.MarkEnd, ops.MarkStep, ops.FinishMark), MARKS
    ),
    ops.SweepStep: SWEEPS,
}
_OF_RUNTIME = {GC_WORKER: MARKS, SWEEPER: SWEEPS, FINALIZER: FREES}


MOST_KEPT = 16  #: things that are kept for the pictures drawn last.
T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Stretches:
    """Stretches of time in the order of their beginning; equally long columns."""

    actor: Column
    kind: Column  #: index into KINDS.
    first: Column  #: events before it.
    last: Column  #: events when it ends.
    op: Column


@indexed
class Doing:
    """All stretches of a history; rebuilt when it has grown."""

    in_file: ClassVar[str] = "goroutines 1"
    words: ClassVar[tuple[str, ...]] = KINDS

    def __init__(self, history: History, kept: Kept | None = None) -> None:
        """Read the history as it is now, or take what a file keeps of it."""
        self.history = history
        self._size = (-1, -1)
        if kept is not None:
            self._size = (len(history.ops), len(history))
            self._take(kept)
        self.refresh()

    def for_file(self) -> dict[str, Column]:
        """Return what a file keeps of it."""
        whom = sorted(set().union(*self._counters().values()))
        counts = {name: np.array([its[actor] for actor in whom]) for name, its in self._counters().items()}
        stretches = {name: getattr(self.stretches, name) for name in Stretches.__annotations__}
        return {**stretches, "whom": np.array(whom), **counts}

    @classmethod
    def from_file(cls, history: History, kept: Kept) -> Doing:
        """Return the stretches that a file keeps."""
        return cls(history, kept)

    def _counters(self) -> dict[str, Counter[int]]:
        return {"made": self.made, "freed": self.freed, "values": self.values, "waited": self.waited}

    def _take(self, kept: Kept) -> None:
        """Take stretches and counts."""
        events, first = range(len(self.history) + 1), kept.rising("first", range(len(self.history) + 1))
        within = {
            "actor": ACTORS,
            "kind": range(len(KINDS)),
            "last": events,
            "op": range(NO_OP, len(self.history.ops)),
        }
        rest = {name: kept.column(name, its, len(first)) for name, its in within.items()}
        whom = kept.column("whom", ACTORS)
        columns = (
            kept.column(name, MOST, len(whom)).tolist() for name in ("made", "freed", "values", "waited")
        )
        counts = (Counter(dict(zip(whom.tolist(), its, strict=True))) for its in columns)
        self.made, self.freed, self.values, self.waited = counts
        self._stand(Stretches(first=first, **rest))

    def _stand(self, stretches: Stretches) -> None:
        """Note all stretches, and who acts in them."""
        self.stretches, self._edges = stretches, dict[str, tuple[Column, Column]]()
        self._kept = Latest[Any, Any]()
        #: (operation, events before) -> the point at which it stood still.
        self.points = {(op, at): point for at, op, point in self.history.log.stops}
        acted = set(different(stretches.actor).tolist())
        self.actors = tuple(actor for actor in self.history.log.actors if actor in acted) or (MAIN,)

    def edges(self, scale: str, across: Callable[[Column], Column]) -> tuple[Column, Column]:
        """Return where all stretches begin and end on a lane of a scale, on which `across` lays moments."""
        if scale not in self._edges:
            self._edges[scale] = across(self.stretches.first), across(self.stretches.last)
        return self._edges[scale]

    def keep(self, key: Any, make: Callable[[], T]) -> T:
        """Return what was made for a key since the history last grew, or make it now; the latest are kept."""
        found: T = self._kept.of(key, make, MOST_KEPT)
        return found

    def refresh(self) -> None:
        """Read again where the history has grown since."""
        size = (len(self.history.ops), len(self.history))
        if size != self._size:
            self._size = size
            self._read()

    def _read(self) -> None:
        # One more than there are operations: what happens before the first is looked up, too.
        self.performers = np.append(self.history.log.goroutines(), NO_OP)
        self.kinds = np.full(len(self.performers), KINDS.index(ALLOCATES))
        self.by_finalizer = np.zeros(len(self.performers), dtype=bool)
        for number, op in one_by_one(self.history.ops, self._read_columns()):  # the others are runs of values
            self.kinds[number] = KINDS.index(_OF_OP.get(type(op), ELSE))
            self.by_finalizer[number] = isinstance(op, ops.Free) and op.by_finalizer
        self.performers[self.by_finalizer] = FINALIZER
        runs, own = self._runs()
        waits = self._waits(runs, own)
        columns = [
            np.concatenate((getattr(runs, name), getattr(waits, name))) for name in Stretches.__annotations__
        ]
        order = np.lexsort((columns[3], columns[2]))
        self._stand(Stretches(*(column[order] for column in columns)))
        self._count()

    def _read_columns(self) -> int:
        """Read what the operations are that a file holds as columns; return how many those are."""
        said = self.history.ops
        if not isinstance(said, StoredOps):
            return 0
        its, order = said.records, said.records.order[: said.kept]
        does = np.array([KINDS.index(_OF_OP.get(kind, ELSE)) for kind in its.kinds])
        self.kinds[: said.kept] = does[order]
        if (by_finalizer := its.cells(ops.Free, "by_finalizer")) is not None:
            frees = np.flatnonzero(order == its.kinds.index(ops.Free))
            self.by_finalizer[frees] = by_finalizer.numbers[: len(frees)] > 0
        return said.kept

    def _count(self) -> None:
        """Count of each actor the arenas that it made and freed, the values that it allocated, and its waits."""
        history, waits = self.history, self.stretches.kind == KINDS.index(WAITS)
        self.made, self.freed, self.values = Counter[int](), Counter[int](), Counter[int]()
        self.waited = Counter[int](self.stretches.actor[waits].tolist())
        columns, actor = history.reader(EventColumns), history.log.column("actor")
        self.made.update(actor[columns.at(HandleMade)].tolist())
        self.freed.update(actor[columns.at(MarkedDefunct)].tolist())
        for number, event in columns.events(ArenaRun):
            self.made[int(actor[number])] += len(event.made) // 4
            self.freed[int(actor[number])] += len(freed_by(event))
        for op, _ in allocated(history):
            actors, counts = np.unique(self.performers[op], return_counts=True)
            self.values.update(dict(zip(actors.tolist(), counts.tolist(), strict=True)))

    def _runs(self) -> tuple[Stretches, Column]:
        """Return the runs of events, and which of them are their operation's own goroutine's."""
        log = self.history.log
        op, actor, beside = (log.column(name) for name in ("op", "actor", "beside"))
        # The goroutine that runs finalizers has a number, too; what it does for one stands in the finalizers' lane.
        actor = np.where(self.by_finalizer[op] * (actor >= MAIN) * (op >= 0), FINALIZER, actor)
        first = np.flatnonzero(begins_of([op, actor, beside]))
        last = np.append(first[1:], len(op))[: len(first)]
        op, actor, beside = op[first], actor[first], beside[first]
        own = (actor == self.performers[op]) * (op >= 0) * (beside == 0)
        kind = np.where(own, self.kinds[op], KINDS.index(MARKS))
        for runtime, does in _OF_RUNTIME.items():
            kind = np.where(actor == runtime, KINDS.index(does), kind)
        return Stretches(actor, kind, first, last, op), own

    def _waits(self, runs: Stretches, own: Column) -> Stretches:
        """Return the time between the parts of an operation, before the first, and after the last of one cut off."""
        rows = np.flatnonzero(own)
        rows = rows[np.argsort(runs.op[rows], kind="stable")]
        op, first, last = runs.op[rows], runs.first[rows], runs.last[rows]
        begins = np.append(True, np.diff(op) != 0)[: len(op)]
        starts = np.array(self.history.op_starts, dtype=np.int64)
        left = np.where(begins, starts[op] if len(op) else 0, np.append(0, last[:-1])[: len(op)])
        gaps = left < first
        whole = [np.stack((op[gaps], left[gaps], first[gaps])), self._cut_off(op, last)]
        ops_, left, right = np.concatenate(whole, axis=1)
        return Stretches(self.performers[ops_], np.full(len(ops_), KINDS.index(WAITS)), left, right, ops_)

    def _cut_off(self, op: Column, last: Column) -> Column:
        """Return (operation, from, to) of operations that still stand where they stopped when the history ends."""
        done = dict(zip(op.tolist(), last.tolist(), strict=True))
        end, starts = len(self.history), self.history.op_starts
        stops = self.history.log.stops
        still = {number: at for at, number, _ in stops if at == done.get(number, starts[number]) and at < end}
        return np.array([[number, at, end] for number, at in still.items()], dtype=np.int64).reshape(-1, 3).T

    def point(self, op: int, at: int) -> str:
        """Return why an operation stands still after `at` events, "" where the log names no point."""
        return POINTS.get(self.points.get((op, at), ""), "")
