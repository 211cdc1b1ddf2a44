"""Arenas that are made and freed in turn: how far a stretch of such operations goes, and which chunk each arena gets.

Between two rare things an arena takes the chunk that was put on the reuse list last, and puts its chunk there when it
is freed. Some may be open when the stretch begins, and others when it ends.

Untrusted are `turns_of`, which tells operations apart, and `handed_on`, which tells who gets which chunk:
`certify_turns` and `certify_handed_on` check every row against the rule.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from arenalab.bulk.first import all_differ, found, same
from arenalab.bulk.run import MOST_SPREAD
from arenalab.errors import ModelBug

Ints = npt.NDArray[Any]
_FIRST, _NO_ROWS = np.zeros(1, dtype=np.intp), np.zeros(0, dtype=np.intp)
BEFORE = -1  #: the row at which arenas were made that are there when the stretch begins.


class Stretch(NamedTuple):
    """Operations of a trace, each of which makes an arena, frees or drops one, or allocates."""

    makes: Ints  #: bool.
    frees: Ints  #: bool.
    drops: Ints  #: bool.
    number: Ints  #: the arena's.

    def allocates(self, count: int) -> Ints:
        """Return which of the first `count` operations do nothing else."""
        others = np.logical_or(self.makes[:count], self.frees[:count])
        others |= self.drops[:count]
        return np.logical_not(others, out=others)


class There(NamedTuple):
    """What is there before a stretch."""

    usable: Callable[[int], bool]  #: whether an arena with that number can be allocated from.
    freeable: Callable[[int], bool]  #: whether its Free puts its active chunk on the reuse list.
    reuse: int  #: chunks on the reuse list.
    most: int  #: how many fit there before it grows.


class Turns(NamedTuple):
    """The first `rows` rows of a stretch: the arenas that they make, free or fill, and the values."""

    rows: int
    made: Ints  #: row at which each arena is made, rising.
    freed: Ints  #: row at which each of `numbers` is freed; `rows` for one that stays.
    numbers: Ints  #: of those made, then of those that were there before: first those that are freed.
    values: Ints  #: rows that allocate.
    arena: Ints  #: of each of these the position of its arena in `numbers`, as numpy indexes.
    dropped: Ints  #: rows that drop an arena, rising.

    @property
    def ended(self) -> int:
        """Return how many arenas that were there before are freed."""
        return int(np.count_nonzero(self.freed[len(self.made) :] < self.rows))


def turns_of(asked: Stretch, there: There) -> Turns | None:
    """Return the turns of the longest stretch from the first row on, None where that makes and frees none."""
    return _one_by_one(asked, there) or _interleaved(asked, there)


def _one_by_one(asked: Stretch, there: There) -> Turns | None:
    """Return the stretch where each arena is freed before the next is made, and nothing else is used; else None.

    The first may be one that was there before.
    """
    freed = asked.frees.nonzero()[0]
    if not len(freed):
        return None
    count = int(freed[-1]) + 1
    makes, number = asked.makes[:count], asked.number[:count]
    if found(asked.drops[:count]):
        return None
    made = makes.nonzero()[0]
    begins, old = (made, number[:0]) if makes[0] else (np.concatenate((_FIRST, made)), number[:1])
    if len(begins) != len(freed) or not len(made) or found(begins[1:] != freed[:-1] + 1):
        return None
    rows = freed - begins + 1
    if found(number.take(begins).repeat(rows) != number) or not _may_begin(old.tolist(), there):
        return None
    values, turn = asked.allocates(count).nonzero()[0], np.arange(len(begins))
    if len(old):  # it stands behind those that are made
        turn, freed = np.concatenate((turn[-1:], turn[:-1])), np.concatenate((freed[1:], freed[:1]))
    numbers = np.concatenate((number.take(made), old))
    return Turns(count, made, freed, numbers, values, turn.repeat(rows).take(values), _NO_ROWS)


def _may_begin(old: list[int], there: There) -> bool:
    """Return whether arenas can come one after another: behind an old one, else by a chunk of the reuse list."""
    if not old:
        return there.reuse > 0
    return there.usable(old[0]) and there.freeable(old[0]) and there.reuse < there.most


def _interleaved(asked: Stretch, there: There) -> Turns | None:
    """Return the stretch where arenas overlap, were there before, or stay."""
    low, rows = int(asked.number.min()), len(asked.number)
    spread = int(asked.number.max()) - low + 1
    if low < 0 or spread > 4 * rows + MOST_SPREAD:
        return None
    made, freed = asked.makes.nonzero()[0], asked.frees.nonzero()[0]
    places, shifted = np.full(spread, -1, dtype=np.intp), asked.number.astype(np.intp) - low
    places[shifted[made]] = np.arange(len(made))
    arena = places.take(shifted)
    others = (arena < 0).nonzero()[0]
    old = np.unique(shifted.take(others))
    places[old] = len(made) + np.arange(len(old))
    arena[others] = places.take(shifted.take(others))
    begins = np.concatenate((made, np.full(len(old), BEFORE)))
    ends = np.full(len(begins), rows)
    ends[arena[freed[::-1]]] = freed[::-1]  # the first of two stays
    row, dropped = np.arange(rows), asked.drops.nonzero()[0]
    bad = np.logical_or(row <= begins.take(arena), row >= ends.take(arena))
    bad[made] = arena[made] != np.arange(len(made))
    bad[freed] = np.logical_or(ends.take(arena[freed]) != freed, begins.take(arena[freed]) > freed)
    if len(dropped):
        last = np.full(len(begins), rows)
        last[arena[dropped[::-1]]] = dropped[::-1]
        bad |= row > last.take(arena)
    _never(bad, len(made), (old + low).tolist(), arena, ends, there)
    length = there.reuse + np.subtract(asked.frees, asked.makes, dtype=np.int32).cumsum(dtype=np.int32)
    bad |= np.logical_or(length < 0, length > there.most)
    stop = int(bad.argmax()) if bad.any() else rows
    return _cut(asked, stop, Turns(rows, made, ends, old + low, row, arena, dropped))


def _never(bad: Ints, own: int, old: list[int], arena: Ints, ends: Ints, there: There) -> None:
    """Note the rows that can't be, as arenas are that were there before; `own` are made."""
    unusable = []
    for place, number in enumerate(old, own):
        if not there.usable(number):
            unusable.append(place)
        elif ends[place] < len(bad) and not there.freeable(number):
            bad[ends[place]] = True
    if unusable:
        bad |= np.isin(arena, unusable)


