"""Performing a program that was written as text: its statements in their order, on a Lab, within limits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from arenalab.course.construct.forms import STATEMENTS, VALUES, Form
from arenalab.course.construct.names import Names
from arenalab.course.construct.statements import Loop, Statement, statements
from arenalab.errors import GoError, ScenarioError, TypeTextError, shown
from arenalab.go.rules import GoRules
from arenalab.lab.lab import Lab
from arenalab.world.history import History

MOST_STATEMENTS = 200  #: performed, each time around a loop counted.
NEAR = 0.55  #: how like a statement must be to a form to be taken for one mistyped.
COMMON = ("a := arena.NewArena()", "p := arena.New[*int](a)", "a.Free()", "runtime.GC()")
LOOKS = tuple(form.looks for form in (*STATEMENTS, *VALUES) if form.looks)


@dataclass(frozen=True)
class Performed:
    """A program as it was written, and its run."""

    text: str  #: what was written.
    run: History  #: what came of it.
    lines: tuple[int, ...]  #: of each operation the line that asked for it; 0 for what was given beforehand.
    ended: str  #: Go's text where the program died or panicked, "" where it ran to its end.

    @property
    def line(self) -> int:
        """The line of the last operation, 0 without one."""
        return self.lines[-1] if self.lines else 0


def performed(text: str, rules: GoRules, given: str = "") -> Performed:
    """Perform a program, after the statements `given`.

    Raises:
        ScenarioError: a statement that can't be read or makes no sense where it stands; names its line.

    """
    before, program = statements(given), statements(text)
    performer = Performer(
        Lab(rules.version, gogc="off" if rules.gogc < 0 else rules.gogc, in_bulk=True, cycles="beside")
    )
    ended = performer.perform(before, given=True) or performer.perform(program)
    return Performed(text, performer.lab.history, tuple(performer.lines), ended)


class Performer(Names):
    """Performs statements on a Lab, in their order."""

    def __init__(self, lab: Lab) -> None:
        """Begin with no names."""
        super().__init__(lab)
        self.lines: list[int] = []
        self._count = 0

    def perform(self, program: tuple[Statement | Loop, ...], *, given: bool = False) -> str:
        """Perform statements; return Go's text where the program dies of one, "" where it lives."""
        try:
            for each in program:
                self._one(each, given=given)
        except GoError as error:
            return error.text
        return ""

    def _one(self, each: Statement | Loop, *, given: bool) -> None:
        if isinstance(each, Loop):
            self._loop(each, given=given)
            return
        self._count += not given
        with self._at(each.line, given=given):
            if self._count > MOST_STATEMENTS:
                raise ScenarioError(
                    f"more than {MOST_STATEMENTS} statements; a loop of one arena.New counts as one"
                )
            self._statement(each.text)

    def _loop(self, loop: Loop, *, given: bool) -> None:
        many = self._as_many(loop)
        if many is not None:
            self._one(many, given=given)
            return
        for _ in range(loop.times):
            self.scopes.append({})
            for each in loop.body:
                self._one(each, given=given)
            with self._at(loop.line, given=given):
                for value in self.scopes.pop().values():
                    self.lose(value)

    @staticmethod
    def _as_many(loop: Loop) -> Statement | None:
        """Return the one statement that a loop of a single `arena.New` is."""
        body = loop.body[0]
        if len(loop.body) == 1 and isinstance(body, Statement) and body.text.startswith("arena.New["):
            return Statement(body.line, f"{loop.times} × {body.text}")
        return None

    @contextmanager
    def _at(self, line: int, *, given: bool) -> Iterator[None]:
        """Name the line in errors, and note it for the operations that it comes to."""
        try:
            yield
        except TypeTextError as error:
            how = " (a type has a line of its own: type node struct { next *node; n int })"
            reason = error.reason.partition(" (lab.types")
            raise ScenarioError(f"line {line}: {reason[0]}{how if reason[1] else ''}") from None
        except ScenarioError as error:
            raise ScenarioError(f"line {line}: {error}") from None
        finally:
            more = len(self.lab.history.ops) - len(self.lines)
            self.lines += [0 if given else line] * more

    def _statement(self, text: str) -> None:
        found = _match(STATEMENTS, text)
        if found is not None:
            found[0].does(self, found[1])
            return
        self.lose(self.value(text))

    def value(self, text: str) -> Any:
        """Return what an expression gives.

        Raises:
            ScenarioError: it is none that can be read.

        """
        found = _match(VALUES, text)
        if found is None:
            looks = get_close_matches(text, LOOKS, 1, NEAR) or COMMON
            what = f"expected one such as {'; '.join(looks)}"
            raise ScenarioError(f"{shown(text)} is no statement that can be read here; {what}")
        return found[0].does(self, found[1])


def _match(forms: tuple[Form, ...], text: str) -> tuple[Form, Any] | None:
    for form in forms:
        found = form.pattern.fullmatch(text)
        if found is not None:
            return form, found
    return None
