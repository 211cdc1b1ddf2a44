"""Read the file that a watched program has left.

It holds a header, descriptions (types; the lines that called), the first notes up to the limit, and the
last ones in a ring. Each P has written into blocks of its own; the number that each note begins with is the order of
all. Where all notes fit, the ring is empty; where not, what lies between the two is lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from arenalab.errors import RecordingError
from arenalab.oracle.watch.descriptions import Described, Site, read_descriptions

MAGIC = 0x324241414E455241
HEADER_WORDS = 32
NOTE_WORDS = 6  # the first is the note's number, from 1 on; 0 where none was written
KIND_VALUES = 256
P_AT, GOROUTINE_AT = 8, 16  # bits of a note's first word
NO_P = 255
SITE_AT = 48  # bits of an address; what stands above is a site
FRONT_AT = 32  # bits of the refs of a FREE note; what stands above is where free bytes begin, in words
BLOCK = 65_536

Words = npt.NDArray[np.uint64]
Places = npt.NDArray[np.int64]


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
    WANT = 11
    FREED = 12
    SETTING = 13
    LISTED = 14
    TOOK = 15
    CYCLE = 16
    END = 17


WITH_SITE = frozenset({Kind.ARENA, Kind.ALLOC, Kind.FREE})  # in the upper bits of the third word


class Setting(IntEnum):
    """What a SETTING note tells; the order is that of arenalab_watch.go."""

    MODE = 1
    GOGC = 2
    GOMEMLIMIT = 3
    GOMAXPROCS = 4


#: What a CYCLE note tells when a cycle's marking has ended, by its number: three counters each. `resident` is
#: the process's memory in bytes, 0 where the operating system won't say; the last two heapLive are earlier ones.
CYCLE = {
    1: ("nanotime", "numgc", "heapGoal"),
    2: ("heapLive", "heapInUse", "heapReleased"),
    3: ("totalAlloc", "totalFree", "mappedReady"),
    4: ("heapLiveAtStart", "heapLiveAtMarkEnd", "resident"),
}
BUILD_MODES = ("plain", "race", "msan", "asan")


class Note(NamedTuple):
    """One note: its place in the order of all, its kind and number, three words, and who it was.

    Attributes:
        by: the goroutine's id as Go counts them; 1 is main's.
        p: the P it ran on, -1 for none.
        site: number of the line that called, 0 where it isn't known.
    """

    at: int
    kind: int
    number: int
    first: int
    second: int
    third: int
    by: int = 0
    p: int = -1
    site: int = 0


class Notes:
    """The whole file: the runtime's facts, the descriptions, and the notes in order.

    Attributes:
        asked: notes that the program wrote, or would have written.
        count: those of them that are kept in one piece from the first one on.
        lost: the others, of which `last` has some, and those that the program's death cut off.
        undescribed: bytes of descriptions that didn't fit.
        types: by descriptor.
        sites: by number.
    """

    def __init__(self, words: Words) -> None:
        """Keep the file's words."""
        header = words[:HEADER_WORDS]
        facts = [int(word) for word in header]
        self.asked, self.chunk, self.max_alloc, self.heap_arena, self.page, self.zerobase = facts[1:7]
        self.version = header[8:16].tobytes().split(b"\0")[0].decode("ascii", "replace")
        self.other_processes = facts[7] // 2**32  # that came with the file's name, and were not let in
        said, sayable, fits, kept = facts[16:20]
        a_block, taken, late = facts[21:24]
        first = HEADER_WORDS + sayable // 8
        self._body = words[first : first + min(fits, taken * a_block) * NOTE_WORDS].reshape(-1, NOTE_WORDS)
        self._ring = words[len(words) - kept * NOTE_WORDS :].reshape(-1, NOTE_WORDS)
        self._rows, self._numbers = _in_order(self._body)
        self.count = _unbroken(self._numbers) if late else self.asked
        self._kept = int(np.searchsorted(self._numbers, self.count, "right"))
        self.cut_off = self.count - self._kept
        self.lost = self.asked - self._kept
        self.undescribed = max(said - sayable, 0)
        self._descriptions = words[HEADER_WORDS : HEADER_WORDS + min(said, sayable) // 8]
        self.types: dict[int, Described] = {}
        self.sites: dict[int, Site] = {}

    @classmethod
    def read(cls, path: Path) -> Notes:
        """Map the file.

        Raises:
            RecordingError: the program has noted nothing, so it never started, or isn't a watched one.
        """
        words = np.memmap(path, dtype="<u8", mode="r")
        if len(words) < HEADER_WORDS or int(words[0]) != MAGIC:
            raise RecordingError("the program left no notes: it ended before Go's runtime was set up")
        return cls(words)

    def __len__(self) -> int:
        """How many notes are kept in one piece."""
        return self.count

    def columns(self, kind: Kind) -> tuple[Places, Words]:
        """The places of all notes of a kind, and their five words."""
        found = np.flatnonzero(self._body[self._rows[: self._kept], 1] % KIND_VALUES == kind)
        return self._numbers[found] - 1, np.array(self._body[self._rows[found], 1:])

    def __iter__(self) -> Iterator[Note]:
        """The notes that are kept in one piece, in order."""
        return self.since(0)

    def since(self, first: int) -> Iterator[Note]:
        """As many of them as come from place `first` on."""
        for start, block in self.blocks(first):
            # Whole blocks become Python numbers at once, a tenth of the time of one by one.
            for at, words in enumerate(block.tolist(), start):
                if words[0]:  # 0: the program died while it wrote this one
                    yield note_of(at, *words)

    def blocks(self, first: int = 0) -> Iterator[tuple[int, Words]]:
        """The notes that are kept in one piece, block by block: the number of the first, and five words of each.

        One that the program died over is five zeros.
        """
        for start in range(first, self.count, BLOCK):
            stop = min(start + BLOCK, self.count)
            begin, end = np.searchsorted(self._numbers, (start, stop), "right").tolist()
            block = np.zeros((stop - start, NOTE_WORDS - 1), dtype=np.uint64)
            block[self._numbers[begin:end] - 1 - start] = self._body[self._rows[begin:end], 1:]
            yield start, block

    def last(self) -> Iterator[Note]:
        """The last notes, in order, those that no longer fitted with the first: between the two some are lost.

        Before them stand those of a P that still had room when another had none.
        """
        rows, numbers = _in_order(self._ring)
        own = self._body[self._rows[self._kept :]].tolist()
        for number, *words in sorted([*own, *self._ring[rows[numbers > self.count]].tolist()]):
            yield note_of(number - 1, *words)

    def read_types(self) -> None:
        """Put all types into `types`, and all sites into `sites`.

        A goroutine may note an allocation while another one is still describing the type, so they are read
        before anything is followed.
        """
        for described in read_descriptions(self._descriptions):
            if isinstance(described, Site):
                self.sites[described.number] = described
            else:
                self.types[described.address] = described


def note_of(at: int, word: int, number: int, first: int, second: int, third: int) -> Note:
    """A note from its place and its five words."""
    kind, p, goroutine = word % KIND_VALUES, word // 2**P_AT % 2**8, word // 2**GOROUTINE_AT
    site = 0
    if kind in WITH_SITE:
        site, third = divmod(third, 2**SITE_AT)
    return Note(at, kind, number, first, second, third, goroutine, -1 if p == NO_P else p, site)


def _in_order(notes: Words) -> tuple[Places, Places]:
    """The rows that hold a whole note, in the order of all, and the numbers of these."""
    numbers = notes[:, 0].astype(np.int64)
    rows = np.flatnonzero(numbers)
    rows = rows[np.argsort(numbers[rows], kind="stable")]
    return rows, numbers[rows]


def _unbroken(numbers: Places) -> int:
    """How many of the numbers 1, 2, ... there are before one is missing."""
    gaps = np.flatnonzero(numbers != np.arange(1, len(numbers) + 1))
    return int(gaps[0]) if len(gaps) else len(numbers)
