"""A log in an archive: where operations begin, and whose events are not those of the operation begun last."""

from __future__ import annotations

from collections.abc import MutableSequence, Sequence
from typing import Any

import numpy as np

from arenalab.codec.archive import Archive, ArchiveOut, Column
from arenalab.narrow import begins_of, different
from arenalab.world.actors import MAIN, is_actor
from arenalab.world.event import Event
from arenalab.world.history_indexes import rises
from arenalab.world.log import IN_ORDER, NO_OP, Log
from arenalab.world.schedule import PLACES

MOST = 2**31  #: operations, events.
ACTORS = range(-(2**31), 2**31)
COLUMNS = ("op", "actor", "beside")


def write_log(out: ArchiveOut, log: Log) -> None:
    """Write a log without its events."""
    starts = np.array(log.op_starts, dtype=np.int64)
    out.put("log.starts", starts)
    out.put("log.rows", np.array(log.op_rows, dtype=np.int64))
    for name, column in log.apart().items():
        out.put(f"log.{name}", column)
        out.put(f"log.{name}.count", [len(column)])
    columns = [log.column(name) for name in COLUMNS]
    first, last = _stretches(columns, _usual(starts, log.goroutines(), len(log.events)))
    out.put("log.odd.count", [len(first)])
    out.put("log.odd.first", first)
    out.put("log.odd.last", last)
    for name, its in zip(COLUMNS, columns, strict=True):
        out.put(f"log.odd.{name}", its[first])
    out.put("log.stop.count", [len(log.stops)])
    for name, cells in zip(("at", "op", "place"), zip(*log.stops, strict=True), strict=False):
        out.put(f"log.stop.{name}", [PLACES.index(it) for it in cells] if name == "place" else cells)
    out.put("log.now", [log.op, log.actor, log.beside])


def _usual(starts: Column, performers: Column, events: int) -> tuple[Column, Column, Column]:
    """Return operation, actor and beside of each event as they mostly are: those of the operation begun last."""
    op = np.repeat(np.arange(NO_OP, len(starts), dtype=np.int32), np.diff(starts, prepend=0, append=events))
    if (performers == MAIN).all():
        actor = np.full(events, MAIN, dtype=np.int32)
    else:
        actor = np.append(performers, MAIN).astype(np.int32)[op]  # the last one is NO_OP's
    return op, actor, (op == NO_OP).astype(np.int8)


def _stretches(columns: Sequence[Column], usual: Sequence[Column]) -> tuple[Column, Column]:
    """Return where events that are not as usual begin and end, each stretch of one operation and actor."""
    odd = np.logical_or.reduce([mine != its for mine, its in zip(columns, usual, strict=True)])
    if not odd.any():
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    begins = odd * np.logical_or(begins_of(columns), begins_of([odd]))
    first = np.flatnonzero(begins)
    stops = np.flatnonzero(np.append(np.logical_not(odd) + begins, True))
    return first, stops[np.searchsorted(stops, first, side="right")]


class StoredLog(Log):
    """A log that was read; it goes on as any other."""

    def __init__(self, archive: Archive, events: MutableSequence[Event], nops: int, rows: int) -> None:
        """Read it.

        Args:
            archive: where it is.
            events: of the history.
            nops: operations of the history.
            rows: ledger rows of the history.

        Raises:
            ArenaLabError: it makes no sense; of the archive's kind.

        """
        super().__init__()
        self._archive, count, ops = archive, len(events), range(nops)
        self.events = events  # type: ignore[assignment]  # as good as a list to all who have it
        starts, op_rows = self._rising("starts", nops, count), self._rising("rows", nops, rows)
        self.op_starts.extend_array(starts)
        self.op_rows.extend_array(op_rows)
        self._ends = dict(
            zip(self._some("end_op", ops), self._some("end_at", range(count + 1)), strict=False)
        )
        self._resumed_rows = (self._some("row", range(rows + 1)), self._some("row_op", range(IN_ORDER, nops)))
        self._goroutines = (self._some("performed_from", range(nops + 1)), self._some("performer", ACTORS))
        self._check_apart()
        self._take_columns(starts, count, nops)
        self._take_stops(count, ops)
        op, actor, beside = archive.column("log.now", 3, ACTORS).tolist()
        if not (NO_OP <= op < nops and beside in (0, 1) and is_actor(actor)):
            raise archive.refused("column log.now: expected an operation, an actor, and 0 or 1")
        self.op, self.actor, self.beside = op, actor, bool(beside)
        self._closed, self._odd, self._runs = count, True, True

    def _rising(self, name: str, count: int, most: int) -> Column:
        column = self._archive.column(f"log.{name}", count, range(most + 1))
        if not rises(column):
            raise self._archive.refused(f"column log.{name} falls")
        return column

    def _count(self, name: str) -> int:
        return int(self._archive.column(f"log.{name}.count", 1, range(MOST))[0])

    def _some(self, name: str, within: range) -> list[int]:
        numbers: list[int] = self._archive.column(f"log.{name}", self._count(name), within).tolist()
        return numbers

    def _check_apart(self) -> None:
        """Hold what is out of order against itself: as many of each, in order."""
        sizes = {name: self._count(name) for name in self.apart()}
        pairs = (("end_op", "end_at"), ("row", "row_op"), ("performed_from", "performer"))
        (rows, _), (firsts, performers) = self._resumed_rows, self._goroutines
        rise = rows == sorted(rows) and firsts == sorted(firsts) and firsts[:1] == [0]
        if not rise or any(sizes[a] != sizes[b] for a, b in pairs) or not all(map(is_actor, performers)):
            raise self._archive.refused(
                "columns log.row, log.end_op, log.performed_from and theirs do not agree"
            )

    def _take_columns(self, starts: Column, count: int, nops: int) -> None:
        columns = _usual(starts, self.goroutines(), count)
        first, last = (self._odd_column(name, range(count + 1)) for name in ("first", "last"))
        if (last <= first).any() or (first[1:] < last[:-1]).any():
            raise self._archive.refused("columns log.odd.first and log.odd.last do not agree")
        lengths = last - first
        places = np.repeat(last - lengths.cumsum(), lengths) + np.arange(int(lengths.sum()))
        within = {"op": range(NO_OP, nops), "actor": ACTORS, "beside": range(2)}
        for name, column in zip(COLUMNS, columns, strict=True):
            column[places] = np.repeat(self._odd_column(name, within[name]), lengths)
        alone = not len(first) and (columns[1] == MAIN).all()
        actors = {MAIN} if alone else set(different(columns[1]).tolist())
        if not all(map(is_actor, actors)):
            raise self._archive.refused("column log.odd.actor: expected actors")
        self._seen |= actors
        for kept, column in zip((self._ops, self._actors, self._besides), columns, strict=True):
            kept.frombytes(column.astype(kept.typecode, copy=False).view(np.uint8).data)

    def _odd_column(self, name: str, within: range) -> Column:
        return self._archive.column(f"log.odd.{name}", self._count("odd"), within).astype(np.int64)

    def _take_stops(self, count: int, ops: range) -> None:
        number, within = self._count("stop"), {"at": range(count + 1), "op": ops, "place": range(len(PLACES))}
        if number:
            columns: list[Any] = [
                self._archive.column(f"log.stop.{name}", number, each).tolist()
                for name, each in within.items()
            ]
            self.stops = [(at, op, PLACES[place]) for at, op, place in zip(*columns, strict=True)]
