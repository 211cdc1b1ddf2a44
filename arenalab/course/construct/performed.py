"""Performing a program that was written as text: its statements in their order, on a Lab, within limits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from arenalab.course.construct.forms import STATEMENTS, VALUES, ArenaCopy, Form
from arenalab.course.construct.statements import Loop, Statement, number, statements
from arenalab.errors import GoError, ScenarioError, TypeTextError, shown
from arenalab.go.rules import GoRules
from arenalab.go.types import GoType
from arenalab.lab.arena import Arena
from arenalab.lab.lab import Lab
from arenalab.lab.values import Ptr, Slice
from arenalab.scenarios.run import MOST_STORES
from arenalab.world.asked import Asked
from arenalab.world.history import History

MOST_STATEMENTS = 200  #: performed, each time around a loop counted.
NEAR = 0.55  #: how like a statement must be to a form to be taken for one mistyped.
COMMON = ("a := arena.NewArena()", "p := arena.New[*int](a)", "a.Free()", "runtime.GC()")
LOOKS = tuple(form.looks for form in (*STATEMENTS, *VALUES) if form.looks)


@dataclass(frozen=True)
class Performed:
    """A program as it was written, and its run."""

    text: str  #: what was written.
    run: History
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


class Performer:
    """Performs statements on a Lab; `forms` asks it for what names stand for."""

    lab: Lab  #: performs what they come to.

    def __init__(self, lab: Lab) -> None:
        """Begin with no names."""
        self.lab = lab
        self.scopes: list[dict[str, Any]] = [{}]
        self.lines: list[int] = []
        self._asked, self._count = Asked(), 0

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

    # what forms ask for

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

    def given(self, text: str) -> Any:
        """Return what a name is given: what an expression gives, or another pointer.

        Raises:
            ScenarioError: neither; two names of one arena among it, for it would be lost with neither of them.

        """
        return self.place(text) if text.isidentifier() else self.value(text)

    def type(self, text: str) -> GoType:
        """Return a type from its text."""
        return self.lab.type_of(text)

    def ask(self, times: int, go_type: GoType) -> None:
        """Count values that are asked for.

        Raises:
            ScenarioError: all together they are too many.

        """
        self._asked.add(times, go_type)
        if self._asked.words > MOST_STORES:
            raise ScenarioError(f"more than {MOST_STORES:,} words of pointer bits in all; ask for less")

    def scope_of(self, name: str) -> dict[str, Any]:
        """Return where a name is declared.

        Raises:
            ScenarioError: nowhere.

        """
        found = next((scope for scope in reversed(self.scopes) if name in scope), None)
        if found is None:
            there = ", ".join(name for scope in self.scopes for name in scope) or "none"
            raise ScenarioError(f"undefined: {name}; names declared so far: {there}")
        return found

    def named(self, name: str, kind: Any, what: str) -> Any:
        """Return what a name stands for; `what` is what was expected.

        Raises:
            ScenarioError: something else, or nothing.

        """
        value = self.scope_of(name)[name]
        if not isinstance(value, kind):
            raise ScenarioError(
                f"{name} is {'nil by now' if value is None else 'something else'}; expected {what}"
            )
        return value

    def arena(self, name: str) -> Any:
        """Return an arena, or a copy of its Arena value."""
        return self.named(name, Arena | ArenaCopy, "an arena, such as a := arena.NewArena() makes")

    def live(self, name: str) -> Arena:
        """Return an arena; what was freed by now panics as in Go."""
        found: Arena = self.named(name, Arena, "an arena, such as a := arena.NewArena() makes")
        return found

    def place(self, name: str) -> Any:
        """Return a pointer or slice."""
        return self.named(name, Ptr | Slice, "a value of an arena, such as p := arena.New[int](a) makes")

    def pointer(self, name: str) -> Ptr:
        """Return a pointer."""
        found: Ptr = self.named(name, Ptr, "a pointer, such as p := arena.New[int](a) makes")
        return found

    def stored(self, text: str) -> Any:
        """Return what stands behind the = of a store: a pointer, nil, a number, true or false."""
        words = {"nil": None, "true": True, "false": False}
        if text in words:
            return words[text]
        sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
        if digits[:1].isdigit():
            return (-1 if sign else 1) * _number(digits)
        return self.place(text.removeprefix("&"))

    def lose(self, value: Any) -> None:
        """Forget a value: an arena that nobody freed is dropped, as its handle is unreachable then."""
        if isinstance(value, Arena) and value.state == "live":
            value.drop()


def _number(text: str) -> int:
    try:
        return number(text)
    except ValueError:
        raise ScenarioError(f"{shown(text)} is no whole number") from None


def _match(forms: tuple[Form, ...], text: str) -> tuple[Form, Any] | None:
    for form in forms:
        found = form.pattern.fullmatch(text)
        if found is not None:
            return form, found
    return None
