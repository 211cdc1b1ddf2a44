"""Loops: what repeats itself in a row of statements, as a tree; nothing here knows what a statement is.

Rule: a fold is exact. Unrolled, a tree is the row that it was made of, statement for statement.
"""

from __future__ import annotations

import numpy as np

from arenalab.narrow import different
from arenalab.view.columns import Column
from arenalab.world.history_indexes import Kept

WORTH = 3  #: times around from which a repetition is a loop.
LONGEST = 4096  #: statements of a loop's body.
CANDIDATES, ALWAYS = 24, 16  #: lengths of a body that are looked for: the likeliest, and the short ones.
ROUNDS = 6  #: how deep loops stand in loops.
NARROW, BLOCK = 2**16, 2**16  #: codes below it fit 16 bits; rows sorted together.
TABLE = 2**24  #: values that lie closer together are found in a table, without sorting.

Batch = tuple[int, int]  #: nodes [first, end) that were made together.


class Tree:
    """Nodes: a statement that follows itself `times` times, or a loop `times` times around its children.

    Columns by node: `start` operations before it, `span` of one time around, `times`. Children stand before
    parents. `top` are the nodes that nothing encloses, in order.
    """

    def __init__(self, start: Column, times: Column) -> None:
        """Begin with a row of statements, nothing folded.

        Args:
            start: operations before each.
            times: how often each follows itself.

        """
        self.statements = len(start)  #: the nodes before it are statements, the others loops.
        self.start, self.times = start, times.astype(np.int32)
        self.span = np.ones(len(start), dtype=np.int32)
        self.children = np.zeros(0, dtype=np.int32)
        self.batches: list[Batch] = []  #: of loops, in the order of making.
        self.top = np.arange(len(start), dtype=np.int32)
        self._edges = np.zeros(1, dtype=np.int64)  #: where the children of each loop begin, and the end.

    def fold(self, codes: Column, begins: Column) -> None:
        """Make loops of what repeats itself.

        Args:
            codes: equal where statements and their times are; whole numbers.
            begins: of each statement whether a body would rather begin with it, and is none of these alone.

        """
        self._begins = begins
        for _ in range(ROUNDS):
            before = len(self.top)
            for period in _candidates(codes):
                codes = self._fold_period(codes, period)
            if len(self.top) == before:
                return

    def for_file(self) -> dict[str, Column]:
        """Return what a file keeps of it beside the statements: the loops, and what is left when all are folded."""
        made = slice(self.statements, None)
        loops = {name: getattr(self, name)[made] for name in ("start", "span", "times")}
        batches = np.array([last for _, last in self.batches], dtype=np.int64)
        return {**loops, "edges": self._edges, "children": self.children, "batches": batches, "top": self.top}

    def take(self, kept: Kept, nops: int) -> None:
        """Take the loops that a file keeps.

        Raises:
            ArenaLabError: unrolled, they are not the statements.

        """
        begins, count = kept.column("start", range(nops)), self.statements
        nodes, many = count + len(begins), range(1, nops + 1)
        self.start = np.append(self.start, begins.astype(np.int32))
        for name in ("times", "span"):
            its = kept.column(name, many, len(begins)).astype(np.int32)
            setattr(self, name, np.append(getattr(self, name), its))
        self._edges = kept.rising("edges", range(2**31), len(begins) + 1, step=1).astype(np.int64)
        self.children = kept.column("children", range(nodes), int(self._edges[-1])).astype(np.int32)
        self.top = kept.column("top", range(nodes)).astype(np.int32)
        lasts = kept.rising("batches", range(count + 1, nodes + 1), step=1).tolist()
        self.batches = list(zip([count, *lasts], lasts, strict=False))
        if not self._is_whole(nops):
            raise kept.refused("its loops, unrolled, are not the program")

    def _is_whole(self, nops: int) -> bool:
        """Return whether nodes are as long as their children, which stand before them, and all of them the program."""
        if self._edges[0] or (self.batches[-1][1] if self.batches else self.statements) != len(self.start):
            return False
        length = self.span.astype(np.int64) * self.times
        parents = np.repeat(np.arange(self.statements, len(self.start)), np.diff(self._edges))
        inside = np.append(0, np.cumsum(length[self.children]))
        begins = np.append(0, np.cumsum(length[self.top]))
        return (
            bool((self.children < parents).all())
            and np.array_equal(np.diff(inside[self._edges]), self.span[self.statements :])
            and begins[-1] == nops
            and np.array_equal(begins[:-1], self.start[self.top])
        )

    def _fold_period(self, codes: Column, period: int) -> Column:
        """Make loops of what repeats itself after `period` nodes; return the codes of what is left."""
        first, times = self._worth(*_repeats(codes, period), period)
        first = self._begun(codes, first, times, period)
        if not len(first):
            return codes
        bodies = first[:, None] + np.arange(period)
        _, body = np.unique(np.column_stack((codes[bodies], times)), axis=0, return_inverse=True)
        made = self._add(self.top[bodies], times)
        covered = np.zeros(len(codes) + 1, dtype=np.int64)
        covered[first] += 1
        covered[first + times * period] -= 1
        stays = np.cumsum(covered[:-1]) == 0
        stays[first] = True
        top, new = self.top.copy(), codes.copy()
        top[first], new[first] = made, int(codes.max()) + 1 + body.ravel()
        self.top = top[stays]
        left: Column = new[stays]
        return left

    def _begun(self, codes: Column, first: Column, times: Column, period: int) -> Column:
        """Return where the bodies begin: where one would rather begin, as long as no time around is lost by it."""
        if not len(first):
            return first
        same = np.append(codes[period:] == codes[:-period], False)
        end = np.searchsorted(np.flatnonzero(np.logical_not(same)), first)
        length = np.flatnonzero(np.logical_not(same))[end] + period - first
        likes = np.flatnonzero(self._begins[self.top])
        nearest = np.append(likes, len(codes) + LONGEST)[np.searchsorted(likes, first)]
        free = nearest - first <= length - times * period
        begun: Column = np.where(free, nearest, first)
        return begun

    def _worth(self, first: Column, times: Column, period: int) -> tuple[Column, Column]:
        """Return those loops whose bodies do more than begin."""
        begun = np.append(0, np.cumsum(self._begins[self.top]))
        more = begun[first + period] - begun[first] < period
        return first[more], times[more]

    def _add(self, bodies: Column, times: Column) -> Column:
        """Add loops around rows of nodes, shape (loops, nodes of a body); return their numbers."""
        count, period = bodies.shape
        nodes = len(self.start) + np.arange(count, dtype=np.int32)
        self.batches.append((len(self.start), len(self.start) + count))
        span = (self.span[bodies] * self.times[bodies]).sum(axis=1, dtype=np.int32)
        self.start = np.append(self.start, self.start[bodies[:, 0]])
        self.span = np.append(self.span, span)
        self.times = np.append(self.times, times.astype(np.int32))
        self._begins = np.append(self._begins, self._begins[bodies[:, 0]])
        self._edges = np.append(self._edges, len(self.children) + period * np.arange(1, count + 1))
        self.children = np.append(self.children, bodies.ravel())
        return nodes

    def edges(self, first: int, last: int) -> Column:
        """Return where the children of the loops [first, last) begin, and where those of the last one end."""
        return self._edges[first - self.statements : last - self.statements + 1]

    def children_of(self, node: int) -> Column:
        """Return the nodes of a loop's body, none of a statement."""
        if node < self.statements:
            return self.children[:0]
        first, last = self.edges(node, node + 1)
        return self.children[first:last]


