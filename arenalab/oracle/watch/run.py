"""Build a Go program with the watching runtime, run it, and make a recording of what was noted."""

from __future__ import annotations

import json
import os
import re
import shutil
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from arenalab.files import bytes_written_whole
from arenalab.oracle.toolchain import Go, find_toolchain
from arenalab.oracle.watch.convert import convert
from arenalab.oracle.watch.known import Row
from arenalab.oracle.watch.notes import Notes
from arenalab.oracle.watch.package import Package, build
from arenalab.oracle.watch.process import Run, run_program, working_folder

DEFAULT_BYTES = 67_108_864  # a million notes of 40 bytes, and some of the last ones


@dataclass(frozen=True)
class Watched:
    """What came of a run.

    Attributes:
        exit: the program's exit code, negative for the signal that ended it.
        seconds: how long it ran.
        notes: how many notes were kept.
        lost: how many didn't fit.
        operations: rows of the recording.
        chunks: that were seen.
        stopped: the signal that was sent to the program, "" if it ended by itself.
        other_processes: copies of the program that it started, which are not in the recording.
        unfinished: operations left out since they came after one that was cut off.
    """

    exit: int
    seconds: float
    notes: int
    lost: int
    operations: int
    chunks: int
    stopped: str = ""
    other_processes: int = 0
    unfinished: int = 0


def record_own_program(
    package: str,
    arguments: Sequence[str],
    out: Path,
    *,
    go: Go = None,
    limit: int = DEFAULT_BYTES,
    cwd: Path | None = None,
    seconds: float | None = None,
    lower: bool = False,
    tests: bool = False,
) -> Watched:
    """Build the Go main package `package`, run it unchanged, and write its recording to `out`.

    The program's input and output are those of this process, and so are the signals: SIGINT lets it
    end in its own way. Its notes take 40 bytes each; what doesn't fit is lost, and counted.
    Processes that it starts are not recorded.

    Args:
        package: a package as the Go command knows it, or a folder, in whatever module it lies.
        arguments: the program's.
        out: the recording; it appears whole or not at all.
        go: a Go command or version, when not the installed one.
        limit: bytes for notes at most.
        cwd: where the program runs.
        seconds: after which it gets a SIGINT.
        lower: build it at the toolchain's language level, whatever its go.mod asks for.
        tests: run the tests of a package, whatever it is; `arguments` are those of `go test`.

    Raises:
        ToolchainError: no such Go, a runtime that doesn't fit, or a program that doesn't build.
        RecordingError: the program's runtime left no notes.
    """
    toolchain, named = find_toolchain(go), Package.of(package, cwd, lower=lower, tests=tests)
    with working_folder(_beside(out), ".arenalab-") as folder:
        binary, runs_in = build(toolchain, named, folder)
        given = test_arguments(arguments) if tests else arguments
        ran = run(binary, given, folder / "notes", limit, cwd=runs_in or cwd, seconds=seconds)
        return _written(ran, folder, out, program=package, about=_about(toolchain.minor, lower, tests))


def _beside(out: Path) -> Path | None:
    """Return where to work for a recording, made if need be; None for a pipe, say: nothing goes beside it."""
    out.parent.mkdir(parents=True, exist_ok=True)
    return None if out.exists() and not out.is_file() else out.parent


def _about(minor: str, lower: bool, tests: bool) -> Row:  # as they were asked for
    return ({"lowered": minor} if lower else {}) | ({"tests": True} if tests else {})


def _written(ran: Run, folder: Path, out: Path, *, program: str, about: Row) -> Watched:
    """Make the recording in the working folder, then give it its name."""
    notes = Notes.read(folder / "notes")
    with (folder / "recording").open("w", encoding="utf-8") as part:
        for row in convert(notes, program=program, exit_code=ran.exit, about=about, stopped=ran.stopped):
            part.write(json.dumps(row, separators=(",", ":")) + "\n")
    with (folder / "recording").open("rb") as whole, bytes_written_whole(out) as file:
        shutil.copyfileobj(whole, file)
    return Watched(
        ran.exit, ran.seconds, notes.count, notes.lost, row["end"]["ops"], row["end"]["chunks"],
        ran.stopped, notes.other_processes, row.get("unfinished", 0),
    )  # fmt: skip


def test_arguments(given: Sequence[str]) -> list[str]:
    """Return what a test binary calls the flags of `go test`: -run is -test.run; behind -args all are the test's own.

    As `go test` does, it asks that a test which exits early counts as failed.
    """
    behind = given.index("-args") if "-args" in given else len(given)
    named = [re.sub(r"^--?(?!test\.)(?=[a-z])", "-test.", one) for one in given[:behind]]
    return ["-test.paniconexit0", *named, *given[behind + 1 :]]


def overhead(
    package: str,
    arguments: Sequence[str],
    *,
    go: Go = None,
    runs: int = 5,
    cwd: Path | None = None,
    lower: bool = False,
    tests: bool = False,
) -> tuple[float, float]:
    """Median seconds of `runs` runs without and with watching, taken in turn; output is discarded."""
    toolchain = find_toolchain(go)
    times: dict[bool, list[float]] = {False: [], True: []}
    named = Package.of(package, cwd, lower=lower, tests=tests)
    given = test_arguments(arguments) if tests else arguments
    with working_folder() as folder:
        built = {watch: build(toolchain, named, folder, watch=watch) for watch in times}
        for _ in range(runs):
            for watch, taken in times.items():
                limit = DEFAULT_BYTES if watch else 0
                binary, runs_in = built[watch]
                ran = run(binary, given, folder / "notes", limit, cwd=runs_in or cwd, quiet=True)
                if ran.stopped:
                    raise KeyboardInterrupt
                taken.append(ran.seconds)
    return statistics.median(times[False]), statistics.median(times[True])


def run(
    binary: Path,
    arguments: Sequence[str],
    notes: Path,
    limit: int,
    *,
    cwd: Path | None = None,
    quiet: bool = False,
    seconds: float | None = None,
) -> Run:
    """Run the program with its notes in a sparse file; see `run_program`."""
    with notes.open("wb") as file:
        file.truncate(limit // 8 * 8)
    environment = {**os.environ, "ARENALAB_WATCH": str(notes.absolute()), "ARENALAB_WATCH_BYTES": str(limit)}
    return run_program([str(binary), *arguments], environment, cwd=cwd, quiet=quiet, seconds=seconds)
