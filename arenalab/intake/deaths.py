"""Which end belongs to which of the things that came to a place, whatever the stamps of different threads say."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from arenalab.intake.log import Column, Narrow, TraceLog
from arenalab.narrow import MOST_NARROW, SIGNED, narrow

NEVER = np.iinfo(np.int64).max  #: place of an end that the trace does not hold.
BEYOND = 2**56  #: an address that no span reaches, ids that are added to some included.
CLOSE, FARTHEST = 8192, 2**24  #: bytes of a page; pages that a table covers, one element each.


def deaths_of(
    log: TraceLog, slot: Column, tiny: NDArray[np.bool_], born: Narrow, frees: tuple[Column, Narrow]
) -> tuple[Column, NDArray[np.bool_], int]:
    """Return where each object's slot was freed, which objects were lost, and how many frees were strays.

    `frees` are the slots that were freed, and their places in the heap's log.
    """
    gone, freed = frees
    shared, gone_shared = _among(slot, slot[tiny]), _among(gone, slot[tiny])
    end, lost, strays = np.full(len(slot), NEVER), np.zeros(len(slot), np.bool_), 0
    for mine, theirs, pair in (
        (np.logical_not(shared), np.logical_not(gone_shared), paired),
        (shared, gone_shared, partial(_together, log)),
    ):
        end[mine], lost[mine], left = pair(slot[mine], born[mine], gone[theirs], freed[theirs])
        strays += left
    return end, lost, strays


def _among(places: Column, few: Column) -> NDArray[np.bool_]:
    """Return which places are among a few others that lie close together: most need not be looked up."""
    answer = np.zeros(len(places), np.bool_)
    if not len(few) or not len(places):
        return answer
    low = int(few.min()) // CLOSE
    near = np.zeros(min(int(few.max()) // CLOSE - low, FARTHEST) + 2, np.bool_)
    near[np.minimum(few // CLOSE - low, len(near) - 2)] = True
    rows = np.flatnonzero(near[np.clip(places // CLOSE - low, -1, len(near) - 2)])
    answer[rows] = np.isin(places[rows], few)
    return answer


def paired(
    place: Column, came: Narrow, gone_place: Column, gone: Narrow
) -> tuple[Column, NDArray[np.bool_], int]:
    """Return where each of the things that came to a place one after the other went, which were lost, stray ends.

    What is at a place must go before the next comes, so the n-th that came is the n-th that went, whatever the stamps
    of different threads say. Where the counts don't fit that, all things of the place are lost. `came` and `gone` rise.
    """
    together = np.concatenate([place, gone_place])
    together = narrow(
        together - together.min(initial=BEYOND), SIGNED
    )  # half the memory, where the heap is small
    order = np.argsort(together, kind="stable")
    if len(order) < MOST_NARROW:
        order = order.astype(np.int32)
    is_first = order < len(place)
    sorted_ = together[order]
    del together
    group = np.cumsum(np.append(False, sorted_[1:] != sorted_[:-1])[: len(order)], dtype=np.int32)
    del sorted_
    mine, theirs = order[is_first], order[np.logical_not(is_first)] - len(place)
    key, key_of_end = group[is_first], group[np.logical_not(is_first)]
    del order, group
    groups = int(max(key.max(initial=-1), key_of_end.max(initial=-1))) + 1
    count, left = np.bincount(key, minlength=groups), np.bincount(key_of_end, minlength=groups)
    rank = np.arange(len(place), dtype=key.dtype) - narrow(np.cumsum(count) - count, SIGNED)[key]
    has = rank < left[key]
    nth = ((np.cumsum(left) - left)[key] + rank)[has]
    end = np.full(len(place), NEVER)
    end[mine[has]] = gone[theirs[nth]]
    wrong = np.empty(len(place), np.bool_)
    wrong[mine] = ((left > count) | (left + 1 < count))[key]
    wrong |= end < came
    end[wrong] = NEVER
    return end, wrong, len(gone) - int((end != NEVER).sum())


def _together(
    log: TraceLog, slot: Column, came: Narrow, gone_slot: Column, gone: Narrow
) -> tuple[Column, NDArray[np.bool_], int]:
    """Return the same for slots of the tiny allocator: all that came go together, with the next free of their slot.

    What came while that free's stamp may already have been due could belong to the slot's next life: it is lost.
    """
    moments = len(log.heap) + 1
    names = np.unique(np.concatenate([slot, gone_slot]))
    key = np.searchsorted(names, slot) * moments
    gone_key = np.searchsorted(names, gone_slot) * moments + gone
    order = np.argsort(gone_key)
    place = np.searchsorted(gone_key[order], key + came, side="right")
    free = np.append(gone[order], 0)[place]
    ended = np.append(gone_key[order], NEVER)[place] < key + moments
    time = log.heap.time
    lost = np.logical_and(ended, time[came] >= time[free] - log.heap.wide("ahead", free))
    return (
        np.where(np.logical_and(ended, np.logical_not(lost)), free, NEVER),
        lost,
        len(gone) - len(np.unique(place[ended])),
    )
