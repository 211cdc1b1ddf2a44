"""What a run comes to, in numbers: for a sweep's table, and for two runs side by side."""

from __future__ import annotations

from typing import Any

import numpy as np

from arenalab.errors import GoThrow
from arenalab.machine.reach import edges_read, root_chunks, solve_reach
from arenalab.world.apply import apply
from arenalab.world.events import ChunkRetired
from arenalab.world.history import History
from arenalab.world.of_kind import field_of
from arenalab.world.state import LEDGER, ON_HEAP, World


def measured(history: History, at: int | None = None) -> dict[str, Any]:
    """Return what a run comes to after `at` events, or at its end: sizes in bytes, the rest as counts."""
    world = history.world if at is None else history.at(at)
    placed = _placed(world)
    in_use = sum(span.mapped for span in world.spans)
    return {
        "operations_done": len(history.ops) if at is None else history.log.op_at(at) + 1,
        **placed,
        "chunks": sum(span.is_user_arena_chunk for span in world.spans),
        "chunks_obtained": world.counters.large_alloc_count - placed["values_on_heap"],
        "mapped_bytes": in_use * world.rules.chunk.mapped_bytes,
        "wasted_bytes": int(field_of(history.events, ChunkRetired, "wasted_bytes", at).sum()),
        "heap_live": world.counters.heap_live,
        "cycles": world.counters.numgc,
        "died": world.died,
    }


def _placed(world: World) -> dict[str, int]:
    """Return how many values there are, and what they come to; what is unwritten of the ledger stays so.

    Values by program lie in chunks and had their bits set by a GC program, not from a mask.
    """
    found = {"values": len(world.ledger), "value_bytes": 0, "values_on_heap": 0, "values_by_program": 0}
    programs = np.array([go_type.gcprog is not None for go_type in world.types], dtype=bool)
    for _, rows in world.ledger.windows():
        size, kind, chunk = (rows[:, LEDGER.index(name)] for name in ("size", "type", "chunk"))
        found["value_bytes"] += int(size[chunk >= 0].sum())
        found["values_on_heap"] += int((chunk == ON_HEAP).sum())
        found["values_by_program"] += int(programs[kind[chunk >= 0]].sum())
    return found


def kept_by_pointers(world: World) -> dict[int, int]:
    """Return the chunks in quarantine that a pointer keeps, with the number of dead values in each.

    A pointer to any value of a chunk keeps the whole chunk: every value that it held is dead, and none
    of its addresses can be used again.
    """
    try:
        found = solve_reach(root_chunks(world), edges_read(world)) if world.quarantine else {}
    except GoThrow:  # a pointer to a chunk that is gone: the program is about to die
        return {}
    kept = sorted(number for number in world.quarantine if number in found)
    return {number: _values_in(world, number) for number in kept}


def _values_in(world: World, number: int) -> int:
    """Return how many values a chunk was given since it was obtained."""
    chunk = LEDGER.index("chunk")
    return sum(
        int((rows[:, chunk] == number).sum()) for _, rows in world.ledger.windows(world.births[number])
    )


def counted(history: History, ends: np.ndarray[Any, Any]) -> dict[str, np.ndarray[Any, Any]]:
    """Return counters at the start and after each operation, and their peaks so far.

    Args:
        history: what happened.
        ends: events after each operation.

    """
    names = ("heap_live", "in_use", "cycles", "heap_live_peak", "in_use_peak")
    table = np.zeros((len(history) + 1, len(names)), dtype=np.int64)
    world = history.at(0)
    for at in range(len(history) + 1):
        counters = world.counters
        table[at, :3] = counters.heap_live, counters.heap_in_use, counters.numgc
        if at < len(history):
            apply(world, history.events[at])
    table[:, 3] = np.maximum.accumulate(table[:, 0])
    table[:, 4] = np.maximum.accumulate(table[:, 1])
    rows = np.concatenate(([0], ends))
    return {name: table[rows, column] for column, name in enumerate(names)}
