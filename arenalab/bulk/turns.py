"""Arenas that are made and freed in turn: how far a stretch of such operations goes, and which chunk each arena gets.

Between two rare things an arena takes the chunk that was put on the reuse list last, and puts it back when it is freed.
So where all that are made in a stretch are freed in it, the list has as many entries after it as before.

Untrusted are `turns_of`, which tells operations apart, and `handed_on`, which tells who gets which chunk:
`certify_turns` and `certify_handed_on` check every row against the rule.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from arenalab.bulk.run import MOST_SPREAD
from arenalab.errors import ModelBug

Ints = npt.NDArray[Any]


class Stretch(NamedTuple):
    """Operations of a trace, each of which makes an arena, frees one, or allocates."""

    makes: Ints  #: bool.
    frees: Ints  #: bool.
    number: Ints  #: the arena's.


class Turns(NamedTuple):
    """Arenas that are made and freed in the first `rows` rows of a stretch, and values in them."""

    rows: int
    made: Ints  #: row at which each arena is made, rising.
    freed: Ints  #: row at which it is freed.
    numbers: Ints  #: of those arenas, then of those that were there before and stay.
    values: Ints  #: rows that allocate.
    arena: Ints  #: of each of these the position of its arena in `numbers`.


def turns_of(asked: Stretch, usable: Callable[[int], object], most_open: int) -> Turns | None:
    """Return the longest stretch from the first row on after which all arenas made in it are freed, None for none.

    Args:
        asked: the operations.
        usable: the chunk that an arena made before can be allocated from, or None.
        most_open: chunks that there are on the reuse list.

    """
    return _one_by_one(asked) or _interleaved(asked, usable, most_open)


def _one_by_one(asked: Stretch) -> Turns | None:
    """Return the stretch where each arena is freed before the next is made, and nothing else is used; else None."""
    freed = asked.frees.nonzero()[0]
    if not len(freed):
        return None
    count = int(freed[-1]) + 1
    makes, number = asked.makes[:count], asked.number[:count]
    made = makes.nonzero()[0]
    if len(made) != len(freed) or made[0] or not np.array_equal(made[1:], freed[:-1] + 1):
        return None
    arena = np.arange(len(made), dtype=np.uint16).repeat(freed - made + 1)
    if not np.array_equal(number.take(made).take(arena), number):
        return None
    values = np.logical_not(np.logical_or(makes, asked.frees[:count])).nonzero()[0]
    return Turns(count, made, freed, number.take(made), values, arena.take(values))


def _interleaved(asked: Stretch, usable: Callable[[int], object], most_open: int) -> Turns | None:
    """Return the stretch where arenas overlap, or others that stay are used, too."""
    low, rows = int(asked.number.min()), len(asked.number)
    spread = int(asked.number.max()) - low + 1
    if low < 0 or spread > 4 * rows + MOST_SPREAD:
        return None
    made, freed = asked.makes.nonzero()[0], asked.frees.nonzero()[0]
    places = np.full(spread, -1, dtype=np.intp)
    shifted = asked.number.astype(np.intp) - low
    places[shifted[made]] = np.arange(len(made))
    arena = places.take(shifted)
    ends = np.full(len(made) + 1, rows)
    ends[arena[freed[::-1]]] = freed[::-1]  # the first of two stays; the last place is of those made before
    begins = np.append(made, rows)
    row = np.arange(rows)
    bad = np.logical_or(row <= begins.take(arena), row >= ends.take(arena))
    bad[made] = arena[made] != np.arange(len(made))
    bad[freed] = np.logical_or(ends.take(arena[freed]) != freed, arena[freed] < 0)
    bad[freed] |= begins.take(arena[freed]) > freed
    before = (arena < 0).nonzero()[0]
    before = before[np.logical_not(asked.frees[before])]
    stay = np.unique(shifted[before])
    unusable = [number for number in stay.tolist() if usable(number + low) is None]
    bad[before] = np.isin(shifted[before], unusable)
    depth = (asked.makes.astype(np.int32) - asked.frees).cumsum()
    bad |= depth > most_open
    stop = int(bad.argmax()) if bad.any() else rows
    whole = (depth[:stop] == 0).nonzero()[0]
    return _cut(asked, Turns(int(whole[-1]) + 1, made, freed, stay + low, row, arena)) if len(whole) else None


def _cut(asked: Stretch, turns: Turns) -> Turns | None:
    """Return the turns in the first `rows` rows alone, and the places of those that stay behind the others'."""
    count = turns.rows
    made, arena = turns.made[turns.made < count], turns.arena[:count]
    if not len(made):
        return None
    values = np.logical_not(np.logical_or(asked.makes[:count], asked.frees[:count])).nonzero()[0]
    arena = arena.take(values)
    others = (arena < 0).nonzero()[0]
    stay, place = np.unique(asked.number.take(values[others]), return_inverse=True)
    arena[others] = len(made) + place
    ends = np.empty(len(made), dtype=np.intp)
    freed = turns.freed[turns.freed < count]
    ends[turns.arena[freed]] = freed
    numbers = np.concatenate((asked.number.take(made), stay))
    return Turns(count, made, ends, numbers, values, arena.astype(np.uint16))


