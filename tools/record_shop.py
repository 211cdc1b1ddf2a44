"""Trace examples/go/shop for notebook 14, as it is and audited: `python -m tools.record_shop`.

No two traces are alike, so the notebook reads the two that are kept in notebooks/data. The audit takes a minute.
"""

from __future__ import annotations

import gzip
import os
import sys
import tempfile
from pathlib import Path

from arenalab.cli import main as arenalab

ROOT = Path(__file__).resolve().parents[1]
GO, DATA = "1.27.3", ROOT / "notebooks" / "data"
RUNS = {"shop": ("240", []), "shop_audit": ("60", ["--audit"])}  #: visits, further options.


def main() -> int:
    """Write both traces, packed; return the exit status."""
    os.chdir(ROOT / "examples" / "go")
    for name, (visits, more) in RUNS.items():
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / f"{name}.trace"
            asked = ["trace", "capture", "-o", str(out), "--go", GO, "--env", "GOMAXPROCS=2", *more]
            if status := arenalab([*asked, "--", "./shop", "-visits", visits]):
                return status
            (DATA / f"{name}.trace.gz").write_bytes(gzip.compress(out.read_bytes(), mtime=0))
    return 0


if __name__ == "__main__":
    sys.exit(main())
