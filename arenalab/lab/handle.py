"""Handle: what a verb of a Lab returns: it stands for something of the program, and never changes itself."""

from __future__ import annotations

from typing import Any, NoReturn, Self

from arenalab.errors import ArgumentError, ScenarioError
from arenalab.names import Named


class Handle(Named):
    """Base of `Arena`, `Ptr`, `Slice`, `Global`, `Weak` and `Goroutine`: what it says is read off the World."""

    __slots__ = ()

    def __setattr__(self, name: str, value: object) -> None:
        """Refuse: a handle can't be changed."""
        raise ArgumentError(
            f"{type(self).__name__}.{name}", value, "no assignment: a handle can't be changed"
        )

    def __delattr__(self, name: str) -> None:
        """Refuse: nothing of a handle, and no field of a struct, can be deleted."""
        raise ArgumentError("del", name, "a name alone, as in del p; a field is set to nil: p.next = None")

    def __copy__(self) -> Self:
        """Return the handle itself: it holds nothing."""
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Return the handle itself: it holds nothing; `lab.fork()` makes another program."""
        return self

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        """Refuse: without its lab it stands for nothing."""
        kind, why = type(self).__name__, "it stands for a part of its lab; lab.history.save(path) keeps that"
        raise ScenarioError(f"{kind} can't be pickled: {why}")


def keep(handle: Handle, **its: Any) -> None:
    """Set the attributes of a new handle."""
    for name, value in its.items():
        object.__setattr__(handle, name, value)
