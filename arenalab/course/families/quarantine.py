"""Questions of chapter 7, quarantine: what a leaked pointer keeps, what it costs, for how long."""

from __future__ import annotations

from arenalab.course import show
from arenalab.course.answers import Whole, several
from arenalab.course.draws import Draw
from arenalab.course.family import family
from arenalab.course.moments import after
from arenalab.course.programs import (
    chunk_names,
    cycle_that_readied,
    filled,
    four_fill,
    readied_or_last,
)
from arenalab.course.question import Question
from arenalab.units import counted, plainly
from arenalab.world.gc_events import ChunksMarked, MarkTerminated
from arenalab.world.ops import Free, Op, RunGC, Unhold


def _leaky(draw: Draw) -> tuple[int, list[Op]]:
    """Draw an arena that is freed with up to two pointers left, and one collection."""
    chunks = draw.randint(2, 4)
    held = draw.sample(range(chunks), draw.choice((0, 1, 1, 2, 2)))
    program: list[Op] = [*filled(0, chunks, held, draw.rules), Free(0)]
    if held and draw.random() < 0.3:
        program.append(Unhold(draw.randrange(len(held))))
    return chunks, [*program, RunGC()]


@family("leaked-chunks", title="Which chunks stay in quarantine?", chapter=7)
def leaked_chunks(draw: Draw) -> Question:
    """Ask which chunks are quarantined after a collection; pointers were left into some."""
    chunks, program = _leaky(draw)
    return Question(
        text=(
            f"{four_fill(draw.rules)} The collector is at rest when the arena is freed.\n\n"
            "Which chunks are still in quarantine when the collection is over?"
        ),
        program=tuple(program),
        rules=draw.rules,
        answer=several(*chunk_names(chunks + 1), label="In quarantine"),
        read=lambda run: frozenset(f"chunk {number}" for number in run.world.quarantine),
        look=show.collector,
        decided=after(ChunksMarked),
        hints=(
            "Only full chunks go to quarantine; the last chunk is still being filled.",
            "A chunk leaves quarantine when a collection finds no pointer into it.",
        ),
        why=lambda run: (
            f"When the collector marked, {plainly(len(run.world.holds), 'global')} pointed into chunks."
        ),
        meant=lambda _, given: (
            f"chunk {chunks} was being filled: `Free` puts it on the reuse list."
            if f"chunk {chunks}" in given
            else ""
        ),
    )


@family("heap-live-of-a-leak", title="What does Go think is live?", chapter=7)
def heap_live_of_a_leak(draw: Draw) -> Question:
    """Ask for heapLive after a collection: quarantined chunks that were marked count."""
    _, program = _leaky(draw)
    return Question(
        text=(
            f"To the collector a chunk is one object of {counted(draw.rules.chunk.usable_bytes, 'byte')}. For how many "
            "chunks does `heapLive` count when the collection is over?"
        ),
        program=tuple(program),
        rules=draw.rules,
        answer=Whole("heapLive", "chunks"),
        read=lambda run: run.world.counters.heap_live // run.rules.chunk.usable_bytes,
        look=show.counters,
        decided=after(MarkTerminated),
        hints=(
            "After a collection, heapLive is what was marked, and a chunk is marked whole.",
            "The chunk on the reuse list is marked in every collection.",
        ),
        why=lambda run: (
            f"Marked: {len(run.world.reuse)} on the reuse list and {len(run.world.quarantine)} in quarantine, "
            "though the memory of those is given back to the operating system."
        ),
        meant=lambda run, given: (
            "That leaves out the quarantined chunks: their memory is gone, but they were marked and so they count."
            if given == len(run.world.reuse) and run.world.quarantine
            else ""
        ),
    )


@family("ready-again", title="When is the chunk usable again?", chapter=7)
def ready_again(draw: Draw) -> Question:
    """Ask which collection makes a chunk ready."""
    chunks = 2
    held, wanted = draw.randrange(chunks), draw.randrange(chunks)
    before, later = draw.randint(1, 3), draw.randint(0, 2)
    return Question(
        text=(
            f"Number the collections from 1. Which one makes chunk {wanted} ready to be used again? "
            "Answer 0 if none of them does."
        ),
        program=(
            *filled(0, chunks, [held], draw.rules),
            Free(0),
            *[RunGC()] * before,
            Unhold(0),
            *[RunGC()] * later,
        ),
        rules=draw.rules,
        answer=Whole("Collection"),
        read=lambda run: cycle_that_readied(run, wanted),
        look=show.life_cycle,
        decided=lambda run: readied_or_last(run, wanted),
        hints=(
            "Into which chunk does the global point, and until when?",
            "One collection without a pointer is enough.",
        ),
        why=lambda _: (
            f"The global points into chunk {held} during the first {plainly(before, 'collection')}."
        ),
        meant=lambda _, given: (
            "The global points into another chunk."
            if held != wanted
            else "A pointer into the chunk was left during that one."
            if 0 < given <= before
            else ""
        ),
    )
