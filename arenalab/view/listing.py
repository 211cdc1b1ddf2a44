"""Listing: a history's operations as a Go program, what repeats itself as loops that can be opened.

Rules:
1. Every operation stands on one line, and lines follow each other as operations do. A loop that is closed shows its
   body once: the line of an operation within it is that of the same statement, the first time around.
2. Only the lines that somebody asks for are written; all else is arithmetic on columns.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from copy import copy
from typing import ClassVar, NamedTuple

import numpy as np

from arenalab.errors import ArgumentError
from arenalab.units import counted
from arenalab.view.acting import performer, site
from arenalab.view.calls import Names, call_of
from arenalab.view.columns import Column, brief
from arenalab.view.loops import WORTH, Tree, codes_of
from arenalab.view.statements import Statements, arena_of
from arenalab.world.history import History
from arenalab.world.history_indexes import Kept, indexed
from arenalab.world.ops import MakeSlice, New

NO_LINE = -1  #: before the first operation.
LONGEST_LINE = 160  #: characters.
MOST_LINES = 2000  #: lines that a page is given together.
AROUND = 10  #: lines above and below the current one in the text form.
INDENT = "    "


class Line(NamedTuple):
    """One line of a listing."""

    text: str  #: as a Go programmer writes it, indented.
    op: int  #: the operation, the first one that a loop's line stands for; −1 for a closing brace.
    depth: int  #: loops around it.
    loop: int = -1  #: of the first line of a loop: what `open` and `close` take; else −1.


class Turn(NamedTuple):
    """Where an operation is in a closed loop."""

    line: int  #: the loop's first line.
    times: int  #: how often it was gone around before, from 0.
    of: int  #: times in all.


class _Spot(NamedTuple):
    """A line as the tree has it: the node, what of it, the operation, the loops around it from the outside in."""

    node: int
    part: str  #: "one", "head", "end".
    op: int
    around: tuple[tuple[int, int], ...]  #: (loop, its first operation), from the outside in.


@indexed
class Listing:
    """The listing of a history; `lines` of them, of which `rows` writes some. Read on where the history grew."""

    in_file: ClassVar[str] = "listing 1"
    words: ClassVar[tuple[str, ...]] = ()

    def __init__(self, history: History, kept: Kept | None = None) -> None:
        """Read the history as it is now, or take what a file keeps of it; all loops closed."""
        self.history = history
        self._statements = Statements(history, kept and kept.part("statements"))
        self.opened: set[int] = set()
        if kept is None:
            self._read()
        else:
            its = self._statements
            self.tree = Tree(its.start, its.count)
            self.tree.take(kept.part("loops"), its.ops)
            self._count_lines()

    def for_file(self) -> dict[str, Column]:
        """Return what a file keeps of it."""
        parts = {"statements": self._statements.for_file(), "loops": self.tree.for_file()}
        return {f"{part}.{name}": column for part, its in parts.items() for name, column in its.items()}

    @classmethod
    def from_file(cls, history: History, kept: Kept) -> Listing:
        """Return the listing that a file keeps."""
        return cls(history, kept)

    def refresh(self) -> None:
        """Read again where the history has grown; loops are closed by that."""
        if self._statements.refresh():
            self.opened.clear()
            self._read()

    def _read(self) -> None:
        it = self._statements
        times = it.count
        self.tree = Tree(it.start, times)
        self.tree.fold(codes_of(it.code, times), it.makes_arena)
        self._count_lines()

    def _count_lines(self) -> None:
        """Count the lines of each node, as loops are open and closed now."""
        tree = self.tree
        opened = np.zeros(len(tree.start), dtype=bool)
        opened[list(self.opened)] = True
        times = tree.times
        lines = np.where(times < WORTH, times, np.where(opened, times + 2, 1))
        for first, last in tree.batches:
            edges = tree.edges(first, last)
            kids = lines[tree.children[slice(*edges[[0, -1]])]]
            body = np.add.reduceat(kids, edges[:-1] - edges[0])
            lines[first:last] = 2 + body * np.where(opened[first:last], times[first:last], 1)
        self._lines, self._is_open = lines, opened
        self._line_of_top = np.append(0, np.cumsum(lines[tree.top]))
        self._op_of_top = tree.start[tree.top]

    def apart(self) -> Listing:
        """Return a listing of the same statements, all loops closed; whose are opened is nobody else's business."""
        other = copy(self)
        other.close_all()
        return other

    def close_all(self) -> None:
        """Show the body of each loop once."""
        self.opened = set()
        self._count_lines()

    def __len__(self) -> int:
        """Return how many lines there are."""
        return int(self._line_of_top[-1])

    def open(self, loop: int) -> None:
        """Show each time around a loop."""
        self.opened.add(self._loop(loop))
        self._count_lines()

    def close(self, loop: int) -> None:
        """Show the body of a loop once."""
        self.opened.discard(self._loop(loop))
        self._count_lines()

    def _loop(self, loop: int) -> int:
        if not 0 <= loop < len(self.tree.start) or self.tree.times[loop] < WORTH:
            raise ArgumentError(
                "loop", loop, "the number of a loop of this listing, as its first line has it"
            )
        return loop

    # operation -> line

    def line_of(self, op: int) -> int:
        """Return the line of an operation, NO_LINE before the first."""
        return self._find(op)[0] if 0 <= op < self._statements.ops else NO_LINE

    def turns(self, op: int) -> tuple[Turn, ...]:
        """Return where an operation is in the closed loops around it, from the outside in."""
        return tuple(self._find(op)[1]) if 0 <= op < self._statements.ops else ()

    def _find(self, op: int) -> tuple[int, list[Turn]]:
        tree, turns = self.tree, list[Turn]()
        place = bisect_right(self._op_of_top, op) - 1  # numpy would widen all of it first
        node, line = int(tree.top[place]), int(self._line_of_top[place])
        op -= int(tree.start[node])
        while True:
            time, op = divmod(op, int(tree.span[node]))
            times, kids = int(tree.times[node]), tree.children_of(node)
            if times < WORTH:
                return line + time, turns
            if not self._is_open[node]:
                turns.append(Turn(line, time, times))
            if not len(kids):
                return line + (1 + time if self._is_open[node] else 0), turns
            line += 1
            if self._is_open[node]:
                line += time * int(self._lines[kids].sum())
            which, before = _nth(tree.span[kids] * tree.times[kids], op)
            node, op = int(kids[which]), op - before
            line += int(self._lines[kids[:which]].sum())

    # line -> operation

    def op_of(self, line: int) -> int:
        """Return the operation of a line: a loop's first one for its first line, −1 for a closing brace.

        Raises:
            IndexError: there is no such line.

        """
        return self._spot(line).op

    def rows(self, first: int = 0, last: int | None = None) -> list[Line]:
        """Return the lines [first, last), written; all for None."""
        return [
            self._written(line) for line in range(first, len(self) if last is None else min(last, len(self)))
        ]

    def _spot(self, line: int) -> _Spot:
        if not 0 <= line < len(self):
            raise IndexError(f"line {line} of {len(self)}")
        tree = self.tree
        place = bisect_right(self._line_of_top, line) - 1
        node, line = int(tree.top[place]), line - int(self._line_of_top[place])
        op = int(tree.start[node])
        around: tuple[tuple[int, int], ...] = ()
        while True:
            times, kids = int(tree.times[node]), tree.children_of(node)
            if times < WORTH:
                return _Spot(node, "one", op + line * int(tree.span[node]), around)
            if line == 0:
                return _Spot(node, "head", op, around)
            if line == int(self._lines[node]) - 1:
                return _Spot(node, "end", NO_LINE, around)
            around, line = (*around, (node, op)), line - 1
            if not len(kids):
                return _Spot(node, "one", op + line, around)
            time, line = divmod(line, int(self._lines[kids].sum()))
            which, before = _nth(self._lines[kids], line)
            op += time * int(tree.span[node]) + int((tree.span[kids] * tree.times[kids])[:which].sum())
            node, line = int(kids[which]), line - before

    # text

    def _written(self, line: int) -> Line:
        spot = self._spot(line)
        depth, times = len(spot.around), int(self.tree.times[spot.node])
        if spot.part == "end":
            return Line("}", NO_LINE, depth)
        if spot.part == "one":
            return Line(self._statement(spot), spot.op, depth)
        text = f"for range {_amount(times)} {{"
        if not len(self.tree.children_of(spot.node)) and not self._is_open[spot.node]:
            text = f"{text} {self._statement(spot, named=False)} }}"
        return Line(text, spot.op, depth, spot.node)

    def _statement(self, spot: _Spot, *, named: bool = True) -> str:
        """Write a statement: what differs from one time around to the next has no number."""
        history, op = self.history, spot.op
        asked = history.ops[op]
        again = [op + int(self.tree.span[loop]) for loop, _ in spot.around if not self._is_open[loop]]
        others = [history.ops[number] for number in again]
        names = Names(
            any_arena=any(arena_of(other) != arena_of(asked) for other in others),
            any_object=any(getattr(other, "object", 0) != getattr(asked, "object", 0) for other in others),
        )
        comment = ", ".join(filter(None, (performer(history, op), site(history, op))))
        text = ("" if again or not named else self._made(op)) + call_of(asked, names)
        return brief(text, LONGEST_LINE) + (f" // {comment}" if comment else "")

    def _made(self, op: int) -> str:
        """Return "p17 := " before what makes object 17, "" where that is not known."""
        history = self.history
        if not isinstance(history.ops[op], New | MakeSlice):
            return ""
        row, letter = history.op_rows[op], "p" if isinstance(history.ops[op], New) else "s"
        if row >= len(history.world.ledger) or history.log.op_of_row(row) != op:
            return ""  # it panicked, or another goroutine's came first
        return f"{letter}{row} := "

    def text(self, op: int = NO_LINE) -> str:
        """Write the lines around an operation, it marked; the first ones for NO_LINE."""
        at = self.line_of(op)
        first = max(0, min(at - AROUND, len(self) - 2 * AROUND - 1))
        rows = self.rows(first, first + 2 * AROUND + 1)
        turns = [f", time {turn.times + 1:,} of {turn.of:,}" for turn in self.turns(op)]
        head = f"{counted(self._statements.ops, 'operation')} in {counted(len(self), 'line')}{''.join(turns)}"
        return "\n".join([head, *_marked(rows, first, at)])


def _marked(rows: list[Line], first: int, at: int) -> Iterator[str]:
    for number, line in enumerate(rows, first):
        yield f"{'>' if number == at else ' '} {number + 1:5} {INDENT * line.depth}{line.text}"


def _nth(sizes: Column, at: int) -> tuple[int, int]:
    """Return which of some sizes in a row holds place `at`, and how much comes before it."""
    ends = np.cumsum(sizes)
    which = int(np.searchsorted(ends, at, side="right"))
    return which, int(ends[which] - sizes[which])


def _amount(times: int) -> str:
    """Write a number as Go may."""
    return f"{times:_}" if times >= 10_000 else str(times)
