"""What touching one pointer does after each operation of a run, without asking after each.

Rules:
1. A band says after every operation what `touch` says of that World; it only asks less often.
2. What a touch finds changes with the chunk's moves, with objects made over the address, and with the
   freeing of an arena that has one there. So only operations with such an event are asked.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple

import numpy as np

from arenalab.view.acting import other, performer
from arenalab.view.chunk_events import ChunkEvents
from arenalab.view.columns import Column, View, text_column
from arenalab.view.event_columns import EventColumns
from arenalab.view.pointer_fate import Fates, fates
from arenalab.world.chunk_events import ChunkMapped, ChunkZeroed, LimitSet, SpanInitialised
from arenalab.world.end_events import ChunkUnmapped, MarkedDefunct, SanitizerFreed
from arenalab.world.history import History
from arenalab.world.life_cycle import TRANSITIONS
from arenalab.world.run_events import ArenaRun, freed_by
from arenalab.world.state import World
from arenalab.world.touch import Outcome, Pointer, Touch, rows_between, touch

#: Kinds of events that move a chunk, or change what its memory does; allocations are found by their rows.
MOVES = frozenset(kind for _, kind in TRANSITIONS) | {
    ChunkMapped, SpanInitialised, LimitSet, ChunkZeroed, SanitizerFreed, ChunkUnmapped,
}  # fmt: skip

#: From the harmless to the worst; where a stretch is too short to be seen, the worse one is shown.
SEVERITY = (
    Outcome.FINE, Outcome.NIL, Outcome.OUTSIDE, Outcome.NOTHING, Outcome.STALE, Outcome.OTHER,
    Outcome.FAULTS, Outcome.REPORTED,
)  # fmt: skip
MOST_STRETCHES = 240  #: more of them in one band are not told apart by eye.


Answer = tuple[str, str, int, str]  #: outcome of a read and of a write, ledger row met, list of the chunk.


@dataclass(frozen=True, eq=False)
class Band(View):
    """Stretches of operations after which a touch has one and the same outcome, in order, without gaps."""

    first: Column  #: first operation of the stretch.
    last: Column  #: its last operation.
    read: Column  #: outcome of a read, in words.
    write: Column  #: outcome of a write.
    there: Column  #: ledger row of the object that is met, −1 for none.
    state: Column  #: where the pointer's chunk is, "" outside all chunks.
    op: Column  #: the operation that brought it about; an interrupted one may do so in another's time.
    by: Column  #: who did it, "" for the program's only goroutine.

    def at(self, op: int) -> int:
        """Return the row of the stretch with an operation, −1 when the object isn't made by then."""
        return int(np.searchsorted(self.first, op, side="right")) - 1


class Cause(NamedTuple):
    """What may have changed what a pointer meets: whose it was."""

    op: int
    by: str  #: "" for the program's only goroutine.


