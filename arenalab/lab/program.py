"""Program: a machine as handles know it: who performs, which types have names, what the last verb did."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Self

from arenalab.asked import called, instance
from arenalab.errors import ArgumentError, GoPanic, NoSuchNameError, meant
from arenalab.go.rules import GoRules
from arenalab.go.types import GoType
from arenalab.lab.declared import Declared
from arenalab.machine.ends import error_of
from arenalab.machine.machine import Machine
from arenalab.world import ops
from arenalab.world.actors import MAIN
from arenalab.world.event_list import Events
from arenalab.world.timeline import Cycles


class Program(Machine):
    """Performs operations for whoever acts, and raises what Go would say; `Lab` adds the verbs."""

    def __init__(self, rules: GoRules, *, in_bulk: bool, cycles: Cycles, catch_panics: bool) -> None:
        """Start a program; the arguments are `Lab`'s."""
        super().__init__(rules, in_bulk=in_bulk, cycles=cycles)
        self.catch_panics: bool = instance("catch_panics", catch_panics, bool, "True or False")
        self.last = Events()  #: the events of the last verb.
        self._declared = Declared(self.rules)
        self._acting: tuple[int, int | None] = (MAIN, None)  #: the goroutine that performs, and on which P.
        self._goroutines = MAIN  #: the largest number given to one.
        self._next: dict[str, int] = {}  #: kind of thing -> a number below which none is free.
        self._complete = True

    def __setattr__(self, name: str, value: Any) -> None:
        """Set an attribute that there is.

        Raises:
            NoSuchNameError: there is none; a mistyped name would be kept in silence.

        """
        known = name in self.__dict__ and (name == "catch_panics" or name not in type(self).offered)
        if "_complete" in self.__dict__ and not known:
            hint = meant(name, ["catch_panics"], " (", ")")
            what = "catch_panics, the one attribute that can be set; settings are chosen at its start: Lab(gogc=50)"
            raise NoSuchNameError("Lab", name, f"{what}{hint}")
        if name == "catch_panics":
            instance(name, value, bool, "True or False")
        super().__setattr__(name, value)

    # types

    @called
    def types(self, text: str) -> dict[str, GoType]:
        """Declare types, such as `lab.types("type Node struct { next *Node; n int }")`; from now on they have a name.

        A name that was declared before means the new type from now on, as in a notebook's cell that runs again.

        Returns:
            The types declared here, by name.

        Raises:
            TypeTextError: no Go, or a type that Go refuses; nothing is declared then.

        """
        if not isinstance(text, str):
            raise ArgumentError(
                "text", text, 'Go type declarations as text, such as "type Node struct { next *Node }"'
            )
        return self._declared.add(text)

    @called
    def type_of(self, type: str | GoType) -> GoType:  # noqa: A002  # Go's word
        """Return a type from Go text, as this Go's compiler lays it out; the names declared here may stand in it.

        Raises:
            TypeTextError: no Go type, or a name that is not declared.
            ArgumentError: neither a text nor a GoType.

        """
        return self._declared.type_of(type)

    def declarations(self) -> str:
        """Return the types that were declared, as Go text."""
        return self._declared.text()

    # who performs

    def next_goroutine(self) -> int:
        """Return the number of a goroutine that has not acted yet, and give it away."""
        self._goroutines = max(self._goroutines, *self.world.gs) + 1
        return self._goroutines

    def act_as(self, who: tuple[int, int | None]) -> tuple[int, int | None]:
        """Have another goroutine, on such a P, perform from now on; return who did until now."""
        before, self._acting = self._acting, who
        return before

    def __delattr__(self, name: str) -> None:
        """Refuse.

        Raises:
            ArgumentError: always; a lab without it would be none.

        """
        raise ArgumentError("del", name, "a name alone, as in del lab")

    @called
    def fork(self) -> Self:
        """Return a lab that stands where this one does and may go another way; handles go on with this one.

        Raises:
            ScenarioError: an operation, or a cycle beside the program, has begun and is not done.

        """
        twin = super().fork()
        vars(twin).update(_declared=self._declared.copy(), _next=dict(self._next))
        return twin

    # how verbs are performed

    def unused(self, kind: str, there: Collection[int]) -> int:
        """Return the smallest number that nothing of a kind has; asked once for each, it looks at none twice."""
        number = self._next.get(kind, 0)
        while number in there:
            number += 1
        self._next[kind] = number
        return number

    def perform(self, *program: ops.Op) -> Events:
        """Have the goroutine that acts perform operations; return all their events, which are `last` too.

        Raises:
            ScenarioError: an operation makes no sense now.
            GoError: the program panicked and does not recover, or died.

        """
        goroutine, p = self._acting
        events = Events()
        for op in program:
            events += self.do(op, goroutine, p)
            self.__dict__["last"] = events
            self._acting = goroutine, None
            error = error_of(events[-1]) if events else None
            if error is not None and not (self.catch_panics and isinstance(error, GoPanic)):
                error.add_note(error.why)
                raise error
        return events

    def failed(self) -> bool:
        """Whether the last verb ended in a panic, so that there is nothing to return."""
        return bool(self.last) and error_of(self.last[-1]) is not None

    def arena(self, number: int) -> Any:
        """Return a handle of a user arena; `Lab` makes it."""
        raise NotImplementedError
