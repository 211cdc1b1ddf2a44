"""A batch's bytes as columns: which events, when, and all their arguments, without a loop over arguments.

Between two events nothing marks where one begins, so the starts are hopped through; the rest is arrays. A number ends
at a byte below 128. An event's own byte is below 128 too, a number of its own, except of the experimental events: their
byte runs on into the time that follows it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from arenalab.intake.batches import Batch, TraceFile
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
_HOPS = _HOPS.astype(np.uint8)


@dataclass(frozen=True)
class Events:
    """The events of one batch, in order; all arrays but `words` have one row for each event."""

    generation: int
    m: int  #: the thread that wrote them.
    kind: NDArray[np.uint8]
    time: NDArray[np.uint64]  #: ticks.
    at: NDArray[np.intp]  #: place in `words` of the first argument after the time.
    words: NDArray[np.uint64]

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
    """Tell whether a batch holds timed events, not a table."""
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
    own = _starts(_HOPS[data[first]].tobytes())
    kind = data[first[own]]
    _check(trace, batch, first, own, kind)
    merged = own[kind >= FIRST_EXPERIMENTAL]
    first[merged] += 1
    if (long := too_long(data, first, last)).any():
        trace.wrong(batch.at + int(first[long][0]), "a number does not fit in 64 bits")
    words = numbers(data, first, last)
    at = own + _OF_OWN[kind]
    return Events(batch.generation, batch.m, kind, _times(trace, batch, words[at]), at + 1, words)


def _starts(hops: bytes) -> NDArray[np.intp]:
    """Return the numbers at which an event starts: the only loop over events."""
    starts = []
    at, end = 0, len(hops)
    while at < end:
        starts.append(at)
        at += hops[at]
    return np.array(starts, np.intp)


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
