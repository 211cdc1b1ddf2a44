"""Questions of chapter 6, Free: which chunk goes where, who gets it next, what an old pointer finds."""

from __future__ import annotations

from arenalab.course import draws
from arenalab.course.answers import Answer, choice
from arenalab.course.draws import Draw
from arenalab.course.family import family
from arenalab.course.moments import after, end_of
from arenalab.course.programs import four_fill, quarter
from arenalab.course.question import Question
from arenalab.units import KiB, plainly
from arenalab.world.end_events import ChunkUnmapped, ReusePut
from arenalab.world.events import ChunkActivated
from arenalab.world.history import History
from arenalab.world.ops import Free, New, NewArena, Op, Read, Rep, RunGC
from arenalab.world.touch import Outcome, Pointer, touch

OUTCOMES = {
    Outcome.FINE: "its own value",
    Outcome.STALE: "the old value, though it was freed",
    Outcome.OTHER: "somebody else's value",
    Outcome.NOTHING: "zeros that belong to no value",
    Outcome.FAULTS: "nothing: the program crashes",
}
MEANT = {
    "its own value": "Its arena was freed.",
    "the old value, though it was freed": "Nobody kept the memory: it was set to fault, or cleared for somebody else.",
    "somebody else's value": "For that another arena must get the chunk, cleared, and put a value right there.",
    "zeros that belong to no value": "For that another arena must get the chunk, cleared, and leave this part free.",
    "nothing: the program crashes": "Only a chunk that was full is set to fault; this one is mapped.",
}
AGAIN = "The chunk was set to fault, but a cycle made it ready, and another arena has had it mapped again."


@family("fault-first", title="Which chunk goes first?", chapter=6)
def fault_first(draw: Draw) -> Question:
    """Ask which chunk Free sets to fault first, or last."""
    chunks, first = draw.randint(3, 5), draw.random() < 0.5
    many = 4 * (chunks - 1) + draw.randint(1, 3)
    return Question(
        text=(
            f"{four_fill(draw.rules)} Which chunk does `Free` set to fault {'first' if first else 'last'}? "
            "Chunks are numbered in the order in which they were taken."
        ),
        program=(NewArena(0), Rep(0, quarter(draw.rules), many), Free(0)),
        rules=draw.rules,
        answer=choice(*(f"chunk {number}" for number in range(chunks)), label="The chunk"),
        read=lambda run: f"chunk {_unmapped(run)[0 if first else -1]}",
        decided=after(ChunkUnmapped, nth=0 if first else -1),
        hints=(
            (
                f"{plainly(many, 'value needs', 'values need')} {plainly(chunks, 'chunk')}. "
                "The last one is not full: does `Free` set it to fault?"
            ),
            "A chunk that has become full is put at the head of the full list, and `Free` starts at the head.",
        ),
        why=lambda run: (
            f"Set to fault: {', then '.join(map(str, _unmapped(run)))}; chunk {chunks - 1} goes to the reuse list."
        ),
        meant=lambda _, given: (
            "That one was still being filled: it goes to the reuse list."
            if given == f"chunk {chunks - 1}"
            else ""
        ),
    )


def _unmapped(run: History) -> list[int]:
    return [event.chunk for event in run.events if isinstance(event, ChunkUnmapped)]


@family("next-owner", title="Which chunk does the next arena get?", chapter=6)
def next_owner(draw: Draw) -> Question:
    """Ask which chunk a new arena starts with after some were freed."""
    arenas = draw.randint(2, 4)
    order = draw.sample(range(arenas), draw.randint(1, arenas))
    fillings = [Rep(number, draws.small(draw), draw.randint(1, 999)) for number in range(arenas)]
    full = draw.choice((None, *order))  # this one has filled a chunk, and another since
    if full is not None:
        fillings[full] = Rep(full, quarter(draw.rules), 5)
    made = [op for number, filling in enumerate(fillings) for op in (NewArena(number), filling)]
    return Question(
        text=f"Which chunk does the last arena start with? {four_fill(draw.rules)} No collection happens.",
        program=(*made, *(Free(number) for number in order), NewArena(arenas)),
        rules=draw.rules,
        answer=choice(*(f"chunk {number}" for number in range(arenas + 2)), label="It starts with"),
        read=lambda run: f"chunk {run.world.user_arenas[arenas].active}",
        decided=after(ChunkActivated),
        hints=(
            "`Free` puts the chunk that was being filled on the reuse list.",
            "The reuse list is a stack: what was put there last is taken first.",
        ),
        why=lambda run: f"On the reuse list, oldest first: {', '.join(map(str, _put(run)))}.",
        meant=lambda run, given: (
            "That chunk was put on the reuse list earlier; the latest is taken first."
            if int(given.split()[1]) in _put(run)
            else "That chunk is not on the reuse list."
        ),
    )


def _put(run: History) -> list[int]:
    return [event.chunk for event in run.events if isinstance(event, ReusePut)]


@family("old-pointer", title="What does the old pointer find?", chapter=6)
def old_pointer(draw: Draw) -> Question:
    """Ask what reading through a pointer to the first value finds in the end."""
    number, full, cycle, later = (
        draws.go_type("int"),
        draw.random() < 0.6,
        draw.random() < 0.6,
        draw.random() < 0.7,
    )
    program: list[Op] = [NewArena(0), New(0, number)]
    program += (
        [Rep(0, quarter(draw.rules), 4)]
        if full
        else [Rep(0, draws.go_type(f"[{KiB}]byte"), draw.randint(1, 99))]
    )
    program += [Free(0)] if draw.random() < 0.9 else []
    program += [RunGC()] if cycle else []
    if later:
        program += [NewArena(1), *draw.choice(([], [New(1, number)], [New(1, draws.go_type("string"))]))]
        program += [NewArena(2), *draw.choice(([], [New(2, number)]))]
    read = Read(0, 0)
    return Question(
        text=(
            "The program kept a pointer to object 0, the first value, without telling the collector. What does it "
            f"read there in the end? {four_fill(draw.rules)}"
        ),
        program=(*program, read),
        rules=draw.rules,
        answer=_outcomes(),
        read=lambda run: OUTCOMES[touch(run.after_op(len(program)), Pointer(0)).outcome],
        decided=end_of(-1),
        hints=(
            "Was chunk 0 full when `Free` came? Then it is set to fault, otherwise it goes to the reuse list as it is.",
            "A cycle that finds no pointer makes a faulting chunk ready. Being taken again clears it.",
        ),
        why=lambda run: f"{touch(run.after_op(len(program)), Pointer(0))}.",
        meant=lambda run, given: _meant_by(run, given, full=full),
    )


def _meant_by(run: History, given: str, *, full: bool) -> str:
    if Free(0) not in run.ops:
        return "Nobody has freed the arena."
    return AGAIN if full and given == OUTCOMES[Outcome.FAULTS] else MEANT[given]


def _outcomes() -> Answer:
    return choice(*OUTCOMES.values(), label="It reads")
