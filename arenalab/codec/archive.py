"""Archives: whole numbers by name, and a head that says in JSON what they are, in one zip file of .npy columns.

Each column stands in as few bytes a number as hold it, or as the steps from one number to the next (`NAME+`) where
these are narrower; deflate packs it. What is short, or one number throughout, stands in the head; what is long in
blocks (`NAME@0`, `NAME@1`, …), each a column, so that who looks at some numbers unpacks only those.

Rules:
1. A column, or a block of one (`late_column`), is read when somebody asks for it, and kept by whoever asked.
2. Nothing in a file is trusted: it must not claim more bytes than packing can make, a column has as many numbers as
   its reader says, all of them in its reader's range; nothing is unpickled.
"""

from __future__ import annotations

import json
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterable
from copy import copy
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from threading import RLock
from typing import IO, Any, Literal
from weakref import finalize

import numpy as np
import numpy.typing as npt

from arenalab.errors import ArenaLabError, cut, shown
from arenalab.narrow import joined, narrow

Column = npt.NDArray[Any]

SHORT = 48  #: numbers of a column that stands in the head.
INLINE = ("short", "same", "first")  #: what stands in the head: columns, and where steps begin.
STEPS = "+"  #: ends the name of a column that holds steps.
BLOCKS = "blocks"  #: what the head says of columns in blocks: how many numbers each block of one has.
BLOCK = 2**16  #: numbers of a block as it is written: a millisecond, or two, to unpack.
MOST_BLOCK = 2**24  #: and as it is read.
LEVEL = 4  #: of deflate: higher ones take twice as long for a tenth of the bytes.
MOST_PACKED = 1100  #: bytes that deflate can make of one.
ROOM = 4096  #: bytes that a member may claim beyond that.
MOST_HEAD = 2**28  #: bytes of a head.
INT_64 = range(-(2**63), 2**63)
UINT_64 = range(2**64)
ANY = range(INT_64.start, UINT_64.stop)
BROKEN = (
    *(OSError, ValueError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError),
    *(KeyError, TypeError, RecursionError, OverflowError, AttributeError, MemoryError),
)  #: what the zip file's, numpy's and JSON's readers raise of what they can't read.


def narrowest(column: Column) -> Column:
    """Return a column in as few bytes a number as hold it; uint64 where a number needs all 64 bits."""
    if column.dtype == np.uint64 and column.max(initial=0) >= INT_64.stop:
        return column
    return narrow(column)


class ArchiveOut:
    """Writes an archive, column by column; the head last."""

    def __init__(self, out: IO[bytes], mode: Literal["w", "a"] = "w") -> None:
        """Begin in an empty file, or with "a" behind the archive that is in it."""
        self._zip = zipfile.ZipFile(out, mode, zipfile.ZIP_DEFLATED, compresslevel=LEVEL)
        self._short: dict[str, list[int]] = {}
        self._same: dict[str, int] = {}
        self._first: dict[str, int] = {}
        self._blocks: dict[str, int] = {}

    def put(self, name: str, column: Column | Iterable[int]) -> None:
        """Write a column of whole numbers that all fit int64, or all uint64."""
        if not isinstance(column, np.ndarray):
            column = _array(column)
        if len(column) <= SHORT:
            self._short[name] = column.tolist()
        elif (column == column[0]).all():
            self._same[name] = int(column[0])
        elif len(column) <= BLOCK:
            self._put_long(name, column)
        else:
            self._blocks[name] = BLOCK
            for place, first in enumerate(range(0, len(column), BLOCK)):
                self._put_long(block_name(name, place), column[first : first + BLOCK])

    def put_counted(self, name: str, column: Column) -> None:
        """Write a column whose length nothing else tells: number for number, however alike they are."""
        if len(column) <= SHORT:
            self._short[name] = column.tolist()
        else:
            self._member(name, narrowest(column))

    def _put_long(self, name: str, column: Column) -> None:
        plain = narrowest(column)
        steps = _steps(plain)
        if steps is not None and steps.itemsize < plain.itemsize:
            self._first[name] = int(plain[0])
            name, plain = f"{name}{STEPS}", steps
        self._member(name, plain)

    def _member(self, name: str, column: Column) -> None:
        with self._zip.open(f"{name}.npy", "w", force_zip64=True) as member:
            np.lib.format.write_array(member, np.ascontiguousarray(column), allow_pickle=False)

    def _inline(self) -> dict[str, Any]:
        inline = dict(zip(INLINE, (self._short, self._same, self._first), strict=True))
        return inline | {BLOCKS: self._blocks}

    def end(self, head: str, said: dict[str, Any]) -> None:
        """Write what was put since the last head as the column `head`; another part of the archive may follow."""
        text = json.dumps({**said, **self._inline()}, separators=(",", ":"))
        self._member(head, np.frombuffer(text.encode(), dtype=np.uint8))
        self._short, self._same, self._first, self._blocks = {}, {}, {}, {}

    def sums(self) -> str:
        """Return what tells all that was written so far from anything else."""
        return _sums(self._zip.infolist())

    def close(self) -> None:
        """Write the end of the file."""
        self._zip.close()


