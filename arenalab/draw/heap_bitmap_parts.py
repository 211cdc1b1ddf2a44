"""Words and places of the heap bitmap's picture: rows, labels, what is said of what is pointed at."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from arenalab.draw.still import fitted
from arenalab.units import counted, human
from arenalab.view.acting import made_words
from arenalab.view.bit_store import BACK_UP, KEPT, MASK, PAD
from arenalab.view.heap_bitmap import BITS_SAID, ROWS, STOPS, HeapBitmap

#: Within a row of height 1: where its bits are, where the objects that they speak of, where the scan's end.
BITS, OBJECTS, END = (0.08, 0.48), (0.54, 0.84), 0.94
#: The panel of a store: its rows, from the top.
BEFORE, AFTER, ORIGIN, STORE_ROWS = 0, 1, 2, 3
SHORT = {KEPT: "kept", MASK: "mask", PAD: "pad", BACK_UP: "back-up"}
MEANINGS = (
    "bit_one", "bit_zero", "pointerful", "pointer_free", "pointerful_former", "pointer_free_former", "free",
    "reserve", "dead", "address_space", "scratch", "mask", "pad", "back_up", "kept",
)  # fmt: skip
#: Words beside a row where PtrBytes say how far pointers reach.
WITHIN, BEYOND = "within PtrBytes", "beyond PtrBytes"


@dataclass(frozen=True)
class RowWords:
    """What stands beside one row of bits."""

    name: str
    value: str  #: the word in hex, "" without one.
    mark: str
    scan: str
    stops: bool  #: whether the collector's scan ends here.
    now: bool  #: whether the store at hand wrote it.


@dataclass(frozen=True)
class Label:
    """A text in the middle of a stretch of bits."""

    x: float
    row: int
    text: str
    meaning: str  #: of the area below it.


def row_words(view: HeapBitmap) -> list[RowWords]:
    """Return the words for each row of the page."""
    if view.page is None:
        return []
    words, stored, unmapped = view.page.words, view.store, view.page.unmapped
    return [
        RowWords(
            name=f"word {words.word[row]:,} at {human(int(words.off[row])) if words.off[row] else 0}",
            value=unmapped.partition(":")[0] or f"{int(words.value[row]):#0{view.bits // 4 + 2}x}",
            mark=_limit_word(view, row),
            scan=str(view.scanned[row]),
            stops=view.scanned[row] == STOPS,
            now=stored is not None and (stored.chunk, stored.word) == (view.focus, int(words.word[row])),
        )
        for row in range(len(words))
    ]


def _limit_word(view: HeapBitmap, row: int) -> str:
    """Say what the mark of a row's word says, or where the word is from the end of PtrBytes."""
    assert view.page is not None  # noqa: S101  # for the type checker
    words, cursor = view.page.words, view.cursor
    if view.page.unmapped:
        return ""
    if view.page.ptr_bytes is None:
        return "■ no more pointers" if words.mark[row] else "□ pointers may follow"
    number, end = int(words.word[row]), cursor[0] if cursor else 0
    if number == end:
        return f"▏PtrBytes {view.page.ptr_bytes:,}"
    return WITHIN if number < end else BEYOND


def cell_tip(word: int, bit: int, meaning: str, address: str, go_type: str, at: int) -> str:
    """Say all about a bit: what it says, of which 8 bytes, in which value."""
    held = BITS_SAID["free"] if go_type == "none" else f"the chunk's {go_type}"
    whose = f"word {at} of a value of type {go_type}" if at >= 0 else held
    return f"bit {bit} of word {word:,}\n{BITS_SAID[meaning]}\n{address}: {whose}"


def strip_tip(left: int, right: int, meaning: str, address: str, go_type: str, made: str) -> str:
    """Say all about a stretch of bits below which an object lies."""
    named = "" if go_type == "none" else f"\n{go_type}" if meaning == "reserve" else f"\ntype {go_type}"
    return f"{BITS_SAID[meaning]}{named}{made_words(made)}\nfrom {address}, bits {left} to {right - 1}"


def page_title(view: HeapBitmap) -> str:
    """Say which words the page shows."""
    if view.page is None:
        return "no chunk yet"
    last = view.first + ROWS - 1
    which = f"heap bitmap of chunk {view.focus}: words {view.first:,} to {last:,} of {view.words:,}"
    more = view.page.unmapped or view.scratch_text
    return f"{which}; {more}" if more else which


def scan_title(view: HeapBitmap) -> str:
    """Say where the collector would stop."""
    return view.scan.text() if view.scan else ""


def store_title(view: HeapBitmap) -> str:
    """Say what the store at hand is."""
    if view.store is None:
        return "no bitmap word is stored by this operation so far"
    return f"{view.store.call} stores word {view.store.word:,} of chunk {view.store.chunk}"


def store_subtitle(view: HeapBitmap) -> str:
    """Say for which value, and what becomes of the mark."""
    return view.store.title() if view.store else ""


def store_words(view: HeapBitmap) -> list[tuple[str, str]]:
    """Return name and value of each row of the panel of a store."""
    if view.store is None:
        return [("before", ""), ("after", ""), ("from", "")]
    digits = view.bits // 4 + 2
    before, after = (f"{value:#0{digits}x}" for value in (view.store.before, view.store.after))
    changed = int(view.store.bits.changed.sum())
    return [
        ("before", before),
        ("after", after),
        ("from", f"{counted(changed, 'bit')} changed"),
    ]


def store_cells(view: HeapBitmap) -> list[tuple[int, int, str, bool, str]]:
    """Return (row, bit, meaning, changed, origin) of each cell in the panel of a store."""
    if view.store is None:
        return []
    bits = view.store.bits
    return [
        (row, int(bit), "bit_one" if value else "bit_zero", bool(row == AFTER and changed), str(origin))
        for row, column in ((BEFORE, bits.before), (AFTER, bits.after))
        for bit, value, changed, origin in zip(bits.bit, column, bits.changed, bits.origin, strict=True)
    ]


def origins(view: HeapBitmap) -> list[tuple[int, int, str]]:
    """Return (first bit, bit behind the last, origin) of the stretches of a store."""
    if view.store is None:
        return []
    runs, done = [], 0
    for origin, group in groupby(view.store.bits.origin.tolist()):
        count = len(list(group))
        runs.append((done, done + count, origin))
        done += count
    return runs


def strip_labels(view: HeapBitmap, cell: float) -> list[Label]:
    """Return the types that fit into the strips below the bits, `cell` points a bit."""
    strips = view.strips
    table = zip(strips.word, strips.left, strips.right, strips.type, strips.meaning, strict=True)
    made = []
    for word, left, right, go_type, meaning in table:
        words = (
            "mask of the GC program" if meaning == "scratch" else "" if go_type == "none" else str(go_type)
        )
        if text := fitted(words, (right - left) * cell - 6, 11):
            made.append(Label((left + right) / 2, int(word) - view.first, text, str(meaning)))
    return made


def origin_labels(view: HeapBitmap, cell: float) -> list[Label]:
    """Return the words that fit into the stretches of a store."""
    made = []
    for left, right, origin in origins(view):
        if text := fitted(SHORT[origin], (right - left) * cell - 6, 11):
            made.append(Label((left + right) / 2, ORIGIN, text, origin))
    return made
