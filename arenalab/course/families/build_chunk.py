"""Programs to write in chapters 1 to 5: where values lie in a chunk, and what stays unused."""

from __future__ import annotations

from arenalab.course.construct import Build, build
from arenalab.course.construct.told import chunks_of_values, made_nothing, of_values, values
from arenalab.course.draws import Draw
from arenalab.course.families.two_ends import lost_bytes
from arenalab.course.family import family
from arenalab.course.show import bitmap
from arenalab.units import KiB, plainly
from arenalab.world.events import RedirectedToHeap
from arenalab.world.history import History

ARENA = "a := arena.NewArena()\n"
QUARTER = "[2097152]byte"  #: of 2 MiB: the largest value that goes into a chunk.
TO_HEAP = " A value of more than a quarter of a chunk goes to the Go heap, and the arena keeps its chunk."


def _many(times: int, go_type: str) -> str:
    return f"for range {times} {{ arena.New[{go_type}](a) }}\n"


@family("build-two-ends", title="Write a program: both ends of a chunk", chapter=1)
def build_two_ends(draw: Draw) -> Build:
    """Ask for so many values at the front of a chunk and so many at its back."""
    front, back = draw.randint(1, 4), draw.randint(1, 4)
    return build(
        text=(
            f"Write a program after which one chunk holds {plainly(front, 'value')} at its front "
            f"and {back} at its back."
        ),
        example=ARENA + _many(front, "*int") + _many(back, "int"),
        goal=lambda run: _ends(run, front, back),
        wrong=(
            ARENA + _many(front + back, "int"),
            ARENA + _many(front, "*int") + _many(back, "string"),
            f"for range {front + back} {{ a := arena.NewArena(); arena.New[*int](a) }}",
        ),
        rules=draw.rules,
        hints=(
            "The type alone decides to which end a value goes.",
            "`*int` holds a pointer and goes to the front, `int` holds none and goes to the back.",
        ),
        why=lambda run: f"In one chunk: {of_values(run)}.",
    )


def _ends(run: History, front: int, back: int) -> str:
    if nothing := made_nothing(run):
        return nothing
    if len(chunks_of_values(run)) != 1:
        return (
            f"Your run put its values into {plainly(len(chunks_of_values(run)), 'chunk')}, not all into one."
        )
    found = [sum(it.noscan == noscan for it in values(run)) for noscan in (False, True)]
    if found == [front, back]:
        return ""
    strings = any(it.expr == "string" for it in values(run))
    hint = " A `string` holds a pointer, to its bytes." if strings else ""
    return (
        f"Your run: {plainly(found[0], 'value')} at the front, {found[1]} at the back; "
        f"wanted are {front} and {back}.{hint}"
    )


@family("build-lost-bytes", title="Write a program: bytes that alignment loses", chapter=2)
def build_lost_bytes(draw: Draw) -> Build:
    """Ask for an order of values that loses so many bytes at the back."""
    lost = draw.randint(5, 45)
    gaps, rest = divmod(lost, 7)
    pair = "arena.New[byte](a); arena.New[int64](a)"
    example = ARENA + (f"for range {gaps} {{ {pair} }}\n" if gaps else "")
    example += f"arena.MakeSlice[byte](a, {8 - rest}, {8 - rest})\narena.New[int64](a)" if rest else ""
    return build(
        text=(
            f"Write a program that loses {plainly(lost, 'byte')} at the back of chunk 0: they lie between values, "
            "and belong to none."
        ),
        example=example,
        goal=lambda run: _lost(run, lost),
        wrong=(
            ARENA + _many(lost, "byte"),
            ARENA + f"for range {gaps + 1} {{ {pair} }}",
            ARENA + _many(gaps + 1, "struct { p *int; b byte }"),
        ),
        rules=draw.rules,
        hints=(
            "A value at the back begins at a multiple of its alignment. What is left above it is lost.",
            "A `byte` and then an `int64` lose 7 bytes. A slice of 6 bytes and then an `int64` lose 2.",
        ),
        why=lambda run: f"From the end down: {of_values(run)}.",
    )


def _lost(run: History, wanted: int) -> str:
    if nothing := made_nothing(run):
        return nothing
    found = lost_bytes(run)
    if found == wanted:
        return ""
    hint = " Values of alignment 1 begin anywhere, so nothing is lost between them." if not found else ""
    if not any(it.noscan for it in values(run)):
        hint = " Values with pointers stand at the front, where nothing is lost."
    return f"Your run lost {plainly(found, 'byte')}, wanted are {wanted}.{hint}"


@family("build-prefix", title="Write a program: where the last pointer ends", chapter=3)
def build_prefix(draw: Draw) -> Build:
    """Ask for a type of a size whose last pointer ends at some byte."""
    before, after = draw.randint(1, 6), draw.randint(1, 4)
    ptr_bytes, size = 8 * (before + 1), 8 * (before + 1 + after)
    return build(
        text=(
            f"Allocate a value of {plainly(size, 'byte')} whose last pointer ends at byte {ptr_bytes}: "
            f"its type has size {size} and PtrBytes {ptr_bytes}."
        ),
        example=f"{ARENA}arena.New[struct {{ a [{before}]int; p *int; b [{after}]int }}](a)",
        goal=lambda run: _prefix(run, size, ptr_bytes),
        wrong=(
            f"{ARENA}arena.New[struct {{ a [{before + after}]int; p *int }}](a)",
            f"{ARENA}arena.New[[{size}]byte](a)",
            f"{ARENA}arena.New[struct {{ p *int; b [{before + after}]int }}](a)",
        ),
        rules=draw.rules,
        hints=(
            "A pointer takes 8 bytes, and so does an `int`. Which fields come before the last pointer?",
            "A struct may have arrays: `struct { a [3]int; p *int; b [2]int }` ends its pointer at byte 32 of 48.",
        ),
        why=lambda run: f"The type is `{values(run)[-1].expr}`.",
    )


