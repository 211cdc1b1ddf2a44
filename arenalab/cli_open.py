"""`arenalab open FILE`: what a file is and what is in it, told by its content; the plain face of `arenalab.open`."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from arenalab.advice.trace_run import TraceRun
from arenalab.cli_parser import Parser
from arenalab.file_kind import EXECUTION, HISTORY, RECORDING, SCENARIO, TRACE, kind_of
from arenalab.opening import open  # noqa: A004  # as gzip.open
from arenalab.progress_line import ProgressLine
from arenalab.units import counted
from arenalab.world.history import History

ABOUT = """Print what kind of file it is, by content and not by name, and what is in it: a recording of real Go, a saved
history, a trace, a scenario, or an execution trace that Go wrote; gzip'ed or not."""
#: Kind -> what it is, and the commands that read it.
KINDS = {
    RECORDING: ("a recording of real Go", ("report", "check", "serve", "lab")),
    HISTORY: ("a saved history of the model", ("report", "serve", "lab")),
    TRACE: ("a trace: a program for the model", ("report", "serve", "lab")),
    SCENARIO: ("a scenario: a small program and what it expects", ("check", "record", "serve", "lab")),
    EXECUTION: ("an execution trace of a Go program", ("trace", "serve", "lab")),
}


def main_open(argv: Sequence[str]) -> int:
    """Describe what a file is; return the exit status."""
    options = parser().parse_args(list(argv))
    kind = kind_of(options.file)
    with ProgressLine() as line:
        line.show(f"{options.file}: reading a {kind}")
        its = facts(open(options.file))
    if options.json:
        print(json.dumps({"file": str(options.file), "kind": kind, **its}))
    else:
        print("\n".join(told(options.file, kind, its)))
    return 0


def parser() -> Parser:
    """Return what it can be asked for."""
    made = Parser.of("open", ABOUT)
    made.add_argument("file", metavar="FILE", type=Path, help="a file of any kind that ArenaLab knows")
    made.add_argument("--json", action="store_true", help="one JSON object: kind and counts")
    return made


def facts(run: History | TraceRun) -> dict[str, Any]:
    """Return what is in a run: counts, seconds, and what must be said of it."""
    if isinstance(run, TraceRun):
        return {
            "objects": len(run.objects), "types": len(run.types), "seconds": run.seconds, "scopes": run.scopes(),
        }  # fmt: skip
    world = run.world
    return {
        "go": run.rules.version, "operations": len(run.ops), "events": len(run.events),
        "user arenas": len(world.user_arenas), "chunks": len(world.spans), "objects": world.ledger.count,
        "remarks": list(run.remarks),
    }  # fmt: skip


def told(file: Path, kind: str, its: dict[str, Any]) -> Iterator[str]:
    """Yield what a file is, what is in it, and which commands read it."""
    what, commands = KINDS[kind]
    yield f"{file}: {what}{', Go ' + its['go'] if 'go' in its else ''}"
    names = ("operations", "events", "user arenas", "chunks", "objects", "types")
    yield f"  {', '.join(counted(its[name], name[:-1]) for name in names if name in its)}"
    if "seconds" in its:
        kinds = ", ".join(f"{name} {number:,}" for name, number in its["scopes"].items())
        yield f"  {its['seconds']:.3g} s; scopes: {kinds or 'none'}"
    yield from (f"  {remark}" for remark in its.get("remarks", ()))
    path = shlex.quote(str(file))
    yield f"read it with: {', '.join(f'arenalab {command} {path}' for command in commands)}"
