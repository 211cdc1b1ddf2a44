"""Record the chapters' programs in real Go: `python -m tools.record_chapters [NAME ...]`.

A chapter compares its program with a recording of the Go that its reader picked. So each program,
notebooks/data/NAME.toml, is recorded by each release that is modelled: NAME-VERSION.jsonl.gz beside it, with a snapshot
after every operation. What programs that touch freed memory printed, after_free-VERSION.jsonl.gz, is taken from the
recordings of all errors.
"""

from __future__ import annotations

import gzip
import sys
from collections.abc import Iterator
from pathlib import Path

from arenalab.go.versions import VERSIONS
from arenalab.oracle.releases import RELEASES
from arenalab.oracle.toolchain import find_toolchain
from arenalab.scenarios import Scenario, load_scenario
from tools.record_scenarios import recorder_of, text_of

ROOT = Path(__file__).parent.parent
DATA = ROOT / "notebooks" / "data"
ERRORS = ROOT / "tests" / "data" / "recordings" / "versions"
TOUCHES = '"case": "use_after_free'


def programs() -> list[Scenario]:
    """Return the chapters' programs."""
    return [load_scenario(path) for path in sorted(DATA.glob("*.toml"))]


def file_of(name: str, version: str, folder: Path = DATA) -> Path:
    """Return where a chapter looks for what a version of Go did with its program."""
    return folder / f"{name}-{version}.jsonl.gz"


def record(version: str, names: list[str], folder: Path = DATA) -> Iterator[Path]:
    """Record programs, all or those named, by a version's release; yield their files.

    Raises:
        ToolchainError: there is no such Go on this machine.

    """
    told = [
        each.under(version)
        for each in programs()
        if each.runs_on(version) and each.name in (names or [each.name])
    ]
    recorder, types = recorder_of(find_toolchain(RELEASES[version].tried), told)
    for each in told:
        yield _written(file_of(each.name, version, folder), text_of(each, recorder, types))


def touches(version: str) -> Path:
    """Write what programs that touch freed memory printed, or died of; return the file."""
    errors = ERRORS / f"go{RELEASES[version].tried}-errors.jsonl.gz"
    lines = gzip.decompress(errors.read_bytes()).decode().splitlines(keepends=True)
    return _written(file_of("after_free", version), "".join(line for line in lines if TOUCHES in line))


def _written(out: Path, text: str) -> Path:
    out.write_bytes(gzip.compress(text.encode(), mtime=0))
    return out


def main(names: list[str]) -> int:
    """Record by all releases; return the exit status."""
    for version in VERSIONS:
        for out in record(version, names):
            print(out.relative_to(ROOT))
        print(touches(version).relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
