"""Read the file that a watched program has left.

It holds a header, descriptions (types; the lines that called), the first notes up to the limit, and the
last ones in a ring. Where all notes fit, the ring is empty; where not, what lies between the two is lost.
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
NOTE_WORDS, LAST_WORDS = 5, 6  # one of the last notes has its number + 1 before it
KIND_VALUES = 256
P_AT, GOROUTINE_AT = 8, 16  # bits of a note's first word
NO_P = 255
SITE_AT = 48  # bits of an address; what stands above is a site
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
        said, sayable, self._fits, kept = facts[16:20]
        first = HEADER_WORDS + sayable // 8
        self._body = words[first : first + self._fits * NOTE_WORDS].reshape(-1, NOTE_WORDS)
        self._ring = words[len(words) - kept * LAST_WORDS :].reshape(-1, LAST_WORDS)
        self.count = min(self.asked, self._fits)
        self.cut_off = self.count - int(np.count_nonzero(self._body[: self.count, 0]))
        self.lost = self.asked - self.count + self.cut_off
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
        found = np.flatnonzero(self._body[: self.count, 0] % KIND_VALUES == kind)
        return found, np.array(self._body[found])

    def __iter__(self) -> Iterator[Note]:
        """The notes that are kept in one piece, in order."""
        return self.since(0)

    def since(self, first: int) -> Iterator[Note]:
        """As many of them as come from place `first` on."""
        for start in range(first, self.count, BLOCK):
            # Whole blocks become Python numbers at once, a tenth of the time of one by one.
            block = self._body[start : min(start + BLOCK, self.count)].tolist()
            for at, words in enumerate(block, start):
                if words[0]:  # 0: the program died while it wrote this one
                    yield note_of(at, *words)

    def blocks(self) -> Iterator[tuple[int, Words]]:
        """The notes that are kept in one piece, block by block: the number of the first, and five words of each."""
        for start in range(0, self.count, BLOCK):
            yield start, np.array(self._body[start : min(start + BLOCK, self.count)])

    def last(self) -> Iterator[Note]:
        """The last notes, in order, those that no longer fitted with the first: between the two some are lost."""
        numbers = self._ring[:, 0]
        order = np.argsort(numbers, kind="stable")
        for number, *words in self._ring[order[numbers[order] > self._fits]].tolist():
            if words[0]:
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
