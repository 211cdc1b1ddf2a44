"""One line on stderr that says how far long work is, where somebody sees it: a terminal.

Plain text, no library: `arenalab check` runs where only numpy is installed.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from typing import Self, TypeVar

Item = TypeVar("Item")
AFTER, EVERY = 1.0, 0.2  #: seconds until the line first shows, and between two of its states.
CELLS = 30


class ProgressLine:
    """A line such as `FILE [###...] 1,200 of 20,000 operations`; it is wiped in the end."""

    def __init__(self, after: float = AFTER) -> None:
        """Show nothing yet; work that is done within `after` seconds is never told of."""
        self.visible = sys.stderr.isatty()
        self._next = time.monotonic() + after
        self._width = 0

    def __enter__(self) -> Self:
        """Return the line itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Wipe the line."""
        self.wipe()

    def wipe(self) -> None:
        """Take the line away, so that what is printed next stands alone."""
        self._write("")

    def show(self, text: str, done: float | None = None) -> None:
        """Describe what is being done, and which share (0 to 1) is done; often is fine, it shows what is worth it."""
        now = time.monotonic()
        if self.visible and now >= self._next:
            self._next = now + EVERY
            filled = 0 if done is None else min(CELLS, int(CELLS * done))
            bar = "" if done is None else f"[{'#' * filled}{'.' * (CELLS - filled)}] "
            self._write(bar + text)

    def over(self, items: Sequence[Item], what: str, which: str = "") -> Iterator[Item]:
        """Yield the items, and say after each how many of them are done; `which` stands before that."""
        for number, item in enumerate(items):
            self.show(f"{which}{number:,} of {len(items):,} {what}", number / len(items))
            yield item

    def _write(self, text: str) -> None:
        if text or self._width:
            print(f"\r{text:<{self._width}}", end="" if text else "\r", file=sys.stderr, flush=True)
            self._width = len(text)
