"""The status file: eight words that the traced program writes and the capturing process reads, also while it runs."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import NamedTuple

OFF, ON, ENDING, WHOLE = range(4)  # the states of arenalab_capture.go
LIMIT, TIME, FAILED = "the limit", "the time given", "a failed write"
#: Why tracing ended; the numbers of arenalab_capture.go.
WHY = {
    1: "main returned",
    2: "os.Exit",
    3: "a panic",
    4: "a signal",
    5: LIMIT,
    6: TIME,
    7: FAILED,
    8: "a fatal error",
}
WORDS = struct.Struct("8Q")
ROOM = 4096


class Status(NamedTuple):
    """How far a trace came.

    Attributes:
        state: OFF, ON, ENDING or WHOLE.
        bytes: written.
        errno: why writing failed, 0 if it did not.
        reason: a number of WHY, 0 while tracing goes on or if it was cut off.
        asked: how often the program asked for a trace itself, and got Go's error.
        others: processes with the same runtime that it started; they are not traced.
        collections: that --audit added.
        signal: that ended it, 0 for none.
    """

    state: int
    bytes: int
    errno: int
    reason: int
    asked: int
    others: int
    collections: int
    signal: int

    @property
    def why(self) -> str:
        """Why tracing ended, in words; "" where nobody could say it."""
        return WHY.get(self.reason, "") if self.state == WHOLE else ""

    @classmethod
    def read(cls, folder: Path) -> Status:
        """Read what the program wrote until now."""
        return cls(*WORDS.unpack((folder / "status").read_bytes()[: WORDS.size]))


def prepared(folder: Path) -> None:
    """Make the empty files that the program writes into; their mode is the user's."""
    (folder / "status").write_bytes(bytes(ROOM))
    (folder / "trace").write_bytes(b"")
