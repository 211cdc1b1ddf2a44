"""What a run of allocated values changes. Law: it writes what the event says and decides nothing."""

from __future__ import annotations

from collections.abc import Callable
from itertools import repeat
from typing import Any

import numpy as np

from arenalab.world.apply_common import type_number
from arenalab.world.deferred import IntArray
from arenalab.world.event import Event
from arenalab.world.events import ObjectsAllocated
from arenalab.world.run_events import SINGLE, ArenaRun, BumpRun, RunBitsWritten
from arenalab.world.state import World

UNKNOWN = -1
BYTE = 2**8


def _bump_run(w: World, e: BumpRun) -> None:
    first = w.ledger.count
    for position, number in enumerate(e.user_arenas):
        span, user_arena = w.span_to_write(e.homes[position]), w.user_arena_to_write(number)
        span.free_base, span.free_limit = e.free_bases[position], e.free_limits[position]
        if e.last[position] >= 0:  # files of before name arenas that come only after the run
            user_arena.last_object = first + e.last[position]
        if e.last_pointerful[position] >= 0:
            user_arena.last_pointerful = first + e.last_pointerful[position]
    arenas, owners = np.frombuffer(e.slots, dtype=np.uint16), np.array(e.user_arenas)
    w.ledger.extend_later(e.count, ValueRows(e, type_numbers(w, e), arenas, owners, np.arange(len(owners))))


class ValueRows:
    """Writes a run's ledger rows, from what its event tells."""

    __slots__ = ("arenas", "event", "homes", "owners", "types")

    def __init__(
        self, event: BumpRun | ArenaRun, types: IntArray, arenas: IntArray, owners: IntArray, homes: IntArray
    ) -> None:
        """Take the event, the World's numbers of its types, and the arena of each value: which it is, and its chunk.

        `owners` and `homes` tell of each arena its number, and the position of its chunk in the event.
        """
        self.event, self.types, self.arenas = event, types, arenas
        self.owners, self.homes = owners, homes

    def __eq__(self, other: object) -> bool:
        """Return whether another's rows are these without looking at them."""
        return (
            isinstance(other, ValueRows)
            and self.event is other.event
            and np.array_equal(self.types, other.types)
        )

    __hash__ = None  # type: ignore[assignment]  # nobody keeps them in a set

    def __call__(self, rows: IntArray, first: int) -> None:
        """Write rows from the run's `first` value on."""
        e, part = self.event, slice(first, first + len(rows))
        kinds, arenas = np.frombuffer(e.kinds, dtype=np.uint16)[part], self.arenas[part]
        pairs = len(self.owners) * len(self.types)
        if pairs < len(rows):  # whole rows, from a table by arena and type
            table = np.empty((len(self.owners), len(self.types), rows.shape[1]), dtype=np.int64)
            self._write_singles(table, np.arange(len(self.owners))[:, None], np.arange(len(self.types)))
            whole = np.dtype((np.void, rows.itemsize * rows.shape[1]))
            pair = arenas * np.intp(len(self.types)) + kinds
            table.view(whole)[..., 0].take(pair, out=rows.view(whole)[:, 0], mode="clip")
        else:
            self._write_singles(rows, arenas, kinds)
        rows[:, 0] += np.frombuffer(e.offsets, dtype=np.uint32)[part]
        if e.caps:
            rows[:, 3] = np.frombuffer(e.caps, dtype=np.int64)[part]
            rows[:, 1] *= np.maximum(rows[:, 3], 1)

    def _write_singles(self, rows: IntArray, arena: IntArray, kind: IntArray) -> None:
        """Write the rows of single values at their chunks' bases."""
        e, home = self.event, self.homes[arena]
        rows[..., 0], rows[..., 3] = np.array(e.bases)[home], SINGLE
        rows[..., 1], rows[..., 2] = np.array([go_type.size for go_type in e.types])[kind], self.types[kind]
        rows[..., 4], rows[..., 5] = self.owners[arena], np.array(e.homes)[home]


class EqualRows:
    """Writes the ledger rows of equal values, from what their event tells."""

    __slots__ = ("event", "type")

    def __init__(self, event: ObjectsAllocated, type: int) -> None:  # noqa: A002  # the column's name
        self.event = event
        self.type = type  #: the World's number of the values' type.

    def __eq__(self, other: object) -> bool:
        """Return whether another's rows are these without looking at them."""
        return isinstance(other, EqualRows) and self.event is other.event and self.type == other.type

    __hash__ = None  # type: ignore[assignment]  # nobody keeps them in a set

    def __call__(self, rows: IntArray, first: int) -> None:
        """Write rows from the run's `first` value on."""
        e, size = self.event, self.event.type.size * max(self.event.cap, 1)
        rows[:, 0] = e.first + e.stride * np.arange(first, first + len(rows))
        rows[:, 1:] = (size, self.type, e.cap, e.user_arena, e.chunk)


def type_numbers(w: World, e: BumpRun | ArenaRun) -> IntArray:
    """Return the World's number of each of the run's types, entering new ones by first use."""
    numbers = np.array([*map(w.type_index.get, e.types, repeat(UNKNOWN))])
    unknown = (numbers == UNKNOWN).nonzero()[0].tolist()
    for _, kind in sorted(_first_uses(np.frombuffer(e.kinds, dtype=np.uint16), unknown)):
        numbers[kind] = type_number(w, e.types[kind])
    return numbers


def _first_uses(kinds: IntArray, some: list[int]) -> list[tuple[int, int]]:
    """Return those of some numbers that a column holds, each after the first place where it does."""
    # Types that the program has yet to use mostly come after the others: the first look is the quicker.
    most = int(kinds.max(initial=0)) if some else 0
    some = [kind for kind in some if kind <= most]
    if most < BYTE:  # bytes are searched the quickest
        column = kinds.astype(np.uint8).tobytes() if some else b""
        found = [(column.find(kind), kind) for kind in some]
        return [each for each in found if each[0] >= 0]
    there = np.zeros(most + 1, dtype=bool)
    there[kinds] = True
    return [(int((kinds == kind).argmax()), kind) for kind in some if there[kind]]


def _run_bits_written(w: World, e: RunBitsWritten) -> None:
    after, clears = np.frombuffer(e.after, dtype=np.uint64), np.frombuffer(e.clears, dtype=np.uint8)
    w.bits.write_runs(e.homes, e.firsts, e.counts, after)
    if e.clears:
        w.scan_limits.clear_marks(e.homes, e.firsts, e.counts, clears)
    for chunk, ptr_bytes in zip(e.homes, e.ptr_bytes, strict=False):
        w.scan_limits.set_ptr_bytes(chunk, ptr_bytes)


HANDLERS: dict[type[Event], Callable[[World, Any], None]] = {
    BumpRun: _bump_run,
    RunBitsWritten: _run_bits_written,
}
