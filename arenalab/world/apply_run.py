"""What a run of carved values changes. Law: it writes what the event says and decides nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from arenalab.world.apply_common import type_number
from arenalab.world.columns import IntArray
from arenalab.world.event import Event
from arenalab.world.run_events import SINGLE, BumpRun, RunBitsWritten
from arenalab.world.state import World

UNKNOWN = -1


def _bump_run(w: World, e: BumpRun) -> None:
    first = w.ledger.count
    for position, number in enumerate(e.user_arenas):
        span, user_arena = w.span_to_write(e.homes[position]), w.user_arena_to_write(number)
        span.free_base, span.free_limit = e.free_bases[position], e.free_limits[position]
        user_arena.last_object = first + e.last[position]
        if e.last_pointerful[position] >= 0:
            user_arena.last_pointerful = first + e.last_pointerful[position]
    w.ledger.extend(_ledger_rows(w, e))


def _ledger_rows(w: World, e: BumpRun) -> IntArray:
    kinds, slots = np.frombuffer(e.kinds, dtype=np.uint16), np.frombuffer(e.slots, dtype=np.uint16)
    sizes = np.array([go_type.size for go_type in e.types]).take(kinds)
    rows = np.empty((e.count, w.ledger.width), dtype=np.int64)
    rows[:, 0] = np.array(e.bases).take(slots) + np.frombuffer(e.offsets, dtype=np.uint32)
    if e.caps:
        rows[:, 3] = np.frombuffer(e.caps, dtype=np.int64)
        sizes *= np.maximum(rows[:, 3], 1)
    else:
        rows[:, 3] = SINGLE
    rows[:, 1], rows[:, 2] = sizes, _type_numbers(w, e, kinds).take(kinds)
    rows[:, 4], rows[:, 5] = np.array(e.user_arenas).take(slots), np.array(e.homes).take(slots)
    return rows


def _type_numbers(w: World, e: BumpRun, kinds: IntArray) -> IntArray:
    """Return the World's number of each of the run's types, entering new ones by first use."""
    numbers = np.array([w.type_index.get(go_type, UNKNOWN) for go_type in e.types])
    if numbers.min() == UNKNOWN:
        seen = {kind: kinds == kind for kind in np.flatnonzero(numbers == UNKNOWN).tolist()}
        first = sorted((int(there.argmax()), kind) for kind, there in seen.items() if there.any())
        for _, kind in first:
            numbers[kind] = type_number(w, e.types[kind])
    return numbers


def _run_bits_written(w: World, e: RunBitsWritten) -> None:
    after, clears = np.frombuffer(e.after, dtype=np.uint64), np.frombuffer(e.clears, dtype=np.uint8)
    w.bits.write_runs(e.homes, e.firsts, e.counts, after, clears)


HANDLERS: dict[type[Event], Callable[[World, Any], None]] = {
    BumpRun: _bump_run,
    RunBitsWritten: _run_bits_written,
}
