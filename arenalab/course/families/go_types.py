"""Questions of chapter 3, Go types as the collector sees them: size, pointer prefix, pointer words, kind of mask."""

from __future__ import annotations

from functools import partial
from typing import Any

from arenalab.course import draws
from arenalab.course.answers import Whole, choice, several
from arenalab.course.draws import Draw
from arenalab.course.family import family
from arenalab.course.moments import after
from arenalab.course.question import Question
from arenalab.explore.heap_bitmap import HeapBitmap
from arenalab.explore.types import Types
from arenalab.go.types import GoType
from arenalab.syntax import type_of
from arenalab.units import counted, plainly
from arenalab.view.type_layout import type_layout
from arenalab.world.events import (
    BitmapWordWritten,
    GCProgExpanded,
    MaskBuilt,
    ObjectAllocated,
    ScanAllocAdded,
)
from arenalab.world.history import History
from arenalab.world.ops import New, NewArena

FIELDS = {
    "*int": 8, "string": 16, "[]byte": 24, "any": 16, "int": 8, "int32": 4, "bool": 1, "[3]byte": 3, "float64": 8,
    "map[string]int": 8, "int16": 2, "func()": 8, "uintptr": 8, "error": 16,
}  # fmt: skip
WITH_POINTERS = ("*int", "string", "[]byte", "any", "map[string]int", "func()", "error")
MASK, PROGRAM = "a mask, one bit for each word", "a GC program, run into the value's own memory"
ON_DEMAND = "no mask: the runtime builds it at the type's first use"


def _struct(draw: Draw, least: int = 3, most: int = 5) -> GoType:
    """Draw a struct of several fields, at least one of them with a pointer."""
    kinds = [draw.choice(tuple(FIELDS)) for _ in range(draw.randint(least, most) - 1)]
    kinds.insert(draw.randint(0, len(kinds)), draw.choice(WITH_POINTERS))
    fields = "; ".join(f"{name} {kind}" for name, kind in zip("abcdef", kinds, strict=False))
    return draws.go_type(f"struct{{ {fields} }}")


def layout(run: History) -> str:
    """Describe where the fields of the last type stand."""
    made = run.world.types[-1]
    fields = ", ".join(f"`{it.name}` at {it.offset}" for it in made.fields or ())
    return f"{fields}; the value has {plainly(made.size, 'byte')} and is aligned to {made.align}."


@family("type-size", title="How large is it?", chapter=3)
def type_size(draw: Draw) -> Question:
    """Ask for the size of a struct, padding included."""
    made = _struct(draw)
    return Question(
        text=f"How many bytes does one value of `{made.expr}` take?",
        program=(NewArena(0), New(0, made)),
        rules=draw.rules,
        answer=Whole(unit="bytes"),
        read=lambda run: run.world.ledger.row(0)[1],
        decided=after(ObjectAllocated),
        hints=(
            "Each field starts at a multiple of its alignment; an array has the alignment of its element.",
            "The whole is rounded up to the largest alignment. A slice has 24 bytes, an interface and a string 16.",
        ),
        why=layout,
        meant=lambda _, given: "That is without the padding." if given == _no_padding(made) else "",
        look=lambda run, _: Types(made.expr, go=run.rules.version),
    )


def _no_padding(made: GoType) -> int:
    return sum(it.type.size for it in made.fields or ())


@family("pointer-prefix", title="How far does the collector look?", chapter=3)
def pointer_prefix(draw: Draw) -> Question:
    """Ask by how many bytes scanAlloc grows: the type's pointer prefix."""
    made = _struct(draw)
    return Question(
        text=(
            f"One `{made.expr}` is placed. By how many bytes does `scanAlloc` grow, Go's count of the bytes "
            "that the collector may have to read?"
        ),
        program=(NewArena(0), New(0, made)),
        rules=draw.rules,
        answer=Whole(unit="bytes"),
        read=lambda run: next(it.nbytes for it in reversed(run.events) if isinstance(it, ScanAllocAdded)),
        decided=after(ScanAllocAdded),
        hints=(
            "It counts from the value's start to the end of its last pointer.",
            "Of a string and a slice only the first word is a pointer; of an interface both count.",
        ),
        why=layout,
        meant=lambda _, given: (
            "That is the whole value; what follows its last pointer needn't be read."
            if given == made.size
            else ""
        ),
        look=lambda run, _: Types(made.expr, go=run.rules.version),
    )


