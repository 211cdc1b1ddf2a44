"""Synthetic programs with a seed: what Go services do with arenas, as traces of any length.

Rules: the same name, length and seed give the same trace; every operation is one that a
Go program could perform, so that real Go can be timed on the very same rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from arenalab.asked import called
from arenalab.errors import ScenarioError, shown
from arenalab.go.type_layout import FieldSpec, TypeLayout
from arenalab.go.types import GoType
from arenalab.go.versions import GO_NEWEST
from arenalab.replay.trace import BLOCK, CODES, NEW, SINGLE, SLICE, Trace

Ints = npt.NDArray[Any]

RARE_EVERY = 10_000  #: in "mixed": values between two rare operations.


@dataclass(frozen=True, slots=True)
class Workload:
    """What a workload's arenas are filled with, and how they follow each other."""

    about: str  #: one sentence.
    types: tuple[int, ...]  #: positions in `workload_types()`, all equally likely.
    values: int  #: values of one arena, on average (they vary by half).
    arenas_per_cycle: int  #: arenas between two `runtime.GC()`.
    slice_share: float = 0.0  #: part of the values that are slices.
    longest_slice: int = 1  #: elements of the longest slice.


@cache
def workload_types() -> tuple[GoType, ...]:
    """Return the types of all workloads: pointer-free and pointerful, 1 to 4,096 bytes."""
    lay = TypeLayout(GO_NEWEST)  # a replay lays them out under its own rules
    pointer, text, word = lay.pointer_shaped("*int", "ptr"), lay.basic("string"), lay.basic("int")
    pair = lay.struct("struct{ next *int; val int }", [FieldSpec("next", pointer), FieldSpec("val", word)])
    flagged = lay.struct(
        "struct{ a bool; b string }", [FieldSpec("a", lay.basic("bool")), FieldSpec("b", text)]
    )
    entry = lay.struct(
        "struct{ k string; v any }", [FieldSpec("k", text), FieldSpec("v", lay.interface("any"))]
    )
    node = lay.struct(
        "struct{ l *int; r *int; k int }",
        [FieldSpec("l", pointer), FieldSpec("r", pointer), FieldSpec("k", word)],
    )
    return (
        *(lay.basic(name) for name in ("bool", "int16", "int32", "int64", "string")),
        lay.slice("[]byte"),
        pointer,
        lay.array("[3]uint16", lay.basic("uint16"), 3),
        lay.basic("complex128"),
        pair,
        flagged,
        lay.array("[16]*int", pointer, 16),
        lay.array("[4]struct{ k string; v any }", entry, 4),
        node,
        lay.basic("byte"),
        lay.array("[512]*int", pointer, 512),
        lay.array("[4096]byte", lay.basic("byte"), 4096),
    )


MIXED = tuple(range(13))
WORKLOADS: dict[str, Workload] = {
    "mixed": Workload(
        "thirteen types in eight arenas at once, one rare operation in 10,000", MIXED, 80_000, 8
    ),
    "request-response": Workload(
        "one arena a request, some hundred values, freed with it", (4, 5, 6, 9, 10, 14), 300, 200, 0.2, 600
    ),
    "large-requests": Workload(
        "one arena a request, hundreds of pages and texts: a chunk does for two or three",
        (4, 9, 16, 15, 14),
        400,
        50,
        0.3,
        16,
    ),
    "batch-decode": Workload(
        "one arena a batch, twenty thousand records and their texts",
        (3, 4, 5, 9, 10, 14),
        20_000,
        10,
        0.3,
        64,
    ),
    "tree-build": Workload("one arena, a tree of small nodes and their keys", (13, 13, 13, 4), 1_000_000, 1),
    "many-small-arenas": Workload("arenas of about a dozen values each", (4, 9, 3, 10), 12, 400),
    "few-giant-arenas": Workload(
        "arenas of half a million values, pages and tables among them",
        (9, 11, 15, 16, 14),
        500_000,
        1,
        0.1,
        32,
    ),
}


@called
def workload(name: str, operations: int, *, seed: int = 1) -> Trace:
    """Return a workload of so many operations as one trace.

    Raises:
        ScenarioError: there is no such workload, or no operations are asked for.

    """
    return next(workload_pieces(name, operations, seed=seed, piece=operations))


def workload_pieces(name: str, operations: int, *, seed: int = 1, piece: int = BLOCK) -> Iterator[Trace]:
    """Return a workload as traces that follow each other, for programs too long to be in memory at once.

    Args:
        name: one of `WORKLOADS`.
        operations: rows in all.
        seed: which of the programs of this kind.
        piece: rows of a trace; another value makes another program.

    Raises:
        ScenarioError: there is no such workload, or no operations are asked for.

    """
    if name not in WORKLOADS:
        raise ScenarioError(f"there is no workload {shown(name)}; there is {', '.join(WORKLOADS)}")
    if operations < 1 or piece < 1:
        raise ScenarioError(f"{operations} operations in pieces of {piece}; both must be 1 or more")
    maker = _Lanes(seed) if name == "mixed" else _Sessions(WORKLOADS[name], seed)
    return _pieces(maker, operations, piece)


