"""Questions of chapter 19, do arenas still pay: how often the collector runs beside arenas, and GOGC for a memory."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from arenalab.course import show
from arenalab.course.answers import Whole, choice
from arenalab.course.draws import Draw, go_type
from arenalab.course.family import family
from arenalab.course.moments import after, end_of
from arenalab.course.question import Question
from arenalab.go.rules import GoRules
from arenalab.machine.machine import Machine
from arenalab.units import MiB, counted, plainly
from arenalab.world.gc_events import GoalSet, TriggerReached
from arenalab.world.history import History
from arenalab.world.ops import Free, NewArena, Op, Rep, RunGC

PERCENTS = (25, 50, 100, 200, 400)
VALUE = "[2000000]byte"  #: four fit into a chunk of any version, five into none.


@family("requests-that-collect", title="How many collections start?", chapter=19)
def requests_that_collect(draw: Draw) -> Question:
    """Ask how many cycles start while requests come and go, each with an arena that is freed."""
    live, percent, requests = draw.choice((1, 1, 2, 3, 5)), draw.choice((25, 50, 50, 100)), draw.randint(3, 4)
    program: list[Op] = [*map(NewArena, range(live)), RunGC()]
    for number in range(live, live + requests):
        program += [NewArena(number), Rep(number, go_type(VALUE), 5), Free(number)]
    return Question(
        text=(
            f"`GOGC={percent}`. {plainly(live, 'arena')} stay, each with a chunk, and a collection has just ended. "
            f"Then {requests} requests come one after the other: each fills a chunk, begins "
            "another, and frees its arena.\n\n"
            "How many more collections start by themselves?"
        ),
        program=tuple(program),
        answer=Whole("Collections"),
        read=_started,
        look=show.counters,
        decided=end_of(-1),
        hints=(
            "`Free` takes the full chunk off heapLive again. The begun one stays, and the next request goes on in it.",
            f"The goal is what was marked and {percent} % more. How far above what stays does heapLive ever get?",
        ),
        why=lambda run: _why(run, live),
        meant=lambda run, given: (
            "Each request would start one if `Free` left heapLive as it is."
            if given == requests != _started(run)
            else ""
        ),
        rules=replace(draw.rules, gogc=percent),
        in_bulk=True,
    )


def _started(run: History) -> int:
    return sum(isinstance(event, TriggerReached) for event in run.events[_collected(run) :])


def _collected(run: History) -> int:
    return run.op_end(run.ops.index(RunGC()) + 1)


def _why(run: History, live: int) -> str:
    goal = next(event for event in reversed(run.events[: _collected(run)]) if isinstance(event, GoalSet))
    return f"{plainly(live, 'chunk')} stay; after the first collection the trigger is {counted(goal.trigger, 'byte')}."


@family("gogc-for-memory", title="Which GOGC for the same memory?", chapter=19)
def gogc_for_memory(draw: Draw) -> Question:
    """Ask for the largest GOGC with which the heap's goal stays within what arenas would need."""
    live, wanted = draw.randint(1, 4), draw.randrange(len(PERCENTS) - 1)
    chunk = draw.rules.chunk.usable_bytes
    low, high = (live * chunk * (100 + PERCENTS[wanted + more]) // 100 for more in (0, 1))
    # A whole number of MiB above the goal: the runtime's own few objects are marked, too.
    most = max((low + draw.randint(1, 3) * (high - low) // 4) // MiB, low // MiB + 1)
    return Question(
        text=(
            f"{live * chunk / MiB:.1f} MiB stay alive, whatever the requests do. With arenas for the requests the "
            f"program never holds more than {most} MiB. Without, its heap grows up to the goal, again and again.\n\n"
            f"With which of these `GOGC` does the goal come nearest to {most} MiB without passing it?"
        ),
        program=(*map(NewArena, range(live)), RunGC()),
        answer=choice(*map(str, PERCENTS), label="GOGC"),
        read=lambda run: _largest(run, most * MiB),
        look=show.counters,
        decided=after(GoalSet),
        hints=(
            "The goal is what a collection marked, and GOGC percent of it on top.",
            "So GOGC=100 means twice what is alive.",
        ),
        why=lambda run: (
            f"With it the goal is {counted(_goal(run, int(_largest(run, most * MiB))), 'byte')}: that is the heap to "
            "compare the arenas with."
        ),
        meant=lambda run, given: (
            f"Then the heap may grow to {_goal(run, int(given)) / MiB:.0f} MiB."
            if _goal(run, int(given)) > most * MiB
            else "It may be larger: fewer collections, and still within that memory."
        ),
        rules=replace(draw.rules, gogc=100),
    )


def _goal(run: History, percent: int) -> int:
    """Ask the model for the goal of the same program under another GOGC."""
    return _goal_under(replace(run.rules, gogc=percent), (*run.ops,))


@lru_cache(maxsize=len(PERCENTS))
def _goal_under(rules: GoRules, program: tuple[Op, ...]) -> int:
    return Machine(rules).run(program).world.gc.goal


def _largest(run: History, most: int) -> str:
    return str(max(percent for percent in PERCENTS if _goal(run, percent) <= most))
