"""The chunk map: which chunks there are, on which list, and what fills them from both ends.

Follows userArena, mspan.userArenaChunkFree and the chunk lists of arena.go, Go 1.21 to 1.27.
A picture shows one page of chunks, and the inside of the chunk in focus. However many objects
there are, at most a few thousand rows come out: where more would be seen, neighbours are merged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from arenalab.go.rules import ChunkLayout
from arenalab.units import hex_addr, human
from arenalab.view.acting import made_column
from arenalab.view.chunk_index import ChunkIndex, Contents
from arenalab.view.chunk_inside import ChunkBlocks, ChunkObjects, Look, chunk_objects, padding_of
from arenalab.view.chunk_raster import NO_RASTER, Raster, chunk_raster
from arenalab.view.chunk_state import DEAD, NOBODY, SAID, USABLE, ChunkState, for_objects
from arenalab.view.colouring import DIRECTION, colouring
from arenalab.view.columns import Column, View, brief, listing, text_column
from arenalab.view.reading import Reading, chunk_in_focus, reading
from arenalab.view.windows import BOTH_ENDS, Part, Window, fitted_window
from arenalab.world.history import History
from arenalab.world.state import World

PAGE = 12  #: chunks shown at a time.


@dataclass(frozen=True, eq=False)
class ChunkRows(View):
    """One row per chunk."""

    chunk: Column  #: its number.
    base: Column  #: address, as text.
    list: Column  #: active, full, reuse, fault, quarantine, ready, "in transit".
    user_arena: Column  #: whose it is now, −1 for nobody's.
    made: Column  #: who made that arena, and where in the program; "" where the run does not say.
    condition: Column  #: "usable", "being obtained", "set to fault", "address space".
    objects: Column  #: how many it holds.
    front: Column  #: bytes taken from the low end, padding included.
    back: Column  #: bytes taken from the high end.
    free: Column  #: bytes between the two.
    waste: Column  #: the same where nobody can use them any more, else 0.
    focus: Column  #: whether its inside is shown.


@dataclass(frozen=True)
class ChunkMap:
    """All that the chunk map's picture shows."""

    reading: Reading  #: where in the history it is, in words.
    chunks: ChunkRows  #: one page of chunks.
    blocks: ChunkBlocks  #: what fills them.
    objects: ChunkObjects  #: inside the chunk in focus, as far as the window shows.
    gaps: ChunkBlocks  #: what lies between the objects.
    focus: int  #: number of the chunk in focus, −1 while there is no chunk.
    layout: ChunkLayout  #: how large a chunk is, and what of it objects may take.
    all_chunks: int  #: how many chunks there are, shown or not.
    rows: int  #: rows of a page: as many as the whole history needs, so that pictures keep their height.
    page: int  #: number of the page.
    used: int  #: chunks that the whole history ever obtains; those behind them stay mere addresses.
    window: Window  #: the two parts of the chunk in focus that are shown.
    raster: Raster  #: each word of the chunk in focus.

    @property
    def chunk_bytes(self) -> int:
        """From one chunk's base to the next one's."""
        return self.layout.stride

    def text(self) -> str:
        """Return the picture as text, with its numbers."""
        parts = [self.reading.text(), self._chunks_text(), self._inside_text(), self.raster.text()]
        return "\n\n".join(part for part in parts if part)

    def _chunks_text(self) -> str:
        if not len(self.chunks):
            return "no chunk yet"
        first, last = int(self.chunks.chunk[0]), int(self.chunks.chunk[-1])
        head = f"chunks {first}–{last} of {self.all_chunks}, {human(self.chunk_bytes)} each{for_objects(self.layout)}"
        return f"{head}\n{listing(_chosen(self.chunks, CHUNK_COLUMNS))}"

    def _inside_text(self) -> str:
        if not len(self.objects):
            return ""
        columns = _chosen(self.objects, OBJECT_COLUMNS)
        if self.raster.by != DIRECTION:
            columns["meaning"] = self.raster.in_words(columns["meaning"])
        return f"inside chunk {self.focus}, offsets in bytes\n{listing(columns)}"


CHUNK_COLUMNS = (
    "chunk",
    "base",
    "list",
    "user_arena",
    "made",
    "condition",
    "objects",
    "front",
    "back",
    "free",
    "waste",
)
OBJECT_COLUMNS = ("left", "right", "size", "count", "type", "meaning", "operation", "by", "current")


