"""Questions of chapter 15, bits before Go 1.22: noMorePtrs marks, words written, where the scan stops."""

from __future__ import annotations

from functools import partial

from arenalab.course import draws
from arenalab.course.answers import Whole, several
from arenalab.course.draws import Draw
from arenalab.course.families.heap_bits import SMALL, look
from arenalab.course.family import family
from arenalab.course.moments import after
from arenalab.course.question import Question
from arenalab.units import counted
from arenalab.view.chunk_index import ChunkIndex
from arenalab.view.heap_bitmap import heap_bitmap
from arenalab.world.events import BitmapWordWritten
from arenalab.world.history import History
from arenalab.world.ops import MakeSlice, New, NewArena

ONLY = "1.21"  #: the one modelled Go that has the marks.
#: Sizes that make the 512-byte borders interesting: an object ends at one, crosses one, starts at one.
WIDE = ("[64]*int", "[63]*int", "[32]string", "struct{ p *int; t [1000]byte }", "struct{ p *int; n [62]int }")
WORDS = 5


@family("marks-cleared", title="Which noMorePtrs marks are gone?", chapter=15, go=ONLY)
def marks_cleared(draw: Draw) -> Question:
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
        rules=draw.rules,
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
        look=look,
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


@family("scan-words", title="How far is the chunk read?", chapter=15, go=ONLY)
def scan_words(draw: Draw) -> Question:
    """Ask how many bitmap words the collector enters before it stops."""
    made = draws.go_type(draw.choice(SMALL))
    cap = draw.choice((8, 21, 22, 32, 40, 64, 85, 100, 128, 200, 256))
    return Question(
        text=(
            f"The chunk has {counted(draw.rules.chunk_bitmap_words, 'bitmap word')}. How many of them does the "
            "collector enter before a `noMorePtrs` mark stops it?"
        ),
        program=(
            NewArena(0),
            MakeSlice(0, made, cap),
            MakeSlice(0, draws.go_type("int"), draw.randint(1, 4000)),
        ),
        rules=draw.rules,
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
        look=look,
    )


def words_entered(run: History) -> int:
    """Return how many bitmap words of chunk 0 the collector enters."""
    scan = heap_bitmap(ChunkIndex(run), len(run), focus=0).scan
    return scan.end if scan and scan.end < scan.behind else 0


@family("words-written", title="How many words are written?", chapter=15, go=ONLY)
def words_written(draw: Draw) -> Question:
    """Ask how many bitmap words the last value writes: one more where it starts at a border of 512 bytes."""
    before = draw.choice((32, 63, 64, 64, 65, 128))
    last = draws.go_type(draw.choice(SMALL))
    return Question(
        text=(
            "One bitmap word describes 512 bytes. How many bitmap words does the last value write? A word counts, "
            "too, if only its mark changes."
        ),
        program=(NewArena(0), MakeSlice(0, draws.go_type("*int"), before), New(0, last)),
        rules=draw.rules,
        answer=Whole(unit="words"),
        read=_words_of_the_last,
        decided=after(BitmapWordWritten),
        hints=(
            "At which byte does the last value start, and at which does it end?",
            "The word before it may still say: no more pointers.",
        ),
        why=lambda _: (
            f"It starts at byte {before * 8}, which is {'a' if before % 64 == 0 else 'no'} border of 512 bytes."
        ),
        meant=lambda run, given: (
            "The word before the border has to lose its mark."
            if given < _words_of_the_last(run)
            else "Only a word that the value reaches is written, or that must lose its mark."
        ),
        look=look,
    )


def _words_of_the_last(run: History) -> int:
    written = [
        event for event in run.events[run.op_end(len(run.ops) - 1) :] if isinstance(event, BitmapWordWritten)
    ]
    return len({event.word for event in written})
