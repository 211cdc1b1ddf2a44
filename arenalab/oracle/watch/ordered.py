"""Put a watched program's operations in the order of their locks, and number them."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from dataclasses import dataclass

import numpy as np

from arenalab.oracle.watch.follow import Follower
from arenalab.oracle.watch.known import Entries, UnderWay
from arenalab.truth.packed import GO_ON, Column
from arenalab.truth.packed_rows import NumberedRows


@dataclass
class Ordered:
    """Rows in order, an operation's later parts as rows of their own.

    Attributes:
        rows: in order; a `run` row stands for as many operations as it has values.
        starts: where each run's values begin among those that were followed,
        counts: how many it has.
        unfinished: operations left out since they came after one that was cut off in the middle, or that nobody knows.
        ops: operations in all.
    """

    rows: NumberedRows
    starts: Column
    counts: Column
    unfinished: int
    ops: int


def in_order(follower: Follower) -> Ordered:
    """The rows up to the first operation that took room that nobody knows, numbered.

    What others did after it met a chunk taken by an operation that no row can tell.
    """
    follower.gc.settle()
    for now in follower.under.values():
        _begun(follower, now)
    untold = [part[0] for now in follower.under.values() for part in _untold(now)]
    cut = min(untold + [follower.cut] * (follower.cut >= 0), default=None)
    entries = follower.entries
    order = np.lexsort((np.frombuffer(entries.after, np.int8), np.frombuffer(entries.at, np.int64))).tolist()
    kept = len(order) if cut is None else bisect_left(order, cut, key=entries.at.__getitem__)
    left = sum(_operations(entries, entry) for entry in order[kept:])
    return _numbered(entries, _joined(entries, order[:kept]), left)


def _begun(follower: Follower, now: UnderWay) -> None:
    """Enter what the program's end cut off, if a row can tell it: a NewArena that waits, a Free in its middle."""
    arena = follower.arenas.get(now.handle)
    if now.row is not None:
        row = now.row
    elif arena is None or arena.number < 0 or arena.freed:
        row = {"op": "new_arena", "arena": next(follower.numbers)} | ({"g": now.by} if now.by != 1 else {})
    else:
        return
    if now.parts:  # a Free whose last chunk is gone has nothing left to do
        follower.enter(now.parts, row, ends=len(now.parts) == row.get("nrefs"))
    now.parts = []


def _untold(now: UnderWay) -> list[tuple[int, str]]:
    """The parts of an allocation whose value nobody knows; the one that only looked for a chunk changed nothing."""
    return now.parts if len(now.parts) > 1 or not now.wants else []


def _joined(entries: Entries, order: list[int]) -> list[int]:
    """Join the parts of an operation that stand next to each other: nobody overtook it there."""
    joined, until, goes_on = list[int](), entries.until, entries.goes_on
    for entry in order:
        joined.append(entry)
        while (
            len(joined) > 1
            and not until[joined[-1]]
            and goes_on[joined[-1]] != joined[-1]
            and goes_on[joined[-2]] == goes_on[joined[-1]]
        ):
            joined.pop()
            until[joined[-1]] = ""
    return joined


def _operations(entries: Entries, entry: int) -> int:
    if entries.goes_on[entry] != entry:
        return 0
    return entries.rows.number(entries.row[entry], "n", 1)


def _numbered(entries: Entries, order: list[int], left: int) -> Ordered:
    rows, starts, counts, ops = NumberedRows(), array("q"), array("q"), 0
    known = entries.rows
    for entry in order:
        row, until = entries.row[entry], entries.until[entry]
        if entries.goes_on[entry] != entry:
            rows.add({GO_ON: known.number(row, "g", 1)} | ({"until": until} if until else {}))
            continue
        rows.take(known, row, until)
        count, start = known.number(row, "n", 1), known.number(row, "values", -1)
        ops += count
        if start >= 0:
            starts.append(start)
            counts.append(count)
    return Ordered(rows, np.array(starts, np.int64), np.array(counts, np.int64), left, ops)
