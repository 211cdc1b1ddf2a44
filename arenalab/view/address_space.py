"""The address space: heap arenas, the chunks they are split into, and what memory is behind them.

What the words mean here:

- *reserved*: addresses that nothing else gets; a heap arena is reserved whole and stays so for ever.
- *mapped*: the operating system was asked to back the chunk (`ChunkMapped`), and it may be touched.
- *resident*: mapped and zeroed (`ChunkZeroed`): zeroing, and writing what the runtime keeps at the chunk's
  end, touch every page, so all of the chunk is in memory until it is set to fault (`ChunkUnmapped`), whatever
  is allocated in it. This is what follows from Go's calls; real memory is the operating system's affair and
  was not measured.
- *faulted*: was mapped once and is set to fault: no memory behind it, touching it crashes.

Follows heapArena.zeroedBase, sysMap, sysUsed and sysFault as arena.go and mheap.go of Go 1.21 to 1.27 use them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from arenalab.go.layout import ceil_div
from arenalab.go.rules import ChunkLayout
from arenalab.units import hex_addr, human, plainly
from arenalab.view.acting import made_column
from arenalab.view.chunk_events import ChunkEvents, step_at_hand
from arenalab.view.chunk_state import for_objects
from arenalab.view.columns import Column, View, listing, text_column
from arenalab.view.reading import Reading, chunk_in_focus, reading
from arenalab.world.chunk_events import ChunkMapped, ChunkZeroed
from arenalab.world.end_events import ChunkUnmapped
from arenalab.world.history import History
from arenalab.world.state import World

ACROSS = 8  #: chunks in a row: a heap arena of Go 1.21 on linux/amd64.
PAGE = 4  #: rows shown at a time.
NOBODY = -1  #: in a column of user arenas.
#: What is behind a chunk, by its key of the theme.
NEVER_USED, MAPPED, RESIDENT, FAULTED = "address_space", "memory_mapped", "memory_resident", "dead"


@dataclass(frozen=True, eq=False)
class AddressRows(View):
    """One row per row of cells: a heap arena, or a part of one that has more chunks than fit across."""

    heap_arena: Column  #: its number.
    base: Column  #: address of the row's first byte.
    end: Column  #: address after its last byte.
    first: Column  #: first chunk.
    zeroed: Column  #: bytes from the row's base up to the heap arena's zeroed_base: handed out at least once.
    zeroed_base: Column  #: of the whole heap arena.
    resident: Column  #: bytes.


@dataclass(frozen=True, eq=False)
class AddressCells(View):
    """One row per chunk."""

    chunk: Column  #: its number.
    row: Column  #: which of the rows it is in.
    place: Column  #: which part of the row, from 0.
    base: Column  #: address of its first byte.
    state: Column  #: as `World.list_of` says.
    user_arena: Column  #: whose it is now, −1 for nobody's.
    made: Column  #: who made that arena, and where in the program; "" where the run does not say.
    memory: Column  #: what is behind it: one of the four keys of this file.
    resident: Column  #: bytes in memory.
    front: Column  #: bytes taken from its low end.
    back: Column  #: bytes taken from its high end.
    tail: Column  #: bytes after what objects may take: asan's red zone.
    reserve: Column  #: bytes after that, which the runtime keeps for itself: dummy type and heap bitmap.
    front_pages: Column  #: runtime pages that the front has begun.
    back_pages: Column  #: the same for the back, from the page on in which the objects end.
    now: Column  #: whether the current step was about it.
    focus: Column  #: whether it is the chunk in focus.


@dataclass(frozen=True)
class Totals:
    """Bytes of all heap arenas together."""

    reserved: int  #: address space that belongs to heap arenas.
    mapped: int  #: the operating system backs it; resident or about to be.
    resident: int  #: in memory.
    faulted: int  #: set to fault.
    never: int  #: reserved, and never mapped so far.
    unzeroed: int  #: behind the zeroed_base of its heap arena: never handed out.

    def text(self) -> str:
        """Return them in one line."""
        parts = (
            (self.reserved, "reserved"),
            (self.mapped, "mapped"),
            (self.resident, "resident"),
            (self.faulted, "set to fault"),
            (self.never, "never used"),
        )
        return ", ".join(f"{human(nbytes)} {word}" for nbytes, word in parts)


@dataclass(frozen=True)
class AddressSpace:
    """All that the picture of the address space shows."""

    reading: Reading  #: where in the history it is, in words.
    rows: AddressRows  #: one page.
    cells: AddressCells  #: the chunks of these rows.
    totals: Totals  #: of all heap arenas, shown or not.
    focus: int  #: number of the chunk in focus, −1 while there is no chunk.
    layout: ChunkLayout  #: how large a chunk is, and what of it objects may take.
    heap_arena_bytes: int  #: of one heap arena: 64 MiB on linux/amd64.
    chunks: int  #: how many there are, shown or not.
    heap_arenas: int  #: how many there are, shown or not.
    first: int  #: number of the first row shown.
    all_rows: int  #: how many rows there are, shown or not.
    most_rows: int  #: how many there are at the end of the history.
    page: int  #: rows of a page: as many as the whole history needs, so that pictures keep their height.
    most: int  #: bytes reserved at the end of the history: the scale of the totals.

    @property
    def chunk_bytes(self) -> int:
        """From one chunk's base to the next one's."""
        return self.layout.stride

    @property
    def for_objects(self) -> str:
        """What of a chunk objects may take, in words, "" where that is all of it."""
        return for_objects(self.layout)

    def text(self) -> str:
        """Return the picture as text, with its numbers."""
        if not len(self.rows):
            return f"{self.reading.text()}\n\nno heap arena yet"
        rows, cells = self.rows.columns(), self.cells.columns()
        for table in (rows, cells):
            table["base"] = text_column([hex_addr(base) for base in table["base"].tolist()])
        rows["end"] = text_column([hex_addr(end) for end in self.rows.end.tolist()])
        cells["user_arena"] = text_column(["–" if n == NOBODY else str(n) for n in self.cells.user_arena])
        last = self.first + len(self.rows) - 1
        heaps, chunks = plainly(self.heap_arenas, "heap arena"), plainly(self.chunks, "chunk")
        if self.for_objects:
            chunks += f" of {human(self.chunk_bytes)}{self.for_objects}"
        else:
            del cells["reserve"]
        head = f"{heaps} of {human(self.heap_arena_bytes)}, {chunks}"
        which = f"rows {self.first}–{last} of {self.all_rows}"
        return "\n\n".join(
            (
                self.reading.text(),
                f"{head}: {self.totals.text()}",
                f"{which}\n{listing(rows)}",
                listing(cells),
            )
        )


def address_space(
    events: ChunkEvents, at: int, *, focus: int | None = None, op: int | None = None
) -> AddressSpace:
    """Return the address space after `at` events.

    Args:
        events: of the history that is looked at.
        at: how many events have happened.
        focus: chunk whose page is shown; None follows the events.
        op: the operation that led here, when it made no event of its own.

    """
    history, world = events.history, events.history.at(at)
    chunk = chunk_in_focus(history, at) if focus is None else focus
    there = 0 <= chunk < len(world.spans)
    layout = _rows(world)
    most_rows = len(_rows(history.world))
    page = min(PAGE, max(1, most_rows))
    mine = next((n for n, row in enumerate(layout) if row[1] <= chunk < row[1] + row[2]), 0)
    first = min(mine // page * page, max(len(layout) - page, 0))  # the last page is as full as the others
    shown = layout[first : first + page]
    memory = _memory(events, world, at)
    touched = events.touched(*step_at_hand(history, at, op))
    cells = _cells(history, world, shown, memory, (touched, chunk))
    return AddressSpace(
        reading=reading(history, at, op),
        rows=_address_rows(world, shown, cells),
        cells=cells,
        totals=_totals(world, memory),
        focus=chunk if there else -1,
        layout=world.rules.chunk,
        heap_arena_bytes=world.rules.heap_arena_bytes,
        chunks=len(world.spans), heap_arenas=len(world.heap_arenas), first=first,
        all_rows=len(layout), most_rows=most_rows, page=page,
        most=sum(h.chunks for h in history.world.heap_arenas) * world.rules.chunk.stride,
    )  # fmt: skip


def _rows(world: World) -> list[tuple[int, int, int]]:
    """Return (heap arena, first chunk, chunks) of every row; a moment may lack the last chunks of one."""
    return [
        (number, heap_arena.first_chunk + start, min(ACROSS, heap_arena.chunks - start))
        for number, heap_arena in enumerate(world.heap_arenas)
        for start in range(0, heap_arena.chunks, ACROSS)
    ]


def _memory(events: ChunkEvents, world: World, at: int) -> Column:
    """Return what is behind each chunk, from the events that mapped, zeroed and unmapped it."""
    count = len(world.spans)
    mapped, zeroed, unmapped = (
        events.last(kind, at, count) for kind in (ChunkMapped, ChunkZeroed, ChunkUnmapped)
    )
    faulted = np.array([span.faulted for span in world.spans], dtype=bool)
    # A history may go on from a World: what it began with tells of chunks that no event concerned since.
    used_before = np.array([span.is_user_arena_chunk for span in world.spans], dtype=bool) * (mapped < 0)
    full_before = np.array([span.free_limit > 0 for span in world.spans], dtype=bool) * (mapped < 0)
    in_memory = np.logical_or((zeroed > mapped) * (mapped >= 0), full_before)
    once = np.logical_or((unmapped >= 0), used_before)
    lost = np.where(once, FAULTED, NEVER_USED)
    found: Column = np.where(faulted, lost, np.where(in_memory, RESIDENT, MAPPED))
    return found.astype(object)


def _cells(
    history: History,
    world: World,
    shown: list[tuple[int, int, int]],
    memory: Column,
    about: tuple[set[int], int],
) -> AddressCells:
    touched, focus = about
    cells = [
        (chunk, row, chunk - first)
        for row, (_, first, chunks) in enumerate(shown)
        for chunk in range(first, min(first + chunks, len(world.spans)))
    ]
    chunks, rows, places = (np.array([cell[i] for cell in cells], dtype=np.int64) for i in range(3))
    owners = [world.owner_of(chunk) for chunk in chunks.tolist()]
    front, back, tail, reserve = _taken(world, chunks, memory[chunks])
    page, behind = world.rules.page_size, tail + reserve
    return AddressCells(
        chunk=chunks,
        row=rows,
        place=places,
        base=np.array([world.spans[n].base for n in chunks.tolist()], dtype=np.int64),
        state=text_column([world.list_of(n) for n in chunks.tolist()]),
        user_arena=np.array([NOBODY if owner is None else owner for owner in owners], dtype=np.int64),
        made=made_column(history, [NOBODY if owner is None else owner for owner in owners]),
        memory=memory[chunks],
        resident=(memory[chunks] == RESIDENT) * np.int64(world.rules.chunk.mapped_bytes),
        front=front,
        back=back,
        tail=tail,
        reserve=reserve,
        front_pages=np.array([ceil_div(n, page) for n in front.tolist()], dtype=np.int64),
        back_pages=np.array(
            [ceil_div(n, page) for n in (back + behind % page).tolist()] * (back > 0), dtype=np.int64
        ),
        now=np.array([n in touched for n in chunks.tolist()], dtype=bool),
        focus=chunks == focus,
    )


def _taken(world: World, chunks: Column, memory: Column) -> tuple[Column, Column, Column, Column]:
    """Return the bytes taken at the low end, at the high end, of a red zone and of the runtime's reserve.

    Nothing where no memory is.
    """
    spans = [world.spans[n] for n in chunks.tolist()]
    base, low, high, elemsize = (
        np.array([getattr(span, name) for span in spans], dtype=np.int64)
        for name in ("base", "free_base", "free_limit", "elemsize")
    )
    carved = (memory == RESIDENT) * (high > 0)  # between zeroing and setting the range there is none yet
    end, layout = base + elemsize, world.rules.chunk
    tail, reserve = layout.usable_bytes - elemsize, layout.stride - layout.usable_bytes
    return (low - base) * carved, (end - high) * carved, tail * carved, reserve * carved


def _address_rows(world: World, shown: list[tuple[int, int, int]], cells: AddressCells) -> AddressRows:
    size = world.rules.chunk.stride
    heap_arena, first, chunks = (np.array([row[i] for row in shown], dtype=np.int64) for i in range(3))
    origin, zeroed_base = (
        np.array([getattr(world.heap_arenas[n], name) for n in heap_arena.tolist()], dtype=np.int64)
        for name in ("base", "zeroed_base")
    )
    start = np.array([world.heap_arenas[n].first_chunk for n in heap_arena.tolist()], dtype=np.int64)
    base = origin + (first - start) * size
    return AddressRows(
        heap_arena=heap_arena,
        base=base,
        end=base + chunks * size,
        first=first,
        zeroed=np.clip(origin + zeroed_base - base, 0, chunks * size),
        zeroed_base=zeroed_base,
        resident=np.bincount(cells.row, cells.resident, minlength=len(shown)).astype(np.int64),
    )


def _totals(world: World, memory: Column) -> Totals:
    layout = world.rules.chunk
    resident, mapped, faulted = (
        int((memory == key).sum()) * layout.mapped_bytes for key in (RESIDENT, MAPPED, FAULTED)
    )
    reserved = sum(heap_arena.chunks for heap_arena in world.heap_arenas) * layout.stride
    return Totals(
        reserved=reserved,
        mapped=resident + mapped,
        resident=resident,
        faulted=faulted,
        never=reserved - resident - mapped - faulted,
        unzeroed=reserved - sum(heap_arena.zeroed_base for heap_arena in world.heap_arenas),
    )
