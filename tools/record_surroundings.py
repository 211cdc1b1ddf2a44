"""Run a small arena program in real Go's other builds and at other GOGCs: `python -m tools.record_surroundings`.

Recordings are made in a plain build with the collector off. What sanitizer builds do differently, and
when a chunk starts a cycle, is asked of tools/surroundings/main.go; its answers are kept in
tests/data/surroundings.jsonl; those of releases, where some are named or "all", go to
tests/data/surroundings-releases.jsonl. Race and asan builds need cgo and GCC.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from arenalab.oracle.toolchain import Toolchain, chosen_toolchains

SOURCE = Path(__file__).parent / "surroundings" / "main.go"
OUT = Path(__file__).parent.parent / "tests" / "data" / "surroundings.jsonl"
RELEASES_OUT = OUT.with_name("surroundings-releases.jsonl")
BUILDS = {"plain": [], "race": ["-race"], "asan": ["-asan"]}
GOGC = {"gogc 100": 100, "gogc 400": 400, "gogc off": -1}


def rows(go: Toolchain) -> Iterator[str]:
    """Yield what real Go answers, one JSON row a case.

    Raises:
        subprocess.CalledProcessError: a build or a run failed.

    """
    with tempfile.TemporaryDirectory() as folder:
        for build, flags in BUILDS.items():
            made = f"{folder}/{build}"
            set_up = {
                **os.environ,
                "GOEXPERIMENT": _experiments(go, build),
                "CGO_ENABLED": "1" if flags else "0",
            }
            subprocess.run([str(go.go), "build", *flags, "-o", made, str(SOURCE)], env=set_up, check=True)  # noqa: S603  # the installed Go
            yield _answer([made, "places", build, build], "off")
        for case, percent in GOGC.items():
            yield _answer(
                [f"{folder}/plain", "cycles", case, str(percent)], str(percent) if percent > 0 else "off"
            )


def _experiments(go: Toolchain, build: str) -> str:
    """Return GOEXPERIMENT: addresses are drawn by lot in a plain build only, and there they must not be."""
    return ",".join(go.release.experiments if build == "plain" else ("arenas",))


def _answer(command: list[str], gogc: str) -> str:
    done = subprocess.run(command, env={"GOGC": gogc}, capture_output=True, text=True, check=True)  # noqa: S603
    return done.stdout


def main(releases: Sequence[str]) -> int:
    """Write the file, or that of the releases; return the exit status."""
    out = RELEASES_OUT if releases else OUT
    told = []
    for go in [found for asked in (releases or (None,)) for found in chosen_toolchains(asked)]:
        about = {"go": go.version} if releases else {}
        told += [json.dumps(about | json.loads(row), separators=(",", ":")) + "\n" for row in rows(go)]
    out.write_text("".join(told), encoding="utf-8")
    print(out)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
