"""Go functions as texts: read from a package's files without comments and spacing, with what they call."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from arenalab.errors import ToolchainError

_TOKEN = re.compile(
    r"""(?P<skip>//[^\n]*|/\*.*?\*/|[ \t\r]+)
      | (?P<token>\n | `[^`]*` | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)+' | \w+ | [^\s\w])""",
    re.VERBOSE | re.DOTALL,
)
_OPENS, _CLOSES = frozenset("([{"), frozenset(")]}")


def tokens(source: str) -> list[str]:
    """The Go tokens of `source`, without comments; line ends are kept as tokens."""
    return [match["token"] for match in _TOKEN.finditer(source) if match["token"]]


def functions(source: str) -> dict[str, str]:
    """The text of each function declared in a Go file, by its name with receiver, as tokens."""
    found = {}
    words = tokens(source)
    depth = 0
    at = 0
    while at < len(words):
        if depth == 0 and words[at] == "func" and (at == 0 or words[at - 1] == "\n"):
            end = _end(words, at)
            name = _name(words[at:end])
            found[name] = " ".join(word for word in words[at:end] if word != "\n")
            at = end
            continue
        depth += (words[at] in _OPENS) - (words[at] in _CLOSES)
        at += 1
    return found


def _end(words: Sequence[str], start: int) -> int:
    """Where the declaration that starts at `start` ends: after its body, or with its line."""
    depth = 0
    for at in range(start, len(words)):
        depth += (words[at] in _OPENS) - (words[at] in _CLOSES)
        if depth == 0 and words[at] == "\n":
            return at
    return len(words)


def _name(words: Sequence[str]) -> str:
    """`refill`, `heapBits.next` or `(*userArena).refill`."""
    if words[1] != "(":
        return words[1]
    close = words.index(")")
    receiver = words[2:close]
    kind = receiver[-1] if receiver[-1] != "]" else receiver[receiver.index("[") - 1]
    return f"(*{kind}).{words[close + 1]}" if "*" in receiver else f"{kind}.{words[close + 1]}"


class Package:
    """The functions of a Go package: by file, and by name over all files.

    Raises:
        ToolchainError: there are no sources.
    """

    def __init__(self, folder: Path, files: Iterable[str] | None = None) -> None:
        """Read a package's folder: the named files, or all but tests."""
        named = sorted(folder.glob("*.go")) if files is None else [folder / name for name in sorted(files)]
        self.files = {
            path.name: functions(path.read_text(encoding="utf-8"))
            for path in named
            if not path.name.endswith("_test.go")
        }
        if not self.files:
            raise ToolchainError(
                f"no Go sources in {folder}; a toolchain without its src folder cannot be read"
            )
        self.texts: dict[str, str] = {}
        for found in self.files.values():
            self.texts = found | self.texts
        methods: dict[str, list[str]] = {}
        for name in self.texts:
            methods.setdefault(name.rsplit(".", 1)[-1], []).append(name)
        #: method name -> its function, where only one type has it.
        self.methods = {short: names[0] for short, names in methods.items() if len(names) == 1}

    def place_of(self, file: str, name: str) -> str | None:
        """Return the file that holds a function: the named one if it does, else another, else None."""
        return next((place for place in (file, *self.files) if name in self.files.get(place, {})), None)

    def callees(self, name: str) -> list[str]:
        """Return the package's functions that a function calls, methods only where one type alone has them."""
        words = self.texts[name].split(" ")
        found = set()
        for at in range(1, len(words) - 1):
            if words[at + 1] != "(":
                continue
            callee = self.methods.get(words[at], "") if words[at - 1] == "." else words[at]
            if callee in self.texts and callee != name:
                found.add(callee)
        return sorted(found)
