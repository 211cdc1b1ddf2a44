"""Scheduled: a question about a program of several goroutines, and the order of their turns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from arenalab.course.question import Question
from arenalab.machine.machine import Machine
from arenalab.view.calls import call_of
from arenalab.world.history import History
from arenalab.world.schedule import CHUNK_FREED, REFILLED, REUSE_EMPTY, Begin, GoOn, Turn

#: Point -> what the goroutine has just done there, as a reader sees it behind its line.
STOPS = {
    REUSE_EMPTY: "stops: the reuse list was empty",
    CHUNK_FREED: "stops: one more full chunk is done",
    REFILLED: "stops: the arena has its chunk",
}


@dataclass(frozen=True)
class Scheduled(Question):
    """A question whose program is a list of turns; its lines say who performs each, and how far."""

    turns: tuple[Turn, ...] = ()  #: as `Machine.take` has them.

    @cached_property
    def run(self) -> History:
        """The run of the turns in the model."""
        machine = Machine(self.rules, in_bulk=self.in_bulk)
        for turn in self.turns:
            machine.take(turn)
        return machine.history

    def lines(self) -> list[str]:
        """Return the turns, each as a Go programmer would write what the goroutine does."""
        return [_line(turn) for turn in self.turns]


def scheduled(turns: Iterable[Turn], **parts: Any) -> Scheduled:
    """Return a question about turns; `parts` are those of a `Question` but its program."""
    turns = tuple(turns)
    program = tuple(turn.op for turn in turns if isinstance(turn, Begin))
    return Scheduled(program=program, turns=turns, **parts)


def _line(turn: Turn) -> str:
    does = "goes on" if isinstance(turn, GoOn) else call_of(turn.op)
    stops = f"   // {STOPS.get(turn.until, f'stops after {turn.until}')}" if turn.until else ""
    return f"goroutine {turn.goroutine}: {does}{stops}"
