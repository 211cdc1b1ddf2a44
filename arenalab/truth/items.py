"""What a recording consists of: operations with what Go reported, their later parts, runs of values, snapshots."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from arenalab.codec.lines import row_of
from arenalab.go.types import GoType
from arenalab.truth.packed import NO_SITE, SINGLE, Row, Values
from arenalab.world import ops
from arenalab.world.actors import MAIN
from arenalab.world.many_ops import RunOfOps
from arenalab.world.ops import Op


@dataclass(slots=True)
class Step:
    """One operation of the run: what was asked and what Go reported. Not frozen, as events: a third of the time."""

    line: int  #: line of the file, from 1.
    index: int  #: number of the operation.
    op: Op
    seen: dict[str, Any]  #: the whole row.
    goroutine: int = MAIN
    until: str = ""  #: the point at which others overtook it, "" where none did.


@dataclass(frozen=True, slots=True)
class GoesOn:
    """A goroutine goes on with the operation that it is within."""

    line: int
    goroutine: int
    until: str = ""  #: the point at which others overtook it again, "" for its end.


@dataclass(frozen=True, slots=True)
class ValueRun:
    """Values of one user arena, goroutine and chunk in turn, an operation each."""

    line: int
    index: int  #: number of the first one.
    goroutine: int
    user_arena: int
    chunk: int
    base: int  #: the chunk's address.
    types: Sequence[GoType]  #: the recording's.
    values: Values

    def __len__(self) -> int:
        """Return how many values there are."""
        return len(self.values.types)

    @property
    def ops(self) -> RunOfOps:
        """Return the operations."""
        return RunOfOps(len(self), self._op)

    def _op(self, number: int) -> Op:
        go_type, cap = self.types[int(self.values.types[number])], int(self.values.caps[number])
        if cap == SINGLE:
            return ops.New(self.user_arena, go_type)
        return ops.MakeSlice(self.user_arena, go_type, cap)

    def step(self, number: int) -> Step:
        """Return one of the operations with what Go reported of it."""
        row = {"i": self.index + number, "arena": self.user_arena, "chunk": self.chunk, "base": self.base}
        row |= {"g": self.goroutine} if self.goroutine != MAIN else {}
        seen = single_row(row, self.values, number)
        return Step(self.line, self.index + number, self._op(number), seen, self.goroutine)

    def steps(self) -> Iterator[Step]:
        """Return all of them."""
        return (self.step(number) for number in range(len(self)))


@dataclass(frozen=True, slots=True)
class Snap:
    """One snapshot of the runtime's internals: by far the largest rows, so each is kept as the text that it is."""

    line: int
    after: int  #: number of the operation before it.
    text: str  #: its line, which was read once and is a row.

    @property
    def seen(self) -> dict[str, Any]:
        """The row, read from its text each time."""
        return row_of(self.text)


Item = Step | GoesOn | ValueRun | Snap


def single_row(run: Row, values: Values, number: int) -> Row:
    """Return one value of a run as a row of its own: `new` or `slice`, with its place."""
    type_, cap, offset = (int(column[number]) for column in values[:3])
    row = {
        "i": run["i"],
        "op": (ops.New if cap == SINGLE else ops.MakeSlice).name,
        "arena": run["arena"],
        "type": type_,
    }
    row |= {} if cap == SINGLE else {"cap": cap}
    row |= {"at": "chunk", "chunk": run["chunk"], "base": hex(run["base"]), "off": offset}
    site = int(values.sites[number]) if len(values.sites) else NO_SITE
    row |= {} if site == NO_SITE else {"site": site}
    return row | {key: run[key] for key in ("g", "until") if key in run}
