"""Questions of chapter 1, first steps: which end, how many chunks, what Free leaves."""

from __future__ import annotations

from arenalab.course import draws
from arenalab.course.answers import Whole, choice, which_list
from arenalab.course.draws import Draw
from arenalab.course.family import family
from arenalab.course.moments import after, last_about
from arenalab.course.question import Question
from arenalab.units import counted, plainly
from arenalab.world.events import ChunkActivated, ObjectAllocated, PlacedAtZerobase
from arenalab.world.history import History
from arenalab.world.ops import Free, New, NewArena, Op, Rep
from arenalab.world.state import AT_ZEROBASE, ON_HEAP

FRONT, BACK = "the front of the chunk", "the back of the chunk"
HEAP, NOWHERE = "the heap", "nowhere: it takes no bytes"


def place_of(run: History, row: int) -> str:
    """Describe where an object of a ledger row lies."""
    entry = run.world.ledger.row(row)
    if entry[5] in (ON_HEAP, AT_ZEROBASE):
        return HEAP if entry[5] == ON_HEAP else NOWHERE
    return BACK if run.world.types[entry[2]].noscan else FRONT


@family("which-end", title="Which end?", chapter=1)
def which_end(draw: Draw) -> Question:
    """Ask at which end of the chunk a value is allocated from."""
    pool = draw.choice(
        (draws.POINTERFUL, draws.POINTERFUL, draws.POINTER_FREE, draws.POINTER_FREE, draws.EMPTY)
    )
    wanted = draws.go_type(draw.choice(pool))
    others = [New(0, draws.small(draw)) for _ in range(draw.randint(0, 2))]
    return Question(
        text="Where does the last value go?",
        program=(NewArena(0), *others, New(0, wanted)),
        rules=draw.rules,
        answer=choice(FRONT, BACK, HEAP, NOWHERE, label="The last value goes to"),
        read=lambda run: place_of(run, len(run.world.ledger) - 1),
        decided=after(ObjectAllocated, PlacedAtZerobase),
        hints=(
            f"How many bytes has a `{wanted.expr}`, and is one of them part of a pointer?",
            "A string, a slice, a map, a func and an interface all hold pointers.",
        ),
        why=lambda _: _why_end(wanted.expr, wanted.size, wanted.ptr_bytes),
        meant=lambda _, given: _meant_end(given),
    )


def _why_end(expr: str, size: int, ptr_bytes: int) -> str:
    if not size:
        return f"`{expr}` has size 0."
    holds = (
        f"may hold pointers, in its first {plainly(ptr_bytes, 'byte')}" if ptr_bytes else "holds no pointer"
    )
    return f"A `{expr}` has {size} byte{'s' if size > 1 else ''} and {holds}."


def _meant_end(given: str) -> str:
    return {
        FRONT: "At the front stand values with pointers: the collector reads from there on.",
        BACK: "At the back stand values without pointers: the collector never comes so far.",
        HEAP: "Only what is larger than a quarter of a chunk is sent to the heap.",
        NOWHERE: "Only a value of size 0 takes no bytes.",
    }[given]


@family("chunks-taken", title="How many chunks?", chapter=1)
def chunks_taken(draw: Draw) -> Question:
    """Ask how many chunks are mapped after a few arenas came and went."""
    program: list[Op] = []
    for number in range(draw.randint(2, 4)):
        program.append(NewArena(number))
        if draw.random() < 0.6:
            program.append(Rep(number, draws.small(draw), draw.randint(1, 2000)))
        if draw.random() < 0.4:
            program.append(Free(number))
    return Question(
        text="How many chunks of 8 MiB has the program taken in all? No chunk is filled up here.",
        program=tuple(program),
        rules=draw.rules,
        answer=Whole("Chunks"),
        read=lambda run: len(run.world.births),
        decided=after(ChunkActivated),
        hints=("A new arena takes a chunk at once.", "What did the arenas leave that were freed before?"),
        why=lambda run: (
            f"{plainly(len(run.world.user_arenas), 'arena was', 'arenas were')} made; "
            "one made after a `Free` first looks into the reuse list."
        ),
        meant=lambda run, given: (
            "That would be a chunk for each arena, as if none were reused."
            if given == len(run.world.user_arenas)
            else ""
        ),
        in_bulk=True,
    )


@family("list-after-free", title="Where does Free leave it?", chapter=1)
def list_after_free(draw: Draw) -> Question:
    """Ask on which list the first chunk is after Free: it depends on whether it was filled up."""
    wanted = draws.go_type(
        draw.choice(("int64", "string", "struct{ left, right *int; value int }", "[64]byte"))
    )
    room = draw.rules.chunk.usable_bytes
    part = draw.choice((0.1, 0.3, 0.7, 1.3, 1.6))
    many = int(part * room / wanted.size)
    return Question(
        text=(
            f"A chunk has room for {counted(room, 'byte')}; each value (`{wanted.expr}`) has {wanted.size}. The "
            "collector is at rest. On which list is chunk 0, the arena's first, when `Free` is done?"
        ),
        program=(NewArena(0), Rep(0, wanted, many), Free(0)),
        rules=draw.rules,
        answer=which_list(),
        read=lambda run: run.world.list_of(0),
        decided=last_about(0),
        hints=(
            "Do all the values fit into one chunk?",
            "`Free` treats full chunks unlike the one being filled.",
        ),
        why=lambda run: (
            f"{many:,} × {wanted.size} = {counted(many * wanted.size, 'byte')}: "
            f"{len(run.world.births)} chunk{'s' if len(run.world.births) > 1 else ''} taken."
        ),
        meant=lambda _, given: {
            "ready": "It would be ready only after a cycle that finds no pointer into it.",
            "fault": "The fault list is used while the collector is marking; here it is at rest.",
            "reuse": "The reuse list takes the chunk that was being filled; this one was full.",
            "quarantine": "Only full chunks are set to fault; this one was still being filled.",
        }.get(given, "A freed arena has no chunks any more."),
        in_bulk=True,
    )
