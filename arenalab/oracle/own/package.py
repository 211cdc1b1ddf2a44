"""Build the person's own package with files of ours in Go's place, and say plainly why one can't be.

Nothing of theirs is written: what differs from their tree stands in a build overlay.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from arenalab.errors import ToolchainError
from arenalab.oracle.own.lower import asked_go, lowered_files, lowered_workspace, newer_go
from arenalab.oracle.releases import (
    RELEASES,
    SUPPORTED,
    full_version,
    line_of,
    looks_like_a_version,
    release_of,
    serves,
)
from arenalab.oracle.toolchain import Go, Toolchain, find_toolchain

#: What an overlay replaces or adds: each file, and the one made in the folder that stands for it.
Overlay = Callable[[Toolchain, Path], dict[str, str]]
LISTED = "Name,ImportPath,Dir,GoFiles,CgoFiles,TestGoFiles,XTestGoFiles,Error"


class Verb(NamedTuple):
    """What is done to a package, as messages say it."""

    does: str
    done: str
    to_a_program: str


RECORDS = Verb("records", "recorded", "--program records a package main")


@dataclass(frozen=True)
class Package:
    """A package as it was named, and the folder in which the Go command is to look for it.

    Attributes:
        named: what the person wrote.
        folder: where the Go command runs.
        argument: the package, as seen from there.
        lower: whether to try it at the toolchain's language level, whatever its module asks for.
        tests: whether its tests are the program.
        flags: more flags of `go build`, such as -race or -tags=a,b.
        experiments: of GOEXPERIMENT beside the person's own.
        verb: what is done to it.
    """

    named: str
    folder: Path
    argument: str
    lower: bool = False
    tests: bool = False
    flags: tuple[str, ...] = ()
    experiments: tuple[str, ...] = ("arenas",)
    verb: Verb = RECORDS

    @classmethod
    def of(
        cls,
        named: str,
        cwd: Path | None = None,
        *,
        lower: bool = False,
        tests: bool = False,
        flags: Sequence[str] = (),
        experiments: Sequence[str] = ("arenas",),
        verb: Verb = RECORDS,
    ) -> Package:
        """Look from `cwd`; a folder may lie in a module of its own, so the Go command runs there."""
        here = (cwd or Path.cwd()).absolute()
        path = here / named
        how = lower, tests, tuple(flags), tuple(experiments), verb
        is_path = Path(named).is_absolute() or named.split("/", maxsplit=1)[0] in (".", "..")
        if is_path and path.is_dir():
            return cls(named, path.resolve(), ".", *how)
        if named.endswith(".go") and path.is_file():
            return cls(named, path.resolve().parent, path.name, *how)
        return cls(named, here, named, *how)


class Built(NamedTuple):
    """A program, and the folder in which it runs: the package's own for its tests, as `go test` has it."""

    binary: Path
    runs_in: Path | None  #: None: wherever the recorder runs.


def build(toolchain: Toolchain, package: Package, folder: Path, overlay: Overlay | None) -> Built:
    """Build the package, or its tests, into `folder`; `overlay` makes what stands in Go's own files' place.

    Raises:
        ToolchainError: a Go that the recorder doesn't know, a runtime that doesn't fit, or a package that
            can't be built or run.
    """
    toolchain.release  # noqa: B018  # refuses a Go that the recorder doesn't know
    return _Builder(toolchain, package, folder.absolute()).build(overlay)


