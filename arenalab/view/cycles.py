"""Cycles: where in a history the collector was in which phase, and what it has found in the current cycle.

Rule: a history that grew is read on from where reading stopped; a step looks only at what the
collector did in its own cycle.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from arenalab.go.pacing import OFF
from arenalab.view.acting import by_name, who
from arenalab.view.columns import Column, View, text_column
from arenalab.view.counter_series import CounterSeries
from arenalab.view.event_columns import EventColumns
from arenalab.world import end_events as end
from arenalab.world import gc_events as gc
from arenalab.world import weak_events as weak
from arenalab.world.event import Event
from arenalab.world.growing import GrowableArray
from arenalab.world.history import History
from arenalab.world.tables import GC_OFF, PHASE_NAMES

OFF_PHASE, SWEEP_DUE = PHASE_NAMES[GC_OFF], "sweep due"
#: What the collector can be at: Go's phases, "off" told apart by whether anything is left to sweep.
STATES = (*PHASE_NAMES, SWEEP_DUE)
#: Kinds that tell of a cycle what its World does not: how a chunk was found, what the sweeper said, who waited.
TELLING = (
    gc.RootFound,
    gc.PointerFollowed,
    gc.BarrierShaded,
    weak.ValueShaded,
    gc.ChunkGreyed,
    gc.ChunksMarked,
    gc.ChunkMarkedBlack,
    gc.ChunkSwept,
    gc.ChunkReadied,
    end.FaultDeferred,
    end.FaultListTaken,
)


@dataclass(frozen=True, eq=False)
class StateRows(View):
    """What the collector was at in a history, one after the other."""

    first: Column  #: events that had happened when it began.
    last: Column  #: and when it ended.
    state: Column  #: one of STATES.


class Found(NamedTuple):
    """How a cycle reached a chunk."""

    at: int  #: number of the event.
    words: str  #: how, in words.
    parent: int  #: the chunk that led there, −1 for a root or none.


class Verdict(NamedTuple):
    """What became of a chunk when it was swept."""

    words: str  #: what became of it, in words.
    by: str  #: who swept it, "" where only one acts.


@dataclass
class Cycle:
    """What one cycle has told so far."""

    found: dict[int, Found]  #: chunk -> how.
    verdicts: dict[int, Verdict]  #: chunk -> what its sweeper said.
    followed: set[tuple[int, int]]  #: pairs of chunks along which marking went.
    deferred: list[int]  #: chunks that were freed meanwhile and had to wait, in order.
    taken: tuple[int, ...]  #: chunks that waited until the end, once the fault list was taken.


class Cycles:
    """The collector's events of a history; read on when it has grown."""

    def __init__(self, history: History) -> None:
        """Read the history as it is now."""
        self.history = history
        self.series, self._columns = history.reader(CounterSeries), history.reader(EventColumns)
        self._read = 0
        start = history.at(0)
        self._begun: list[tuple[int, str]] = [(0, _state(start.gc.phase, sweep_due=start.sweep_due))]
        self._telling = GrowableArray()
        self._starts = GrowableArray()
        self.highest = 0  #: greatest goal or trigger that the pacer ever set.
        self.refresh()

    def refresh(self) -> None:
        """Read on if the history has grown since."""
        self.series.refresh()
        columns, first, self._read = self._columns, self._read, len(self.history)
        begun: list[tuple[type[Event], str]] = [
            (gc.SmallSwept, OFF_PHASE)
        ]  # the runtime's own small objects are swept last of all
        begun += [
            (kind, _state(kind.begins_phase, sweep_due=True))
            for kind in columns.there()
            if kind.begins_phase is not None
        ]
        at = [(number + 1, state) for kind, state in begun for number in columns.since(kind, first).tolist()]
        self._begun += sorted(at)
        self._starts.extend_array(columns.since(gc.CycleStarted, first).astype(np.int64))
        telling = np.concatenate([columns.since(kind, first) for kind in TELLING])
        self._telling.extend_array(np.sort(telling).astype(np.int64))
        known = len(columns.at(gc.GoalSet)) - len(columns.since(gc.GoalSet, first))
        goals = columns.field(gc.GoalSet, "goal")[known:]
        self.highest = max(self.highest, int(goals[goals != OFF].max(initial=0)))

    @property
    def most_live(self) -> int:
        """Return the greatest heapLive that there ever was, since the start."""
        return int(self.series.column("heap_live").max())

    def state(self, at: int) -> str:
        """Return which of STATES the collector is in after `at` events."""
        return self._begun[bisect_right(self._begun, at, key=lambda row: row[0]) - 1][1]

    def phase(self, at: int) -> str:
        """Return Go's phase after `at` events, one of `PHASE_NAMES`."""
        state = self.state(at)
        return OFF_PHASE if state == SWEEP_DUE else state

    def rows(self) -> StateRows:
        """Return the states from the start to the end."""
        first = np.array([at for at, _ in self._begun], dtype=np.int64)
        last = np.append(first[1:], len(self.history))
        return StateRows(first, last, text_column([state for _, state in self._begun]))

    def cycle(self, at: int) -> Cycle:
        """Return what the latest cycle has told after `at` events."""
        starts = self._starts.numbers
        begun = int(np.searchsorted(starts, at))
        since = int(starts[begun - 1]) if begun else 0
        low, high = np.searchsorted(self._telling.numbers, [since, at])
        cycle = Cycle({}, {}, set(), [], ())
        hints: dict[int, Event] = {}  #: by actor: what others do meanwhile explains nothing
        for number in self._telling.numbers[low:high].tolist():
            event, actor = self.history.events[number], self.history.log.actor_of_event(number)
            _take(cycle, (number, who(self.history, number)), event, hints.get(actor))
            hints[actor] = event
        return cycle


