"""Statements: the operations of a history as numbers that are equal where the program's text would be.

Rules:
1. Two operations are one statement where kind, type and amounts are equal, the same goroutine asked from the same
   line, and the arena is the same one *or* to both the newest that the goroutine had made: so a loop that makes
   an arena each time around repeats itself. An object counts alike where it was made equally many objects before.
2. What follows itself is one row with a count, unless it makes an arena. What is kept as columns is read as columns.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import Any, NamedTuple

import numpy as np

from arenalab.codec.cells import Cells
from arenalab.codec.kinds import Numbers
from arenalab.go.types import GoType
from arenalab.narrow import begins_of, different, places_in
from arenalab.view.columns import Column
from arenalab.view.loops import codes_of, ranked
from arenalab.world.history import History
from arenalab.world.history_indexes import Kept
from arenalab.world.many_ops import ManyOps, OpColumns, RunOfOps, StoredOps
from arenalab.world.ops import OPS, MakeSlice, New, NewArena, Op, Unhold
from arenalab.world.state import LEDGER

BLOCK = 2**18  #: operations read together.
NEAR = 8  #: an object made at most so many objects ago is named by that, any other by its number.
NONE, NEWEST, ABSOLUTE = (
    0,
    1,
    4,
)  #: what an operation's arena is: none, the goroutine's newest, ABSOLUTE + its number.
NO_ARENA = -3  #: where an operation has none; −1 and −2 are Go's nil and zero arenas.

KINDS: dict[type[Op], int] = {kind: number for number, kind in enumerate(OPS.values())}
NEW, SLICE, NEW_ARENA, UNHOLD = (KINDS[kind] for kind in (New, MakeSlice, NewArena, Unhold))
OF_ARENA = ("user_arena", "from_arena")  #: fields that name the arena an operation is about.
_KIND_ROOM, _TYPE_ROOM, _SITE_ROOM = 64, 2**20, 2**31
SINGLE = -1


class Rows(NamedTuple):
    """Some operations in order, as equally long columns."""

    kind: Column
    type: Column  #: number of the type's text, 0 for none.
    arena: Column  #: NO_ARENA for none.
    n: Column


class Statements:
    """The statements of a history in order, each with how often it follows itself; read on where the history grew.

    `start` (operations before it) and `code` are equally long columns of 32 bits; two rows are one statement where
    the codes are equal. Codes are small, from 0 up; the last row ends at `ops`.
    """

    def __init__(self, history: History, kept: Kept | None = None) -> None:
        """Read the history as it is now, or take what a file keeps of it."""
        self.history = history
        self._forget()
        if kept is not None:
            self._take(kept)
        self.refresh()

    def _forget(self) -> None:
        self.ops = 0
        self.start = self.code = np.zeros(0, dtype=np.int32)
        self._makes = np.zeros(0, dtype=bool)  #: of each code whether it makes an arena.
        self._codes: dict[
            tuple[int, ...], int
        ] = {}  #: (what, amount, whose) -> code; none where a file told them.
        self._types: dict[str, int] = {}
        self._others: dict[tuple[Any, ...], int] = {}
        self._newest: dict[int, int] = {}  #: goroutine -> its newest arena.
        self._last: Op | None = None

    @property
    def codes(self) -> int:
        """How many different statements there are."""
        return len(self._makes)

    @property
    def count(self) -> Column:
        """How often each statement follows itself."""
        return np.diff(self.start, append=self.ops)

    @property
    def makes_arena(self) -> Column:
        """Whether each makes an arena."""
        made: Column = self._makes[self.code]
        return made

    def for_file(self) -> dict[str, Column]:
        """Return what a file keeps of it; the codes as they come first, in whichever parts the history was read."""
        first = np.zeros(self.codes, dtype=np.int64)
        first[self.code[::-1]] = np.arange(len(self.code))[::-1]
        order = np.argsort(first)
        makes = self._makes[order].astype(np.uint8)
        return {"start": self.start, "code": places_in(order)[self.code], "makes": makes}

    def _take(self, kept: Kept) -> None:
        self.ops = len(self.history.ops)
        self.start = kept.rising("start", range(self.ops), step=1).astype(np.int32)
        self._makes = kept.column("makes", range(2)).astype(bool)
        self.code = kept.column("code", range(len(self._makes)), len(self.start)).astype(np.int32)
        if (len(self.start) and self.start[0]) or bool(self.ops) != bool(len(self.start)):
            raise kept.refused("column start does not begin at the start")
        self._last = self.history.ops[self.ops - 1] if self.ops else None

    def refresh(self) -> bool:
        """Read what the history has grown by, or all of it where operations were taken back; whether there was any."""
        ops = self.history.ops
        taken_back = len(ops) < self.ops or (self.ops and not _same(ops[self.ops - 1], self._last))
        told_by_file = self.codes and not self._codes and len(ops) != self.ops
        if taken_back or told_by_file:
            self._forget()
        if len(ops) == self.ops:
            return bool(taken_back)
        starts, codes = [self.start], [self.code]
        for first, rows in self._blocks():
            at, what = self._compact(first, rows)
            starts.append((first + at).astype(np.int32))
            codes.append(self._numbered(what))
            self.ops = first + len(rows.kind)
        start, code = np.concatenate(starts), np.concatenate(codes)
        self.start, self.code = start, code
        begins = np.logical_or(begins_of([code]), self.makes_arena)  # a statement may go on in the next block
        self.start, self.code = start[begins], code[begins]
        self._last = ops[self.ops - 1]
        return True

    def _blocks(self) -> Iterator[tuple[int, Rows]]:
        """Yield (number of the first operation, rows) of what was not read yet."""
        ops = self.history.ops
        if hasattr(ops, "columns"):
            for first in range(self.ops, len(ops), BLOCK):
                yield first, self._of_columns(ops.columns(first, first + BLOCK))
            return
        begin = self.ops
        if isinstance(ops, StoredOps):
            for first in range(self.ops, ops.kept, BLOCK):
                yield first, self._of_stored(ops, first, min(first + BLOCK, ops.kept))
            begin = max(begin, ops.kept)
        parts = ops.parts(begin) if isinstance(ops, ManyOps) else [(begin, ops[begin:])]
        for start, part in parts:
            read = self._of_run if isinstance(part, RunOfOps) else self._of_list
            for first in range(0, len(part), BLOCK):
                yield start + first, read(start + first, part[first : first + BLOCK])

    def _of_columns(self, given: OpColumns) -> Rows:
        kind = np.array([KINDS[each] for each in given.kinds])[given.kind]
        types = np.array([self._type(each) for each in given.types] or [0])
        said = [(KINDS[each], each.in_trace) for each in OPS.values() if each.in_trace is not None]
        typed = np.isin(kind, [KINDS[each] for each in OPS.values() if "type" in (each.asked or ())])
        has_arena = np.isin(
            kind, [one for one, row in said if row.user_arena in ("user_arena", "from_arena")]
        )
        arena = given.user_arena.astype(np.int64)
        return Rows(
            kind,
            np.where(typed, types[np.where(typed, given.type, 0)], 0),
            np.where(has_arena, arena, NO_ARENA),
            np.where(kind == UNHOLD, arena, given.n),
        )

    def _of_run(self, first: int, run: Sequence[Op]) -> Rows:
        """Read operations that were kept as columns from their objects, which are one each."""
        history, ledger = self.history, self.history.world.ledger
        types = np.array([self._type(each) for each in history.world.types])
        at = history.op_rows.part(first, len(run))
        kind, cap, arena = ledger.gather(at, LEDGER[2], LEDGER[3], LEDGER[4]).T
        return Rows(np.where(cap == SINGLE, NEW, SLICE), types[kind], arena, cap)

    def _of_stored(self, ops: StoredOps, first: int, stop: int) -> Rows:
        """Read operations that a file holds as columns: of those that say the same one is looked at."""
        records, rows = ops.records, np.zeros((stop - first, 4), dtype=np.int64)
        order, before = records.order[first:stop], records.before(first)
        for number in different(order).tolist():
            places, cells = np.flatnonzero(order == number), records.fields(records.kinds[number])
            part = slice(int(before[number]), int(before[number]) + len(places))
            seen, which = _alike(cells, part, len(places))
            found = [self._row(first + at, ops[first + at]) for at in places[seen].tolist()]
            rows[places] = np.array(found, dtype=np.int64)[which]
            if (arena := next(filter(cells.get, OF_ARENA), None)) is not None:
                rows[places, 2] = cells[arena].late[part]
        return Rows(*rows.T)

    def _of_list(self, first: int, ops: Sequence[Op]) -> Rows:
        table = [self._row(first + number, op) for number, op in enumerate(ops)]
        return Rows(*np.array(table, dtype=np.int64).reshape(-1, 4).T)

    def _row(self, number: int, op: Op) -> tuple[int, int, int, int]:
        kind, arena = KINDS.get(type(op), _KIND_ROOM - 1), arena_of(op)
        if type(op) is New and not op.copied and op.given == "*T":
            return kind, self._type(op.type), arena, SINGLE
        if type(op) is MakeSlice and op == MakeSlice(arena, op.type, op.cap):
            return kind, self._type(op.type), arena, op.cap
        said = tuple(self._said(number, op, f.name) for f in fields(op) if f.name not in OF_ARENA)
        return kind, 0, arena, -2 - self._others.setdefault((type(op), *said), len(self._others))

    def _said(self, number: int, op: Op, name: str) -> Any:
        value = getattr(op, name)
        if isinstance(value, GoType):
            return value.expr
        if name == "object" and value >= 0:
            ago = self.history.op_rows[number] - value
            return ("ago", ago) if 0 < ago <= NEAR else value
        return value

    def _type(self, go_type: GoType) -> int:
        return self._types.setdefault(go_type.expr, len(self._types) + 1)

    def _compact(self, first: int, rows: Rows) -> tuple[Column, list[Column]]:
        """Return where the statements of a block begin, and of each (what, amount, whose)."""
        stop = first + len(rows.kind)
        who = self._goroutines(first, stop)
        what = rows.kind + _KIND_ROOM * (rows.type + _TYPE_ROOM * self._roles(rows, who))
        columns = [what.astype(np.int64), rows.n.astype(np.int64), self._whose(who, first, stop)]
        begins = np.flatnonzero(np.logical_or(begins_of(columns), rows.kind == NEW_ARENA))
        return begins, [column[begins] for column in columns]

    def _numbered(self, columns: list[Column]) -> Column:
        """Return the codes of some statements; the different ones among them are few."""
        each, places = zip(*map(ranked, columns), strict=True)  # the values are few, the rows many
        sizes = tuple(map(len, each))
        whole = np.ravel_multi_index(places, sizes)
        different, which = ranked(whole)
        seen = [
            values[at].tolist() for values, at in zip(each, np.unravel_index(different, sizes), strict=True)
        ]
        codes = [self._codes.setdefault(row, len(self._codes)) for row in zip(*seen, strict=True)]
        self._makes = np.array([what % _KIND_ROOM == NEW_ARENA for what, *_ in self._codes], dtype=bool)
        numbered: Column = np.array(codes, dtype=np.int32)[which]
        return numbered

    def _goroutines(self, first: int, stop: int) -> Column:
        log = self.history.log
        several = any(actor > 1 for actor in log.actors)
        return log.goroutines()[first:stop] if several else np.ones(stop - first, dtype=np.int64)

    def _whose(self, who: Column, first: int, stop: int) -> Column:
        sites = self.history.sites
        site = np.full(stop - first, -1) if sites is None else sites.of_op[first:stop].astype(np.int64)
        site = np.append(site, np.full(stop - first - len(site), -1))
        whose: Column = who * _SITE_ROOM + site + 1
        return whose

    def _roles(self, rows: Rows, who: Column) -> Column:
        """Return what each operation's arena is: none, the goroutine's newest, or one by its number."""
        newest = np.empty(len(who), dtype=np.int64)
        order = np.argsort(who, kind="stable")
        edges = np.flatnonzero(np.append(True, np.diff(who[order]) != 0)[: len(who)])
        for places in np.split(order, edges[1:]):
            goroutine = int(who[places[0]])
            newest[places] = self._newest_of(goroutine, rows.kind[places] == NEW_ARENA, rows.arena[places])
        role = np.where(rows.arena == newest, NEWEST, ABSOLUTE + rows.arena)
        roles: Column = np.where(rows.arena == NO_ARENA, NONE, role)
        return roles

    def _newest_of(self, goroutine: int, makes: Column, arena: Column) -> Column:
        """Return a goroutine's newest arena after each of its operations, the one being made among them."""
        made = np.append(self._newest.get(goroutine, NO_ARENA), arena[makes])
        self._newest[goroutine] = int(made[-1])
        newest: Column = made[np.cumsum(makes)]
        return newest


def arena_of(op: Op) -> int:
    """Return the arena that an operation is about, NO_ARENA for none."""
    return next((getattr(op, name) for name in OF_ARENA if hasattr(op, name)), NO_ARENA)


def _alike(fields: dict[str, Cells], part: slice, count: int) -> tuple[Column, Column]:
    """Return the first of each of some operations of a kind that say the same but for their arena, and which is whose.

    What an operation says of an object depends on where it stands, so each of those is another one.
    """
    said = [np.zeros(count, dtype=np.int64)]
    for name, cells in fields.items():
        if name == "object" or isinstance(cells.kind, Numbers):
            return np.arange(count), np.arange(count)
        if name not in OF_ARENA:
            said += [cells.late[part], *([cells.absent[part]] if cells.kind.optional else [])]
    codes, which = ranked(codes_of(*said))
    first = np.empty(len(codes), dtype=np.int64)
    first[which[::-1]] = np.arange(count)[::-1]  # the first of those that are alike is written last
    return first, which


def _same(one: Op, other: Op | None) -> bool:
    return one is other or one == other