@dataclass(frozen=True)
class _Builder:
    toolchain: Toolchain
    package: Package
    folder: Path

    @property
    def version(self) -> str:
        return self.toolchain.version.removeprefix("go")

    def build(self, ours: Overlay | None) -> Built:
        binary = self.folder / ("watched" if ours else "plain")
        self._refuse_a_newer_go()
        self._refuse_another_machine()
        files = lowered_files(self.package.folder, self.folder, self.version) if self.package.lower else {}
        listed = self._list(self._overlay("listed", files))
        self._refuse_what_cannot_run(listed)
        if ours:
            files = files | ours(self.toolchain, self.folder)
        overlay = self._overlay("overlay", files)
        how = ["test", "-c", "-vet=off"] if self.package.tests else ["build", "-buildvcs=false"]
        self._go([*how, "-o", str(binary), *overlay, self.package.argument])
        return Built(binary, Path(str(listed[0]["Dir"])) if self.package.tests else None)

    def _refuse_a_newer_go(self) -> None:
        newer = None if self.package.lower else newer_go(self.package.folder, self.version)
        if newer:
            path, version = newer
            raise ToolchainError(
                f"{path} asks for Go {version}, and this is {self.toolchain.version}; {_a_newer(version)}with "
                f"--lower-go it is tried at language level {self.toolchain.minor}, and your files stay as they are"
            )

    def _refuse_another_machine(self) -> None:
        said = self.toolchain.run(
            ["env", "GOOS", "GOARCH", "GOHOSTOS", "GOHOSTARCH"], self.package.folder, self._environment()
        )
        system, processor, *here = said.split()
        if [system, processor] != here:
            raise ToolchainError(
                f"GOOS and GOARCH ask for a program of {system}/{processor}, and this is {'/'.join(here)}, where "
                f"it is to run; leave them out"
            )

    def _overlay(self, name: str, files: dict[str, str]) -> list[str]:
        path = self.folder / f"{name}.json"
        path.write_text(json.dumps({"Replace": files}), encoding="utf-8")
        return ["-overlay", str(path), *self.package.flags, *self._as_it_is()]

    def _as_it_is(self) -> list[str]:
        """The flag that keeps go.mod and go.sum from being rewritten, where the Go command might."""
        said = self.toolchain.run(["env", "GOFLAGS"], self.package.folder, self._environment())
        if "-overlay" in said:
            raise ToolchainError(
                f"GOFLAGS asks for an overlay ({said.strip()}), and ours has to be the only one; leave it out"
            )
        if not self.package.lower and "-mod=mod" not in said.split():
            return []
        vendored = any((up / "vendor" / "modules.txt").is_file() for up in _up_to_module(self.package.folder))
        return ["-mod=vendor" if vendored and self.package.lower else "-mod=readonly"]

    def _environment(self) -> dict[str, str]:
        return self.toolchain.users_environment(self.package.experiments)

    def _list(self, overlay: list[str]) -> list[dict[str, object]]:
        said = self._go(["list", "-e", f"-json={LISTED}", *overlay, self.package.argument])
        decoder, found, at = json.JSONDecoder(), [], 0
        while at < len(said.rstrip()):
            row, at = decoder.raw_decode(said, at)
            found.append(row)
            at += len(said[at:]) - len(said[at:].lstrip())
        return found

    def _go(self, arguments: list[str]) -> str:
        # Nothing is fetched: it would go to the person's module cache.
        environment = self._environment() | {"GOTMPDIR": str(self.folder), "GOPROXY": "off"}
        if self.package.lower:
            environment |= lowered_workspace(self.package.folder, self.folder, self.version)
        try:
            return self.toolchain.run(arguments, self.package.folder, environment)
        except ToolchainError as trouble:
            raise ToolchainError(self._explained(str(trouble))) from None

    def _explained(self, said: str) -> str:
        """What the Go command said, put in terms of what is done here where it is one of the usual troubles."""
        asked = re.search(r"requires go >= ([\w.]+)", said)
        if asked:
            return (
                f"{self.package.named} needs a module that itself asks for Go {asked[1]}; that can't be lowered, "
                f"so it can't be {self.package.verb.done} with {self.toolchain.version}; "
                f"{_a_newer(asked[1])}Go says:\n{said}"
            )
        if self.package.lower:
            return f"{self.package.named} doesn't build at language level {self.toolchain.minor}: {said}"
        if "no space left on device" in said:
            return f"the disk of {self.folder.parent} is full; free some room, or name another disk with -o: {said}"
        if "GOPROXY=off" in said:
            return (
                f"{self.package.named} needs modules that are not in your module cache, and nothing is "
                f"fetched here; get them with: go mod download (in {self.package.folder}); Go says:\n{said}"
            )
        if "go.mod file not found" in said:
            where = f"{self.package.folder} or above"
            return f"{self.package.named}: there is no go.mod in {where}; make one with: go mod init NAME"
        return said

    def _refuse_what_cannot_run(self, listed: list[dict[str, object]]) -> None:
        named = self.package.named
        if len(listed) != 1:
            which = "package whose tests" if self.package.tests else "main package"
            raise ToolchainError(f"{named} names {len(listed)} packages; name the one {which} to run")
        row = listed[0]
        code, tests = _files(row, "GoFiles", "CgoFiles"), _files(row, "TestGoFiles", "XTestGoFiles")
        error = row.get("Error")
        if isinstance(error, dict) and not (code or tests):
            raise ToolchainError(self._explained(f"{named}: {error.get('Err')}"))
        verb = self.package.verb
        trouble = _no_tests(tests, verb) if self.package.tests else _no_program(row, code, tests, verb)
        if trouble:
            raise ToolchainError(f"{named} {trouble}")


