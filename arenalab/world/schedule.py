"""Turns: who goes on next, and how far. A list of turns is a program of several goroutines and its schedule.

A goroutine is within one operation at most. `Begin` starts one, `GoOn` goes on with it; either stops at a point, or
goes on to the operation's end. Between two turns any other goroutine may take its own, so a list of turns says in
which order the runtime's locks were taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from arenalab.asked import Called, as_int, instance
from arenalab.errors import ArgumentError
from arenalab.world.actors import MAIN, MOST_PS, is_actor
from arenalab.world.event import EVENTS
from arenalab.world.ops import Op

REUSE_EMPTY, CHUNK_FREED, REFILLED = "reuse empty", "chunk freed", "refilled"
#: Places in a procedure where others can overtake it, and what they are.
POINTS = {
    REUSE_EMPTY: "refill saw the reuse list empty and let userArenaState.lock go; it may wait for assist credit",
    CHUNK_FREED: "Free has dealt with one more full chunk",
    REFILLED: "refill has given the arena a chunk; a value that doesn't fit there looks for another",
}

USER_ARENA_LOCK = "userArenaState.lock"
HEAP_LOCK = "mheap.lock"
SPECIAL_LOCK = "mspan.speciallock"
CENTRAL_LOCK = (
    "mcentral"  #: a size class's spans. Go: the sets of an mcentral, which one P at a time takes from.
)
SWEEP_LOCK = "mspan.sweepgen"  #: who sweeps a span has it alone. Go: tryAcquire, mgcsweep.go, 1.21.
GCPROG_LOCK = (
    "World.scratch"  #: ours: a World keeps one expanded GC program, Go as many as there are goroutines.
)
LOCKS = (USER_ARENA_LOCK, HEAP_LOCK, SPECIAL_LOCK, CENTRAL_LOCK, SWEEP_LOCK, GCPROG_LOCK)
STOP_THE_WORLD = "stopTheWorld"
#: Where an operation can stand while others go on: at a point, or waiting for a lock, or to stop the world.
PLACES = (*POINTS, *LOCKS, STOP_THE_WORLD)


def goroutine_of(name: str, given: Any) -> int:
    """Return the number of a goroutine of the program that a caller gave.

    Raises:
        ArgumentError: no whole number from 1 on.

    """
    number = as_int(given)
    if number is None or number < MAIN or not is_actor(number):
        raise ArgumentError(name, given, "the number of a goroutine, from 1 (main's) on, as Go numbers them")
    return number


def p_of(name: str, given: Any) -> int | None:
    """Return the number of a processor that a caller gave, None for the one that the goroutine ran on last.

    Raises:
        ArgumentError: no number of a processor.

    """
    number = as_int(given)
    if given is not None and (number is None or not 0 <= number < MOST_PS):
        raise ArgumentError(
            name, given, f"the number of a P, from 0 to {MOST_PS - 1}, or None: where it ran last"
        )
    return number


def until_of(name: str, given: Any) -> str:
    """Return where a turn ends, as a caller gave it.

    Raises:
        ArgumentError: no point, no kind of event, not "".

    """
    if isinstance(given, str) and (given in POINTS or given in EVENTS or not given):
        return given
    kinds = "the name of a kind of event"
    raise ArgumentError(
        name, given, f'a point ({", ".join(POINTS)}), {kinds}, or "" for the operation\'s end'
    )


@dataclass(frozen=True, slots=True)
class Begin(metaclass=Called):
    """A goroutine starts an operation and performs it up to a point, "" for its end.

    `until` is one of `POINTS`, or a kind of event: then the turn ends with the next one of that kind. `p` is the
    processor that it runs on, None for where it ran last, at first P 0.

    Raises:
        ArgumentError: no goroutine of the program, no operation, no such point, no P.

    """

    goroutine: int  #: number of the one that begins.
    op: Op  #: what it performs.
    until: str = ""
    p: int | None = None

    def __post_init__(self) -> None:
        """Check every field."""
        instance("Begin.op", self.op, Op, "an operation, such as NewArena(0)")
        _check(self)


@dataclass(frozen=True, slots=True)
class GoOn(metaclass=Called):
    """A goroutine goes on with the operation that it is within, up to a point, "" for its end; else as `Begin`.

    Raises:
        ArgumentError: no goroutine of the program, no such point, no P.

    """

    goroutine: int  #: number of the one that goes on.
    until: str = ""  #: as in `Begin`.
    p: int | None = None  #: as in `Begin`.

    def __post_init__(self) -> None:
        """Check every field."""
        _check(self)


Turn = Begin | GoOn


def _check(turn: Turn) -> None:
    """Hold what all turns have against what there is; integers of another library become ints."""
    kind = type(turn).__name__
    object.__setattr__(turn, "goroutine", goroutine_of(f"{kind}.goroutine", turn.goroutine))
    until_of(f"{kind}.until", turn.until)
    object.__setattr__(turn, "p", p_of(f"{kind}.p", turn.p))
