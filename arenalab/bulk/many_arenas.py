"""Many arenas, each made, filled and freed once: which chunks they get, and where in them their values stand.

Between two rare things nothing is decided, so there is no loop over values: what an arena's values take from either
end of a chunk is a sum, worked out for all arenas at once. The loop is over arenas: one takes its chunk from the reuse
list, is filled by that sum, and gives the chunk back. Where the sum doesn't fit, the solver of bulk runs finds the
value for which the chunk must be refilled, which waits for its turn.

Untrusted: `certify_arenas` puts every value through the rules. Follows refill, alloc, free and freeUserArenaChunk of
arena.go, and the collector as far as it readies chunks; nothing points into one from outside. Go 1.21 to 1.27, plain
builds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from arenalab.bulk.ask import Ask, Placed, edges_after, homes
from arenalab.bulk.place import back_starts, first_rows, order_of, rows_that_fit, solve
from arenalab.errors import GoThrow
from arenalab.go.rules import GoRules

Ints = npt.NDArray[Any]
WASTED = "wasted too much memory in an arena chunk"
MADE, FREED, MARK_BEGIN, MARK_END = range(4)
BLOCK, WINDOW = 2**18, 2**15  #: values that are added up, and placed, at once.
NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Arenas:
    """What is asked for: values ordered by arena and, within one, by time; all fit a chunk. Columns may be narrow."""

    first: Ints  #: where each arena's values begin, and the end: arenas + 1.
    moment: Ints  #: of each value, unique among all moments.
    pointerful: Ints
    size: Ints
    align: Ints
    levels: tuple[int, ...]  #: alignments above 1 of pointer-free values, ascending.
    made: Ints  #: moment of each arena's NewArena.
    freed: Ints  #: moment of each arena's Free.
    cycles: Ints  #: moments at which a cycle begins and ends, in turn.

    def rows(self, start: int, stop: int) -> tuple[Ints, Ints, Ints]:
        """Return what of some values decides where they stand: pointerful, size, align, the numbers as int64."""
        rows = slice(start, stop)
        return self.pointerful[rows], self.size[rows].astype(np.int64), self.align[rows].astype(np.int64)

    def between(self, start: int, stop: int, base: int, limit: int) -> Ask:
        """Return some values of one arena as a run in one chunk with a free range."""
        edges = np.array([base, limit], np.int64)
        pointerful, size, align = self.rows(start, stop)
        return Ask(homes(None, np.logical_not(pointerful).view(np.uint8), 1), size, align, edges)


def blocks(edges: Ints, most: int = BLOCK) -> Iterator[tuple[int, int]]:
    """Cut groups, where each begins and the last ends, into ranges of not many rows; a large group stands alone."""
    first, groups = 0, len(edges) - 1
    while first < groups:
        last = max(first + 1, int(edges.searchsorted(edges[first] + most, side="right")) - 1)
        yield first, min(last, groups)
        first = last


class Stay(NamedTuple):
    """One arena's stay in one chunk: the values [start, stop) from the free range [base, limit) on; offsets."""

    arena: int
    start: int
    stop: int
    life: int  #: of the chunk, from when it was obtained until it is set to fault.
    base: int
    limit: int


@dataclass
class Filled:
    """What came of it. A chunk's life is numbered by when it began."""

    stays: list[Stay] = field(default_factory=list)
    refills: int = 0
    wasted_bytes: int = 0
    chunks: int = 0  #: address space of so many is reserved.
    open_at_once: int = 0  #: arenas, at most.
    held_at_once: int = 0  #: chunks of arenas that are open, at most.
    mapped_at_once: int = 0  #: chunks with memory, at most.
    faulted: list[int] = field(default_factory=list)  #: when each life ended; NEVER where it did not.
    refused: list[Stay] = field(default_factory=list)  #: the stays that ended because a value didn't fit.


