"""What stands beside the events: strings, stacks, types, the clock. Ids hold within their generation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from arenalab.intake.batches import Batch, TraceFile
from arenalab.intake.kinds import CLOCK_SNAPSHOT, FREQUENCY, STACK, STACKS, STRING, STRINGS, SYNC
from arenalab.intake.varints import number_at

TYPES, INFO = 0, 1  #: first byte of a batch of the allocation experiment.
LARGEST_UNIT, LAST_ADDRESS = 2**20, 2**48  #: bytes.
LONGEST_STRING, DEEPEST = 1024, 128  #: MaxEventTrailerDataSize, MaxFramesPerStack.


class Frame(NamedTuple):
    """One call of a stack; function and file are ids of strings."""

    pc: int  #: where the call goes on.
    function: int  #: id of its name.
    file: int  #: id of its name.
    line: int  #: in that file, from 1.


class TypeRow(NamedTuple):
    """A type as the runtime described it: where its `abi.Type` is, and bytes up to its last pointer."""

    address: int  #: of its `abi.Type` in the program.
    size: int  #: bytes of a value.
    ptr_bytes: int  #: bytes up to its last pointer.
    name: str  #: as the runtime prints it.


class Heap(NamedTuple):
    """What the numbers of the allocation events count from and in (bytes)."""

    start: int  #: address from which pages and words are counted.
    page: int  #: bytes of a page.
    align: int  #: bytes of a word, in which objects are counted.
    stack: int  #: bytes of the smallest stack.

    def addresses(self, words: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the addresses that an event of an object counts in words."""
        return words * self.align + self.start


@dataclass
class Tables:
    """The tables of one generation."""

    generation: int  #: its number, from 1.
    frequency: int = 0  #: ticks a second; 0 while unknown.
    heap: Heap | None = None  #: known from the first generation that the file holds from its start.
    strings: dict[int, str] = field(default_factory=dict)  #: by id.
    stacks: dict[int, tuple[Frame, ...]] = field(default_factory=dict)  #: by id, the innermost call first.
    types: dict[int, TypeRow] = field(default_factory=dict)  #: by id.

    def functions(self, stack: int) -> tuple[str, ...]:
        """Return the functions of a stack, the innermost first."""
        return tuple(self.strings.get(frame.function, "?") for frame in self.stacks.get(stack, ()))

    def add(self, trace: TraceFile, batch: Batch) -> None:
        """Take what a batch without events holds.

        Raises:
            TraceError: its bytes are no table.

        """
        if not batch.data:
            return
        try:
            reader = _Reader(batch.data)
            READERS.get((batch.experiment, reader.number()), _nothing)(self, reader)
        except ValueError as trouble:
            trace.wrong(batch.at, f"a table: {trouble}")


def by_generation(
    tables: dict[int, Tables],
    ids: NDArray[np.signedinteger[Any]],
    generations: NDArray[np.signedinteger[Any]],
    number: Callable[[Tables, int], int],
) -> NDArray[np.int64]:
    """Return a number for each id, which holds in its generation; `number` is asked once for each id of each."""
    answer = np.zeros(len(ids), np.int64)
    for generation, its in tables.items():
        mine = np.flatnonzero(generations == generation)
        unique, inverse = np.unique(ids[mine], return_inverse=True)
        answer[mine] = np.array([number(its, each) for each in unique.tolist()], np.int64)[inverse]
    return answer


class _Reader:
    """Numbers and texts, one after the other."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def number(self) -> int:
        value, self.at = number_at(self.data, self.at)
        return value

    def expect(self, kind: int) -> None:
        if (found := self.number()) != kind:
            raise ValueError(f"expected an entry {kind}, got {found}")

    def text(self) -> str:
        size = self.number()
        if size > min(LONGEST_STRING, len(self.data) - self.at):
            raise ValueError(f"a string of {size:,} bytes, longer than its batch or {LONGEST_STRING:,} bytes")
        self.at += size
        return self.data[self.at - size : self.at].decode("utf-8", "replace")

    def entries(self, kind: int | None = None) -> Iterator[int]:
        """Yield the id of each entry that follows; the caller reads the rest of it."""
        while self.at < len(self.data):
            if kind is not None:
                self.expect(kind)
            yield self.number()


def _strings(tables: Tables, reader: _Reader) -> None:
    for key in reader.entries(STRING):
        tables.strings[key] = reader.text()


def _stacks(tables: Tables, reader: _Reader) -> None:
    for key in reader.entries(STACK):
        if (depth := reader.number()) > DEEPEST:
            raise ValueError(f"a stack of {depth:,} frames; expected at most {DEEPEST}")
        tables.stacks[key] = tuple(Frame(*(reader.number() for _ in range(4))) for _ in range(depth))


def _types(tables: Tables, reader: _Reader) -> None:
    for key in reader.entries():
        address, size, ptr_bytes = (reader.number() for _ in range(3))
        tables.types[key] = TypeRow(address, size, ptr_bytes, reader.text())


def _info(tables: Tables, reader: _Reader) -> None:
    heap = Heap(*(reader.number() for _ in range(4)))
    if not all(0 < each <= LARGEST_UNIT for each in heap[1:]) or heap.start >= LAST_ADDRESS:
        raise ValueError(
            f"units {heap[1:]} from {heap.start:#x}; expected bytes of a page, a word and a stack"
        )
    tables.heap = heap


def _frequency(tables: Tables, reader: _Reader) -> None:
    tables.frequency = reader.number()
    if not tables.frequency:
        raise ValueError("a clock of 0 ticks a second")
    if reader.at < len(reader.data):
        reader.expect(CLOCK_SNAPSHOT)


def _sync(tables: Tables, reader: _Reader) -> None:
    reader.expect(FREQUENCY)
    _frequency(tables, reader)


def _nothing(_tables: Tables, _reader: _Reader) -> None:
    """CPU samples, and whatever else is not asked for."""


READERS: dict[tuple[int, int], Callable[[Tables, _Reader], None]] = {
    (0, STRINGS): _strings,
    (0, STACKS): _stacks,
    (0, FREQUENCY): _frequency,
    (0, SYNC): _sync,
    (1, TYPES): _types,
    (1, INFO): _info,
}
