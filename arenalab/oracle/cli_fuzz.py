"""`arenalab fuzz`: the command line of the fuzzer."""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Sequence

from arenalab.cli_parser import Parser, count
from arenalab.cli_workers import add_workers, workers_of
from arenalab.errors import ArenaLabError
from arenalab.install import require
from arenalab.oracle.toolchain import Toolchain, chosen_toolchains

ABOUT = """Random programs: the model against real Go, until time is up or they differ. What differs is made small and
printed as a scenario; the same seed makes the same programs."""


def main_fuzz(argv: Sequence[str] | None = None) -> int:
    """Run `arenalab fuzz ...`; return 0 when all agreed, 1 on differences or nothing compared, 2 refused."""
    arguments = parser().parse_args(argv)
    seed = arguments.seed or str(random.SystemRandom().randrange(10**9))
    try:
        require("go", "hypothesis")
        print(f"seed {seed}", flush=True)
        return max([_fuzz_one(seed, toolchain, arguments) for toolchain in chosen_toolchains(arguments.go)])
    except ArenaLabError as trouble:
        print(f"arenalab fuzz: {trouble}", file=sys.stderr)
        return 2


def parser() -> Parser:
    """Return what it can be asked for."""
    made = Parser.of("fuzz", ABOUT)
    made.add_argument("--minutes", type=float, default=2, help="how long, for each Go (default 2)")
    made.add_argument("--programs", type=count, help="how many, if that takes less time (default: no limit)")
    made.add_argument("--seed", help="decides every program (default: a fresh one, printed)")
    made.add_argument(
        "--go", metavar="PATH|VERSION|all", help="the Go to use, such as 1.27.3; all: each in turn"
    )
    add_workers(made, "programs that are performed")
    return made


def _fuzz_one(seed: str, toolchain: Toolchain, arguments: argparse.Namespace) -> int:
    from arenalab.oracle.fuzz import fuzz  # noqa: PLC0415  # needs Hypothesis, and loads the model

    with workers_of(arguments) as hands:
        tally = fuzz(seed, 60 * arguments.minutes, go=toolchain, executor=hands, programs=arguments.programs)
    print("\n".join(["", f"{toolchain.version}: {tally.lines()[0]}", *tally.lines()[1:]]))
    return 0 if tally.report.ok and not tally.found else 1
