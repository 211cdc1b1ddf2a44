"""Slots of many handles that are made while nothing is swept: solved and certified.

The rule is that of `machine.general_heap.handle_slot`: the lowest free slot of the cached span, then of those swept
first among those with room, then of fresh ones.
"""

from __future__ import annotations

from itertools import chain, count, islice
from typing import NamedTuple

import numpy as np

from arenalab.errors import ModelBug
from arenalab.world.state import World


class Slots(NamedTuple):
    """Slots of handles, in the order of making, and the spans that are cached for them."""

    slots: list[int]
    refilled: tuple[int, ...]  #: spans that were partial and were cached.


def solve_slots(w: World, wanted: int) -> Slots:
    """Return the slots of so many handles. Untrusted: see `certify_slots`."""
    spans, size, slots = w.handle_spans, w.rules.handles_per_span, list[int]()
    cached = w.p.handle_span
    if cached >= 0:
        slots += _free(w, cached * size + w.p.freeindex, (cached + 1) * size, wanted)
    refilled = []
    for span in spans.partial:
        if mine := _free(w, span * size, (span + 1) * size, wanted - len(slots)):
            refilled.append(span)
            slots += mine
    first = spans.made * size
    slots += range(first, first + wanted - len(slots))
    return Slots(slots, tuple(refilled))


def _free(w: World, low: int, high: int, most: int) -> list[int]:
    taken = w.handle_spans.taken
    if taken.keys().isdisjoint(range(low, high)):
        return list(range(low, min(high, low + most)))
    return list(islice((slot for slot in range(low, high) if slot not in taken), most))


def certify_slots(w: World, solved: Slots) -> None:
    """Refuse slots unless each is the first free one after the one before it.

    Raises:
        ModelBug: naming the first slot that is another.

    """
    spans, size, taken = w.handle_spans, w.rules.handles_per_span, w.handle_spans.taken.keys()
    cached = [(w.p.handle_span, w.p.freeindex)] if w.p.handle_span >= 0 else []
    turn = chain(cached, ((span, 0) for span in spans.partial), ((span, 0) for span in count(spans.made)))
    slots, visited = np.array(solved.slots), list[int]()
    ends = np.append((slots[1:] // size != slots[:-1] // size).nonzero()[0] + 1, len(slots)).tolist()
    at = 0
    while at < len(slots):
        span, low = next(turn)
        if span >= spans.made and span * size > slots[at]:
            raise ModelBug(f"a handle takes slot {slots[at]}, which is after the one before it")
        here = range(span * size + low, (span + 1) * size)
        behind = ends[0] if slots[at] in here else at
        mine = slots[at:behind]
        last = here.stop if behind < len(slots) else int(mine[-1]) + 1
        if len(mine) and (mine[0] < here.start or (mine[1:] <= mine[:-1]).any()):
            raise ModelBug(
                f"a handle takes a slot of span {span} that is after the one before it, among {mine}"
            )
        if last - here.start > len(mine) and not taken >= set(range(here.start, last)).difference(
            mine.tolist()
        ):
            raise ModelBug(f"a handle passes over a free slot of span {span}")
        if behind > at:
            ends.pop(0)
            visited.append(span)
        at = behind
    if not taken.isdisjoint(solved.slots):
        raise ModelBug("two handles are in one slot")
    if solved.refilled != tuple(span for span in visited if span in spans.partial):
        raise ModelBug(f"spans {solved.refilled} of handles are cached, not {visited}")
