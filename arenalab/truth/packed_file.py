"""Recordings as columns in one compressed file; what is in a column of numbers takes a few bytes a value.

It is a zip archive of .npy columns, as `numpy.savez_compressed` writes them: `recording` (JSON, as bytes) holds the
header, types, start, end and the *shapes* of rows; `order` the shape of each row; `row_S_KEY` a shape's column; and
`type`, `cap`, `step`, `site` the values'. A step is from the value before it in the same run at the same end of the
chunk: for one type after the other it is always the same number.

Rules:
1. Nothing in a file is trusted: how much it unpacks to is bounded, every length is checked against the others.
2. What a column of text or of odd things holds is JSON; no pickle is read.
"""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from arenalab.errors import RecordingError, cut, shown
from arenalab.narrow import narrow
from arenalab.truth.packed import RUN, Packed, Row, Values
from arenalab.truth.packed_rows import ADDRESS, BOOL, JSON, NULL, NUMBER, Cells, NumberedRows, Shape

FORMAT = 1
WHOLE = "recording"  #: the member that tells such a file from any other archive.
MOST_BYTES = 2**32  #: that a file may unpack to.
MOST_SHAPES = 4096
Column = npt.NDArray[Any]


def write_packed(packed: Packed, out: IO[bytes]) -> None:
    """Write a recording whose values are in the order of its rows."""
    rows = packed.rows if isinstance(packed.rows, NumberedRows) else NumberedRows(packed.rows)
    columns: dict[str, Column] = {"order": np.array(rows.order, dtype=np.uint16)}
    for number, key, kind, cells in rows.columns():
        columns[f"row_{number}_{key}"] = _column(cells, kind)
    said = {
        "arenalab_recording": FORMAT, "header": packed.header, "types": packed.types, "start": packed.start,
        "end": packed.end, "shapes": [list(map(list, shape)) for shape in rows.shapes],
    }  # fmt: skip
    columns[WHOLE] = _text(said)
    columns |= _values(packed)
    np.savez_compressed(out, **columns)  # type: ignore[arg-type]  # numpy's stub takes the columns for its flag


def _column(cells: Cells, kind: str) -> Column:
    if kind == JSON:
        return _text(cells)
    if kind == NULL:
        return np.zeros(0, dtype=np.uint8)
    return narrow(np.array(cells, dtype=np.int64))


def _text(value: Any) -> Column:
    return np.frombuffer(json.dumps(value, separators=(",", ":")).encode(), dtype=np.uint8)


def _values(packed: Packed) -> dict[str, Column]:
    values = packed.values
    counts = np.fromiter((row["n"] for row in packed.rows if row.get("op") == RUN), np.int64)
    order, begins = _ends(values.types, counts, packed.types)
    offsets = values.offsets.astype(np.int64)[order]
    steps = np.diff(offsets, prepend=0)
    steps[begins] = offsets[begins]
    written = np.empty(len(steps), dtype=np.int64)
    written[order] = steps
    return {"type": narrow(values.types), "cap": narrow(values.caps), "step": narrow(written),
            "site": narrow(values.sites)}  # fmt: skip


def _ends(types: Column, counts: Column, rows: list[Row]) -> tuple[Column, Column]:
    """Return the values' order by run and end of the chunk, in time within both; and where each such group begins."""
    front = np.array([row.get("ptrbytes", 0) > 0 for row in rows] or [False])
    group = 2 * np.arange(len(counts)).repeat(counts) + front[types]
    order = np.argsort(group, kind="stable")
    return order, np.flatnonzero(np.diff(group[order], prepend=-1))


