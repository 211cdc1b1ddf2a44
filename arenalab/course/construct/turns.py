"""Turns as text, and exercises that are answered by them: who goes, what it begins, and how far.

goroutine 1: a := arena.NewArena()
goroutine 2: b := arena.NewArena() until reuse empty
goroutine 1: a.Free()
goroutine 2: goes on
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from arenalab.course.construct.build import Build, ProgramText
from arenalab.course.construct.performed import Performed
from arenalab.errors import ScenarioError, shown
from arenalab.go.rules import GoRules
from arenalab.machine.machine import Machine
from arenalab.world.ops import Free, MarkBegin, MarkEnd, NewArena, Op, RunGC
from arenalab.world.schedule import POINTS, Begin, GoOn, Turn

MOST_TURNS = 60
TURN = re.compile(r"goroutine (?P<who>\d{1,3}): (?P<does>.+?)(?: until (?P<until>.+))?")
MADE, FREED = re.compile(r"(\w{1,40}) := arena\.NewArena\(\)"), re.compile(r"(\w{1,40})\.Free\(\)")
OTHERS: dict[str, type[Op]] = {"runtime.GC()": RunGC, "mark_begin()": MarkBegin, "mark_end()": MarkEnd}
GOES_ON = "goes on"
HOW = (
    "turns, one a line, such as goroutine 1: a := arena.NewArena() until reuse empty, goroutine 1: goes on, "
    "goroutine 1: a.Free()"
)


def turns_of(text: str) -> Iterator[tuple[int, Turn]]:
    """Read turns, each with its line; arenas are numbered in the order of making.

    Raises:
        ScenarioError: a line that is no turn; names it.

    """
    arenas: dict[str, int] = {}
    for line, written in enumerate(text.splitlines(), 1):
        if not written.strip():
            continue
        found = TURN.fullmatch(" ".join(written.split()))
        if found is None:
            raise ScenarioError(f"line {line}: {shown(written.strip())} is no turn; expected {HOW}")
        who, until = int(found["who"]), found["until"] or ""
        if until and until not in POINTS:
            raise ScenarioError(
                f"line {line}: no point is called {shown(until)}; expected one of: {', '.join(POINTS)}"
            )
        does = found["does"]
        yield line, GoOn(who, until) if does == GOES_ON else Begin(who, _op(does, line, arenas), until)


def _op(does: str, line: int, arenas: dict[str, int]) -> Op:
    """Return the operation of a turn."""
    if made := MADE.fullmatch(does):
        if made[1] in arenas:
            raise ScenarioError(
                f"line {line}: there is an arena called {shown(made[1])} already; use another name"
            )
        arenas[made[1]] = len(arenas)
        return NewArena(arenas[made[1]])
    if (freed := FREED.fullmatch(does)) and freed[1] in arenas:
        return Free(arenas[freed[1]])
    if does in OTHERS:
        return OTHERS[does]()
    there = ", ".join(arenas) or "none"
    raise ScenarioError(
        f"line {line}: {shown(does)} can't be read here (arenas made so far: {there}); expected {HOW}"
    )


def taken(text: str, rules: GoRules) -> Performed:
    """Have the model take turns that were written as text.

    Raises:
        ScenarioError: a turn that can't be read or taken; names its line. Or one goroutine has not come to its end.

    """
    machine, lines = Machine(rules), list[int]()
    for number, (line, turn) in enumerate(turns_of(text)):
        if number == MOST_TURNS:
            raise ScenarioError(f"line {line}: more than {MOST_TURNS} turns")
        try:
            machine.take(turn)
        except ScenarioError as error:
            raise ScenarioError(f"line {line}: {error}") from None
        lines += [line] * (len(machine.history.ops) - len(lines))
    for who in machine.within:
        raise ScenarioError(
            f"goroutine {who} is still within its operation; end with: goroutine {who}: {GOES_ON}"
        )
    return Performed(text, machine.history, tuple(lines), machine.world.died)


class TurnsText(ProgramText):
    """Turns, as lines of text."""

    def how(self) -> str:
        """Show some."""
        return HOW


@dataclass(frozen=True)
class BuildTurns(Build):
    """A `Build` that is answered by turns of goroutines."""

    def performed(self, text: str) -> Performed:
        """Have the model take the turns."""
        return taken(text, self.rules)


def build_turns(*, wrong: tuple[str, ...] = (), **parts: Any) -> BuildTurns:
    """Return a question that turns answer; `wrong` are turns that people write."""
    made = BuildTurns(**parts)
    return replace(made, answer=TurnsText("Your turns", "goroutine 1: a := arena.NewArena()\n", wrong))
