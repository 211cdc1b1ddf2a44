"""Questions of chapter 2, a chunk filled from both ends: offsets, and what alignment loses."""

from __future__ import annotations

from arenalab.course import draws
from arenalab.course.answers import Offset, Whole
from arenalab.course.draws import Draw
from arenalab.course.family import family
from arenalab.course.moments import after, end_of
from arenalab.course.question import Question
from arenalab.go.types import GoType
from arenalab.world.events import ObjectAllocated
from arenalab.world.history import History
from arenalab.world.ops import MakeSlice, New, NewArena, Op
from arenalab.world.tables import MSpan


def last_offset(run: History) -> int:
    """Return the offset of the object made last from the start of its chunk."""
    row = run.world.ledger.row(len(run.world.ledger) - 1)
    return row[0] - run.world.spans[row[5]].base


def _mixed(draw: Draw, many: int) -> list[Op]:
    """Draw single values and short slices of both kinds."""
    return [_value(draw, draws.small(draw)) for _ in range(many)]


def _value(draw: Draw, go_type: GoType) -> Op:
    return MakeSlice(0, go_type, draw.randint(2, 12)) if draw.random() < 0.3 else New(0, go_type)


@family("front-offset", title="How far is the front?", chapter=2)
def front_offset(draw: Draw) -> Question:
    """Ask where a pointerful value lands after others."""
    first, wanted = draws.pointerful(draw), draws.pointerful(draw)
    return Question(
        text="The collector is off and the chunk is fresh. At which offset from the chunk's start is the last value?",
        program=(NewArena(0), _value(draw, first), *_mixed(draw, draw.randint(1, 2)), New(0, wanted)),
        rules=draw.rules,
        answer=Offset(),
        read=last_offset,
        decided=after(ObjectAllocated),
        hints=(
            "Leave out what holds no pointer: it is at the other end.",
            "Add up the sizes: a pointer 8 bytes, a string 16, an interface 16, a slice 24.",
        ),
        why=lambda run: f"In front of it stand {_sizes(run, noscan=False, last=False)}.",
        meant=lambda run, given: (
            "That counts the values without pointers, too." if given == _all_before(run) else ""
        ),
    )


@family("back-offset", title="How far is the back?", chapter=2)
def back_offset(draw: Draw) -> Question:
    """Ask where a pointer-free value lands below others; alignment counts."""
    odd, wanted = draws.go_type(draw.choice(("byte", "[5]byte", "[3]byte", "bool"))), draws.pointer_free(draw)
    return Question(
        text=(
            "The chunk is fresh. At which offset from the chunk's start does the last value begin? Values may take "
            f"its first {draw.rules.chunk.usable_bytes:#x} bytes."
        ),
        program=(NewArena(0), New(0, odd), *_mixed(draw, draw.randint(0, 1)), New(0, wanted)),
        rules=draw.rules,
        answer=Offset(),
        read=last_offset,
        decided=after(ObjectAllocated),
        hints=(
            "What holds no pointer is cut off the high end, one below the other.",
            "Take the size off, then round down to a multiple of the type's alignment.",
        ),
        why=lambda run: (
            f"{_sizes(run, noscan=True, last=True)}; it starts at a multiple of its alignment, {wanted.align}."
        ),
        meant=lambda run, given: (
            "That is without rounding down to the alignment."
            if given == _unrounded(run)
            else "That is its end, not its start."
            if given == last_offset(run) + wanted.size
            else ""
        ),
    )


@family("lost-to-alignment", title="What is lost between values?", chapter=2)
def lost_to_alignment(draw: Draw) -> Question:
    """Ask how many bytes of padding lie at the back."""
    pool = ("byte", "[5]byte", "[3]byte", "int64", "float64", "int32", "int16", "struct{ on bool; n int64 }")
    values = [New(0, draws.go_type(draw.choice(pool))) for _ in range(draw.randint(2, 4))]
    return Question(
        text="How many bytes lie unused between the values at the back of the chunk?",
        program=(NewArena(0), New(0, draws.go_type("byte")), *values),
        rules=draw.rules,
        answer=Whole(unit="bytes"),
        read=lost_bytes,
        decided=end_of(-1),
        hints=(
            "Go through them in order; each starts at a multiple of its alignment.",
            "The gap lies above a value, between its end and the value made before.",
        ),
        why=lambda run: (
            f"The values are {_sizes(run, noscan=True, last=True)}; {_span(run).free_limit:#x} is the low edge."
        ),
        meant=lambda run, given: (
            "A value can't start just anywhere: look for an alignment above 1."
            if given == 0 < lost_bytes(run)
            else ""
        ),
    )


def lost_bytes(run: History) -> int:
    """Return the bytes of chunk 0 above its free middle that belong to no object."""
    span, rows = _span(run), run.world.ledger.table()
    behind = rows[rows[:, 0] >= span.free_limit]
    return span.limit - span.free_limit - int(behind[:, 1].sum())


def _span(run: History) -> MSpan:
    return run.world.spans[0]


def _rows(run: History, *, noscan: bool, last: bool) -> list[tuple[int, str]]:
    """Return (size, what it is) of the objects of one end, with or without the one made last."""
    ledger, types = run.world.ledger, run.world.types
    rows = [ledger.row(number) for number in range(len(ledger) - (not last))]
    return [
        (row[1], types[row[2]].expr if row[3] < 0 else f"{row[3]} × {types[row[2]].expr}")
        for row in rows
        if types[row[2]].noscan == noscan
    ]


def _sizes(run: History, *, noscan: bool, last: bool) -> str:
    told = [f"`{what}` ({size})" for size, what in _rows(run, noscan=noscan, last=last)]
    return ", ".join(told) or "no values"


def _all_before(run: History) -> int:
    return sum(size for end in (False, True) for size, _ in _rows(run, noscan=end, last=False))


def _unrounded(run: History) -> int:
    """Return where the last value would start if nothing were rounded."""
    return run.rules.chunk.usable_bytes - sum(size for size, _ in _rows(run, noscan=True, last=True))
