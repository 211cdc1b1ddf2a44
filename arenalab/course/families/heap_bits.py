"""Questions of chapter 4, the heap bitmap: the bits of a word, noMorePtrs marks, where the scan stops."""

from __future__ import annotations

from functools import partial
from random import Random
from typing import Any

from arenalab.course import draws
from arenalab.course.answers import Bits, Whole, several
from arenalab.course.draws import GC_OFF
from arenalab.course.family import family
from arenalab.course.moments import after
from arenalab.course.question import Question
from arenalab.explore.heap_bitmap import HeapBitmap
from arenalab.go.types import GoType
from arenalab.units import counted
from arenalab.view.chunk_index import ChunkIndex
from arenalab.view.heap_bitmap import heap_bitmap
from arenalab.world.events import BitmapWordWritten
from arenalab.world.history import History
from arenalab.world.ops import MakeSlice, New, NewArena, Op

SMALL = (
    "*int", "string", "any", "[]byte", "struct{ next *int; key int }", "struct{ left, right *int; value int }",
    "struct{ n int; p *int }", "[3]*int", "struct{ name string; age int }",
)  # fmt: skip
#: Sizes that make the 512-byte borders interesting: an object ends at one, crosses one, starts at one.
WIDE = ("[64]*int", "[63]*int", "[32]string", "struct{ p *int; t [1000]byte }", "struct{ p *int; n [62]int }")
WORDS, CHUNK_WORDS = 5, GC_OFF.chunk_bitmap_words


def _look(run: History, moment: int) -> Any:
    return HeapBitmap(run, cursor=moment)


def _told(types: list[GoType]) -> str:
    """Write each type's mask, the word of the lowest address first."""
    return ", ".join(f"`{it.expr}` {''.join(map(str, it.mask.bits(0, it.mask.n)))}" for it in types)


@family("bitmap-word", title="The first bitmap word", chapter=4)
def bitmap_word(draw: Random) -> Question:
    """Ask for bitmap word 0 after a few values."""
    types = [draws.go_type(draw.choice(SMALL)) for _ in range(draw.randint(2, 4))]
    program: list[Op] = [New(0, it) for it in types]
    program.insert(draw.randint(0, len(program) - 1), New(0, draws.go_type("int")))
    return Question(
        text=(
            "What is bitmap word 0 of the chunk at the end? Bit 0, the last digit, describes the chunk's first "
            "8 bytes; 1 means a pointer."
        ),
        program=(NewArena(0), *program),
        rules=GC_OFF,
        answer=Bits(),
        read=lambda run: run.world.bits.word(0, 0),
        decided=after(BitmapWordWritten),
        hints=(
            "Leave out the `int`: it is at the back and has no bits.",
            "Write the words in a row, lowest address on the right: 1 for a pointer, 0 for anything else.",
        ),
        why=lambda _: f"From the lowest address on: {_told(types)}; then zeros up to each value's end.",
        meant=lambda run, given: (
            "Those are the right bits in the wrong direction."
            if given == _mirrored(run.world.bits.word(0, 0), run.world.spans[0].free_base)
            else ""
        ),
        look=_look,
    )


def _mirrored(word: int, used_bytes: int) -> int:
    """Return a word whose lowest used bits are turned round."""
    bits = used_bytes % 512 // 8
    return int(f"{word:064b}"[64 - bits :][::-1] or "0", 2)


@family("marks-cleared", title="Which noMorePtrs marks are gone?", chapter=4)
def marks_cleared(draw: Random) -> Question:
    """Ask which of the first bitmap words have lost their noMorePtrs mark."""
    types = [draws.go_type(draw.choice(WIDE)) for _ in range(draw.randint(1, 2))]
    types.insert(draw.randint(0, len(types)), draws.go_type(draw.choice(SMALL)))
    words = [f"word {number}" for number in range(WORDS)]
    return Question(
        text=(
            "One bitmap word describes 512 bytes. A fresh chunk has a `noMorePtrs` mark on each of these words. "
            "Which marks are gone at the end?"
        ),
        program=(NewArena(0), *(New(0, it) for it in types)),
        rules=GC_OFF,
        answer=several(*words, label="Without a mark"),
        read=partial(_unmarked, words),
        decided=after(BitmapWordWritten),
        hints=(
            "A mark goes when the collector must look further than its word.",
            "Add up the sizes: every word before the one in which the last byte lies has lost its mark.",
        ),
        why=lambda run: _why_marks(run.world.spans[0].free_base - run.world.spans[0].base),
        meant=lambda run, given: (
            "A mark too many: it stands where no value reaches beyond its word."
            if given - _unmarked(words, run)
            else "A mark too few: it goes as soon as a value reaches beyond its word."
        ),
        look=_look,
    )


def _why_marks(front: int) -> str:
    last = (front - 1) // 512
    told = (
        "no word before it"
        if last == 0
        else f"the words 0 to {last - 1} before it"
        if last > 1
        else "word 0 before it"
    )
    return (
        f"The front reaches to byte {front:,}; its last byte is in word {last}, so {told} must be read past."
    )


def _unmarked(words: list[str], run: History) -> frozenset[str]:
    marks = run.world.scan_limits.no_more_ptrs(0)
    return frozenset(name for number, name in enumerate(words) if not marks[number])


@family("scan-words", title="How far is the chunk read?", chapter=4)
def scan_words(draw: Random) -> Question:
    """Ask how many bitmap words the collector enters before it stops."""
    made = draws.go_type(draw.choice(SMALL))
    cap = draw.choice((8, 21, 22, 32, 40, 64, 85, 100, 128, 200, 256))
    return Question(
        text=(
            f"The chunk has {CHUNK_WORDS:,} bitmap words. How many of them does the collector enter "
            "before a `noMorePtrs` mark stops it?"
        ),
        program=(
            NewArena(0),
            MakeSlice(0, made, cap),
            MakeSlice(0, draws.go_type("int"), draw.randint(1, 4000)),
        ),
        rules=GC_OFF,
        answer=Whole(unit="words"),
        read=words_entered,
        decided=after(BitmapWordWritten),
        hints=(
            "The `int`s have no bits; they don't count.",
            "How many times 512 bytes does the front reach?",
        ),
        why=lambda run: (
            f"{cap} × {made.size} = {counted(cap * made.size, 'byte')}, {-(-cap * made.size // 512)} × 512 rounded up: "
            f"the mark of word {words_entered(run) - 1} still stands."
        ),
        meant=lambda run, given: (
            "It reads the word in which it finds the mark, too." if given == words_entered(run) - 1 else ""
        ),
        look=_look,
    )


def words_entered(run: History) -> int:
    """Return how many bitmap words of chunk 0 the collector enters."""
    scan = heap_bitmap(ChunkIndex(run), len(run), focus=0).scan
    return scan.end if scan and scan.end < scan.behind else 0
