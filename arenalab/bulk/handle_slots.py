"""Slots of many handles that are made while nothing is swept: solved and certified.

The rule is that of `machine.general_heap.handle_slot`: the lowest free slot of the cached span, then of those swept
first among those with room, then of fresh ones.
"""

from __future__ import annotations

from itertools import chain, count, islice
from typing import NamedTuple

import numpy as np

from arenalab.bulk.first import Ints, ends_of, found
from arenalab.errors import ModelBug
from arenalab.world.state import World


class Slots(NamedTuple):
    """Slots of handles, in the order of making, and the spans that are cached for them."""

    slots: Ints
    refilled: tuple[int, ...]  #: spans that were partial and were cached.


def solve_slots(w: World, wanted: int) -> Slots:
    """Return the slots of so many handles. Untrusted: see `certify_slots`."""
    spans, size = w.handle_spans, w.rules.handles_per_span
    cached, parts, refilled = w.p.handle_span, list[Ints](), list[int]()
    if cached >= 0:
        parts.append(_free(w, cached * size + w.p.freeindex, (cached + 1) * size, wanted))
        wanted -= len(parts[0])
    for span in spans.partial:
        if len(mine := _free(w, span * size, (span + 1) * size, wanted)):
            refilled.append(span)
            parts.append(mine)
            wanted -= len(mine)
    first = spans.made * size
    return Slots(np.concatenate((*parts, np.arange(first, first + wanted))), tuple(refilled))


def _free(w: World, low: int, high: int, most: int) -> Ints:
    taken = w.handle_spans.taken
    if taken.keys().isdisjoint(range(low, high)):
        return np.arange(low, min(high, low + most))
    free = islice((slot for slot in range(low, high) if slot not in taken), most)
    return np.array(list(free), dtype=np.int64)


def certify_slots(w: World, solved: Slots) -> None:
    """Refuse slots unless each is the first free one after the one before it.

    Raises:
        ModelBug: naming the first slot that is another.

    """
    spans, size, taken = w.handle_spans, w.rules.handles_per_span, w.handle_spans.taken.keys()
    cached = [(w.p.handle_span, w.p.freeindex)] if w.p.handle_span >= 0 else []
    turn = chain(cached, ((span, 0) for span in spans.partial), ((span, 0) for span in count(spans.made)))
    slots, visited = solved.slots, list[int]()
    stays = slots[1:] // size == slots[:-1] // size  # whether the next one is in the same span
    if found(np.logical_and(slots[1:] <= slots[:-1], stays)):
        raise ModelBug("a handle takes a slot of a span that is after the one before it")
    begins = np.append(0, np.logical_not(stays).nonzero()[0] + 1)
    ends = ends_of(begins, len(slots))
    lows, highs = slots.take(begins).tolist(), slots.take(ends - 1).tolist()
    for begin, end, low, high in zip(begins.tolist(), ends.tolist(), lows, highs, strict=True):
        for span, index in turn:
            if span >= spans.made and span * size > low:
                raise ModelBug(f"a handle takes slot {low}, which is after the one before it")
            here = range(span * size + index, (span + 1) * size)
            mine = slots[begin:end].tolist() if low in here else []
            last = high + 1 if mine and end == len(slots) else here.stop
            if last - here.start > len(mine) and not taken >= set(range(here.start, last)).difference(mine):
                raise ModelBug(f"a handle passes over a free slot of span {span}")
            if mine:
                visited.append(span)
                break
    if not taken.isdisjoint(slots.tolist()):
        raise ModelBug("two handles are in one slot")
    if solved.refilled != tuple(span for span in visited if span in spans.partial):
        raise ModelBug(f"spans {solved.refilled} of handles are cached, not {visited}")
