"""Build: an exercise that is answered by a program; any whose run reaches the goal is right."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from arenalab.course.answers import Answer
from arenalab.course.construct.performed import Performed, performed
from arenalab.course.construct.statements import statements
from arenalab.course.question import Moment, Question, Verdict, tried
from arenalab.errors import ScenarioError, shown
from arenalab.view.reading import reading
from arenalab.world.history import History
from arenalab.world.ops import Op


@dataclass(frozen=True)
class ProgramText(Answer):
    """A program, as lines of Go."""

    label: str = "Your program"  #: what stands before the field.
    start: str = ""  #: what stands in the field at first.
    wrong: tuple[str, ...] = ()  #: programs that people write, and that don't reach the goal.
    block = True

    def how(self) -> str:
        """Show two lines of one."""
        return "Go statements, one a line, such as a := arena.NewArena() and a.Free()"

    def read(self, given: Any) -> str:
        """Return the text, without empty lines at its ends; every bracket and loop in it is closed."""
        if not isinstance(given, str):
            raise ScenarioError(f"{shown(given)}: write a program as text, {self.how()}")
        text = "\n".join(line.rstrip() for line in given.split("\n")).rstrip("\n")
        if not statements(text):
            raise ScenarioError(f"write a program first: {self.how()}")
        return text

    def others(self, value: str) -> Iterator[str]:
        """Yield the programs that don't reach the goal."""
        return (text for text in self.wrong if text != value)


def _lacks_nothing(_: History) -> str:
    """Return that a run lacks nothing."""
    return ""


def _is_the_example(_: History) -> str:
    """Refuse: a program is judged by its own run."""
    raise NotImplementedError


def _at_its_end(run: History) -> int:
    """Return how many events a run has."""
    return len(run)


@dataclass(frozen=True)
class Build(Question):
    r"""What the reader is to build, an example that does it, and what is said of one that doesn't.

    >>> from arenalab.course.construct.build import Build
    >>> free = Build(
    ...     text="Make an arena and free it.",
    ...     example="a := arena.NewArena()\na.Free()",
    ...     goal=lambda run: "" if run.world.reuse else "Your run freed nothing: the reuse list is empty.",
    ... )
    >>> free.judged("a := arena.NewArena()").meant
    'Your run freed nothing: the reuse list is empty.'
    """

    program: tuple[Op, ...] = ()  #: none: the example says it.
    answer: Answer = ProgramText()  #: how the field begins, and programs that people get wrong.
    read: Callable[[History], Any] = _is_the_example  #: not asked: every program is judged by its own run.
    decided: Moment = _at_its_end  #: the end of the example.
    example: str = ""  #: a program that reaches the goal: what is shown last.
    #: What the run of a program lacks, told from that run; "" where it reaches the goal.
    goal: Callable[[History], str] = _lacks_nothing
    given: str = ""  #: statements that come before the reader's.
    ends: bool = False  #: whether a program may end in a panic, a throw or a fault.

    def performed(self, text: str) -> Performed:
        """Perform a program after what is given.

        Raises:
            ScenarioError: a statement can't be read or makes no sense; names its line.

        """
        return performed(text, self.rules, self.given)

    @cached_property
    def _example(self) -> Performed:
        return self.performed(self.example)

    @cached_property
    def run(self) -> History:
        """The run of the example."""
        return self._example.run

    @cached_property
    def value(self) -> str:
        """The example, as an answer is read."""
        return str(self.answer.read(self.example))

    def lines(self) -> list[str]:
        """Return the statements that come before the reader's."""
        return self.given.splitlines()

    def judged(self, given: Any) -> Verdict:
        """Perform a program and check its run against the goal.

        Raises:
            ScenarioError: a statement can't be read or makes no sense; names its line.

        """
        text = str(self.answer.read(given))
        did = self.performed(text)
        lacks = self.lacks(did)
        shown = self.run if lacks else did.run
        return Verdict(
            right=not lacks, given=text, answer=self.value, step=reading(did.run, len(did.run)), moment=len(did.run),
            why=self.why(shown) if self.why else "", meant=lacks, run=did.run, block=True,
        )  # fmt: skip

    def lacks(self, did: Performed) -> str:
        """Return what a program lacks, "" where it reaches the goal."""
        if did.ended and not self.ends:
            return f"Your program ends in line {did.line}: {did.ended}."
        return self.goal(did.run)

    def checked(self, where: str = "") -> Question:
        """Try every part; the example must reach the goal, and no program that is said to be wrong may.

        Raises:
            ScenarioError: a part raises, or the goal takes the wrong program for right; says which.

        """
        super().checked(where)
        tried(where, "goal", self._check_goal)
        return self

    def _check_goal(self) -> None:
        if lacks := self.lacks(self._example):
            raise ScenarioError(f"the example does not reach it: {lacks}")
        for text in self.answer.others(self.value):
            if not self.lacks(self.performed(text)):
                raise ScenarioError(f"the program {shown(text)} reaches it, and is said to be wrong")


def build(*, wrong: tuple[str, ...] = (), start: str = "a := arena.NewArena()\n", **parts: Any) -> Build:
    """Return a Build; `wrong` are programs that people write, `start` stands in the field at first."""
    made = Build(**parts)
    return replace(made, answer=ProgramText(start=start, wrong=wrong))
