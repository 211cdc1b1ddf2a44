"""Question: a program, what is asked about its run, and how an answer is judged.

Laws of this file:
1. The answer, the deciding moment and every explanation are read off the run; none is written down.
2. The program is run when somebody first asks, once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, partial
from random import Random
from typing import Any

from arenalab.asked import Called, called, instance, position
from arenalab.course.answers import Answer
from arenalab.errors import ArgumentError, ScenarioError
from arenalab.go.rules import GoRules
from arenalab.go.versions import GO_NEWEST
from arenalab.machine.machine import Machine
from arenalab.view.reading import Reading, call_of, reading
from arenalab.world import ops
from arenalab.world.event import Event
from arenalab.world.history import History
from arenalab.world.ops import Op

#: The collector starts no cycle by itself, so that nothing happens but what the program asks for.
GC_OFF = replace(GO_NEWEST, gogc=-1)

Moment = Callable[[History], int]  #: a run -> how many of its events have happened at some moment.


@dataclass(frozen=True)
class Question(metaclass=Called):
    """What a family makes; `family`, `title`, `chapter` and `seed` are filled in by it.

    Raises:
        ArgumentError: a part of the wrong kind.

    """

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

    def __post_init__(self) -> None:
        """Check what each part is; whether they work is seen when a family makes a question."""
        instance("Question.text", self.text, str, "a text")
        instance("Question.answer", self.answer, Answer, 'an Answer, such as Whole(unit="chunks")')
        program = (*ops.program(self.program),)
        for number, op in enumerate(program):
            instance(f"Question.program[{number}]", op, Op, "an operation, such as NewArena(0)")
        object.__setattr__(self, "program", program)
        for name in ("read", "decided"):
            if not callable(getattr(self, name)):
                raise ArgumentError(
                    f"Question.{name}", getattr(self, name), "a function of the run, a History"
                )

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
        step = f"Decided in operation {self.step.op + 1}, {self.step.call}: {self.step.event_sentence}"
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
        names = " or ".join(kind.__name__ for kind in kinds)
        if not found:
            fields = f" with {wanted}" if wanted else ""
            raise ScenarioError(f"no {names}{fields} in the run: the moment never comes")
        return found[position("nth", nth, len(found), f"which of the {names} of the run", low=-len(found))]

    return moment


def end_of(number: int) -> Moment:
    """Return the moment at which operation `number` is done; −1 is the last."""

    def moment(run: History) -> int:
        many = len(run.ops)
        return run.op_end(position("end_of", number, many, "the number of an operation", low=-many) % many)

    return moment


def last_about(chunk: int) -> Moment:
    """Return the moment right after the last event that concerns a chunk."""

    def moment(run: History) -> int:
        about = [at for at, event in enumerate(run.events, 1) if chunk in event.chunks]
        if not about:
            raise ScenarioError(f"no event of the run concerns chunk {chunk}: the moment never comes")
        return about[-1]

    return moment


# families


@dataclass(frozen=True)
class Family:
    """Questions of one kind, one for each seed."""

    name: str
    title: str
    chapter: int  #: notebook in which it stands.
    draw: Callable[[Random], Question]

    def make(self, seed: int) -> Question:
        """Return the question of a seed; the same one every time, on every machine.

        Raises:
            ScenarioError: the function draws no question, or one that can't be answered; says which part fails.

        """
        where = f"exercise {self.name!r}, seed {seed}"
        drawn = _tried(where, "its function", lambda: self.draw(Random(f"{self.name}:{seed}")))
        if not isinstance(drawn, Question):
            raise ArgumentError(f"{where}: its function", drawn, "a Question, returned")
        made = replace(drawn, family=self.name, title=self.title, chapter=self.chapter, seed=seed)
        for part, use in PARTS.items():
            _tried(where, part, partial(use, made))
        return made


def _tried(where: str, part: str, use: Callable[[], Any]) -> Any:
    """Use a part of a question; an error of it is told with its place.

    Raises:
        ScenarioError: it failed.

    """
    try:
        return use()
    except ScenarioError as error:
        raise ScenarioError(f"{where}: {part}: {error}") from error
    except Exception as error:
        raise ScenarioError(f"{where}: {part} raised {type(error).__name__}: {error}") from error


def _moment(question: Question) -> int:
    return position("moment", question.moment, len(question.run) + 1, "a moment of the run")


#: Part of a question -> its use, so that one that fails is told when the question is made.
PARTS: dict[str, Callable[[Question], Any]] = {
    "program": lambda question: question.run,
    "read": lambda question: question.answer.show(question.value),
    "decided": _moment,
    "why": lambda question: question.why and question.why(question.run),
}


FAMILIES: dict[str, Family] = {}


@called
def family(name: str, *, title: str, chapter: int) -> Callable[[Callable[[Random], Question]], Family]:
    """Enter a function that draws questions into the registry: `@family("which-end", title=..., chapter=1)`.

    A cell that is run again enters its function again, in place of the one before.

    Raises:
        ScenarioError: another function has entered that name.

    """
    instance("name", name, str, 'a name, such as "which-end"')

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
