"""Questions of chapter 9, freeing while the collector runs: which list, what a touch does, how long it takes."""

from __future__ import annotations

from arenalab.course import show
from arenalab.course.answers import Whole, choice, which_list
from arenalab.course.draws import Draw
from arenalab.course.family import family
from arenalab.course.moments import last_about
from arenalab.course.programs import cycle_that_readied, filled, four_fill, node, readied_or_last
from arenalab.course.question import Question
from arenalab.world import tables
from arenalab.world.history import History
from arenalab.world.ops import Free, MarkBegin, MarkEnd, New, NewArena, Op, RunGC
from arenalab.world.touch import Outcome, Pointer, touch

OLD, DIES = "it works and finds the old value", "the program dies: freed memory is touched"
FINE, OTHER = "it works: the arena is alive", "it works and finds another value"
MEANT = {
    FINE: "Its arena was freed.",
    OLD: "A full chunk stays readable only while it waits on the fault list.",
    OTHER: "For that another arena must get the chunk, and put a value there.",
    DIES: "Only full chunks are set to fault, and not while the collector marks.",
}
FOUND = {Outcome.FINE: FINE, Outcome.STALE: OLD, Outcome.OTHER: OTHER, Outcome.FAULTS: DIES}


def _around_free(draw: Draw, freed: list[Op]) -> list[Op]:
    """Put a collection before, around or after a Free, or none."""
    when = draw.choice(("none", "before", "around", "around", "until", "after"))
    return {
        "none": freed,
        "before": [MarkBegin(), MarkEnd(), *freed],
        "around": [MarkBegin(), *freed],
        "until": [MarkBegin(), *freed, MarkEnd()],
        "after": [*freed, MarkBegin()],
    }[when]


@family("list-while-marking", title="Where does Free put it?", chapter=9)
def list_while_marking(draw: Draw) -> Question:
    """Ask on which list a chunk is after a Free near a collection."""
    chunks = draw.randint(1, 3)
    wanted = draw.choice([*range(chunks), *range(chunks), chunks])
    return Question(
        text=f"{four_fill(draw.rules)} On which list is chunk {wanted} at the end?",
        program=(*filled(0, chunks, rules=draw.rules), *_around_free(draw, [Free(0)])),
        rules=draw.rules,
        answer=which_list(),
        read=lambda run: run.world.list_of(wanted),
        look=show.life_cycle,
        decided=last_about(wanted),
        hints=(
            "Is the chunk full? Only full chunks are ever set to fault.",
            "Is the collector marking at the moment of `Free`? And has that collection ended since?",
        ),
        why=lambda run: (
            f"{'Full' if wanted < chunks else 'Not full'}; at the end the collector is "
            f"{'at rest' if run.world.gc.phase == tables.GC_OFF else 'marking'}."
        ),
        meant=lambda _, given: {
            "fault": "The fault list is for full chunks freed while marking, until that collection ends.",
            "quarantine": "Quarantine takes full chunks, as soon as they are set to fault.",
            "reuse": "The reuse list takes the chunk that was being filled.",
            "ready": "A chunk is ready when a collection that began after the free has swept it.",
        }.get(given, "A freed arena has no chunks any more."),
    )


@family("touch-after-free", title="What does a read do now?", chapter=9)
def touch_after_free(draw: Draw) -> Question:
    """Ask what reading the arena's first value does at the end."""
    full = draw.random() < 0.7
    program: list[Op] = [NewArena(0), New(0, node())]
    program += [*filled(0, 1, rules=draw.rules)][1:] if full else []
    program += _around_free(draw, [Free(0)] if draw.random() < 0.9 else [])
    return Question(
        text="Somebody kept a pointer to the arena's first value, and reads through it at the end. What happens?",
        program=tuple(program),
        rules=draw.rules,
        answer=choice(FINE, OLD, OTHER, DIES, label="The read"),
        read=_what_a_read_does,
        look=show.collector,
        decided=last_about(0),
        hints=(
            "On which list is chunk 0 then? Two of the lists keep their chunks readable.",
            "Nothing is set to fault while the collector marks.",
        ),
        why=lambda run: str(touch(run.world, Pointer(0))) + ".",
        meant=lambda run, given: MEANT[given] if Free(0) in run.ops else "Nobody has freed the arena.",
    )


def _what_a_read_does(run: History) -> str:
    return FOUND[touch(run.world, Pointer(0)).outcome]


@family("collections-after-free", title="How many collections until it is ready?", chapter=9)
def collections_after_free(draw: Draw) -> Question:
    """Ask which collection makes a chunk ready when Free came before or while it marked."""
    before, after_it, while_marking = draw.randint(0, 2), draw.randint(0, 3), draw.random() < 0.6
    middle: list[Op] = [MarkBegin(), Free(0), MarkEnd()] if while_marking else [Free(0)]
    return Question(
        text=(
            "Number the collections from 1. After which one is chunk 0 on the ready list? Answer 0 if after none. "
            "No pointer into the arena is left."
        ),
        program=(*filled(0, 1, rules=draw.rules), *[RunGC()] * before, *middle, *[RunGC()] * after_it),
        rules=draw.rules,
        answer=Whole("Collection"),
        read=lambda run: cycle_that_readied(run, 0),
        look=show.life_cycle,
        decided=lambda run: readied_or_last(run, 0),
        hints=(
            "A collection that was marking when `Free` was called has marked the chunk already.",
            "A marked chunk stays where it is; the next collection decides again.",
        ),
        why=lambda _: (
            f"`Free` came while collection {before + 1} was marking."
            if while_marking
            else f"`Free` came between collections, after {before} of them."
        ),
        meant=lambda _, given: (
            "That one had marked the chunk before it was freed."
            if while_marking and given == before + 1
            else ""
        ),
    )
