"""A program's file as the memory that it becomes: bytes by address, pointers as the loader sets them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from arenalab.errors import TraceError, cut
from arenalab.install import require

LARGEST = 2**31  #: bytes of a program that is read.
PAGE = 4096  #: a position-independent program is moved by a multiple of it.
RELATIVE = {"EM_X86_64": 8, "EM_AARCH64": 1027, "EM_RISCV": 3}  #: relocation that adds the program's place.
RELA, RELA_BYTES = 7, 8  #: DT_RELA, DT_RELASZ: where the relocations are, how long.
_ENTRY = np.dtype([("where", "<u8"), ("info", "<u8"), ("value", "<i8")])  # Elf64_Rela
WORD = np.dtype("<u8")


class Image:
    """The segments of an ELF file that are loaded, at the addresses that the linker gave them."""

    def __init__(self, path: str | Path) -> None:
        """Read them.

        Raises:
            TraceError: no such file, no 64-bit little-endian ELF file, or a damaged one.
            MissingExtraError: pyelftools is not installed.

        """
        require("trace", "elftools")
        self.path = Path(path)
        try:
            size = self.path.stat().st_size
            with self.path.open("rb") as file:
                self.segments = self._read(file, size)
        except OSError as trouble:
            raise TraceError(f"{self.path}: can't be read ({trouble.strerror})") from None

    def wrong(self, trouble: object) -> NoReturn:
        """Raise the error for this file."""
        raise TraceError(f"{self.path}: {cut(trouble, 200)}")

    def _read(self, file: Any, size: int) -> list[tuple[int, NDArray[np.uint8]]]:
        from elftools.common.exceptions import ELFError  # noqa: PLC0415  # the extra `trace`
        from elftools.elf.elffile import ELFFile  # noqa: PLC0415

        if file.read(4) != b"\x7fELF" or size > LARGEST:
            self.wrong(
                f"no ELF file of up to {LARGEST:,} bytes; expected the program that wrote the trace, on Linux"
            )
        try:
            found = ELFFile(file)
            if found.elfclass != 64 or not found.little_endian:
                self.wrong("an ELF file of another kind; expected one of 64 bits, little-endian")
            return self._segments(found, size)
        except TraceError:
            raise
        except (
            ELFError,
            ValueError,
            KeyError,
            TypeError,
            AttributeError,
            OverflowError,
            MemoryError,
        ) as trouble:
            self.wrong(f"a damaged ELF file ({type(trouble).__name__}: {trouble})")

    def _segments(self, found: Any, size: int) -> list[tuple[int, NDArray[np.uint8]]]:
        loaded, dynamic = [], b""
        for segment in found.iter_segments():
            if (
                segment["p_type"] in ("PT_LOAD", "PT_DYNAMIC")
                and segment["p_offset"] + segment["p_filesz"] > size
            ):
                self.wrong("cut off: a segment ends after the file")
            if segment["p_type"] == "PT_LOAD":
                loaded.append((segment["p_vaddr"], np.frombuffer(segment.data(), np.uint8).copy()))
            if segment["p_type"] == "PT_DYNAMIC":
                dynamic = segment.data()
        words = np.frombuffer(dynamic[: len(dynamic) // 16 * 16], WORD).tolist()
        table: dict[int, int] = dict(
            zip(words[-2::-2], words[::-2], strict=True)
        )  # of several tags the first counts
        if {RELA, RELA_BYTES} <= set(table):
            entries = _bytes(loaded, table[RELA], table[RELA_BYTES])
            rows = entries[: len(entries) // _ENTRY.itemsize * _ENTRY.itemsize].copy().view(_ENTRY)
            _relocate(loaded, rows[rows["info"] % 2**32 == RELATIVE.get(found["e_machine"], 0)])
        return loaded

    def bytes(self, address: int, count: int) -> NDArray[np.uint8]:
        """Return bytes from an address on; fewer than `count` where the file holds no more, none where none is."""
        return _bytes(self.segments, address, count)

    def word(self, address: int) -> int:
        """Return the 64-bit number at an address.

        Raises:
            TraceError: the file holds nothing there.

        """
        found = self.bytes(address, WORD.itemsize)
        if len(found) < WORD.itemsize:
            self.wrong(f"nothing at address {address:#x}, to which one of its types points")
        return int.from_bytes(found.tobytes(), "little")

    def holds(self, address: int) -> bool:
        """Return whether the file holds something there."""
        return bool(len(self.bytes(address, 1)))

    def places(self, pair: tuple[int, int]) -> NDArray[np.int64]:
        """Return the addresses, multiples of 8, at which two numbers stand one after the other."""
        found = [np.zeros(0, np.int64)]
        for start, data in self.segments:
            skip = -start % WORD.itemsize
            words = data[skip : skip + (len(data) - skip) // WORD.itemsize * WORD.itemsize].view(WORD)
            if len(words):
                at = np.flatnonzero((words[:-1] == pair[0]) * (words[1:] == pair[1]))
                found.append(at * WORD.itemsize + start + skip)
        return np.concatenate(found)


def _bytes(segments: list[tuple[int, NDArray[np.uint8]]], address: int, count: int) -> NDArray[np.uint8]:
    for start, data in segments:
        if start <= address < start + len(data):
            return data[address - start : address - start + count]
    return np.zeros(0, np.uint8)


def _relocate(loaded: list[tuple[int, NDArray[np.uint8]]], rows: NDArray[Any]) -> None:
    """Write the pointers that the loader would, for a program that is not moved."""
    where = rows["where"].astype(np.int64)
    for start, data in loaded:
        mine = (where >= start) * (where <= start + len(data) - WORD.itemsize)
        at = (where[mine] - start)[:, None] + np.arange(WORD.itemsize)
        data[at] = rows["value"][mine].astype("<i8").view(np.uint8).reshape(-1, WORD.itemsize)
