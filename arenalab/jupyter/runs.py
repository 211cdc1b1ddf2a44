"""Runs that are open in the page's tabs: each in a process of its own.

Opening a file takes seconds and hundreds of megabytes where it is large, and a picture some milliseconds of
computing. In the server's own process all that would hold up everybody's kernels, since Python runs one thread at a
time, and the memory would not come back. So each run has a worker (arenalab/serving/worker.py), which ends with its
tab; what a damaged file does to it, it does to nobody else.

Rules:
1. Nothing here waits in the event loop: a thread for each run speaks with its worker, one question at a time.
2. No more than MOST runs are open, and none that nobody has asked for IDLE seconds: a page says now and then that it
   is there, and opens its run again where it was put away.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from secrets import token_urlsafe
from time import monotonic

from arenalab.errors import ScenarioError
from arenalab.serving.pipe import FAILED, received, sent

MOST = 16  #: runs that are open at a time.
IDLE = 3600.0  #: seconds without a question after which a run is put away.
ENDED = "the process that shows this run has ended; it may have run out of memory"


class EndedError(ScenarioError):
    """The process of a run is no more."""


class Run:
    """A run in a process of its own: `kind` and `name` are the worker's arguments, seen from `folder`."""

    def __init__(self, folder: str, kind: str, name: str) -> None:
        """Start the process. -P: modules that lie beside the file are not to be imported."""
        self._process = subprocess.Popen(  # noqa: S603  # our own module
            [sys.executable, "-P", "-m", "arenalab.serving.worker", kind, name],
            cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        self._turn = ThreadPoolExecutor(1, "arenalab-run")
        self.heard = monotonic()
        self._closed = False

    async def opened(self) -> None:
        """Wait until it is open.

        Raises:
            ScenarioError: it can't be opened; the text says why.

        """
        await asyncio.get_running_loop().run_in_executor(self._turn, self._answer)

    async def ask(self, contents: bytes) -> bytes:
        """Hand on what the page says, a JSON list, and return the JSON list that answers it.

        Raises:
            EndedError: the process has ended.
            ScenarioError: it makes no sense.

        """
        self.heard = monotonic()
        return await asyncio.get_running_loop().run_in_executor(self._turn, self._exchange, contents)

    def _exchange(self, contents: bytes) -> bytes:
        with suppress(OSError):  # a worker that has ended does not answer
            sent(self._process.stdin, contents)  # type: ignore[arg-type]  # it was asked for
        return self._answer()

    def _answer(self) -> bytes:
        answer = received(self._process.stdout)  # type: ignore[arg-type]  # it was asked for
        if answer is None:
            raise EndedError(ENDED)
        if answer.startswith(FAILED):
            raise ScenarioError(answer[1:].decode())
        return answer[1:]

    def close(self) -> None:
        """End the process, whatever it is doing; a thread waits for its end. A second time it does nothing."""
        if self._closed:
            return
        self._closed = True
        self._process.kill()
        self._turn.submit(self._process.communicate)
        self._turn.shutdown(wait=False)


class Runs:
    """All that are open, by names that nobody guesses."""

    def __init__(self) -> None:
        """Begin with none."""
        self._open: dict[str, Run] = {}

    def keep(self, run: Run) -> str:
        """Keep a run that was opened; return its name. Who has not been heard for longest makes room."""
        waited = sorted(self._open, key=lambda name: self._open[name].heard)
        idle = [name for name in waited if monotonic() - self._open[name].heard > IDLE]
        for name in {*idle, *waited[: max(0, len(waited) + 1 - MOST)]}:
            self.end(name)
        name = token_urlsafe(16)
        self._open[name] = run
        return name

    def of(self, name: str) -> Run | None:
        """Return the run of a name, None where it was put away."""
        return self._open.get(name)

    def end(self, name: str) -> None:
        """Put a run away, if it is there."""
        run = self._open.pop(name, None)
        if run is not None:
            run.close()

    def close(self) -> None:
        """Put all away."""
        for name in list(self._open):
            self.end(name)
