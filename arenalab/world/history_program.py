"""What a saved history keeps of the program that it is about: the lines that asked for operations, Go's own counters.

A row of its own, after the header: `{"program": {"sites": [[function, file, line], …], "of_op": […], "real": {…}}}`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from arenalab.errors import ArgumentError, HistoryError
from arenalab.world.sites import NOWHERE, Site, Sites
from arenalab.world.timeline import Timeline


def program_row(history: Timeline) -> dict[str, Any] | None:
    """Return the row, None where nothing of this was recorded; files are named from the root on where that is known."""
    told: dict[str, Any] = {}
    if (sites := history.sites) is not None:
        files = [site.file if sites.folder is None else str(sites.folder / site.file) for site in sites.known]
        told["sites"] = [[it.function, file, it.line] for it, file in zip(sites.known, files, strict=True)]
        told["of_op"] = sites.of_op.tolist()
    if history.real:
        told["real"] = {name: column.tolist() for name, column in history.real.items()}
    return {"program": told} if told else None


def take_program(history: Timeline, given: Any, where: str) -> None:
    """Put what such a row says into a history.

    Raises:
        HistoryError: it holds something else.

    """
    if not isinstance(given, dict):
        raise _refused(where, "program", given, "an object")
    if "sites" in given:
        known = [_site(row, where) for row in _list(given, "sites", where)]
        numbers = _numbers(given.get("of_op"), "of_op", where, NOWHERE, len(known) - 1)
        history.sites = Sites(known, np.array(numbers, dtype=np.int32))
    real = given.get("real", {})
    if not isinstance(real, dict):
        raise _refused(where, "program.real", real, "an object")
    columns = {name: _numbers(column, name, where, -1, 2**63 - 1) for name, column in real.items()}
    if columns and ("op" not in columns or len({len(column) for column in columns.values()}) > 1):
        raise _refused(where, "program.real", real, "columns as long as its column 'op'")
    history.real = {name: np.array(column, dtype=np.int64) for name, column in columns.items()}


def _refused(where: str, key: str, given: Any, expected: str) -> HistoryError:
    return HistoryError(f"{where}: {ArgumentError(key, given, expected)}")


def _list(row: dict[str, Any], key: str, where: str) -> list[Any]:
    given = row[key]
    if not isinstance(given, list):
        raise _refused(where, f"program.{key}", given, "a list")
    return given


def _site(row: Any, where: str) -> Site:
    if (site := Site.of_row(row)) is not None:
        return site
    raise _refused(where, "program.sites", row, "[function, file, line]")


def _numbers(given: Any, key: str, where: str, low: int, high: int) -> list[int]:
    if not isinstance(given, list) or any(type(n) is not int or not low <= n <= high for n in given):
        raise _refused(where, f"program.{key}", given, f"a list of whole numbers from {low:,} to {high:,}")
    return given
