"""Words and places of the heap bitmap's picture: rows, labels, what is said of what is pointed at."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from arenalab.draw.lettering import first_fitting, text_width
from arenalab.units import counted, human
from arenalab.view.acting import made_words
from arenalab.view.bit_store import BACK_UP, KEPT, MASK, PAD
from arenalab.view.heap_bitmap import BITS_SAID, ROWS, STOPS, HeapBitmap

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
    now: bool  #: whether the current store wrote it.


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
    """Describe what the mark of a row's word says, or where the word is from the end of PtrBytes."""
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
    """Describe a bit: what it says, of which 8 bytes, in which value."""
    held = BITS_SAID["free"] if go_type == "none" else f"the chunk's {go_type}"
    whose = f"word {at} of a value of type {go_type}" if at >= 0 else held
    return f"bit {bit} of word {word:,}\n{BITS_SAID[meaning]}\n{address}: {whose}"


def strip_tip(left: int, right: int, meaning: str, address: str, go_type: str, made: str, row: int) -> str:
    """Describe a stretch of bits below which an object lies."""
    kind = go_type if meaning == "reserve" else f"object {row}, type {go_type}"
    named = "" if go_type == "none" else f"\n{kind}"
    return f"{BITS_SAID[meaning]}{named}{made_words(made)}\nfrom {address}, bits {left} to {right - 1}"


def page_title(view: HeapBitmap, *, short: bool = False) -> tuple[str, str]:
    """Describe which words the page shows, and what is special about them."""
    if view.page is None:
        return "no chunk yet", ""
    last = min(view.first + view.rows, view.words) - 1
    chunk = f"chunk {view.focus}" if short else f"heap bitmap of chunk {view.focus}"
    which = f"{chunk}: words {view.first:,} to {last:,} of {view.words:,}"
    behind = min(view.first + ROWS, view.words) - 1
    rest = f"words {last + 1} to {behind}: never written in this run" if last < behind else ""
    return which, view.page.unmapped or view.scratch_text or rest


def scan_title(view: HeapBitmap) -> str:
    """Describe where the collector would stop."""
    return view.scan.text() if view.scan else ""


def store_title(view: HeapBitmap) -> str:
    """Describe what the current store is."""
    if view.store is None:
        return "no bitmap word is stored by this operation so far"
    return f"{view.store.call} stores word {view.store.word:,} of chunk {view.store.chunk}"


def store_subtitle(view: HeapBitmap) -> str:
    """Describe the value that is written, and what becomes of the mark."""
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
    """Return (first bit, end, origin) of the stretches of a store."""
    if view.store is None:
        return []
    runs, done = [], 0
    for origin, group in groupby(view.store.bits.origin.tolist()):
        count = len(list(group))
        runs.append((done, done + count, origin))
        done += count
    return runs


def strip_labels(view: HeapBitmap, cell: float) -> list[Label]:
    """Return what fits into the strips below the bits, `cell` points a bit.

    Neighbours of one type share a label with their numbers; an object that goes on in the next word has its
    type once.
    """
    strips, made, before = view.strips, [], -1
    columns = strips.word, strips.type, strips.meaning, strips.left, strips.right, strips.row
    rows = list(zip(*(column.tolist() for column in columns), strict=True))
    for (word, go_type, meaning), group in groupby(rows, key=lambda row: row[:3]):
        run = list(group)
        left, right, first, last = run[0][3], run[-1][4], run[0][5], run[-1][5]
        texts = _strip_texts(go_type, meaning, (first, last), goes_on=first == last == before)
        before = last
        if text := first_fitting((*texts, ""), (right - left) * cell - 6, 11):
            made.append(Label((left + right) / 2, word - view.first, text, meaning))
    return made


def _strip_texts(go_type: str, meaning: str, rows: tuple[int, int], *, goes_on: bool) -> tuple[str, ...]:
    """Return what neighbours of one type may say, the longest first; `rows` are the first one and the last."""
    if meaning == "scratch":
        return "mask of the GC program", "mask"
    if go_type == "none":
        return ()
    first, last = rows
    if first < 0:  # the runtime's own
        return (go_type,)
    if goes_on:
        return f"object {first} goes on", f"object {first}", f"#{first}"
    if first == last:
        return f"object {first}: {go_type}", go_type, f"object {first}", f"#{first}"
    return f"objects {first}–{last}: {go_type}", f"objects {first}–{last}", f"{first}–{last}"


def origin_labels(view: HeapBitmap, cell: float) -> list[Label]:
    """Return the words that fit into the stretches of a store."""
    return [
        Label((left + right) / 2, ORIGIN, SHORT[origin], origin)
        for left, right, origin in origins(view)
        if text_width(SHORT[origin], 11) <= (right - left) * cell - 4
    ]
