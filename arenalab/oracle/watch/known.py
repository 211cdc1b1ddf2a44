"""What is known of the arenas and chunks of a watched program while its notes are followed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Row = dict[str, Any]
Key = tuple[int, int]  # place among the notes; above 0 for what is put right after it
AT_ZEROBASE = -2


@dataclass
class Arena:
    """What is known of a live arena: its number, its chunks in order, its free in progress."""

    number: int
    chunks: list[int] = field(default_factory=list)
    freeing: Row | None = None
    freeing_at: int = 0  # the note at its free's beginning
    users: set[int] = field(default_factory=set)  # goroutines that allocated from it


@dataclass
class Quarantined:
    """A chunk set to fault: the last allocation in it, and where a hold was inferred."""

    last: Key | None
    number: int
    hold: int | None = None
    until: Key | None = None


def extend(rep: Row, chunk: int, offset: int) -> None:
    """Let a row stand for one more value of its arena and type, in the same chunk."""
    if rep["op"] == "new":
        first = [rep.pop("chunk", AT_ZEROBASE), rep.pop("off", 0), 0, 1]
        for key in ("at", "base"):
            rep.pop(key, None)
        rep |= {"op": "rep", "n": 1, "runs": [first]}
    rep["n"] += 1
    run = rep["runs"][-1]
    if run[3] == 1:
        run[2], run[3] = offset - run[1], 2
    elif offset == run[1] + run[2] * run[3]:
        run[3] += 1
    else:
        rep["runs"].append([chunk, offset, 0, 1])
