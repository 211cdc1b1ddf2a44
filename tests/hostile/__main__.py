"""Try mutants in numbers: `python -m tests.hostile READER FIRST COUNT [FOLDER]`; faults are written to the folder.

Faults that arise at the same place are written once; each can be made again by its number. Where writing to
/tmp is slow, TMPDIR=/dev/shm makes it many times as quick.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

from ipywidgets import Widget

from arenalab.go import digest
from arenalab.go.digest import Words
from tests.hostile.limits import used
from tests.hostile.mutants import mutant
from tests.hostile.readers import READERS, Reader

AT_ONCE = 400  #: mutants of one process, so that what leaks is given back.


def tried(
    reader: Reader, seeds: list[bytes], first: int, count: int, folder: Path, kept: Path
) -> dict[str, int]:
    """Try some mutants; keep the first of each kind of fault; return how often each kind arose."""
    kinds: dict[str, int] = {}
    path = folder / f"mutant{reader.suffix}"
    for number in range(first, first + count):
        raw = mutant(reader.mutate, seeds, number)
        path.write_bytes(raw)
        if fault := used(reader, path, number + 1):
            kind = kind_of(fault)
            if kind not in kinds:
                (kept / f"{kind}{reader.suffix}").write_bytes(raw)
                (kept / f"{kind}.txt").write_text(f"mutant {number}\n{fault}\n", errors="replace")
            kinds[kind] = kinds.get(kind, 0) + 1
    return kinds


def kind_of(fault: str) -> str:
    """Name a kind of fault by its error and the place where it arose."""
    head, *places = fault.splitlines()
    name = head.split(":", 1)[0]
    return f"{name}-{hashlib.sha256((name + ''.join(places[-2:])).encode()).hexdigest()[:8]}"


def remembered(after: Callable[[Words, int, int], int]) -> Callable[[Words, int, int], int]:
    """Return a function that computes each state once: most chunks of most mutants are those of the sound file."""
    known: dict[tuple[bytes, int, int], int] = {}

    def found(words: Words, each: int, state: int) -> int:
        key = words.tobytes(), each, state
        if key not in known:
            known[key] = after(words, each, state)
        return known[key]

    return found


@contextmanager
def ending() -> Iterator[None]:
    """End this process after what is done in it, however that ends: the folder is its parent's."""
    try:
        yield
    except BaseException:  # noqa: BLE001  # the parent says that it died
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def say(text: str) -> None:
    """Write a line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main(name: str, first: int, count: int, kept: Path) -> int:
    """Try many mutants of one reader, each few hundred in a process of its own."""
    reader, begun = READERS[name], monotonic()
    Widget.open = lambda _: None  # no page listens: half of an explorer's time
    digest.state_after = remembered(digest.state_after)  # half of a recording's
    kept.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        seeds = reader.seeds(Path(scratch))
        for start in range(first, first + count, AT_ONCE):
            some = min(AT_ONCE, first + count - start)
            child = os.fork()
            if child == 0:
                with ending():
                    kinds = tried(reader, seeds, start, some, Path(scratch), kept)
                    say(f"{name} {start}+{some}: {kinds} ({monotonic() - begun:.0f} s)")
            _, status = os.waitpid(child, 0)
            if status:
                say(f"{name} {start}+{some}: the process died with status {status}")
    return 0


if __name__ == "__main__":
    reader, first, count, *folder = sys.argv[1:]
    sys.exit(main(reader, int(first), int(count), Path(*folder or ["artifacts/hostile"]) / reader))