def _prefix(run: History, size: int, ptr_bytes: int) -> str:
    if nothing := made_nothing(run):
        return nothing
    last = values(run)[-1]
    if (last.size, last.ptr_bytes) == (size, ptr_bytes):
        return ""
    if not last.ptr_bytes:
        return f"Your last value, a `{last.expr}`, has {plainly(last.size, 'byte')} and no pointer."
    tail = " What comes after the last pointer does not count." if last.ptr_bytes == last.size else ""
    where = f"its last pointer ends at byte {last.ptr_bytes}"
    return f"Your last value, a `{last.expr}`, has {plainly(last.size, 'byte')}; {where}.{tail}"


@family("build-bits", title="Write a program: a word of the heap bitmap", chapter=4)
def build_bits(draw: Draw) -> Build:
    """Ask for values whose pointers make bitmap word 0 a number."""
    digits = ""
    while digits == digits[::-1] or "0" not in digits.strip("0"):
        digits = "1" + "".join(draw.choice("01") for _ in range(draw.randint(4, 7)))
    fields = [f"f{at} {'*int' if bit == '1' else 'int'}" for at, bit in enumerate(reversed(digits))]
    return build(
        text=(
            f"Write a program after which word 0 of chunk 0's heap bitmap is `0b{digits}`. "
            "The bit of the chunk's first 8 bytes is the lowest one, written last."
        ),
        example=f"{ARENA}arena.New[struct {{ {'; '.join(fields)} }}](a)",
        goal=lambda run: _word(run, digits),
        wrong=(
            f"{ARENA}arena.New[struct {{ {'; '.join(reversed(fields))} }}](a)",
            ARENA + "".join(f"arena.New[{'*int' if bit == '1' else 'int'}](a)\n" for bit in reversed(digits)),
        ),
        rules=draw.rules,
        look=bitmap,
        hints=(
            "Each bit is 8 bytes of the chunk: 1 for a pointer. Values with pointers lie side by side from the front.",
            "A struct with `int` between pointers sets a 0 between 1s.",
        ),
        why=lambda run: f"From the front: {of_values(run)}.",
    )


def _word(run: History, digits: str) -> str:
    if nothing := made_nothing(run):
        return nothing
    found, hint = run.world.bits.word(0, 0), ""
    if found == int(digits, 2):
        return ""
    if found == int(digits[::-1], 2):
        hint = (
            " That is the pattern turned round: the chunk's first 8 bytes are the lowest bit, written last."
        )
    elif found == 2 ** digits.count("1") - 1:
        hint = (
            " Values without pointers went to the back, where no bit is set: a 0 must stand within a value."
        )
    return f"Your run: word 0 is {found:#b}, wanted is 0b{digits}.{hint}"


@family("build-waste", title="Write a program: a chunk that is given up early", chapter=5)
def build_waste(draw: Draw) -> Build:
    """Ask for a full chunk with so much room left."""
    wanted = draw.randrange(1000, 1850, 50)
    filler = (1900 - wanted) * KiB
    return build(
        text=(
            f"Write a program after which an arena has a full chunk with {wanted:,} KiB or more unused. "
            f"Do not free it. (A chunk is about 8 MiB; `{QUARTER}` has 2 MiB.)"
        ),
        example=f"{ARENA}{_many(3, QUARTER)}arena.New[[{filler}]byte](a)\narena.New[{QUARTER}](a)",
        goal=lambda run: _waste(run, wanted),
        wrong=(
            f"{ARENA}arena.New[byte](a)\narena.New[[8000000]byte](a)",
            ARENA + _many(5, "[2000000]byte"),
            ARENA + _many(3, QUARTER),
        ),
        rules=draw.rules,
        hints=(
            "A chunk is full when a value was asked for that no longer fits, however much room is left.",
            "The largest value that goes into a chunk has 2 MiB. Leave a little less than that.",
        ),
        why=lambda run: f"The arena was asked for {of_values(run)}.",
    )


def _waste(run: History, wanted: int) -> str:
    if nothing := made_nothing(run):
        return nothing
    hint = TO_HEAP if any(isinstance(event, RedirectedToHeap) for event in run.events) else ""
    full = [chunk for row in run.world.user_arenas.values() for chunk in row.full_list]
    if not full:
        return f"Your run leaves no full chunk: every value fitted into the room that there was.{hint}"
    found = max(run.world.spans[chunk].free_bytes for chunk in full)
    if found >= wanted * KiB:
        return ""
    return f"Your run left {found // KiB:,} KiB of a full chunk unused, wanted are {wanted:,}.{hint}"