class Sums:
    """What each arena's values take from either end of a chunk."""

    def __init__(self, asked: Arenas) -> None:
        """Add the front up; the back is added up when it is known at which offset it begins."""
        self.asked, self.modulus = asked, max(asked.levels, default=1)
        self.fronts: list[int] = self._of_all(self._front, 0)
        self._backs: dict[int, list[int]] = {}

    def backs(self, limit: int) -> list[int]:
        """Return for each arena what its pointer-free values take, rounding included, down from such a limit."""
        rest = limit % self.modulus
        if rest not in self._backs:
            self._backs[rest] = self._of_all(self._back, rest)
        return self._backs[rest]

    def _of_all(self, take: Callable[[Ints, int, Ints, Ints, Ints], Ints], rest: int) -> list[int]:
        found = [np.zeros(0, np.int64)]
        for first, last in blocks(self.asked.first):
            edges = self.asked.first[first : last + 1]
            found.append(take(edges - edges[0], rest, *self.asked.rows(int(edges[0]), int(edges[-1]))))
        sums: list[int] = np.concatenate(found).tolist()
        return sums

    def _front(self, groups: Ints, _: int, pointerful: Ints, size: Ints, __: Ints) -> Ints:
        total = np.concatenate(([0], np.where(pointerful, size, 0).cumsum()))
        return np.diff(total[groups])

    def _back(self, groups: Ints, rest: int, pointerful: Ints, size: Ints, align: Ints) -> Ints:
        back = np.flatnonzero(np.logical_not(pointerful))
        groups, start = back.searchsorted(groups), np.empty(len(back), np.int64)
        edges = np.full(len(groups) - 1, rest, np.int64)
        back_starts(edges, groups, size[back], align[back], start)
        last = np.append(start, rest)[groups[1:] - 1]
        return np.where(groups[1:] > groups[:-1], rest - last, 0)


