"""Find the Go toolchain, and the place where what was built with it is kept."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from arenalab.errors import ToolchainError
from arenalab.install import install_command

INSTALL = f"install it with: {install_command('go')}, or name another one with --go PATH"


@dataclass(frozen=True)
class Toolchain:
    """A Go command that answered: where it is, what it calls itself, where its sources are."""

    go: Path
    version: str  # "go1.21.13"
    goroot: Path

    @property
    def minor(self) -> str:
        """The language version without the patch: "1.21"."""
        return ".".join(self.version.removeprefix("go").split(".")[:2])

    def environment(self) -> dict[str, str]:
        """Variables for running the Go command: no network, no settings of the user, our cache."""
        kept = {
            name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "SYSTEMROOT") if name in os.environ
        }
        return kept | {
            "CGO_ENABLED": "0",
            "GOCACHE": str(cache_dir() / "go-build"),
            "GOENV": "off",
            "GOEXPERIMENT": "arenas",
            "GOFLAGS": "-buildvcs=false",
            "GOPROXY": "off",
            "GOTOOLCHAIN": "local",
            "GOWORK": "off",
        }

    def users_environment(self) -> dict[str, str]:
        """Variables for building the person's own program: their own, cgo and flags included.

        Ours are the build cache, the experiment, and that no other toolchain is fetched or run.
        """
        experiments = {*filter(None, os.environ.get("GOEXPERIMENT", "").split(",")), "arenas"}
        return {
            **os.environ,
            "GOCACHE": str(cache_dir() / "go-build"),
            "GOEXPERIMENT": ",".join(sorted(experiments)),
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
            text=True,
            check=False,
        )
        if done.returncode:
            said = "\n".join((done.stderr or done.stdout).strip().splitlines()[:12])
            raise ToolchainError(f"{self.version}: go {arguments[0]} failed:\n{said}")
        return done.stdout


def cache_dir() -> Path:
    """Where builds are kept: $ARENALAB_CACHE, else the user's cache directory."""
    named = os.environ.get("ARENALAB_CACHE")
    if named:
        return Path(named)
    home = os.environ.get("XDG_CACHE_HOME")
    return (Path(home) if home else Path.home() / ".cache") / "arenalab"


def find_toolchain(go: str | os.PathLike[str] | None = None) -> Toolchain:
    """Return the named Go command, else the `go` extra's, else the one on the PATH.

    Raises:
        ToolchainError: there is none, or it is not a Go command.
    """
    path = _find(go)
    # Asked about itself: nothing that the current folder's module or the person's settings want of Go.
    itself = {"GOTOOLCHAIN": "local", "GO111MODULE": "off", "GOFLAGS": "", "GOENV": "off", "GOWORK": "off"}
    try:
        done = subprocess.run(
            [str(path), "env", "GOVERSION", "GOROOT"],
            env=os.environ | itself, capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
        version, goroot = done.stdout.splitlines()
    except (OSError, ValueError, subprocess.SubprocessError) as trouble:
        raise ToolchainError(
            f"{path} does not answer as a Go command does ({trouble}); {INSTALL}"
        ) from trouble
    return Toolchain(path, version.split()[0], Path(goroot))


def _find(go: str | os.PathLike[str] | None) -> Path:
    if go is not None:
        path = Path(go)
        if not path.is_file():
            raise ToolchainError(f"there is no Go command at {path}; {INSTALL}")
        return path.absolute()
    found = shutil.which("go", path=str(Path(sys.executable).parent)) or shutil.which("go")
    if found is None:
        raise ToolchainError(f"no Go toolchain found beside {sys.executable} or on the PATH; {INSTALL}")
    return Path(found).absolute()
