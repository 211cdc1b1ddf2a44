"""A trace file, packed by gzip or not, as batches: one at a time, so that memory holds one, however long the file.

Rule: whatever is wrong with the bytes is one `TraceError` that names the file and the place.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple, NoReturn

import numpy as np

from arenalab.errors import CutOffError, TraceError, cut
from arenalab.file_kind import opened, unpacked_size
from arenalab.intake.kinds import (
    ALLOC_FREE,
    END_OF_GENERATION,
    EVENT_BATCH,
    EXPERIMENTAL_BATCH,
    FORMATS,
    STRINGS,
)
from arenalab.intake.varints import LONGEST, number_at

HEADER = re.compile(rb"go 1\.(\d\d) trace\0\0\0")
LARGEST = 65536  #: bytes of a batch (MaxBatchSize).
ROWS = 5
MORE = 0x80  #: a byte of a number as large as this is followed by another.
STRINGS_FIRST = bytes([STRINGS])  #: begins the batch with which a generation ends, where no mark says so.
LAST_GENERATION = 2**63  #: that no batch reaches.
PACKED = {
    b"\x28\xb5\x2f\xfd": "zstd",
    b"PK\x03\x04": "zip",
    b"BZh": "bzip2",
    b"\xfd7z": "xz",
}


class Batch(NamedTuple):
    """The bytes of one batch: of thread `m` in generation `generation`, from `time` (ticks) on."""

    generation: int  #: a part of the trace with strings, stacks and types of its own, from 1.
    m: int  #: number of the thread.
    time: int  #: ticks.
    experiment: int  #: 0 for the trace's own events.
    data: bytes  #: what follows the batch's head.
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
            with opened(self.path) as file:
                head = file.read(16)
            self.size = max(unpacked_size(self.path), 1)
            self.packed = self.size != self.path.stat().st_size
        except OSError as trouble:
            raise TraceError(f"{self.path}: can't be read ({trouble.strerror or trouble})") from None
        except (EOFError, zlib.error) as trouble:
            raise TraceError(f"{self.path}: can't be unpacked ({trouble})") from None
        self.version = self._version(head)
        self.marks_end = FORMATS[self.version]
        self.room = np.empty(
            (ROWS, LARGEST + 8), np.int64
        )  #: rows as long as a batch, for who reads one to write in.

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

    def wrong(self, at: int, trouble: object, *, ends: bool = False) -> NoReturn:
        """Raise the error for the byte `at` of the file; `ends`: the file ends where more was expected."""
        error = CutOffError if ends else TraceError
        raise error(f"{self.path}: byte {at:,}: {cut(trouble, 200)}; the trace is damaged or cut off")

    def unread(self, at: int) -> str:
        """Describe how much of the file comes after a place; of one that is packed nobody knows."""
        return f"{self.size - at:,} bytes" if self.size > at and not self.packed else "the rest"

    def batches(self) -> Iterator[Batch]:
        """Yield the batches in the order of the file.

        Raises:
            TraceError: the file is damaged or cut off.

        """
        with opened(self.path) as file:
            try:
                yield from self._batches(file)
            except (OSError, zlib.error) as trouble:
                raise TraceError(f"{self.path}: can't be read to its end ({trouble})") from None

    def _batches(self, file: IO[bytes]) -> Iterator[Batch]:
        at, began, generation, first, whole = len(file.read(16)), 0, 0, 0, False
        try:
            while head := file.read(1):
                if self.marks_end and head[0] == END_OF_GENERATION:
                    began, at = 0, at + 1
                    continue
                began = began or at
                batch = self._batch(file, head[0], at + 1)
                self._follows(batch, generation)
                began = began if batch.generation == generation else at
                first, generation = first or batch.generation, batch.generation
                at = batch.at + len(batch.data)
                whole = not batch.experiment and batch.data[:1] == STRINGS_FIRST
                yield batch
            if not generation or (began and (self.marks_end or not whole)):
                trouble = "the file ends within a generation" if generation else "no batch"
                self.wrong(at, trouble, ends=bool(generation))
        except (CutOffError, EOFError) as trouble:
            error = CutOffError(f"{self.path}: can't be read to its end ({trouble})")
            error = trouble if isinstance(trouble, CutOffError) else error
            broken = generation if began and began < at else generation + 1
            if generation and broken > first:
                error.generation, error.began = broken, began or at
            raise error from None

    def _follows(self, batch: Batch, generation: int) -> None:
        if (
            batch.generation >= LAST_GENERATION
            or not batch.generation
            or (generation and batch.generation not in (generation, generation + 1))
        ):
            self.wrong(batch.at, f"generation {batch.generation} after {generation}")

    def _batch(self, file: IO[bytes], kind: int, at: int) -> Batch:
        """Read the batch whose first byte was `kind`."""
        if kind not in (EVENT_BATCH, EXPERIMENTAL_BATCH):
            self.wrong(at - 1, f"expected a batch of events, got a byte {kind}")
        experiment = int.from_bytes(file.read(1)) if kind == EXPERIMENTAL_BATCH else 0
        after = at + int(kind == EXPERIMENTAL_BATCH)
        words = []
        try:
            for _ in range(4):
                word, length = _number_in(file)
                words.append(word)
                after += length
        except ValueError as trouble:
            self.wrong(at, f"head of a batch: {trouble}", ends=not file.read(1))
        size = words.pop()
        if size > LARGEST:
            self.wrong(at, f"a batch of {size:,} bytes; expected at most {LARGEST:,}")
        data = file.read(size)
        if len(data) < size:
            self.wrong(after, f"a batch of {size:,} bytes of which {len(data):,} are there", ends=True)
        if experiment not in (0, ALLOC_FREE):
            self.wrong(at, f"unknown experiment {experiment}; expected {ALLOC_FREE}, allocations")
        return Batch(words[0], words[1], words[2], experiment, data, after)


def _number_in(file: IO[bytes]) -> tuple[int, int]:
    """Read one number, byte by byte: a packed file can't go back; return it and its length."""
    text = b""
    while len(text) < LONGEST and (not text or text[-1] >= MORE):
        byte = file.read(1)
        if not byte:
            break
        text += byte
    return number_at(text, 0)


def _instead(head: bytes) -> str:
    """Describe what a file is that is no trace."""
    if not head:
        return "an empty file"
    for magic, name in PACKED.items():
        if head.startswith(magic):
            return f"a {name} file (unpack it first)"
    return f"begins with {cut(head[:16], 60)}"
