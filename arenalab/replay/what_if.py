"""WhatIf: one program under other settings, operation by operation beside the run it was recorded in.

Rules:
1. A run under unchanged settings is the recorded history itself; a changed one is performed again by the Machine
   (or, for the history of a trace, by the bulk replay), so it is certified like any other. No
   setting but the version, GOGC and the build mode is one that some Go has: of this very program nobody verified
   what comes out.
2. An operation that makes no sense under the settings is left out and told; the others go on. Where the
   program dies, its run ends.
3. Operations are carried over by what they name: an object by the operation that made it, an address by
   the object it is in. They run one after the other, even where the recorded run let two overlap.

A cycle that an allocation starts ends before the next operation, and a repetition is done in pieces of about
a chunk, so that one long operation does not hold a cycle up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from arenalab.errors import LONGEST_NAME, GoThrow, ScenarioError, cut, meant
from arenalab.go.rules import GoRules
from arenalab.go.versions import GO, changed_by
from arenalab.machine.machine import Machine
from arenalab.replay.measures import counted, kept_by_pointers, measured
from arenalab.replay.plain_heap import ClassRow, PlainHeap
from arenalab.replay.replay import Replayer
from arenalab.replay.trace import OpsSoFar, Trace
from arenalab.world import ops
from arenalab.world.gc_events import TriggerReached
from arenalab.world.history import History
from arenalab.world.ops import Op
from arenalab.world.state import World
from arenalab.world.tables import GC_OFF
from arenalab.world.touch import rows_at

ARENA, PLAIN = "arenas", "plain heap"
#: Settings that can be chosen, beside the heap.
SETTINGS = (GO, "user_arena_chunk_bytes_max", "max_alloc_fraction", "reuse_order", "gogc", "build_mode")
MOST_RUNS = 4  #: runs that are kept: both sides, and both before the reader's last choice.
KEPT_HEAPS, FEWEST = 16, 256  #: copies of the heap on the way, and operations between two at least.
ENDING = (ops.MarkEnd, ops.MarkStep, ops.FinishMark)

Ints = npt.NDArray[Any]


@dataclass
class Run:
    """One program under one setting; "after n operations" is a number from 0 to the program's length."""

    rules: GoRules  #: that it runs under.
    plain: bool  #: on the heap, without arenas.
    operations: int  #: of the program.
    recorded: bool = False  #: whether it is the recorded history itself.
    history: History | None = None  #: None on the heap, or where Go would not start.
    ends: Ints = field(
        default_factory=lambda: np.zeros(0, dtype=np.int64)
    )  #: events after each operation done.
    refused: dict[int, str] = field(default_factory=dict)  #: operation -> why it was left out.
    stopped: tuple[int, str] | None = None  #: operation at which the run ended, and why.
    columns: dict[str, Ints] = field(default_factory=dict)  #: counters after n operations.
    rows: int = 1  #: chunks, or size classes, that it has at its end.
    _heap: tuple[int, PlainHeap] | None = None
    kept_heaps: dict[int, PlainHeap] = field(
        default_factory=dict
    )  #: copies after some numbers of operations.
    _program: Sequence[Op] | Trace = ()

    def done(self, operations: int) -> int:
        """Return how many operations of those had been done when it ended, refused ones included."""
        return min(operations, len(self.columns["heap_live"]) - 1)

    def events(self, operations: int) -> int:
        """Return the events that had happened after so many operations."""
        done = self.done(operations)
        return int(self.ends[done - 1]) if done and self.history is not None else 0

    def totals(self, operations: int) -> dict[str, int]:
        """Return what it comes to after so many operations: bytes and counts."""
        done = self.done(operations)
        found = {name: int(column[done]) for name, column in self.columns.items()}
        found |= dict.fromkeys(("chunks", "wasted", "kept_objects", "kept_bytes"), 0)
        if self.plain:
            heap = self.heap(operations)
            found["chunks"], found["wasted"] = (
                sum(row.spans for row in heap.rows()),
                heap.taken_bytes - heap.value_bytes,
            )
            found["kept_objects"], found["kept_bytes"] = heap.kept_by_pointers()
        elif self.history is not None:
            row, kept = measured(self.history, self.events(operations)), self.kept(operations)
            found |= {
                "chunks": row["chunks"],
                "wasted": row["wasted_bytes"],
                "on_heap": row["values_on_heap"],
            }
            found["kept_objects"] = sum(kept.values())
            found["kept_bytes"] = len(kept) * self.rules.chunk.mapped_bytes
        return found

    def kept(self, operations: int) -> dict[int, int]:
        """Return the freed chunks that a pointer keeps, with the number of dead values in each."""
        return {} if self.history is None else kept_by_pointers(self.history.at(self.events(operations)))

    def heap(self, operations: int) -> PlainHeap:
        """Return the heap after so many operations; it may move on when asked again."""
        if self._heap is None or self._heap[0] > operations:
            start = max(number for number in self.kept_heaps if number <= operations)
            self._heap = (start, deepcopy(self.kept_heaps[start]))
        number, heap = self._heap
        for at in range(number, operations):
            _refusal(heap, self._program[at])
        self._heap = (operations, heap)
        return heap

    def classes(self, operations: int) -> list[ClassRow]:
        """Return what the heap's classes hold; nothing where there are arenas."""
        return list(self.heap(operations).rows()) if self.plain else []