class PackedFile:
    """Such a file, read: its header, and its rows when somebody asks for them."""

    def __init__(self, source: IO[bytes], where: str) -> None:
        """Read all columns and compare their lengths.

        Raises:
            RecordingError: not such a file, cut off, or lengths that don't agree; names it.

        """
        self.where = where
        try:
            self._columns = _unpacked(source)
            self._read()
        except RecordingError as error:
            raise RecordingError(f"{where}: {error}") from None
        except (zipfile.BadZipFile, zlib.error, ValueError, KeyError, TypeError, IndexError, EOFError, OSError,
                NotImplementedError, AttributeError, RecursionError, OverflowError) as error:  # fmt: skip
            raise RecordingError(f"{where}: can't be read ({cut(error)}); the file may be cut off") from None

    def _read(self) -> None:
        said = json.loads(self._columns.pop(WHOLE).tobytes())
        if said["arenalab_recording"] != FORMAT:
            raise RecordingError(f"format {shown(said['arenalab_recording'])}; this reads {FORMAT}")
        self.header, self.types, self.start, self.end = (
            said[name] for name in ("header", "types", "start", "end")
        )
        if len(said["shapes"]) > MOST_SHAPES:
            raise RecordingError(f"{len(said['shapes'])} kinds of rows; there are at most {MOST_SHAPES}")
        self.shapes: list[Shape] = [tuple((str(k), str(kind)) for k, kind in s) for s in said["shapes"]]
        self.order = self._columns["order"]
        self.counts = np.bincount(self.order, minlength=len(self.shapes)).tolist()
        if len(self.counts) > len(self.shapes):
            raise RecordingError(f"a row of kind {len(self.counts) - 1}; there are {len(self.shapes)}")
        self._runs()
        self.values = self._unpacked_values()

    def _runs(self) -> None:
        """Find how many values each row has, which operation it is, and where its values begin."""
        ns = [self._ns(number) for number in range(len(self.shapes))]
        self.rows_values = np.zeros(len(self.order), dtype=np.int64)
        self.rows_ops = np.zeros(len(self.order), dtype=np.int64)
        for number, (count, operations) in enumerate(ns):
            rows = self.order == number
            self.rows_values[rows], self.rows_ops[rows] = count, operations
        if (self.rows_values < 0).any() or (self.rows_ops < 0).any():
            raise RecordingError("a run of fewer than no values")

    def _ns(self, number: int) -> tuple[Any, Any]:
        """Return the values and the operations that each row of a shape stands for."""
        keys = dict(self.shapes[number])
        if "op" not in keys:
            return 0, 0
        ops = self._cells(number, "op", keys["op"])
        if RUN not in ops:
            return 0, 1
        if set(ops) != {RUN} or keys.get("n") != NUMBER:
            raise RecordingError("runs among other rows, or runs without a length")
        n = self._columns[f"row_{number}_n"].astype(np.int64)
        return n, n

    def _cells(self, number: int, key: str, kind: str) -> list[Any]:
        """Return a shape's column as Python values.

        Raises:
            RecordingError: it is not as long as there are rows of that shape.

        """
        count = self.counts[number]
        column = self._columns[f"row_{number}_{key}"]
        if kind == NULL:
            return [None] * count
        cells = json.loads(column.tobytes()) if kind == JSON else column.tolist()
        if not isinstance(cells, list) or len(cells) != count:
            raise RecordingError(f"column {key} of kind {number} is not as long as the {count} rows of it")
        if kind == ADDRESS:
            return [hex(cell) for cell in cells]
        return [bool(cell) for cell in cells] if kind == BOOL else cells

    def _unpacked_values(self) -> Values:
        types, caps, steps, sites = (self._columns[name] for name in ("type", "cap", "step", "site"))
        total = int(self.rows_values.sum())
        if any(len(column) != total for column in (types, caps, steps)) or len(sites) not in (0, total):
            raise RecordingError(f"runs of {total} values, and columns of another length")
        if total and not 0 <= int(types.min()) <= int(types.max()) < len(self.types):
            raise RecordingError(f"a value's type is none of the {len(self.types)}")
        counts = self.rows_values[self.rows_values > 0]
        order, begins = _ends(types, counts, self.types)
        sums = steps.astype(np.int64)[order].cumsum()
        lengths = np.diff(np.append(begins, total))
        below = np.where(begins > 0, sums[begins - 1], 0) if total else begins
        offsets = np.empty(total, dtype=np.int64)
        offsets[order] = sums - below.repeat(lengths)
        if total and not 0 <= int(offsets.min()) <= int(offsets.max()) < 2**32:
            raise RecordingError("a value's offset is outside any chunk")
        return Values(types, caps, offsets.astype(np.uint32), sites)

    def rows(self) -> Iterator[Row]:
        """Return the rows in order, each with its operation's number, a run with where its values begin.

        Raises:
            RecordingError: a column is not as long as it must be.

        """
        tables = [self._table(number) for number in range(len(self.shapes))]
        firsts = (self.rows_ops.cumsum() - self.rows_ops).tolist()
        values = (self.rows_values.cumsum() - self.rows_values).tolist()
        for shape, first, value in zip(self.order.tolist(), firsts, values, strict=True):
            row: Row = next(tables[shape])
            if "op" in row:
                row["i"] = first
                if row["op"] == RUN:
                    row["values"] = value
            yield row

    def _table(self, number: int) -> Iterator[Row]:
        shape = self.shapes[number]
        keys = [key for key, _ in shape]
        try:
            columns = [self._cells(number, key, kind) for key, kind in shape]
        except (RecordingError, ValueError, KeyError) as error:
            raise RecordingError(f"{self.where}: {cut(error)}") from None
        for cells in zip(*columns, strict=True):
            yield dict(zip(keys, cells, strict=True))

    def packed(self) -> Packed:
        """Return the whole recording, its rows in memory."""
        return Packed(self.header, self.types, self.start, list(self.rows()), self.values, self.end)


def _unpacked(source: IO[bytes]) -> dict[str, Column]:
    """Read all columns of an archive, once it is known that they are not too many bytes.

    Raises:
        RecordingError: too many bytes, or something that is no column.

    """
    columns = {}
    with zipfile.ZipFile(source) as archive:
        claimed = sum(entry.file_size for entry in archive.infolist())
        if claimed > MOST_BYTES:
            raise RecordingError(f"unpacks to {claimed:,} bytes; the most is {MOST_BYTES:,}")
        for entry in archive.infolist():
            with archive.open(entry) as member:
                column = np.lib.format.read_array(member, allow_pickle=False)
            if column.ndim != 1 or column.dtype.kind not in "iu":
                raise RecordingError(f"{entry.filename}: no row of whole numbers")
            columns[entry.filename.removesuffix(".npy")] = column
    return columns
