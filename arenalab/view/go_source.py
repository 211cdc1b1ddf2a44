"""Go source: where a function of the runtime stands in the Go that a history follows, as a link.

Rules:
1. Nothing is fetched: a link is text. The lines were read from installed releases (`tools.go_lines`).
2. A function that a release has under another name is called by that name.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TypedDict

from arenalab.go.rules import GoRules
from arenalab.go.versions import CHANGES

LINES = Path(__file__).with_name("go_lines.json")
SITE = "https://cs.opensource.google/go/go/+/refs/tags/go{release}:src/{file}"


class GoPlace(TypedDict):
    """A function of Go's: its name in a release, its file, and a link to it."""

    name: str
    file: str  #: below src/runtime as events write it ("arena.go"), or below src ("weak/pointer.go").
    url: str


def first_function(go: str) -> tuple[str, str]:
    """Return the name, and the file below src/, of the first function that an event says it follows.

    `first_function("newUserArena, arena.go")` is ("newUserArena", "runtime/arena.go").
    """
    names, *files = go.split(", ")
    name = names.split(" / ")[0]
    file = files[0] if files else "panic.go"  # what events call "panic" and "throw"
    return name, file if "/" in file else f"runtime/{file}"


def source_of(go: str, rules: GoRules) -> GoPlace | None:
    """Return where the function that an event follows (`Event.go`) stands in the Go of some rules.

    None where the program itself did it, or where that Go has no such function.
    """
    found = _lines().get(rules.version, {}).get(go)
    if found is None:
        return None
    name, file, line = found
    release, _ = CHANGES[rules.version]
    url = f"{SITE.format(release=release, file=file)};l={line}"
    return {"name": name, "file": file.removeprefix("runtime/"), "url": url}


@cache
def _lines() -> dict[str, dict[str, tuple[str, str, int]]]:
    rows: dict[str, dict[str, tuple[str, str, int]]] = json.loads(LINES.read_text(encoding="utf-8"))
    return rows
