"""Put a watched program's operations in the order of their locks, and number them."""

from __future__ import annotations

from dataclasses import dataclass

from arenalab.oracle.watch.follow import Follower
from arenalab.oracle.watch.known import Entry, Row, UnderWay


@dataclass
class Ordered:
    """Rows in order, an operation's later parts as rows of their own.

    Attributes:
        rows: in order; a `run` row stands for as many operations as it has values.
        ops: operations in all.
        unfinished: operations left out since they came after one that was cut off in the middle.
    """

    rows: list[Row]
    ops: int
    unfinished: int


def in_order(follower: Follower) -> Ordered:
    """The rows up to the first operation that took a chunk and can't be told, numbered.

    What others did after it met a chunk taken by an operation that no row can tell.
    """
    for now in follower.under.values():
        _begun(follower, now)
    cut = min((part[0] for now in follower.under.values() for part in _untold(now)), default=None)
    entries = sorted(follower.entries, key=lambda entry: entry.at)
    kept = [entry for entry in entries if cut is None or entry.at[0] < cut]
    left = sum(_operations(entry) for entry in entries[len(kept) :])
    rows, ops = _numbered(_joined(kept))
    return Ordered(rows, ops, left)


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


def _joined(entries: list[Entry]) -> list[Entry]:
    """Join the parts of an operation that stand next to each other: nobody overtook it there."""
    joined: list[Entry] = []
    for entry in entries:
        joined.append(entry)
        while (
            len(joined) > 1
            and not joined[-1].until
            and joined[-1].goes_on is not None
            and joined[-2].begun is joined[-1].goes_on
        ):
            joined.pop()
            joined[-1].until = ""
    return joined


def _operations(entry: Entry) -> int:
    return 0 if entry.goes_on is not None else int(entry.row.get("n", 1))


def _numbered(entries: list[Entry]) -> tuple[list[Row], int]:
    rows, number = list[Row](), 0
    for entry in entries:
        until = {"until": entry.until} if entry.until else {}
        if entry.goes_on is not None:
            rows.append({"go_on": entry.row.get("g", 1)} | until)
        else:
            rows.append({"i": number} | entry.row | until)
            number += _operations(entry)
    return rows, number
