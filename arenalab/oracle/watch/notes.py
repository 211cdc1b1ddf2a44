"""Read the file that a watched program has left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from arenalab.errors import RecordingError

MAGIC = 0x314241414E455241
HEADER_WORDS = 16
KIND_VALUES = 256
BLOCK = 65_536


class Kind(IntEnum):
    """What a note says; the order is that of arenalab_watch.go."""

    ARENA = 1
    ALLOC = 2
    GOT = 3
    CHUNK = 4
    FREE = 5
    REUSE = 6
    FAULT = 7
    SWEEP = 8
    PHASE = 9
    TYPE = 10
    WANT = 11
    FREED = 12
    SETTING = 13


class Setting(IntEnum):
    """What a SETTING note tells; the order is that of arenalab_watch.go."""

    MODE = 1
    GOGC = 2
    GOMEMLIMIT = 3
    GOMAXPROCS = 4


BUILD_MODES = ("plain", "race", "msan", "asan")
HANDLE_VALUES = 2**48  # addresses are below; the goroutine stands above


class Note(NamedTuple):
    """One note: its place in the file, its kind and number, three words, and the goroutine's id mod 65535.

    `by` is 0 where the kind of note doesn't say which goroutine it was.
    """

    at: int
    kind: int
    number: int
    first: int
    second: int
    third: int
    by: int = 0


@dataclass(frozen=True)
class Described:
    """A type as the runtime described it: the descriptor's numbers, its name, mask or GC program."""

    address: int
    size: int
    ptr_bytes: int
    align: int
    field_align: int
    kind: int
    flags: int
    name: str
    data: bytes


class Notes:
    """The whole file: the runtime's facts and the notes in order."""

    def __init__(self, header: npt.NDArray[np.uint64], body: npt.NDArray[np.uint64]) -> None:
        """Keep the header's words and the notes, four words each."""
        words = [int(word) for word in header]
        self.asked, self.chunk, self.max_alloc, self.heap_arena, self.page, self.zerobase = words[1:7]
        self.version = header[8:].tobytes().split(b"\0")[0].decode("ascii", "replace")
        self.other_processes = int(header[7]) // 2**32  # that came with the file's name, and were not let in
        self._body = body
        self.count = min(self.asked, len(body))
        self.lost = self.asked - self.count
        self.types: dict[int, Described] = {}
        self._inside_types = np.zeros(0, dtype=np.int64)  # places that hold a type's name and mask

    @classmethod
    def read(cls, path: Path) -> Notes:
        """Map the file.

        Raises:
            RecordingError: the program has noted nothing, so it never started, or isn't a watched one.
        """
        words = np.memmap(path, dtype="<u8", mode="r")
        if len(words) < HEADER_WORDS or int(words[0]) != MAGIC:
            raise RecordingError("the program left no notes: it ended before Go's runtime was set up")
        body = words[HEADER_WORDS:]
        return cls(np.array(words[:HEADER_WORDS]), body[: len(body) // 4 * 4].reshape(-1, 4))

    def __len__(self) -> int:
        """How many notes are kept, those that describe types included."""
        return self.count

    def columns(self, kind: Kind) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint64]]:
        """The places of all notes of a kind, and their four words; `read_types` comes first."""
        found = np.flatnonzero(self._body[: self.count, 0] % KIND_VALUES == kind)
        found = found[np.isin(found, self._inside_types, invert=True)]
        return found, np.array(self._body[found])

    def __iter__(self) -> Iterator[Note]:
        """The notes in order, types left out."""
        skip = 0
        for start in range(0, self.count, BLOCK):
            # Whole blocks become Python numbers at once, a tenth of the time of one by one.
            block = self._body[start : min(start + BLOCK, self.count)].tolist()
            for at, (word, first, second, third) in enumerate(block, start):
                if at < skip:
                    continue
                kind, number = word % KIND_VALUES, word // KIND_VALUES
                if kind == Kind.TYPE:
                    skip = at + number + 1
                elif kind == Kind.SETTING:
                    yield Note(at, kind, number, first, second, third)
                elif kind:  # 0: the program died while it wrote this one
                    by, first = divmod(first, HANDLE_VALUES)  # noqa: PLW2901  # the note's own two parts
                    yield Note(at, kind, number, first, second, third, by)

    def read_types(self) -> None:
        """Put all types into `types`.

        A goroutine may note an allocation while another one is still describing the type, so types are
        read before anything is followed.
        """
        skip, inside = 0, []
        kinds = self._body[: self.count, 0] % KIND_VALUES
        for at in np.flatnonzero(kinds == Kind.TYPE).tolist():
            if at >= skip:  # the notes behind a type hold its name and mask, which may look like anything
                word, *numbers = self._body[at].tolist()
                self._describe(at, word // KIND_VALUES, *numbers)
                skip = at + word // KIND_VALUES + 1
                inside.append(np.arange(at, skip))
        self._inside_types = np.concatenate(inside) if inside else np.zeros(0, dtype=np.int64)

    def _describe(self, at: int, more: int, address: int, size: int, ptr_bytes: int) -> None:
        packed, name_length, data_length = self._body[at + 1][:3].tolist()
        text = self._body[at + 2 : at + 1 + more].tobytes()
        align, field_align, kind, flags = packed.to_bytes(8, "little")[:4]
        self.types[address] = Described(
            address,
            size,
            ptr_bytes,
            align,
            field_align,
            kind,
            flags,
            text[:name_length].decode("utf-8", "replace"),
            text[name_length : name_length + data_length],
        )
