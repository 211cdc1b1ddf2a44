"""Turns: who goes on next, and how far. A list of turns is a program of several goroutines and its schedule.

A goroutine is within one operation at most. `Begin` starts one, `GoOn` goes on with it; either stops at a point, or
goes on to the operation's end. Between two turns any other goroutine may take its own, so a list of turns says in
which order the runtime's locks were taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from arenalab.asked import Called, as_int, instance, one_of
from arenalab.errors import ArgumentError
from arenalab.world.actors import MAIN, is_actor
from arenalab.world.ops import Op

#: Places in a procedure where others can overtake it, and what they are.
POINTS = {
    "reuse empty": "refill saw the reuse list empty and let userArenaState.lock go; it may wait for assist credit",
    "chunk freed": "Free has dealt with one more full chunk",
}


def goroutine_of(name: str, given: Any) -> int:
    """Return the number of a goroutine of the program that a caller gave.

    Raises:
        ArgumentError: no whole number from 1 on.

    """
    number = as_int(given)
    if number is None or number < MAIN or not is_actor(number):
        raise ArgumentError(name, given, "the number of a goroutine, from 1 (main's) on, as Go numbers them")
    return number


def _point_of(name: str, given: Any) -> str:
    point = instance(name, given, str, 'a point, or "" for the operation\'s end')
    return one_of(name, point, POINTS, 'a point, or ""') if point else ""


@dataclass(frozen=True, slots=True)
class Begin(metaclass=Called):
    """A goroutine starts an operation and performs it up to a point, "" for its end.

    Raises:
        ArgumentError: no goroutine of the program, no operation, no such point.

    """

    goroutine: int
    op: Op
    until: str = ""

    def __post_init__(self) -> None:
        """Check every field."""
        object.__setattr__(self, "goroutine", goroutine_of("Begin.goroutine", self.goroutine))
        instance("Begin.op", self.op, Op, "an operation, such as NewArena(0)")
        _point_of("Begin.until", self.until)


@dataclass(frozen=True, slots=True)
class GoOn(metaclass=Called):
    """A goroutine goes on with the operation that it is within, up to a point, "" for its end.

    Raises:
        ArgumentError: no goroutine of the program, no such point.

    """

    goroutine: int
    until: str = ""

    def __post_init__(self) -> None:
        """Check every field."""
        object.__setattr__(self, "goroutine", goroutine_of("GoOn.goroutine", self.goroutine))
        _point_of("GoOn.until", self.until)


Turn = Begin | GoOn
