"""Log: the events of a history, each with the operation and the actor that it belongs to.

Rules:
1. Events are appended, never changed.
2. A *turn* is a stretch of events of one operation and one actor. The columns are written for many turns
   at once, so recording an event costs one append; operations of main's goroutine in their order need no turns.
3. What the runtime does *beside* the program (a cycle that an operation started) stands under that
   operation too, but is none of its own events, and may go on after the last of them.
4. Operations here are indexes into `History.ops`, from 0; `Timeline` says their numbers.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from arenalab.world.actors import MAIN
from arenalab.world.deferred import IntArray, Same, Upwards, UpwardsBut
from arenalab.world.event import Event
from arenalab.world.growing import GrowableArray

NO_OP = -1  #: before the first operation.
MOST_TURNS = 4096  #: turns that wait for the columns.
IN_ORDER = -2  #: of rows and events that belong to the operation begun last, as most do.

Ints = npt.NDArray[np.int64]

#: What is kept of the ends of operations while nobody has asked: of how many operations and events it is, and it.
NOT_READ: tuple[tuple[int, int], Ints] = ((0, 0), np.zeros(0, dtype=np.int64))


class Log:
    """Rows of (event, operation, actor); where each operation starts and ends."""

    def __init__(self) -> None:
        """Start empty."""
        self.events: list[Event] = []
        self.op_starts = GrowableArray()  #: number of events before each operation.
        self.op_rows = GrowableArray()  #: ledger rows before each operation.
        self.op, self.actor = NO_OP, MAIN  #: whose events are recorded now.
        self.beside = True  #: whether those are the runtime's, beside the program.
        self._ops, self._actors, self._besides = array("i"), array("i"), array("b")
        self._turns: list[
            tuple[int, int, int, bool]
        ] = []  #: (end, op, actor, beside) not in the columns yet.
        self._closed = 0  #: events of closed turns.
        #: Whether anything but main's goroutine acts, or an operation that isn't the last one.
        self._odd = True
        self._runs = (
            False  #: whether operations have begun by the million: none is looked for in `op_starts` then.
        )
        self._ends: dict[int, int] = {}  #: ends that the start of the next operation does not tell.
        self._seen = {MAIN}
        self._settled_ends: tuple[tuple[int, int], Ints] = NOT_READ
        self._steps: tuple[tuple[int, int], Ints] = NOT_READ
        #: Operations from which on another goroutine performs them, and which.
        self._goroutines: tuple[list[int], list[int]] = ([0], [MAIN])
        #: Where operations stood still: (events before, operation, one of `schedule.PLACES`).
        self.stops: list[tuple[int, int, str]] = []
        #: Ledger rows from which on an operation that was resumed made them, and which (or IN_ORDER).
        self._resumed_rows: tuple[list[int], list[int]] = ([], [])

    # writing

    def begin(self, number: int, ledger_rows: int, actor: int) -> None:
        """Note that operation `number`, the next one, starts now."""
        if self._odd or actor != MAIN:
            self._leave(ledger_rows)
            self._odd = self._runs or actor != MAIN
            self.actor, self.beside = actor, False
            self._perform(number, actor)
        self.op_starts.append(len(self.events))
        self.op_rows.append(ledger_rows)
        self.op = number

    def begin_run(
        self, ledger_rows: int, count: int, actor: int = MAIN, idle: IntArray | None = None
    ) -> None:
        """Note that `count` operations start now; their events are the last one's.

        Each makes one ledger row, but those at the places `idle` of the run, which rise, make none.
        """
        self._leave(ledger_rows)
        self._perform(len(self.op_starts), actor)
        self._add_to_run(len(self.events), ledger_rows, count, idle)
        self.actor, self.beside = actor, False
        self._odd = self._runs = True

    def lengthen_run(self, ledger_rows: int, count: int, idle: IntArray | None = None) -> None:
        """Note that `count` operations more belong to the run begun last, and began with it; see `begin_run`."""
        self._add_to_run(int(self.op_starts[-1]), ledger_rows, count, idle)

    def _add_to_run(self, start: int, ledger_rows: int, count: int, idle: IntArray | None) -> None:
        rows = Upwards(ledger_rows) if idle is None else UpwardsBut(ledger_rows, idle)
        self.op_starts.extend_later(count, Same(start))
        self.op_rows.extend_later(count, rows)
        self.op = len(self.op_starts) - 1

    def _perform(self, number: int, actor: int) -> None:
        """Note who performs operations from a number on."""
        firsts, goroutines = self._goroutines
        if goroutines[-1] != actor:
            firsts.append(number)
            goroutines.append(actor)

    def take_back(self, nops: int, nevents: int, ledger_rows: int) -> None:
        """Go back to when there were so many operations, events and ledger rows."""
        self._settle()
        self._settled_ends = self._steps = NOT_READ  # as many may come again, and end elsewhere
        while len(self.op_starts) > nops:
            self.op_starts.pop()
            self.op_rows.pop()
        self._closed = nevents
        del self.events[nevents:], self._ops[nevents:], self._actors[nevents:], self._besides[nevents:]
        self._ends = {op: min(end, nevents) for op, end in self._ends.items() if op < nops}
        self.stops = [stop for stop in self.stops if stop[0] <= nevents and stop[1] < nops]
        firsts, goroutines = self._goroutines
        while firsts[-1] >= max(nops, 1):
            firsts.pop()
            goroutines.pop()
        starts, ops = self._resumed_rows
        while starts and (starts[-1] > ledger_rows or ops[-1] >= nops):
            starts.pop()
            ops.pop()
        self.op, self.beside, self._odd = nops - 1, True, True

    def turn(self, ledger_rows: int, op: int, actor: int, *, beside: bool = False) -> None:
        """Note whose the events that follow are: another actor's, or an operation's that is resumed."""
        if (op, actor, beside) == (self.op, self.actor, self.beside):
            return
        self._close()
        if op != self.op or beside:
            self._note_end()
        if op != len(self.op_starts) - 1:
            self._note_rows(ledger_rows, op)
            self._ends.setdefault(op, len(self.events))
        elif self._resumed_rows[1][-1:] not in ([], [IN_ORDER]):
            self._note_rows(ledger_rows, IN_ORDER)
        self.op, self.actor, self.beside, self._odd = op, actor, beside, True

    def stop(self, op: int, place: str) -> None:
        """Note that an operation stands still at a point, where others may overtake it, or has to wait."""
        self.stops.append((len(self.events), op, place))

    def _leave(self, ledger_rows: int) -> None:
        """Close the current turn before a new operation starts."""
        self._close()
        if self.op != len(self.op_starts) - 1 or self.op in self._ends:
            self._note_end()
        if self._resumed_rows[1] and self._resumed_rows[1][-1] != IN_ORDER:
            self._note_rows(ledger_rows, IN_ORDER)

    def _note_end(self) -> None:
        if not self.beside:
            self._ends[self.op] = len(self.events)

    def _note_rows(self, ledger_rows: int, op: int) -> None:
        starts, ops = self._resumed_rows
        starts.append(ledger_rows)
        ops.append(op)

    def _close(self) -> None:
        """Note that the current turn ends here."""
        end = len(self.events)
        if end != self._closed:
            self._turns.append((end, self.op if self._odd else IN_ORDER, self.actor, self.beside))
            self._closed = end
            if len(self._turns) == MOST_TURNS:
                self._settle()

    def _settle(self) -> None:
        """Write the columns up to here."""
        self._close()
        if self._turns:
            turns = np.array(self._turns, dtype=np.int64)
            first = len(self._ops)
            counts = np.diff(turns[:, 0], prepend=first)
            ops, actors, besides = (np.repeat(turns[:, number], counts) for number in (1, 2, 3))
            self._find_ops(ops, first)
            for numbers, column in ((ops, self._ops), (actors, self._actors), (besides, self._besides)):
                column.frombytes(numbers.astype(column.typecode).tobytes())
            self._seen.update(turns[:, 2].tolist())
            self._turns.clear()

    def _find_ops(self, ops: Ints, first: int) -> None:
        """Write the operations of events in order, of those from event `first` on: each is the one begun last."""
        events = np.flatnonzero(ops == IN_ORDER)
        if len(events):
            low = bisect_right(self.op_starts, first + int(events[0])) - 1
            starts = self.op_starts.part(low, len(self.op_starts) - low)
            ops[events] = low + starts.searchsorted(first + events, side="right") - 1

    # reading

    def apart(self) -> dict[str, Sequence[int]]:
        """Return what the columns and the starts do not tell: ends, rows and performers that are out of order."""
        (rows, row_ops), (firsts, goroutines) = self._resumed_rows, self._goroutines
        return {
            "end_op": list(self._ends), "end_at": list(self._ends.values()), "row": rows, "row_op": row_ops,
            "performed_from": firsts, "performer": goroutines,
        }  # fmt: skip

    @property
    def actors(self) -> list[int]:
        """Return everybody who acted: goroutines first, then the runtime's own."""
        self._settle()
        return sorted(self._seen, key=lambda actor: (actor < 0, abs(actor)))

    @property
    def several(self) -> bool:
        """Whether anybody but main's goroutine has acted, so that it must be said who did what."""
        self._settle()
        return self._seen != {MAIN}

    def op_at(self, moment: int) -> int:
        """Return the operation that the last of the first `moment` events belongs to, −1 at the start."""
        return self.op_of_event(moment - 1) if moment > 0 else NO_OP

    def op_of_event(self, event: int) -> int:
        """Return the operation that event number `event` belongs to, −1 before the first operation."""
        self._settle()
        return self._ops[event]

    def actor_of_event(self, event: int) -> int:
        """Return who did event number `event`."""
        self._settle()
        return self._actors[event]

    def is_beside(self, event: int) -> bool:
        """Return whether the runtime did event number `event` beside the program."""
        self._settle()
        return bool(self._besides[event])

    def column(self, name: str) -> Ints:
        """Return "op", "actor" or "beside" (0 or 1) of all events, shape (events,)."""
        self._settle()
        columns = {"op": self._ops, "actor": self._actors, "beside": self._besides}
        return np.array(columns[name], dtype=np.int64)

    def goroutine_of(self, op: int) -> int:
        """Return the goroutine that performs an operation, which may have events of others too."""
        firsts, goroutines = self._goroutines
        return goroutines[bisect_right(firsts, op) - 1]

    def goroutines(self) -> Ints:
        """Return `goroutine_of` all operations, shape (operations,)."""
        firsts, goroutines = self._goroutines
        return np.repeat(goroutines, np.diff([*firsts, len(self.op_starts)]))

    def op_end(self, op: int) -> int:
        """Return how many events had happened when an operation had done its last one; −1 is the start."""
        if op < 0:
            return 0
        if op == self.op and not self.beside:
            return len(self.events)
        if op in self._ends:
            return self._ends[op]
        return self.op_starts[op + 1] if op + 1 < len(self.op_starts) else len(self.events)

    def op_ends(self) -> Ints:
        """Return `op_end` of all operations, shape (operations,)."""
        ends = self.steps().copy()
        if self._ends:
            ends[list(self._ends)] = list(self._ends.values())
        if self.op >= 0 and not self.beside:
            ends[self.op] = len(self.events)
        return ends

    def settled(self) -> Ints:
        """Return after how many events each operation and all before it are done, shape (operations,); it rises.

        Where no two operations overlap, that is `op_ends`.
        """
        size = (len(self.op_starts), len(self.events))
        if self._settled_ends[0] != size:
            self._settled_ends = size, np.maximum.accumulate(self.op_ends())
        return self._settled_ends[1]

    def steps(self) -> Ints:
        """Return after how many events the next operation began, shape (operations,): where one stands by operations.

        It rises with each that does something, also where one waits while hundreds of others begin and end. Where no
        two operations overlap, that is `op_ends`.
        """
        size = (len(self.op_starts), len(self.events))
        if self._steps[0] != size:
            starts = np.array(self.op_starts, dtype=np.int64)
            self._steps = size, np.append(starts[1:], len(self.events))[: len(starts)]
        return self._steps[1]

    def numbers_of(self, op: int) -> range | list[int]:
        """Return the numbers of an operation's own events, in order."""
        whole = range(self.op_starts[op], self.op_end(op))
        self._settle()
        if op in self._ends:
            return [event for event in whole if self._ops[event] == op and not self._besides[event]]
        return whole

    def ops_of_rows(self, first: int, count: int) -> Ints:
        """Return `op_of_row` of some rows from number `first` on, shape (count,)."""
        rows = np.arange(first, first + count)
        low = max(bisect_right(self.op_rows, first) - 1, 0)
        starts = self.op_rows.part(low, bisect_right(self.op_rows, first + count) - low)
        ops: Ints = low + starts.searchsorted(rows, side="right") - 1
        turns, resumed = (np.array(part, dtype=np.int64) for part in self._resumed_rows)
        turn = turns.searchsorted(rows, side="right") - 1
        odd = turn >= 0
        odd[odd] = resumed[turn[odd]] != IN_ORDER
        ops[odd] = resumed[turn[odd]]
        return ops

    def row_span(self, op: int, total: int) -> range:
        """Return the ledger rows from an operation's start to its end, of `total`; others' may be among them."""
        after = bisect_left(self.op_starts, self.op_end(op), op + 1)
        return range(self.op_rows[op], self.op_rows[after] if after < len(self.op_rows) else total)

    def op_of_row(self, row: int) -> int:
        """Return the operation that made a ledger row."""
        starts, ops = self._resumed_rows
        turn = bisect_right(starts, row) - 1
        if turn >= 0 and ops[turn] != IN_ORDER:
            return ops[turn]
        return bisect_right(self.op_rows, row) - 1
