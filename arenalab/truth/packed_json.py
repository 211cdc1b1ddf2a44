"""Packed recordings as rows of JSON, and such rows' runs as columns again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import IO, Any

import numpy as np

from arenalab.truth import rows
from arenalab.truth.items import single_row
from arenalab.truth.packed import NO_SITE, RUN, SINGLE, Column, Packed, Row, Values

MOST_OFFSET = 2**32 - 1


def json_rows(packed: Packed) -> Iterator[Row]:
    """Return the rows of a file of JSON lines, in order."""
    yield packed.header
    yield from packed.types
    yield {"start": packed.start}
    for row in packed.rows:
        yield _run(packed, row) if row.get("op") == RUN else row
    yield packed.end


def write_lines(packed: Packed, out: IO[bytes]) -> None:
    """Write a recording as lines of JSON."""
    for row in json_rows(packed):
        out.write(json.dumps(row, separators=(",", ":")).encode() + b"\n")


def _run(packed: Packed, row: Row) -> Row:
    """Return a run as JSON has it: its values in lists, one that stands alone as `new` or `slice`."""
    values = packed.values_of(row)
    if row["n"] == 1:
        return single_row(row, values, 0)
    types, caps, offsets, sites = (column.tolist() for column in values)
    lists = {"type": types, "cap": caps, "site": sites}
    told = {key: _shortened(column) for key, column in lists.items() if set(column) - {NO_SITE}}
    who = {"g": row["g"]} if "g" in row else {}
    return {"i": row["i"], "op": RUN, "arena": row["arena"], "n": row["n"], "chunk": row["chunk"],
            "base": hex(row["base"]), "off": offsets} | told | who  # fmt: skip


def _shortened(column: list[int]) -> list[int] | int:
    """Return one number for a column of equal ones."""
    return column[0] if len(set(column)) == 1 else column


def values_in(row: Row, where: str, types: int) -> Values:
    """Return the values of a run's row, of which there are `types` types.

    Raises:
        RecordingError: lists that are not as long as the run, or numbers that make no sense.

    """
    count = rows.integer(row, "n", where, low=1)
    offsets = _column(row, "off", where, count, low=0, high=MOST_OFFSET, listed=True)
    kinds = _column(row, "type", where, count, low=0, high=types - 1)
    caps = _column(row, "cap", where, count, low=SINGLE, high=rows.MAX_INT, default=SINGLE)
    sites = (
        _column(row, "site", where, count, low=NO_SITE, high=rows.MAX_ID) if "site" in row else offsets[:0]
    )
    return Values(kinds, caps, offsets, sites)


def _column(
    row: Row, key: str, where: str, count: int, *, low: int, high: int, listed: bool = False, default: int = 0
) -> Column:
    """Return a list of numbers, or one number for all, as a column."""
    given: Any = row.get(key, default) if default else rows.present(row, key, where)
    numbers = [given] if type(given) is int and not listed else rows.integers({key: given}, key, where)
    if any(not low <= number <= high for number in numbers):
        rows.refuse(where, key, given, f"whole numbers from {low:,} to {high:,}")
    if len(numbers) not in {count, 1 if type(given) is int else count}:
        rows.refuse(where, key, given, f"as many numbers as the run has values, {count:,}")
    return np.array(numbers, dtype=np.int64).repeat(count // len(numbers))