def _cut(asked: Stretch, count: int, turns: Turns) -> Turns | None:
    """Return the turns in the first `count` rows alone; arenas that occur later only are left out."""
    own, arena = int(np.count_nonzero(turns.made < count)), turns.arena[:count]
    occurs = np.zeros(len(turns.freed), dtype=bool)
    occurs[arena] = True
    kept = occurs.nonzero()[0]
    old = kept[own:]
    old = old[(turns.freed[old] >= count).argsort(kind="stable")]
    kept = np.concatenate((kept[:own], old))
    freed = np.minimum(turns.freed[kept], count)
    if not own and (freed == count).all():
        return None
    positions = np.empty(len(occurs), dtype=np.intp)
    positions[kept] = np.arange(len(kept))
    values, made = asked.allocates(count).nonzero()[0], turns.made[:own]
    numbers = np.concatenate((asked.number.take(made), turns.numbers[old - len(turns.made)]))
    dropped = turns.dropped[turns.dropped < count]
    return Turns(count, made, freed, numbers, values, positions.take(arena.take(values)), dropped)


def certify_turns(asked: Stretch, turns: Turns) -> None:
    """Refuse turns unless each row is of its arena, between its making and its Free, and all are there.

    Raises:
        ModelBug: naming what is wrong.

    """
    count, made, freed, numbers, values, arena, dropped = turns
    own = len(made)
    makes, frees = asked.makes[:count], asked.frees[:count]
    gone = (freed < count).nonzero()[0]
    rows = freed[gone]
    told = (
        len(freed) == len(numbers) >= own
        and same(made, makes.nonzero()[0])
        and same(np.sort(rows), frees.nonzero()[0])
        and same(dropped, asked.drops[:count].nonzero()[0])
        and same(values, asked.allocates(count).nonzero()[0])
        and all_differ(numbers)
    )
    theirs = told and all(
        same(asked.number[mine], numbers.take(places))
        for mine, places in ((made, np.arange(own)), (rows, gone), (values, arena))
    )
    if not theirs:
        raise ModelBug(f"the solver's turns of {own} arenas are not those of the {count} operations")
    begins = np.concatenate((made, np.full(len(numbers) - own, BEFORE)))
    if (begins >= freed).any():
        raise ModelBug("the solver frees an arena before it is made")
    if np.logical_or(values < begins.take(arena), values > freed.take(arena)).any():
        raise ModelBug("the solver allocates from an arena before it is made, or after it is freed")
    if len(dropped):
        _certify_dropped(asked, turns, begins)


