"""The `arenalab` command: check, type, report, trace, record, fuzz, go, lab.

Exit status everywhere: 0 done and in agreement, 1 a difference (or nothing compared), 2 bad input.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from arenalab.cli_parser import Parser
from arenalab.errors import ArenaLabError


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; print errors as one line and return the exit status."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    command = arguments[0] if arguments else ""
    try:
        if command in OWN_PARSERS:
            return OWN_PARSERS[command](arguments[1:])
        options = _parser().parse_args(arguments)
        status: int = options.run(options)
    except ArenaLabError as trouble:
        print(f"arenalab {command}: {trouble}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader of our output has gone, as with `| head`
        sys.stderr.close()
        return 0
    except OSError as trouble:  # a file or folder that isn't there, is full or may not be written
        print(f"arenalab {command}: {trouble}", file=sys.stderr)
        return 2
    return status


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="arenalab", description="Go's user arenas, step by step.")
    commands = parser.add_subparsers(dest="command", required=True)

    check = commands.add_parser(
        "check", help="recordings of real Go beside the model, scenarios beside what they expect"
    )
    check.add_argument(
        "files", nargs="*", type=Path, metavar="FILE", help="recordings (JSON) or scenarios (TOML)"
    )
    check.add_argument("--steps", action="store_true", help="take every single step, solve nothing in bulk")
    check.add_argument("--types", action="store_true", help="compare random types with the real compiler")
    check.add_argument("--seed", type=int, help="with --types: which types; a fresh one is printed otherwise")
    check.add_argument("--n", type=int, default=2000, help="with --types: how many (default 2000)")
    check.add_argument("--go", metavar="PATH|VERSION|all", help="with --types: the Go to use, such as 1.27.3")
    check.set_defaults(run=_check)

    show = commands.add_parser("type", help="lay a Go type out: size, offsets, pointer bits")
    show.add_argument(
        "expr", metavar="EXPR", help="a Go type expression, such as '[4]struct{ p *int; n int }'"
    )
    show.add_argument("--json", action="store_true", help="one JSON object, as in a recording's type row")
    show.add_argument(
        "--go", metavar="VERSION", help="which Go lays it out, such as 1.24 (default: the newest)"
    )
    show.set_defaults(run=_type)

    for name, what in HELP.items():
        commands.add_parser(name, help=what, add_help=False)
    return parser


def _check(options: argparse.Namespace) -> int:
    if options.types:
        from arenalab.oracle.types_oracle import check_types  # noqa: PLC0415  # needs the `go` extra only here

        return check_types(options.seed, options.n, options.go)
    if not options.files:
        print("arenalab check: name a recording or a scenario, or use --types", file=sys.stderr)
        return 2
    from arenalab.cli_check import check_files  # noqa: PLC0415  # numpy is loaded only when something is checked

    return check_files(options.files, in_bulk=not options.steps)


def _type(options: argparse.Namespace) -> int:
    from arenalab.cli_type import run_type  # noqa: PLC0415  # the grammar is loaded only here

    return run_type(options.expr, as_json=options.json, go=options.go)


def _record(arguments: Sequence[str]) -> int:
    from arenalab.oracle.cli import main_record  # noqa: PLC0415

    return main_record(arguments)


def _fuzz(arguments: Sequence[str]) -> int:
    from arenalab.oracle.fuzz import main_fuzz  # noqa: PLC0415

    return main_fuzz(arguments)


def _go(arguments: Sequence[str]) -> int:
    from arenalab.oracle.installed import main_go  # noqa: PLC0415

    return main_go(arguments)


def _lab(arguments: Sequence[str]) -> int:
    from arenalab.cli_lab import main_lab  # noqa: PLC0415  # JupyterLab is loaded only here

    return main_lab(arguments)


def _report(arguments: Sequence[str]) -> int:
    from arenalab.cli_report import main_report  # noqa: PLC0415

    return main_report(arguments)


def _trace(arguments: Sequence[str]) -> int:
    from arenalab.cli_trace import main_trace  # noqa: PLC0415

    return main_trace(arguments)


#: Commands that read their own arguments.
OWN_PARSERS: dict[str, Callable[[Sequence[str]], int]] = {
    "record": _record,
    "fuzz": _fuzz,
    "go": _go,
    "lab": _lab,
    "report": _report,
    "trace": _trace,
}
HELP = {
    "report": "what a run made of its arenas, in words: what was used, wasted, and what outlived its arena",
    "trace": "which objects of an ordinary program's requests are dead at their end, from its execution trace",
    "record": "record what real Go does (needs the `go` extra)",
    "fuzz": "hunt for differences between the model and real Go (needs the `go` extra)",
    "go": "get the Go toolchains that recordings are made with",
    "lab": "open a recording, history, trace or scenario in JupyterLab (needs the `lab` extra)",
}

if __name__ == "__main__":
    sys.exit(main())
