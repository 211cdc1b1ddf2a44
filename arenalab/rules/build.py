"""Build: how the program was compiled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from arenalab.units import KiB

BuildMode = Literal["plain", "race", "msan", "asan"]


@dataclass(frozen=True, kw_only=True)
class Build:
    """Flags of `go build` that the runtime's arenas look at."""

    build_mode: BuildMode = "plain"  #: plain, or one of the sanitizer builds.

    asan_red_zone: int = (
        2 * KiB
    )  #: bytes at a chunk's end that asan keeps free: computeRZlog of 64 KiB and more.

    @property
    def sanitizer(self) -> bool:
        """Whether a race, msan or asan build is modelled: free never fills the reuse list then."""
        return self.build_mode != "plain"
