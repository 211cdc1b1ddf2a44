"""What-if: one program under two settings side by side, after the same number of operations.

What a run is made of is told by `Told`, which replay.what_if.Run answers; so this floor knows no machine.
Nothing here is compared with Go: a side says in words what stands behind its numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from arenalab.go.rules import GoRules
from arenalab.units import counted, human, plainly
from arenalab.view.chunk_index import ChunkIndex
from arenalab.view.chunk_map import PAGE, chunk_map
from arenalab.view.columns import Column, View, listing, text_column
from arenalab.view.reading import Reading, chunk_in_focus, reading
from arenalab.world.history import History

POINTS = 480  #: of a line, at most.
ENDED = -1  #: in a line: the run had ended.
LEFT, RIGHT, NEITHER = "left", "right", ""

RECORDED = "the run itself: nothing was done anew"
ANEW = "by the model's own rules (certified); Go can be set so, unverified"
NO_GO = "what-if only: by the model's own rules (certified); no Go can do it"
ORDINARY = "what-if only: bytes agree with real Go, cycles nearly; not certified"
GO_HAS = {"gogc", "build_mode"}  #: settings that Go itself has.


class Told(Protocol):
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
        """Return the rows of the ordinary heap's classes."""


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


@dataclass(frozen=True)
class Side:
    """One of the two runs."""

    title: str  #: what was chosen, in words.
    settings: str  #: every setting, in words.
    behind: str  #: what stands behind the numbers.
    trouble: str  #: what was refused, how it ended, what is not counted; "" when nothing is to be said.
    bad: bool  #: whether something was refused or it had ended.
    rows: Rows
    bands: Bands
    scale: int  #: bytes of a row's full width.
    more: int  #: rows that are not shown.

    def text(self) -> str:
        """Tell the side in words and numbers."""
        head = [self.title, f"  {self.settings}", f"  {self.behind}"]
        head += [f"  {self.trouble}"] if self.trouble else []
        row = self.bands.row
        bands = {"row": self.rows.name[row], "said": self.bands.said, "kept": self.rows.kept[row]}
        return "\n".join([*head, listing(bands)])


@dataclass(frozen=True)
class WhatIf:
    """All that the picture shows."""

    reading: Reading
    focus: int  #: the chunk in focus of the recorded run, −1 while there is none.
    position: int  #: operations done.
    operations: int  #: of the program.
    left: Side
    right: Side
    rows: int  #: rows of bands, the same for the whole history.
    lines: Lines
    totals: Totals

    def text(self) -> str:
        """Tell the picture in words and numbers."""
        columns = self.totals.columns()
        for side in (LEFT, RIGHT):
            pairs = zip(columns[side], columns["in_bytes"], strict=True)
            columns[side] = text_column([human(int(n)) if in_bytes else f"{n:,}" for n, in_bytes in pairs])
        columns["better"] = text_column([better or "–" for better in columns["better"]])
        del columns["in_bytes"]
        where = f"after {self.position} of {plainly(self.operations, 'operation')}"
        sides = f"left: {self.left.text()}\n\nright: {self.right.text()}"
        return "\n\n".join([self.reading.text(), sides, f"{where}\n{listing(columns)}"])


def what_if(
    moment: tuple[History, int, int | None],
    position: int,
    left: Told,
    right: Told,
    *,
    focus: int | None = None,
) -> WhatIf:
    """Return both runs after the same number of operations.

    Args:
        moment: the recorded history, the cursor in it, and the operation that led there.
        position: operations of the program that have begun.
        left: one run.
        right: the other.
        focus: chunk whose page is shown on both sides; None follows the events of each.

    """
    history = moment[0]
    there = focus if focus is not None else chunk_in_focus(history, moment[1]) if history.world.spans else -1
    sides = [_side(run, history.rules, position, focus) for run in (left, right)]
    return WhatIf(
        reading=reading(*moment), focus=there, position=position,
        operations=left.operations, left=sides[0], right=sides[1],
        rows=min(PAGE, max(1, left.rows, right.rows)), lines=_lines(left, right), totals=_totals(left, right, position),
    )  # fmt: skip


