"""Names: what a program's names stand for while it is performed, and how much it may ask for."""

from __future__ import annotations

from typing import Any, NamedTuple

from arenalab.course.construct.statements import number
from arenalab.errors import ScenarioError, shown
from arenalab.go.types import GoType
from arenalab.lab.arena import Arena
from arenalab.lab.lab import Lab
from arenalab.lab.values import Ptr, Slice
from arenalab.scenarios.run import MOST_STORES
from arenalab.world.asked import Asked


class ArenaCopy(NamedTuple):
    """A copy of an Arena value, `b := *a`: it leads to the same handle."""

    arena: Arena


class Names:
    """The names of a program, innermost block last; `Performer` reads its expressions."""

    def __init__(self, lab: Lab) -> None:
        """Begin with none."""
        self.lab = lab
        self.scopes: list[dict[str, Any]] = [{}]
        self._asked = Asked()

    def value(self, text: str) -> Any:
        """Return what an expression gives; `Performer` reads it."""
        raise NotImplementedError

    def given(self, text: str) -> Any:
        """Return what a name is given: what an expression gives, or another pointer; no arena has two names.

        Raises:
            ScenarioError: neither.

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
