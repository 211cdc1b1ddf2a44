"""Build a Go program with the watching runtime, run it, and make a recording of what was noted."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import statistics
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from arenalab.errors import RecordingError
from arenalab.files import bytes_written_whole
from arenalab.oracle.own.how import How
from arenalab.oracle.own.package import Built, build, toolchain_for
from arenalab.oracle.own.process import Run, ended, run_program, working_folder
from arenalab.oracle.watch.convert import packed
from arenalab.oracle.watch.notes import Notes
from arenalab.oracle.watch.patch import watching_runtime
from arenalab.truth.packed import Row
from arenalab.truth.packed_file import write_packed
from arenalab.truth.packed_json import write_lines

LINES = (".jsonl", ".json", ".ndjson")
CRASHED = ("panic", "throw", "fault")
DEFAULT_BYTES = 256_000_000  # some five million notes of 48 bytes, and the last ones


@dataclass(frozen=True)
class Watched:
    """What came of a run.

    Attributes:
        exit: the program's exit code, negative for the signal that ended it.
        seconds: how long it ran.
        notes: how many notes were kept.
        lost: how many didn't fit, or were cut off.
        operations: rows of the recording.
        chunks: that were seen.
        stopped: the signal that was sent to the program, "" if it ended by itself.
        other_processes: copies of the program that it started, which are not in the recording.
        unfinished: operations left out since they came after one that was cut off, or that nobody knows.
        undescribed: values of types for whose description there was no room.
        cut_off: notes that the program was writing when it ended.
        ended: how, in words.
        fault: the address that it ended about, "" if it was none.
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
    undescribed: int = 0
    cut_off: int = 0
    ended: str = ""
    fault: str = ""


def record_own_program(
    package: str,
    arguments: Sequence[str],
    out: Path,
    *,
    limit: int = DEFAULT_BYTES,
    seconds: float | None = None,
    sites: bool = False,
    **settings: Any,
) -> Watched:
    """Build the Go main package `package`, run it unchanged, and write its recording to `out`.

    The program's input and output are those of this process, and so are the signals: SIGINT lets it
    end in its own way. Its notes take 48 bytes each; of what doesn't fit the last ones are kept, and all are
    counted. Processes that it starts are not recorded.

    Args:
        package: a package as the Go command knows it, or a folder, in whatever module it lies.
        arguments: the program's.
        out: the recording; it appears whole or not at all.
        limit: bytes for notes at most; so much room is taken on the disk of `out` while it runs.
        seconds: after which it gets a SIGINT.
        sites: note which line made each arena and value, and freed it.
        settings: how it is built and run: see `How`.

    Raises:
        ToolchainError: no such Go, a runtime that doesn't fit, or a program that doesn't build.
        RecordingError: no notes, no arena, no room on the disk, or a flag that no test binary takes.
    """
    how = How(**settings)
    given = how.arguments(arguments)
    named = how.package(package)
    toolchain = toolchain_for(named, how.go)
    try:
        with working_folder(_beside(out), ".arenalab-") as folder:
            built = build(toolchain, named, folder, watching_runtime)
            ran = run(built, given, folder / "notes", limit, how, seconds=seconds, sites=sites)
            return _written(ran, folder, out, program=package, about=_about(toolchain.minor, how))
    except OSError as trouble:
        raise RecordingError(_no_room(trouble, out, limit)) from trouble


def _no_room(trouble: OSError, out: Path, limit: int) -> str:
    said = f"{out} was not written: {trouble.strerror or trouble}"
    if trouble.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return said
    return (
        f"{said}; the notes take {limit // 1_000_000} MB on its disk while the program runs, and the recording comes "
        f"to them: free some room, name another disk with -o, or take fewer notes with --limit MB"
    )


def _beside(out: Path) -> Path | None:
    """Return where to work for a recording, made if need be; None for a pipe, say: nothing goes beside it."""
    out.parent.mkdir(parents=True, exist_ok=True)
    return None if out.exists() and not out.is_file() else out.parent


def _about(minor: str, how: How) -> Row:
    return ({"lowered": minor} if how.lower else {}) | ({"tests": True} if how.tests else {})


def as_lines(out: Path) -> bool:
    """Whether a recording of that name is lines of JSON, as a text tool reads them; others are columns."""
    return out.suffix in LINES or (out.exists() and not out.is_file())


