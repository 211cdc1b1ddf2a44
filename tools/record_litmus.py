"""Run the litmus programs in real Go: `python -m tools.record_litmus [--go VERSION|all] [--again] [NAME ...]`.

Writes one file a release, arenalab/scenarios/litmus/recorded/goRELEASE.jsonl.gz: a row for each program, with the
states that its runs ended in and how often. A program with one goroutine is run five times, one with several a
hundred times, or as often as `--runs` says. Rows of programs that are as they were stay, unless they are named or
`--again` is given. Race and asan builds need cgo and GCC; what no Go here can show says so in its own file
(`model_only`).
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from arenalab.oracle.litmus import build_runner, run
from arenalab.oracle.toolchain import Toolchain, chosen_toolchains
from arenalab.scenarios.litmus import Litmus, catalogue
from arenalab.scenarios.litmus.recorded import FOLDER, recordings

Row = dict[str, Any]


def recordable(version: str) -> list[Litmus]:
    """Return the programs that a version's file has."""
    return [each for each in catalogue() if version in each.versions and not each.model_only]


def record(go: Toolchain, again: set[str], times: int = 0) -> Iterator[Row]:
    """Yield a row for each program: the one that is there, or a new one of so many runs, 0 for the usual number.

    Raises:
        ToolchainError: a build failed, or a run ended as none may.

    """
    told, known = recordable(go.minor), recordings().get(go.minor, {})
    for litmus in told:
        row = known.get(litmus.name)
        if row and row["program"] == litmus.digest and litmus.name not in again:
            yield row
            continue
        runner, types = build_runner(go, told, litmus.build)
        states = dict(sorted(run(litmus, runner, types, times).items()))
        print(f"{go.version} {litmus.name}: {states}", flush=True)
        yield {"litmus": litmus.name, "program": litmus.digest, "go": go.version, "states": states}


def main(arguments: Sequence[str]) -> int:
    """Write the files; return the exit status."""
    parser = argparse.ArgumentParser(description="Run the litmus programs in real Go.")
    parser.add_argument("names", nargs="*", help="programs to run again")
    parser.add_argument("--go", metavar="VERSION|all", default="all", help="one release, or each")
    parser.add_argument("--again", action="store_true", help="run all again")
    parser.add_argument(
        "--runs", type=int, default=0, metavar="N", help="of each program that is run (default: 5, 100)"
    )
    asked = parser.parse_args(arguments)
    again = {each.name for each in catalogue()} if asked.again else set(asked.names)
    FOLDER.mkdir(exist_ok=True)
    for go in chosen_toolchains(asked.go):
        rows = [json.dumps(row, separators=(",", ":")) + "\n" for row in record(go, again, asked.runs)]
        out = FOLDER / f"{go.version}.jsonl.gz"
        out.write_bytes(gzip.compress("".join(rows).encode(), mtime=0))
        print(f"{out.name}: {len(rows)} programs, {out.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
