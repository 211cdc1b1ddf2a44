"""`arenalab check FILE...`: recordings beside the model, scenarios beside their own expectations."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from arenalab.cli_colour import GREEN, RED, painted
from arenalab.cli_parser import Parser
from arenalab.errors import ScenarioError
from arenalab.progress_line import ProgressLine

if TYPE_CHECKING:
    from arenalab.cli_checked import How, Outcome, Watch

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

    how = How(in_bulk=not options.steps, real=options.real, go=options.go)
    return check_files(options.files, how, jobs=options.jobs, as_json=options.json)


def parser() -> Parser:
    """Return what it can be asked for."""
    made = Parser.of("check", ABOUT)
    made.add_argument(
        "files", nargs="*", type=Path, metavar="FILE", help="recordings, scenarios, or folders of them"
    )
    made.add_argument("--json", action="store_true", help="one JSON object: the files, and their totals")
    made.add_argument(
        "--jobs", type=jobs, default=1, metavar="N",
        help="files that are checked at once (default 1; 0: as many as there are cores)",
    )  # fmt: skip
    made.add_argument("--steps", action="store_true", help="take every single step, solve nothing in bulk")
    real = made.add_argument_group("real Go (extra `go`)")
    real.add_argument(
        "--real", action="store_true", help="perform scenarios in real Go, too, and compare all it did"
    )
    real.add_argument("--types", action="store_true", help="compare random types with the real compiler")
    real.add_argument("--seed", type=int, help="with --types: which types; a fresh one is printed otherwise")
    real.add_argument("--n", type=int, default=2000, help="with --types: how many (default 2000)")
    real.add_argument(
        "--go", metavar="PATH|VERSION|all", help="the Go to use, such as 1.27.3; all: each in turn"
    )
    return made


def jobs(text: str) -> int:
    """Read how many processes; 0 is as many as there are cores.

    Raises:
        ArgumentTypeError: no whole number from 0 to 1000.

    """
    if not text.isascii() or not text.isdigit() or int(text) > 1000:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of processes, 0 to 1000")
    return int(text) or os.cpu_count() or 1


def check_files(paths: Sequence[Path], how: How, *, jobs: int = 1, as_json: bool = False) -> int:
    """Check files and folders, tell of each as it is done, then of all; return the exit status."""
    from arenalab.cli_checked import Totals  # noqa: PLC0415  # as above
    from arenalab.cli_found import found  # noqa: PLC0415

    totals, there = Totals(), found(paths)
    told = []
    with ProgressLine() as line:
        for outcome in _outcomes(there.files, how, line, jobs):
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


# here, or in processes


def _outcomes(paths: Sequence[Path], how: How, line: ProgressLine, jobs: int) -> Iterator[Outcome]:
    """Yield what came of each file, in their order."""
    if jobs > 1 and len(paths) > 1:
        yield from _in_processes(paths, how, line, min(jobs, len(paths)))
        return
    from arenalab.cli_checked import outcome_of  # noqa: PLC0415  # numpy is loaded only when something is checked

    for number, path in enumerate(paths):
        which = f"{path}: " if len(paths) == 1 else f"file {number + 1:,} of {len(paths):,}, {path}: "
        line.show(f"{which}reading")
        yield outcome_of(path, how, _watched(line, which))


def _watched(line: ProgressLine, which: str) -> Watch:
    return lambda what: lambda items: line.over(items, what, which)


def _in_processes(paths: Sequence[Path], how: How, line: ProgressLine, jobs: int) -> Iterator[Outcome]:
    """Yield what came of each file, checked in several processes; one that is killed is reported, file by file."""
    from arenalab.cli_checked import Outcome, outcome_of  # noqa: PLC0415  # as above
    from arenalab.oracle.worker import start_worker  # noqa: PLC0415

    with ProcessPoolExecutor(jobs, initializer=start_worker) as executor:
        try:
            waiting = [executor.submit(outcome_of, path, how) for path in paths]
            for number, (path, future) in enumerate(zip(paths, waiting, strict=True)):
                line.wait_for(future, f"{number:,} of {len(paths):,} files", number / len(paths))
                try:
                    yield future.result()
                except BrokenExecutor:
                    yield Outcome(
                        str(path),
                        trouble=f"{path}: the process that checked it, or one beside it, was killed",
                    )
        except BaseException:
            executor.shutdown(wait=False, cancel_futures=True)
            raise
