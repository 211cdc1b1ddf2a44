"""Build the recorder into a Go toolchain, once for each set of types.

The recorder is a Go program of ours plus some files that a build overlay adds to package
runtime; build tags in them choose what fits a Go version. The types a recording uses must be
known to the Go compiler (a type made by `reflect` has another GC program), so a file with them
is generated and compiled in. What was built is kept under a name made of everything it was
built from.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from arenalab.files import cache_dir
from arenalab.oracle.releases import Release
from arenalab.oracle.toolchain import Toolchain
from arenalab.progress_line import ProgressLine

PROBE = Path(__file__).parent / "probe"


@dataclass(frozen=True)
class Recorder:
    """A recorder that was built, and the Go it was built with: "go1.27.3"."""

    path: Path
    version: str
    release: Release


def build_recorder(toolchain: Toolchain, types: Sequence[str], declarations: Sequence[str] = ()) -> Recorder:
    """Return the recorder that knows `types`, building it if it has not been built before.

    Args:
        toolchain: the Go to build with.
        types: Go type expressions; a recording names them by their index.
        declarations: `Name expression` pairs that the expressions may refer to.

    Raises:
        ToolchainError: the recorder doesn't know this Go, or it refused the types.
    """
    path = build_program(toolchain, "program", {"pool.go": _pool(types, declarations)})
    return Recorder(path, toolchain.version, toolchain.release)


def build_program(
    toolchain: Toolchain, name: str, generated: Mapping[str, str] | None = None, mode: str = "plain"
) -> Path:
    """Build the Go program `probe/NAME` with the runtime's accessors; reuse an earlier build.

    Args:
        toolchain: the Go to build with.
        name: the program's folder.
        generated: files of that folder to be replaced, with their text.
        mode: "plain", or a sanitizer's name, "race" or "asan": such a build needs cgo and GCC.

    Raises:
        ToolchainError: the recorder doesn't know this Go, or the build failed.
    """
    build = _Build(toolchain, toolchain.release, name, dict(generated or {}), mode)
    of_mode = name if mode == "plain" else f"{name}-{mode}"
    kept = cache_dir() / "recorder" / f"{of_mode}-{toolchain.version}-{build.key()}"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=kept.parent) as folder, ProgressLine(after=0) as line:
            line.show(f"building the recorder with {toolchain.version}; it is kept for the next time")
            os.replace(build.into(Path(folder)), kept)  # noqa: PTH105  # the atomic one, by its name
    return kept


def build_once(toolchain: Toolchain, name: str, generated: Mapping[str, str], folder: Path) -> Path:
    """Build such a program into `folder` and keep it nowhere else; see `build_program`."""
    return _Build(toolchain, toolchain.release, name, dict(generated)).into(folder)


@dataclass(frozen=True)
class _Build:
    """One of our programs, with everything that decides what comes of building it."""

    toolchain: Toolchain
    release: Release
    name: str
    generated: dict[str, str]
    mode: str = "plain"

    def key(self) -> str:
        """Return a name made of all that the program is built from."""
        go = self.toolchain
        digest = hashlib.sha256(f"{go.version}\0{go.goroot}\0{self.release}".encode())
        for path in (*self._added(), *sorted((PROBE / self.name).glob("*.*"))):
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
        for path_name, text in sorted(self.generated.items()):
            digest.update(f"{path_name}\0{text}".encode())
        return digest.hexdigest()[:24]

    def into(self, folder: Path) -> Path:
        """Build it in an empty folder; return the binary."""
        made = folder / "recorder"
        # The language version decides what GODEBUG stands at, so it is the toolchain's own.
        (folder / "go.mod").write_text(f"module arenalab.oracle/{self.name}\n\ngo {self.release.line}\n")
        flags = ["-modfile", str(folder / "go.mod"), *self.release.build_flags]
        flags += [] if self.mode == "plain" else [f"-{self.mode}"]
        command = ["build", "-overlay", str(self._overlay(folder)), *flags, "-o", str(made), "."]
        self.toolchain.run(command, PROBE / self.name, self._environment())
        return made

    def _environment(self) -> dict[str, str]:
        """Return the Go command's variables; a sanitizer needs cgo, and its addresses are drawn by nobody."""
        usual = self.toolchain.environment()
        return usual if self.mode == "plain" else usual | {"CGO_ENABLED": "1", "GOEXPERIMENT": "arenas"}

    def _added(self) -> list[Path]:
        return sorted((PROBE / "runtime").glob("*.go"))

    def _overlay(self, folder: Path) -> Path:
        replace = {
            str(self.toolchain.goroot / "src" / "runtime" / path.name): str(path) for path in self._added()
        }
        for path_name, text in self.generated.items():
            made = folder / path_name
            made.write_text(text, encoding="utf-8")
            replace[str(PROBE / self.name / path_name)] = str(made)
        overlay = folder / "overlay.json"
        overlay.write_text(json.dumps({"Replace": replace}), encoding="utf-8")
        return overlay


def _pool(types: Sequence[str], declarations: Sequence[str]) -> str:
    declared = "".join(f"type {declaration}\n\n" for declaration in declarations)
    entries = "".join(f"\t{{(*({t}))(nil), (*[]({t}))(nil), {json.dumps(json.dumps(t))}}},\n" for t in types)
    uses_unsafe = any("unsafe." in text for text in (*types, *declarations))
    imports = 'import "unsafe"\n\n' if uses_unsafe else ""
    return f"package main\n\n{imports}{declared}var pool = [...]pooled{{\n{entries}}}\n"
