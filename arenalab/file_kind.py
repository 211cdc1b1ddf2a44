"""What kind of file a file is, told by its content.

Rule: no name and no suffix decides, so a file that was renamed is known all the same.
"""

from __future__ import annotations

import gzip
import io
import json
import re
import tomllib
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from arenalab.errors import ScenarioError, reason

RECORDING, HISTORY, TRACE, SCENARIO = "recording", "history", "trace", "scenario"
EXECUTION = "execution trace"  #: what Go itself writes: runtime/trace, go test -trace.
EXECUTION_HEAD = re.compile(rb"go 1\.\d+ trace\0")  #: of whatever version.
ZIP, GZIP = b"PK\x03\x04", b"\x1f\x8b"
#: The members that tell a recording and a history in columns from a trace.
COLUMNS_OF_A_RECORDING, COLUMNS_OF_A_HISTORY = "recording.npy", "history.npy"
GZIP_TAIL = 4  #: bytes at the end of a gzip file that hold the length of what was packed.
MOST_UNPACKED = 2**31  #: bytes of an archive within a gzip file.
TYPES_COLUMN = "types.npy"  #: the file that a trace's folder always has.
LONGEST_HEAD = 1_000_000  #: bytes of a first line that are looked at.
MAX_SCENARIO_BYTES = 1_000_000


def kind_of(path: str | Path) -> str:
    """Return what a file is: "recording", "history", "trace" (.npz or a folder), "scenario" or "execution trace".

    Raises:
        ScenarioError: it is none of them, or can't be read.

    """
    found = known_kind(path)
    if not found:
        raise ScenarioError(
            f"{path}: neither a recording, a saved history, a trace (.npz or a folder), a scenario nor a Go "
            "execution trace"
        )
    return found


def known_kind(path: str | Path) -> str:
    """Return what a file is as `kind_of` does, and "" for anything else: recorded types and cases, say.

    Raises:
        ScenarioError: it can't be read.

    """
    source = Path(path)
    try:
        if source.is_dir():
            return TRACE if (source / TYPES_COLUMN).exists() else ""
        with opened(source) as file:
            head = file.readline(LONGEST_HEAD)
            if head.startswith(ZIP):
                return _kind_of_archive(file)
        if EXECUTION_HEAD.match(head):
            return EXECUTION
        return _kind_of_row(head) or _kind_of_text(source)
    except (OSError, ValueError, EOFError, zlib.error) as trouble:
        raise ScenarioError(f"{source}: can't be read ({reason(trouble)})") from None


@contextmanager
def opened(source: Path) -> Iterator[IO[bytes]]:
    """Open a file for reading, unpacked where it is compressed by gzip; it can be read from any place.

    Raises:
        OSError: it can't be read, or is an archive that unpacks to more than two GiB.

    """
    with source.open("rb") as file:
        packed = file.read(len(GZIP)) == GZIP
        file.seek(0)
        if not packed:
            yield file
            return
        with gzip.GzipFile(fileobj=file) as inner:
            if inner.peek(len(ZIP))[: len(ZIP)] != ZIP:
                yield inner  # type: ignore[misc]  # it is as good as any
                return
            whole = inner.read(MOST_UNPACKED + 1)  # an archive is read from its end
        if len(whole) > MOST_UNPACKED:
            raise OSError(f"unpacks to more than {MOST_UNPACKED:,} bytes")
        yield io.BytesIO(whole)


def unpacked_size(source: Path) -> int:
    """Return the bytes of a file, of a packed one as many as it says it unpacks to (modulo 4 GiB); for progress alone.

    Raises:
        OSError: it can't be read.

    """
    with source.open("rb") as file:
        packed, size = file.read(len(GZIP)) == GZIP, file.seek(0, 2)
        if not packed or size < GZIP_TAIL:
            return size
        file.seek(-GZIP_TAIL, 2)
        return max(1, int.from_bytes(file.read(GZIP_TAIL), "little"))


def _kind_of_archive(archive: IO[bytes]) -> str:
    try:
        with zipfile.ZipFile(archive) as columns:
            names = set(columns.namelist())
    except (zipfile.BadZipFile, NotImplementedError):
        return TRACE
    if COLUMNS_OF_A_HISTORY in names:
        return HISTORY
    return RECORDING if COLUMNS_OF_A_RECORDING in names else TRACE


def _kind_of_row(head: bytes) -> str:
    """Decide by the first line, when it is a JSON object."""
    try:
        row = json.loads(head)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(row, dict):
        return ""
    return HISTORY if "arenalab_history" in row else RECORDING if "oracle" in row else ""


def _kind_of_text(source: Path) -> str:
    """Return whether it is TOML with the tables of a scenario; a scenario is small."""
    with opened(source) as file:
        text = file.read(MAX_SCENARIO_BYTES + 1)
    if len(text) > MAX_SCENARIO_BYTES:
        return ""
    try:
        data = tomllib.loads(text.decode("utf-8"))
    except (ValueError, RecursionError):  # not UTF-8, not TOML
        return ""
    return SCENARIO if {"name", "ops"}.issubset(data) else ""
