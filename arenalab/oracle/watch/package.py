"""Build the person's own package with the watching runtime, and say plainly why one can't be.

Nothing of theirs is written: what differs from their tree stands in a build overlay.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from arenalab.errors import ToolchainError
from arenalab.oracle.releases import release_of
from arenalab.oracle.toolchain import Toolchain
from arenalab.oracle.watch.lower import lowered_files, lowered_workspace, newer_go
from arenalab.oracle.watch.patch import patched

HERE = Path(__file__).parent
NO_TESTS = "holds no tests; --program records a package main"
LISTED = "Name,ImportPath,Dir,GoFiles,CgoFiles,TestGoFiles,XTestGoFiles,Error"


@dataclass(frozen=True)
class Package:
    """A package as it was named, and the folder in which the Go command is to look for it.

    Attributes:
        named: what the person wrote.
        folder: where the Go command runs.
        argument: the package, as seen from there.
        lower: whether to try it at the toolchain's language level, whatever its module asks for.
        tests: whether its tests are the program.
    """

    named: str
    folder: Path
    argument: str
    lower: bool = False
    tests: bool = False

    @classmethod
    def of(cls, named: str, cwd: Path | None = None, *, lower: bool = False, tests: bool = False) -> Package:
        """Look from `cwd`; a folder may lie in a module of its own, so the Go command runs there."""
        here = (cwd or Path.cwd()).absolute()
        path = here / named
        is_path = Path(named).is_absolute() or named.split("/", maxsplit=1)[0] in (".", "..")
        if is_path and path.is_dir():
            return cls(named, path.resolve(), ".", lower, tests)
        if named.endswith(".go") and path.is_file():
            return cls(named, path.resolve().parent, path.name, lower, tests)
        return cls(named, here, named, lower, tests)


class Built(NamedTuple):
    """A program, and the folder in which it runs: the package's own for its tests, as `go test` has it."""

    binary: Path
    runs_in: Path | None  #: None: wherever the recorder runs.


def build(toolchain: Toolchain, package: Package, folder: Path, *, watch: bool = True) -> Built:
    """Build the package, or its tests, into `folder`, with or without the watching runtime.

    Raises:
        ToolchainError: a Go that the recorder doesn't know, a runtime that doesn't fit, or a package that
            can't be built or run.
    """
    toolchain.release  # noqa: B018  # refuses a Go that the recorder doesn't know
    return _Builder(toolchain, package, folder.absolute()).build(watch=watch)


@dataclass(frozen=True)
class _Builder:
    toolchain: Toolchain
    package: Package
    folder: Path

    @property
    def level(self) -> str:
        """The language level of the toolchain, to which a program may be lowered."""
        return self.toolchain.minor

    def build(self, *, watch: bool) -> Built:
        binary = self.folder / ("watched" if watch else "plain")
        self._refuse_a_newer_go()
        files = lowered_files(self.package.folder, self.folder, self.level) if self.package.lower else {}
        listed = self._list(self._overlay("listed", files))
        self._refuse_what_cannot_run(listed)
        if watch:
            files = files | _watching_runtime(self.toolchain, self.folder)
        overlay = self._overlay("overlay", files)
        how = ["test", "-c", "-vet=off"] if self.package.tests else ["build", "-buildvcs=false"]
        self._go([*how, "-o", str(binary), *overlay, self.package.argument])
        return Built(binary, Path(str(listed[0]["Dir"])) if self.package.tests else None)

    def _refuse_a_newer_go(self) -> None:
        newer = None if self.package.lower else newer_go(self.package.folder, self.level)
        if newer:
            path, version = newer
            raise ToolchainError(
                f"{path} asks for Go {version}, and this is {self.toolchain.version}; {_a_newer(version)}with "
                f"--lower-go it is tried at language level {self.level}, and your files stay as they are"
            )

    def _overlay(self, name: str, files: dict[str, str]) -> list[str]:
        path = self.folder / f"{name}.json"
        path.write_text(json.dumps({"Replace": files}), encoding="utf-8")
        # A lowered go.mod must not lead to a go.sum that is written anew.
        vendored = (self.package.folder / "vendor").is_dir()
        fixed = ["-mod=vendor" if vendored else "-mod=readonly"] if self.package.lower else []
        return ["-overlay", str(path), *fixed]

    def _list(self, overlay: list[str]) -> list[dict[str, object]]:
        said = self._go(["list", "-e", f"-json={LISTED}", *overlay, self.package.argument])
        decoder, found, at = json.JSONDecoder(), [], 0
        while at < len(said.rstrip()):
            row, at = decoder.raw_decode(said, at)
            found.append(row)
            at += len(said[at:]) - len(said[at:].lstrip())
        return found

    def _go(self, arguments: list[str]) -> str:
        environment = self.toolchain.users_environment() | {"GOTMPDIR": str(self.folder)}
        if self.package.lower:
            environment |= lowered_workspace(self.package.folder, self.folder, self.level)
        try:
            return self.toolchain.run(arguments, self.package.folder, environment)
        except ToolchainError as trouble:
            raise ToolchainError(self._explained(str(trouble))) from None

    def _explained(self, said: str) -> str:
        """What the Go command said, put in terms of recording where it is one of the usual troubles."""
        asked = re.search(r"requires go >= ([\w.]+)", said)
        if asked:
            return (
                f"{self.package.named} needs a module that itself asks for Go {asked[1]}; that can't be lowered, "
                f"so it can't be recorded with {self.toolchain.version}; {_a_newer(asked[1])}Go says:\n{said}"
            )
        if self.package.lower:
            return f"{self.package.named} doesn't build at language level {self.level}: {said}"
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
        trouble = _no_tests(tests) if self.package.tests else _no_program(row, code, tests)
        if trouble:
            raise ToolchainError(f"{named} {trouble}")


def _no_tests(tests: list[str]) -> str:
    return "" if tests else NO_TESTS


def _no_program(row: dict[str, object], code: list[str], tests: list[str]) -> str:
    """Say why a package can't be run, "" when it can."""
    if tests and not code:
        return f"holds tests only ({tests[0]}), and --program records a program; --test records tests"
    if not code or row.get("Name") == "main":
        return ""
    run_tests = " (--test records its tests)" if tests else ""
    return (
        f"is package {row.get('Name')}, a library, which doesn't run by itself{run_tests}; name a package "
        f'main that uses it: one that imports "{row.get("ImportPath")}" and calls what is to be recorded'
    )


def _a_newer(asked: str) -> str:
    """Say how to get a Go that a module asks for; "" when the recorder doesn't know it."""
    try:
        release = release_of(asked)
    except ToolchainError:
        return ""
    return f"choose one with --go {release.line} (get it with: arenalab go install {release.tried}); "


def _files(row: dict[str, object], *kinds: str) -> list[str]:
    return [str(name) for kind in kinds for name in (row.get(kind) or [])]  # type: ignore[attr-defined]


def _watching_runtime(toolchain: Toolchain, folder: Path) -> dict[str, str]:
    """The runtime's files that are replaced or added, each with the file that stands for it."""
    runtime = toolchain.goroot / "src" / "runtime"
    replace = {str(runtime / path.name): str(path) for path in sorted(HERE.glob("arenalab_watch*.go"))}
    for name, text in patched(runtime).items():
        (folder / name).write_text(text, encoding="utf-8")
        replace[str(runtime / name)] = str(folder / name)
    return replace
