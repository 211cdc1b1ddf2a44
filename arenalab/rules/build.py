"""Build: how the program was compiled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

BuildMode = Literal["plain", "race", "msan", "asan"]


@dataclass(frozen=True, kw_only=True)
class Build:
    """Flags of `go build` that the runtime's arenas look at."""

    build_mode: BuildMode = "plain"  #: plain, or one of the sanitizer builds.

    @property
    def sanitizer(self) -> bool:
        """Whether a race, msan or asan build is modelled: free never fills the reuse list then."""
        return self.build_mode != "plain"
