"""Bounds: which programs a search covers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from arenalab.asked import whole
from arenalab.errors import ArgumentError
from arenalab.go.rules import BuildMode, GoRules
from arenalab.go.types import GoType
from arenalab.go.versions import NEWEST, go_rules
from arenalab.syntax import type_of
from arenalab.units import KiB

#: The smallest chunks that rules allow, sixteen to a heap arena, and objects of up to half a chunk: nothing about
#: lists, faults or marking depends on these sizes, and two objects fill a chunk.
SMALL: dict[str, Any] = {
    "user_arena_chunk_bytes_max": 64 * KiB, "heap_arena_bytes": 1024 * KiB, "max_alloc_fraction": 2, "gogc": -1,
}  # fmt: skip
MOST_ARENAS, MOST_HOLDS = 8, 8
WHOLE, BY_HAND = "whole", "by hand"


@dataclass(frozen=True)
class Bounds:
    """A search's programs: at most so many arenas at a time and held pointers, these types, these ways to collect.

    Raises:
        ArgumentError: a bound of the wrong kind or outside its range.

    """

    arenas: int = 2  #: live at a time; a program may make any number one after the other.
    holds: int = 1  #: globals that point into arenas.
    go: str = NEWEST  #: which Go, such as "1.27".
    build_mode: BuildMode = "plain"  #: plain, race, msan or asan.
    collector: str = WHOLE  #: "whole": runtime.GC() alone; "by hand": start, mark, terminate, sweep as steps.
    links: bool = False  #: whether objects of one arena may point to those of another.
    hidden: bool = False  #: whether it is counted what pointers find that the collector does not see.

    def __post_init__(self) -> None:
        """Check what was given."""
        for name, most in (("arenas", MOST_ARENAS), ("holds", MOST_HOLDS)):
            given = whole(name, getattr(self, name), f"a number up to {most}")
            if not (0 if name == "holds" else 1) <= given <= most:
                raise ArgumentError(name, given, f"a number up to {most}")
        if self.collector not in (WHOLE, BY_HAND):
            raise ArgumentError("collector", self.collector, f'"{WHOLE}" or "{BY_HAND}"')
        _ = self.rules  # an unknown version is refused here

    @cached_property
    def rules(self) -> GoRules:
        """Return the rules: a Go with small chunks, whose collector starts when it is asked to."""
        rules = go_rules(self.go, build_mode=self.build_mode)
        return replace(rules, random_heap_base=False, **SMALL)

    @cached_property
    def types(self) -> tuple[GoType, ...]:
        """Return what arenas are asked for: a small value with a pointer, and one without that takes half a chunk."""
        half = self.rules.user_arena_chunk_max_alloc_bytes - 1024
        return (type_of("struct{ next *int }"), type_of(f"[{half}]byte"))