def _pieces(maker: _Lanes | _Sessions, operations: int, piece: int) -> Iterator[Trace]:
    done = 0
    while done < operations:
        rows = min(piece, operations - done)
        columns = maker.rows(rows)
        yield Trace(workload_types(), *columns)
        done += rows


class _Sessions:
    """Arenas one after the other: made, filled, freed; now and then a collection."""

    def __init__(self, kind: Workload, seed: int) -> None:
        self.kind, self.rng = kind, np.random.default_rng(seed)
        self.made = 0
        self.left: tuple[Ints, ...] | None = None  # rows made and not yet handed out

    def rows(self, count: int) -> tuple[Ints, ...]:
        """Return the next rows as columns."""
        parts = [] if self.left is None else [self.left]
        have = sum(len(part[0]) for part in parts)
        while have < count:
            parts.append(self._sessions(1 + (count - have) // self.kind.values))
            have += len(parts[-1][0])
        columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
        self.left = tuple(column[count:] for column in columns)
        return tuple(column[:count] for column in columns)

    def _sessions(self, arenas: int) -> tuple[Ints, ...]:
        kind, rng = self.kind, self.rng
        low, high = max(1, kind.values // 2), kind.values + kind.values // 2
        numbers = np.arange(self.made, self.made + arenas)
        collects = (numbers + 1) % kind.arenas_per_cycle == 0
        lengths = rng.integers(low, high + 1, arenas) + 2 + collects
        ends = lengths.cumsum()
        self.made += arenas
        op, number = np.full(ends[-1], NEW, np.uint8), numbers.repeat(lengths).astype(np.int32)
        types = np.array(kind.types, dtype=np.uint16).take(rng.integers(0, len(kind.types), ends[-1]))
        n = np.full(ends[-1], SINGLE, np.int64)
        if kind.slice_share:
            slices = rng.random(ends[-1]) < kind.slice_share
            op[slices] = SLICE
            n[slices] = rng.integers(1, kind.longest_slice + 1, int(slices.sum()))
        frees = ends - 1 - collects
        for rows, name in ((ends - lengths, "new_arena"), (frees, "free"), (ends[collects] - 1, "gc")):
            op[rows], types[rows], n[rows] = CODES[name], 0, 0
        number[ends[collects] - 1] = 0
        return op, number, types, n


class _Lanes:
    """Eight arenas filled at once; each so often a rare operation."""

    LANES = 8

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.numbers = np.arange(self.LANES, dtype=np.int32)
        self.made = self.row = 0
        self.pending: list[tuple[int, int, int]] = [
            (CODES["new_arena"], lane, 0) for lane in range(self.LANES)
        ]

    def rows(self, count: int) -> tuple[Ints, ...]:
        """Return the next rows as columns."""
        rng = self.rng
        op, n = np.full(count, NEW, np.uint8), np.full(count, SINGLE, np.int64)
        number = np.empty(count, np.int32)
        types = rng.integers(0, len(MIXED), count).astype(np.uint16)
        lanes = rng.integers(0, self.LANES, count)
        at = 0
        while at < count:
            stop = min(count, at + RARE_EVERY - (self.row + at) % RARE_EVERY)
            if (self.row + at) % RARE_EVERY == 0 and not self.pending:
                self.pending = self._rare()
            number[at:stop] = self.numbers.take(lanes[at:stop])
            for row in range(at, min(stop, at + len(self.pending))):
                op[row], number[row], n[row] = self.pending.pop(0)
                types[row] = 0
            at = stop
        self.row += count
        return op, number, types, n

    def _rare(self) -> list[tuple[int, int, int]]:
        """Return the next rare operation, as rows: usually one, two where an arena makes room for another."""
        lane, other = (int(lane) for lane in self.rng.integers(0, self.LANES, 2))
        choice = int(self.rng.integers(0, 10))
        if choice < 4:
            return [(CODES["hold"], int(self.numbers[lane]), int(self.rng.integers(0, 4)))]
        if choice < 6:
            return [(CODES["link"], int(self.numbers[lane]), int(self.numbers[other]))]
        if choice < 9:
            self.made += 1
            old, self.numbers[lane] = int(self.numbers[lane]), self.LANES + self.made - 1
            return [(CODES["free"], old, 0), (CODES["new_arena"], int(self.numbers[lane]), 0)]
        return [(CODES["gc"], 0, 0)]
