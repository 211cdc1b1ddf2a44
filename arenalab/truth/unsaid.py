"""What a recording of a person's own program says of itself: the end that is missing, goroutines that raced.

Laws of this file:
1. A count that is absent is not made up: older recordings have fewer.
2. A race is said only where the recording proves it: an arena hands out addresses in one direction from
   each end of a chunk, so an address noted twice, or behind one handed out after it, means that two
   goroutines were inside the arena at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from arenalab.truth.recording import Recording, Step
from arenalab.units import counted, hex_addr, human
from arenalab.world import ops
from arenalab.world.history import History
from arenalab.world.queries import only_on_heap

SHOWN = 5  #: arenas that a sentence names.

Offsets = npt.NDArray[np.int64]


def missing_end(recording: Recording) -> str:
    """Return a sentence about what is missing of the run's end, "" when nothing is known to be."""
    lost, kept = _whole(recording, "lost"), _whole(recording, "notes") or _values(recording)
    if lost:
        share = f"{100 * lost / (lost + kept):.0f} %"
        part = f"{lost:,} of {lost + kept:,} notes ({share})"
        return f"the end of the run is missing: {part} were not kept; raise --limit"
    if unfinished := _whole(recording, "unfinished"):
        return (
            f"the end of the run is missing: {counted(unfinished, 'operation')} behind one that never ended"
        )
    return ""


def on_the_heap(history: History) -> str:
    """Return a sentence about arenas whose chunks look unused since all their values are too large, "" without any."""
    alone = only_on_heap(history.world)
    if not alone:
        return ""
    named = ", ".join(map(str, alone[:SHOWN])) + (", …" if len(alone) > SHOWN else "")
    most = human(history.rules.user_arena_chunk_max_alloc_bytes)
    said = f"user arena {named} has" if len(alone) == 1 else f"user arenas {named} have"
    return f"{said} nothing in a chunk: every value is over {most}, so all lie on the ordinary heap"


def _whole(recording: Recording, key: str) -> int:
    """Return a count that the header or the end row gives, 0 for none."""
    value = recording.header.get(key, recording.end.get(key, 0))
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def _values(recording: Recording) -> int:
    return sum(op.n if isinstance(op, ops.Rep) else 1 for op in recording.ops)


class Race(NamedTuple):
    """The first proof that two goroutines used one arena at once."""

    line: int  #: of the row that shows it.
    user_arena: int
    words: str


class _End(NamedTuple):
    """One end of one chunk in the hands of one arena; addresses only go one way there."""

    user_arena: int
    chunk: int
    pointers: bool  #: the front, which pointerful values are taken from.


def race_in(recording: Recording) -> Race | None:
    """Return the first proof of a race on one arena that a recording holds, None where there is none."""
    latest: dict[_End, int] = {}
    for step in recording.steps:
        for end, first, stride, count, size in _given(step):
            # Counted so that addresses must grow: from the front by their start, from the back by minus their end.
            sign = 1 if end.pointers else -1
            low = sign * first if end.pointers else -(first + size)
            wrong = low < latest.get(end, -(2**63)) or (count > 1 and sign * stride < size)
            if wrong:
                return Race(step.line, end.user_arena, _words(recording, step, end))
            latest[end] = low + (count - 1) * sign * stride + size
    return None


def _given(step: Step) -> Iterator[tuple[_End, int, int, int, int]]:
    """Yield what an operation was given in chunks: the end, then first offset, stride, count and bytes of each."""
    op, seen = step.op, step.seen
    if not isinstance(op, ops.New | ops.MakeSlice | ops.Rep):
        return
    size = op.type.size * (op.cap if isinstance(op, ops.MakeSlice) else 1)
    runs = seen.get("runs", [[seen.get("chunk"), seen.get("off"), 0, 1]])
    for run in runs if isinstance(runs, list) else ():
        if (
            isinstance(run, list)
            and len(run) == 4
            and all(type(number) is int for number in run)
            and run[0] >= 0
        ):
            yield _End(op.user_arena, run[0], op.type.ptr_bytes > 0), run[1], run[2], run[3], size


def _words(recording: Recording, step: Step, end: _End) -> str:
    """Say what the recording proves: an address given out twice, or addresses that overtook each other."""
    arena = f"user arena {end.user_arena}"
    twice = _twice(recording, end)
    base = _base(recording, end.chunk)
    if twice < 0:
        how = f"operation {step.index} was given an address behind one that {arena} handed out before"
    elif base is None:
        how = f"the bytes at offset {twice} of chunk {end.chunk} were given out twice by {arena}"
    else:
        how = f"the address {hex_addr(base + twice)} was given out twice by {arena}"
    return f"{how}: goroutines use it at the same time, and an Arena may not be used concurrently"


def _twice(recording: Recording, end: _End) -> int:
    """Return the offset of bytes that one end of a chunk gave out twice, −1 when it didn't."""
    starts: list[Offsets] = []
    sizes: list[Offsets] = []
    for step in recording.steps:
        for other, first, stride, count, size in _given(step):
            if other == end:
                starts.append(first + stride * np.arange(count, dtype=np.int64))
                sizes.append(np.full(count, size, dtype=np.int64))
    start = np.concatenate(starts)
    order = np.argsort(start, kind="stable")
    stop = (start + np.concatenate(sizes))[order]
    overlaps = np.flatnonzero(stop[:-1] > start[order][1:])
    return int(start[order][overlaps[0] + 1]) if len(overlaps) else -1


def _base(recording: Recording, chunk: int) -> int | None:
    """Return a chunk's address where a row tells it."""
    rows: Iterator[dict[str, Any]] = (step.seen for step in recording.steps)
    found = next(
        (row["base"] for row in rows if chunk in (row.get("chunk"), row.get("active")) and "base" in row), ""
    )
    return int(found, 16) if isinstance(found, str) and found.startswith("0x") else None
