"""Measure what user arenas cost beside the heap in real Go: `python -m tools.measure_costs [--rounds N] [VERSION...]`.

Builds examples/go/costs with each Go, all seven unless some are named, runs it, and writes
notebooks/data/costs-LINE.jsonl, which notebook 12 reads: a line that names the machine, a line of single costs, and a
line for each way of serving requests: of the rounds the one that took the processor least. The Gos follow each other,
run by run, so that other work on the machine falls on all of them alike. Takes some minutes.

`arenalab costs` measures other things, and stays apart: one value, one chunk, one cycle, to forecast from.
Here whole requests are served, by their size, by what lives beside them and by GOGC, and what is told of a chunk (made,
freed, zeroed apart) explains their curves.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from arenalab.oracle.costs import PROCESSORS, ROUNDS, machine
from arenalab.oracle.releases import RELEASES
from arenalab.oracle.toolchain import Toolchain, find_toolchain

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "examples" / "go" / "costs"
OUT = ROOT / "notebooks" / "data"
VALUES = 4_000_000  #: values that one way allocates in all.
MOST_REQUESTS = 1_000_000

#: One dimension at a time, the others as in USUAL.
USUAL = {"nodes": 1000, "live": 32, "open": 1, "gogc": "100"}
WAYS: dict[str, list[Any]] = {
    "nodes": [1, 3, 10, 30, 100, 1000, 10_000, 100_000, 1_000_000],
    "live": [0, 4, 128],
    "gogc": ["25", "50", "200", "400", "off"],
    "open": [4, 16, 64],
}


def measured(gos: list[Toolchain], rounds: int) -> dict[str, list[dict[str, Any]]]:
    """Return the lines of each Go's file, by its language version.

    Raises:
        ToolchainError: the program cannot be built.
        subprocess.CalledProcessError: a run failed.

    """
    with tempfile.TemporaryDirectory() as folder:
        programs = {go.minor: f"{folder}/costs-{go.minor}" for go in gos}
        for go in gos:
            go.run(["build", "-o", programs[go.minor], "."], SOURCE)
        lines = {go.minor: [{"machine": machine(rounds) | {"go": go.version}}] for go in gos}
        pieces = _by_turns(programs, ["pieces"], "off", rounds)
        for line in programs:
            lines[line].append({"pieces": _least(pieces[line])})
        for way in ways():
            for on in ("heap", "arena"):
                served = _by_turns(programs, _options(way, on), way["gogc"], rounds)
                for line in programs:
                    lines[line].append(_best(served[line], way["gogc"]))
                    print(line, lines[line][-1], flush=True)
    return lines


def ways() -> Iterator[dict[str, Any]]:
    """Yield the settings to serve under."""
    for name, values in WAYS.items():
        for value in values:
            yield USUAL | {name: value}


def _options(way: dict[str, Any], on: str) -> list[str]:
    """Return the arguments that serve a way's requests."""
    requests = min(max(VALUES // way["nodes"], 8), MOST_REQUESTS)
    options = {"-on": on, "-requests": requests} | {f"-{n}": way[n] for n in ("nodes", "live", "open")}
    return ["serve", *(str(word) for pair in options.items() for word in pair)]


def _by_turns(
    programs: dict[str, str], arguments: list[str], gogc: str, rounds: int
) -> dict[str, list[dict[str, Any]]]:
    """Run each program with the same arguments, one after the other, round by round."""
    runs: dict[str, list[dict[str, Any]]] = {line: [] for line in programs}
    for _ in range(rounds):
        for line, program in programs.items():
            runs[line].append(_run([program, *arguments], gogc))
    return runs


def _best(runs: list[dict[str, Any]], gogc: str) -> dict[str, Any]:
    """Return the run that took the processor least."""
    best = min(runs, key=lambda row: row["cpu_ns"])
    return {
        "gogc": gogc, **best, "cpu_ns": round(best["cpu_ns"], 1), "wall_ns": round(best["wall_ns"], 1)
    }  # fmt: skip


def _run(command: list[str], gogc: str) -> dict[str, Any]:
    environment = {**os.environ, "GOGC": gogc, "GOMAXPROCS": str(PROCESSORS)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)  # noqa: S603
    row: dict[str, Any] = json.loads(done.stdout)
    return row


def _least(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the least of each number over the runs."""
    first = runs[0]
    return {
        name: first[name] if isinstance(first[name], dict) else round(min(run[name] for run in runs), 1)
        for name in first
    }


def main(argv: list[str]) -> int:
    """Write the files; return the exit status."""
    parser = argparse.ArgumentParser(description="Measure what arenas cost beside the heap.")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("go", nargs="*")
    asked = parser.parse_args(argv)
    gos = [find_toolchain(line) for line in asked.go or RELEASES]
    for line, rows in measured(gos, asked.rounds).items():
        out = OUT / f"costs-{line}.jsonl"
        out.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