class Filler:
    """The loop over arenas, refills and cycles, in the order of their moments."""

    def __init__(self, asked: Arenas, rules: GoRules) -> None:
        """Begin with no chunk."""
        self.asked, self.rules, self.sums, self.done = asked, rules, Sums(asked), Filled()
        self.ends: list[int] = asked.first.tolist()
        self.free: list[tuple[int, int]] = []  #: of each life, its free range.
        self.reuse: list[int] = []
        self.full: dict[int, list[int]] = {}  #: of each open arena that was refilled.
        self.active: dict[int, int] = {}
        self.waiting: list[tuple[int, int, int]] = []  #: refills to come: moment, arena, row.
        self.pending: list[int] = []  #: the fault list.
        self.marking = False
        self.ready = self.quarantined = self.to_ready = self.held = self.mapped = 0

    def run(self) -> Filled:
        """Go through all moments."""
        for moment, what, who in self._turns():
            while self.waiting and self.waiting[0][0] < moment:
                self._refill(*heappop(self.waiting))
            if what == MADE:
                self.done.open_at_once = max(self.done.open_at_once, len(self.active) + 1)
                self._take(who)
                self._fill(who, self.ends[who])
            elif what == FREED:
                self._give_back(who, moment)
            else:
                self._collect(moment, begins=what == MARK_BEGIN)
        return self.done

    def _turns(self) -> Iterator[tuple[int, int, int]]:
        """Yield (moment, what happens, to which arena)."""
        asked, arenas = self.asked, np.arange(len(self.asked.made))
        moments = np.concatenate((asked.made, asked.freed, asked.cycles)).astype(np.int64)
        what = np.repeat((MADE, FREED, MARK_BEGIN), (len(arenas), len(arenas), len(asked.cycles)))
        what[2 * len(arenas) + 1 :: 2] = MARK_END
        who = np.concatenate((arenas, arenas, np.zeros_like(asked.cycles)))
        order = moments.argsort(kind="stable")
        return zip(moments[order].tolist(), what[order].tolist(), who[order].tolist(), strict=True)

    def _take(self, arena: int) -> None:
        """Give an arena a chunk: the one last put on the reuse list, else a ready one, else one of new addresses."""
        latest = -1 if self.rules.reuse_order == "lifo" else 0
        life = self.reuse.pop(latest) if self.reuse else self._obtained()
        self.active[arena] = life
        self.held += 1
        self.done.held_at_once = max(self.done.held_at_once, self.held)

    def _obtained(self) -> int:
        if not self.ready:
            self.ready = self.rules.heap_arena_bytes // self.rules.chunk.stride
            self.done.chunks += self.ready
        self.ready -= 1
        self.mapped += 1
        self.done.mapped_at_once = max(self.done.mapped_at_once, self.mapped)
        self.free.append((0, self.rules.chunk.usable_bytes))
        self.done.faulted.append(NEVER)
        return len(self.free) - 1

    def _fill(self, arena: int, start: int) -> None:
        """Place an arena's values from `start` on, until its end or the first that doesn't fit."""
        life, end = self.active[arena], self.ends[arena + 1]
        base, limit = self.free[life]
        stop = end
        if start == self.ends[arena]:
            low, high = base + self.sums.fronts[arena], limit - self.sums.backs(limit)[arena]
        if start > self.ends[arena] or low > high:
            stop, low, high = self._as_many_as_fit(start, end, base, limit)
        stay = Stay(arena, start, stop, life, base, limit)
        self.done.stays.append(stay)
        self.free[life] = low, high
        if stop < end:
            self.done.refused.append(stay)
            heappush(self.waiting, (int(self.asked.moment[stop]), arena, stop))

    def _as_many_as_fit(self, start: int, end: int, base: int, limit: int) -> tuple[int, int, int]:
        """Return where the values that fit end, and the free range that they leave."""
        while start < end:
            stop = min(end, start + WINDOW)
            ask = self.asked.between(start, stop, base, limit)
            order = order_of(ask)
            rows = ask.ordered(order)
            placed = Placed(order, rows, *solve(rows))
            count = rows_that_fit(placed, edges_after(placed))
            base, limit = edges_after(first_rows(ask, placed, count)).tolist()
            start += count
            if start < stop:
                break
        return start, base, limit

    def _refill(self, _: int, arena: int, row: int) -> None:
        life = self.active.pop(arena)
        base, limit = self.free[life]
        if limit - base > self.rules.user_arena_chunk_max_alloc_bytes:
            raise GoThrow(WASTED, f"{limit - base} bytes are free")
        self.done.refills += 1
        self.done.wasted_bytes += limit - base
        self.full.setdefault(arena, []).append(life)
        self._take(arena)
        self._fill(arena, row)

    def _give_back(self, arena: int, moment: int) -> None:
        """Set an arena's full chunks to fault, or have them wait for the cycle's end; the active one is reused."""
        full = self.full.pop(arena, [])
        self.held -= 1 + len(full)
        if self.marking:
            self.pending += full
        else:
            self._set_to_fault(full, moment)
        self.reuse.append(self.active.pop(arena))

    def _set_to_fault(self, lives: list[int], moment: int) -> None:
        for life in lives:
            self.done.faulted[life] = moment
        self.mapped -= len(lives)
        self.quarantined += len(lives)

    def _collect(self, moment: int, *, begins: bool) -> None:
        """Begin a cycle; at its end ready what was in quarantine when it began: nothing marked that."""
        if begins:
            self.to_ready = self.quarantined
        else:
            self.ready += self.to_ready
            self.quarantined -= self.to_ready
            self._set_to_fault(self.pending, moment)
            self.pending = []
        self.marking = begins


def fill_arenas(asked: Arenas, rules: GoRules) -> Filled:
    """Return which chunks the arenas get, and which of their values stand in which.

    Raises:
        GoThrow: an arena would be refilled with more than a quarter of a chunk left, which ends a Go program.

    """
    return Filler(asked, rules).run()