def toolchain_for(package: Package, go: Go) -> Toolchain:
    """Return the Go that was asked for, else the newest installed of the line that the module asks for.

    An older line than the installed one is served by that, as the Go command does it; another that is missing or
    too old by the next newer one there is.

    Raises:
        ToolchainError: there is none; the text says how to get it.
    """
    named = os.environ.get("GOTOOLCHAIN", "").split("+")[0]
    if go is None and looks_like_a_version(named):
        return find_toolchain(named)
    asked = None if go is not None or package.lower else asked_go(package.folder)
    if asked is None:
        return find_toolchain(go)
    path, version = asked
    newer = [line for line in RELEASES if not serves(line_of(version), line)]
    for candidate in (line_of(version), None, *newer):
        with suppress(ToolchainError):  # not installed, or not known to the recorder
            found = find_toolchain(candidate)
            if serves(found.version, version):
                return found
    raise ToolchainError(_not_installed(path, version))


def _not_installed(path: Path, version: str) -> str:
    start = f"{path} asks for Go {version}"
    try:
        full = full_version(version)
    except ToolchainError:
        return (
            f"{start}, and the recorder knows {SUPPORTED}; with --lower-go it is tried with the installed Go"
        )
    return (
        f"{start}, which is not installed; get it with: arenalab go install {full}; or with --lower-go it is tried "
        f"with the installed Go, at its language level, and your files stay as they are"
    )


def _up_to_module(folder: Path) -> Iterator[Path]:
    for up in (folder, *folder.parents):
        yield up
        if (up / "go.mod").is_file():
            return


def _no_tests(tests: list[str], verb: Verb) -> str:
    return "" if tests else f"holds no tests; {verb.to_a_program}"


def _no_program(row: dict[str, object], code: list[str], tests: list[str], verb: Verb) -> str:
    """Explain why a package can't be run, "" when it can."""
    if tests and not code:
        return f"holds tests only ({tests[0]}) and no program; --test {verb.does} tests"
    if not code or row.get("Name") == "main":
        return ""
    run_tests = f" (--test {verb.does} its tests)" if tests else ""
    return (
        f"is package {row.get('Name')}, a library, which doesn't run by itself{run_tests}; name a package "
        f'main that uses it: one that imports "{row.get("ImportPath")}" and calls what is to be {verb.done}'
    )


def _a_newer(asked: str) -> str:
    """Describe how to get a Go that a module asks for; "" when the recorder doesn't know it."""
    try:
        release = release_of(asked)
    except ToolchainError:
        return ""
    tried_serves = serves(release.tried, asked)
    name, full = (release.line, release.tried) if tried_serves else (asked, full_version(asked))
    return f"choose one with --go {name} (get it with: arenalab go install {full}); "


def _files(row: dict[str, object], *kinds: str) -> list[str]:
    return [str(name) for kind in kinds for name in (row.get(kind) or [])]  # type: ignore[attr-defined]
