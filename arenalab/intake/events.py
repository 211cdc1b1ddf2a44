"""A batch's bytes as columns: which events, when, and all their arguments, without a loop over arguments.

Between two events nothing marks where one begins, so the starts are hopped through, many at a time; the rest is
arrays. A number ends at a byte below 128. An event's own byte is below 128 too, a number of its own, except of the
experimental events: their byte runs on into the time that follows it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from arenalab.intake.batches import LARGEST, Batch, TraceFile
from arenalab.intake.kinds import (
    CPU_SAMPLES,
    END_OF_GENERATION,
    FIRST_EXPERIMENTAL,
    FREQUENCY,
    NUMBER,
    STACKS,
    STRINGS,
    SYNC,
    TIMED,
    arguments,
)
from arenalab.intake.varints import last_bytes, numbers, too_long

TABLES = (
    STRINGS,
    STACKS,
    CPU_SAMPLES,
    FREQUENCY,
    SYNC,
    END_OF_GENERATION,
)  #: first byte of a batch without events.
LAST_TIME = 2**63  #: ticks that no event reaches.
_ARGUMENTS = arguments()
_OF_OWN = np.arange(256) < FIRST_EXPERIMENTAL  #: whether an event's byte is a number of its own.
_HOPS = _ARGUMENTS + _OF_OWN  #: from an event's first number to the next event's.
_NOWHERE = 255  #: the hop from a byte that begins no event: out of sight, so that no loop stands still.
_HOPS[_ARGUMENTS == 0] = _NOWHERE
_HOP: NDArray[np.uint8] = _HOPS.astype(np.uint8)
DOUBLINGS = 4
_PLACES = np.arange(LARGEST + 1)
STRIDE = 2**DOUBLINGS  #: events that the only loop over events goes at a time.


@dataclass(frozen=True)
class Events:
    """The events of one batch, in order; all arrays but `words` have one row for each event."""

    generation: int  #: that the batch is in.
    m: int  #: the thread that wrote them.
    kind: NDArray[np.uint8]  #: number of each event, see `kinds.TIMED`.
    time: NDArray[np.uint64]  #: ticks.
    at: NDArray[np.intp]  #: place in `words` of the first argument after the time.
    words: NDArray[np.uint64]  #: all numbers of the batch, one after the other.

    def __len__(self) -> int:
        """Return the number of events."""
        return len(self.kind)

    def rows(self, name: str) -> NDArray[np.intp]:
        """Return the places of the events of a kind, such as "HeapObjectAlloc"."""
        return np.flatnonzero(self.kind == NUMBER[name])

    def column(self, rows: NDArray[np.intp], argument: int) -> NDArray[np.uint64]:
        """Return argument number 0, 1, ... of some events that have so many."""
        return self.words[self.at[rows] + argument]

    def table(self, name: str) -> dict[str, NDArray[np.uint64]]:
        """Return the events of a kind as columns: "time" and an argument each (`kinds.TIMED`)."""
        rows = self.rows(name)
        names = TIMED[NUMBER[name]][1]
        return {"time": self.time[rows]} | {each: self.column(rows, i) for i, each in enumerate(names)}

    def lines(self) -> Iterator[str]:
        """Yield each event as text: `go tool trace -d=wire` prints the same facts."""
        for kind, time, at in zip(self.kind.tolist(), self.time.tolist(), self.at.tolist(), strict=True):
            name, arguments_ = TIMED[kind]
            given = (f" {each}={self.words[at + i]}" for i, each in enumerate(arguments_))
            yield f"{name} time={time}{''.join(given)}"


def has_events(batch: Batch) -> bool:
    """Return whether a batch holds timed events, not a table."""
    return not batch.experiment and bool(batch.data) and batch.data[0] not in TABLES


def events_of(trace: TraceFile, batch: Batch) -> Events:
    """Return the events in a batch that has some.

    Raises:
        TraceError: its bytes are no events.

    """
    data = np.frombuffer(batch.data, np.uint8)
    last = last_bytes(data)
    if not last.size or last[-1] != len(data) - 1:
        trace.wrong(batch.at + len(data), "a batch ends within a number")
    first = np.empty_like(last)
    first[0], first[1:] = 0, last[:-1] + 1
    own = _starts(_HOP[data.take(first)], trace.room)
    kind = data[first[own]]
    _check(trace, batch, first, own, kind)
    merged = own[kind >= FIRST_EXPERIMENTAL]
    first[merged] += 1
    if (long := too_long(data, first, last)).size:
        trace.wrong(batch.at + int(first[long[0]]), "a number does not fit in 64 bits")
    words = numbers(data, first, last, trace.room)
    at = own + _OF_OWN[kind]
    return Events(batch.generation, batch.m, kind, _times(trace, batch, words[at]), at + 1, words)


def _starts(hops: NDArray[np.uint8], room: NDArray[np.int64]) -> NDArray[np.intp]:
    """Return the numbers at which an event starts, each a hop from the one before; `room` is written over.

    A loop goes `STRIDE` events at a time, by hops of hops that all numbers have; what lies between is filled in.
    """
    count = len(hops)
    leaps = list(room[: DOUBLINGS + 1, : count + 1])
    np.add(_PLACES[:count], hops, out=leaps[0][:count])
    leaps[0][count] = count
    np.minimum(leaps[0], count, out=leaps[0])
    for before, after in pairwise(leaps):
        before.take(before, out=after, mode="clip")
    far = leaps.pop().item
    strides, at = [], 0
    while at < count:
        strides.append(at)
        at = far(at)
    starts = np.empty((len(strides), STRIDE), np.intp)
    starts[:, 0] = strides
    for level in range(DOUBLINGS - 1, -1, -1):
        step = 2**level
        starts[:, step :: 2 * step] = leaps[level].take(starts[:, :: 2 * step])
    found = starts.reshape(-1)
    return found[found < count]


def _check(
    trace: TraceFile, batch: Batch, first: NDArray[np.intp], own: NDArray[np.intp], kind: NDArray[np.uint8]
) -> None:
    """See to it that only timed events were met and that the last one is whole."""
    strange = np.flatnonzero(_ARGUMENTS[kind] == 0)
    if strange.size:
        place = int(first[own[strange[0]]])
        trace.wrong(batch.at + place, f"expected an event, got a byte {kind[strange[0]]}")
    if own[-1] + _HOPS[kind[-1]] != len(first):
        trace.wrong(
            batch.at + int(first[own[-1]]), f"{TIMED[int(kind[-1])][0]} goes on after its batch's end"
        )


def _times(trace: TraceFile, batch: Batch, steps: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the events' times: those of their batch and all steps before."""
    if batch.time + int(steps.max()) * len(steps) < LAST_TIME:
        return np.cumsum(steps, dtype=np.uint64) + np.uint64(batch.time)
    times = list(accumulate(steps.tolist(), initial=batch.time))[1:]
    if times[-1] >= LAST_TIME:
        trace.wrong(batch.at, "times beyond 2⁶³ ticks")
    return np.array(times, np.uint64)
