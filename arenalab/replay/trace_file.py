"""Traces as files: a folder of .npy columns, memory-mapped, or one .npz file.

Rules:
1. Nothing in a file is trusted: its lengths are checked against its size before anything is allocated,
   nothing is unpickled, nothing compressed is unpacked, every row is looked at.
2. A file is written whole or not at all.
"""

from __future__ import annotations

import json
import os
import warnings
import zipfile
import zlib
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from arenalab.asked import called, path_of
from arenalab.errors import ArenaLabError, ScenarioError, TraceError, cut, reason, shown
from arenalab.file_kind import opened
from arenalab.files import bytes_written_whole, folder_written_whole
from arenalab.go.types import GoType
from arenalab.replay.trace import COLUMNS, MOST_TYPES, Trace

FORMAT = 1
TYPES = "types"  #: the types' rows as JSON, a column of bytes.
MOST_TYPES_BYTES = 64 * 1024 * 1024


@called
def save_trace(trace: Trace, path: str | Path) -> None:
    """Write a trace: one uncompressed file when `path` ends in .npz, else a folder of columns.

    Raises:
        TraceError: it can't be written, or the folder exists already; traces are not overwritten piece by piece.

    """
    target = path_of("path", path)
    rows = [go_type.to_row(number) for number, go_type in enumerate(trace.types)]
    said = json.dumps({"arenalab_trace": FORMAT, "types": rows}, separators=(",", ":")).encode()
    columns = {name: getattr(trace, name) for name in COLUMNS}
    columns[TYPES] = np.frombuffer(said, dtype=np.uint8)
    try:
        (_write_file if target.suffix == ".npz" else _write_folder)(target, columns)
    except OSError as trouble:
        raise TraceError(f"{target}: can't be written ({trouble.strerror})") from None


def _write_file(target: Path, columns: dict[str, npt.NDArray[Any]]) -> None:
    with bytes_written_whole(target) as out:
        np.savez(out, **columns)  # type: ignore[arg-type]  # numpy's stub takes the columns for its flag


def _write_folder(target: Path, columns: dict[str, npt.NDArray[Any]]) -> None:
    if target.exists():
        raise TraceError(f"{target}: exists already; name another folder or remove it")
    with folder_written_whole(target) as unfinished:
        for name, column in columns.items():
            np.save(unfinished / f"{name}.npy", column)


@called
def load_trace(path: str | Path) -> Trace:
    """Read a trace; a folder's columns stay on disk and are read as they are needed.

    Raises:
        TraceError: not a trace, cut off, or a row that makes no sense; names the file and the trouble.

    """
    source = path_of("path", path)
    try:
        columns = _mapped(source) if source.is_dir() else _unzipped(source)
        types = _types(columns.pop(TYPES), source)
        return Trace(types, *(columns[name] for name in COLUMNS))
    except ScenarioError as error:
        raise TraceError(f"{source}: {cut(error)}") from None
    except (
        OSError, ValueError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError
    ) as error:  # fmt: skip
        raise TraceError(f"{source}: can't be read ({reason(error)})") from None


def _mapped(folder: Path) -> dict[str, npt.NDArray[Any]]:
    """Map each column; the length that its header claims must be what its file holds."""
    columns = {}
    for name in (*COLUMNS, TYPES):
        file = folder / f"{name}.npy"
        with file.open("rb") as column:
            shape, dtype = _header(column, file, os.fstat(column.fileno()).st_size)
        columns[name] = np.load(file, mmap_mode="r") if shape[0] else np.zeros(0, dtype)
    return columns


def _unzipped(source: Path) -> dict[str, npt.NDArray[Any]]:
    columns = {}
    with opened(source) as file, zipfile.ZipFile(file) as archive:
        size = file.seek(0, os.SEEK_END)
        for name in (*COLUMNS, TYPES):
            try:
                entry = archive.getinfo(f"{name}.npy")
            except KeyError:
                raise TraceError(f"{source}: holds no column {name}") from None
            if entry.compress_type != zipfile.ZIP_STORED:
                raise TraceError(f"{source}: column {name} is compressed; write it with numpy.savez")
            with archive.open(entry) as column:
                _header(column, source / entry.filename, min(entry.file_size, size))
            with archive.open(entry) as column:
                columns[name] = np.lib.format.read_array(column, allow_pickle=False)
    return columns


def _header(column: IO[bytes], where: Path, nbytes: int) -> tuple[tuple[int, ...], np.dtype[Any]]:
    """Return the shape and type that a column claims, once they agree with the bytes that are there."""
    version = np.lib.format.read_magic(column)
    if version != (1, 0):
        raise TraceError(f"{where}: a column of .npy format {version[0]}.{version[1]}; this reads 1.0")
    try:
        with warnings.catch_warnings(action="error"):  # what numpy only warns of is no header that it wrote
            shape, _, dtype = np.lib.format.read_array_header_1_0(column)
    except Exception as error:  # noqa: BLE001  # numpy hands it to Python's own reader, whose errors are of any kind
        raise TraceError(f"{where}: its header can't be read ({shown(str(error))})") from None
    if len(shape) != 1 or dtype.kind not in "iu":
        raise TraceError(f"{where}: holds {len(shape)}-dimensional {dtype}, not one row of whole numbers")
    if column.tell() + shape[0] * dtype.itemsize != nbytes:
        raise TraceError(
            f"{where}: claims {shape[0]} numbers of {dtype.itemsize} bytes, and has {nbytes} bytes in all"
        )
    return shape, dtype


def _types(column: npt.NDArray[Any], source: Path) -> list[GoType]:
    if column.dtype != np.uint8 or len(column) > MOST_TYPES_BYTES:
        raise TraceError(f"{source}: its types are {len(column)} × {column.dtype}, not a text of bytes")
    try:
        said = json.loads(column.tobytes())
        form, rows = said["arenalab_trace"], list(said["types"])
        types = [GoType.from_row(row) for row in rows[:MOST_TYPES]]
    except (ArenaLabError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise TraceError(f"{source}: its types can't be read ({cut(error)})") from None
    if form != FORMAT or len(rows) > MOST_TYPES:
        raise TraceError(f"{source}: format {shown(form)} with {len(rows)} types; this reads format {FORMAT}")
    return types
