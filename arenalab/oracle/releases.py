"""The Go releases that the recorder knows: what each needs in order to be built and read.

Each is the one before with what changed. A patch release that is not named here is taken as the one of
its line that was tried.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from arenalab.errors import ToolchainError
from arenalab.go.versions import CHANGES


@dataclass(frozen=True)
class Release:
    """One line of Go releases, such as 1.27.

    Attributes:
        line: the language version.
        tried: the patch release with which the recorder was tried.
        recording_format: 1 when pointer bits lie in the heapArena, 2 when they lie in the chunk.
        experiments: GOEXPERIMENT while building. Addresses must not be drawn by lot.
        optional: experiments of malloc and the collector that it has switched on, and can be built without.
        build_flags: of the programs that call functions of the runtime which Go doesn't export.
    """

    line: str
    tried: str
    recording_format: int = 1
    experiments: tuple[str, ...] = ("arenas",)
    optional: tuple[str, ...] = ()
    build_flags: tuple[str, ...] = ()


#: Line -> what the recorder needs otherwise than for the line before.
_CHANGED: dict[str, dict[str, Any]] = {
    "1.22": {"recording_format": 2},
    "1.23": {"build_flags": ("-ldflags=-checklinkname=0",)},
    "1.26": {"experiments": ("arenas", "norandomizedheapbase64"), "optional": ("greenteagc",)},
    "1.27": {"optional": ("greenteagc", "sizespecializedmalloc")},
}


def _each() -> dict[str, Release]:
    """Return the lines that are modelled, each with the release that was run."""
    made: dict[str, Release] = {}
    needed: dict[str, Any] = {}
    for line, (tried, _) in CHANGES.items():
        needed |= _CHANGED.get(line, {})
        made[line] = Release(line, tried, **needed)
    return made


RELEASES = _each()
NEWEST = list(RELEASES.values())[-1]
SUPPORTED = f"Go {', '.join(list(RELEASES)[:-1])} and {NEWEST.line}"

_VERSION = re.compile(r"(?:go)?(1\.\d+)(\.\d+)?")


def looks_like_a_version(text: str) -> bool:
    """Whether a text is a Go version and no path: "1.27", "1.27.3" or "go1.27.3"."""
    return _VERSION.fullmatch(text) is not None


def line_of(version: str) -> str:
    """Return the language version of a release, known or not: "1.27" of "go1.27.3"."""
    return ".".join(version.removeprefix("go").split(".")[:2])


def number_of(version: str) -> tuple[int, ...]:
    """Return the numbers in a version, by which versions are sorted: (1, 27, 3)."""
    return tuple(map(int, re.findall(r"\d+", version)))


def serves(given: str, asked: str) -> bool:
    """Whether a Go is new enough for what asks for another one, as the Go command compares them."""
    return number_of(given) >= number_of(asked)


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