def _certify_dropped(asked: Stretch, turns: Turns, begins: Ints) -> None:
    """Refuse turns unless arenas that are dropped are there, once each, and nothing is done with them afterwards."""
    place = {number: place for place, number in enumerate(turns.numbers.tolist())}
    who = [place.get(number, -1) for number in asked.number[turns.dropped].tolist()]
    if min(who) < 0 or len({*who}) < len(who):
        raise ModelBug("the solver drops an arena that is not there, or one twice")
    last = np.full(len(turns.numbers), turns.rows)
    last[who] = turns.dropped
    late = np.logical_or(begins[who] > last[who], turns.freed[who] < turns.rows)
    if found(late) or found(turns.values > last.take(turns.arena)):
        raise ModelBug("the solver uses an arena after it is dropped, or drops it before it is made")


def _alone(turns: Turns) -> bool:
    """Return whether each arena is freed before the next is made, at most the first of which was there before."""
    made, own = turns.made, len(turns.made)
    freed, before = turns.freed[:own], turns.freed[own:].tolist()
    after_each = own and bool((freed[:-1] < made[1:]).all()) and int(freed[-1]) < turns.rows
    return bool(after_each) and (not before or (len(before) == 1 and before[0] < made[0]))


def handed_on(turns: Turns, reuse: Sequence[int], active: Sequence[int]) -> Ints:
    """Return the chunk that each arena gets or has. Untrusted.

    Args:
        turns: who is made and freed when.
        reuse: the reuse list as it is before, latest last.
        active: the chunks of arenas that are there before.

    """
    own = len(turns.made)
    if _alone(turns):
        return np.full(len(turns.numbers), [*reuse, *active][-1], dtype=np.int64)
    stack, chunk = list(reuse), [*[0] * own, *active]
    gone = (turns.freed < turns.rows).nonzero()[0]
    who = np.concatenate((np.arange(own), gone))
    order = np.concatenate((turns.made, turns.freed[gone])).argsort(kind="stable")
    for turn, arena in zip(order.tolist(), who[order].tolist(), strict=True):
        if turn < own:
            chunk[arena] = stack.pop()
        else:
            stack.append(chunk[arena])
    return np.array(chunk, dtype=np.int64)


def certify_handed_on(turns: Turns, reuse: Sequence[int], chunk: Ints) -> tuple[int, tuple[int, ...]]:
    """Refuse chunks unless each arena gets the one that was put on the reuse list last.

    Return how many entries of the list nobody takes, from its first on, and those that stand behind them afterwards.
    The n-th entry changes hands when there are n: a chunk is taken from there, and what is there is what was put there
    last, or stood there before.

    Raises:
        ModelBug: naming the first arena that would get another.

    """
    own = len(turns.made)
    kept = len(reuse) if len(chunk) > own else len(reuse) - 1
    if _alone(turns) and (chunk == (chunk[own] if len(chunk) > own else reuse[-1])).all():
        return kept, (int(chunk[0]),)  # each is alone: it takes the last one and puts it back
    gone = (turns.freed < turns.rows).nonzero()[0]
    who = np.concatenate((np.arange(own), gone))
    order = np.concatenate((turns.made, turns.freed[gone])).argsort(kind="stable")
    who, takes = who[order], order < own
    length = len(reuse) + np.where(takes, -1, 1).cumsum()
    if int(length.min()) < 0:
        raise ModelBug(
            f"{own} arenas would be made, and the reuse list, of {len(reuse)} chunks, be empty before"
        )
    level = length + takes  # the entry that changes hands
    by_level = level.argsort(kind="stable")
    who, takes, level = who[by_level], takes[by_level], level[by_level]
    held = chunk.take(who)
    first = np.append(True, level[1:] != level[:-1])  # of an entry's changes
    there = np.append(0, held[:-1])
    at_first = np.logical_and(first, takes).nonzero()[0]
    there[at_first] = np.array(reuse, dtype=np.int64)[level[at_first] - 1]
    wrong = np.logical_and(takes, held != there)
    if wrong.any():
        at = int(np.argmax(wrong))
        raise ModelBug(
            f"user arena {turns.numbers[who[at]]} gets chunk {held[at]}; the reuse list's last is {there[at]}"
        )
    last = np.logical_and(np.append(first[1:], True), level <= length[-1])
    return int(level[0]) - 1, tuple(held[last].tolist())
