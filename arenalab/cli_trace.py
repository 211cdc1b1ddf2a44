"""`arenalab trace FILE...`: would an arena help an ordinary program? From its execution trace; as text, JSON or a page.

Exit status 1: the trace holds no scope, so nothing can be said of one.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from arenalab.advice.report import report_of
from arenalab.cli_commands import PARTS
from arenalab.cli_parser import Parser
from arenalab.cli_workers import add_workers
from arenalab.errors import ArgumentError
from arenalab.files import keep_what_is_there
from arenalab.install import PICTURES, require
from arenalab.opening import open_trace
from arenalab.progress_line import ProgressLine

ABOUT = """Would an arena help this program? Its execution trace tells which objects of a request would be dead when an
arena is freed at its end, and which escape. Those facts are recorded, no model in them. What arenas would cost or
save is forecast from what `arenalab costs` measured on this machine, or from costs that are shipped: docs/advice.md."""
HOW = """getting a trace: `arenalab trace capture -- PROGRAM` (or --url HOST:PORT, --test PACKAGE: its --help); or run
the program with GODEBUG=traceallocfree=1 (Go 1.23 or later), then one of
  go test -trace x.trace -bench .
  curl -o x.trace 'HOST:PORT/debug/pprof/trace?seconds=1'      (net/http/pprof)
  trace.Start in the program"""


def main_trace(argv: Sequence[str]) -> int:
    """Report on an execution trace, or capture one; return the exit status."""
    if list(argv[:1]) == ["capture"]:
        return PARTS["trace capture"].run(argv[1:])
    options = parser().parse_args(list(argv))
    if len(options.files) > 1 or options.dask is not None:
        return _several(options)
    file: Path = options.files[0]
    if options.html:
        require("lab", *PICTURES)
        keep_what_is_there(options.html, force=options.force)
    with ProgressLine() as line:
        show = partial(line.show, f"{file}: reading")
        run = open_trace(file, show, binary=options.binary)
        line.show("objects and scopes")
        report = report_of(run, options.scope, go=options.go, gogc=options.gogc)
        if options.html:
            from arenalab.explore.trace_page import save_report  # noqa: PLC0415  # the `lab` extra

            line.show(f"writing {options.html}")
            save_report(options.html, report)
    print(json.dumps(report.facts()) if options.json else "\n".join(report.lines()))
    if options.html and not options.json:
        print(f"\n{options.html}: written; it needs no kernel and no network")
    return int(report.its is None)


def _several(options: argparse.Namespace) -> int:
    if options.html:
        raise ArgumentError("--html", str(options.html), "one trace at a time: a page is about one")
    from arenalab.cli_traces import main_traces  # noqa: PLC0415  # rarely needed

    return main_traces(options)


def parser() -> Parser:
    """Return what it can be asked for."""
    made = Parser.of("trace", ABOUT)
    made.epilog = f"{HOW}\n\n{made.epilog}"
    made.add_argument(
        "files", type=Path, nargs="+", metavar="FILE",
        help="execution traces with allocations, gzip'ed or not; of several, each has its report",
    )  # fmt: skip
    made.add_argument(
        "--scope", metavar="KIND",
        help="judge this kind of scope, such as http or 'task request' (default: the best one in the trace)",
    )  # fmt: skip
    made.add_argument(
        "--binary", metavar="B", type=Path,
        help="the program that wrote the trace (ELF): tells which words of each type are pointers",
    )  # fmt: skip
    made.add_argument(
        "--gogc", metavar="PERCENT", type=int, default=100, help="at which GOGC to compare (default: 100)"
    )
    made.add_argument(
        "--go",
        metavar="VERSION",
        help="whose costs, such as 1.27 (default: the newest that writes such traces)",
    )
    made.add_argument(
        "--json", action="store_true", help="a JSON object for each trace; bytes and counts, no words"
    )
    add_workers(made, "traces that are read")
    made.add_argument("--html", metavar="OUT", type=Path, help="write a page for the browser, too")
    made.add_argument("--force", action="store_true", help="replace OUT if it is there")
    return made
