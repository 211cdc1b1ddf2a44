"""What a file asks for in repetitions: bounded, so that one short line can't ask for hours or all memory.

Single values cost a line each, so a file's own length bounds them.
"""

from __future__ import annotations

from arenalab.errors import ScenarioError
from arenalab.go.types import GoType
from arenalab.units import MiB, counted, human

MOST_VALUES = 10_000_000
MOST_BYTES = 16 * 1024 * MiB
MOST_WORDS = 2**22  #: bitmap words of pointerful values.
HEAP_BYTES_OF_WORD = 512


class Asked:
    """Adds up the repetitions of one file."""

    def __init__(self) -> None:
        """Begin with none."""
        self.values = self.nbytes = self.words = 0

    def add(self, count: int, go_type: GoType) -> None:
        """Add `count` values of a type.

        Raises:
            ScenarioError: together they are more than a file may ask for.

        """
        self.values += count
        self.nbytes += count * go_type.size
        self.words += count * go_type.ptr_bytes // HEAP_BYTES_OF_WORD
        if self.values > MOST_VALUES or self.nbytes > MOST_BYTES or self.words > MOST_WORDS:
            raise ScenarioError(
                f"{count} × {counted(go_type.size, 'byte')}; the repetitions of one file may ask for "
                f"{MOST_VALUES:,} values, {human(MOST_BYTES)}, and {MOST_WORDS:,} words of pointer bits"
            )
