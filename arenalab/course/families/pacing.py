"""Questions of chapter 11, counters and pacing: heapLive, and when a cycle starts by itself."""

from __future__ import annotations

from dataclasses import replace

from arenalab.course import show
from arenalab.course.answers import Whole
from arenalab.course.draws import Draw, small
from arenalab.course.family import family
from arenalab.course.moments import after
from arenalab.course.programs import filled, four_fill
from arenalab.course.question import Question
from arenalab.units import counted, plainly
from arenalab.world.chunk_events import ChunkAccounted
from arenalab.world.end_events import ChunkUncounted
from arenalab.world.gc_events import GoalSet, TriggerReached
from arenalab.world.history import History
from arenalab.world.ops import Free, NewArena, Op, Rep, RunGC

#: Of GOGC in `first-cycle`: a trigger near a number of whole chunks would be passed, or not, by a few small objects.
FIRST_PERCENTS = tuple(
    percent
    for percent in range(100, 1600, 20)
    if all(0.1 < 4 * percent * 61 / 6400 % chunk_mib < chunk_mib - 0.1 for chunk_mib in (7.875, 8))
)
PERCENTS = (50, 75, 100, 150, 200, 250, 300, 350)


@family("heap-live-by-hand", title="What does heapLive count?", chapter=11)
def heap_live_by_hand(draw: Draw) -> Question:
    """Ask how many chunks heapLive counts after arenas grew and were freed, without a collection."""
    chunk = draw.rules.chunk.usable_bytes
    program: list[Op] = []
    for number in range(draw.randint(1, 3)):
        if draw.random() < 0.5:
            program += filled(number, draw.randint(1, 2), rules=draw.rules)
        else:
            program += [NewArena(number), Rep(number, small(draw), draw.randint(1, 2000))]
        if draw.random() < 0.5:
            program.append(Free(number))
    return Question(
        text=(
            f"The program has nothing else on its heap, and no collection runs. {four_fill(draw.rules)}\n\n"
            "How many chunks does `heapLive` count at the end?"
        ),
        program=tuple(program),
        rules=draw.rules,
        answer=Whole("heapLive", "chunks"),
        read=lambda run: run.world.counters.heap_live // chunk,
        look=show.counters,
        decided=after(ChunkAccounted, ChunkUncounted),
        hints=(
            f"heapLive counts chunks, never what is in them: {counted(chunk, 'byte')} when one is taken.",
            "It falls when a chunk is set to fault. A chunk on the reuse list stays counted.",
        ),
        why=lambda run: (
            f"Taken: {plainly(_taken(run), 'chunk')}; "
            f"set to fault: {_taken(run) - run.world.counters.heap_live // chunk}."
        ),
        meant=lambda run, given: (
            "That counts the chunks that were set to fault, too."
            if given == _taken(run) > run.world.counters.heap_live // chunk
            else ""
        ),
        in_bulk=True,
    )


def _taken(run: History) -> int:
    return sum(isinstance(event, ChunkAccounted) for event in run.events)


@family("first-cycle", title="Which arena starts the first collection?", chapter=11)
def first_cycle(draw: Draw) -> Question:
    """Ask how many arenas are made until heapLive passes the first trigger."""
    percent = draw.choice(FIRST_PERCENTS)
    return Question(
        text=(
            f"`GOGC={percent}`, and nothing else is on the heap. Until the first collection the goal is "
            f"4 MiB × GOGC / 100, and the trigger 61/64 of it.\n\n"
            "Arenas are made, one after the other, and kept. Which one, counted from 1, starts a collection?"
        ),
        program=tuple(NewArena(number) for number in range(8)),
        answer=Whole("Arena"),
        read=lambda run: run.op_of(_trigger(run, 0)),
        look=show.collector,
        decided=after(TriggerReached, nth=0),
        hints=(
            f"Each arena adds a chunk to heapLive at once: {counted(draw.rules.chunk.usable_bytes, 'byte')}.",
            f"4 MiB × {percent} / 100, and 61/64 of that?",
        ),
        why=lambda run: f"The trigger is {counted(_reached(run, 0).trigger, 'byte')}.",
        meant=lambda run, given: _too_early_or_late(given, run.op_of(_trigger(run, 0))),
        rules=replace(draw.rules, gogc=percent),
    )


def _too_early_or_late(given: int, right: int) -> str:
    return (
        "heapLive is still below the trigger then."
        if given < right
        else "An earlier one reaches the trigger."
    )


def _trigger(run: History, start: int) -> int:
    """Return the moment of the first trigger that is reached after a moment."""
    return next(at for at, e in enumerate(run.events, 1) if at > start and isinstance(e, TriggerReached))


def _reached(run: History, start: int) -> TriggerReached:
    event = run.events[_trigger(run, start) - 1]
    assert isinstance(event, TriggerReached)  # noqa: S101  # it was found as one
    return event


@family("next-cycle", title="Which arena starts the next collection?", chapter=11)
def next_cycle(draw: Draw) -> Question:
    """Ask how many arenas can be made after a collection until the next one starts."""
    percent, before = draw.choice(PERCENTS), draw.randint(1, 2)
    later = before * percent // 100 + 2
    return Question(
        text=(
            f"`GOGC={percent}`, and nothing else is on the heap. `runtime.GC()` runs to its end; then more arenas "
            "are made, and kept as well.\n\nWhich of those made after it, counted from 1, starts the next collection?"
        ),
        program=(
            *(NewArena(number) for number in range(before)),
            RunGC(),
            *(NewArena(before + number) for number in range(later)),
        ),
        answer=Whole("Arena after the collection"),
        read=lambda run: run.op_of(_trigger(run, run.op_end(before + 1))) - before - 1,
        look=show.collector,
        decided=lambda run: _trigger(run, run.op_end(before + 1)),
        hints=(
            f"The collection marks {plainly(before, 'chunk')}. The goal is that and GOGC percent more.",
            "The trigger lies at 61/64 of the way from what is marked to the goal.",
        ),
        why=lambda run: _why_next(run, before),
        meant=lambda run, given: _too_early_or_late(
            given, run.op_of(_trigger(run, run.op_end(before + 1))) - before - 1
        ),
        rules=replace(draw.rules, gogc=percent),
    )


def _why_next(run: History, before: int) -> str:
    goal = next(e for e in reversed(run.events[: run.op_end(before + 1)]) if isinstance(e, GoalSet))
    return f"After the collection the goal is {counted(goal.goal, 'byte')}, the trigger {goal.trigger:,}."
