"""Performance: a program that runs, read line by line while it does, so that somebody can watch."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from threading import Timer
from typing import IO, Self

from arenalab.errors import ToolchainError


class Performance:
    """Runs a command on what it reads from standard input; it is ended with the block, however that ends.

    Args:
        command: the program and its arguments.
        asked: what it reads.
        environment: all of it.
        timeout: seconds after which it is ended.

    Raises:
        ToolchainError: it did not end in time.

    """

    def __init__(
        self, command: Sequence[str], asked: bytes, environment: Mapping[str, str], timeout: float
    ) -> None:
        """Start nothing yet."""
        self.command, self.asked, self.environment, self.timeout = command, asked, environment, timeout
        self.status = 0  #: with which it ended, and what it said on standard error.
        self.said = ""
        self._late = False

    def __enter__(self) -> Self:
        """Start it."""
        with ExitStack() as opened:
            given, self._error = (opened.enter_context(tempfile.TemporaryFile()) for _ in range(2))
            given.write(self.asked)
            given.seek(0)
            self._process = subprocess.Popen(
                self.command, env=self.environment, stdin=given, stdout=subprocess.PIPE, stderr=self._error
            )
            opened.callback(self._end)
            timer = Timer(self.timeout, self._kill)
            timer.daemon = True
            timer.start()
            opened.callback(timer.cancel)
            self._opened = opened.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        """End it, if it has not ended, and keep what it said."""
        with self._opened:
            self._end()
            self._error.seek(0)
            self.said = self._error.read().decode(errors="replace")
        if self._late:
            raise ToolchainError(f"the recorded program did not end within {self.timeout:.0f} s")

    def lines(self) -> Iterator[str]:
        """Yield what it writes, line by line, until it ends."""
        out: IO[bytes] = self._process.stdout  # type: ignore[assignment]  # it is a pipe
        for line in out:
            text = line.decode()
            yield text if text.endswith("\n") else text + "\n"
        self.status = self._process.wait()

    def _kill(self) -> None:
        self._late = True
        self._process.kill()

    def _end(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()
