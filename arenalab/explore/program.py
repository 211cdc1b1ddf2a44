"""Program: what an explorer shows of a history's listing: some lines of it, and the loops that its reader opened."""

from __future__ import annotations

from typing import Any

from arenalab.view.listing import MOST_LINES, Listing
from arenalab.world.history import History


class Program:
    """The lines of one explorer; another one of the same history has loops opened of its own."""

    def __init__(self, history: History) -> None:
        """Begin at the first line, all loops closed; nothing is read before somebody asks."""
        self._history = history
        self._own: Listing | None = None
        self._first = 0  #: line of the listing with which the lines begin.
        self._told: dict[str, Any] | None = None

    @property
    def listing(self) -> Listing:
        """The listing as the history is now; its loops are closed when that has grown."""
        shared = self._history.reader(Listing)
        shared.refresh()
        if self._own is None or self._own.tree is not shared.tree:
            self._own, self._told = shared.apart(), None
        return self._own

    def data(self) -> dict[str, Any]:
        """Return up to MOST_LINES lines as JSON data: how many there are, the first one's number, and each.

        A line is [text, operation or −1, loops around it, the loop that it begins or −1, whether that is open].
        """
        listing = self.listing
        if self._told is None:
            self._first = max(0, min(self._first, len(listing) - MOST_LINES))
            rows = listing.rows(self._first, self._first + MOST_LINES)
            lines = [[*line, line.loop in listing.opened] for line in rows]
            self._told = {"first": self._first, "total": len(listing), "lines": lines}
        return self._told

    def line_of(self, op: int) -> int:
        """Return the line of an operation; −1 before the first."""
        return self.listing.line_of(op)

    def show(self, line: int) -> None:
        """Let the lines be those around one."""
        self._first, self._told = max(0, line - MOST_LINES // 2), None

    def open(self, loop: int, *, on: bool) -> None:
        """Show each time around a loop, or its body once.

        Raises:
            ArgumentError: there is no such loop.

        """
        listing = self.listing
        (listing.open if on else listing.close)(loop)
        self._told = None
