"""Build a person's program so that it traces itself, run it, and give its trace the name that was asked for."""

from __future__ import annotations

import errno
import os
import shutil
import stat
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from arenalab.errors import RecordingError
from arenalab.oracle.capture.overlay import capturing_files
from arenalab.oracle.capture.status import WHOLE, Status, prepared
from arenalab.oracle.capture.toolchains import tracing_toolchain
from arenalab.oracle.own.how import How
from arenalab.oracle.own.package import Verb, build
from arenalab.oracle.own.process import Run, ended, run_program, working_folder

DEFAULT_BYTES = 256_000_000  # some twenty million allocations
TRACES = Verb("traces", "traced", "without --test a package main is traced")
#: Is told now and then how far a trace is, None before the program runs.
Watch = Callable[[Status | None], None]
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True)
class Wanted:
    """What of the program is to be traced.

    Attributes:
        limit: bytes of the trace, some more at most; then tracing ends and the program goes on.
        seconds: how long; then the program gets a SIGINT. None: to its end.
        stacks: write the stack of each allocation, too.
        audit: collect garbage at the end of each scope.
    """

    limit: int = DEFAULT_BYTES
    seconds: float | None = None
    stacks: bool = False
    audit: bool = False

    def environment(self, folder: Path) -> dict[str, str]:
        """What tells it to the program."""
        asked = {"ARENALAB_CAPTURE": str(folder), "ARENALAB_CAPTURE_LIMIT": str(self.limit)}
        if self.seconds is not None:
            asked["ARENALAB_CAPTURE_MS"] = str(max(1, round(self.seconds * 1000)))
        chosen = {"ARENALAB_CAPTURE_STACKS": self.stacks, "ARENALAB_CAPTURE_AUDIT": self.audit}
        return asked | {name: "1" for name, wanted in chosen.items() if wanted}


@dataclass(frozen=True)
class Captured:
    """What came of it: how the program ended, how far the trace came, and which Go built it."""

    ran: Run
    status: Status
    version: str

    @property
    def whole(self) -> bool:
        """Whether the trace has its end."""
        return self.status.state == WHOLE


def capture_program(
    package: str,
    arguments: Sequence[str],
    out: Path,
    wanted: Wanted | None = None,
    watch: Watch = lambda _: None,
    **settings: Any,
) -> Captured:
    """Build the Go main package (or, with tests=True, the tests) `package`, run it, and write its trace to `out`.

    The program's input, output and signals are those of this process; see `run_program`.

    Args:
        package: as the Go command knows it, or a folder or file, in whatever module it lies.
        arguments: the program's.
        out: the trace; it appears whole or, where the program was killed, cut off, but never half written.
        wanted: what to trace.
        watch: receives how far the trace is.
        settings: how it is built and run: see `How`.

    Raises:
        ToolchainError: no Go that writes allocations, a runtime that doesn't fit, or a program that doesn't build.
        RecordingError: the program ended before it could trace, or the disk is full.
    """
    how = How(experiments=(), verb=TRACES, **settings)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        beside = None if out.exists() and not out.is_file() else out.parent
        with working_folder(beside, ".arenalab-") as folder:
            watch(None)
            done = _traced(package, arguments, folder, wanted or Wanted(), watch, how)
            _refuse_what_is_no_trace(done, out)
            give_name(folder / "trace", out)
            return done
    except OSError as trouble:
        raise RecordingError(no_room(trouble.errno, out, trouble.strerror or str(trouble))) from trouble


def _traced(
    package: str, arguments: Sequence[str], folder: Path, wanted: Wanted, watch: Watch, how: How
) -> Captured:
    """Build and run it; its trace is in `folder`."""
    given, named = how.arguments(arguments), how.package(package)
    toolchain = tracing_toolchain(named, how.go)
    built = build(toolchain, named, folder, capturing_files)
    prepared(folder)
    ran = run_program(
        [str(built.binary), *given],
        {**os.environ, **how.environment, **wanted.environment(folder)},
        cwd=how.runs_in(built), quiet=False, seconds=wanted.seconds, watch=lambda: watch(Status.read(folder)),
    )  # fmt: skip
    return Captured(ran, Status.read(folder), toolchain.version)


def _refuse_what_is_no_trace(done: Captured, out: Path) -> None:
    if done.status.errno:
        raise RecordingError(no_room(done.status.errno, out, os.strerror(done.status.errno)))
    if not done.status.bytes:
        raise RecordingError(
            f"{out} was not written: the program ended before it traced anything ({ended(done.ran.exit)})"
        )


def no_room(number: int | None, out: Path, said: str) -> str:
    """Report that a trace was not written, and what to do where its disk is full."""
    told = f"{out} was not written: {said}"
    if number not in FULL:
        return told
    return f"{told}; free some room, name another disk with -o, or trace less with --limit MB or --seconds N"


def give_name(trace: Path, out: Path) -> None:
    """Rename a trace in a folder beside `out`, or copy it where `out` is not a file."""
    target = out.resolve()
    if target.exists() and not target.is_file():
        with trace.open("rb") as whole, target.open("wb") as pipe:
            shutil.copyfileobj(whole, pipe)
        return
    if target.exists():
        trace.chmod(stat.S_IMODE(target.stat().st_mode))
    trace.replace(target)
