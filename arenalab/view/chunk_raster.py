"""The raster of a chunk: one cell per word of 8 bytes, however many objects there are.

Rules:
1. Nothing is merged: each word says what it holds. Of several objects in one word it names the one
   that was allocated first; a word of which an object takes any byte belongs to the object.
2. A class is twice the number of its meaning, plus 0 or 1 by turns for neighbouring objects.
3. `runs` of two rasters turn the first into the second.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from arenalab.go.rules import BITMAP
from arenalab.units import counted, hex_addr, human
from arenalab.view.acting import asked
from arenalab.view.calls import call_of
from arenalab.view.chunk_index import ChunkIndex, Run
from arenalab.view.chunk_life import WORD, life_of
from arenalab.view.chunk_state import DEAD, SAID, ChunkState, Stretch
from arenalab.view.colouring import Colouring
from arenalab.view.columns import Column, brief, listing, text_column
from arenalab.view.windows import Part

COLUMNS = 1024  #: cells in a line.
#: What lies between objects: keys of the theme, the first numbers of every raster.
GROUND = ("free", "waste", "padding", "red_zone", "reserve", "dead", "address_space")


@dataclass(frozen=True, eq=False)
class Raster:
    """One cell per word, and what the cells mean."""

    what: str  #: of what it is, for those who cannot see it: "chunk 3".
    base: int  #: address of the first word.
    words: Column  #: uint8: the class of each word.
    keys: tuple[str, ...]  #: class // 2 -> key of the theme.
    said: tuple[str, ...]  #: class // 2 -> what it stands for, in words.
    by: str  #: one of `colouring.COLOURINGS`.
    now: tuple[Part, ...]  #: words (first, end) that the current operation took.
    columns: int = COLUMNS  #: cells in a line.
    cell: str = "word"  #: what a cell stands for,
    cell_bytes: int = WORD  #: and how large that is.
    ground: int = len(GROUND)  #: so many of the first meanings are no objects.
    short: str = ""  #: a heading where the usual one is too long.
    ruled: bool = False  #: whether lines part the cells where there is room.
    starts: tuple[
        Part, ...
    ] = ()  #: (cell, its address) where addresses go on otherwise; from `base` without any.

    def title(self) -> str:
        """Describe what it is and what its colours tell."""
        return f"{self.what} by {self.by}" if self.by else self.what

    def heading(self) -> str:
        """Describe also how many cells there are and what one is."""
        if self.short:
            return self.short
        cells = counted(len(self.words), self.cell)
        return f"{self.title()}: {cells} of {counted(self.cell_bytes, 'byte')}, a cell each"

    @cached_property
    def counts(self) -> Column:
        """Return how many words each meaning has."""
        counts: Column = np.bincount(self.words // 2, minlength=len(self.keys))
        return counts

    def legend(self) -> list[tuple[str, str]]:
        """Return (key, words) of each colour that objects may have."""
        pairs = zip(self.keys[self.ground :], self.said[self.ground :], strict=True)
        return [(key, said) for key, said in pairs if said]

    def in_words(self, keys: Column) -> Column:
        """Return what each key of a column stands for."""
        words = dict(zip(self.keys, self.said, strict=True))
        return text_column([brief(words[key], 40) for key in keys])

    def text(self) -> str:
        """Describe what the colours mean and how much of the chunk each takes."""
        there = np.flatnonzero(self.counts)
        if not len(there):
            return ""
        size = text_column([human(int(self.counts[number]) * self.cell_bytes) for number in there])
        said = text_column([self.said[number] for number in there])
        table = listing({f"{self.cell}s": self.counts[there], "size": size, "colour": said})
        return f"{self.cell}s of {self.what} by {self.by}\n{table}"

    def means(self) -> tuple[object, ...]:
        """Return all that decides what a cell looks like and means."""
        cells = self.columns, self.cell, self.cell_bytes, len(self.words)
        return self.what, self.short, self.base, self.by, self.keys, self.said, self.starts, *cells

    def __eq__(self, other: object) -> bool:
        """Compare what is seen and what is said of it."""
        if not isinstance(other, Raster):
            return NotImplemented
        return (
            self.means() == other.means()
            and self.now == other.now
            and np.array_equal(self.words, other.words)
        )

    __hash__ = None  # type: ignore[assignment]  # arrays have no hash


NO_RASTER = Raster(
    "no chunk", 0, np.zeros(0, dtype=np.uint8), GROUND, tuple(SAID[key] for key in GROUND), "", ()
)


def chunk_raster(index: ChunkIndex, its: ChunkState, colours: Colouring, op: int) -> Raster:
    """Return the raster of a chunk at a moment.

    Args:
        index: of the history.
        its: the chunk at that moment.
        colours: how its objects are coloured.
        op: the current operation.

    """
    words = _ground(its)
    if its.filled:
        _paint_objects(words, index, its, colours)
    return Raster(
        what=f"chunk {its.chunk}",
        base=its.span.base,
        words=words,
        keys=GROUND + colours.keys,
        said=tuple(SAID[key] for key in GROUND) + colours.said,
        by=colours.by,
        now=tuple(_made(index, its, op)),
    )


def _ground(its: ChunkState) -> Column:
    """Return the classes of a chunk's words as if there were no objects."""
    front, back, end = (-(-edge // WORD) for edge in its.edges)
    if its.condition == DEAD:
        front, back = 0, end
    words = np.full(its.size // WORD, 2 * GROUND.index("padding"), dtype=np.uint8)
    words[front:back] = 2 * GROUND.index(its.middle)
    for stretch in its.tail:
        words[stretch.left // WORD : stretch.right // WORD] = 2 * GROUND.index(stretch.meaning)
    return words


def _paint_objects(words: Column, index: ChunkIndex, its: ChunkState, colours: Colouring) -> None:
    life, now = life_of(index, its), its.world.ledger.count
    for part, pointerful in ((slice(0, life.low), True), (slice(life.high, None), False)):
        row = life.row[part]
        if its.condition == DEAD:
            number = np.full(len(row), GROUND.index("dead"), dtype=np.uint8)
        else:
            number = colours.numbers(row, life.type[part], life.user_arena[part], pointerful)
            number = number + np.uint8(len(GROUND))
        np.copyto(words[part], 2 * number + life.shade[part], where=row < now)


def _made(index: ChunkIndex, its: ChunkState, op: int) -> list[Part]:
    """Return the words in which an operation made objects, at either end."""
    since, found = index.first_row_of(op), []
    for run in its.held:
        first, last = run.made_since(since)
        if last > first:
            found.append((int(run.left[first]) // WORD, -(-int(run.right[last - 1]) // WORD)))
    return found


def runs(old: Column, new: Column) -> Column:
    """Return what turns one raster into another: uint32 (first word, words, class) of each changed stretch."""
    changed = np.flatnonzero(old != new)
    classes = new[changed]
    starts = np.flatnonzero(
        np.concatenate(([True], np.logical_or(np.diff(changed) > 1, classes[1:] != classes[:-1])))
    )[: len(changed)]
    lengths = np.diff(np.append(starts, len(changed)))
    return np.stack((changed[starts], lengths, classes[starts]), axis=1).astype(np.uint32).ravel()


def word_said(index: ChunkIndex, its: ChunkState, word: int) -> tuple[str, Part]:
    """Describe exactly what a word holds, and which bytes of the chunk that is.

    Args:
        index: of the history.
        its: the chunk at the moment looked at.
        word: number of the word in the chunk.

    """
    left, right = word * WORD, (word + 1) * WORD
    for run in its.held:
        there = run.reaching_into(left, right)
        first, last = there.start, there.stop
        if last > first:
            one = first if run.pointerful else last - 1
            return _object_said(index, its, run, one, last - first - 1), (
                int(run.left[one]),
                int(run.right[one]),
            )
    for stretch in its.tail:
        if stretch.left <= left < stretch.right and stretch.meaning == "reserve":
            return _reserve_said(its, stretch, left), (stretch.left, stretch.right)
    return "", (left, right)


def _reserve_said(its: ChunkState, stretch: Stretch, offset: int) -> str:
    """Describe what the runtime keeps in a word of the chunk's end."""
    here = f"{counted(stretch.right - stretch.left, 'byte')} at {hex_addr(its.span.base + stretch.left)}"
    lines = [stretch.said, f"{here}, offset {stretch.left:,}"]
    at, rules = (offset - stretch.left) // its.world.rules.ptr_size, its.world.rules
    if stretch.left == rules.chunk.at(BITMAP):
        lines.append(f"here bitmap word {at:,}: {its.world.bits.word(its.chunk, at):#018x}")
    else:
        lines.append(f"PtrBytes {its.world.scan_limits.ptr_bytes(its.chunk):,}")
    return "\n".join(lines)


def _object_said(index: ChunkIndex, its: ChunkState, run: Run, one: int, others: int) -> str:
    """Describe what an object is, where it lies, who made it, and how many more share its word."""
    row, left, right = int(run.rows_at(np.array([one]))[0]), int(run.left[one]), int(run.right[one])
    made, cap = index.history.log.op_of_row(row), int(run.of("cap", one))
    expr, by = its.world.types[int(run.of("type", one))].expr, asked(index.history, made)
    lines = [
        brief(expr if cap < 0 else f"{cap} × {expr}"),
        f"{counted(right - left, 'byte')} at {hex_addr(its.span.base + left)}, offset {left:,}",
        f"arena {int(run.of('user_arena', one))}, operation {made + 1:,}{by}: {call_of(index.history.ops[made])}",
    ]
    return "\n".join([*lines, f"and {others} more in this word"] if others else lines)
