"""`arenalab record`: the command line of the recorder."""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from arenalab.cli_parser import Parser
from arenalab.errors import ArenaLabError, ScenarioError
from arenalab.files import keep_what_is_there
from arenalab.opening import open_file
from arenalab.oracle.cases import record_clone, record_errors
from arenalab.oracle.generate import Shape, generate
from arenalab.oracle.own.options import (
    add_building,
    add_running,
    count,
    how_of,
    megabytes,
    seconds,
)
from arenalab.oracle.own.process import ended
from arenalab.oracle.program import Program, load_program
from arenalab.oracle.record import record, type_rows
from arenalab.oracle.toolchain import find_toolchain
from arenalab.oracle.watch.run import DEFAULT_BYTES, Watched, overhead, record_own_program
from arenalab.oracle.weights import PROFILES
from arenalab.units import plainly
from arenalab.view.usage import usage
from arenalab.view.usage_words import reported

CRASHES = ("panic", "throw")
REPORTED = 1_000_000  #: bytes of a recording that is re-executed at once for a report, in some seconds.


def main_record(argv: Sequence[str] | None = None) -> int:
    """Run `arenalab record ...`; return the exit status (0 done, 1 the program died, 2 refused)."""
    given = list(sys.argv[1:] if argv is None else argv)
    split = given.index("--") if "--" in given else len(given)
    arguments = parser().parse_args(given[:split])
    arguments.rest = given[split + 1 :]
    try:
        keep_what_is_there(arguments.out, force=arguments.force)
        return _own_program(arguments) if arguments.own or arguments.tests else _record(arguments)
    except (ArenaLabError, OSError) as trouble:  # an OSError names its file
        print(f"arenalab record: {trouble}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("arenalab record: interrupted; nothing was written", file=sys.stderr)
        return 130


class _Attach(argparse.Action):
    """Refuses at once, whatever else was given."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        """Describe what to do instead."""
        parser.error(
            "a program that runs already can't be recorded, since what notes is built into it; let the recorder "
            "start it: arenalab record --program PACKAGE -o FILE, and end it with Ctrl-C or --timeout SECONDS"
        )


def parser() -> Parser:
    """Return what it can be asked for."""
    made = Parser.of(
        "record", "Record what real Go does: a scenario, a random program, or a program of your own."
    )
    what = made.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "program", nargs="?", type=Path, help="a scenario (.toml) or an operation list (.jsonl)"
    )
    what.add_argument(
        "--seed", help="a random program; the same seed gives the same program ('new': a fresh one)"
    )
    what.add_argument(
        "--program", dest="own", metavar="PACKAGE", help="your own Go program; its arguments after --"
    )
    what.add_argument(
        "--test",
        dest="tests",
        metavar="PACKAGE",
        help="the tests of your own Go package; flags of go test after --",
    )
    what.add_argument(
        "--attach", action=_Attach, metavar="PID", help="not possible, and says what to do instead"
    )
    what.add_argument("--errors", action="store_true", help="each panic, throw and fault in its own process")
    what.add_argument("--clone", action="store_true", help="what Clone does to each kind of value")
    _add_random(made)
    _add_own(made)
    made.add_argument("--go", metavar="PATH|VERSION", help="the Go to use, such as 1.27.3")
    made.add_argument("-o", "--out", type=Path, required=True, help="the recording to write")
    made.add_argument("--force", action="store_true", help="replace the file if it is there")
    return made


def _add_random(made: Parser) -> None:
    """Add what holds for random programs, and for how much is seen of any."""
    made.add_argument("--ops", type=count, default=200, help="length of the random program (default 200)")
    made.add_argument(
        "--profile", choices=PROFILES, default="mix", help="what the random program makes common"
    )
    made.add_argument(
        "--snapshot", type=count, default=5, help="operations per snapshot, 0 for none (default 5)"
    )
    made.add_argument(
        "--bits", choices=("delta", "full", "hash", "words"), default="delta", help="how to show pointer bits"
    )


def _add_own(parser: argparse.ArgumentParser) -> None:
    """Add what holds for own programs and tests only."""
    own = parser.add_argument_group("your own program, or its tests (--program, --test)")
    own.add_argument(
        "--limit",
        type=megabytes,
        default=DEFAULT_BYTES // 1_000_000,
        metavar="MB",
        help=f"room for notes (default {DEFAULT_BYTES // 1_000_000}); then the last are kept",
    )
    own.add_argument(
        "--timeout", dest="seconds", type=seconds, metavar="SECONDS", help="then send it a Ctrl-C"
    )
    add_running(own)
    own.add_argument("--sites", action="store_true", help="which line made, filled and freed each arena")
    _add_build(own)
    own.add_argument(
        "--overhead",
        type=count,
        default=0,
        metavar="RUNS",
        help="time it, too, without and with recording; input that is not a file is empty then",
    )


def _add_build(own: argparse._ArgumentGroup) -> None:
    """Add how it is built."""
    add_building(own)
    sanitizer = own.add_mutually_exclusive_group()
    sanitizer.add_argument(
        "--race",
        action="store_true",
        help="with the race detector; Go then reuses no half-full chunk",
    )
    sanitizer.add_argument(
        "--asan", action="store_true", help="with the address sanitizer, which needs a C compiler; likewise"
    )


def _own_program(arguments: argparse.Namespace) -> int:
    """Record the person's program; return its own exit status, as a shell does."""
    if arguments.overhead and arguments.seconds:
        raise ScenarioError("--overhead times whole runs, and --timeout cuts them short; give one of the two")
    package, rest = arguments.own or arguments.tests, arguments.rest
    how, limit = _how(arguments), arguments.limit * 1_000_000
    done = record_own_program(
        package, rest, arguments.out, limit=limit, seconds=arguments.seconds, sites=arguments.sites, **how
    )
    print(f"{arguments.out}: {told(done)}", file=sys.stderr)
    if arguments.out.is_file():  # what went into a pipe is gone
        print(_what_came_of_it(arguments.out), file=sys.stderr)
    if arguments.overhead:
        plain, watched = overhead(package, rest, runs=arguments.overhead, sites=arguments.sites, **how)
        percent = 100 * (watched / plain - 1)
        procs = (os.environ | how["environment"]).get("GOMAXPROCS") or len(os.sched_getaffinity(0))
        each = f"median of {plainly(arguments.overhead, 'run')} each, GOMAXPROCS={procs}"
        print(f"without {plain:.3f} s, with {watched:.3f} s: {percent:+.0f} % ({each})", file=sys.stderr)
    if arguments.seconds and done.stopped == "SIGINT" and done.exit == -signal.SIGINT:
        return 0  # it was asked to
    return done.exit if done.exit >= 0 else 128 - done.exit


def _how(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return how it is built and run, as `How` takes it."""
    sanitizer = [f"-{name}" for name in ("race", "asan") if getattr(arguments, name)]
    return {"tests": bool(arguments.tests), **how_of(arguments, *sanitizer)}


def _what_came_of_it(recording: Path) -> str:
    """Report on the recording at once where that is quick, else say how to have it."""
    if recording.stat().st_size > REPORTED:
        return f"arenalab report {recording}: what the run made of its arenas"
    try:
        history = open_file(recording)
        return reported(history, usage(history))
    except ArenaLabError as trouble:  # a recording without operations, or one that raced
        return f"no report: {trouble}"


def told(done: Watched) -> str:
    """One line on what was recorded, and on what was not."""
    how = ended(done.exit)
    how += (
        f", a fault at {done.fault}" if done.fault else f", a {done.ended}" if done.ended in CRASHES else ""
    )
    seen = (done.operations, "operation"), (done.chunks, "chunk"), (done.notes, "note")
    parts = [", ".join(plainly(*one) for one in seen)]
    if done.cut_off:
        parts.append(f"{plainly(done.cut_off, 'note')} cut off by its end")
    if done.lost > done.cut_off:
        parts.append(
            f"{plainly(done.lost - done.cut_off, 'note')} did not fit, of which the last ones are listed: raise --limit"
        )
    last = plainly(done.unfinished, "operation")
    if done.undescribed:
        values = plainly(done.undescribed, "value")
        parts.append(f"{last} at the end left out, {values} had a type too much to describe: raise --limit")
    elif done.unfinished:
        parts.append(f"{last} at the end left out, after one that was cut off in the middle")
    if done.other_processes:
        parts.append(f"not recorded: {plainly(done.other_processes, 'process', 'processes')} that it started")
    return f"{'; '.join(parts)} ({how}, {done.seconds:.2f} s)"


def _record(arguments: argparse.Namespace) -> int:
    if arguments.errors or arguments.clone:
        cases = record_errors if arguments.errors else record_clone
        print(f"{arguments.out}: {plainly(cases(arguments.out, go=arguments.go), 'case')}")
        return 0
    program = load_program(arguments.program) if arguments.program else _random(arguments)
    last = record(program, arguments.out, go=arguments.go, snapshot=arguments.snapshot, bits=arguments.bits)
    if "end" not in last:
        print(f"the recorded program died: {last}", file=sys.stderr)
        return 1
    end = last["end"]
    made = f"{plainly(end['ops'], 'operation')}, {plainly(end['chunks'], 'chunk')} seen"
    print(f"{arguments.out}: {made} (seed {program.seed!r})")
    return 0


def _random(arguments: argparse.Namespace) -> Program:
    seed = arguments.seed
    if seed == "new":
        seed = str(random.SystemRandom().randrange(10**9))
    toolchain = find_toolchain(arguments.go)

    def shapes(types: Sequence[str]) -> list[Shape]:
        return [Shape.of(row) for row in type_rows(toolchain, Program(types, []))]

    return generate(seed, arguments.ops, arguments.profile, shapes, go=toolchain.release.line)
