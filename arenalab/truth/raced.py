"""Goroutines that raced on one arena, as a recording proves it.

Rule: a race is said only where the recording proves it: an arena hands out addresses in one direction
from each end of a chunk, so an address noted twice, or past one handed out after it, means that two goroutines
were inside the arena at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from arenalab.truth.items import Item, Step, ValueRun
from arenalab.truth.recording import Recording
from arenalab.units import hex_addr
from arenalab.world import ops

Offsets = npt.NDArray[np.int64]


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


class _Given(NamedTuple):
    """What operations in turn were given at one end of a chunk, in the order in which they stand."""

    end: _End
    line: int
    goroutine: int
    ops: Offsets  #: number of each operation.
    starts: Offsets
    sizes: Offsets

    @property
    def along(self) -> tuple[Offsets, Offsets]:
        """Return where each value begins and ends, counted so that both must grow."""
        if self.end.pointers:
            return self.starts, self.starts + self.sizes
        return -(self.starts + self.sizes), -self.starts


def race_in(recording: Recording) -> Race | None:
    """Return the first proof of a race on one arena that a recording holds, None where there is none."""
    latest: dict[_End, tuple[int, int]] = {}
    known_who = "goroutines" in recording.end  # older recordings don't say whose an operation is
    if known_who and not recording.end.get("shared"):
        return None  # it takes two
    for given in _all_given(recording):
        low, high = given.along
        known, before = latest.get(given.end, (-(2**63), given.goroutine))
        wrong = np.flatnonzero(low < np.concatenate(([known], high[:-1])))
        if len(wrong) and not (known_who and (before == given.goroutine or wrong[0])):
            return Race(given.line, given.end.user_arena, _words(recording, given, int(wrong[0]), before))
        latest[given.end] = int(high[-1]), given.goroutine
    return None


def _all_given(recording: Recording) -> Iterator[_Given]:
    for item in recording.items:
        yield from _given(item)


def _given(item: Item) -> Iterator[_Given]:
    """Yield what an item was given in chunks."""
    if isinstance(item, ValueRun):
        yield from _of_run(item)
    elif isinstance(item, Step) and isinstance(item.op, ops.New | ops.MakeSlice | ops.Rep):
        yield from _of_step(item, item.op)


def _of_run(run: ValueRun) -> Iterator[_Given]:
    values, count = run.values, len(run.types)
    size = np.array([go_type.size for go_type in run.types], dtype=np.int64)[values.types]
    front = np.array([go_type.ptr_bytes > 0 for go_type in run.types], dtype=bool)[values.types]
    for pointers in (True, False) if count else ():
        rows = np.flatnonzero(front == pointers)
        if len(rows):
            end = _End(run.user_arena, run.chunk, pointers)
            sizes = size[rows] * np.maximum(values.caps[rows].astype(np.int64), 1)
            starts = values.offsets[rows].astype(np.int64)
            yield _Given(end, run.line, run.goroutine, run.index + rows, starts, sizes)


def _of_step(step: Step, op: ops.New | ops.MakeSlice | ops.Rep) -> Iterator[_Given]:
    seen = step.seen
    size = op.type.size * (op.cap if isinstance(op, ops.MakeSlice) else 1)
    runs: Any = seen.get("runs", [[seen.get("chunk"), seen.get("off"), 0, 1]])
    for run in runs if isinstance(runs, list) else ():
        numbers = isinstance(run, list) and len(run) == 4 and all(type(number) is int for number in run)
        if numbers and run[0] >= 0 and run[3] > 0:
            chunk, first, stride, count = run
            starts = first + stride * np.arange(count, dtype=np.int64)
            end = _End(op.user_arena, chunk, op.type.ptr_bytes > 0)
            index = np.full(count, step.index)
            yield _Given(end, step.line, step.goroutine, index, starts, np.full(count, size, dtype=np.int64))


def _words(recording: Recording, given: _Given, wrong: int, before: int) -> str:
    """Describe what the recording proves: an address given out twice, or addresses that overtook each other."""
    end, arena = given.end, f"user arena {given.end.user_arena}"
    twice, base = _twice(recording, end), _base(recording, end.chunk)
    if twice < 0:
        how = f"operation {given.ops[wrong] + 1} was given an address past one that {arena} handed out before"
    elif base is None:
        how = f"the bytes at offset {twice} of chunk {end.chunk} were given out twice by {arena}"
    else:
        how = f"the address {hex_addr(base + twice)} was given out twice by {arena}"
    who = f"goroutines {before} and {given.goroutine}" if before != given.goroutine else "goroutines"
    return f"{how}: {who} use it at the same time, and an Arena may not be used concurrently"


def _twice(recording: Recording, end: _End) -> int:
    """Return the offset of bytes that one end of a chunk gave out twice, −1 when it didn't."""
    mine = [given for given in _all_given(recording) if given.end == end]
    start = np.concatenate([given.starts for given in mine])
    order = np.argsort(start, kind="stable")
    stop = (start + np.concatenate([given.sizes for given in mine]))[order]
    overlaps = np.flatnonzero(stop[:-1] > start[order][1:])
    return int(start[order][overlaps[0] + 1]) if len(overlaps) else -1


def _base(recording: Recording, chunk: int) -> int | None:
    """Return a chunk's address where a row tells it."""
    for item in recording.items:
        if isinstance(item, ValueRun) and item.chunk == chunk:
            return item.base
        row = item.seen if isinstance(item, Step) else {}
        base = row.get("base")
        if chunk in (row.get("chunk"), row.get("active")) and isinstance(base, str) and base.startswith("0x"):
            return int(base, 16)
    return None
