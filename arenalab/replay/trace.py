"""Trace: a program as columns, one row per operation, so that a million of them are a few arrays.

Laws of this file:
1. A Trace is validated when it is made, wherever it came from; nothing later checks again.
2. Columns never change. They may be memory-mapped: replaying reads them piece by piece.
3. What a row says is exactly one operation; a program that has others is refused, not approximated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from arenalab.errors import ScenarioError, shown
from arenalab.go.types import GoType
from arenalab.world import ops
from arenalab.world.asked import MOST_VALUES, Asked
from arenalab.world.many_ops import OnlyAdded
from arenalab.world.ops import Op
from arenalab.world.schedule import Begin, GoOn

Ints = npt.NDArray[Any]

#: Operations by code. The first two are the allocations that a bulk run may hold; files keep these numbers.
KINDS: tuple[str, ...] = (
    "new", "slice", "rep", "new_arena", "free", "drop", "hold", "unhold", "link", "gc", "mark_begin", "mark_end",
    "snapshot", "start_gc", "mark_step", "finish_mark", "sweep_step", "run_finalizers",
)  # fmt: skip
CODES = {name: code for code, name in enumerate(KINDS)}
NEW, SLICE, REP = CODES["new"], CODES["slice"], CODES["rep"]
TYPED = (CODES["new"], CODES["slice"], CODES["rep"])
COLUMNS: dict[str, str] = {"op": "u1", "user_arena": "i4", "type": "u2", "n": "i8"}
MOST_TYPES = 2**16
SINGLE = -1  #: `n` of a `new`.
BLOCK = 2**20  #: rows looked at together, so that a mapped trace is never in memory as a whole.

Row = tuple[int, GoType | None, int]  #: user arena (or hold, or 0), type, n.

#: code -> the operation that a row says.
READERS: dict[str, Callable[[int, Any, int], Op]] = {
    "new": lambda number, go_type, _: ops.New(number, go_type),
    "slice": ops.MakeSlice,
    "rep": ops.Rep,
    "new_arena": lambda number, *_: ops.NewArena(number),
    "free": lambda number, _, n: ops.Free(number, copied=n in (1, 3), by_finalizer=n in (2, 3)),
    "drop": lambda number, *_: ops.Drop(number),
    "hold": lambda number, _, n: ops.Hold(n, number),
    "unhold": lambda number, *_: ops.Unhold(number),
    "link": lambda number, _, n: ops.Link(number, n),
    "gc": lambda *row: ops.RunGC(detail=bool(row[2])),
    "mark_begin": lambda *row: ops.MarkBegin(detail=bool(row[2])),
    "mark_end": lambda *_: ops.MarkEnd(),
    "snapshot": lambda *_: ops.Snapshot(),
    "start_gc": lambda *_: ops.StartGC(),
    "mark_step": lambda *_: ops.MarkStep(),
    "finish_mark": lambda *_: ops.FinishMark(),
    "sweep_step": lambda *_: ops.SweepStep(),
    "run_finalizers": lambda *_: ops.RunFinalizers(),
}
#: kind of operation -> the row that says it.
WRITERS: dict[type[Op], Callable[[Any], Row]] = {
    ops.New: lambda op: (op.user_arena, op.type, SINGLE),
    ops.MakeSlice: lambda op: (op.user_arena, op.type, op.cap),
    ops.Rep: lambda op: (op.user_arena, op.type, op.n),
    ops.NewArena: lambda op: (op.user_arena, None, 0),
    ops.Free: lambda op: (op.user_arena, None, op.copied + 2 * op.by_finalizer),
    ops.Drop: lambda op: (op.user_arena, None, 0),
    ops.Hold: lambda op: (op.user_arena, None, op.hold),
    ops.Unhold: lambda op: (op.hold, None, 0),
    ops.Link: lambda op: (op.from_arena, None, op.to_arena),
    ops.RunGC: lambda op: (0, None, int(op.detail)),
    ops.MarkBegin: lambda op: (0, None, int(op.detail)),
}
NAMES = {kind: name for name, kind in ops.OPS.items()}


class Trace:
    """A program as four columns of equal length: `op`, `user_arena`, `type`, `n`; and its `types`.

    `op` is a position in `KINDS`, `type` one in `types`. `n` is a slice's capacity, a repetition's count,
    a hold's number, a link's target; −1 for `new`. `user_arena` is the hold's number of an `unhold`.
    """

    __slots__ = ("has_slices", "n", "op", "type", "types", "user_arena")

    def __init__(self, types: Sequence[GoType], op: Ints, user_arena: Ints, type: Ints, n: Ints) -> None:  # noqa: A002  # the column's name
        """Take columns as they are, after looking at every row.

        Raises:
            ScenarioError: naming the column or the first row that makes no sense.

        """
        self.types = tuple(types)
        self.op = _column("op", op)
        self.user_arena = _column("user_arena", user_arena)
        self.type = _column("type", type)
        self.n = _column("n", n)
        _check_lengths(self)
        asked = Asked()
        blocks = [_check_block(self, start, asked) for start in range(0, len(self), BLOCK)]
        self.has_slices = any(blocks)

    def __len__(self) -> int:
        """Return the number of operations."""
        return len(self.op)

    def __getitem__(self, number: int) -> Op:
        """Return one operation."""
        name = KINDS[self.op[number]]
        go_type = self.types[self.type[number]] if name in ("new", "slice", "rep") else None
        return READERS[name](int(self.user_arena[number]), go_type, int(self.n[number]))

    def __iter__(self) -> Iterator[Op]:
        """Walk through the operations."""
        return (self[number] for number in range(len(self)))

    def window(self, start: int, stop: int) -> Trace:
        """Return the rows [start, stop) as a Trace that shares the columns; they are not looked at again."""
        part = Trace.__new__(Trace)
        part.types, part.has_slices = self.types, self.has_slices
        for name in COLUMNS:
            setattr(part, name, getattr(self, name)[start:stop])
        return part

    @property
    def nbytes(self) -> int:
        """Return the bytes of the columns."""
        return sum(int(getattr(self, name).nbytes) for name in COLUMNS)

    @classmethod
    def from_ops(cls, program: Iterable[Op]) -> Trace:
        """Return a program as a trace; `list(trace)` is the program again.

        Raises:
            ScenarioError: naming the first operation that no row can say.

        """
        numbers: dict[GoType, int] = {}
        rows = [_row(position, op, numbers) for position, op in enumerate(ops.program(program))]
        columns = zip(*rows, strict=True) if rows else [()] * len(COLUMNS)
        arrays = [np.array(c, dtype=kind) for c, kind in zip(columns, COLUMNS.values(), strict=True)]
        return cls(tuple(numbers), *arrays)

    def __repr__(self) -> str:
        """Say how long it is."""
        return f"<Trace: {len(self):,} operations, {len(self.types)} types>"


def _row(position: int, op: Op, numbers: dict[GoType, int]) -> tuple[int, int, int, int]:
    name = NAMES.get(type(op), "")
    if isinstance(op, Begin | GoOn):
        raise ScenarioError(
            f"row {position}, {op}: a trace is main's goroutine's; Machine.take performs turns"
        )
    if name not in CODES:
        one = str(op) if type(op) in NAMES else shown(op)
        raise ScenarioError(f"operation {position}, {one}: a trace holds only {', '.join(KINDS)}")
    number, go_type, n = WRITERS.get(type(op), lambda _: (0, None, 0))(op)
    if READERS[name](number, go_type, n) != op:
        raise ScenarioError(
            f"operation {position}, {op}: a trace's row can't say its last arguments; step it instead"
        )
    kind = 0 if go_type is None else numbers.setdefault(go_type, len(numbers))
    return CODES[name], number, kind, n


def _column(name: str, values: Any) -> Ints:
    """Return a column in its own type, without copying what has it already."""
    wanted = np.dtype(COLUMNS[name])
    column = np.asarray(values)
    if column.ndim != 1 or column.dtype.kind not in "iu":
        raise ScenarioError(
            f"column {name}: must be one row of whole numbers, not {column.ndim}-d {column.dtype}"
        )
    if column.dtype == wanted:
        return column
    limits = np.iinfo(wanted)
    if len(column) and (int(column.min()) < limits.min or int(column.max()) > limits.max):
        raise ScenarioError(f"column {name}: holds a number outside {limits.min} … {limits.max}")
    return column.astype(wanted)


def _check_lengths(trace: Trace) -> None:
    lengths = {name: len(getattr(trace, name)) for name in COLUMNS}
    if len(set(lengths.values())) > 1:
        raise ScenarioError(f"the columns have different lengths: {lengths}")
    if len(trace.types) > MOST_TYPES:
        raise ScenarioError(f"{len(trace.types)} types; a trace holds at most {MOST_TYPES}")


def _check_block(trace: Trace, start: int, asked: Asked) -> bool:
    """Check one block of rows; return whether it has slices. Its repetitions are added to what is `asked`."""
    rows = slice(start, start + BLOCK)
    op, n = trace.op[rows], trace.n[rows]
    _refuse(start, op >= len(KINDS), op, f"operation code %d; there are {len(KINDS)}")
    kinds, most = trace.type[rows], np.where(op <= max(TYPED), len(trace.types), max(1, len(trace.types)))
    _refuse(start, kinds >= most, kinds, f"type %d of {len(trace.types)}")
    _refuse(start, np.logical_and(op == NEW, n != SINGLE), n, f"n is %d; a new has {SINGLE}")
    reps = op == REP
    for kind in np.unique(kinds[reps]).tolist():
        count = n[np.logical_and(reps, kinds == kind)].clip(0, MOST_VALUES + 1).sum()
        asked.add(int(count), trace.types[kind])
    return bool((op == SLICE).any())


def _refuse(start: int, wrong: Ints, values: Ints, text: str) -> None:
    if wrong.any():
        at = int(np.argmax(wrong))
        raise ScenarioError(f"row {start + at} of the trace: {text % int(values[at])}")


class OpsSoFar(OnlyAdded):
    """The operations of a trace that have begun, for a History: each is made when somebody looks at it."""

    __slots__ = ("_count", "trace")

    def __init__(self, trace: Trace) -> None:
        """Begin before the first operation."""
        self.trace = trace
        self._count = 0

    def __len__(self) -> int:
        """Return how many operations have begun."""
        return self._count

    def __getitem__(self, number: Any) -> Any:
        """Return an operation, or those of a slice as a list."""
        if isinstance(number, slice):
            return [self.trace[position] for position in range(*number.indices(self._count))]
        at = number if number >= 0 else self._count + number
        if not 0 <= at < self._count:
            raise IndexError(f"operation {number} of {self._count}")
        return self.trace[at]

    def insert(self, index: int, value: Op) -> None:  # noqa: ARG002  # the trace holds it
        """Note that the trace's next operation begins."""
        if index != self._count:
            raise ScenarioError("operations are only ever added at the end")
        self._count += 1

    def take(self, count: int) -> None:
        """Note that the trace's next `count` operations begin."""
        self._count += count

    def __delitem__(self, number: Any) -> None:
        """Take the last operation back."""
        self._only_last(number)
        self._count -= 1
