"""`arenalab trace FILE`: what an ordinary program's execution trace tells about its objects and their scopes.

Exit status: 0 told, 1 the trace holds no scope (so nothing can be said of one), 2 bad input.
"""

from __future__ import annotations

import json
from argparse import RawDescriptionHelpFormatter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from arenalab.cli_parser import Parser
from arenalab.intake.batches import TraceFile
from arenalab.intake.lifetimes import Lifetimes, lifetimes_of
from arenalab.intake.log import TraceLog, read_log
from arenalab.intake.objects import NEVER, Objects, objects_of
from arenalab.intake.scopes import Scopes, scopes_of
from arenalab.intake.verdict import Verdict, verdict
from arenalab.progress_line import ProgressLine
from arenalab.units import counted

ABOUT = """What an ordinary program's execution trace tells about its heap: which objects of a request would be dead
when an arena is freed at its end, and which escape. Nothing here is a model: it is what was recorded."""
HOW = """getting a trace: run the program with GODEBUG=traceallocfree=1 (Go 1.23 or later), then one of
  go test -trace x.trace -bench .
  curl -o x.trace 'HOST:PORT/debug/pprof/trace?seconds=1'      (net/http/pprof)
  trace.Start in the program"""
NO_SCOPE = "no task, region or goroutine begins and ends in this trace, so there is no scope to judge"
MOST = 8  #: kinds of scope that are told of where none is asked for.


def main_trace(argv: Sequence[str]) -> int:
    """Tell of an execution trace; return the exit status."""
    options = _parser().parse_args(list(argv))
    with ProgressLine() as line:
        log = read_log(TraceFile(options.file), lambda share: line.show(f"{options.file}: reading", share))
        line.show("objects")
        objects = objects_of(log)
        lifetimes, scopes = lifetimes_of(log, objects), scopes_of(log)
        verdicts = list(_verdicts(log, objects, lifetimes, scopes, options.scope))
    if options.json:
        print(json.dumps(_facts(log, objects, lifetimes) | {"scopes": [each.facts() for each in verdicts]}))
    else:
        print("\n".join(_lines(log, objects, lifetimes, verdicts, len(scopes))))
    return int(not verdicts)


def _parser() -> Parser:
    parser = Parser(prog="arenalab trace", description=ABOUT, epilog=HOW)
    parser.formatter_class = RawDescriptionHelpFormatter
    parser.add_argument("file", type=Path, help="an execution trace with allocations")
    parser.add_argument(
        "--scope", metavar="KIND", help="one kind of scope, such as 'task request' (default: all)"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object; bytes and counts, no words")
    return parser


def _verdicts(
    log: TraceLog, objects: Objects, lifetimes: Lifetimes, scopes: Scopes, asked: str | None
) -> Iterator[Verdict]:
    """Yield the verdict on the kind that is asked for, or on those with the most scopes."""
    kinds = [asked] if asked else sorted(scopes, key=lambda kind: -len(scopes[kind]))[:MOST]
    return (verdict(log, objects, lifetimes, scopes, kind) for kind in kinds)


def _facts(log: TraceLog, objects: Objects, lifetimes: Lifetimes) -> dict[str, object]:
    """Return what the trace as a whole says."""
    times = log.heap.time
    ticks = int(times[-1] - times[0]) if len(times) else 0
    return {
        "file": log.path,
        "format": f"go 1.{log.version}",
        "events": log.events,
        "seconds": ticks / log.ticks if log.ticks else None,
        "cycles": len(lifetimes.cycles),
        "allocated": int(np.logical_not(objects.before).sum()),
        "there_before": int(objects.before.sum()),
        "freed": int((objects.end != NEVER).sum()),
        "unresolved": objects.unresolved,
        "lost": int(objects.lost.sum()),
        "stray_frees": objects.strays,
    }


def _lines(
    log: TraceLog, objects: Objects, lifetimes: Lifetimes, verdicts: list[Verdict], kinds: int
) -> Iterator[str]:
    """Yield the report."""
    facts = _facts(log, objects, lifetimes)
    lasted = f", {facts['seconds']:.3g} s" if facts["seconds"] else ""
    yield f"{log.path}: recorded, format {facts['format']}; {counted(log.events, 'event')}{lasted}"
    yield (
        f"{counted(int(str(facts['allocated'])), 'object')} allocated, {facts['there_before']:,} there before, "
        f"{facts['freed']:,} freed, {counted(len(lifetimes.cycles), 'GC cycle')}"
    )
    yield (
        f"not resolved: {facts['unresolved']:,}; end unknown: {facts['lost']:,}; "
        f"frees of what was not seen: {facts['stray_frees']:,}"
    )
    for each in verdicts:
        yield from ("", *each.lines())
    if kinds > len(verdicts) > 1:
        yield f"\n{counted(kinds - len(verdicts), 'more kind')} of scope; --scope KIND tells of one"
    yield from ("", *(_limits() if verdicts else [NO_SCOPE]))


def _limits() -> Iterator[str]:
    """Yield what a reader must know to disagree."""
    yield "undecided: no GC cycle says; end the scope with runtime.GC(), or set GOGC=1, to decide more."
    yield "not seen: stack objects, pointer writes, user arenas; types of slices and strings (?)."
