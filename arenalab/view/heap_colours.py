"""What the colours of a recorded heap tell: of a slot, and of a page by the slots of its span.

Rule: a colour means the same for a slot and for a page, and keeps its meaning while one steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from arenalab.intake.scopes import members, of_kind
from arenalab.units import counted
from arenalab.view.columns import Column, brief
from arenalab.view.heap_index import RANKED, HeapIndex, Rows

STEP, USE, TYPE, AGE, SCOPE = "this step", "use", "type", "age", "scope"
COLOURS = (STEP, USE, TYPE, AGE, SCOPE)
NO_SPAN, STACKS, FREE = range(3)
GROUND = ("address_space", "heap_stacks", "free")
GROUND_SAID = ("no span", "a span of stacks", "no object")
LONGEST = 40  #: characters of a type's name in a legend.

#: How many cycles began since an object's birth: at least so many.
AGES = (8, 4, 2, 1, 0)
AGES_SAID = ("born 8 cycles ago or more", "4 to 7", "2 or 3", "1", "born since the last GCBegin")
USES = ("used_1", "used_2", "used_3", "used_4")
USE_BOUNDS = (0.5, 0.9, 1)
USES_SAID = ("less than half of the slots used", "half or more", "nine tenths or more", "all; a used slot")
NEITHER, BORN, SOME_DIED, MOST_DIED = range(4)
STEPS = ("choice_7", "heap_born", "heap_died_some", "heap_died")
STEPS_SAID = (
    "objects as before",
    "born in this step",
    "some freed in this step",
    "half or more; a slot freed in this step",
)
SCOPES = ("heap_chosen", "heap_open", "heap_outlives", "choice_7")


@dataclass(frozen=True, eq=False)
class HeapColours:
    """Which colours there are and what they stand for; the first three are those of `GROUND`."""

    by: str
    keys: tuple[str, ...]
    said: tuple[str, ...]

    def legend(self) -> list[tuple[str, str]]:
        """Return (key, words) of each colour that there may be."""
        return [(key, said) for key, said in zip(self.keys, self.said, strict=True) if said]


class Moment:
    """The heap's objects at a moment, what a step did, and the scopes of a kind.

    Args:
        index: of the trace.
        at: the moment; the current step led there from `since`.
        kind: of scopes, "" for none.
        scope: the scope that is chosen, its place among those of the kind; -1 for none.

    """

    def __init__(self, index: HeapIndex, at: int, since: int, kind: str = "", scope: int = -1) -> None:
        """Find what is there."""
        self.index, self.at, self.since, self.kind, self.scope = index, at, since, kind, scope
        self.alive = index.alive(at)
        self.held = self.alive[index.held[self.alive]]
        self.died = index.died(since, at)
        self.born = index.born(since, at)
        self.spans = index.spans_at(at)

    @cached_property
    def place(self) -> Column:
        """Of each span its place among those that are there, -1 for others and, at the end, for none."""
        place = np.full(len(self.index.slots) + 1, -1)
        place[self.spans] = np.arange(len(self.spans))
        return place

    @cached_property
    def slots(self) -> Column:
        """Of each span that is there how many objects fit, 1 for one of stacks."""
        return np.maximum(self.index.slots[self.spans], 1)

    def in_spans(self, rows: Rows, numbers: Column | None = None, kinds: int = 1) -> Column:
        """Count some objects by span that is there; with numbers below `kinds`, by span and number."""
        of = self.place[self.index.objects.span[rows]]
        key = of[of >= 0] * kinds + (0 if numbers is None else numbers[of >= 0])
        count = np.bincount(key, minlength=len(self.spans) * kinds)
        return count if numbers is None else count.reshape(-1, kinds)

    def ages(self, rows: Rows) -> Column:
        """Return of some objects how old they are, a place in `AGES`."""
        begun = self.index.collections[
            : np.searchsorted(self.index.collections, self.index.ticks_at(self.at), "right")
        ]
        moments = np.append(self.index.moments_of(begun), np.iinfo(np.int64).max)
        survived = len(begun) - np.searchsorted(moments, self.index.birth[rows], side="right")
        answer: Column = len(AGES) - np.searchsorted(AGES[::-1], survived, side="right")
        return answer

    def scopes(self, rows: Rows) -> Column:
        """Return of some objects whether their scope is the chosen one, open, has ended, or there is none: 0 to 3."""
        if not self.kind:
            return np.full(len(rows), 3)
        of, ends = scopes_of_objects(self.index, self.kind)
        mine = of[rows]
        over = ends[mine] <= self.index.ticks_at(self.at)
        return np.where(mine < 0, 3, np.where(mine == self.scope, 0, np.where(over, 2, 1)))


def scopes_of_objects(index: HeapIndex, kind: str) -> tuple[Column, Column]:
    """Return for each object its scope among those of a kind, -1 for none, and the tick at which each scope ends."""
    mine = of_kind(index.scopes, kind)
    ends = np.array([each.end for each in mine] + [0], np.int64)
    return index.keep(kind, lambda: (members(index.log, index.objects, mine), ends))


def colours_of(moment: Moment, by: str) -> HeapColours:
    """Return the colours of one of `COLOURS`."""
    keys, said = {
        USE: (USES, USES_SAID),
        STEP: (STEPS, STEPS_SAID),
        TYPE: (tuple(f"choice_{rank}" for rank in range(RANKED + 1)), _types_said(moment.index)),
        AGE: (tuple(f"age_{age}" for age in range(len(AGES))), AGES_SAID),
        SCOPE: (SCOPES, _scopes_said(moment)),
    }[by]
    return HeapColours(by, GROUND + keys, GROUND_SAID + said)


def _types_said(index: HeapIndex) -> tuple[str, ...]:
    names = [brief(name, LONGEST) for name in index.type_names()]
    rest = len(index.objects.types) - len(names)
    return *names, *[""] * (RANKED - len(names)), counted(rest, "other type") if rest > 0 else ""


def _scopes_said(moment: Moment) -> tuple[str, ...]:
    if not moment.kind:
        return "", "", "", "in no scope"
    chosen = f"of scope {moment.scope + 1:,}, the chosen one" if moment.scope >= 0 else ""
    return chosen, f"its {brief(moment.kind, 24)} is open", "outlives it", "in none"


def slot_numbers(moment: Moment, rows: Rows, by: str) -> Column:
    """Return the colour of each of some objects that are there: 0 is the first after `GROUND`."""
    index = moment.index
    if by == USE:
        return np.full(len(rows), len(USES) - 1)
    if by == STEP:
        return (index.birth[rows] >= moment.since).astype(np.int64)
    if by == TYPE:
        return index.rank[index.objects.type[rows]]
    return moment.ages(rows) if by == AGE else moment.scopes(rows)


def span_numbers(moment: Moment, by: str) -> Column:
    """Return the colour of each span that is there, by its objects: -1 for one without any."""
    used = moment.in_spans(moment.held)
    if by == STEP:
        died, born = (moment.in_spans(rows[moment.index.held[rows]]) for rows in (moment.died, moment.born))
        answer = np.where(
            died > 0, np.where(2 * died >= moment.slots, MOST_DIED, SOME_DIED), np.minimum(born, BORN)
        )
        return np.where(used + died > 0, answer, -1)
    if by == USE:
        answer = np.searchsorted(USE_BOUNDS, used / moment.slots, side="right")
    else:
        kinds = RANKED + 1
        numbers = slot_numbers(moment, moment.held, by)
        count = moment.in_spans(moment.held, numbers, kinds)
        answer = (count > 0).argmax(axis=1) if by == AGE else count.argmax(axis=1)
    return np.where(used > 0, answer, -1)
