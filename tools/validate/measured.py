"""Run every program of examples/go/pairs in both forms: `python -m tools.validate.measured [ROUNDS]`.

Writes tests/data/advice/measured.jsonl: a line that names the machine, then one for each program, Go, GOGC and form
with the processor time, cycles and peak memory of each run. The two forms take turns, so a busy machine meets both.
Rounds add to those that are there, if machine and programs are the same; --anew forgets them.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from itertools import product
from pathlib import Path
from typing import Any

from arenalab.oracle.toolchain import find_toolchain

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "examples/go/pairs"
DATA = ROOT / "tests/data/advice"
OUT = DATA / "measured.jsonl"
GOES = ("1.21.13", "1.27.3")
GOGC = (25, 100, 400)
FORMS = ("heap", "arena")
PROCESSORS = 2
WORKS = ("trees", "json", "graph", "lru", "text", "wire", "slices", "tiny", "sessions")
RUN = ("cpu_ns", "cycles", "peak_kib")  #: what may differ from run to run.
CONSTANT = ("requests", "live_mib", "workers", "sum")

Cell = tuple[str, str, int, str]  #: Go, program, GOGC, form.
Row = dict[str, Any]


def built(folder: Path, go: str) -> Path:
    """Build the programs with a Go; return the file."""
    program = folder / f"pairs-{go}"
    find_toolchain(go).run(["build", "-o", str(program), "."], SOURCE)
    return program


def ran(program: Path, work: str, gogc: int, form: str, *more: str, godebug: str = "") -> Row:
    """Run one program once; return the line that it printed."""
    asked = os.environ | {"GOGC": str(gogc), "GOMAXPROCS": str(PROCESSORS), "GODEBUG": godebug}
    command = [str(program), "-work", work, "-on", form, *more]
    done = subprocess.run(command, env=asked, capture_output=True, text=True, check=True)  # noqa: S603
    row: Row = json.loads(done.stdout)
    return row


def source_digest() -> str:
    """Return what stands for the text of the programs and of how they read what the process took."""
    files = [*sorted(SOURCE.glob("*.go")), *sorted((SOURCE.parent / "internal/used").glob("*.go"))]
    texts = [path.read_bytes() for path in files]
    return hashlib.sha256(b"".join(texts)).hexdigest()[:16]


def read() -> tuple[Row, dict[Cell, Row]]:
    """Return the machine and what was measured of each cell."""
    if not OUT.exists():
        return {}, {}
    first, *lines = (json.loads(line) for line in OUT.read_text(encoding="utf-8").splitlines())
    return first, {(row["go"], row["work"], row["gogc"], row["on"]): row for row in lines}


def write(machine: Row, rows: dict[Cell, Row]) -> None:
    """Write the file anew."""
    lines = [json.dumps(each) for each in (machine, *rows.values())]
    OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")


def add(rows: dict[Cell, Row], cell: Cell, found: Row) -> None:
    """Put one run to the others of its cell.

    Raises:
        ValueError: it computed something else than they did.

    """
    go, work, gogc, form = cell
    constant = {name: found[name] for name in CONSTANT}
    row = rows.setdefault(
        cell, {"go": go, "work": work, "gogc": gogc, "on": form} | constant | {name: [] for name in RUN}
    )
    if any(row[name] != value for name, value in constant.items()):
        raise ValueError(f"{cell}: a run computed {constant}, others {row}")
    for name in RUN:
        row[name].append(found[name])


def main(arguments: list[str]) -> int:
    """Measure; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rounds", type=int, nargs="?", default=5)
    parser.add_argument("--anew", action="store_true")
    options = parser.parse_args(arguments)
    known, rows = read()
    here = machine()
    if options.anew or known != here:
        rows = {}
    with tempfile.TemporaryDirectory() as folder:
        programs = {go: built(Path(folder), go) for go in GOES}
        for number in range(options.rounds):
            for go, work, gogc, form in product(GOES, WORKS, GOGC, FORMS):
                add(rows, (go, work, gogc, form), ran(programs[go], work, gogc, form))
            write(here, rows)
            print(f"round {number + 1} of {options.rounds}", flush=True)
    return 0


def machine() -> Row:
    """Return what the numbers depend on."""
    text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    cpu = next(line.partition(":")[2].strip() for line in text.splitlines() if line.startswith("model name"))
    return {"cpu": cpu, "processors": PROCESSORS, "programs": source_digest()}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
