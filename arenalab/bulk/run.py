"""A run of allocations in a World: solve it, certify it, tell it in a few events."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from arenalab.bulk.ask import Ask, Placed, edges_after, homes
from arenalab.bulk.bits import kinds_of
from arenalab.bulk.certify import certify_run
from arenalab.bulk.first import found
from arenalab.bulk.place import MOST_ALIGN, first_rows, order_of, rows_that_fit, solve
from arenalab.bulk.type_table import TypeTable
from arenalab.bulk.written import bits_of_run
from arenalab.errors import ModelBug
from arenalab.go.types import GoType
from arenalab.world.event import Event
from arenalab.world.events import ScanAllocAdded
from arenalab.world.run_events import BumpRun
from arenalab.world.state import World
from arenalab.world.tables import MSpan

Ints = npt.NDArray[Any]
MOST_SPREAD = 1024  #: how much further apart than four times their number the arenas' numbers may be.
MOST_LOOKED_FOR = 32  #: open arenas, each of which is looked for among a run's rows.
NOBODY = 255  #: in place of an arena's position in a byte.
MOST_BYTES = 32 * 1024 * 1024  #: bytes of a run; bounds what is laid out at once.


class Solved:
    """Values that have their places in some chunks, and what they leave there."""

    in_chunk: Ints  #: uint16: the position of each one's chunk in `spans`.
    kinds: Ints  #: uint16: numbers of their types.
    which: Ints  #: the same, as numpy indexes.
    placed: Placed
    bases: Ints  #: the chunks' addresses.
    edges: Ints  #: the chunks' lower edges after them, from their bases, then the upper ones.

    def __init__(self, world: World, table: TypeTable) -> None:
        """Begin without any."""
        self.world, self.table = world, table
        self.spans: list[MSpan] = []
        self.count = 0  #: values, from the first on, that find room.

    def solve(self, slots: Ints, kinds: Ints, size: Ints) -> None:
        """Place values in `spans`, cut them at the first that finds no room, and certify them.

        All is counted from the chunks' bases. They begin pages, so an offset is aligned exactly as its address is.
        """
        told = np.array([(span.base, span.free_base, span.free_limit) for span in self.spans], dtype=np.int64)
        self.bases = told[:, 0]
        if any(span.base % MOST_ALIGN for span in self.spans):
            raise ModelBug("a chunk's base is not aligned, so offsets in it say nothing about addresses")
        edges, chunks = (told[:, 1:] - told[:, :1]).T.ravel().astype(np.int32), len(told)
        which, size = kinds.astype(np.intp), size.astype(np.int32, copy=False)  # a run has MOST_BYTES
        home = homes(slots if chunks > 1 else None, self.table.back.take(which), chunks)
        ask = Ask(home, size, self.table.align.take(which), edges)
        order = order_of(ask)
        rows = ask.ordered(order)
        placed = Placed(order, rows, *solve(rows))
        after = edges_after(placed)
        self.count = rows_that_fit(placed, after)
        if self.count < len(home):
            placed = first_rows(ask, placed, self.count)
            after = edges_after(placed)
        certify_run(placed, after)
        self.in_chunk, self.kinds, self.which = slots[: self.count], kinds[: self.count], which[: self.count]
        self.placed, self.edges = placed, after

    @property
    def on_demand(self) -> list[GoType]:
        """Return those of the run's types whose mask is built at the first use."""
        there = set(self.kinds.tolist()) if len(self.table.on_demand) else ()
        return [self.table.types[kind] for kind in self.table.on_demand.tolist() if kind in there]

    def bits(self, caps: Ints | None) -> Iterator[Event]:
        """Return what the pointerful values leave: their bits, the scannable bytes; see `carved` for `caps`."""
        placed, fronts = self.placed, self.placed.fronts
        if fronts:
            kinds = kinds_of(placed.of_fronts(self.which), self.table.masks)
            own = None if caps is None else placed.of_fronts(caps)
            yield bits_of_run(self.world, self.spans, placed, kinds, own, self.table.masks)
            tails = int(kinds.often @ self.table.tail)
            # They stand without gaps: the sum of their sizes is by how much the lower edges move.
            taken = int((self.edges - placed.rows.edges)[: len(self.spans)].sum(dtype=np.int64))
            yield ScanAllocAdded(taken - tails)

    @cached_property
    def offsets(self) -> Ints:
        """Where each value stands in its chunk, uint32, in the order of time."""
        return self.placed.in_time(self.placed.start.view(np.uint32))

    def free_ranges(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Return the edges of the chunks' free ranges after them, as addresses."""
        low, high = (self.edges.reshape(2, -1) + self.bases).tolist()
        return tuple(low), tuple(high)


class Run(Solved):
    """As many of the rows asked for as single steps would place without a refill: `count`, from the first on."""

    def __init__(self, world: World, table: TypeTable, numbers: Ints, kinds: Ints, nbytes: Ints) -> None:
        """Solve and certify where rows stand: for which user arenas, of which types, and of how many bytes.

        Raises:
            ModelBug: the solver's answer broke a rule.

        """
        super().__init__(world, table)
        if len(nbytes) * int(nbytes.max()) > MOST_BYTES and int(nbytes.sum()) > MOST_BYTES:
            numbers = numbers[: max(1, int(nbytes.cumsum().searchsorted(MOST_BYTES)))]
        self._place(numbers, kinds, nbytes)
        if 0 < self.count < len(numbers) and found(self.placed.last_rows().reshape(2, -1).max(axis=0) < 0):
            # An arena comes only after the value that finds no room: it is no part of the run.
            self._place(numbers[: self.count], kinds, nbytes)

    def _place(self, numbers: Ints, kinds: Ints, nbytes: Ints) -> None:
        """Solve and certify where the values of those user arenas stand, up to the first that can't be in a run."""
        self.user_arenas, self.spans, slots = _who(self.world, numbers)
        if len(slots):
            self.solve(slots, kinds[: len(slots)], nbytes[: len(slots)])

    def carved(self, caps: Ints | None) -> BumpRun:
        """Return where the values stand; `caps` are the rows' capacities, None when no row is a slice."""
        last_up, last_down = self.placed.last_rows().reshape(2, -1)
        low, high = self.free_ranges()
        return BumpRun(
            user_arenas=self.user_arenas,
            homes=tuple(span.chunk for span in self.spans),
            bases=tuple(self.bases.tolist()),
            free_bases=low,
            free_limits=high,
            last=tuple(np.maximum(last_up, last_down).tolist()),
            last_pointerful=tuple(last_up.tolist()),
            types=self.table.types,
            count=self.count,
            slots=self.in_chunk.tobytes(),
            kinds=self.kinds.tobytes(),
            offsets=self.offsets.tobytes(),
            caps=b"" if caps is None else caps.tobytes(),
        )


def _who(world: World, numbers: Ints) -> tuple[tuple[int, ...], list[MSpan], Ints]:
    """Return the user arenas of a run, their chunks, and each row's position among them.

    The rows end before the first whose arena has no room: the machine knows what happens there.
    """
    high = int(numbers.view(np.dtype(f"u{numbers.itemsize}")).max())  # as unsigned, what is below 0 is huge
    slots: Ints
    if numbers[0] == high and not found(numbers != high):
        there, slots = [high], np.zeros(len(numbers), dtype=np.uint16)
    elif few := _few(world, numbers, high):
        there, slots = few
    elif high > 4 * len(numbers) + MOST_SPREAD:
        each, slots = np.unique(numbers, return_inverse=True)
        there = each.tolist()
    else:
        where = numbers.astype(np.intp)  # what numpy indexes with; others it would convert twice
        occurs = np.zeros(high + 1, dtype=bool)
        occurs[where] = True
        there = occurs.nonzero()[0].tolist()
        positions = np.empty(high + 1, dtype=np.uint16)
        positions[there] = range(len(there))
        slots = positions.take(where)
    spans = [span_of(world, number) for number in there]
    if None in spans:
        stop = int(np.array([span is None for span in spans])[slots].argmax())
        return _who(world, numbers[:stop]) if stop else ((), [], slots[:0])
    return tuple(there), cast("list[MSpan]", spans), slots.astype(np.uint16, copy=False)


def _few(world: World, numbers: Ints, high: int) -> tuple[list[int], Ints] | None:
    """Return the same where few arenas are open: bytes are looked for, and looked up, the quickest. Else None."""
    low = 0 if high < NOBODY else int(numbers.min())
    if high - low >= NOBODY or len(world.holders) > MOST_LOOKED_FOR:
        return None
    column = (numbers - low if low else numbers).astype(np.uint8).tobytes()
    near = (number for number in world.holders if low <= number <= high)
    there = sorted(number for number in near if number - low in column)
    positions = bytearray([NOBODY]) * 256
    for position, number in enumerate(there):
        positions[number - low] = position
    slots = column.translate(positions)
    return None if NOBODY in slots else (there, np.frombuffer(slots, np.uint8))


def span_of(world: World, number: int) -> MSpan | None:
    """Return the chunk that a user arena can be allocated from, None where it can't."""
    try:
        user_arena = world.user_arenas[number]
    except KeyError:
        return None
    active = user_arena.active
    if active is None or user_arena.defunct or user_arena.dropped or world.died:
        return None
    span = world.spans[active]
    return None if span.needzero else span
