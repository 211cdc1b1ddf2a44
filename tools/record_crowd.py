"""Record examples/go/crowd for notebook 17 with every Go: `python -m tools.record_crowd [VERSION...]`.

Its goroutines take turns as the machine has it, so no two recordings are alike: the notebook reads those that are kept
in notebooks/data, and what it asserts holds for each.
"""

from __future__ import annotations

import gzip
import json
import os
import sys
import tempfile
from pathlib import Path

from arenalab.oracle.releases import RELEASES
from arenalab.oracle.watch.run import record_own_program

ROOT = Path(__file__).resolve().parents[1]
CROWD, DATA = ROOT / "examples" / "go" / "crowd", ROOT / "notebooks" / "data"


def main() -> None:
    """Write a recording for each Go that was asked for, else for all."""
    os.environ["GOMAXPROCS"] = "2"
    for line in sys.argv[1:] or RELEASES:
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "crowd.jsonl"
            record_own_program(str(CROWD), [], out, go=line, cwd=CROWD.parent)
            header, *rows = out.read_text(encoding="utf-8").splitlines()
        told = json.dumps(json.loads(header) | {"seed": "./crowd"}, separators=(",", ":"))
        packed = gzip.compress("\n".join([told, *rows, ""]).encode(), mtime=0)
        (DATA / f"crowd-{line}.jsonl.gz").write_bytes(packed)


if __name__ == "__main__":
    main()
