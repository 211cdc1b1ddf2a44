"""Expanding: what follows some states of one level. Each piece of work stands for itself, so it may run anywhere."""

from __future__ import annotations

from collections.abc import Iterable
from time import process_time
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from arenalab.machine.machine import collector_at_rest
from arenalab.search.bounds import Bounds
from arenalab.search.moves import Move
from arenalab.search.node import Node, Path, walk
from arenalab.search.properties import broken, hidden_outcomes, outcomes
from arenalab.world.touch import Outcome

OUTCOMES = tuple(Outcome)
Array = npt.NDArray[Any]


class Expanded(NamedTuple):
    """What followed from the states of one piece, in order; of states with one key, the first alone. Columns."""

    keys: Array  #: uint64.
    parents: Array  #: which of the states given.
    moves: Array  #: uint8, shape (n, 3).
    past: Array  #: bool: whether a chunk was recycled.
    found: Array  #: uint8, shape (n, outcomes): what reading through held pointers finds, how many of each.
    hidden: Array  #: the same of pointers that the collector does not see, if that is counted.
    wrongs: dict[int, str]  #: which of these breaks a property, and how.
    tries: int  #: moves made.
    busy: float  #: seconds of a processor.


def paths_of(frontier: Array) -> list[Path]:
    """Return states as paths; `frontier` has shape (states, moves, 3)."""
    return [tuple(Move(*move) for move in path) for path in frontier.tolist()]


def expand(bounds: Bounds, frontier: Array) -> Expanded:
    """Make every move in each of some states."""
    rows: dict[int, tuple[Any, ...]] = {}
    wrongs, tries, began = dict[int, str](), 0, process_time()
    with collector_at_rest():
        for parent, (_, node) in enumerate(walk(bounds, paths_of(frontier))):
            for move in node.moves():
                tries += 1
                after = node.after(move)
                if after is None or (digest := after.key()) in rows:
                    continue
                if wrong := broken(after):
                    wrongs[len(rows)] = wrong
                held, hidden = outcomes(after).values(), hidden_outcomes(after) if bounds.hidden else ()
                rows[digest] = (parent, move, after.recycled, _counted(held), _counted(hidden))
    parents, moves, past, found, hid = zip(*rows.values(), strict=True) if rows else ((),) * 5
    return Expanded(
        np.array(list(rows), dtype=np.uint64), np.array(parents, dtype=np.int32),
        np.array(moves, dtype=np.uint8).reshape(-1, 3), np.array(past, dtype=bool),
        np.array(found, dtype=np.uint8).reshape(-1, len(OUTCOMES)),
        np.array(hid, dtype=np.uint8).reshape(-1, len(OUTCOMES)), wrongs, tries,
        process_time() - began,
    )  # fmt: skip


def _counted(found: Iterable[Outcome]) -> list[int]:
    there = list(found)
    return [there.count(each) for each in OUTCOMES]


def differ(bounds: Bounds, one: Path, other: Path) -> str:
    """Return in what two states of one key differ in what can be asked of them; "" where they are alike.

    They must have the same moves, each leading to states of one key, and held pointers that find the same.
    """
    (_, first), (_, second) = next(walk(bounds, [one])), next(walk(bounds, [other]))
    mine, theirs = list(first.moves()), list(second.moves())
    if mine != theirs:
        return f"one can do {mine}, the other {theirs}"
    if list(outcomes(first).values()) != list(outcomes(second).values()):
        return f"touches find {outcomes(first)} and {outcomes(second)}"
    return next(filter(None, (_differ_after(first, second, move) for move in mine)), "")


def _differ_after(first: Node, second: Node, move: Move) -> str:
    after = [it.after(move) for it in (first, second)]
    keys = [None if it is None else it.key() for it in after]
    return "" if keys[0] == keys[1] else f"after {move} they differ"
