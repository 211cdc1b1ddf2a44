"""What-if's tables: what fills the chunks or size classes of one run, its line of heapLive, and what both come to.

What a run is made of is in `RunSummary`, which replay.what_if.Run answers; so this floor knows no machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from arenalab.go.rules import GoRules
from arenalab.units import counted, human
from arenalab.view.chunk_index import ChunkIndex
from arenalab.view.chunk_map import PAGE, chunk_page
from arenalab.view.columns import Column, View, text_column
from arenalab.world.history import History

POINTS = 480  #: of a line, at most.
ENDED = -1  #: in a line: the run had ended.
LEFT, RIGHT, NEITHER = "left", "right", ""


class RunSummary(Protocol):
    """What one run must tell."""

    rules: GoRules
    plain: bool
    recorded: bool
    operations: int
    history: History | None
    refused: dict[int, str]
    stopped: tuple[int, str] | None
    columns: dict[str, Column]
    rows: int  #: chunks or size classes at its end.

    def done(self, operations: int) -> int:
        """Return how many of so many operations were done."""

    def events(self, operations: int) -> int:
        """Return the events that had happened then."""

    def totals(self, operations: int) -> dict[str, int]:
        """Return what it comes to then."""

    def kept(self, operations: int) -> dict[int, int]:
        """Return the freed chunks that a pointer keeps, with the number of dead values in each."""

    def classes(self, operations: int) -> Sequence[Any]:
        """Return the rows of the heap's classes."""


@dataclass(frozen=True, eq=False)
class Bands(View):
    """What fills chunks, or spans of a size class, in bytes from the start of their row."""

    row: Column
    left: Column
    right: Column
    meaning: Column  #: a key of the theme.
    said: Column  #: the same in words.


@dataclass(frozen=True, eq=False)
class Rows(View):
    """One row per chunk or size class."""

    name: Column
    where: Column  #: the list it is on; how many spans.
    kept: Column  #: "kept by a pointer: 3,015 dead values", "" for most.


@dataclass(frozen=True, eq=False)
class Lines(View):
    """heap_live after some numbers of operations, −1 where a run had ended."""

    operations: Column
    left: Column
    right: Column


@dataclass(frozen=True, eq=False)
class Totals(View):
    """What both runs come to."""

    name: Column
    left: Column
    right: Column
    in_bytes: Column
    better: Column  #: "left", "right", or "" where they are equal or neither is better.


# bands


def chunk_bands(run: RunSummary, position: int, focus: int | None) -> tuple[Rows, Bands, int, int]:
    """Return one page of chunks."""
    scale = run.rules.chunk.stride
    if run.history is None:
        return NO_ROWS, NO_BANDS, scale, 0
    index = run.history.reader(ChunkIndex)
    index.refresh()
    chunks, blocks, there = chunk_page(index, run.events(position), focus=focus)
    first = int(chunks.chunk[0]) if len(chunks) else 0
    kept = run.kept(position)
    said = [f"kept by a pointer: {counted(kept[n], 'dead value')}" if n in kept else "" for n in chunks.chunk]
    rows = Rows(text_column([f"chunk {number}" for number in chunks.chunk]), chunks.list, text_column(said))
    bands = Bands(blocks.chunk - first, blocks.left, blocks.right, blocks.meaning, blocks.said)
    return rows, bands, scale, there - len(chunks)


def class_bands(run: RunSummary, position: int) -> tuple[Rows, Bands, int, int]:
    """Return the size classes that take the most, smallest values first."""
    every = [row for row in run.classes(position) if row.spans]
    largest = sorted(every, key=lambda row: row.live + row.garbage + row.free)[-PAGE:]
    shown = [row for row in every if row in largest]
    names = [f"{human(row.elem)}{'' if row.noscan else ' ptr'}" for row in shown]
    spans = text_column([f"{row.spans:,} span{'s' * (row.spans != 1)}" for row in shown])
    rows = Rows(text_column(names), spans, text_column([""] * len(shown)))
    parts = [part for number, row in enumerate(shown) for part in _parts(number, row)]
    row, left, right = (np.array([part[i] for part in parts], dtype=np.int64) for i in range(3))
    bands = Bands(row, left, right, text_column([p[3] for p in parts]), text_column([p[4] for p in parts]))
    return rows, bands, max([int(right.max()) if len(right) else 0, 1]), len(every) - len(shown)


def _parts(number: int, row: Any) -> list[tuple[int, int, int, str, str]]:
    """Return what fills the spans of one class."""
    kind = "pointer_free" if row.noscan else "pointerful"
    made, end = [], 0
    for meaning, nbytes, said in (
        (kind, row.live, "in use"),
        (f"{kind}_former", row.garbage, "garbage until the next sweep"),
        ("free", row.free, "free slots"),
        ("waste", row.tail, "wasted at the end of spans"),
    ):
        if nbytes:
            made.append((number, end, end + nbytes, meaning, f"{human(nbytes)} {said}"))
            end += nbytes
    return made


# numbers


def lines_of(left: RunSummary, right: RunSummary) -> Lines:
    """Return heapLive of both runs after each operation, thinned to `POINTS`."""
    operations = np.unique(np.linspace(0, left.operations, POINTS).astype(np.int64))
    return Lines(operations, *(_line(run, operations) for run in (left, right)))


def _line(run: RunSummary, operations: Column) -> Column:
    column = run.columns["heap_live"]
    there = np.minimum(operations, len(column) - 1)
    return np.where(operations < len(column), column[there], ENDED)


#: Key of a run's totals -> (name, in bytes, whether less is better).
TOTALS = {
    "cycles": ("GC cycles", False, True),
    "heap_live_peak": ("heap_live, highest", True, True),
    "in_use": ("mapped now", True, True),
    "in_use_peak": ("resident at most", True, True),
    "wasted": ("wasted so far", True, True),
    "chunks": ("chunks or spans", False, False),
    "kept_objects": ("values kept by pointers", False, True),
    "kept_bytes": ("bytes kept by pointers", True, True),
}


def totals_of(left: RunSummary, right: RunSummary, position: int) -> Totals:
    """Return what both runs come to after so many operations, and which is better off."""
    found = [run.totals(position) for run in (left, right)]
    ended = any(run.done(position) < position for run in (left, right))
    columns = [np.array([each[key] for key in TOTALS], dtype=np.int64) for each in found]
    better = [
        NEITHER if ended or not less or a == b else LEFT if a < b else RIGHT
        for a, b, (_, _, less) in zip(*(column.tolist() for column in columns), TOTALS.values(), strict=True)
    ]
    return Totals(
        text_column([name for name, _, _ in TOTALS.values()]), columns[0], columns[1],
        np.array([in_bytes for _, in_bytes, _ in TOTALS.values()], dtype=bool), text_column(better),
    )  # fmt: skip


NO_ROWS = Rows(*(text_column([]) for _ in range(3)))
NO_BANDS = Bands(*(np.zeros(0, dtype=np.int64) for _ in range(3)), *(text_column([]) for _ in range(2)))
