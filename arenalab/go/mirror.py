"""`@mirrors`: say which Go function a Python function follows, and in which versions of Go.

The registry lets the oracle hash those very functions in any installed toolchain and
name the ones whose text changed, lets the documentation prove its coverage, and lets a machine
take the body that its version of Go has: where two differ, each says since when or until when.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from arenalab.errors import ModelBug

F = TypeVar("F", bound=Callable[..., Any])


class Mirror(NamedTuple):
    """One Go function and the Python function that follows it."""

    file: str  #: Go file below runtime/, such as "arena.go".
    function: str  #: Go name with receiver, such as "(*userArena).refill".
    python: str  #: dotted name of ours.
    since: str  #: first Go version whose text we followed.
    until: str  #: first Go version that does otherwise, "" while none does.
    body: Callable[..., Any]  #: the function itself.

    def holds_in(self, version: str) -> bool:
        """Return whether a version of Go ("1.21") does this."""
        return within(version, self.since, self.until)


MIRRORED: list[Mirror] = []


def mirrors(file: str, function: str, since: str = "1.21", until: str = "") -> Callable[[F], F]:
    """Register that the decorated function follows Go's `function` in runtime/`file`, in versions [since, until)."""

    def register(follower: F) -> F:
        name = f"{follower.__module__}.{follower.__qualname__}"
        MIRRORED.append(Mirror(file, function, name, since, until, follower))
        return follower

    return register


def body_of(file: str, function: str, version: str) -> Callable[..., Any]:
    """Return the one body that follows a Go function in a version.

    Raises:
        ModelBug: none does, or several do.

    """
    mine = [m for m in MIRRORED if (m.file, m.function) == (file, function) and m.holds_in(version)]
    if len(mine) != 1:
        names = ", ".join(m.python for m in mine) or "none"
        raise ModelBug(f"{function} of {file} in Go {version} needs one body; there is {names}")
    return mine[0].body


def first_version(file: str, function: str) -> str:
    """Return the first version of Go in which somebody follows a Go function.

    Raises:
        ModelBug: nobody does in any.

    """
    since = [m.since for m in MIRRORED if (m.file, m.function) == (file, function)]
    if not since:
        raise ModelBug(f"nobody follows {function} of {file}")
    return min(since, key=_order)


def within(version: str, since: str, until: str = "") -> bool:
    """Return whether a version such as "1.24" is in [since, until); "" is no end."""
    return _order(since) <= _order(version) and (not until or _order(version) < _order(until))


def _order(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))
