"""Performs a program under other settings, so many operations at once: on the heap, or in the Machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import replace
from typing import Any

import numpy as np

from arenalab.errors import ScenarioError
from arenalab.go.rules import GoRules
from arenalab.machine.machine import Machine
from arenalab.replay.plain_heap import PlainHeap
from arenalab.replay.trace import Trace
from arenalab.replay.what_if_run import Run, note_more, refusal
from arenalab.world import ops
from arenalab.world.history import History
from arenalab.world.ops import Op
from arenalab.world.state import World
from arenalab.world.tables import GC_OFF
from arenalab.world.touch import rows_at

AT_ONCE = 10_000  #: operations that are performed one by one before somebody asks for more.
KEPT_HEAPS, FEWEST = 16, 256  #: copies of the heap on the way, and operations between two at least.
ENDING = (ops.MarkEnd, ops.MarkStep, ops.FinishMark)


class OnHeap:
    """Performs a program on the heap, a part at a time."""

    NAMES = ("heap_live", "in_use", "cycles", "heap_live_peak", "most_in_use")

    def __init__(self, run: Run, program: Sequence[Op] | Trace) -> None:
        """Begin before the first operation."""
        self._run, self._program, self._heap = run, program, PlainHeap(run.rules)
        self._table = np.zeros((len(program) + 1, len(self.NAMES)), dtype=np.int64)
        self._done = 0

    def go_on(self) -> None:
        """Perform the next AT_ONCE operations."""
        run, heap, last = self._run, self._heap, min(self._done + AT_ONCE, len(self._program))
        apart = max(min(len(self._program), AT_ONCE) // KEPT_HEAPS, FEWEST)
        for done, op in enumerate(_part(self._program, self._done, last), self._done + 1):
            if why := refusal(heap, op):
                run.refused[done - 1] = why
            self._table[done] = [getattr(heap, name) for name in self.NAMES]
            if done % apart == 0:
                run.kept_heaps[done] = deepcopy(heap)
        self._done = last
        run.columns = dict(zip((*self.NAMES[:4], "in_use_peak"), self._table[: last + 1].T, strict=True))
        run.rows = len(heap.classes)
        note_more(run, last)


def _part(program: Sequence[Op] | Trace, first: int, last: int) -> Sequence[Op] | Trace:
    return program.window(first, last) if isinstance(program, Trace) else program[first:last]


class Stepped:
    """Does operation after operation in the Machine, leaving out what makes no sense, a part at a time."""

    def __init__(self, run: Run, recorded: History, count: Callable[[Run], None]) -> None:
        """Begin before the first operation; `count` notes what the run came to."""
        self._run, self._recorded, self._count = run, recorded, count
        self._machine, self._ends = Machine(run.rules, in_bulk=True), list[int]()
        self._carrier = _Carrier(recorded, self._machine)
        run.history = self._machine.history

    def go_on(self) -> None:
        """Perform the next AT_ONCE operations, and count."""
        self.perform()
        self._count(self._run)

    def perform(self) -> None:
        """Perform the next AT_ONCE operations."""
        machine, carrier, run, said = self._machine, self._carrier, self._run, self._recorded
        first = len(self._ends)
        for number, op in enumerate(said.ops[first : first + AT_ONCE], first):
            if machine.world.died:
                break
            carrier.rows.append(machine.world.ledger.count)
            try:
                _do(machine, carrier.carried(number, op), said.log.goroutine_of(number))
            except ScenarioError as refused:
                run.refused[number] = str(refused)
            self._ends.append(len(machine.history))
        run.ends = np.array(self._ends, dtype=np.int64)
        note_more(run, run.operations if machine.world.died else len(self._ends))


def _do(machine: Machine, op: Op, goroutine: int) -> None:
    """Do an operation whole, where it was overtaken too; cycles that its allocations start come to their end."""
    if isinstance(op, ENDING) and machine.world.gc.phase == GC_OFF:
        return  # under these settings nothing is to be ended
    for piece in _pieces(op, machine.rules):
        machine.do(piece, goroutine)
        machine.go_on()
        if machine.world.died:
            return


def _pieces(op: Op, rules: GoRules) -> Iterator[Op]:
    """Cut a repetition into pieces that fill about one chunk each."""
    if not isinstance(op, ops.Rep) or op.n <= 0 or not op.type.size:
        yield op
        return
    most = max(1, rules.chunk.usable_bytes // op.type.size)
    for first in range(0, op.n, most):
        yield replace(op, n=min(most, op.n - first))


class _Carrier:
    """Says what an operation of the recorded run names in another run."""

    def __init__(self, recorded: History, machine: Machine) -> None:
        self.recorded, self.machine = recorded, machine
        self.rows: list[int] = []  #: ledger rows of the other run before each operation.

    def carried(self, number: int, op: Op) -> Op:
        """Return the operation with its objects and addresses as they are in the other run."""
        if isinstance(op, ops.Store):
            there = self.recorded.at(self.recorded.op_starts[number])
            target = self._address(there, op.target) if op.target else 0
            return replace(op, slot=self._address(there, op.slot), target=target)
        row: int = getattr(op, "object", ops.NIL)
        carried: dict[str, Any] = {"object": self._row(row)} if row >= 0 else {}
        return replace(op, **carried)

    def _row(self, row: int) -> int:
        """Return the other run's ledger row of an object; an object is the n-th of its operation."""
        op = self.recorded.log.op_of_row(row)
        found = self.rows[op] + row - self.recorded.op_rows[op]
        after = self.rows[op + 1] if op + 1 < len(self.rows) else self.machine.world.ledger.count
        if found >= after:
            raise ScenarioError("the object that it names was not made under these settings")
        return found

    def _address(self, there: World, address: int) -> int:
        """Return the other run's address of what is at an address of the recorded run."""
        holders = rows_at(there.ledger, address, address + 1)
        if not len(holders):
            raise ScenarioError(f"{address:#x} is in no object, so it can't be carried over")
        row = int(holders[-1])
        base = self.machine.world.ledger.row(self._row(row))[0]
        if not base:
            raise ScenarioError("the object that it names is on the heap under these settings")
        return base + address - there.ledger.row(row)[0]
