"""The operations of a history where runs of allocations are kept as columns, not one by one."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, MutableSequence, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from arenalab.codec.records import Stored
from arenalab.errors import ScenarioError
from arenalab.world.deferred import IntArray
from arenalab.world.ops import MakeSlice, New, Op

if TYPE_CHECKING:
    from arenalab.go.types import GoType


VALUES = (New, MakeSlice)  #: operations that ask for one value: what runs are made of.


class OpColumns(NamedTuple):
    """Some operations as equally long columns, where they are kept so."""

    kinds: tuple[type[Op], ...]  #: what the numbers of `kind` stand for.
    types: Sequence[GoType]  #: what the numbers of `type` stand for.
    kind: IntArray
    user_arena: IntArray  #: of an `Unhold` the global's number.
    type: IntArray  #: of no meaning where the operation has no type.
    n: IntArray  #: what else the operation says, by its kind; −1 of a `New`.


class RunOfOps(Sequence[Op]):
    """`count` operations, each made by `made` from its place among them when somebody looks at it."""

    __slots__ = ("_count", "_made")

    def __init__(self, count: int, made: Callable[[int], Op]) -> None:
        """Know how many there are and how one is made."""
        self._count, self._made = count, made

    def __len__(self) -> int:
        """Return how many there are."""
        return self._count

    def __getitem__(self, number: Any) -> Any:
        """Return an operation, or those of a slice as another run."""
        if isinstance(number, slice):
            places = range(self._count)[number]
            return RunOfOps(len(places), lambda at: self._made(places[at]))
        return self._made(range(self._count)[number])


class OnlyAdded(MutableSequence[Op]):
    """Operations that are added at the end, and of which only the last is ever taken back."""

    __slots__ = ()

    def _only_last(self, number: Any) -> None:
        """Refuse to take back any but the last."""
        if number not in (-1, len(self) - 1):
            raise ScenarioError("only the last operation can be taken back")

    def __setitem__(self, number: Any, value: Any) -> None:
        """Refuse: what was asked stays asked."""
        raise ScenarioError("an operation that has begun can't be replaced")

    def __eq__(self, other: object) -> bool:
        """Compare with any sequence of operations."""
        if not isinstance(other, Sequence):
            return NotImplemented
        return len(self) == len(other) and all(a == b for a, b in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]  # it grows


class ManyOps(OnlyAdded):
    """Operations in their order; what is added as a `RunOfOps` stays one."""

    __slots__ = ("_count", "_parts", "_starts")

    def __init__(self) -> None:
        """Start empty."""
        self._count = 0
        self._starts: list[int] = []  #: number of the first operation of each part.
        self._parts: list[RunOfOps | list[Op]] = []

    def __len__(self) -> int:
        """Return how many operations there are."""
        return self._count

    def __getitem__(self, number: Any) -> Any:
        """Return an operation, or those of a slice as a list."""
        if isinstance(number, slice):
            return [self[at] for at in range(*number.indices(self._count))]
        at = range(self._count)[number]
        part = bisect_right(self._starts, at) - 1
        return self._parts[part][at - self._starts[part]]

    def one_by_one(self, first: int = 0) -> Iterator[tuple[int, Op]]:
        """Walk through the operations that are in no run, from number `first` on: (number, operation)."""
        for start, part in zip(self._starts, self._parts, strict=True):
            if not isinstance(part, RunOfOps) and start + len(part) > first:
                yield from ((at, op) for at, op in enumerate(part, start) if at >= first)

    def parts(self, first: int = 0) -> Iterator[tuple[int, Sequence[Op]]]:
        """Walk through what it is made of from operation `first` on: (number of the first, runs and lists of them)."""
        for start, part in zip(self._starts, self._parts, strict=True):
            if (skipped := max(first - start, 0)) < len(part):
                yield start + skipped, part[skipped:]

    def insert(self, index: int, value: Op) -> None:
        """Add an operation at the end."""
        if index < self._count:
            raise ScenarioError("operations are only ever added at the end")
        if not self._parts or isinstance(self._parts[-1], RunOfOps):
            self._starts.append(self._count)
            self._parts.append([])
        self._parts[-1].append(value)  # type: ignore[union-attr]  # a list by now
        self._count += 1

    def append(self, value: Op) -> None:
        """Add an operation at the end."""
        self.insert(self._count, value)

    def extend(self, values: Iterable[Op]) -> None:
        """Add operations at the end."""
        if isinstance(values, RunOfOps):
            if len(values):
                self._starts.append(self._count)
                self._parts.append(values)
                self._count += len(values)
            return
        for value in values:
            self.append(value)

    def __delitem__(self, number: Any) -> None:
        """Take the last operation back."""
        self._only_last(number)
        self._parts[-1] = self._parts[-1][:-1]
        self._count -= 1
        if not len(self._parts[-1]):
            self._parts.pop()
            self._starts.pop()


class StoredOps(Stored[Op]):
    """Operations in a file, made when somebody looks."""

    def one_by_one(self, first: int = 0) -> Iterator[tuple[int, Op]]:
        """Walk through the operations that ask for no single value, from number `first` on: (number, operation)."""
        values = [number for number, kind in enumerate(self.records.kinds) if kind in VALUES]
        order = self.records.order[first : self.kept]
        for at in (first + np.flatnonzero(np.isin(order, values, invert=True))).tolist():
            yield at, self[at]
        yield from ((at, self[at]) for at in range(max(first, self.kept), len(self)))


def one_by_one(ops: Sequence[Op], first: int = 0) -> Iterator[tuple[int, Op]]:
    """Walk through operations from number `first` on, without the allocations that are kept as columns."""
    if isinstance(ops, ManyOps | StoredOps):
        return ops.one_by_one(first)
    return ((at, ops[at]) for at in range(first, len(ops)))
