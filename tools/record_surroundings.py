"""Run a small arena program in real Go's other builds and at other GOGCs: `python -m tools.record_surroundings`.

Recordings are made in a plain build with the collector off. What sanitizer builds do differently, and
when a chunk starts a cycle, is asked of tools/surroundings/main.go; its answers are kept in
tests/data/surroundings.jsonl. Race and asan builds need cgo and GCC.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from arenalab.oracle.toolchain import find_toolchain

SOURCE = Path(__file__).parent / "surroundings" / "main.go"
OUT = Path(__file__).parent.parent / "tests" / "data" / "surroundings.jsonl"
BUILDS = {"plain": [], "race": ["-race"], "asan": ["-asan"]}
GOGC = {"gogc 100": 100, "gogc 400": 400, "gogc off": -1}


def rows() -> Iterator[str]:
    """Yield what real Go answers, one JSON row a case.

    Raises:
        ToolchainError: there is no Go 1.21.
        subprocess.CalledProcessError: a build or a run failed.

    """
    go = str(find_toolchain().go)
    with tempfile.TemporaryDirectory() as folder:
        for build, flags in BUILDS.items():
            made = f"{folder}/{build}"
            set_up = {**os.environ, "GOEXPERIMENT": "arenas", "CGO_ENABLED": "1" if flags else "0"}
            subprocess.run([go, "build", *flags, "-o", made, str(SOURCE)], env=set_up, check=True)  # noqa: S603  # the installed Go
            yield _answer([made, "places", build, build], "off")
        for case, percent in GOGC.items():
            yield _answer(
                [f"{folder}/plain", "cycles", case, str(percent)], str(percent) if percent > 0 else "off"
            )


def _answer(command: list[str], gogc: str) -> str:
    done = subprocess.run(command, env={"GOGC": gogc}, capture_output=True, text=True, check=True)  # noqa: S603
    return done.stdout


def main() -> int:
    """Write the file; return the exit status."""
    OUT.write_text("".join(rows()), encoding="utf-8")
    print(OUT)
    return 0


if __name__ == "__main__":
    sys.exit(main())