def _state(phase: int, *, sweep_due: bool) -> str:
    return SWEEP_DUE if phase == GC_OFF and sweep_due else PHASE_NAMES[phase]


def _take(cycle: Cycle, which: tuple[int, str], event: Event, hint: Event | None) -> None:
    """Take one event in: its number, and who did it; `hint` is that one's last, which says why a chunk turned grey."""
    number, name = which
    by = by_name(name)
    match event:
        case gc.ChunkGreyed():
            words, parent = _reason(hint)
            cycle.found[event.chunk] = Found(number, words + by, parent)
        case gc.PointerFollowed():
            cycle.followed.add((event.chunk, event.to_chunk))
        case gc.ChunksMarked():
            for chunk, parent in zip(event.marked, event.parents, strict=True):
                source = "a root" if parent < 0 else f"chunk {parent}"
                cycle.found[chunk] = Found(number, f"marked in bulk, from {source}{by}", parent)
            cycle.followed.update((p, c) for c, p in zip(event.marked, event.parents, strict=True) if p >= 0)
        case gc.ChunkMarkedBlack():
            cycle.found[event.chunk] = Found(number, f"obtained{by} while marking, so allocated black", -1)
        case gc.ChunkSwept():
            cycle.verdicts[event.chunk] = Verdict("kept", name)
        case gc.ChunkReadied():
            cycle.verdicts[event.chunk] = Verdict("made ready", name)
        case end.FaultDeferred():
            cycle.deferred.append(event.chunk)
        case end.FaultListTaken():
            cycle.taken = event.pending


def _reason(hint: Event | None) -> tuple[str, int]:
    match hint:
        case gc.RootFound():
            return f"found from {hint.source.rstrip(',')}", -1
        case gc.PointerFollowed():
            return f"found from chunk {hint.chunk}", hint.chunk
        case gc.BarrierShaded():
            return "shaded by the write barrier", -1
        case weak.ValueShaded():
            return "shaded for a weak pointer's value", -1
    return "found", -1