def block_name(name: str, place: int) -> str:
    """Return the name of a block of a column, counted from 0."""
    return f"{name}@{place}"


def _sums(entries: Iterable[zipfile.ZipInfo]) -> str:
    """Return a digest of the names, lengths and checksums of some members, in their order."""
    lines = (f"{entry.filename} {entry.file_size} {entry.CRC}\n" for entry in entries)
    return sha256("".join(lines).encode()).hexdigest()


def _array(numbers: Iterable[int]) -> Column:
    numbers = list(numbers)
    try:
        return np.array(numbers, dtype=np.int64)
    except OverflowError:
        return np.array(numbers, dtype=np.uint64)


def _steps(column: Column) -> Column | None:
    """Return the steps to each number from the one before, to the first 0; None where they may not fit."""
    if column.dtype == np.uint64 or not -(2**61) < int(column.min()) <= int(column.max()) < 2**61:
        return None
    return narrow(np.diff(column.astype(np.int64), prepend=int(column[0])))


class Archive:
    """An archive that is read column by column; it stays open as long as somebody has it."""

    def __init__(self, source: Path | BytesIO, head: str, where: str, error: type[ArenaLabError]) -> None:
        """Read the head of the archive in a file, or of one that is in memory.

        Args:
            source: where it is.
            head: name of the column that is its head.
            where: how errors name it.
            error: what they are.

        Raises:
            error: no such archive, cut off, or one that claims what can't be.

        """
        self.where, self.error = where, error
        self._lock = RLock()
        self.whole: Archive | None = None  #: of a part, whose file stays open as long as it is there.
        try:
            self._zip = zipfile.ZipFile(source)
            # Who has an archive is often part of a cycle, of which Python may release the file before it is closed.
            finalize(self, self._zip.close)
            for entry in self._zip.infolist():
                self._check_size(entry)
            self.begin(head)
        except BROKEN as trouble:
            raise self.refused(f"can't be read ({cut(trouble)}); the file may be cut off") from None

    def begin(self, head: str) -> None:
        """Read the head of the part that is looked at from now on."""
        self.said = self._head(head)
        self._short, self._same, self._first = (dict(self.said.pop(name)) for name in INLINE)
        self._blocks = dict(self.said.pop(BLOCKS, {}))  # files of format 3 have none

    def part(self, head: str) -> Archive:
        """Return the part of the archive that has a head of its own.

        Raises:
            ArenaLabError: that head can't be read; of the archive's kind.

        """
        its = copy(self)
        its.whole = self
        try:
            its.begin(head)
        except BROKEN as trouble:
            raise self.refused(f"column {head} can't be read ({cut(trouble)})") from None
        return its

    def sums(self, prefix: str, head: str) -> str:
        """Return what `ArchiveOut.sums` did before a part was written: its columns' prefix, its head."""
        mine = (prefix, f"{head}.npy")
        return _sums(entry for entry in self._zip.infolist() if not entry.filename.startswith(mine))

    def close(self) -> None:
        """Close the file; no column can be read any more."""
        self._zip.close()

    def refused(self, text: str) -> ArenaLabError:
        """Return an error about this file."""
        return self.error(f"{self.where}: {text}")

    def _check_size(self, entry: zipfile.ZipInfo) -> None:
        if entry.file_size > MOST_PACKED * entry.compress_size + ROOM:
            packed = f"{entry.file_size:,} of {entry.compress_size:,} bytes"
            raise self.refused(f"{shown(entry.filename)} claims to unpack to {packed}")

    def _head(self, name: str) -> dict[str, Any]:
        text = self._unpacked(name)
        said = json.loads(text.tobytes()) if text.dtype == np.uint8 and len(text) <= MOST_HEAD else None
        if not isinstance(said, dict):
            raise self.refused(f"its head {name} is no JSON object")
        return said

    def has(self, name: str) -> bool:
        """Return whether there is a column of that name."""
        inline = any(name in said for said in (self._short, self._same, self._blocks))
        return inline or f"{name}.npy" in self._zip.NameToInfo

    def block_size(self, name: str) -> int:
        """Return how many numbers a block of a column has, 0 for a column that stands in one piece.

        Raises:
            ArenaLabError: the head says what can't be; of the archive's kind.

        """
        size = self._blocks.get(name, 0)
        if type(size) is not int or not 0 <= size <= MOST_BLOCK:
            raise self.refused(
                f"{BLOCKS}: {name}: got {shown(size)}; expected a length, at most {MOST_BLOCK:,}"
            )
        return size

    def column(self, name: str, count: int | None, within: range) -> Column:
        """Return a column as int64 or narrower, or as uint64; one number throughout takes no room.

        Args:
            name: its name.
            count: how many numbers it must have; None for any, that really are there.
            within: the range in which they must all be.

        Raises:
            ArenaLabError: there is none, it has another length, or a number is outside; of the kind given, naming both.

        """
        return self._checked(name, self._read, count, within)

    def block(self, name: str, place: int, count: int, within: range) -> Column:
        """Return a block of a column that stands in blocks, as `column`: its place, from 0; the column's length.

        Raises:
            ArenaLabError: as of `column`.

        """
        size = self.block_size(name)
        return self._checked(block_name(name, place), self._long, min(size, count - place * size), within)

    def _checked(
        self, name: str, read: Callable[[str, int | None], Column], count: int | None, within: range
    ) -> Column:
        with self._lock:
            try:
                column = read(name, count)
            except BROKEN as trouble:
                raise self.refused(f"column {name} can't be read ({cut(trouble)})") from None
        if count is not None and len(column) != count:
            raise self.refused(f"column {name} has {len(column):,} numbers; expected {count:,}")
        self._check_range(name, column, within)
        return column

    def _check_range(self, name: str, column: Column, within: range) -> None:
        looked_at = column[:1] if column.strides == (0,) else column  # of one number throughout at one
        if not len(looked_at) or (
            within.start <= int(looked_at.min()) and int(looked_at.max()) < within.stop
        ):
            return
        at = int(looked_at.argmin() if looked_at.min() < within.start else looked_at.argmax())
        expected = f"a whole number from {within.start:,} to {within.stop - 1:,}"
        raise self.refused(f"column {name}, number {at:,}: got {int(looked_at[at])}; expected {expected}")

    def _read(self, name: str, count: int | None) -> Column:
        if name in self._short:
            numbers = self._short[name]
            if len(numbers) > SHORT or not all(type(number) is int for number in numbers):
                raise ValueError("no whole numbers")
            return np.array(numbers, dtype=np.uint64 if numbers and max(numbers) >= INT_64.stop else np.int64)
        if name in self._same and count is not None:
            number = self._same[name]
            if type(number) is not int:
                raise ValueError("no whole number")
            return np.broadcast_to(
                np.array(number, np.uint64 if number >= INT_64.stop else np.int64), (count,)
            )
        return self._joined(name, count) if self.block_size(name) else self._long(name)

    def _joined(self, name: str, count: int | None) -> Column:
        """Return the blocks of a column as one; each is a member, so that no more is claimed than packing can make."""
        if count is None:
            raise ValueError("in blocks, where nothing tells its length")
        blocks = range(-(-count // self.block_size(name)))
        return joined([self.block(name, place, count, ANY) for place in blocks])

    def _long(self, name: str, _: int | None = None) -> Column:
        """Return a column, or a block of one, that is a member or two."""
        try:
            self._zip.getinfo(f"{name}{STEPS}.npy")
        except KeyError:
            return self._unpacked(name)
        steps = self._unpacked(f"{name}{STEPS}")
        if type(first := self._first.get(name)) is not int or not -(2**61) < first < 2**61:
            raise ValueError(f"no first number: got {shown(first)}")
        return narrow(first + np.cumsum(steps, dtype=np.int64))

    def _unpacked(self, name: str) -> Column:
        """Return what is in a member; its header must claim the bytes that are there."""
        entry = self._zip.getinfo(f"{name}.npy")
        with self._zip.open(entry) as member, warnings.catch_warnings(action="error"):
            try:
                np.lib.format.read_magic(member)
                shape, _, dtype = np.lib.format.read_array_header_1_0(member)
            except Exception as error:  # noqa: BLE001  # numpy hands it to Python's own reader, whose errors are of any kind
                raise ValueError(f"its header can't be read: {cut(error)}") from None
            if len(shape) != 1 or dtype.kind not in "iu":
                raise ValueError(f"{len(shape)}-dimensional {dtype}; expected one row of whole numbers")
            if member.tell() + shape[0] * dtype.itemsize != entry.file_size:
                raise ValueError(f"claims {shape[0]} numbers in {entry.file_size:,} bytes")
            return np.frombuffer(member.read(), dtype=dtype)
