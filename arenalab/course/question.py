"""Question: a program, what is asked about its run, and how an answer is judged.

Rules of this module:
1. The answer, the deciding moment and every explanation are read off the run; none is written down.
2. The program runs once, when its run is first needed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

from arenalab.asked import Called, instance, position
from arenalab.course.answers import Answer
from arenalab.errors import ArgumentError, ScenarioError, cut, shown
from arenalab.go.rules import GoRules
from arenalab.go.versions import GO_NEWEST, other_version
from arenalab.machine.machine import Machine
from arenalab.view.calls import call_of
from arenalab.view.reading import Reading, reading
from arenalab.world import ops
from arenalab.world.history import History
from arenalab.world.ops import Op

#: The collector starts no cycle by itself, so that nothing happens but what the program asks for.
GC_OFF = replace(GO_NEWEST, gogc=-1)

LONGEST_TITLE = 60  #: characters of a question's title in an error.

Moment = Callable[[History], int]  #: a run -> how many of its events have happened at some moment.


@dataclass(frozen=True)
class Question(metaclass=Called):
    """What a family makes; `family`, `title`, `chapter` and `seed` are filled in by it.

    Raises:
        ArgumentError: a part of the wrong kind.

    """

    text: str  #: paragraphs, split by an empty line; `code` stands between backticks.
    program: tuple[Op, ...]  #: operations that the model performs.
    answer: Answer  #: how the reader gives one.
    read: Callable[[History], Any]  #: the run -> the right value.
    decided: Moment  #: the run -> the moment at which it is decided; see `after`, `end_of`.
    hints: tuple[str, ...] = ()  #: shown one by one: on request, and after a wrong answer.
    why: Callable[[History], str] | None = None  #: the rule behind the answer, in a sentence.
    #: What is mistaken in a wrong value; "" for nothing. The reader may try again: it gives no answer away.
    meant: Callable[[History, Any], str] | None = None
    #: An explorer that "Show me" opens; None is the chunk map.
    look: Callable[[History, int], Any] | None = None
    shown: int | None = None  #: operations of the program that the reader sees; None is all.
    rules: GoRules = GC_OFF  #: that the program runs under: the newest Go, collector off, unless said.
    in_bulk: bool = False  #: long runs of equal values are solved at once.

    family: str = ""  #: set by it.
    title: str = ""  #: set by the family.
    chapter: int = 0  #: set by the family.
    seed: int = 0  #: set by the family.

    def __post_init__(self) -> None:
        """Check what each part is; `checked` tries whether they work."""
        instance("Question.text", self.text, str, "a text")
        instance("Question.answer", self.answer, Answer, 'an Answer, such as Whole(unit="chunks")')
        hints: Any = self.hints
        if not isinstance(hints, tuple | list) or not all(isinstance(hint, str) for hint in hints):
            raise ArgumentError("Question.hints", hints, 'texts in a tuple, such as ("Is it full?",)')
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

    def checked(self, where: str = "") -> Question:
        """Try every part on the run, and return the question when all work; `where` begins the error.

        Raises:
            ScenarioError: a part raises, or gives what can't be used; says which, why and what it should give.

        """
        where = where or f"question {cut(self.title or self.text, LONGEST_TITLE)!r}"
        for part, use in PARTS.items():
            tried(where, part, partial(use, self))
        return self

    def judged(self, given: Any) -> Verdict:
        """Compare an answer with the run of the program; see `judge`."""
        value, told = self.answer.read(given), solved(self)
        right = value == self.value
        meant = "" if right or self.meant is None else self.meant(self.run, value)
        return replace(told, right=right, given=self.answer.show(value), meant=meant)

    def lines(self) -> list[str]:
        """Return the program that the reader sees, as a Go programmer would write it."""
        return [call_of(op) for op in self.program[: self.shown]]


def under(question: Question, version: str) -> Question:
    """Return a question about another Go: the same program, platform and settings.

    Raises:
        ScenarioError: the platform is known under one version only.

    """
    return replace(question, rules=other_version(question.rules, version))


@dataclass(frozen=True)
class Verdict:
    """The model's judgement of an answer."""

    right: bool  #: whether the answer given is right.
    given: str  #: the answer given, as the model reads it; "" when nobody gave one.
    answer: str  #: the right one.
    step: Reading  #: the operation, the event and the Go function that decide it.
    moment: int  #: events that have happened when it is decided.
    why: str = ""  #: the rule behind the answer, "" where the question gives none.
    meant: str = ""  #: what is mistaken in the answer given, "" for nothing.
    run: History | None = None  #: of the program that was given as an answer; None where none was.
    block: bool = False  #: whether answers are texts of several lines.

    def text(self) -> str:
        """Return the verdict in lines: right or not, the deciding step, Go's function, the reason."""
        head = f"Correct: {self.answer}"
        if not self.right:
            head = f"Incorrect: {self.given}. The answer is {self.answer}"
        if self.block:
            head = (
                "Correct"
                if self.right
                else f"Incorrect: {self.meant} One program that does it:\n{self.answer}"
            )
            return "\n".join(filter(None, (head, self.why)))
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
        block=question.answer.block,
    )


def judge(question: Question, given: Any) -> Verdict:
    """Compare an answer with the run of the program.

    Raises:
        ScenarioError: not an answer of the kind that was asked for.

    """
    return question.judged(given)


# checking


def tried(where: str, part: str, use: Callable[[], Any]) -> Any:
    """Use a part of a question, and return what it gives.

    Raises:
        ScenarioError: it failed; says where, and what is expected of the part.

    """
    try:
        return use()
    except ScenarioError as error:
        raise ScenarioError(f"{where}: {part}: {error}") from error
    except Exception as error:
        reason = f"{part} raised {type(error).__name__}: {cut(error)}"
        raise ScenarioError(f"{where}: {reason}; expected {EXPECTED[part]}") from error


def _right_value(question: Question) -> None:
    """Refuse a right value that no reader could give."""
    value, answer = question.value, question.answer
    try:
        fits = bool(answer.read(answer.show(value)) == value)
    except (ScenarioError, TypeError, ValueError):
        fits = False
    if not fits:
        raise ScenarioError(f"got {shown(value)} of the run; expected {answer.how()}")


def _moment(question: Question) -> None:
    position("moment", question.moment, len(question.run) + 1, "a moment of the run")


def _text(part: str, given: Any) -> None:
    instance(f"Question.{part}", given, str, "a text, returned")


def _why(question: Question) -> None:
    if question.why is not None:
        _text("why", question.why(question.run))


def _meant(question: Question) -> None:
    if question.meant is not None:
        for value in question.answer.others(question.value):
            _text("meant", question.meant(question.run, value))


#: Part of a question -> its use, so that one that fails is reported when the question is made.
PARTS: dict[str, Callable[[Question], Any]] = {
    "program": lambda question: question.run,
    "read": _right_value,
    "decided": _moment,
    "why": _why,
    "meant": _meant,
}
#: Part -> what an author should write, for the error.
EXPECTED = {
    "its function": "a function of a Random that returns a Question",
    "program": "operations that the model can perform",
    "read": "a function of the run (a History) that returns the right value for every seed",
    "decided": "a function of the run that returns a moment, such as end_of(-1) or after(KIND OF EVENT)",
    "why": "a function of the run that returns a text",
    "meant": "a function of the run and a wrong value that returns a text",
    "goal": "a function of the run that returns a text: what it lacks, empty for nothing",
}
