"""Measure what values, arenas, chunks, collections and pools cost in a Go on this machine."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from arenalab.errors import ToolchainError
from arenalab.oracle.releases import RELEASES
from arenalab.oracle.toolchain import Toolchain, cached_toolchains, find_toolchain

HERE = Path(__file__).parent
PROCESSORS = 2  #: GOMAXPROCS of what is measured.
ROUNDS, QUICK = 5, 1
PARTS = 72  #: lines that the program prints, to say how far it is.


def measure(
    go: Toolchain, rounds: int = ROUNDS, watch: Callable[[float, str], None] = lambda *_: None
) -> dict[str, Any]:
    """Build and run the measuring program; return the table as JSON holds it (`advice/costs.py` reads it).

    `watch` receives the share that is done and what was measured last.

    Raises:
        ToolchainError: the program cannot be built, or failed; the text says how.

    """
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        copied(HERE, folder, go)
        go.run(["build", "-o", "costs", "."], folder)
        rows = _rows(folder / "costs", rounds, watch)
    return {"format": 1, "go": go.version, "machine": machine(rounds), "rows": rows}


def copied(source: Path, folder: Path, go: Toolchain) -> None:
    """Copy a measuring program to a folder, as a module of its own."""
    folder.mkdir(exist_ok=True)
    for path in source.glob("*.go"):
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / "go.mod").write_text(f"module costs\n\ngo {go.release.line}\n")


def surroundings() -> dict[str, str]:
    """Return the variables that a measuring program runs with: the reader's, without what would change its costs."""
    asked = {
        name: value for name, value in os.environ.items() if name not in ("GODEBUG", "GOGC", "GOMEMLIMIT")
    }
    return asked | {"GOMAXPROCS": str(PROCESSORS)}


def machine(rounds: int) -> dict[str, str | int]:
    """Return what measured numbers depend on beside the Go; `rounds`: of how many the least was taken."""
    return {
        "cpu": cpu(),
        "processors": PROCESSORS,
        "system": f"{platform.system()} {platform.release()}",
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "rounds": rounds,
    }


def _rows(program: Path, rounds: int, watch: Callable[[float, str], None]) -> list[list[Any]]:
    """Run the program; return a row for each line that it printed."""
    rows: list[list[Any]] = []
    with subprocess.Popen(
        [program, str(rounds)], env=surroundings(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            for line in process.stdout or ():
                said = json.loads(line)
                rows.append([said["part"], said["of"] or [], round(said["ns"], 3)])
                watch(min(len(rows) / PARTS, 1), said["part"])
            complaint = (process.stderr.read() if process.stderr else "").strip()
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        raise ToolchainError(f"measuring failed with status {process.returncode}: {complaint[:400]}")
    return rows


def cpu() -> str:
    """Return the processor's name."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def installed() -> list[Toolchain]:
    """Return every Go that is installed, one for each version, the newest last.

    Raises:
        ToolchainError: there is none.

    """
    found: dict[str, Toolchain] = {}
    for line in RELEASES:
        for name in (line, *(path.name for path in cached_toolchains().glob(f"{line}.*"))):
            try:
                each = find_toolchain(name)
            except ToolchainError:
                continue
            found.setdefault(each.version, each)
    return list(found.values()) or [find_toolchain()]
