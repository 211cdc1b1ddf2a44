"""Which of the Go functions that the model follows have changed between two toolchains.

Each `@mirrors` names a Go function. Its text, without comments and spacing, is hashed in a
toolchain's own sources; only hashes are kept. A function whose hash differs in another Go
version is one whose model must be read again, and so may be one that calls what differs.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import json
import pkgutil
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from arenalab.errors import ArenaLabError, ScenarioError, ToolchainError
from arenalab.files import written_whole
from arenalab.go.mirror import MIRRORED
from arenalab.oracle.go_source import Package
from arenalab.oracle.releases import RELEASES, full_version, line_of, looks_like_a_version
from arenalab.oracle.toolchain import Toolchain, find_toolchain

STORED = Path(__file__).parent / "fingerprints"
FOLLOWERS = ("arenalab.go", "arenalab.machine", "arenalab.replay")


def mirrored(line: str) -> list[tuple[str, str]]:
    """File and name of each Go function that some Python function says it mirrors in Go `line` ("1.27")."""
    for package in FOLLOWERS:
        module = importlib.import_module(package)
        for found in pkgutil.walk_packages(module.__path__, f"{package}."):
            importlib.import_module(found.name)
    return sorted({(mirror.file, mirror.function) for mirror in MIRRORED if mirror.holds_in(line)})


def fingerprints(
    runtime: Path, wanted: Sequence[tuple[str, str]], files: Iterable[str] | None = None
) -> dict[str, str]:
    """Hash each wanted function found below `runtime`, the sources of Go's package runtime.

    Returns:
        `"file:function"` to the first 16 hex digits of a SHA-256; the file is the one it is
        wanted from or, if it is not there any more, the one to which it has moved. A function
        that is nowhere is left out.

    Raises:
        ToolchainError: there are no sources.
    """
    return dict(_hashes(Package(runtime, files), wanted))


def _hashes(package: Package, wanted: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for file, name in wanted:
        place = package.place_of(file, name)
        if place is not None:
            yield f"{place}:{name}", _hash(package.files[place][name])


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Prints:
    """Hashes of one Go: of the mirrored functions, and of what those call that isn't mirrored."""

    go: str
    functions: dict[str, str]
    callees: dict[str, str]
    calls: dict[str, list[str]]  #: mirrored function -> those of `callees` that it calls.

    @property
    def missing(self) -> list[str]:
        """Names of functions that are mirrored in such a release, and nowhere in this one."""
        found = {key.split(":", 1)[1] for key in self.functions}
        return sorted({name for _, name in mirrored(line_of(self.go))} - found)

    @classmethod
    def of(cls, toolchain: Toolchain) -> Prints:
        """Read the files that a toolchain builds its runtime from."""
        wanted = mirrored(toolchain.minor)
        package = Package(toolchain.goroot / "src" / "runtime", built_files(toolchain))
        mine = {name for _, name in wanted}
        calls = {
            name: [callee for callee in package.callees(name) if callee not in mine]
            for name in sorted(mine.intersection(package.texts))
        }
        callees = sorted({callee for called in calls.values() for callee in called})
        hashes = {name: _hash(package.texts[name]) for name in callees}
        return cls(toolchain.version, dict(_hashes(package, wanted)), hashes, calls)

    @classmethod
    def stored(cls, path: Path) -> Prints:
        """Read a stored file.

        Raises:
            ScenarioError: it is none.
        """
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            prints = cls(
                str(data["go"]), dict(data["functions"]), dict(data.get("callees", {})), data.get("calls", {})
            )
            hashes = [*prints.functions.items(), *prints.callees.items()]
        except (OSError, ValueError, KeyError, TypeError) as trouble:
            raise ScenarioError(f"{path} is not a file of fingerprints ({trouble})") from trouble
        if not all(isinstance(text, str) for pair in hashes for text in pair):
            raise ScenarioError(f"{path} is not a file of fingerprints (hashes must be text)")
        return prints

    def write(self, path: Path) -> None:
        """Write a file that `stored` reads."""
        with written_whole(path) as out:
            out.write(json.dumps(vars(self), indent=1, sort_keys=True) + "\n")


def built_files(toolchain: Toolchain) -> list[str]:
    """Return the names of the files that package runtime is built from on this platform."""
    template = '{{join .GoFiles "\\n"}}'
    return toolchain.run(["list", "-f", template, "runtime"], toolchain.goroot / "src").split()


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


def compare_callees(old: Prints, new: Prints) -> Iterator[tuple[str, str]]:
    """Pairs of what happened to a function that mirrored ones call, and its name with theirs."""
    for name in sorted(set(old.callees).intersection(new.callees)):
        if old.callees[name] != new.callees[name]:
            callers = sorted(caller for caller, called in new.calls.items() if name in called)
            yield "callee changed", f"{name}, called by {', '.join(callers)}"


def main_fingerprint(argv: Sequence[str] | None = None) -> int:
    """Run `python -m arenalab.oracle fingerprint ...`; return 0 same, 1 changes, 2 refused."""
    parser = argparse.ArgumentParser(
        prog="python -m arenalab.oracle fingerprint",
        description="Hash the Go functions that the model mirrors; compare with another Go.",
    )
    parser.add_argument("--go", metavar="PATH|VERSION", help="the Go whose sources to read")
    parser.add_argument(
        "--compare",
        metavar="PATH|VERSION",
        help="another Go, or a stored file of hashes; a version may be stored",
    )
    parser.add_argument("-o", "--out", type=Path, help="write the hashes to this file")
    parser.add_argument(
        "--store", action="store_true", help=f"write the hashes of every known Go to {STORED}"
    )
    arguments = parser.parse_args(argv)
    try:
        return _store() if arguments.store else _run(arguments)
    except ArenaLabError as trouble:
        print(f"fingerprint: {trouble}", file=sys.stderr)
        return 2


def _store() -> int:
    for release in RELEASES.values():
        prints = Prints.of(find_toolchain(release.tried))
        prints.write(STORED / f"go{release.tried}.json")
        print(
            f"{prints.go}: {len(prints.functions)} mirrored functions, {len(prints.callees)} that they call"
        )
    return 0


def _run(arguments: argparse.Namespace) -> int:
    now = prints_of(arguments.go)
    print(
        f"{now.go}: {len(now.functions)} mirrored functions found, {len(now.missing)} not found", *now.missing
    )
    if arguments.out:
        now.write(arguments.out)
    return tell_changes(prints_of(arguments.compare), now) if arguments.compare else 0


def tell_changes(then: Prints, now: Prints) -> int:
    """Print what changed from one Go to another; return 0 if nothing did, else 1."""
    changes, around = list(compare(then.functions, now.functions)), list(compare_callees(then, now))
    for what, name in (*changes, *around):
        print(f"{what}: {name}")
    print(
        f"{then.go} -> {now.go}: {len(changes)} of {len(then.functions)} mirrored functions differ, and "
        f"{len(around)} of {len(then.callees)} that they call"
    )
    return 1 if changes or around else 0


def prints_of(asked: str | Path | None) -> Prints:
    """Hashes of a stored file, of a Go command, or of a version: of its toolchain if it is there, else as stored.

    Raises:
        ScenarioError: a file that is none.
        ToolchainError: there is no such Go, and nothing is stored of it.
    """
    text = str(asked or "")
    if text.endswith(".json"):
        return Prints.stored(Path(text))
    stored = STORED / f"go{full_version(text)}.json" if looks_like_a_version(text) else None
    try:
        return Prints.of(find_toolchain(asked))
    except ToolchainError:
        if stored is None or not stored.is_file():
            raise
    return Prints.stored(stored)
