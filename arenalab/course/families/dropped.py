"""Questions of chapter 10, dropped handles: who frees, when, in which order."""

from __future__ import annotations

from arenalab.course import show
from arenalab.course.answers import Whole, choice, which_list
from arenalab.course.draws import Draw
from arenalab.course.family import family
from arenalab.course.moments import after, last_about
from arenalab.course.programs import cycle_that_readied, filled, readied_or_last
from arenalab.course.question import Question
from arenalab.units import counted
from arenalab.world.gc_events import FinalizerRun
from arenalab.world.history import History
from arenalab.world.ops import Drop, Free, NewArena, Op, RunGC, Unhold


@family("list-of-the-dropped", title="Where is a dropped arena's chunk?", chapter=10)
def list_of_the_dropped(draw: Draw) -> Question:
    """Ask on which list a chunk is when its arena was dropped, not freed."""
    wanted, cycles = draw.choice((0, 0, 1)), draw.randint(0, 3)
    held: list[int] = [0] if draw.random() < 0.4 else []
    return Question(
        text=(
            f"The program forgets the arena and never calls `Free`. On which list is chunk {wanted} at the end? "
            "A chunk that still belongs to the arena is active or full."
        ),
        program=(*filled(0, 1, held, draw.rules), Drop(0), *[RunGC()] * cycles),
        rules=draw.rules,
        answer=which_list(),
        read=lambda run: run.world.list_of(wanted),
        look=show.life_cycle,
        decided=last_about(wanted),
        hints=(
            "The handle has a finalizer, and that calls free. When does the collector find out?",
            "The collection that finds the handle unreachable marks the chunks once more.",
        ),
        why=lambda _: (
            f"Collections since the drop: {cycles}; the first one queues the finalizer, which frees."
        ),
        meant=lambda _, given: {
            "fault": "The finalizer runs when marking is over, so nothing has to wait on the fault list.",
            "ready": "Ready is for full chunks that a later collection found without a pointer.",
        }.get(given, ""),
    )


@family("collections-after-drop", title="How many collections until it is ready?", chapter=10)
def collections_after_drop(draw: Draw) -> Question:
    """Ask which collection makes the full chunk of a dropped (or freed) arena ready."""
    held = draw.random() < 0.4
    freed, kept = draw.random() < 0.3, draw.randint(1, 2)
    program: list[Op] = [*filled(0, 1, [0] if held else [], draw.rules), Free(0) if freed else Drop(0)]
    program += [RunGC()] * kept
    program += [Unhold(0)] if held else []
    program += [RunGC()] * draw.randint(0, 2)
    return Question(
        text=(
            "Number the collections from 1. After which one is chunk 0, which is full, on the ready list? "
            "Answer 0 if after none."
        ),
        program=tuple(program),
        rules=draw.rules,
        answer=Whole("Collection"),
        read=lambda run: cycle_that_readied(run, 0),
        look=show.life_cycle,
        decided=lambda run: readied_or_last(run, 0),
        hints=(
            "Was the arena freed or dropped? A dropped one is freed by the finalizer that a collection queues.",
            "The sweep after that asks about each pointer into the chunk.",
        ),
        why=lambda _: (
            f"The arena was {'freed' if freed else 'dropped'}"
            + (f", and a global pointed into it during {counted(kept, 'collection')}." if held else ".")
        ),
        meant=lambda _, given: (
            "That one finds the handle unreachable and queues its finalizer, which frees; nothing is ready yet."
            if given == 1 and not freed
            else ""
        ),
    )


@family("first-finalizer", title="Whose finalizer runs first?", chapter=10)
def first_finalizer(draw: Draw) -> Question:
    """Ask which of several dropped arenas is freed first."""
    count = draw.randint(3, 4)
    program: list[Op] = [NewArena(number) for number in range(count)]
    gone = draw.sample(range(count), draw.randint(2, count))
    freed = draw.choice(gone) if len(gone) > 2 else -1  # two finalizers at least are left
    program += [Free(number) if number == freed else Drop(number) for number in gone]
    return Question(
        text="All the arenas are made one after the other. Whose finalizer runs first in the collection?",
        program=(*program, RunGC()),
        rules=draw.rules,
        answer=choice(*(f"a{number}" for number in range(count)), label="The first"),
        read=lambda run: f"a{_first(run)}",
        look=show.collector,
        decided=after(FinalizerRun, nth=0),
        hints=(
            "`Free` takes the finalizer off.",
            "The sweeper queues finalizers in the order of addresses, and the last one queued runs first.",
        ),
        why=lambda run: f"Queued and run: {', '.join(_order(run))}.",
        meant=_meant_first,
    )


def _meant_first(run: History, given: str) -> str:
    number = int(given[1:])
    if Free(number) in run.ops:
        return "`Free` has taken that finalizer off."
    return "That one was queued earlier." if Drop(number) in run.ops else "That arena is still reachable."


def _first(run: History) -> int:
    return next(event.user_arena for event in run.events if isinstance(event, FinalizerRun))


def _order(run: History) -> list[str]:
    return [f"a{event.user_arena}" for event in run.events if isinstance(event, FinalizerRun)]
