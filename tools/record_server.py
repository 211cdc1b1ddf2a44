"""Record examples/go/server for notebook 13 with the newest Go, as it is and mended: `python -m tools.record_server`.

Its goroutines take turns as the machine has it, so no two recordings are alike: the notebook reads the two that are
kept in notebooks/data. The lines that asked are named from there on, so that every clone finds their source.
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

from arenalab.oracle.releases import NEWEST
from arenalab.oracle.watch.run import record_own_program

ROOT = Path(__file__).resolve().parents[1]
SERVER, DATA = ROOT / "examples" / "go" / "server", ROOT / "notebooks" / "data"
RUNS = {"server.jsonl": [], "server_mended.jsonl": ["-mended"]}
GO = NEWEST.tried


def main() -> None:
    """Write both recordings."""
    os.environ["GOMAXPROCS"] = "2"
    for name, arguments in RUNS.items():
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / name
            record_own_program(str(SERVER), arguments, out, sites=True, go=GO, cwd=SERVER.parent)
            header, *rows = out.read_text(encoding="utf-8").splitlines()
        told = json.loads(header) | {"seed": "./server"}
        told["sites"] = [
            [function, os.path.relpath(file, DATA), line] for function, file, line in told["sites"]
        ]
        lines = [json.dumps(told, separators=(",", ":")), *rows]
        (DATA / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