class Changes:
    """The events of a history that can change what a pointer meets, by chunk and by arena."""

    def __init__(self, history: History) -> None:
        """Begin to read a history, which may grow."""
        self.history = history
        self._read = 0
        self._columns, self._about = history.reader(EventColumns), history.reader(ChunkEvents)
        self._bands: dict[Pointer, Band] = {}

    def refresh(self) -> None:
        """Forget the bands if anything has happened since."""
        if self._read != len(self.history) or self._stale():
            self._bands.clear()
        self._read = len(self.history)

    def first_free(self) -> tuple[int, int]:
        """Return the first event with which an arena was freed, and that arena; (−1, −1) without any."""
        columns, events = self._columns, self.history.events
        alone = zip(
            columns.at(MarkedDefunct)[:1].tolist(),
            columns.field(MarkedDefunct, "user_arena")[:1].tolist(),
            strict=True,
        )
        found = ((number, freed_by(events[number])) for number in columns.at(ArenaRun).tolist())
        runs = ((number, min(freed)) for number, freed in found if freed)
        return min((*alone, *islice(runs, 1)), default=(-1, -1))

    def _moves(self, chunk: int) -> list[int]:
        """Return the events that move a chunk, or change what its memory does."""
        # A run of arenas fills chunks that freed arenas filled before.
        rows = (rows for kind in (*MOVES, ArenaRun) for rows in self._about.rows_of(kind))
        return [number for event, chunks in rows for number in event[chunks == chunk].tolist()]

    def _freed(self, owners: set[int]) -> list[int]:
        """Return the events that free some arenas."""
        columns = self._columns
        mine = np.isin(columns.field(MarkedDefunct, "user_arena"), list(owners))
        runs = [number for number, run in columns.events(ArenaRun) if owners.intersection(freed_by(run))]
        alone: list[int] = columns.at(MarkedDefunct)[mine].tolist()
        return alone + runs

    def _stale(self) -> bool:
        ops = len(self.history.ops)
        return any(band.last[-1] + 1 != ops for band in self._bands.values() if len(band))

    def band(self, pointer: Pointer) -> Band:
        """Return the band of a pointer to an object of the history; empty when it was never made."""
        self.refresh()
        if pointer not in self._bands:
            self._bands[pointer] = self._band(pointer)
        return self._bands[pointer]

    def _band(self, pointer: Pointer) -> Band:
        causes = self._causes(pointer)
        asked = sorted(causes)
        rows = self._answers(pointer, asked)
        kept = [i for i, row in enumerate(rows) if i == 0 or row != rows[i - 1]]
        first = np.array([asked[i] for i in kept], dtype=np.int64)
        last = np.append(first[1:] - 1, len(self.history.ops) - 1) if len(first) else first
        read, write, there, state = zip(*(rows[i] for i in kept), strict=True) if kept else ((),) * 4
        return Band(
            first=first,
            last=last,
            read=text_column(list(read)),
            write=text_column(list(write)),
            there=np.array(there, dtype=np.int64),
            state=text_column(list(state)),
            op=np.array([causes[op].op for op in first.tolist()], dtype=np.int64),
            by=text_column([causes[op].by for op in first.tolist()]),
        )

    def _answers(self, pointer: Pointer, asked: list[int]) -> list[Answer]:
        """Return what a touch finds after each operation; moments that must answer alike are asked once."""
        world = self.history.world
        chunk = world.ledger.row(pointer.object)[5] if asked else -1
        told = fates(self.history, pointer, self._over(pointer), self._moves(chunk)) if chunk >= 0 else None
        return self._walked(pointer, asked) if told is None else self._told(pointer, asked, told)

    def _told(self, pointer: Pointer, asked: list[int], told: Fates) -> list[Answer]:
        """Return the answers by what the events tell."""
        known: dict[tuple[Any, ...], Answer] = {}
        answers: list[Answer] = []
        moments = [self._until(op) for op in asked]
        for moment, fate in zip(moments, told.at(moments), strict=True):
            if fate.alike not in known:
                known[fate.alike] = _asked(self.history.at(moment), pointer)
            read, write, met, state = known[fate.alike]
            answers.append((read, write, fate.row if met >= 0 else met, state))
        return answers

    def _walked(self, pointer: Pointer, asked: list[int]) -> list[Answer]:
        """Return the answers by walking through the Worlds, as objects of runs have no event each."""
        known: dict[tuple[Any, ...], Answer] = {}
        answers: list[Answer] = []
        over = self._over(pointer) if asked else []
        for world in self.history.walk(map(self._until, asked)):
            decides = _deciding(world, pointer, over)
            if decides not in known:
                known[decides] = _asked(world, pointer)
            answers.append(known[decides])
        return answers

    def _over(self, pointer: Pointer) -> list[int]:
        """Return the ledger rows of all objects that ever lay over a pointer's address, in order."""
        world = self.history.world
        addr, *_, chunk = world.ledger.row(pointer.object)
        at = addr + pointer.offset
        return rows_between(world, chunk, at, at + 1)

    def _until(self, op: int) -> int:
        """Return the events before the next operation: one that is interrupted is shown piece by piece."""
        starts = self.history.op_starts
        return starts[op + 1] if op + 1 < len(starts) else len(self.history)

    def ops_to_ask(self, pointer: Pointer) -> list[int]:
        """Return the operations whose end may differ from the end of the one before, the object's own first."""
        return sorted(self._causes(pointer))

    def _causes(self, pointer: Pointer) -> dict[int, Cause]:
        """Return those operations, each with the latest of what may have made the difference in its time."""
        self.refresh()
        history, world = self.history, self.history.world
        if not 0 <= pointer.object < len(world.ledger):
            return {}
        born = self.made_by(pointer.object)
        chunk = world.ledger.row(pointer.object)[5]
        rows = self._over(pointer) if chunk >= 0 else []
        causes = {self.made_by(row): self._cause_of_row(row) for row in (pointer.object, *rows)}
        owners = {world.ledger.row(row)[4] for row in rows}
        moves = self._moves(chunk) if chunk >= 0 else []
        for number in sorted({*moves, *self._freed(owners)}):
            op = bisect_right(history.op_starts, number) - 1
            causes[op] = Cause(history.log.op_of_event(number), other(history, number))
        return {op: cause for op, cause in causes.items() if op >= born}

    def _cause_of_row(self, row: int) -> Cause:
        """Return who made an object: whoever performs its operation."""
        op = self.history.log.op_of_row(row)
        return Cause(op, performer(self.history, op))

    def made_by(self, row: int) -> int:
        """Return the operation after which a ledger row is there; a run solved in bulk ends with its last one."""
        starts = self.history.op_starts
        return bisect_right(starts, starts[bisect_right(self.history.op_rows, row) - 1]) - 1