@family("pointer-words", title="Which words are pointers?", chapter=3)
def pointer_words(draw: Draw) -> Question:
    """Ask which words of a value the collector follows."""
    made = _struct(draw, 2, 3)
    words = [f"word {number}" for number in range(max(made.size // 8, 1))]
    return Question(
        text=f"A `{made.expr}` has {plainly(len(words), 'word')} of 8 bytes. Which of them does the collector follow?",
        program=(NewArena(0), New(0, made)),
        rules=draw.rules,
        answer=several(*words, label="Pointer words"),
        read=partial(_pointer_words, words),
        decided=after(BitmapWordWritten),
        hints=(
            "Write down the fields word by word: a string is pointer and length.",
            "The first word of an interface names its type or method table: the collector doesn't follow it.",
        ),
        why=lambda _: f"Word by word: {_told_words(made)}.",
        meant=lambda run, given: (
            "A word too many: lengths, numbers and the first word of an interface are not followed."
            if given - _pointer_words(words, run)
            else "A word is missing: the first word of a string, a slice, a map or a func is a pointer."
        ),
        look=_look_at_bits,
    )


def _pointer_words(words: list[str], run: History) -> frozenset[str]:
    """Return the words whose bits are set in the heap bitmap: the value starts at word 0 of the chunk."""
    bits = f"{run.world.bits.word(0, 0):064b}"[::-1]
    return frozenset(name for name, bit in zip(words, bits, strict=False) if bit == "1")


def _told_words(made: GoType) -> str:
    shown = type_layout(made).bytes
    names: dict[int, list[str]] = {}
    for word, name in zip(shown.word, shown.name, strict=True):
        names.setdefault(int(word), []).append(str(name) or "padding")
    return ", ".join(f"{word} is `{' and '.join(parts)}`" for word, parts in names.items())


def _look_at_bits(run: History, moment: int) -> Any:
    return HeapBitmap(run, cursor=moment)


@family("mask-or-program", title="Mask or none?", chapter=3)
def mask_or_program(draw: Draw) -> Question:
    """Ask how the compiler describes a large type to the collector."""
    rules, most = draw.rules, draw.rules.max_ptrmask_words
    count = draw.choice((most, most + 1, most // 2, most // 2 + 1, most * 3 // 4, most * 5 // 4))
    shapes = (
        f"[{count}]*int", f"[{count}]struct{{ p *int; n int }}", f"struct{{ p *int; b [{count * 8}]byte }}",
        f"struct{{ b [{count * 8}]byte; p *int }}", f"[{count // 2}]string",
    )  # fmt: skip
    made = type_of(draw.choice(shapes), rules=rules)
    return Question(
        text=f"How does Go {rules.version}'s compiler tell the collector where the pointers of a `{made.expr}` are?",
        program=(NewArena(0), New(0, made)),
        rules=rules,
        answer=choice(MASK, PROGRAM, ON_DEMAND, label="It makes"),
        read=_description,
        decided=_described,
        hints=(
            "Only the bytes up to the end of the last pointer count.",
            f"A descriptor of Go {rules.version} has a mask of at most {counted(most, 'word')}.",
        ),
        why=lambda _: (
            f"Its last pointer ends at byte {made.ptr_bytes:,}: {counted(made.ptr_bytes // 8, 'word')}."
        ),
        meant=_meant_description,
        look=_look_at_bits,
    )


def _described(run: History) -> int:
    """Return the moment at which what describes the type is made or used."""
    kinds = {type(event) for event in run.events}.intersection({GCProgExpanded, MaskBuilt})
    return after(*(kinds or {ObjectAllocated}))(run)


def _description(run: History) -> str:
    kinds = {type(event) for event in run.events}
    return PROGRAM if GCProgExpanded in kinds else ON_DEMAND if MaskBuilt in kinds else MASK


def _meant_description(run: History, given: str) -> str:
    """Describe what is mistaken: how far the pointers reach, or in which Go there is such a thing."""
    if _description(run) == MASK:
        return "What lies after the last pointer needs no description."
    if given == MASK:
        return "The last pointer lies too far from the start for a mask."
    return "GC programs are gone since Go 1.24." if given == PROGRAM else "Masks on demand came with Go 1.24."
