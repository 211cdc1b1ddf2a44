"""Make the small execution traces that the tests read: `python -m tools.trace_samples [plain-1.27 ...]`.

Each is a run of a program in PROGRAMS by one Go, packed; the two numbers that it printed go to counts.json beside
them: what the runtime counted, and how many orders were made and kept.
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
EXAMPLES, OWN = ROOT / "examples/go", ROOT / "tests/data/own"
PROGRAMS = {
    "plain": (EXAMPLES, "allocated", "freed"),
    "orders": (EXAMPLES, "made", "kept"),
    "overtls": (OWN, "made", "kept"),
}  #: where each is, and what its two numbers are.
SAMPLES = [
    *(("plain", line) for line in ("1.23", "1.25", "1.27")),
    ("orders", "1.27"),
    *(("overtls", line) for line in ("1.26", "1.27")),  # its functions moved in between
]  #: each version of the format.
RUNS = 40  #: of which the shortest trace is kept: on a busy machine runtime.GC yields thousands of times.


def capture(go: Toolchain, folder: Path, name: str = "plain", runs: int = 1) -> tuple[bytes, list[int], Path]:
    """Build and run one of the programs; return its shortest trace, what it counted in that run, the program."""
    program, trace = folder / "program", folder / "out.trace"
    go.run(["build", "-trimpath", "-o", str(program), f"./{name}"], PROGRAMS[name][0])
    asked = os.environ | {"GODEBUG": "traceallocfree=1", "GOMAXPROCS": "2"}
    found = []
    for _ in range(runs):
        done = subprocess.run([program, trace], env=asked, capture_output=True, text=True, check=True)  # noqa: S603
        found.append((trace.read_bytes(), [int(word) for word in done.stdout.split()]))
    data, counted = min(found, key=lambda run: len(run[0]))
    return data, counted, program


def main(wanted: list[str]) -> None:
    """Write the packed traces that are wanted (all if none is named), and the counts."""
    counts = json.loads((OUT / "counts.json").read_text()) if (OUT / "counts.json").exists() else {}
    for program, line in SAMPLES:
        if wanted and f"{program}-{line}" not in wanted:
            continue
        go = find_toolchain(line)
        with tempfile.TemporaryDirectory() as folder:
            data, numbers, _ = capture(go, Path(folder), program, RUNS)
        name = f"{program}-{go.version}"
        (OUT / f"{name}.trace.gz").write_bytes(gzip.compress(data, mtime=0))
        counts[name] = dict(zip(PROGRAMS[program][1:], numbers, strict=True))
        print(f"{name}: {len(data):,} bytes, {counts[name]}")
    (OUT / "counts.json").write_text(json.dumps(counts, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