def _deciding(world: World, pointer: Pointer, over: list[int]) -> tuple[Any, ...]:
    """Return all of a World that decides what a touch of a pointer finds there.

    It follows `touch`: where the chunk is and what its memory does, which of the objects over the
    address is the latest of the chunk's present life, and whether its arena is freed.
    """
    row = world.ledger.row(pointer.object)
    span = world.span_of(row[0] + pointer.offset) if row[5] >= 0 else None
    if span is None:
        return (row, pointer.object in world.heap_objects)
    latest = bisect_right(over, len(world.ledger) - 1)
    met = over[latest - 1] if latest and over[latest - 1] >= world.births.get(span.chunk, 0) else -1
    freed = met >= 0 and world.user_arenas[world.ledger.row(met)[4]].defunct
    memory = (span.state, span.faulted, span.poisoned, span.limit, span.is_user_arena_chunk)
    return (world.list_of(span.chunk), memory, met, freed, bool(world.died))


def _asked(world: World, pointer: Pointer) -> Answer:
    read, write = touch(world, pointer), touch(world, pointer, write=True)
    state = world.list_of(read.chunk) if read.chunk >= 0 else ""
    return str(read.outcome), str(write.outcome), met(read, write), state


def outcome_name(outcome: str) -> str:
    """Return the short name of an outcome in words: "stale" of "stale data"."""
    return Outcome(outcome).name.lower()


def met(read: Touch, write: Touch) -> int:
    """Return the row of the object that an access meets; msan stops a read before it meets any."""
    return read.row if read.row >= 0 else write.row


def thinned(band: Band, most: int = MOST_STRETCHES) -> Band:
    """Return a band of at most about `most` stretches; of those that fall together the gravest is shown."""
    if len(band) <= most:
        return band
    edges = np.unique(np.linspace(band.first[0], band.last[-1] + 1, most + 1).astype(np.int64))
    grave = {str(outcome): rank for rank, outcome in enumerate(SEVERITY)}
    rank = np.array([max(grave[r], grave[w]) for r, w in zip(band.read, band.write, strict=True)])
    low = np.searchsorted(band.first, edges[:-1], side="right") - 1
    high = np.searchsorted(band.first, edges[1:], side="left")
    shown = np.array([a + int(np.argmax(rank[a:b])) for a, b in zip(low, high, strict=True)])
    columns = {name: column[shown] for name, column in band.columns().items()}
    return Band(**columns | {"first": edges[:-1], "last": edges[1:] - 1})
