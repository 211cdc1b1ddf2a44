"""Record examples/go/server for notebook 13, as it is and mended: `python -m tools.record_server [VERSION...]`.

Its goroutines take turns as the machine has it, so no two recordings are alike: the notebook reads those that are kept
in notebooks/data, two for each Go. The lines that asked are named from there on, so that a clone finds their source.
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
SERVER, DATA = ROOT / "examples" / "go" / "server", ROOT / "notebooks" / "data"
RUNS = {"server": [], "server_mended": ["-mended"]}


def main() -> None:
    """Write both recordings for each Go that was asked for, else for all."""
    os.environ["GOMAXPROCS"] = "2"
    for line in sys.argv[1:] or RELEASES:
        for name, arguments in RUNS.items():
            with tempfile.TemporaryDirectory() as folder:
                out = Path(folder) / "server.jsonl"
                record_own_program(
                    str(SERVER), arguments, out, sites=True, go=RELEASES[line].tried, cwd=SERVER.parent
                )
                header, *rows = out.read_text(encoding="utf-8").splitlines()
            told = json.loads(header) | {"seed": "./server"}
            told["sites"] = [
                [function, os.path.relpath(file, DATA), number] for function, file, number in told["sites"]
            ]
            lines = [json.dumps(told, separators=(",", ":")), *rows, ""]
            (DATA / f"{name}-{line}.jsonl.gz").write_bytes(gzip.compress("\n".join(lines).encode(), mtime=0))


if __name__ == "__main__":
    main()
