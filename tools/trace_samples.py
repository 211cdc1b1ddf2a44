"""Make the small execution traces that the tests read: `python -m tools.trace_samples [VERSION ...]`.

Each is a run of examples/go/plain by one Go, packed; what that run's own counters said goes to counts.json beside them.
"""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from arenalab.oracle.toolchain import Toolchain, find_toolchain

ROOT = Path(__file__).parents[1]
OUT = ROOT / "tests/data/execution-traces"
RELEASES = ("1.23", "1.25", "1.27")  #: one for each version of the format.
RUNS = 60  #: of which the shortest trace is kept: on a busy machine runtime.GC yields thousands of times.


def capture(
    go: Toolchain, folder: Path, package: str = "./plain", runs: int = 1
) -> tuple[bytes, list[int], Path]:
    """Build and run a program of examples/go; return its shortest trace, what it counted in that run, the program."""
    program, trace = folder / "program", folder / "out.trace"
    go.run(["build", "-o", str(program), package], ROOT / "examples/go")
    asked = os.environ | {"GODEBUG": "traceallocfree=1", "GOMAXPROCS": "2"}
    found = []
    for _ in range(runs):
        done = subprocess.run([program, trace], env=asked, capture_output=True, text=True, check=True)  # noqa: S603
        found.append((trace.read_bytes(), [int(word) for word in done.stdout.split()]))
    data, counted = min(found, key=lambda run: len(run[0]))
    return data, counted, program


def main(lines: list[str]) -> None:
    """Write a packed trace for each release line, and the counts."""
    counts = json.loads((OUT / "counts.json").read_text()) if (OUT / "counts.json").exists() else {}
    for line in lines or RELEASES:
        go = find_toolchain(line)
        with tempfile.TemporaryDirectory() as folder:
            data, (allocated, freed), _ = capture(go, Path(folder), runs=RUNS)
        name = f"plain-{go.version}"
        (OUT / f"{name}.trace.gz").write_bytes(gzip.compress(data, mtime=0))
        counts[name] = {"allocated": allocated, "freed": freed}
        print(f"{name}: {len(data):,} bytes, {allocated:,} allocated, {freed:,} freed")
    (OUT / "counts.json").write_text(json.dumps(counts, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
