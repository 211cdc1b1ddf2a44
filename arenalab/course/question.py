"""Question: a program, what is asked about its run, and how an answer is judged.

Laws of this file:
1. The answer, the deciding moment and every explanation are read off the run; none is written down.
2. The program is run when somebody first asks, once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from random import Random
from typing import Any

from arenalab.course.answers import Answer
from arenalab.errors import ModelBug, ScenarioError
from arenalab.go.rules import GoRules
from arenalab.go.versions import GO_1_21
from arenalab.machine.machine import Machine
from arenalab.view.reading import Reading, call_of, reading
from arenalab.world.event import Event
from arenalab.world.history import History
from arenalab.world.ops import Op

#: The collector starts no cycle by itself, so that nothing happens but what the program asks for.
GC_OFF = replace(GO_1_21, gogc=-1)

Moment = Callable[[History], int]  #: a run -> how many of its events have happened at some moment.


@dataclass(frozen=True)
class Question:
    """What a family makes; `family`, `title`, `chapter` and `seed` are filled in by it."""

    text: str  #: paragraphs, split by an empty line; `code` stands between backticks.
    program: tuple[Op, ...]
    answer: Answer
    read: Callable[[History], Any]  #: the run -> the right value.
    decided: Moment  #: the run -> the moment at which it is decided; see `after`, `end_of`.
    hints: tuple[str, ...] = ()
    why: Callable[[History], str] | None = None  #: the rule behind the answer, in a sentence.
    meant: Callable[[History, Any], str] | None = (
        None  #: what a wrong value would have meant; "" for nothing.
    )
    look: Callable[[History, int], Any] | None = (
        None  #: an explorer that "Show me" opens; None is the chunk map.
    )
    shown: int | None = None  #: operations of the program that the reader sees; None is all.
    rules: GoRules = GC_OFF
    in_bulk: bool = False  #: long runs of equal values are solved at once.

    family: str = ""
    title: str = ""
    chapter: int = 0
    seed: int = 0

    @cached_property
    def run(self) -> History:
        """The run of the program in the model."""
        return Machine(self.rules, in_bulk=self.in_bulk).run(self.program)

    @cached_property
    def value(self) -> Any:
        """The right answer, read off the run."""
        return self.read(self.run)

    @property
    def moment(self) -> int:
        """How many events have happened when it is decided."""
        return self.decided(self.run)

    def lines(self) -> list[str]:
        """Return the program that the reader sees, as a Go programmer would write it."""
        return [call_of(op) for op in self.program[: self.shown]]


@dataclass(frozen=True)
class Verdict:
    """What the model says to an answer."""

    right: bool
    given: str  #: the answer given, as the model reads it; "" when nobody gave one.
    answer: str  #: the right one.
    step: Reading  #: the operation, the event and the Go function that decide it.
    moment: int
    why: str = ""
    meant: str = ""

    def text(self) -> str:
        """Tell it in lines."""
        head = f"Right: {self.answer}" if self.right else f"Not so: {self.given}. It is {self.answer}"
        step = f"Decided in operation {self.step.op + 1}, {self.step.call}: {self.step.sentence}"
        go = f"Go: {self.step.go}" if self.step.go else ""
        return "\n".join(line for line in (head, self.meant, step, go, self.why) if line)


def solved(question: Question) -> Verdict:
    """Return the model's own answer, and where it is decided."""
    step = reading(question.run, question.moment)
    why = question.why(question.run) if question.why else ""
    return Verdict(
        right=True,
        given="",
        answer=question.answer.show(question.value),
        step=step,
        moment=question.moment,
        why=why,
    )


def judge(question: Question, given: Any) -> Verdict:
    """Hold an answer against the run of the program.

    Raises:
        ScenarioError: it is no answer of the kind that was asked for.

    """
    value, told = question.answer.read(given), solved(question)
    right = value == question.value
    meant = "" if right or question.meant is None else question.meant(question.run, value)
    return replace(told, right=right, given=question.answer.show(value), meant=meant)


# moments


def after(*kinds: type[Event], nth: int = -1, **wanted: Any) -> Moment:
    """Return the moment right after an event of some kind: the last one, or number `nth`; `wanted` are fields."""

    def moment(run: History) -> int:
        found = [
            at for at, event in enumerate(run.events, 1) if type(event) in kinds and event.like(**wanted)
        ]
        if not found:
            names = " or ".join(kind.__name__ for kind in kinds)
            raise ModelBug(f"no {names} with {wanted} in the run of an exercise's program")
        return found[nth]

    return moment


def end_of(number: int) -> Moment:
    """Return the moment at which operation `number` is done; −1 is the last."""
    return lambda run: run.op_end(number % len(run.ops))


def last_about(chunk: int) -> Moment:
    """Return the moment right after the last event that concerns a chunk."""
    return lambda run: max(at for at, event in enumerate(run.events, 1) if chunk in event.chunks)


# families


@dataclass(frozen=True)
class Family:
    """Questions of one kind, one for each seed."""

    name: str
    title: str
    chapter: int  #: notebook in which it stands.
    draw: Callable[[Random], Question]

    def make(self, seed: int) -> Question:
        """Return the question of a seed; the same one every time, on every machine."""
        drawn = self.draw(Random(f"{self.name}:{seed}"))
        return replace(drawn, family=self.name, title=self.title, chapter=self.chapter, seed=seed)


FAMILIES: dict[str, Family] = {}


def family(name: str, *, title: str, chapter: int) -> Callable[[Callable[[Random], Question]], Family]:
    """Enter a function that draws questions into the registry: `@family("which-end", title=..., chapter=1)`.

    A cell that is run again enters its function again, in place of the one before.

    Raises:
        ScenarioError: another function has entered that name.

    """

    def enter(draw: Callable[[Random], Question]) -> Family:
        if name in FAMILIES and not _again(draw, FAMILIES[name].draw):
            there = FAMILIES[name].draw
            raise ScenarioError(
                f"two families of questions are called {name!r}, {there.__module__}.{there.__qualname__} and "
                f"{draw.__module__}.{draw.__qualname__}; rename one"
            )
        FAMILIES[name] = Family(name, title, chapter, draw)
        return FAMILIES[name]

    return enter


def _again(draw: Callable[[Random], Question], before: Callable[[Random], Question]) -> bool:
    """Tell whether a function is another edition of the one before; in a notebook its name may have changed."""
    notebook = draw.__module__ == "__main__"
    return draw.__module__ == before.__module__ and (notebook or draw.__qualname__ == before.__qualname__)
