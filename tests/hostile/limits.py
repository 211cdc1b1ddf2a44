"""Using a mutant within its limits: so much processor time, so much memory, no error but ours."""

from __future__ import annotations

import resource
import signal
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import process_time
from typing import Any

from tests.hostile.readers import Reader

SECONDS = 2.0  #: processor time that a file of 10 KB may take.
MOST_BYTES = 300 * 2**20  #: memory that it may take beyond what was taken before.


class TooSlowError(BaseException):
    """A mutant takes longer than it may; no handler of the program's own takes it for its own."""


def used(reader: Reader, path: Path, seed: int, *, seconds: float = SECONDS) -> str:
    """Use a file; return the fault that it uncovers in one line and a traceback, "" for none."""
    begun = process_time()
    try:
        with at_most(MOST_BYTES), within(2 * seconds):
            reader.use(path, seed)
    except TooSlowError:
        return f"TooSlow: {_stack()}"
    except BaseException as fault:  # noqa: BLE001  # whatever it is, it is a finding
        return f"{type(fault).__name__}: {str(fault)[:300]!r}\n{_stack()}"
    took = process_time() - begun
    return f"TooSlow: {took:.1f} s" if took > seconds else ""


def _stack() -> str:
    """Return where in the package the error at hand arose, innermost last, without its text."""
    lines = traceback.format_exc().splitlines()
    places = [line.strip() for line in lines if line.lstrip().startswith("File ") and "arenalab/" in line]
    return "\n".join(place.split("arenalab/", 1)[-1] for place in places[-6:])


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Break off what uses more processor time."""

    def stop(*_: Any) -> None:
        raise TooSlowError

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


@contextmanager
def at_most(nbytes: int) -> Iterator[None]:
    """Let this process take so much more address space, no more: then it is a MemoryError."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    old = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + nbytes, old[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, old)
