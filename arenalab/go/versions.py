"""Go versions and platforms as data: each is the one before with what changed.

Only Go 1.21 on linux/amd64 is verified against recordings; the other platforms' numbers were
read from the compiler's constants and are offered as what-ifs.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from arenalab.asked import called
from arenalab.errors import ScenarioError
from arenalab.go.rules import BuildMode, GoRules
from arenalab.units import KiB, MiB

GO_1_21 = GoRules()

VERSIONS: dict[str, GoRules] = {"1.21": GO_1_21}

_SIXTY_FOUR: dict[str, Any] = {}
_SMALL_ARENA: dict[str, Any] = {"heap_arena_bytes": 4 * MiB}
_THIRTY_TWO: dict[str, Any] = {
    "heap_arena_bytes": 4 * MiB,
    "ptr_size": 4,
    "max_alloc": 2**32,
    "heap_arena_meta_bytes": 137_416,
    "user_arena_handle_bytes": 24,
}

#: (GOOS, GOARCH) -> fields that differ from linux/amd64. Heap-arena and page sizes as Go 1.21 has them.
PLATFORMS: dict[tuple[str, str], dict[str, Any]] = {
    ("linux", "amd64"): _SIXTY_FOUR,
    ("linux", "arm64"): {"user_arena_hint": 0x4040_0000_0000, "heap_hint": 0x40_0000_0000},
    ("darwin", "amd64"): _SIXTY_FOUR,
    ("darwin", "arm64"): {
        "user_arena_hint": 0x4040_0000_0000,
        "heap_hint": 0x40_0000_0000,
        "phys_page_size": 16 * KiB,
    },
    ("freebsd", "amd64"): _SIXTY_FOUR,
    ("openbsd", "amd64"): _SIXTY_FOUR,
    ("netbsd", "amd64"): _SIXTY_FOUR,
    ("windows", "amd64"): _SMALL_ARENA,
    ("windows", "arm64"): _SMALL_ARENA,
    ("ios", "arm64"): {**_SMALL_ARENA, "max_alloc": 2**40, "phys_page_size": 16 * KiB},
    ("js", "wasm"): {**_SMALL_ARENA, "max_alloc": 2**32, "phys_page_size": 64 * KiB},
    ("wasip1", "wasm"): {**_SMALL_ARENA, "max_alloc": 2**32, "phys_page_size": 64 * KiB},
    ("linux", "386"): _THIRTY_TWO,
    ("windows", "386"): _THIRTY_TWO,
    ("linux", "arm"): _THIRTY_TWO,
    ("linux", "mips"): {**_THIRTY_TWO, "max_alloc": 2**31},
    ("linux", "mipsle"): {**_THIRTY_TWO, "max_alloc": 2**31},
}


@called
def go_rules(
    version: str = "1.21",
    *,
    goos: str = "linux",
    goarch: str = "amd64",
    build_mode: BuildMode = "plain",
) -> GoRules:
    """Return the rules of a Go version on a platform: `go_rules("1.21", build_mode="asan")`.

    Raises:
        ScenarioError: no such version or platform; the text lists those there are.

    """
    if version not in VERSIONS:
        msg = f"Go {version!r} is not modelled; there is {', '.join(VERSIONS)}"
        raise ScenarioError(msg)
    if (goos, goarch) not in PLATFORMS:
        known = ", ".join("/".join(pair) for pair in PLATFORMS)
        msg = f"platform {goos}/{goarch} is not known; there is {known}"
        raise ScenarioError(msg)
    return replace(
        VERSIONS[version], goos=goos, goarch=goarch, build_mode=build_mode, **PLATFORMS[goos, goarch]
    )
