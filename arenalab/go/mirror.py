"""`@mirrors`: say which Go function a Python function follows.

The registry lets the oracle hash those very functions in any toolchain at hand and
name the ones whose text changed, and lets the documentation prove its coverage.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


class Mirror(NamedTuple):
    """One Go function and the Python function that follows it."""

    file: str  #: Go file below runtime/, such as "arena.go".
    function: str  #: Go name with receiver, such as "(*userArena).refill".
    python: str  #: dotted name of ours.
    since: str  #: first Go version whose text we followed.


MIRRORED: list[Mirror] = []


def mirrors(file: str, function: str, since: str = "1.21") -> Callable[[F], F]:
    """Register that the decorated function follows Go's `function` in runtime/`file`."""

    def register(follower: F) -> F:
        name = f"{follower.__module__}.{follower.__qualname__}"
        MIRRORED.append(Mirror(file, function, name, since))
        return follower

    return register