def _written(ran: Run, folder: Path, out: Path, *, program: str, about: Row) -> Watched:
    """Make the recording in the working folder, then give it its name."""
    notes = Notes.read(folder / "notes")
    made = packed(notes, program=program, exit_code=ran.exit, about=about, stopped=ran.stopped)
    if _says_nothing(made.end):
        raise RecordingError(_no_operation(ran, notes, out, about))
    with (folder / "recording").open("wb") as part:
        (write_lines if as_lines(out) else write_packed)(made, part)
    with (folder / "recording").open("rb") as whole, bytes_written_whole(out) as file:
        shutil.copyfileobj(whole, file)
    return Watched(
        ran.exit, ran.seconds, notes.count, notes.lost, made.end["end"]["ops"], made.end["end"]["chunks"],
        ran.stopped, notes.other_processes, made.end.get("unfinished", 0),
        made.end.get("undescribed", 0), notes.cut_off, made.end["ended"],
        made.end.get("fault", ""),
    )  # fmt: skip


def _says_nothing(end: Row) -> bool:
    """Whether a run had no operation, lost none, and did not crash either."""
    told = any(key in end for key in ("misfits", "unfinished", "undescribed"))
    seen = end["end"]["ops"] or end["lost"] or told
    return not seen and end["ended"] not in CRASHED


def _no_operation(ran: Run, notes: Notes, out: Path, about: Row) -> str:
    """What to do about a run in which nothing asked for an arena."""
    if about.get("tests"):
        who, what = (
            "no test that ran made an arena",
            "choose tests or benchmarks that do with: -- -run X -bench Y",
        )
    else:
        who, what = "the program made no arena", "give it, after --, the arguments with which it does"
    if notes.other_processes:
        what = "what the processes did that it started is not recorded; record their program itself"
    return f"{out} was not written: {who} ({ended(ran.exit)}, {ran.seconds:.2f} s); {what}"


def overhead(
    package: str, arguments: Sequence[str], *, runs: int = 5, sites: bool = False, **settings: Any
) -> tuple[float, float]:
    """Median seconds of `runs` runs without and with watching, taken in turn; output is discarded.

    Input that is a file is read again by each; of any other they get none. `settings` are those of `How`.
    """
    how = How(**settings)
    given = how.arguments(arguments)
    times: dict[bool, list[float]] = {False: [], True: []}
    named = how.package(package)
    toolchain = toolchain_for(named, how.go)
    with working_folder() as folder:
        built = {
            watch: build(toolchain, named, folder, watching_runtime if watch else None) for watch in times
        }
        for _ in range(runs):
            for watch, taken in times.items():
                limit = DEFAULT_BYTES if watch else 0
                ran = run(built[watch], given, folder / "notes", limit, how, again=True, sites=sites)
                if ran.stopped:
                    raise KeyboardInterrupt
                taken.append(ran.seconds)
    return statistics.median(times[False]), statistics.median(times[True])


def input_is_a_file() -> bool:
    """Whether this process's input can be read from its beginning again."""
    try:
        return stat.S_ISREG(os.fstat(0).st_mode)
    except OSError:  # closed
        return False


def run(
    built: Built,
    arguments: Sequence[str],
    notes: Path,
    limit: int,
    how: How,
    *,
    again: bool = False,
    seconds: float | None = None,
    sites: bool = False,
) -> Run:
    """Run the program with its notes in a file of `limit` bytes; see `run_program`.

    Raises:
        OSError: there is no room for the notes. Taken now, it can't be missing while the program runs.
    """
    with notes.open("wb") as file:
        if limit:
            os.posix_fallocate(file.fileno(), 0, limit // 8 * 8)
    watch = {"ARENALAB_WATCH": str(notes.absolute()), "ARENALAB_WATCH_BYTES": str(limit)}
    environment = {**os.environ, **how.environment, **watch} | (
        {"ARENALAB_WATCH_SITES": "1"} if sites else {}
    )
    stdin = None
    if again:
        stdin = None if input_is_a_file() else subprocess.DEVNULL
        if stdin is None:
            os.lseek(0, 0, os.SEEK_SET)
    command = [str(built.binary), *arguments]
    return run_program(
        command, environment, cwd=how.runs_in(built), quiet=again, seconds=seconds, stdin=stdin
    )
