"""The heap bitmap: a page of its words, the objects that made them, the current store, the scan's end.

Rules:
1. Every bit shown is the World's, and every stretch of the strip below is an object of the ledger.
2. Pages do not slide: word n is always in the same row, so that stepping moves nothing.
Follows heapArena.bitmap and noMorePtrs of mheap.go, Go 1.21, (*mspan).heapBits of mbitmap.go, Go 1.22, and
scanobject of mgcmark.go.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from arenalab.go.bitscan import oblet_scan
from arenalab.go.layout import ceil_div
from arenalab.units import counted, hex_addr, human
from arenalab.view.acting import asked, is_told
from arenalab.view.bit_store import BitStore, bit_store
from arenalab.view.chunk_index import ChunkIndex
from arenalab.view.chunk_state import SAID
from arenalab.view.columns import Column, View, text_column
from arenalab.view.pointer_bits import NOTHING, PointerBits, by_marks, pointer_bits
from arenalab.view.reading import Reading, chunk_in_focus, reading
from arenalab.world.events import GCProgExpanded
from arenalab.world.gc_events import ObletScanned
from arenalab.world.history import History
from arenalab.world.state import World

ROWS = 8  #: bitmap words of a page.
STEP, STOP, CHOSEN = "this step", "scan stop", "custom"
FITS = (STEP, STOP, CHOSEN)

READ, STOPS, UNREAD, UNSCANNED = "scanned", "scan stops here", "not scanned", "no scan of this chunk"
OUTSIDE = "in no oblet"

#: What a cell or a stretch means, in words, by its key of the theme.
BITS_SAID = {
    "bit_one": "1: the collector follows what stands here",
    "bit_zero": "0: the collector passes over it",
    "pointerful": "an object with pointers",
    "pointer_free": "an object without pointers",
    "pointerful_former": "an object with pointers, its arena freed",
    "pointer_free_former": "an object without pointers, its arena freed",
    "free": "no object",
    "reserve": SAID["reserve"],
    "dead": "unmapped: the chunk is set to fault, and the bitmap that lay in it with it",
    "address_space": "unmapped: the chunk is no more than addresses, and the bitmap is part of it",
    "scratch": "for a moment not the object's: the mask that its GC program wrote",
}


@dataclass(frozen=True, eq=False)
class Cells(View):
    """One row per bit shown."""

    word: Column  #: its number in the chunk.
    bit: Column  #: its number in the word, 0 for the lowest address.
    meaning: Column  #: "bit_one" or "bit_zero", "dead" or "address_space" where the bits are unmapped.
    heap_word: Column  #: number, from the chunk's first word.
    address: Column  #: of the 8 bytes that the bit describes, as text.
    type: Column  #: Go type of the object there, else what the runtime keeps there, "none" without either.
    at: Column  #: word within the value, −1 for none.


@dataclass(frozen=True, eq=False)
class Strips(View):
    """Stretches of heap words that belong to one object or to none, one row for each bitmap word they reach into."""

    word: Column  #: number of the bitmap word.
    left: Column  #: first bit.
    right: Column  #: bit after the last.
    meaning: Column  #: key of BITS_SAID.
    type: Column  #: Go type of the object, "none" without one.
    address: Column  #: of the first byte shown, as text.
    row: Column  #: ledger row, −1 for none.
    made: Column  #: who asked for the object, and where in the program; "" where the run does not say.
    said: Column  #: the stretch in words, for hovering.


@dataclass(frozen=True)
class Scan:
    """What a scan of the oblet that the page lies in would read of it now."""

    oblet: int  #: its number in the chunk.
    first: int  #: the oblet's first bitmap word.
    behind: int  #: the word after its last.
    end: int  #: the word after the last one read.
    work: int  #: bytes up to the end of the farthest pointer slot.
    by_marks: bool  #: whether a noMorePtrs mark ends it; else the dummy type's PtrBytes do.
    happens: bool  #: False for a chunk that the collector does not scan.
    ptr_bytes: int  #: what the dummy type says, 0 where marks do.

    def of(self, word: int) -> str:
        """Describe what the scan makes of one word."""
        if word >= self.behind:
            return OUTSIDE
        if not self.happens:
            return UNSCANNED
        if word >= self.end:
            return UNREAD
        return STOPS if word == self.end - 1 and self.end < self.behind else READ

    def text(self) -> str:
        """Describe where the scan ends."""
        if self.behind == self.first:
            return f"from word {self.first:,} on the bitmap describes the runtime's own: no oblet is there"
        if not self.happens:
            return "the collector does not scan this chunk now"
        if self.end == self.first:
            return f"a scan of oblet {self.oblet} reads nothing: the chunk's {self.ptr_bytes:,} PtrBytes end before it"
        last = f"word {self.end - 1:,}"
        limit = (
            f"noMorePtrs mark of {last}"
            if self.by_marks
            else f"chunk's {self.ptr_bytes:,} PtrBytes, in {last}"
        )
        end = f"the {limit}" if self.end < self.behind else "the oblet's end"
        return f"a scan of oblet {self.oblet} reads from word {self.first:,} to {end}: {human(self.work)} of work"


@dataclass(frozen=True)
class HeapBitmap:
    """All that the heap bitmap's picture shows."""

    reading: Reading  #: where in the history it is, in words.
    focus: int  #: the chunk, −1 while there is none.
    first: int  #: first bitmap word shown.
    words: int  #: bitmap words of a chunk.
    bits: int  #: bits of a bitmap word.
    page: PointerBits | None  #: the words shown and what they describe.
    cells: Cells  #: the bits shown.
    strips: Strips  #: whose the heap words are.
    scanned: Column  #: for each word shown, what the scan makes of it.
    scan: Scan | None  #: what a scan would read; None while there is no chunk.
    store: BitStore | None  #: the latest store of the current operation, in whichever chunk.
    #: Words that are worth a row: a run that writes fewer leaves the others of its page empty.
    rows: int = ROWS

    @property
    def cursor(self) -> tuple[int, int] | None:
        """Return (bitmap word, bits of it before the end) where PtrBytes end, None where they aren't shown."""
        if self.page is None or self.page.ptr_bytes is None or self.page.unmapped:
            return None
        last = ceil_div(self.page.ptr_bytes, self.bits // 8) - 1  # the last heap word before the end
        return (last // self.bits, last % self.bits + 1) if last >= 0 else (0, 0)

    @property
    def scratch_text(self) -> str:
        """Describe where a GC program's output stands, "" when it stands nowhere."""
        if self.page is None or self.page.scratch is None:
            return ""
        off, nbits = self.page.scratch
        bits = counted(nbits, "mask bit stands", "mask bits stand")
        return f"the GC program's {bits} in the object at offset {off:,}"

    def text(self) -> str:
        """Return the picture as text, with its numbers."""
        if self.page is None or self.scan is None:
            return f"{self.reading.text()}\n\nno chunk yet"
        store = self.store.text() if self.store else "no bitmap word is stored by this operation so far"
        return f"{self.reading.text()}\n\n{self.page.text()}\n\n{self.scan.text()}\n\n{store}"


def heap_bitmap(
    index: ChunkIndex, at: int, *, focus: int | None = None, first: int | None = None, fit: str = STEP,
    op: int | None = None,
) -> HeapBitmap:  # fmt: skip
    """Return the heap bitmap after `at` events.

    Args:
        index: of the history that is looked at.
        at: how many events have happened.
        focus: chunk to look into; None follows the events.
        first: first word to show, kept inside the chunk and rounded down to a page; None chooses by `fit`.
        fit: one of FITS.
        op: the operation that led here, when it made no event of its own.

    """
    history = index.history
    world, where = history.at(at), reading(history, at, op)
    chunk = chunk_in_focus(history, at) if focus is None else focus
    store, rules = bit_store(history, at, where.op, world), world.rules
    shape = (rules.chunk_bitmap_words, rules.ptr_bits)
    if not 0 <= chunk < len(world.spans):
        return HeapBitmap(
            where, -1, 0, *shape, None, NO_CELLS, NO_STRIPS, text_column([]), None, store, _rows(index)
        )
    wanted = first if first is not None else _wanted(index, at, world, (chunk, fit), store)
    first = min(max(wanted, 0), rules.chunk_bitmap_words - 1) // ROWS * ROWS
    rows = index.contents(chunk, world).rows_in(*(n * rules.bitmap_word_bytes for n in (first, first + ROWS)))
    page, scan = pointer_bits(world, chunk, first, ROWS, rows), _scan(world, chunk, first)
    scanned = text_column([scan.of(int(word)) for word in page.words.word])
    return HeapBitmap(
        where, chunk, first, *shape, page, _cells(world, page), _strips(history, world, page), scanned, scan, store,
        ROWS if first else _rows(index),
    )  # fmt: skip


def _rows(index: ChunkIndex) -> int:
    """Return how many words of the first page any chunk of the run ever writes, one empty word and two at least."""
    rows: int = index.keep("rows of the heap bitmap", lambda: min(_most_words(index) + 1, ROWS))
    return rows


def _most_words(index: ChunkIndex) -> int:
    """Return how many words the objects with pointers of any chunk ever reach over; a page of them is enough."""
    width, most = index.history.rules.bitmap_word_bytes, 1
    for chunk in index.history.world.births:
        most = max(most, ceil_div(index.extent(chunk).front, width))
        if most >= ROWS:
            break
    return most


def _wanted(
    index: ChunkIndex, at: int, world: World, look: tuple[int, str], store: BitStore | None
) -> int:  # fmt: skip
    """Return the bitmap word that is worth a look: of the store, the scan or the newest object with pointers."""
    chunk, fit = look
    event = index.history.events[at - 1] if at else None
    newest = _newest(index, world, chunk)
    if isinstance(event, ObletScanned) and event.chunk == chunk:
        return max(event.read_to - 1, 0)
    if isinstance(event, GCProgExpanded) and event.chunk == chunk:
        return (event.addr - world.spans[chunk].base) // world.rules.bitmap_word_bytes
    if fit == STOP:
        scan = _scan(world, chunk, newest)
        return max(scan.end - 1, scan.first)
    return store.word if store and store.chunk == chunk else newest


def _newest(index: ChunkIndex, world: World, chunk: int) -> int:
    """Return the bitmap word in which the chunk's newest object with pointers begins, 0 without one."""
    front = index.contents(chunk, world).front
    return front.edges_of(len(front) - 1)[0] // world.rules.bitmap_word_bytes if len(front) else 0


def _scan(world: World, chunk: int, word: int) -> Scan:
    """Return how far a scan of the oblet around a bitmap word would go."""
    span, rules = world.spans[chunk], world.rules
    width = rules.max_oblet_bytes // rules.bitmap_word_bytes
    oblet = word // width
    nbytes = min(rules.max_oblet_bytes, max(0, rules.chunk.usable_bytes - oblet * rules.max_oblet_bytes))
    behind = oblet * width + ceil_div(nbytes, rules.bitmap_word_bytes)
    marks, ptr_bytes = by_marks(rules), world.scan_limits.ptr_bytes(chunk)
    happens = bool(span.state) and not span.faulted and not span.noscan and nbytes > 0
    if not happens:
        return Scan(
            oblet, oblet * width, behind, behind, 0, by_marks=marks, happens=False, ptr_bytes=ptr_bytes
        )
    nbytes = min(nbytes, max(0, span.elemsize - oblet * rules.max_oblet_bytes))
    work, end = oblet_scan(world.bits.words(chunk), world.scan_limits.of(chunk), oblet, nbytes, rules)
    return Scan(oblet, oblet * width, behind, end, work, by_marks=marks, happens=True, ptr_bytes=ptr_bytes)


def _cells(world: World, page: PointerBits) -> Cells:
    heap, size = page.heap_words, world.rules.ptr_size
    meaning = np.where(heap.pointer, page.gone or "bit_one", page.gone or "bit_zero").astype(object)
    address = text_column([hex_addr(page.base + int(word) * size) for word in heap.heap_word])
    types = _held(world, page, np.arange(len(heap)))
    return Cells(heap.word, heap.bit, meaning, heap.heap_word, address, types, heap.at)


def _strips(history: History, world: World, page: PointerBits) -> Strips:
    heap, size = page.heap_words, world.rules.ptr_size
    scratch = _scratch(heap.heap_word, page, size)
    changes = np.diff(heap.row) != 0
    changes = np.logical_or(changes, np.diff(heap.word) != 0)
    changes = np.logical_or(changes, np.diff(scratch.astype(np.int8)) != 0)
    changes = np.logical_or(changes, np.diff(heap.region) != 0)
    starts = np.concatenate(([0], np.flatnonzero(changes) + 1)) if len(heap) else np.zeros(0, dtype=np.int64)
    ends = np.append(starts[1:], len(heap))[: len(starts)]
    rows = heap.row[starts]
    meaning = np.where(heap.region[starts] > 0, "reserve", _meanings(world, rows, page.chunk)).astype(object)
    meaning[scratch[starts]] = "scratch"
    meaning[:] = page.gone or meaning
    return Strips(
        word=heap.word[starts], left=heap.bit[starts], right=heap.bit[starts] + ends - starts,
        meaning=meaning, type=_held(world, page, starts),
        address=text_column([hex_addr(page.base + int(word) * size) for word in heap.heap_word[starts]]),
        row=rows, made=_makers(history, rows),
        said=text_column([BITS_SAID[name] for name in meaning]),
    )  # fmt: skip


def _makers(history: History, rows: Column) -> Column:
    """Return who asked for the object of each ledger row, "" for none."""
    if not is_told(history):
        return text_column([""] * len(rows))
    made = (row != NOTHING and asked(history, history.log.op_of_row(row)).strip() for row in rows.tolist())
    return text_column([who or "" for who in made])


def _held(world: World, page: PointerBits, which: Column) -> Column:
    """Return what some heap words hold: a Go type, "none", or the name of what the runtime keeps there."""
    regions = text_column(["none", *(region.name for region in world.rules.chunk.regions[1:])])
    types = page.heap_words.type[which]
    return np.where(types == "", regions[page.heap_words.region[which]], types)


def _scratch(heap_words: Column, page: PointerBits, size: int) -> Column:
    """Return which heap words a GC program's output covers now."""
    if page.scratch is None:
        return np.zeros(len(heap_words), dtype=bool)
    off, nbits = page.scratch
    first, behind = off // size, off // size + -(-nbits // (8 * size))
    return np.logical_and(heap_words >= first, heap_words < behind)


def _meanings(world: World, rows: Column, chunk: int) -> Column:
    """Return what the object of each ledger row is to a chunk now; `NOTHING` is none."""
    there, owner = rows != NOTHING, world.owner_of(chunk)
    types, user_arena = world.ledger.gather(rows[there], "type", "user_arena").T
    pointers = np.array([each.ptr_bytes > 0 for each in world.types], dtype=bool)
    meaning = np.full(len(rows), "free", dtype=object)
    former = np.ones(len(types), dtype=bool) if owner is None else user_arena != owner
    meaning[there] = OBJECTS[2 * former + (1 - pointers[types])]
    return meaning


#: What an object is: with pointers or without, then the same of an arena that was freed.
OBJECTS = text_column(["pointerful", "pointer_free", "pointerful_former", "pointer_free_former"])
NO_CELLS = Cells(*(np.zeros(0, dtype=np.int64) for _ in Cells.__dataclass_fields__))
NO_STRIPS = Strips(*(np.zeros(0, dtype=np.int64) for _ in Strips.__dataclass_fields__))
