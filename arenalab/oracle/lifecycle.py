"""What a run of the model shows: which legal moves of a chunk's life, which orders after marking."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from arenalab.world import chunk_events as ch
from arenalab.world import end_events as end
from arenalab.world import events as ev
from arenalab.world import gc_events as gc
from arenalab.world.event import Event
from arenalab.world.history import History
from arenalab.world.ops import FinishMark, MarkEnd, RunGC

Move = tuple[str, str]

#: Every move of the state machine.
MOVES: tuple[Move, ...] = (
    ("none", "active"),
    ("none", "ready"),
    ("ready", "active"),
    ("active", "full"),
    ("active", "reuse"),
    ("reuse", "active"),
    ("full", "quarantine"),
    ("full", "fault"),
    ("fault", "quarantine"),
    ("quarantine", "quarantine"),
    ("quarantine", "ready"),
)

_ARRIVALS: tuple[tuple[type[Event], str], ...] = (
    (ch.ChunkSplitOff, "ready"),
    (ev.ChunkActivated, "active"),
    (ev.ChunkRetired, "full"),
    (end.ReusePut, "reuse"),
    (end.FaultDeferred, "fault"),
    (end.ChunkQuarantined, "quarantine"),
    (gc.ChunkReadied, "ready"),
)


def moves(events: Iterable[Event]) -> Counter[Move]:
    """Count the moves in a run's events; one that is not in `MOVES` is counted as well."""
    arrivals = dict(_ARRIVALS)
    place: dict[int, str] = {}
    seen: Counter[Move] = Counter()
    for event in events:
        to = arrivals.get(type(event))
        chunk = getattr(event, "chunk", -1)
        if isinstance(event, gc.ChunkSwept) and place.get(chunk) == "quarantine":
            to = "quarantine"
        if to is not None:
            seen[place.get(chunk, "none"), to] += 1
            place[chunk] = to
    return seen


def orders(history: History) -> Counter[str]:
    """Count the run's `gc` and `mark_end` by when their finalizers ran beside the sweeping of chunks."""
    return Counter(
        f"{_NAMES[type(op)]}: {_order(history.events_of(number + 1))}"
        if not isinstance(op, FinishMark)
        else "finish_mark: the program went on beside the sweep"
        for number, op in enumerate(history.ops)
        if isinstance(op, RunGC | MarkEnd | FinishMark)
    )


_NAMES = {RunGC: "gc", MarkEnd: "mark_end"}


def _order(events: list[Event]) -> str:
    runs = [at for at, event in enumerate(events) if isinstance(event, gc.FinalizerRun)]
    sweeps = [at for at, event in enumerate(events) if isinstance(event, gc.ChunkSwept | gc.ChunkReadied)]
    if not runs:
        return "no finalizer"
    before = not sweeps or runs[0] < sweeps[0]
    after = bool(sweeps) and runs[-1] > sweeps[-1]
    if before and after:
        return "finalizers before and after the chunks' sweep"
    if before and (not sweeps or runs[-1] < sweeps[0]):
        return "finalizers before the chunks' sweep"
    return (
        "finalizers after the chunks' sweep" if runs[0] > sweeps[-1] else "finalizers amid the chunks' sweep"
    )
