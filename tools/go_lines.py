"""Write arenalab/view/go_lines.json: where each release's source has the functions that events follow.

`python -m tools.go_lines` reads the sources of every release of `arenalab.go.versions.CHANGES` that is installed
and fails if one is missing; nothing is fetched. A function that another version calls otherwise is looked for by
its later names; one that a release does not have is left out.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from arenalab.errors import ToolchainError
from arenalab.go.versions import CHANGES
from arenalab.oracle.toolchain import find_toolchain
from arenalab.view.explained_events import EVENTS_EXPLAINED
from arenalab.view.go_source import LINES, first_function

#: Name in an event -> names that it has elsewhere, or the Go function nearest to one that is no Go.
ALSO = {
    "runfinq": ("runFinalizers",),
    "scanobject": ("scanObject",),
    "writeHeapBits.write": ("writeUserArenaHeapBits.write",),
    "gcWriteBarrier": ("wbBufFlush",),  # assembly that calls it
    "panic": ("gopanic",),
}
#: Files of builds that are not the default one.
ELSEWHERE = re.compile(r"_test\.go$|_no(?:greenteagc|allocheaders)\.go$")


def followed() -> list[str]:
    """Return what events say they follow, each once: "newUserArena, arena.go"."""
    return sorted({kind.go for kind in EVENTS_EXPLAINED if kind.go})


def declaration(name: str) -> re.Pattern[str]:
    """Return what finds the line that declares a function: "refill", "(*userArena).refill", "heapBits.next"."""
    method = re.fullmatch(r"(?:\(\*(\w+)\)|(\w+))\.(\w+)", name)
    if method is None:
        return re.compile(rf"^func {re.escape(name)}[\[(]", re.MULTILINE)
    receiver = rf"\*{method[1]}" if method[1] else method[2]
    return re.compile(rf"^func \(\w+ {receiver}\) {method[3]}\(", re.MULTILINE)


def place(source: Path, go: str) -> tuple[str, str, int] | None:
    """Return (name, file below src/, line) of what an event follows, in a release's sources; None where it has none."""
    name, file = first_function(go)
    for each in (name, *ALSO.get(name, ())):
        for path in _files(source, file):
            if found := declaration(each).search(text := path.read_text(encoding="utf-8")):
                return each, path.relative_to(source).as_posix(), text.count("\n", 0, found.start()) + 1
    return None


def _files(source: Path, file: str) -> Iterator[Path]:
    """Yield the named file, then all of its package."""
    named = source / file
    if named.is_file():
        yield named
    yield from (path for path in sorted(named.parent.glob("*.go")) if not ELSEWHERE.search(path.name))


def table() -> dict[str, dict[str, list[str | int]]]:
    """Return version -> what events follow -> [name, file, line]."""
    rows: dict[str, dict[str, list[str | int]]] = {}
    for version, (release, _) in CHANGES.items():
        source = find_toolchain(release).goroot / "src"
        found = {go: place(source, go) for go in followed()}
        rows[version] = {go: list(at) for go, at in found.items() if at is not None}
    return rows


def main() -> int:
    """Write the table."""
    try:
        rows = table()
    except ToolchainError as trouble:
        print(f"{trouble}; arenalab go install gets one", file=sys.stderr)
        return 1
    LINES.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
