"""`arenalab check FILE...`: recordings beside the model, scenarios beside their own expectations."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from arenalab.cli_colour import GREEN, RED, painted
from arenalab.cli_parser import Parser, count
from arenalab.cli_workers import add_workers, workers_of
from arenalab.errors import ScenarioError
from arenalab.progress_line import ProgressLine
from arenalab.workers import Workers, if_lost

if TYPE_CHECKING:
    from arenalab.cli_checked import How, Outcome, Watch
    from arenalab.cli_found import Found

ABOUT = """Compare recordings of real Go with the model, fact by fact, and scenarios with what they expect. A file that
can't be read does not keep the others from being checked. Of a folder, all recordings and scenarios in it, at any
depth. Each file has one line in the end; before it stands the first difference, if there is one."""


def main_check(argv: Sequence[str]) -> int:
    """Check what is named; return the exit status."""
    options = parser().parse_args(list(argv))
    if options.types:
        from arenalab.oracle.types_oracle import check_types  # noqa: PLC0415  # needs the `go` extra only here

        return check_types(options.seed, options.n, options.go)
    if not options.files:
        raise ScenarioError("name a recording, a scenario or a folder, or use --types")
    from arenalab.cli_checked import How  # noqa: PLC0415  # numpy is loaded only when something is checked
    from arenalab.cli_found import found  # noqa: PLC0415  # as above

    how = How(in_bulk=not options.steps, real=options.real, go=options.go)
    there = found(options.files)
    with workers_of(options, len(there.files)) as hands:
        return check_files(there, how, hands, as_json=options.json)


def parser() -> Parser:
    """Return what it can be asked for."""
    made = Parser.of("check", ABOUT)
    made.add_argument(
        "files", nargs="*", type=Path, metavar="FILE", help="recordings, scenarios, or folders of them"
    )
    made.add_argument("--json", action="store_true", help="one JSON object: the files, and their totals")
    add_workers(made, "files that are checked")
    made.add_argument("--steps", action="store_true", help="take every single step, solve nothing in bulk")
    real = made.add_argument_group("real Go (extra `go`)")
    real.add_argument(
        "--real", action="store_true", help="perform scenarios in real Go, too, and compare all it did"
    )
    real.add_argument("--types", action="store_true", help="compare random types with the real compiler")
    real.add_argument("--seed", type=int, help="with --types: which types; a fresh one is printed otherwise")
    real.add_argument("--n", type=count, default=2000, help="with --types: how many (default 2000)")
    real.add_argument(
        "--go", metavar="PATH|VERSION|all", help="the Go to use, such as 1.27.3; all: each in turn"
    )
    return made


def check_files(there: Found, how: How, hands: Workers, *, as_json: bool = False) -> int:
    """Check files, tell of each as it is done, then of all; return the exit status."""
    from arenalab.cli_checked import Totals  # noqa: PLC0415  # as above

    totals, told = Totals(), []
    with ProgressLine() as line:
        for outcome in _outcomes(there.files, how, line, hands):
            totals.add(outcome)
            if as_json:
                told.append(outcome.facts())
            else:
                line.wipe()
                _tell(outcome)
    if as_json:
        print(json.dumps({"checked": told, "totals": totals.facts(), "left alone": there.others}))
    elif len(there.files) > 1 or there.others:
        print(totals.summary() + there.rest())
    return totals.status(real=how.real)


def _tell(outcome: Outcome) -> None:
    """Print what came of a file: what differs, then its one line."""
    if outcome.trouble:
        print(f"arenalab check: {outcome.trouble}", file=sys.stderr)
        return
    colour = GREEN if outcome.result == "agrees" else RED
    print("\n".join([*outcome.told, f"{painted(f'{outcome.path}:', colour)} {outcome.line}"]), flush=True)


# here, or elsewhere


def _outcomes(paths: Sequence[Path], how: How, line: ProgressLine, hands: Workers) -> Iterator[Outcome]:
    """Yield what came of each file, in their order; of one whose workers are lost, that."""
    from arenalab.cli_checked import Outcome, outcome_of  # noqa: PLC0415  # numpy is loaded only when it is needed

    if hands.here:
        yield from _here(paths, how, line)
        return
    yield from hands.in_order(
        partial(outcome_of, how=how), hands.paths(paths),
        meanwhile=lambda done: line.show(f"{done:,} of {len(paths):,} files", done / len(paths)),
        instead=if_lost(lambda path, error: Outcome(str(path), trouble=f"{path}: {error}")),
    )  # fmt: skip


def _here(paths: Sequence[Path], how: How, line: ProgressLine) -> Iterator[Outcome]:
    from arenalab.cli_checked import outcome_of  # noqa: PLC0415  # as above

    for number, path in enumerate(paths):
        which = f"{path}: " if len(paths) == 1 else f"file {number + 1:,} of {len(paths):,}, {path}: "
        line.show(f"{which}reading")
        yield outcome_of(path, how, _watched(line, which))


def _watched(line: ProgressLine, which: str) -> Watch:
    return lambda what: lambda items: line.over(items, what, which)
