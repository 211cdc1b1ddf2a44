"""The rules, vectorised over all stays of many arenas: refused at the first that breaks one.

The proof:
1. The stays of an arena, in turn, hold its values, each once and in time.
2. Each value stands where `take_from_*` puts it from the edges that its stay begins with (`certify_run`).
3. A stay begins with the edges that the one before it in that chunk left, or with those of a fresh chunk.
4. A stay ends with its arena's values, or before one that `take_from_*` finds no room for.
Which chunk an arena gets is not shown here: who calls this compares with what the machine does.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from arenalab.bulk.ask import Ask, Placed, edges_after, homes
from arenalab.bulk.certify import certify_run
from arenalab.bulk.first import same
from arenalab.bulk.many_arenas import Arenas, Filled, blocks
from arenalab.bulk.place import back_starts, front_starts
from arenalab.errors import ModelBug
from arenalab.go import layout
from arenalab.go.rules import GoRules

Ints = npt.NDArray[Any]


def certify_arenas(asked: Arenas, filled: Filled, rules: GoRules) -> tuple[Ints, Ints]:
    """Refuse stays that single steps would not give; return where each value stands: stay, offset in its chunk.

    Raises:
        ModelBug: naming the first stay or value that breaks a rule.

    """
    stays = np.array(filled.stays, np.int64).reshape(-1, 6)
    stays = stays[np.lexsort((stays[:, 1], stays[:, 0]))]
    arena, start, stop, life, base, limit = stays.T
    _certify_cover(asked, arena, start, stop)
    slot = np.empty(len(asked.size), np.int32)
    offset, bases, limits = np.empty_like(slot), np.empty_like(base), np.empty_like(limit)
    for first, last in blocks(np.append(start, len(slot))):
        mine, rows = slice(first, last), slice(int(start[first]), int(stop[last - 1]))
        stay, placed = _placed(asked, start[mine], stop[mine], base[mine], limit[mine])
        after = edges_after(placed)
        certify_run(placed, after)
        bases[mine], limits[mine] = after.reshape(2, -1)
        slot[rows] = stay + first
        offset[rows] = placed.in_time(placed.start)
    turns = np.lexsort((_begun(asked, arena, start), life))
    _certify_edges(life[turns], np.stack((base, limit))[:, turns], np.stack((bases, limits))[:, turns], rules)
    _certify_ends(asked, arena, stop, bases, limits)
    return slot, offset


def _begun(asked: Arenas, arena: Ints, start: Ints) -> Ints:
    """Return when each stay began: with its arena, or at the value that the stay before it had no room for."""
    first = np.diff(arena, prepend=-1) != 0
    return np.where(first, asked.made[arena], np.append(asked.moment, 0)[start])


def _certify_cover(asked: Arenas, arena: Ints, start: Ints, stop: Ints) -> None:
    """Check that each arena's stays follow one another from its first value to its last."""
    first = np.diff(arena, prepend=-1) != 0
    last = np.append(first[1:], True)[: len(arena)]
    wanted = np.where(last, asked.first[arena + 1], np.append(start, 0)[1:])
    wrong = np.logical_or(stop != wanted, np.logical_and(first, start != asked.first[arena]))
    if not same(arena[first], np.arange(len(asked.made))):
        raise ModelBug(f"the solver filled {int(first.sum())} of {len(asked.made)} arenas")
    if wrong.any():
        at = int(np.argmax(wrong))
        raise ModelBug(f"user arena {arena[at]}: its values from {stop[at]} on are missing, or stand twice")


def _placed(asked: Arenas, start: Ints, stop: Ints, base: Ints, limit: Ints) -> tuple[Ints, Placed]:
    """Return the values of some stays as one run of as many chunks: whose each is, and where they stand."""
    stay = np.repeat(np.arange(len(start)), stop - start)
    pointerful, size, align = asked.rows(int(start[0]), int(stop[-1]))
    back = np.logical_not(pointerful)
    ask = Ask(homes(stay, back.view(np.uint8), len(start)), size, align, np.concatenate((base, limit)))
    fronts, backs = np.flatnonzero(pointerful), np.flatnonzero(back)
    edges = np.append(start, stop[-1]) - start[0]
    low, high = fronts.searchsorted(edges), backs.searchsorted(edges)
    order = np.concatenate((fronts, backs))
    rows, count = ask.ordered(order), len(fronts)
    places = np.empty(len(order), np.int64)
    front_starts(base, low, rows.size[:count], places[:count])
    back_starts(limit, high, rows.size[count:], rows.align[count:], places[count:])
    return stay, Placed(order, rows, np.concatenate((low[:-1], high + count)), places)


def _certify_edges(life: Ints, before: Ints, after: Ints, rules: GoRules) -> None:
    """Check, stay by stay of each chunk, that each begins where the one before it ended."""
    fresh = np.array([[0], [rules.chunk.usable_bytes]])
    first = np.diff(life, prepend=-1) != 0
    wanted = np.where(first, fresh, np.concatenate((fresh, after), axis=1)[:, : len(life)])
    wrong = (wanted != before).any(axis=0)
    if wrong.any():
        at = int(np.argmax(wrong))
        raise ModelBug(
            f"chunk's life {life[at]}: free from {before[0, at]} to {before[1, at]}, not {wanted[:, at].tolist()}"
        )


def _certify_ends(asked: Arenas, arena: Ints, stop: Ints, bases: Ints, limits: Ints) -> None:
    """Check that no arena was refilled for a value that still had room."""
    rows = np.flatnonzero(stop < asked.first[arena + 1])
    value = stop[rows]
    size, align = asked.size[value].astype(np.int64), asked.align[value].astype(np.int64)
    for take, mine in ((layout.take_from_front, True), (layout.take_from_back, False)):
        at = np.flatnonzero(asked.pointerful[value] == mine)
        there = rows[at]
        *_, fits = take(bases[there], limits[there], size[at], align[at])
        if fits.any():
            raise ModelBug(
                f"user arena {arena[there[np.argmax(fits)]]} was refilled for a value that had room"
            )