class WhatIf:
    """Runs the program of a history under other settings; the latest runs are kept until the history grows."""

    def __init__(self, history: History) -> None:
        """Take a history's operations as the program."""
        self.history = history
        self._runs: dict[tuple[Any, ...], Run] = {}
        self._length = -1

    @property
    def program(self) -> Sequence[Op] | Trace:
        """Return the operations that the program itself asked for."""
        said = self.history.ops
        return said.trace.window(0, len(said)) if isinstance(said, OpsSoFar) else said

    def run(self, settings: Mapping[str, Any], heap: str = ARENA) -> Run:
        """Return the program's run under some settings; those that are not named are as recorded.

        Raises:
            ScenarioError: a setting that there is not.

        """
        strange = [cut(name, LONGEST_NAME) for name in settings if name not in SETTINGS]
        if strange or heap not in (ARENA, PLAIN):
            hint = meant(strange[0], SETTINGS, "; ") if strange else ""
            raise ScenarioError(
                f"{', '.join(strange) or heap} can't be chosen; there is {', '.join(SETTINGS)}{hint}"
            )
        if self._length != len(self.history.ops):
            self._runs, self._length = {}, len(self.history.ops)
        rules = changed_by(self.history.rules, settings)
        key = (heap, *rules.settings().values())
        if key not in self._runs:
            self._runs[key] = self._plain(rules) if heap == PLAIN else self._arenas(rules)
        self._runs[key] = self._runs.pop(key)  # the latest stands last
        while len(self._runs) > MOST_RUNS:
            del self._runs[next(iter(self._runs))]
        return self._runs[key]

    def _plain(self, rules: GoRules) -> Run:
        program = self.program
        names = ("heap_live", "in_use", "cycles", "heap_live_peak", "most_in_use")
        table, heap = np.zeros((len(program) + 1, len(names)), dtype=np.int64), PlainHeap(rules)
        run = Run(
            rules, plain=True, operations=len(program), _program=program, kept_heaps={0: PlainHeap(rules)}
        )
        for done, op in enumerate(program, 1):
            if why := _refusal(heap, op):
                run.refused[done - 1] = why
            table[done] = [getattr(heap, name) for name in names]
            if done % max(len(program) // KEPT_HEAPS, FEWEST) == 0:
                run.kept_heaps[done] = deepcopy(heap)
        run.columns = dict(zip((*names[:4], "in_use_peak"), table.T, strict=True))
        run.rows = len(heap.classes)
        return run

    def _arenas(self, rules: GoRules) -> Run:
        history = self.history
        run = Run(rules, plain=False, operations=len(self.program))
        if rules == history.rules and not any(isinstance(event, TriggerReached) for event in history.events):
            run.recorded, run.history = True, history
            run.ends = _ends(history)
        elif history.at(0) != World(history.rules):
            run.stopped = (0, "it goes on from an earlier World; under other settings there is none")
        else:
            _again(run, self)
        if run.history is None:
            zero = np.zeros(1, dtype=np.int64)
            run.columns = dict.fromkeys(
                ("heap_live", "in_use", "cycles", "heap_live_peak", "in_use_peak"), zero
            )
        else:
            run.columns, run.rows = counted(run.history, run.ends), len(run.history.world.spans)
            _note_death(run)
        return run


def _refusal(heap: PlainHeap, op: Op) -> str:
    """Do an operation; return why it was refused, "" when it was not."""
    try:
        heap.do(op)
    except ScenarioError as refused:
        return str(refused)
    return ""


def _ends(history: History) -> Ints:
    """Return the events after each operation, with what the runtime did beside the program until the next."""
    return np.append(np.array(history.op_starts, dtype=np.int64), len(history))[1:]


def _again(run: Run, what_if: WhatIf) -> None:
    """Run the program under the run's own rules, as far as it goes."""
    said = what_if.history.ops
    try:
        if isinstance(said, OpsSoFar):
            _replayed(run, what_if)
        else:
            _stepped(run, what_if)
    except GoThrow as thrown:
        run.stopped = (0, f"Go would not start: {thrown.text}")


def _replayed(run: Run, what_if: WhatIf) -> None:
    """Replay a trace in bulk; at an operation that makes no sense its run ends."""
    replayer = Replayer(what_if.history.ops.trace, run.rules)  # type: ignore[attr-defined]  # an OpsSoFar
    run.history = replayer.history
    try:
        replayer.run()
        replayer.machine.go_on()
    except ScenarioError as refused:
        run.stopped = (len(replayer.ops), str(refused))
    run.ends = _ends(replayer.history)


def _stepped(run: Run, what_if: WhatIf) -> None:
    """Do operation after operation in the Machine, leaving out what makes no sense."""
    machine = Machine(run.rules, in_bulk=True)
    run.history = machine.history
    carrier, ends = _Carrier(what_if.history, machine), []
    for number, op in enumerate(what_if.program):
        if machine.world.died:
            break
        carrier.rows.append(machine.world.ledger.count)
        try:
            _do(machine, carrier.carried(number, op), what_if.history.log.goroutine_of(number))
        except ScenarioError as refused:
            run.refused[number] = str(refused)
        ends.append(len(machine.history))
    run.ends = np.array(ends, dtype=np.int64)


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


def _note_death(run: Run) -> None:
    assert run.history is not None  # noqa: S101  # for the type checker
    if run.history.world.died:
        run.stopped = (len(run.ends) - 1, f"the program dies: {run.history.world.died}")


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
