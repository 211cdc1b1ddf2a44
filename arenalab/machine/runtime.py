"""Runtime: the procedures of one version of Go, resolved by name once.

Only what differs between versions has two bodies; everything else is called directly. A body says which
versions it follows in its `@mirrors`, so nobody else asks for a version.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from arenalab.go.mirror import body_of
from arenalab.go.rules import GoRules
from arenalab.machine.steps import Steps

if TYPE_CHECKING:
    from arenalab.go.types import GoType
    from arenalab.world.state import World
    from arenalab.world.tables import MSpan


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


class Runtime:
    """What a version of Go does where versions differ: `Runtime(rules).set_type(w, ...)`."""

    __slots__ = (
        "alloc_user_arena_chunk", "new_user_arena_chunk", "set_type", "set_user_arena_chunk_to_fault",
    )  # fmt: skip

    alloc_user_arena_chunk: AllocChunk
    new_user_arena_chunk: AllocChunk
    set_type: SetType
    set_user_arena_chunk_to_fault: ToFault

    def __init__(self, rules: GoRules) -> None:
        """Resolve the names. Raises ModelBug where the version has no body, or two, for one of them."""
        for name, function in NAMES.items():
            setattr(self, name, body_of("arena.go", function, rules.version))


#: Name here -> Go function of arena.go.
NAMES = {
    "alloc_user_arena_chunk": "(*mheap).allocUserArenaChunk",
    "new_user_arena_chunk": "newUserArenaChunk",
    "set_type": "userArenaHeapBitsSetType",
    "set_user_arena_chunk_to_fault": "(*mspan).setUserArenaChunkToFault",
}
_RESOLVED: dict[str, Runtime] = {}


def runtime(rules: GoRules) -> Runtime:
    """Return the procedures of the rules' version, resolved at its first use."""
    found = _RESOLVED.get(rules.version)
    if found is None:
        found = _RESOLVED[rules.version] = Runtime(rules)
    return found
