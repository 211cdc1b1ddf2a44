"""`arenalab trace capture`: get an execution trace with allocations of a Go program that nobody changed.

Exit status: the program's, 0 where it was ended as asked; 2 where there is no trace.
"""

from __future__ import annotations

import re
import signal
import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path

from arenalab.advice.trace_run import TraceRun
from arenalab.cli_parser import Parser
from arenalab.errors import ArenaLabError, ScenarioError, TraceError
from arenalab.files import keep_what_is_there
from arenalab.oracle.capture.executable import refuse_an_executable
from arenalab.oracle.capture.program import DEFAULT_BYTES, Captured, Wanted, capture_program
from arenalab.oracle.capture.served import capture_served
from arenalab.oracle.capture.status import LIMIT, Status
from arenalab.oracle.own.options import (
    add_building,
    add_running,
    count,
    how_of,
    megabytes,
    seconds,
)
from arenalab.oracle.own.process import ended
from arenalab.progress_line import ProgressLine
from arenalab.units import counted, plainly

ABOUT = """Get an execution trace with allocations of a Go program that nobody changed: it is built with its own Go, in
a temporary folder, so that it traces itself from its start to its end. Its folder, go.sum and caches stay as they
are."""
USAGE = """%(prog)s [options] -- PROGRAM [ARGUMENTS]
       %(prog)s [options] --test PACKAGE [-bench X] [-run Y] [-count N] [-- FLAGS]
       %(prog)s [options] --url HOST:PORT"""
HOW = """a server of --url is one with net/http/pprof, started with GODEBUG=traceallocfree=1"""
READ_AT_ONCE = 16_000_000  #: bytes of a trace that is read for some lines at once, in a few seconds.
SERVED_SECONDS = 5.0
ITERATIONS = 100  #: of a benchmark, where nobody says how many.
TRACE_FLAG = re.compile(r"--?(test\.)?trace(=|$)")
TOLD = 2  #: kinds of scope that are listed at once.


