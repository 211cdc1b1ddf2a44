"""Go versions and platforms as data: each is the one before with what changed.

On linux/amd64 every version is verified against recordings; the other platforms' numbers were read from the
compiler's constants and are offered as what-ifs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from arenalab.asked import called, instance
from arenalab.errors import LONGEST_NAME, ArgumentError, ScenarioError, cut, meant, shown
from arenalab.go.rules import BuildMode, GoRules
from arenalab.rules.version import Version
from arenalab.units import KiB, MiB

GO_1_21 = GoRules(version="1.21")

#: Version -> what it changed, and the release that was run.
CHANGES: dict[str, tuple[str, dict[str, Any]]] = {
    "1.21": ("1.21.13", {}),
    "1.22": (
        "1.22.10",
        {
            "bitmap_home": "chunk",
            "heap_arena_meta_bytes": 68_624,
            "mspan_words_before_range": 14,
            "malloc_header_bytes": 8,
            "large_scan_in_pages": True,
            "pointer_array_scans_one_word": True,
        },
    ),
    "1.23": ("1.23.9", {}),
    "1.24": ("1.24.11", {"mask_kind": "on demand", "weak_handle_bytes": 8}),
    "1.25": ("1.25.5", {"heap_arena_meta_bytes": 69_648}),
    "1.26": (
        "1.26.6",
        {
            "direct_iface_tflag": True,
            "inline_mark_bytes": 128,
            "random_heap_base": True,
            "weak_handle_bytes": 16,
        },
    ),
    "1.27": ("1.27.3", {"max_ptrmask_words": 128, "pointer_array_scans_one_word": False}),
}


def _each() -> dict[str, GoRules]:
    made, rules = {}, GO_1_21
    for version, (_, changed) in CHANGES.items():
        rules = made[version] = replace(rules, version=version, **changed)
    return made


VERSIONS: dict[str, GoRules] = _each()
#: "1.27", "go1.27.3", "go1.27rc1 X:arenas".
RELEASE = re.compile(r"(?:go)?(\d+\.\d+)(?:\.\d+|(?P<early>rc\d+|beta\d+))?(?:[ -]X:\S*)?")
NEWEST = list(VERSIONS)[-1]
LONGEST_MASK_WORDS = max(rules.max_ptrmask_words for rules in VERSIONS.values())
#: What is meant wherever nobody says which Go: the only place that decides it.
GO_NEWEST = VERSIONS[NEWEST]
GO = "go"  #: the setting whose values are versions.

#: GOEXPERIMENT -> the fields that say whether it is on, by its value.
EXPERIMENTS: dict[str, dict[bool, dict[str, Any]]] = {
    "greenteagc": {True: {"inline_mark_bytes": 128}, False: {"inline_mark_bytes": 0}},
    "randomizedheapbase64": {True: {"random_heap_base": True}, False: {"random_heap_base": False}},
    "sizespecializedmalloc": {True: {}, False: {}},  # recorded with it and without: no fact differs
}

_SIXTY_FOUR: dict[str, Any] = {}
_SMALL_ARENA: dict[str, Any] = {"heap_arena_bytes": 4 * MiB}
_THIRTY_TWO: dict[str, Any] = {
    "heap_arena_bytes": 4 * MiB,
    "ptr_size": 4,
    "max_alloc": 2**32,
    "user_arena_handle_bytes": 24,
}

#: What others call systems and processors -> what Go does.
GO_SAYS = {"macos": "darwin", "x86_64": "amd64", "x64": "amd64", "x86": "386", "aarch64": "arm64"}

#: sizeof(heapArena) with 8-byte pointers and 64 MiB -> with 4-byte pointers and 4 MiB.
THIRTY_TWO_META = {1_133_584: 137_416, 68_624: 2_248, 69_648: 2_312}

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
    version: str = NEWEST,
    *,
    goos: str = "linux",
    goarch: str = "amd64",
    build_mode: BuildMode = "plain",
    experiments: str = "",
) -> GoRules:
    """Return the rules of a Go version on a platform: `go_rules("1.24", build_mode="asan")`.

    >>> go_rules("1.21").chunk.usable_bytes, go_rules("1.27.3").chunk.usable_bytes
    (8388608, 8257488)

    Args:
        version: "1.27", "1.27.3" and "go1.27.3" mean the same; without it, the newest that is modelled.
        goos: GOOS.
        goarch: GOARCH.
        build_mode: plain, or a sanitizer's.
        experiments: GOEXPERIMENT, comma-separated; those that change nothing here are passed over.

    Raises:
        ScenarioError: no such version or platform; the text lists those there are.

    """
    if (goos, goarch) not in PLATFORMS:
        known, given = ["/".join(pair) for pair in PLATFORMS], cut(f"{goos}/{goarch}", LONGEST_NAME)
        hint = meant("/".join(GO_SAYS.get(name, name) for name in given.lower().split("/")), known, " (", ")")
        raise ScenarioError(f"platform {given} is not known; expected one of: {', '.join(known)}{hint}")
    rules, changed = VERSIONS[version_of(version, early=False)], dict(PLATFORMS[goos, goarch])
    for name in experiments.split(","):
        on = not name.startswith("no")
        changed |= EXPERIMENTS.get(name.removeprefix("no"), {}).get(on, {})
    if changed.get("ptr_size") == 4:
        changed["heap_arena_meta_bytes"] = THIRTY_TWO_META[rules.heap_arena_meta_bytes]
    if build_mode != "plain" or changed.get("ptr_size") == 4:
        changed["random_heap_base"] = False
    return replace(rules, goos=goos, goarch=goarch, build_mode=build_mode, **changed)


def other_version(rules: GoRules, version: str) -> GoRules:
    """Return the same platform, build, settings and what-ifs under another Go: all that its version decides is its own.

    What the rules have otherwise than their own version (another chunk size, an experiment) is kept.

    Raises:
        ScenarioError: no such version, or a platform whose other versions nobody knows.

    """
    where: dict[str, Any] = {"goos": rules.goos, "goarch": rules.goarch, "build_mode": rules.build_mode}
    own, other = go_rules(rules.version, **where), go_rules(version, **where)
    names = [f.name for f in fields(Version)]
    asked = {name: getattr(rules, name) for name in names if getattr(rules, name) != getattr(own, name)}
    return replace(rules, **({name: getattr(other, name) for name in names} | asked))


def changed_by(rules: GoRules, settings: Mapping[str, Any]) -> GoRules:
    """Return rules under other settings: fields of `GoRules`, and `go`, which swaps all that a version decides.

    `gogc` may be "off", too.

    Raises:
        ScenarioError: no such version.
        ArgumentError: a setting of the wrong kind.

    """
    fields_set = dict(settings)
    if GO in fields_set:
        rules = other_version(rules, fields_set.pop(GO))
    if isinstance(given := fields_set.get("gogc"), str):
        fields_set["gogc"] = _percent(given)
    return replace(rules, **fields_set)


def _percent(gogc: str) -> int:
    """Return what GOGC means as a text: "off" alone is one."""
    if gogc == "off":
        return -1
    near = gogc.strip().removesuffix("%").lower()
    hint = (
        f"did you mean {near if near.isdecimal() else repr(near)}?"
        if near.isdecimal() or near == "off"
        else ""
    )
    raise ArgumentError("gogc", gogc, 'a percentage, such as 50, or "off"', hint)


def version_of(text: str, *, early: bool = True) -> str:
    """Return the version that a release's name means: "go1.27.3" and "1.27" are "1.27".

    `early` says whether a beta or a release candidate, as a recording may name one, stands for what came of it.

    Raises:
        ScenarioError: none that is modelled; the text lists those that are.
        ArgumentError: no text, such as the number 1.27.

    """
    instance(GO, text, str, f'a version of Go in quotes, such as "{NEWEST}"')
    found = RELEASE.fullmatch(text)
    if found is None or found[1] not in VERSIONS or (found["early"] and not early):
        within = [version for version in VERSIONS if re.search(rf"(?<!\d){re.escape(version)}(?!\d)", text)]
        hint = f' (did you mean "{within[0]}"?)' if within else ""
        raise ScenarioError(f"Go {shown(text)} is not modelled; expected one of: {', '.join(VERSIONS)}{hint}")
    return found[1]