# words


def _side(run: Told, recorded: GoRules, position: int, focus: int | None) -> Side:
    rows, bands, scale, more = _classes(run, position) if run.plain else _chunks(run, position, focus)
    changed = [name for name, value in run.rules.settings().items() if getattr(recorded, name) != value]
    changed = [name for name in changed if not run.plain or name == "gogc"]
    words = settings_words(run.rules)
    title = ", ".join(words[name] for name in changed if name in words) or "as recorded"
    if run.plain:
        title = ", ".join(["no arenas: plain new and make", *([title] if changed else [])])
    bad = run.done(position) < position or any(number < position for number in run.refused)
    behind = RECORDED if run.recorded else ANEW if GO_HAS.issuperset(changed) else NO_GO
    return Side(
        title=title, settings=_all_settings(run, words), behind=ORDINARY if run.plain else behind,
        trouble=_trouble(run, position), bad=bad,
        rows=rows, bands=bands, scale=scale, more=more,
    )  # fmt: skip


def settings_words(rules: GoRules) -> dict[str, str]:
    """Say each setting in a few words."""
    return {
        "user_arena_chunk_bytes_max": f"chunks of {human(rules.user_arena_chunk_bytes_max)}",
        "max_alloc_fraction": f"over 1/{rules.max_alloc_fraction} to the heap",
        "reuse_order": f"reuse {rules.reuse_order}",
        "gogc": "GOGC=off" if rules.gogc < 0 else f"GOGC={rules.gogc}",
        "build_mode": f"{rules.build_mode} build",
    }


def _all_settings(run: Told, words: Mapping[str, str]) -> str:
    return (
        f"{words['gogc']}, size classes of Go {run.rules.version}" if run.plain else ", ".join(words.values())
    )


def _trouble(run: Told, position: int) -> str:
    if run.stopped is not None and run.stopped[0] < max(position, 1):
        return f"ended at operation {run.stopped[0] + 1}: {run.stopped[1]}"
    refused = [number for number in run.refused if number < position]
    if refused:
        count = f"{plainly(len(refused), 'operation')}"
        return f"{count} left out, the last at {refused[-1] + 1}: {run.refused[refused[-1]]}"
    on_heap = run.totals(position).get("on_heap", 0)
    return (
        f"{counted(on_heap, 'value')} on the heap: here a cycle frees them, and small ones weigh nothing"
        if on_heap
        else ""
    )


# bands


def _chunks(run: Told, position: int, focus: int | None) -> tuple[Rows, Bands, int, int]:
    """Return one page of chunks."""
    scale = run.rules.chunk.stride
    if run.history is None:
        return NO_ROWS, NO_BANDS, scale, 0
    index = run.history.reader(ChunkIndex)
    index.refresh()
    shown = chunk_map(index, run.events(position), focus=focus)
    chunks, blocks = shown.chunks, shown.blocks
    first = int(chunks.chunk[0]) if len(chunks) else 0
    kept = run.kept(position)
    said = [f"kept by a pointer: {counted(kept[n], 'dead value')}" if n in kept else "" for n in chunks.chunk]
    rows = Rows(text_column([f"chunk {number}" for number in chunks.chunk]), chunks.list, text_column(said))
    bands = Bands(blocks.chunk - first, blocks.left, blocks.right, blocks.meaning, blocks.said)
    return rows, bands, scale, shown.all_chunks - len(chunks)


def _classes(run: Told, position: int) -> tuple[Rows, Bands, int, int]:
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


def _lines(left: Told, right: Told) -> Lines:
    operations = np.unique(np.linspace(0, left.operations, POINTS).astype(np.int64))
    return Lines(operations, *(_line(run, operations) for run in (left, right)))


def _line(run: Told, operations: Column) -> Column:
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


def _totals(left: Told, right: Told, position: int) -> Totals:
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
