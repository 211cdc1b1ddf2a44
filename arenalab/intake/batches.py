"""A trace file as batches: one at a time, so that memory holds one, however long the file.

Law of this file: whatever is wrong with the bytes is one `TraceError` that names the file and the place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple, NoReturn

from arenalab.errors import TraceError, cut
from arenalab.intake.kinds import (
    ALLOC_FREE,
    END_OF_GENERATION,
    EVENT_BATCH,
    EXPERIMENTAL_BATCH,
    FORMATS,
)
from arenalab.intake.varints import LONGEST, number_at

HEADER = re.compile(rb"go 1\.(\d\d) trace\0\0\0")
LARGEST = 65536  #: bytes of a batch (MaxBatchSize).
LAST_GENERATION = 2**63  #: that no batch reaches.
HEADS = 4 * LONGEST + 2  #: bytes that a batch's head may take.
PACKED = {
    b"\x1f\x8b": "gzip",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"PK\x03\x04": "zip",
    b"BZh": "bzip2",
    b"\xfd7z": "xz",
}


class Batch(NamedTuple):
    """The bytes of one batch: of thread `m` in generation `generation`, from `time` (ticks) on."""

    generation: int
    m: int
    time: int
    experiment: int  #: 0 for the trace's own events.
    data: bytes
    at: int  #: place of the first of the data's bytes in the file.


class TraceFile:
    """The batches of an execution trace, from the first on each time they are asked for."""

    def __init__(self, path: str | Path) -> None:
        """Read the header.

        Raises:
            TraceError: not an execution trace, or of a version without allocations.

        """
        self.path = Path(path)
        try:
            with self.path.open("rb") as file:
                head = file.read(16)
            self.size = self.path.stat().st_size
        except OSError as trouble:
            raise TraceError(f"{self.path}: can't be read ({trouble.strerror})") from None
        self.version = self._version(head)
        self.marks_end = FORMATS[self.version]

    def _version(self, head: bytes) -> int:
        found = HEADER.fullmatch(head)
        if not found:
            raise TraceError(f"{self.path}: {_instead(head)}; expected a Go execution trace")
        version = int(found[1])
        if version not in FORMATS:
            known = ", ".join(f"1.{minor}" for minor in FORMATS)
            raise TraceError(
                f"{self.path}: an execution trace of format go 1.{version}; expected one of {known}, "
                "which Go 1.23 to 1.27 write"
            )
        return version

    def wrong(self, at: int, trouble: object) -> NoReturn:
        """Raise the error for the byte `at` of the file."""
        raise TraceError(f"{self.path}: byte {at:,}: {cut(trouble, 200)}; the trace is damaged or cut off")

    def batches(self) -> Iterator[Batch]:
        """Yield the batches in the order of the file.

        Raises:
            TraceError: the file is damaged or cut off.

        """
        with self.path.open("rb") as file:
            at, ended, generation = file.seek(16), True, 0
            while head := file.read(1):
                ended = self.marks_end and head[0] == END_OF_GENERATION
                at += 1
                if not ended:
                    batch = self._batch(file, head[0], at)
                    self._follows(batch, generation)
                    generation = batch.generation
                    at = batch.at + len(batch.data)
                    yield batch
        if not generation or (self.marks_end and not ended):
            self.wrong(at, "the file ends within a generation" if generation else "no batch")

    def _follows(self, batch: Batch, generation: int) -> None:
        if (
            batch.generation >= LAST_GENERATION
            or not batch.generation
            or (generation and batch.generation not in (generation, generation + 1))
        ):
            self.wrong(batch.at, f"generation {batch.generation} after {generation}")

    def _batch(self, file: BinaryIO, kind: int, at: int) -> Batch:
        """Read the batch whose first byte was `kind`."""
        if kind not in (EVENT_BATCH, EXPERIMENTAL_BATCH):
            self.wrong(at - 1, f"expected a batch of events, got a byte {kind}")
        head = file.read(HEADS)
        after = int(kind == EXPERIMENTAL_BATCH)
        words = []
        try:
            for _ in range(4):
                word, after = number_at(head, after)
                words.append(word)
        except ValueError as trouble:
            self.wrong(at, f"head of a batch: {trouble}")
        size = words.pop()
        if size > LARGEST:
            self.wrong(at, f"a batch of {size:,} bytes; expected at most {LARGEST:,}")
        data = head[after : after + size]
        file.seek(at + after + len(data))
        data += file.read(size - len(data))
        if len(data) < size:
            self.wrong(at + after, f"a batch of {size:,} bytes of which {len(data):,} are there")
        experiment = head[0] if kind == EXPERIMENTAL_BATCH else 0
        if experiment not in (0, ALLOC_FREE):
            self.wrong(at, f"unknown experiment {experiment}; expected {ALLOC_FREE}, allocations")
        return Batch(words[0], words[1], words[2], experiment, data, at + after)


def _instead(head: bytes) -> str:
    """Say what a file is that is no trace."""
    if not head:
        return "an empty file"
    for magic, name in PACKED.items():
        if head.startswith(magic):
            return f"a {name} file (unpack it first)"
    return f"begins with {cut(head[:16], 60)}"
