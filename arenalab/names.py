"""Names after a dot: what tab completion offers of an object that a person meets, and the error for a mistyped name.

Rule: nothing is hidden from who knows its name; only what is offered is chosen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from arenalab.errors import NoSuchNameError, listed, meant

MOST = 40  #: names that an error lists.


class Named:
    """Base of what a person meets: `dir()` gives what its class has in `offered`, and no more."""

    __slots__ = ()

    offered: ClassVar[tuple[str, ...]] = ()  #: names that a person needs.
    elsewhere: ClassVar[Mapping[str, str]] = {}  #: name that is looked for here -> where it is.

    def __dir__(self) -> list[str]:
        """Return the names that a person needs."""
        return sorted(type(self).offered)

    def __format__(self, spec: str) -> str:
        """Write it in so many columns, as f"{p:>40}" asks for."""
        return format(str(self), spec)

    if not TYPE_CHECKING:  # else every name would be one to the type checker

        def __getattr__(self, name: str) -> Any:
            """Refuse a name that there is not.

            Raises:
                NoSuchNameError: it is none; what there is, and what may have been meant.

            """
            if name.startswith("_"):
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            if hasattr(type(self), name):  # a property that fails, which says itself why
                return object.__getattribute__(self, name)
            raise no_such_name(
                type(self).__name__, name, dir(self), instead=type(self).elsewhere.get(snake(name), "")
            )


def verbs_of(kind: type[Named]) -> tuple[str, ...]:
    """Return the names of a class's own methods that check how they are called (`asked.called`): its verbs."""
    return tuple(name for name, verb in vars(kind).items() if hasattr(verb, "__wrapped__"))


def snake(name: str) -> str:
    """Return a name as Python writes it: make_slice for Go's MakeSlice."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def no_such_name(
    whose: str, given: str, there: Sequence[str], also: Sequence[str] = (), *, instead: str = ""
) -> NoSuchNameError:
    """Return the error that says which names there are after the dot, and which, of those and more, was meant.

    `instead` says where the name is that was given, when it is one of something else.
    """
    hint = f" ({instead})" if instead else meant(given, [*there, *also], " (", ")")
    return NoSuchNameError(whose, given, f"one of {listed(there, given, MOST)}{hint}")
