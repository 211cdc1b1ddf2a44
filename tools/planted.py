"""Plant faults into copies of the sources and see whether the tests turn red.

    python -m tools.planted [--every N] [WORD ...]  (only the faults whose name or file holds one of the words)

Each fault of `planted/*.toml` is a piece of text that stands once in a file, what it is replaced with, and the
tests that should catch it; none named are those of the folder. Nothing is planted in the working tree: the
tests run in a copy of it, in a temporary folder. A fault that no test sees asks for a test.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from time import monotonic

ROOT = Path(__file__).parents[1]
DATA = Path(__file__).parent / "planted"
LEFT_OUT = (
    ".git",
    ".venv",
    "__pycache__",
    ".hypothesis",
    "*_cache",
    "artifacts",
    "build",
    "dist",
    ".benchmarks",
)
#: What `make test` runs without a browser.
FAST = ("-m", "not slow and not browser", "-x", "-q", "-p", "no:cacheprovider", "-p", "no:nbval")
CAUGHT, SURVIVED, RED, NOT_APPLICABLE = "caught", "SURVIVED", "ERROR", "not applicable"
LONGEST = 900  #: seconds that the tests of one fault may take.
TESTS_FAILED = 1  #: pytest's exit status; above it nothing was tested.
SECONDS = count(1_000_000_000)


@dataclass(frozen=True)
class Fault:
    """A small mistake that somebody could make."""

    name: str  #: what the program says or does wrongly then.
    file: str  #: below the root.
    old: str  #: text that stands in it once.
    new: str
    tests: tuple[str, ...] = ()  #: as pytest takes them.

    def asked(self) -> tuple[str, ...]:
        """Return the tests that should catch it: those named, else those of its folder."""
        return self.tests or (self.file.replace("arenalab/", "tests/", 1).rpartition("/")[0],)

    def trouble(self, root: Path) -> str:
        """Return why it cannot be planted below a root, "" when it can."""
        source = root / self.file
        if not source.is_file():
            return f"there is no file {self.file}"
        found = source.read_text(encoding="utf-8").count(self.old)
        return "" if found == 1 else f"its old text stands {found} times in {self.file}, not once"

    @contextmanager
    def planted(self, root: Path) -> Iterator[None]:
        """Have the fault in the sources below a root for a while."""
        source = root / self.file
        whole = source.read_text(encoding="utf-8")
        _write(source, whole.replace(self.old, self.new))
        try:
            yield
        finally:
            _write(source, whole)


def _write(source: Path, text: str) -> None:
    """Write a file as of a second of its own: by that Python tells whether bytecode is still that of the file."""
    source.write_text(text, encoding="utf-8")
    os.utime(source, (second := next(SECONDS), second))


@dataclass(frozen=True)
class Outcome:
    """What became of one fault."""

    word: str  #: CAUGHT, SURVIVED, RED or NOT_APPLICABLE.
    told: str  #: the first test that failed, or why none was run.


def faults(folder: Path = DATA) -> list[Fault]:
    """Read all faults; their names are unique."""
    files = (tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.toml")))
    rows = [row for data in files for row in data["fault"]]
    return [Fault(**row | {"tests": tuple(row.get("tests", ()))}) for row in rows]


@contextmanager
def copied(root: Path = ROOT) -> Iterator[Path]:
    """Return a copy of a source tree, for a while."""
    with tempfile.TemporaryDirectory(prefix="arenalab-planted-") as folder:
        copy = Path(folder) / "tree"
        shutil.copytree(root, copy, ignore=shutil.ignore_patterns(*LEFT_OUT))
        yield copy


def run_tests(copy: Path, tests: Iterable[str], most: float | None = LONGEST) -> tuple[int, str]:
    """Run tests in a copy; return pytest's exit status and what it printed."""
    surroundings = os.environ | {"PYTHONPATH": str(copy)}
    command = [sys.executable, "-m", "pytest", *FAST, *dict.fromkeys(tests)]
    try:
        done = subprocess.run(  # noqa: S603  # our own tests
            command, cwd=copy, env=surroundings, capture_output=True, text=True, timeout=most, check=False
        )
    except subprocess.TimeoutExpired:
        return -1, f"the tests took more than {most} s"
    finally:
        shutil.rmtree(
            copy / ".hypothesis", ignore_errors=True
        )  # what failed once is no example for the next fault
    return done.returncode, done.stdout + done.stderr


def outcome(fault: Fault, copy: Path) -> Outcome:
    """Plant a fault in a copy, run its tests, and take it out again."""
    if trouble := fault.trouble(copy):
        return Outcome(NOT_APPLICABLE, trouble)
    with fault.planted(copy):
        status, printed = run_tests(copy, fault.asked())
    if status == 0:
        return Outcome(SURVIVED, f"no test of {', '.join(fault.asked())} sees it")
    failed = re.search(r"^FAILED (.*?)(?: - .*)?$", printed, re.MULTILINE)
    if status == TESTS_FAILED and failed:
        return Outcome(CAUGHT, failed[1])
    return Outcome(RED, f"pytest ended with {status}:\n{_end(printed)}")


def _end(printed: str) -> str:
    return "\n".join(printed.splitlines()[-15:])


def hunt(chosen: Sequence[Fault], copy: Path) -> int:
    """Try each fault and print what became of it; return how many were not caught."""
    missed = 0
    for fault in chosen:
        begun = monotonic()
        found = outcome(fault, copy)
        missed += found.word != CAUGHT
        print(
            f"{found.word}: {fault.name} ({fault.file}), {monotonic() - begun:.0f} s\n    {found.told}",
            flush=True,
        )
    print(f"{len(chosen) - missed} of {len(chosen)} faults were caught")
    return missed


def main(argv: Sequence[str] | None = None, *, root: Path = ROOT, folder: Path = DATA) -> int:
    """Run the command line; return 0 when every fault was caught."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.planted", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("word", nargs="*", help="only faults whose name or file holds one of the words")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="of those only every Nth")
    options = parser.parse_args(argv)
    words = options.word
    chosen = [
        it for it in faults(folder) if not words or any(word in f"{it.name} {it.file}" for word in words)
    ][:: options.every]
    if not chosen:
        print(f"no fault's name or file holds {' or '.join(words)}", file=sys.stderr)
        return 2
    with copied(root) as copy:
        status, printed = run_tests(copy, (test for fault in chosen for test in fault.asked()), None)
        if status:
            print(f"the tests are red without any fault:\n{_end(printed)}", file=sys.stderr)
            return 2
        return int(hunt(chosen, copy) > 0)


if __name__ == "__main__":
    sys.exit(main())
