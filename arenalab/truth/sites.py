"""The lines of a program that asked for its operations, as far as its recording tells them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from arenalab.truth import rows
from arenalab.truth.items import Item, Step, ValueRun
from arenalab.truth.packed import NO_SITE
from arenalab.truth.recording import Recording
from arenalab.world.sites import NOWHERE, Site, Sites

MOST_SITES = 1_000_000


def sites_of(recording: Recording) -> Sites | None:
    """Return the sites of a recording's operations; None where it has none. Relative files count from its folder on.

    Raises:
        RecordingError: the header's list holds something else, or a row names a place that it doesn't have.

    """
    given = recording.header.get("sites")
    if not given:
        return None
    if not isinstance(given, list) or len(given) > MOST_SITES:
        rows.refuse(f"{recording.path}:1", "sites", given, f"a list of at most {MOST_SITES:,} lines")
    known = [_site(row, f"{recording.path}:1") for row in given]
    numbers = [column for item in recording.items for column in _numbers(item, len(known), recording.path)]
    whole = np.concatenate(numbers) if numbers else np.zeros(0, dtype=np.int32)
    return Sites(known, whole, Path(recording.path).parent)


def _numbers(item: Item, known: int, path: str) -> Iterator[npt.NDArray[np.int32]]:
    """Yield the places of an item's operations."""
    if isinstance(item, Step):
        yield np.array([_number(item.seen.get("site"), known, path, item.line)], dtype=np.int32)
    elif isinstance(item, ValueRun):
        sites = item.values.sites
        for wrong in sites[np.logical_or(sites < NO_SITE, sites >= known)][:1].tolist():
            _number(wrong, known, path, item.line)
        column = np.where(sites == NO_SITE, NOWHERE, sites) if len(sites) else np.full(len(item), NOWHERE)
        yield column.astype(np.int32)


def _site(row: Any, where: str) -> Site:
    site = Site.of_row(row)
    return rows.refuse(where, "sites", row, "[function, file, line]") if site is None else site


def _number(given: Any, known: int, path: str, line: int) -> int:
    if given is None:
        return NOWHERE
    if type(given) is not int or not 0 <= given < known:
        rows.refuse(f"{path}:{line}", "site", given, f"the number of one of the header's {known:,} sites")
    return given
