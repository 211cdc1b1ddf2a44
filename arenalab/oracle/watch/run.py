"""Build a Go program with the watching runtime, run it, and make a recording of what was noted."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from arenalab.errors import ToolchainError
from arenalab.files import written_whole
from arenalab.oracle.toolchain import Toolchain, cache_dir, find_toolchain
from arenalab.oracle.watch.convert import convert
from arenalab.oracle.watch.notes import Notes
from arenalab.oracle.watch.patch import patched

HERE = Path(__file__).parent
MODELLED = "1.21"
DEFAULT_BYTES = 67_108_864  # two million notes, of 32 bytes each


@dataclass(frozen=True)
class Watched:
    """What came of a run: its exit code, how long it took, what was noted and recorded."""

    exit: int
    seconds: float
    notes: int
    lost: int
    operations: int
    chunks: int


def record_own_program(
    package: str,
    arguments: Sequence[str],
    out: Path,
    *,
    go: Path | None = None,
    limit: int = DEFAULT_BYTES,
    cwd: Path | None = None,
) -> Watched:
    """Build the Go main package `package`, run it unchanged, and write its recording to `out`.

    The program's input and output are those of this process. Its notes take 32 bytes each in a
    file of at most `limit` bytes beside `out`; what doesn't fit is counted as lost.

    Raises:
        ToolchainError: no Go 1.21, a runtime that doesn't fit, or a program that doesn't build.
    """
    toolchain = find_toolchain(go)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".arenalab-") as name:
        folder = Path(name)
        binary = build(toolchain, package, folder, cwd=cwd)
        code, seconds = run(binary, arguments, folder / "notes", limit, cwd=cwd)
        notes = Notes.read(folder / "notes")
        with written_whole(out) as file:
            for row in convert(notes, program=package, exit_code=code):
                file.write(json.dumps(row, separators=(",", ":")) + "\n")
        end = row["end"]
        return Watched(code, seconds, notes.count, notes.lost, end["ops"], end["chunks"])


def overhead(
    package: str, arguments: Sequence[str], *, go: Path | None = None, runs: int = 5, cwd: Path | None = None
) -> tuple[float, float]:
    """Median seconds of `runs` runs without and with watching, taken in turn; output is discarded."""
    toolchain = find_toolchain(go)
    times: dict[bool, list[float]] = {False: [], True: []}
    with tempfile.TemporaryDirectory(prefix="arenalab-") as name:
        folder = Path(name)
        binaries = {watch: build(toolchain, package, folder, cwd=cwd, watch=watch) for watch in times}
        for _ in range(runs):
            for watch, taken in times.items():
                limit = DEFAULT_BYTES if watch else 0
                taken.append(run(binaries[watch], arguments, folder / "notes", limit, cwd=cwd, quiet=True)[1])
    return statistics.median(times[False]), statistics.median(times[True])


def build(
    toolchain: Toolchain, package: str, folder: Path, *, cwd: Path | None = None, watch: bool = True
) -> Path:
    """Build the package into `folder`, with or without the watching runtime."""
    if toolchain.minor != MODELLED:
        raise ToolchainError(
            f"a program can be recorded with Go {MODELLED}, whose runtime the model follows; "
            f"{toolchain.go} is {toolchain.version}; name another with --go PATH"
        )
    binary = (folder / ("watched" if watch else "plain")).absolute()
    arguments = ["build", "-o", str(binary)]
    if watch:
        arguments += ["-overlay", str(_overlay(toolchain, folder.absolute()))]
    toolchain.run([*arguments, package], cwd or Path.cwd(), _users_environment())
    return binary


def _users_environment() -> dict[str, str]:
    """The person's own settings hold for their own program; only the cache and the experiment are ours."""
    experiments = {*filter(None, os.environ.get("GOEXPERIMENT", "").split(",")), "arenas"}
    return {
        **os.environ,
        "GOCACHE": str(cache_dir() / "go-build"),
        "GOENV": os.environ.get("GOENV", ""),
        "GOEXPERIMENT": ",".join(sorted(experiments)),
        "GOPROXY": os.environ.get("GOPROXY", ""),
        "GOTOOLCHAIN": "local",
        "GOWORK": os.environ.get("GOWORK", ""),
    }


def _overlay(toolchain: Toolchain, folder: Path) -> Path:
    runtime = toolchain.goroot / "src" / "runtime"
    replace = {str(runtime / "arenalab_watch.go"): str(HERE / "arenalab_watch.go")}
    for name, text in patched(runtime).items():
        (folder / name).write_text(text, encoding="utf-8")
        replace[str(runtime / name)] = str(folder / name)
    overlay = folder / "overlay.json"
    overlay.write_text(json.dumps({"Replace": replace}), encoding="utf-8")
    return overlay


def run(
    binary: Path,
    arguments: Sequence[str],
    notes: Path,
    limit: int,
    *,
    cwd: Path | None = None,
    quiet: bool = False,
) -> tuple[int, float]:
    """Run the program with its notes in a sparse file; return its exit code and the seconds it took."""
    with notes.open("wb") as file:
        file.truncate(limit)
    environment = {**os.environ, "ARENALAB_WATCH": str(notes.absolute()), "ARENALAB_WATCH_BYTES": str(limit)}
    started = time.perf_counter()
    output = subprocess.DEVNULL if quiet else None
    done = subprocess.run([str(binary), *arguments], cwd=cwd, env=environment, stdout=output, check=False)
    return done.returncode, time.perf_counter() - started
