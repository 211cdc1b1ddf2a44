"""The Go releases that the recorder knows: what each needs in order to be built and read.

Each is the one before with what changed. A patch release that is not named here is taken as the one of
its line that was tried.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from arenalab.errors import ToolchainError


@dataclass(frozen=True)
class Release:
    """One line of Go releases, such as 1.27.

    Attributes:
        line: the language version.
        tried: the patch release with which the recorder was tried.
        recording_format: 1 when pointer bits lie in the heapArena, 2 when they lie in the chunk.
        experiments: GOEXPERIMENT while building. Addresses must not be drawn by lot.
        build_flags: of the programs that call functions of the runtime which Go doesn't export.
    """

    line: str
    tried: str
    recording_format: int = 1
    experiments: tuple[str, ...] = ("arenas",)
    build_flags: tuple[str, ...] = ()


_1_21 = Release("1.21", "1.21.13")
_1_22 = replace(_1_21, line="1.22", tried="1.22.10", recording_format=2)
_1_23 = replace(_1_22, line="1.23", tried="1.23.9", build_flags=("-ldflags=-checklinkname=0",))
_1_24 = replace(_1_23, line="1.24", tried="1.24.11")
_1_25 = replace(_1_24, line="1.25", tried="1.25.5")
_1_26 = replace(_1_25, line="1.26", tried="1.26.6", experiments=("arenas", "norandomizedheapbase64"))
_1_27 = replace(_1_26, line="1.27", tried="1.27.3")
RELEASES = {each.line: each for each in (_1_21, _1_22, _1_23, _1_24, _1_25, _1_26, _1_27)}
NEWEST = _1_27
SUPPORTED = f"Go {', '.join(list(RELEASES)[:-1])} and {NEWEST.line}"

_VERSION = re.compile(r"(?:go)?(1\.\d+)(\.\d+)?")


def looks_like_a_version(text: str) -> bool:
    """Whether a text is a Go version and no path: "1.27", "1.27.3" or "go1.27.3"."""
    return _VERSION.fullmatch(text) is not None


def release_of(version: str) -> Release:
    """Return the release line of a version, written in any of the ways above.

    Raises:
        ToolchainError: the recorder doesn't know it; the text says which it knows.
    """
    found = _VERSION.match(version)
    release = RELEASES.get(found[1]) if found else None
    if release is None:
        raise ToolchainError(
            f"the recorder doesn't know Go {version!r}; it knows {SUPPORTED}: choose one, such as {NEWEST.tried}"
        )
    return release


def full_version(version: str) -> str:
    """Return "1.27.3" for "go1.27.3" or "1.27.3", and for "1.27" the release that was tried."""
    release = release_of(version)
    bare = version.removeprefix("go")
    return release.tried if bare == release.line else bare
