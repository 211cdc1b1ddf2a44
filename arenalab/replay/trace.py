"""Trace: a program as columns, one row per operation, so that a million of them are a few arrays.

Rules:
1. A Trace is validated when it is made, wherever it came from; nothing later checks again.
2. Columns never change. They may be memory-mapped: replaying reads them piece by piece.
3. What a row says is exactly one operation; a program that has others is refused, not approximated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import MISSING, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from arenalab.asked import Called, called
from arenalab.errors import ScenarioError, shown
from arenalab.go.types import GoType
from arenalab.narrow import different
from arenalab.units import counted
from arenalab.world import ops
from arenalab.world.asked import MOST_VALUES, Asked
from arenalab.world.many_ops import OnlyAdded, OpColumns
from arenalab.world.ops import Op
from arenalab.world.schedule import Begin, GoOn

Ints = npt.NDArray[Any]

_HELD = sorted((kind.in_trace, name) for name, kind in ops.OPS.items() if kind.in_trace is not None)
#: Operations by code. The first two are the allocations that a bulk run may hold.
KINDS: tuple[str, ...] = tuple(name for _, name in _HELD)
CODES = {name: code for code, name in enumerate(KINDS)}
TYPED = NEW, SLICE, REP = CODES[ops.New.name], CODES[ops.MakeSlice.name], CODES[ops.Rep.name]
COLUMNS: dict[str, str] = {"op": "u1", "user_arena": "i4", "type": "u2", "n": "i8"}
MOST_TYPES = 2**16
SINGLE = -1  #: `n` of a `new`.
BLOCK = 2**20  #: rows looked at together, so that a mapped trace is never in memory as a whole.

Row = tuple[int, GoType | None, int]  #: user arena (or hold, or 0), type, n.


class _Rows:
    """The rows that say one kind of operation."""

    def __init__(self, said: ops.InTrace, kind: type[Op]) -> None:
        """Take what an operation's description says of traces."""
        self.kind: Callable[..., Op] = kind
        (_, self.at, self.n, self.no_n) = said
        kinds = {each.name: each.metadata["kind"].exact for each in fields(kind)}
        self.typed = GoType in kinds.values()
        flags = [name for name in self.n if kinds[name] is bool]
        #: Flag -> the bit that it is.
        self.bits = {name: 2**at for at, name in enumerate(flags)}
        column = {self.at: 0, "type": 1} | dict.fromkeys(self.n if not flags else (), 2)
        #: For each field in turn that is in a column, which one.
        self.given = [name for name in kinds if name in column]
        self.columns = [column[name] for name in self.given]
        self.defaults = {each.name: each.default for each in fields(kind) if each.default is not MISSING}

    def read(self, *row: Any) -> Op:
        """Return the operation that a row (user arena, type, n) says."""
        flags = {name: row[2] // bit % 2 == 1 for name, bit in self.bits.items()} if self.bits else {}
        return self.kind(*[row[at] for at in self.columns], **flags)

    def held(self, part: Trace, which: Ints) -> dict[str, Any]:
        """Return what the operations of some rows hold in each field, as `read` would make them."""
        n, number = part.n[which], part.type[which].tolist() if self.typed else ()
        given = part.user_arena[which], [part.types[its] for its in number], n
        found: dict[str, Any] = dict(zip(self.given, (given[at] for at in self.columns), strict=True))
        found |= {name: (n // bit % 2 == 1).tolist() for name, bit in self.bits.items()}
        return found | {name: [value] * len(n) for name, value in self.defaults.items() if name not in found}

    def row(self, op: Any) -> Row:
        """Return the row that says an operation, as far as one can."""
        held = [int(getattr(op, name)) * 2**at for at, name in enumerate(self.n)]
        number, go_type = getattr(op, self.at, 0), getattr(op, "type", None)
        return number, go_type, sum(held) if held else self.no_n


_ROWS = tuple(_Rows(said, ops.OPS[name]) for said, name in _HELD)


class Trace(metaclass=Called):
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
        self.has_slices = any(blocks)  #: whether a row is a `slice`.

    def __len__(self) -> int:
        """Return the number of operations."""
        return len(self.op)

    def __getitem__(self, number: int) -> Op:
        """Return one operation."""
        rows: _Rows = _ROWS[self.op[number]]
        go_type = self.types[self.type[number]] if rows.typed else None
        return rows.read(int(self.user_arena[number]), go_type, int(self.n[number]))

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
    @called
    def from_ops(cls, program: Iterable[Op]) -> Trace:
        """Return a program as a trace; `list(trace)` is the program again.

        >>> from arenalab.world.ops import Free, NewArena
        >>> [str(op) for op in Trace.from_ops([NewArena(0), Free(0)])]
        ['NewArena(user_arena=0)', 'Free(user_arena=0)']

        Raises:
            ScenarioError: naming the first operation that no row can say.

        """
        numbers: dict[GoType, int] = {}
        rows = [_row(position, op, numbers) for position, op in enumerate(ops.program(program))]
        columns = zip(*rows, strict=True) if rows else [()] * len(COLUMNS)
        arrays = [np.array(c, dtype=kind) for c, kind in zip(columns, COLUMNS.values(), strict=True)]
        return cls(tuple(numbers), *arrays)

    def __repr__(self) -> str:
        """Return its length in words."""
        return f"<Trace: {counted(len(self), 'operation')}, {counted(len(self.types), 'type')}>"


def _row(position: int, op: Any, numbers: dict[GoType, int]) -> tuple[int, int, int, int]:
    if isinstance(op, Begin | GoOn):
        raise ScenarioError(
            f"row {position}, {op}: a trace is main's goroutine's; Machine.take performs turns"
        )
    if not isinstance(op, Op) or op.in_trace is None:
        one = str(op) if isinstance(op, Op) else shown(op)
        raise ScenarioError(f"operation {position + 1}, {one}: a trace holds only {', '.join(KINDS)}")
    rows = _ROWS[op.in_trace.code]
    number, go_type, n = rows.row(op)
    if rows.read(number, go_type, n) != op:
        raise ScenarioError(
            f"operation {position + 1}, {op}: a trace's row can't say its last arguments; step it instead"
        )
    kind = 0 if go_type is None else numbers.setdefault(go_type, len(numbers))
    return op.in_trace.code, number, kind, n


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
        self.trace = trace  #: the whole program.
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

    def columns(self, start: int, stop: int) -> OpColumns:
        """Return the operations [start, stop), as far as they have begun, as the trace's own columns."""
        part, kinds = self.trace.window(start, min(stop, self._count)), tuple(map(ops.OPS.get, KINDS))
        return OpColumns(kinds, part.types, part.op, part.user_arena, part.type, part.n)  # type: ignore[arg-type]

    def held(self, first: int, last: int) -> tuple[Ints, dict[type[Op], dict[str, Any]]]:
        """Return the operations [first, last) as columns: the kind of each, and what those of each kind hold."""
        part = self.trace.window(first, last)
        codes = different(part.op)
        held = {
            ops.OPS[KINDS[code]]: _ROWS[code].held(part, np.flatnonzero(part.op == code))
            for code in codes.tolist()
        }
        return np.searchsorted(codes, part.op), held

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
