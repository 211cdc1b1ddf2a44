"""Questions of chapter 4, the heap bitmap: the bits of a word, where in the chunk it lies, where scans end."""

from __future__ import annotations

from typing import Any

from arenalab.course import draws
from arenalab.course.answers import Bits, Offset, Whole
from arenalab.course.draws import Draw
from arenalab.course.family import family
from arenalab.course.moments import after
from arenalab.course.question import Question
from arenalab.explore.heap_bitmap import HeapBitmap
from arenalab.go.rules import BITMAP
from arenalab.go.types import GoType
from arenalab.units import plainly
from arenalab.world.events import BitmapWordWritten, ObjectAllocated, PtrBytesSet
from arenalab.world.history import History
from arenalab.world.ops import MakeSlice, New, NewArena, Op

SMALL = (
    "*int", "string", "any", "[]byte", "struct{ next *int; key int }", "struct{ left, right *int; value int }",
    "struct{ n int; p *int }", "[3]*int", "struct{ name string; age int }",
)  # fmt: skip
TAILED = ("struct{ p *int; t [1000]byte }", "struct{ p *int; n [62]int }", "[64]*int", "[20]string")
SINCE = ">=1.22"  #: since when a chunk has its bits in its own end, and a dummy type.
BYTES_OF_A_WORD = 512  #: of a chunk, that a bitmap word describes on linux/amd64.
BITMAP_BYTES = 131_072  #: of a chunk of 8 MiB.


def look(run: History, moment: int) -> Any:
    """Open the heap bitmap."""
    return HeapBitmap(run, cursor=moment)


def _told(types: list[GoType]) -> str:
    """Write each type's mask, the word of the lowest address first."""
    return ", ".join(f"`{it.expr}` {''.join(map(str, it.mask.bits(0, it.mask.n)))}" for it in types)


@family("bitmap-word", title="The first bitmap word", chapter=4)
def bitmap_word(draw: Draw) -> Question:
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
        rules=draw.rules,
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
        look=look,
    )


def _mirrored(word: int, used_bytes: int) -> int:
    """Return a word whose lowest used bits are turned round."""
    bits = used_bytes % 512 // 8
    return int(f"{word:064b}"[64 - bits :][::-1] or "0", 2)


@family("where-scans-end", title="Where do scans end?", chapter=4, go=SINCE)
def where_scans_end(draw: Draw) -> Question:
    """Ask for the PtrBytes of the chunk's dummy type after a few values."""
    types = [draws.go_type(draw.choice(SMALL)) for _ in range(draw.randint(1, 2))]
    types.append(draws.go_type(draw.choice(TAILED)))
    draw.shuffle(types)
    program = [New(0, it) for it in types]
    program.insert(draw.randint(0, len(program)), New(0, draws.go_type("int")))
    return Question(
        text=(
            "At the end, how many bytes are the `PtrBytes` of the chunk's dummy type? Scans of the chunk end there."
        ),
        program=(NewArena(0), *program),
        rules=draw.rules,
        answer=Whole("PtrBytes", "bytes"),
        read=lambda run: run.world.scan_limits.ptr_bytes(0),
        decided=after(PtrBytesSet),
        hints=(
            "Leave out the `int`: it is at the back.",
            "Add up the sizes of the values before the last one, then go to the end of the last one's last pointer.",
        ),
        why=lambda run: (
            f"The last value with pointers starts at byte {_start_of_the_last(run):,}: {_told(types[-1:])}."
        ),
        meant=lambda run, given: (
            "That is where the last value ends; its last pointer ends before."
            if given
            == run.world.spans[0].free_base - run.world.spans[0].base
            != run.world.scan_limits.ptr_bytes(0)
            else ""
        ),
        look=look,
    )


def _start_of_the_last(run: History) -> int:
    """Return the offset of the last value with pointers."""
    span, last = (
        run.world.spans[0],
        [op.type.size for op in run.ops if isinstance(op, New) and op.type.ptr_bytes][-1],
    )
    return span.free_base - span.base - last


@family("bitmap-place", title="Where is its bitmap word?", chapter=4, go=SINCE)
def bitmap_place(draw: Draw) -> Question:
    """Ask at which offset of the chunk the bitmap word lies that describes the last value."""
    element, last = draws.go_type(draw.choice(SMALL)), draws.go_type(draw.choice(SMALL))
    many = draw.choice((8, 21, 32, 40, 64, 85, 100, 128, 200, 256))
    return Question(
        text=(
            f"A chunk's bitmap is its last {BITMAP_BYTES:,} bytes, from offset {draw.rules.chunk.at(BITMAP):#x} on. A "
            "bitmap word has 8 bytes and describes 512. At which offset is the word with the bit of the last value's "
            "first 8 bytes?"
        ),
        program=(NewArena(0), MakeSlice(0, element, many), New(0, last)),
        rules=draw.rules,
        answer=Offset(),
        read=lambda run: run.rules.chunk.at(BITMAP) + 8 * _word_of_the_last(run),
        decided=after(ObjectAllocated),
        hints=(
            f"The slice takes {many} × {plainly(element.size, 'byte')}; the last value starts after it.",
            "How many times 512 bytes lie before the last value? Each has a word of 8 bytes.",
        ),
        why=lambda run: (
            f"The last value starts at byte {_start_of_the_last(run):,}, after "
            f"{plainly(_word_of_the_last(run), 'whole bitmap word')}."
        ),
        meant=lambda run, given: (
            "That is the number of the word; the bitmap begins further up, and each word has 8 bytes."
            if given == _word_of_the_last(run)
            else "That is as if a word had one byte."
            if given == run.rules.chunk.at(BITMAP) + _word_of_the_last(run) != run.rules.chunk.at(BITMAP)
            else ""
        ),
        look=look,
    )


def _word_of_the_last(run: History) -> int:
    return _start_of_the_last(run) // BYTES_OF_A_WORD
