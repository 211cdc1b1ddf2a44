"""Which of the Go functions that the model follows have changed between two toolchains.

Each `@mirrors` names a Go function. Its text, without comments and spacing, is hashed in a
toolchain's own sources; only hashes are kept. A function whose hash differs in another Go
version is one whose model must be read again.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import json
import pkgutil
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from arenalab.errors import ArenaLabError, ScenarioError, ToolchainError
from arenalab.files import written_whole
from arenalab.go.mirror import MIRRORED
from arenalab.oracle.toolchain import find_toolchain

STORED = Path(__file__).parent / "fingerprints"
FOLLOWERS = ("arenalab.go", "arenalab.machine", "arenalab.replay")

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


def mirrored() -> list[tuple[str, str]]:
    """File and name of each Go function that some Python function says it mirrors."""
    for package in FOLLOWERS:
        module = importlib.import_module(package)
        for found in pkgutil.walk_packages(module.__path__, f"{package}."):
            importlib.import_module(found.name)
    return sorted({(mirror.file, mirror.function) for mirror in MIRRORED})


def fingerprints(runtime: Path, wanted: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Hash each wanted function found below `runtime`, the sources of Go's package runtime.

    Returns:
        `"file:function"` to the first 16 hex digits of a SHA-256; the file is the one it is
        wanted from or, if it is not there any more, the one to which it has moved. A function
        that is nowhere is left out.

    Raises:
        ToolchainError: there are no sources.
    """
    files = {
        path.name: functions(path.read_text(encoding="utf-8"))
        for path in sorted(runtime.glob("*.go"))
        if not path.name.endswith("_test.go")
    }
    if not files:
        raise ToolchainError(f"no Go sources in {runtime}; a toolchain without its src folder cannot be read")
    found = {}
    for file, name in wanted:
        for place in (file, *files):
            if name in files.get(place, {}):
                found[f"{place}:{name}"] = hashlib.sha256(files[place][name].encode()).hexdigest()[:16]
                break
    return found


def compare(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Pairs of what happened (changed, moved, moved and changed, gone, added) and to which function."""
    places = {key.split(":", 1)[1]: key for key in new}
    known = {key.split(":", 1)[1] for key in old}
    for key, digest in sorted(old.items()):
        name = key.split(":", 1)[1]
        if name not in places:
            yield "gone", key
        elif places[name] != key:
            yield "moved" if new[places[name]] == digest else "moved and changed", f"{key} -> {places[name]}"
        elif new[key] != digest:
            yield "changed", key
    for name, key in sorted(places.items()):
        if name not in known:
            yield "added", key


def main_fingerprint(argv: Sequence[str] | None = None) -> int:
    """Run `python -m arenalab.oracle fingerprint ...`; return 0 same, 1 changes, 2 refused."""
    parser = argparse.ArgumentParser(
        prog="python -m arenalab.oracle fingerprint",
        description="Hash the Go functions that the model mirrors; compare with another toolchain.",
    )
    parser.add_argument("--go", type=Path, help="the Go command whose sources to read")
    parser.add_argument("--compare", type=Path, help="a stored file of hashes, or another Go command")
    parser.add_argument("-o", "--out", type=Path, help="write the hashes to this file")
    arguments = parser.parse_args(argv)
    try:
        return _run(arguments)
    except ArenaLabError as trouble:
        print(f"fingerprint: {trouble}", file=sys.stderr)
        return 2


def _run(arguments: argparse.Namespace) -> int:
    version, now = _of_toolchain(arguments.go)
    missing = len(mirrored()) - len(now)
    print(f"{version}: {len(now)} mirrored functions found, {missing} not found")
    if arguments.out:
        text = json.dumps({"go": version, "functions": now}, indent=1, sort_keys=True)
        with written_whole(arguments.out) as out:
            out.write(text + "\n")
    if not arguments.compare:
        return 0
    other, then = _stored(arguments.compare)
    changes = list(compare(then, now))
    for what, name in changes:
        print(f"{what}: {name}")
    print(f"{other} -> {version}: {len(changes)} of {len(then)} mirrored functions differ")
    return 1 if changes else 0


def _of_toolchain(go: Path | None) -> tuple[str, dict[str, str]]:
    toolchain = find_toolchain(go)
    return toolchain.version, fingerprints(toolchain.goroot / "src" / "runtime", mirrored())


def _stored(path: Path) -> tuple[str, dict[str, str]]:
    """Hashes from a stored file, or of the toolchain whose command `path` is."""
    if path.suffix != ".json":
        return _of_toolchain(path)
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        version, hashes = data["go"], dict(data["functions"])
    except (OSError, ValueError, KeyError, TypeError) as trouble:
        raise ScenarioError(f"{path} is not a file of fingerprints ({trouble})") from trouble
    if not all(isinstance(text, str) for pair in hashes.items() for text in pair):
        raise ScenarioError(f"{path} is not a file of fingerprints (hashes must be text)")
    return str(version), hashes
