"""Trace the heap form of every program of examples/go/pairs: `python -m tools.validate.traced`.

Writes tests/data/advice/facts.json.gz: what `TraceRun.scope_facts` says of one trace of each program, of Go 1.27 with
GOGC=10, so that cycles are frequent. The traces themselves, some megabytes each, are not kept.
"""

from __future__ import annotations

import gzip
import json
import sys
import tempfile
from pathlib import Path

from arenalab.advice.scope_facts import ScopeFacts
from arenalab.advice.trace_run import TraceRun
from tools.validate.measured import DATA, GOES, WORKS, built, ran

OUT = DATA / "facts.json.gz"
KIND = "region request"
OFTEN = 10  #: GOGC of the traced run.
#: Requests of each traced run: some 300,000 values.
REQUESTS = {
    "trees": 400, "json": 900, "graph": 500, "lru": 600, "text": 2500, "wire": 3000, "slices": 800, "tiny": 100_000,
    "sessions": 160,
}  # fmt: skip


def traced(program: Path, folder: Path, work: str) -> ScopeFacts:
    """Run a program's heap form with its allocations traced; return what its requests rest on."""
    file = folder / f"{work}.trace"
    more = ("-requests", str(REQUESTS[work]), "-trace", str(file))
    ran(program, work, OFTEN, "heap", *more, godebug="traceallocfree=1")
    facts = TraceRun.read(file).scope_facts(KIND)
    file.unlink()
    return facts


def read() -> dict[str, ScopeFacts]:
    """Return the facts of each program."""
    rows = json.loads(gzip.decompress(OUT.read_bytes()))
    return {work: ScopeFacts.of(facts) for work, facts in rows.items()}


def main(wanted: list[str]) -> int:
    """Trace those that are named, without names all; return the exit status."""
    rows = {work: facts.facts() for work, facts in read().items()} if OUT.exists() and wanted else {}
    with tempfile.TemporaryDirectory() as name:
        program = built(Path(name), GOES[-1])
        for work in wanted or WORKS:
            facts = traced(program, Path(name), work)
            rows[work] = facts.facts()
            print(f"{work}: {facts.allocated:,} objects, {facts.cycles} cycles", flush=True)
    OUT.write_bytes(gzip.compress(json.dumps(rows).encode(), mtime=0))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
