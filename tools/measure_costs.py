"""Measure what user arenas cost beside the heap in real Go: `python -m tools.measure_costs`.

Builds examples/go/costs, runs it, and writes notebooks/data/costs.jsonl, which notebook 12 reads: a line that
names the machine, a line of single costs, and a line for each way of serving requests: of ROUNDS runs the one that took
the processor least. Takes a few minutes.

`arenalab costs` measures other things, and stays apart: one value, one chunk, one cycle, to forecast from.
Here whole requests are served, by their size, by what lives beside them and by GOGC, and what is told of a chunk (made,
freed, zeroed apart) explains their curves.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from arenalab.oracle.costs import PROCESSORS, ROUNDS, machine
from arenalab.oracle.toolchain import Toolchain, find_toolchain

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "examples" / "go" / "costs"
OUT = ROOT / "notebooks" / "data" / "costs.jsonl"
VALUES = 8_000_000  #: values that one way allocates in all.
MOST_REQUESTS = 1_000_000

#: One dimension at a time, the others as in USUAL.
USUAL = {"nodes": 1000, "live": 32, "open": 1, "gogc": "100"}
WAYS: dict[str, list[Any]] = {
    "nodes": [1, 3, 10, 30, 100, 1000, 10_000, 100_000, 1_000_000],
    "live": [0, 4, 128],
    "gogc": ["25", "50", "200", "400", "off"],
    "open": [4, 16, 64],
}


def rows(toolchain: Toolchain) -> Iterator[dict[str, Any]]:
    """Yield the machine, the single costs, and the ways of serving.

    Raises:
        ToolchainError: the program cannot be built.
        subprocess.CalledProcessError: a run failed.

    """
    yield {"machine": machine(ROUNDS) | {"go": toolchain.version}}
    with tempfile.TemporaryDirectory() as folder:
        program = f"{folder}/costs"
        toolchain.run(["build", "-o", program, "."], SOURCE)
        yield {"pieces": _least([_run([program, "pieces"], "off") for _ in range(ROUNDS)])}
        for way in ways():
            for on in ("heap", "arena"):
                yield _served(program, way, on)


def ways() -> Iterator[dict[str, Any]]:
    """Yield the settings to serve under."""
    for name, values in WAYS.items():
        for value in values:
            yield USUAL | {name: value}


def _served(program: str, way: dict[str, Any], on: str) -> dict[str, Any]:
    """Serve a way's requests some times; return the run that took the processor least."""
    requests = min(max(VALUES // way["nodes"], 8), MOST_REQUESTS)
    options = {"-on": on, "-requests": requests} | {f"-{n}": way[n] for n in ("nodes", "live", "open")}
    command = [program, "serve", *(str(word) for pair in options.items() for word in pair)]
    runs = [_run(command, way["gogc"]) for _ in range(ROUNDS)]
    best = min(runs, key=lambda row: row["cpu_ns"])
    return {
        "gogc": way["gogc"],
        **best,
        "cpu_ns": round(best["cpu_ns"], 1),
        "wall_ns": round(best["wall_ns"], 1),
    }


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


def main() -> int:
    """Write the file; return the exit status."""
    lines = []
    for row in rows(find_toolchain()):
        lines.append(json.dumps(row) + "\n")
        print(lines[-1], end="", flush=True)
    OUT.write_text("".join(lines), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