def _chosen(view: View, names: tuple[str, ...]) -> dict[str, Column]:
    """Return some columns for a text: operations count from 1, nobody is a dash, long types are cut."""
    columns = view.columns()
    columns = {name: columns["op"] + 1 if name == "operation" else columns[name] for name in names}
    if "user_arena" in columns:
        columns["user_arena"] = text_column(["–" if x == NOBODY else str(x) for x in columns["user_arena"]])
    if "type" in columns:
        columns["type"] = text_column([brief(text, 40) for text in columns["type"]])
    return columns


def chunk_map(
    index: ChunkIndex, at: int, *, focus: int | None = None, window: Window | None = None,
    fit: str = BOTH_ENDS, op: int | None = None, colour: str = DIRECTION,
) -> ChunkMap:  # fmt: skip
    """Return the chunk map after `at` events.

    Args:
        index: of the history that is looked at.
        at: how many events have happened.
        focus: chunk to look into; None follows the events. One that does not exist yet gives an empty inside.
        window: the part of it to look at; None chooses it by `fit`.
        fit: one of `windows.WINDOWS`.
        op: the operation that led here, when it made no event of its own.
        colour: what tells objects apart, one of `COLOURINGS`.

    """
    history = index.history
    world, where = history.at(at), reading(history, at, op)
    chunk = chunk_in_focus(history, at) if focus is None else focus
    rows = _rows_of_page(history)
    page = _page_with(index, world, chunk)
    there = 0 <= chunk < len(world.spans)
    if window is None:
        window = page.window(chunk, fit, where.op)
    inside = page.inside(chunk, window, where.op, colour) if there else NO_INSIDE
    return ChunkMap(
        reading=where,
        chunks=page.rows(chunk),
        blocks=page.blocks(),
        **inside._asdict(),
        focus=chunk if there else -1,
        layout=world.rules.chunk,
        all_chunks=len(world.spans),
        rows=rows,
        page=chunk // rows,
        used=_used(history.world, -1 if focus is None else focus),
        window=window,
    )


def _rows_of_page(history: History) -> int:
    """Return how many chunks a page has at most: as many as the whole history needs."""
    return min(PAGE, max(1, len(history.world.spans)))


def _page_with(index: ChunkIndex, world: World, chunk: int) -> _Page:
    rows = _rows_of_page(index.history)
    first = chunk // rows * rows
    return _Page(index, world, range(first, min(first + rows, len(world.spans))))


class ChunkPage(NamedTuple):
    """What a chunk map says of a page of chunks, without the inside of one."""

    chunks: ChunkRows  #: the chunks of the page.
    blocks: ChunkBlocks  #: what fills them.
    all_chunks: int  #: how many chunks there are, shown or not.


def chunk_page(index: ChunkIndex, at: int, *, focus: int | None = None) -> ChunkPage:
    """Return the page of a chunk map after `at` events: that of a chunk, with None of the one that events are about."""
    history = index.history
    world, chunk = history.at(at), chunk_in_focus(history, at) if focus is None else focus
    page = _page_with(index, world, chunk)
    return ChunkPage(page.rows(chunk), page.blocks(), len(world.spans))


def _used(world: World, focus: int) -> int:
    """Return how many chunks, from the first on, were ever obtained or are asked for; one at least."""
    return max(max(world.births, default=0), min(focus, len(world.spans) - 1)) + 1


class Inside(NamedTuple):
    """What is seen of the chunk in focus."""

    objects: ChunkObjects  #: those in the two parts that are shown.
    gaps: ChunkBlocks  #: what lies between them.
    raster: Raster  #: each word of the chunk.