def main_capture(argv: Sequence[str]) -> int:
    """Capture a trace; return the exit status."""
    given = list(argv)
    split = given.index("--") if "--" in given else len(given)
    options = parser().parse_args(given[:split])
    try:
        rest = given[split + 1 :]
        return _server(options, rest) if options.url is not None else _program(options, rest)
    except (ArenaLabError, OSError) as trouble:  # an OSError names its file
        print(f"arenalab trace capture: {trouble}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("arenalab trace capture: interrupted; nothing was written", file=sys.stderr)
        return 130


def parser() -> Parser:
    """Return what it can be asked for."""
    made = Parser.of("trace capture", ABOUT, usage=USAGE)
    made.epilog = f"{HOW}\n\n{made.epilog}"
    made.add_argument("-o", "--out", type=Path, metavar="FILE", help="the trace (default: PROGRAM.trace)")
    made.add_argument(
        "--url",
        metavar="HOST:PORT",
        help="trace a running server by its net/http/pprof; only it is contacted",
    )
    made.add_argument("--force", action="store_true", help="replace the file if it is there")
    made.add_argument(
        "--seconds",
        "--timeout",
        type=seconds,
        metavar="SECONDS",
        help=f"trace so long, then send the program a Ctrl-C (--url: default {SERVED_SECONDS:g})",
    )
    made.add_argument(
        "--limit", type=megabytes, default=DEFAULT_BYTES // 1_000_000, metavar="MB",
        help=f"then tracing ends and the program goes on (default {DEFAULT_BYTES // 1_000_000})",
    )  # fmt: skip
    own = made.add_argument_group("the program")
    own.add_argument(
        "--stacks", action="store_true", help="each allocation's stack, too: the trace is for arenalab alone"
    )
    own.add_argument(
        "--audit",
        action="store_true",
        help="a GC cycle before and after each scope's end, to decide all; slow",
    )
    own.add_argument("--go", metavar="PATH|VERSION", help="the Go to use, 1.23 or newer")
    add_running(own)
    add_building(own)
    _add_tests(made)
    return made


def _add_tests(parser: Parser) -> None:
    tests = parser.add_argument_group("tests instead (their other flags after --)")
    tests.add_argument("--test", metavar="PACKAGE", help="trace the tests of a package")
    tests.add_argument("-bench", "--bench", metavar="X", help="benchmarks; of the tests only -run's")
    tests.add_argument("-run", "--run", metavar="Y", help="which tests")
    tests.add_argument(
        "-count", "--count", type=count, metavar="N", help=f"iterations of each (default {ITERATIONS})"
    )


def _program(options: Namespace, command: list[str]) -> int:
    """Trace the person's program, or tests; return its own exit status, as a shell does."""
    if not (options.test or command):
        raise ScenarioError(
            "name a program after --: a folder with package main, a .go file, or an import path"
        )
    named, arguments = (
        (options.test, _of_tests(options, command)) if options.test else (command[0], command[1:])
    )
    refuse_an_executable(named)
    out = options.out or Path(f"{Path(named).absolute().name.removesuffix('.go')}.trace")
    keep_what_is_there(out, force=options.force)
    wanted = Wanted(options.limit * 1_000_000, options.seconds, options.stacks, options.audit)
    how = {**how_of(options), "tests": bool(options.test)}
    with ProgressLine() as line:
        done = capture_program(named, arguments, out, wanted, _Shown(line).show, **how)
    print("\n".join([*_told(done, out, options.limit), *_next(out)]), file=sys.stderr)
    if options.seconds and done.ran.stopped == "SIGINT" and done.ran.exit == -signal.SIGINT:
        return 0  # it was asked to
    return done.ran.exit if done.ran.exit >= 0 else 128 - done.ran.exit


def _of_tests(options: Namespace, more: list[str]) -> list[str]:
    """Return the flags of `go test`: one iteration a benchmark's run, so that each is a goroutine of its own.

    Raises:
        ScenarioError: they ask for a trace themselves.

    """
    if any(TRACE_FLAG.match(each) for each in more):
        raise ScenarioError("-trace is what this command does; leave it out, and name the file with -o")
    if options.bench is None:
        chosen = {"run": options.run, "count": options.count}
    else:
        chosen = {
            "run": options.run or "^$",
            "count": options.count or ITERATIONS,
            "bench": options.bench,
            "benchtime": "1x",
        }
    return [*(f"-{name}={value}" for name, value in chosen.items() if value is not None), *more]


def _server(options: Namespace, rest: list[str]) -> int:
    """Get a running server's trace; return 0, or 1 where it is cut off."""
    if rest or options.test:
        raise ScenarioError(f"--url traces a server that runs; leave out {options.test or rest[0]}")
    lasts = options.seconds or SERVED_SECONDS
    out = options.out or Path("server.trace")
    keep_what_is_there(out, force=options.force)
    with ProgressLine() as line:
        done = capture_served(
            options.url, lasts, out, options.limit * 1_000_000,
            lambda size, past: line.show(f"{size / 1e6:,.1f} MB, {past:.0f} of {lasts:g} s", past / lasts),
        )  # fmt: skip
    how = f"cut off: {done.cut_off}" if done.cut_off else "whole"
    told = f"{out}: {done.bytes / 1e6:,.3g} MB from {options.url}, {done.seconds:.2f} s, {how}"
    print("\n".join([told, *_next(out)]), file=sys.stderr)
    return int(bool(done.cut_off))


class _Shown:
    """The progress line, and what must be said while the program runs."""

    def __init__(self, line: ProgressLine) -> None:
        self.line = line
        self.warned = False

    def show(self, status: Status | None) -> None:
        """Show how far the trace is."""
        if status is None:
            self.line.show("building the program so that it traces itself")
            return
        self.line.show(f"{status.bytes / 1e6:,.1f} MB traced")
        if status.why and status.why != "main returned" and not (self.warned or status.signal):
            self.warned = True
            print(f"arenalab: tracing ended ({status.why}); the program goes on", file=sys.stderr, flush=True)


def _told(done: Captured, out: Path, limit: int) -> Iterator[str]:
    """Yield what was traced, and what was not."""
    status, ran = done.status, done.ran
    how = f"whole: ended by {status.why}" if done.whole else "cut off: what was written until then is kept"
    size = f"{status.bytes / 1e6:,.3g} MB"
    yield f"{out}: {size} of {done.version}, {ran.seconds:.2f} s, {how} (program: {ended(ran.exit)})"
    if status.why == LIMIT:
        yield f"tracing ended at {limit:,} MB; --limit MB gives it more"
    if status.asked:
        yield (
            f"the program asked for a trace itself {plainly(status.asked, 'time')}, and got Go's error that tracing is "
            "enabled already; for its own trace run it by itself, with GODEBUG=traceallocfree=1"
        )
    if status.collections:
        yield f"--audit added {counted(status.collections, 'GC cycle')}"
    if status.others:
        yield f"not traced: {plainly(status.others, 'process', 'processes')} that it started"


def _next(out: Path) -> Iterator[str]:
    """Yield what the trace says, in a line or two, and how to hear more."""
    if out.is_file() and out.stat().st_size <= READ_AT_ONCE:
        try:
            run = TraceRun.read(out)
        except TraceError as trouble:
            yield str(trouble)
            return
        for kind in list(run.scopes())[:TOLD]:
            yield next(run.verdict(kind).lines())
    if out.is_file():
        yield f"more: arenalab trace {out}"
