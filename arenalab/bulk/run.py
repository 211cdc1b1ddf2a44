"""A run of allocations in a World: solve it, certify it, tell it in a few events."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from arenalab.bulk.ask import Ask, Placed
from arenalab.bulk.certify import certify_run
from arenalab.bulk.place import first_rows, rows_that_fit, solve
from arenalab.bulk.type_table import TypeTable
from arenalab.bulk.written import bits_of_run
from arenalab.go.types import GoType
from arenalab.world.event import Event
from arenalab.world.events import ScanAllocAdded
from arenalab.world.run_events import BumpRun
from arenalab.world.state import World

Ints = npt.NDArray[Any]
MOST_BYTES = 32 * 1024 * 1024  #: bytes of a run; bounds what is laid out at once.


class Run:
    """As many of the rows asked for as single steps would place without a refill: `count`, from the first on."""

    def __init__(self, world: World, table: TypeTable, numbers: Ints, kinds: Ints, nbytes: Ints) -> None:
        """Solve and certify where rows stand: for which user arenas, of which types, and of how many bytes.

        Raises:
            ModelBug: the solver's answer broke a rule.

        """
        if int(nbytes.sum()) > MOST_BYTES:
            numbers = numbers[: max(1, int(nbytes.cumsum().searchsorted(MOST_BYTES)))]
        self.world, self.table = world, table
        self.user_arenas, slots = _who(world, numbers)
        self.count = len(slots)
        if self.count:
            self._solve(slots, kinds[: self.count], nbytes[: self.count])

    def _solve(self, slots: Ints, kinds: Ints, size: Ints) -> None:
        """Place the rows and cut them at the first that finds no room."""
        spans = [self.world.spans[self.world.user_arenas[number].active or 0] for number in self.user_arenas]
        bases = np.array([span.free_base for span in spans], dtype=np.int64)
        limits = np.array([span.free_limit for span in spans], dtype=np.int64)
        ask = Ask(slots, self.table.pointerful.take(kinds), size, self.table.align.take(kinds), bases, limits)
        placed = solve(ask, self.table.levels)
        self.count = rows_that_fit(ask, placed)
        if self.count < len(slots):
            placed = first_rows(placed, self.count)
            ask = ask.first(self.count)
        self.spans, self.kinds, self.ask, self.placed = spans, kinds[: self.count], ask, placed
        self.edges = certify_run(ask, placed)

    @property
    def on_demand(self) -> list[GoType]:
        """Return those of the run's types whose mask is built at the first use."""
        there = set(self.kinds.tolist()) if len(self.table.on_demand) else ()
        return [self.table.types[kind] for kind in self.table.on_demand.tolist() if kind in there]

    def bits(self, caps: Ints | None) -> Iterator[Event]:
        """Return what the pointerful values leave: their bits, the scannable bytes; see `carved` for `caps`."""
        if self.placed.fronts:
            rows = self.placed.order[: self.placed.fronts]
            kinds, own = self.kinds.take(rows).astype(np.intp), None if caps is None else caps[rows]
            yield bits_of_run(self.world, self.spans, self.placed, kinds, own, self.table.masks)
            tails = self.table.tail.take(kinds)
            yield ScanAllocAdded(int(self.placed.size[: len(rows)].sum() - tails.sum()))

    def carved(self, caps: Ints | None) -> BumpRun:
        """Return where the values stand; `caps` are the rows' capacities, None when no row is a slice."""
        placed, chunk_bases = self.placed, np.array([span.base for span in self.spans], dtype=np.int64)
        counts = placed.groups[1:] - placed.groups[:-1]
        offsets = np.empty(self.count, dtype=np.uint32)
        left = placed.start - np.concatenate((chunk_bases, chunk_bases)).repeat(counts)
        offsets[placed.order] = left.astype(np.uint32)
        last_up, last_down = _last_rows(placed, len(self.spans))
        return BumpRun(
            user_arenas=self.user_arenas,
            homes=tuple(span.chunk for span in self.spans),
            bases=tuple(chunk_bases.tolist()),
            free_bases=tuple(self.edges[0].tolist()),
            free_limits=tuple(self.edges[1].tolist()),
            last=tuple(np.maximum(last_up, last_down).tolist()),
            last_pointerful=tuple(last_up.tolist()),
            types=self.table.types,
            count=self.count,
            slots=self.ask.slot.tobytes(),
            kinds=self.kinds.tobytes(),
            offsets=offsets.tobytes(),
            caps=b"" if caps is None else caps.tobytes(),
        )


def _last_rows(placed: Placed, chunks: int) -> tuple[Ints, Ints]:
    """Return each chunk's last pointerful row and its last pointer-free one, −1 without any."""
    groups = placed.groups
    last = np.where(groups[1:] > groups[:-1], placed.order[groups[1:] - 1], -1)
    return last[:chunks], last[chunks:]


def _who(world: World, numbers: Ints) -> tuple[tuple[int, ...], Ints]:
    """Return the user arenas of a run, and each row's position among them.

    The rows end before the first whose arena can't be carved from: the machine knows what happens there.
    """
    if int(numbers.min()) < 0 or int(numbers.max()) > 4 * len(numbers) + 1024:
        there, inverse = np.unique(numbers, return_inverse=True)
        slots: Ints = inverse
    else:
        numbers = numbers.astype(np.intp)  # what numpy indexes with; others it would convert twice
        occurs = np.zeros(int(numbers.max()) + 1, dtype=bool)
        occurs[numbers] = True
        there = occurs.nonzero()[0]
        positions = np.empty(len(occurs), dtype=np.uint16)
        positions[there] = np.arange(len(there))
        slots = positions.take(numbers)
    usable = [_usable(world, number) for number in there.tolist()]
    if not all(usable):
        stop = int(np.argmin(np.array(usable)[slots]))
        return _who(world, numbers[:stop]) if stop else ((), slots[:0])
    return tuple(there.tolist()), slots.astype(np.uint16, copy=False)


def _usable(world: World, number: int) -> bool:
    user_arena = world.user_arenas.get(number)
    if (
        world.died
        or user_arena is None
        or user_arena.active is None
        or user_arena.defunct
        or user_arena.dropped
    ):
        return False
    return not world.spans[user_arena.active].needzero
