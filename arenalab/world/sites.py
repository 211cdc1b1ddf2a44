"""Sites: the lines of the program's source from which its operations were asked for, as far as they were recorded.

Rules:
1. A site says what was recorded; an operation without one has none, and nothing is guessed.
2. A source is read only where its name is a Go file's, and is data: whoever shows it escapes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePath
from typing import Any

import numpy as np
import numpy.typing as npt

from arenalab.units import MiB

NOWHERE = -1  #: of an operation whose site was not recorded.
MOST_BYTES = 4 * MiB  #: of a source that is read.
AROUND = 2  #: lines shown above a site's line, and below it.

Numbers = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Site:
    """A line of a program."""

    file: str  #: as it was recorded: a path, absolute or from the recording's folder on.
    line: int  #: from 1.
    function: str = ""  #: Go's name of it, "main.(*server).answer"; "" where it was not recorded.

    def __str__(self) -> str:
        """Write it as Go's tools do: "server.go:42"."""
        return f"{PurePath(self.file).name}:{self.line}"

    @classmethod
    def of_row(cls, row: Any) -> Site | None:
        """Return the site that a file's `[function, file, line]` tells, None where it is something else."""
        match row:
            case [str(function), str(file), int(line)] if 0 <= line < 2**31 and not isinstance(line, bool):
                return cls(file, line, function)
        return None

    def words(self) -> str:
        """Write it with its function: "server.go:42 in main.answer"."""
        return f"{self} in {self.function}" if self.function else str(self)


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One line of a listing."""

    number: int  #: from 1.
    text: str
    marked: bool  #: whether it is the site's.


class Sites:
    """The sites of a history's operations, and their sources where these are available."""

    def __init__(self, known: Sequence[Site], of_op: Numbers, folder: str | Path | None = None) -> None:
        """Hold what was recorded.

        Args:
            known: the sites, each once.
            of_op: for each operation the number of its site, or NOWHERE; shape (operations,).
            folder: from where on relative names of files count, the recording's own; None for none.

        """
        self.known, self.of_op = tuple(known), of_op
        self.folder = None if folder is None else Path(folder)
        self._sources: dict[str, tuple[str, ...]] = {}

    def of(self, op: int) -> Site | None:
        """Return the site of an operation, None where it was not recorded."""
        number = int(self.of_op[op]) if 0 <= op < len(self.of_op) else NOWHERE
        return self.known[number] if 0 <= number < len(self.known) else None

    def listing(self, site: Site) -> tuple[SourceLine, ...]:
        """Return the lines around a site; none where its source is missing, or is shorter by now."""
        lines = self._source(site.file)
        if not 1 <= site.line <= len(lines):
            return ()
        first, last = max(1, site.line - AROUND), min(len(lines), site.line + AROUND)
        return tuple(SourceLine(n, lines[n - 1], n == site.line) for n in range(first, last + 1))

    @cached_property
    def at_hand(self) -> bool:
        """Whether the source of any site is available."""
        return any(self.listing(site) for site in self.known)

    def _source(self, file: str) -> tuple[str, ...]:
        if file not in self._sources:
            self._sources[file] = self._read(file)
        return self._sources[file]

    def _read(self, file: str) -> tuple[str, ...]:
        path = Path(file)
        if path.suffix != ".go" or not (path.is_absolute() or self.folder is not None):
            return ()
        try:
            path = path if self.folder is None else self.folder / path
            if not path.is_file() or path.stat().st_size > MOST_BYTES:
                return ()
            text = path.read_text(encoding="utf-8", errors="replace")
        except (OSError, ValueError):  # not there any more, not to be read, or no path at all
            return ()
        return tuple(line.rstrip("\r").expandtabs(4) for line in text.split("\n"))
