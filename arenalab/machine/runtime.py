"""Runtime: the procedures of one version of Go, resolved by name once.

Only what differs between versions has two bodies; everything else is called directly. A body says which
versions it follows in its `@mirrors`, so nobody else asks for a version. What a program can ask of later
versions only is refused in those that don't have it yet.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn, Protocol

from arenalab.errors import ScenarioError
from arenalab.go.mirror import body_of, first_version, within
from arenalab.go.rules import GoRules
from arenalab.machine.steps import Steps

if TYPE_CHECKING:
    from arenalab.go.types import GoType
    from arenalab.world import ops
    from arenalab.world.state import World
    from arenalab.world.tables import MSpan
    from arenalab.world.weak import Spot


class AllocChunk(Protocol):
    """How a chunk is obtained."""

    def __call__(self, w: World) -> Steps[int]:
        """Make a chunk ready to allocate from; return its number."""


class ToFault(Protocol):
    """How a chunk is given back."""

    def __call__(self, w: World, chunk: int) -> Steps[None]:
        """Set a chunk to fault and quarantine it."""


class SetType(Protocol):
    """How the pointer bits of one value are set."""

    def __call__(self, w: World, go_type: GoType, addr: int, span: MSpan) -> Steps[None]:
        """Set the bits of the value at `addr`."""


class AddCleanup(Protocol):
    """How a cleanup is added."""

    def __call__(self, w: World, number: int) -> Steps[None]:
        """Add one to an object, a ledger row or a place."""


class MakeWeak(Protocol):
    """How a weak pointer is made."""

    def __call__(self, w: World, op: ops.MakeWeak) -> Steps[None]:
        """Make the weak pointer that an operation asks for."""


class WeakValue(Protocol):
    """What a weak pointer gives."""

    def __call__(self, w: World, number: int) -> Steps[None]:
        """Ask the program's weak pointer of that number."""


class HandleWithoutSpan(Protocol):
    """What becomes of a weak pointer to what is in no span."""

    def __call__(self, w: World, spot: Spot) -> Steps[int]:
        """Return the number of its weak handle, or throw."""


class Runtime:
    """What a version of Go does where versions differ: `Runtime(rules).set_type(w, ...)`."""

    __slots__ = (
        "add_cleanup", "alloc_user_arena_chunk", "handle_without_span", "make_weak", "new_user_arena_chunk",
        "set_type", "set_user_arena_chunk_to_fault", "weak_value",
    )  # fmt: skip

    add_cleanup: AddCleanup
    alloc_user_arena_chunk: AllocChunk
    handle_without_span: HandleWithoutSpan
    make_weak: MakeWeak
    new_user_arena_chunk: AllocChunk
    set_type: SetType
    set_user_arena_chunk_to_fault: ToFault
    weak_value: WeakValue

    def __init__(self, rules: GoRules) -> None:
        """Resolve the names. Raises ModelBug where the version has no body, or two, for one of them."""
        for name, function in NAMES.items():
            setattr(self, name, body_of("arena.go", function, rules.version))
        for name, (file, function, called) in LATER.items():
            since = first_version(file, function)
            there = within(rules.version, since)
            body = body_of(file, function, rules.version) if there else _not_yet(called, since, rules.version)
            setattr(self, name, body)


def _not_yet(called: str, since: str, version: str) -> Callable[..., NoReturn]:
    def refuse(*_: object) -> NoReturn:
        raise ScenarioError(
            f"Go {version} has no {called}, which came with Go {since}; "
            f"follow a later Go, as Machine(go={since!r}) does"
        )

    return refuse


#: Name here -> Go function of arena.go.
NAMES = {
    "alloc_user_arena_chunk": "(*mheap).allocUserArenaChunk",
    "new_user_arena_chunk": "newUserArenaChunk",
    "set_type": "userArenaHeapBitsSetType",
    "set_user_arena_chunk_to_fault": "(*mspan).setUserArenaChunkToFault",
}
#: Name here -> file and Go function that later versions alone have, and what a program calls to get there.
LATER = {
    "add_cleanup": ("mcleanup.go", "AddCleanup", "runtime.AddCleanup"),
    "handle_without_span": ("mheap.go", "getWeakHandle", "weak.Make"),
    "make_weak": ("mheap.go", "getOrAddWeakHandle", "weak.Make"),
    "weak_value": ("mheap.go", "internal_weak_runtime_makeStrongFromWeak", "weak.Pointer.Value"),
}
_RESOLVED: dict[str, Runtime] = {}


def runtime(rules: GoRules) -> Runtime:
    """Return the procedures of the rules' version, resolved at its first use."""
    found = _RESOLVED.get(rules.version)
    if found is None:
        found = _RESOLVED[rules.version] = Runtime(rules)
    return found