def certify_turns(asked: Stretch, turns: Turns) -> None:
    """Refuse turns unless each row is of its arena, between its making and its Free, and all are there.

    Raises:
        ModelBug: naming what is wrong.

    """
    count, made, freed, numbers, values, arena = turns
    own = len(made)
    told = (
        own == len(freed) == np.count_nonzero(asked.makes[:count]) == np.count_nonzero(asked.frees[:count])
        and len(values) + 2 * own == count
        and bool(asked.makes[made].all() and asked.frees[freed].all())
        and bool((made[1:] > made[:-1]).all() and (values[1:] > values[:-1]).all())
        and not np.logical_or(asked.makes, asked.frees)[:count].take(values).any()
        and len(set(numbers.tolist())) == len(numbers)
    )
    theirs = told and all(
        np.array_equal(asked.number[rows], numbers.take(places))
        for rows, places in ((made, slice_of(own)), (freed, slice_of(own)), (values, arena))
    )
    if not theirs:
        raise ModelBug(f"the solver's turns of {own} arenas are not those of the {count} operations")
    if (made >= freed).any() or int(freed.max()) >= count:
        raise ModelBug("the solver frees an arena before it is made")
    mine = arena < own
    if not mine.all():
        values, arena = values[mine], arena[mine]
    if np.logical_or(values < made.take(arena), values > freed.take(arena)).any():
        raise ModelBug("the solver allocates from an arena before it is made, or after it is freed")


def slice_of(count: int) -> Ints:
    """Return the first places."""
    return np.arange(count)


def handed_on(turns: Turns, reuse: Sequence[int]) -> Ints:
    """Return the chunk that each arena gets, from the reuse list as it is before, latest last. Untrusted."""
    made, freed = turns.made, turns.freed
    if (freed[:-1] < made[1:]).all():
        return np.full(len(made), reuse[-1], dtype=np.int64)
    stack, chunk = list(reuse), [0] * len(made)
    who, order = np.tile(np.arange(len(made)), 2), np.concatenate((made, freed)).argsort(kind="stable")
    for turn, arena in zip(order.tolist(), who[order].tolist(), strict=True):
        if turn < len(made):
            chunk[arena] = stack.pop()
        else:
            stack.append(chunk[arena])
    return np.array(chunk, dtype=np.int64)


def certify_handed_on(turns: Turns, reuse: Sequence[int], chunk: Ints) -> tuple[int, ...]:
    """Refuse chunks unless each arena gets the one that was put on the reuse list last; return the list's last entries.

    The k-th entry from the end changes hands when k arenas are open: it is taken by the k-th that is open, and is then
    what the next that was freed while k were open put there.

    Raises:
        ModelBug: naming the first arena that would get another.

    """
    own = len(turns.made)
    if (turns.freed[:-1] < turns.made[1:]).all() and (chunk == reuse[-1]).all():
        return (reuse[-1],)  # each is alone: it takes the last one and puts it back
    rows, who = np.concatenate((turns.made, turns.freed)), np.tile(np.arange(own), 2)
    order = rows.argsort(kind="stable")
    who, takes = who[order], order < own
    level = np.where(takes, 1, -1).cumsum() + np.logical_not(
        takes
    )  # arenas open while this one changes hands
    most = int(level.max())
    if most > len(reuse):
        raise ModelBug(f"{most} arenas are open at once, with {len(reuse)} chunks on the reuse list")
    if most > 1:
        by_level = level.argsort(kind="stable")
        who, takes, level = who[by_level], takes[by_level], level[by_level]
    held = chunk.take(who)
    first = np.append(True, level[1:] != level[:-1])  # an array's first entry
    there = np.append(0, held[:-1])
    there[first] = np.array(reuse[len(reuse) - most :])[most - level[first]]
    wrong = np.logical_and(takes, held != there)
    if wrong.any():
        at = int(np.argmax(wrong))
        raise ModelBug(
            f"user arena {turns.numbers[who[at]]} gets chunk {held[at]}; the reuse list's last is {there[at]}"
        )
    last = np.append(first[1:], True)
    return tuple(held[last][::-1].tolist())