class _Page:
    """Some chunks of a World, with what they hold."""

    def __init__(self, index: ChunkIndex, world: World, chunks: range) -> None:
        self.index, self.world, self.chunks = index, world, chunks
        self.size = world.rules.chunk.stride
        self.states = {chunk: ChunkState(index, world, chunk) for chunk in chunks}

    def rows(self, focus: int) -> ChunkRows:
        states = list(self.states.values())
        front, back, end = (np.array([its.edges[i] for its in states], dtype=np.int64) for i in range(3))
        wasted = np.array([its.middle == "waste" for its in states], dtype=bool)
        return ChunkRows(
            chunk=np.array(list(self.chunks), dtype=np.int64),
            base=text_column([hex_addr(its.span.base) for its in states]),
            list=text_column([its.list for its in states]),
            user_arena=np.array([its.owner for its in states], dtype=np.int64),
            made=made_column(self.index.history, [its.owner for its in states]),
            condition=text_column([its.condition for its in states]),
            objects=np.array([its.held.objects for its in states], dtype=np.int64),
            front=front,
            back=end - back,
            free=back - front,
            waste=(back - front) * wasted,
            focus=np.array([c == focus for c in self.chunks], dtype=bool),
        )

    def blocks(self) -> ChunkBlocks:
        """Return what fills each chunk, from its low end to its high end."""
        return _blocks([row for chunk in self.chunks for row in self._blocks_of(chunk)])

    def _blocks_of(self, chunk: int) -> list[Block]:
        its = self.states[chunk]
        if its.span.faulted:
            return [_row(chunk, 0, self.size, its.middle)]
        (front, back, end), held, owner = its.edges, its.held, its.owner
        tail = [(chunk, *stretch) for stretch in its.tail]
        if its.condition != USABLE:
            return [_row(chunk, 0, end, its.middle), *tail]
        older, newer = held.front.made_by(owner)[0], held.back.made_by(owner)[1]
        low = held.front.edges_of(older - 1)[1] if older else 0
        high = held.back.edges_of(newer)[0] if newer < len(held.back) else end
        return [
            _row(chunk, 0, low, "pointerful_former"),
            _row(chunk, low, front, "pointerful"),
            _row(chunk, front, back, its.middle),
            _row(chunk, back, high, "pointer_free"),
            _row(chunk, high, end, "pointer_free_former"),
            *tail,
        ]

    def window(self, chunk: int, fit: str, op: int) -> Window:
        """Return the window that `fit` asks for; a chunk that is still to come has one already."""
        made = self._made(self.states[chunk].held, op) if chunk in self.states else None
        return fitted_window(fit, self.index.extent(chunk), made, self.world.rules.chunk)

    def _made(self, held: Contents, op: int) -> tuple[Part, bool] | None:
        """Return the stretch in which an operation made objects, and whether with pointers."""
        since = self.index.first_row_of(op)
        for run in held:
            first, last = run.made_since(since)
            if last > first:
                return (int(run.left[first]), int(run.right[last - 1])), run.pointerful
        return None

    def inside(self, chunk: int, window: Window, op: int, colour: str) -> Inside:
        """Return the objects of a chunk, what lies between them, and its raster."""
        its, colours = self.states[chunk], colouring(colour, self.index, self.states[chunk])
        look = Look(
            chunk=chunk, base=its.span.base, owner=its.owner, colours=colours,
            dead=its.condition == DEAD, since=self.index.first_row_of(op),
        )  # fmt: skip
        shown, alone = chunk_objects(self.index, its.held, self.world.types, window, look)
        front, back, _ = its.edges
        rows = [_row(chunk, front, back, its.middle), *((chunk, *stretch) for stretch in its.tail)]
        if alone:
            pads = padding_of(its.held, window, its.edges)
            rows += [_row(chunk, left, right, "padding") for left, right in pads]
        return Inside(shown, _blocks(rows), chunk_raster(self.index, its, colours, op))


Block = tuple[int, int, int, str, str]  #: (chunk, left, right, meaning, what it is in words).


def _row(chunk: int, left: int, right: int, meaning: str) -> Block:
    return chunk, left, right, meaning, SAID[meaning]


def _blocks(rows: list[Block]) -> ChunkBlocks:
    """Make columns of stretches, empty ones left out."""
    kept = [row for row in rows if row[2] > row[1]]
    chunk, left, right = (np.array([row[i] for row in kept], dtype=np.int64) for i in range(3))
    return ChunkBlocks(
        chunk,
        left,
        right,
        text_column([row[3] for row in kept]),
        text_column([f"{human(row[2] - row[1])} {row[4]}" for row in kept]),
    )


NO_OBJECTS = ChunkObjects(*(np.zeros(0, dtype=np.int64) for _ in ChunkObjects.__dataclass_fields__))
NO_INSIDE = Inside(NO_OBJECTS, _blocks([]), NO_RASTER)