def _repeats(codes: Column, period: int) -> tuple[Column, Column]:
    """Return where stretches begin that repeat themselves after `period` codes, and how many times around they are.

    No two have a code in common.
    """
    if len(codes) < WORTH * period:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    same = np.concatenate(([False], codes[period:] == codes[:-period], [False])).astype(np.int8)
    edge = np.diff(same)
    first, last = np.flatnonzero(edge == 1), np.flatnonzero(edge == -1)
    first[1:] = np.maximum(first[1:], last[:-1] + period)
    times = np.maximum(last - first, -period) // period + 1
    worth = times >= WORTH
    return first[worth], times[worth]


def _candidates(codes: Column) -> list[int]:
    """Return the lengths that a loop's body may have, rising: how far equal codes stand apart most often."""
    most = min(LONGEST, len(codes) // WORTH)
    narrow = codes.astype(np.uint16) if codes.max(initial=0) < NARROW else codes  # sorted many times sooner
    order = np.argsort(narrow, kind="stable")
    sorted_codes = narrow[order]
    apart = np.diff(order)[sorted_codes[1:] == sorted_codes[:-1]]
    counts = np.bincount(apart[apart <= most], minlength=1)
    likely = np.argsort(-counts, kind="stable")[:CANDIDATES]
    return sorted({*likely[counts[likely] > 1].tolist(), *range(1, min(ALWAYS, most) + 1)} - {0})


def codes_of(*columns: Column) -> Column:
    """Return one whole number a row, equal where all columns are; small where there are few different rows."""
    code = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        values, places = ranked(column)
        if len(values) > 1:
            code = code * len(values) + places
        if len(values) > NARROW:  # the product of two such could be too large for a number
            code = ranked(code)[1]
    return ranked(code)[1] if code.max(initial=0) >= NARROW else code


def ranked(column: Column) -> tuple[Column, Column]:
    """Return the different values of a column of whole numbers, rising, and the place of each row's among them."""
    if not len(column):
        return column, np.zeros(0, dtype=np.int64)
    low, high = int(column.min()), int(column.max())
    if high - low >= TABLE:
        values = _different(column)
        return values, np.searchsorted(values, column)
    at = column.astype(np.int64) - low if low or column.dtype != np.int64 else column
    there = np.zeros(high - low + 1, dtype=bool)
    there[at] = True
    values = np.flatnonzero(there)
    places = np.empty(len(there), dtype=np.int64)
    places[values] = np.arange(len(values))
    return values + low, places[at]


def _different(column: Column) -> Column:
    """Return the different values of a column, rising; many equal ones are sorted a block at a time."""
    values = column[:0]
    for first in range(0, len(column), BLOCK):
        values = different(np.append(values, different(column[first : first + BLOCK])))
    return values
