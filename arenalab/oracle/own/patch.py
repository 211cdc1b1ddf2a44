"""Insert our calls into a toolchain's own files, by anchors in their text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from arenalab.errors import ToolchainError
from arenalab.oracle.releases import SUPPORTED


@dataclass(frozen=True)
class Call:
    """One call to insert: into which function of which file, next to which line.

    Attributes:
        file: a file of the package.
        function: how the line that declares the function begins.
        anchor: how the line begins next to which the call goes, tabs apart unless it begins with
            one; empty for the declaration itself.
        call: the Go statement.
        before: whether the call goes before that line, or after it.
    """

    file: str
    function: str
    anchor: str
    call: str
    before: bool = False


def patched(package: Path, calls: Sequence[Call]) -> dict[str, str]:
    """The text of each file of the folder `package` that gets calls, with them.

    Raises:
        ToolchainError: an anchor is not found exactly once; nothing has been built.
    """
    texts: dict[str, str] = {}
    for call in calls:
        path = package / call.file
        try:
            text = texts.get(call.file) or path.read_text(encoding="utf-8")
        except OSError as trouble:
            raise ToolchainError(f"cannot read {path}: {trouble}") from trouble
        texts[call.file] = _insert(text, call)
    return texts


def _insert(text: str, call: Call) -> str:
    lines = text.split("\n")
    start = _only(lines, call.function, 0, len(lines), call)
    end = next((at for at in range(start, len(lines)) if lines[at] == "}"), len(lines))
    at = start
    if call.anchor:
        at = _only(lines, call.anchor, start + 1, end, call)
    indent = lines[at][: len(lines[at]) - len(lines[at].lstrip("\t"))]
    if not call.before and lines[at].endswith("{"):
        indent += "\t"
    lines.insert(at if call.before else at + 1, indent + call.call)
    return "\n".join(lines)


def _only(lines: list[str], beginning: str, start: int, end: int, call: Call) -> int:
    exact = beginning.startswith("\t")
    found = [
        at
        for at in range(start, end)
        if (lines[at] if exact else lines[at].lstrip("\t")).startswith(beginning)
    ]
    if len(found) != 1:
        raise ToolchainError(
            f"this toolchain's {call.file} does not fit: a line beginning {beginning!r} in {call.function!r} "
            f"was found {len(found)} times, not once; a program can be recorded with {SUPPORTED} (--go PATH|VERSION)"
        )
    return found[0]
