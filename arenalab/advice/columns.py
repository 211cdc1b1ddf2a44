"""Columns: a trace's objects as a table for numpy, pandas or Arrow.

Moments become seconds here; nothing else is computed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from arenalab.install import require
from arenalab.intake.deaths import NEVER
from arenalab.intake.lifetimes import Lifetimes
from arenalab.intake.log import TraceLog
from arenalab.intake.objects import Objects
from arenalab.intake.verdict import FATES, Verdict

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

Columns = dict[str, NDArray[Any]]


def begin_of(log: TraceLog) -> int:
    """Return when tracing began, in ticks: the moment of the heap's first event."""
    return int(log.heap.time[0]) if len(log.heap) else 0


def columns_of(log: TraceLog, objects: Objects, lifetimes: Lifetimes, its: Verdict | None) -> Columns:
    """Return the columns that `TraceRun.columns` describes; `its` is the verdict on a kind of scope."""
    time = np.append(log.heap.time, NEVER)
    moments = {
        "birth": np.where(objects.before, -np.inf, _seconds(log, time[objects.birth])),
        "dies_after": _seconds(log, lifetimes.alive),
        "dies_by": _seconds(log, lifetimes.dead),
        "freed": _seconds(log, time[np.minimum(objects.end, len(time) - 1)]),
    }
    wide = {
        name: narrow_.astype(np.int64)
        for name, narrow_ in (
            ("size", objects.size),
            ("type", objects.type),
            ("goroutine", objects.g),
            ("stack", objects.stack),
        )
    }
    marks = {"tiny": objects.tiny, "before": objects.before, "lost": objects.lost}
    columns = {"address": objects.address, "slot": objects.slot} | wide | moments | marks
    return columns if its is None else columns | _scope_columns(len(objects), its)


def _scope_columns(count: int, its: Verdict) -> Columns:
    scope, fate = np.full(count, -1), np.zeros(count, np.int8)
    scope[its.objects], fate[its.objects] = its.of, its.fate
    return {"scope": scope, "fate": fate}


def _seconds(log: TraceLog, ticks: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return moments as seconds since tracing began, infinity for NEVER."""
    return np.where(ticks == NEVER, np.inf, (ticks - begin_of(log)) / max(log.ticks, 1))


def _names(types: list[str], column: str, values: NDArray[Any]) -> tuple[NDArray[Any], list[str]] | None:
    """Return places in a list of names and the list, of a column that stands for names; None for any other."""
    if column == "type":
        names = list(dict.fromkeys(types))
        place = {name: number for number, name in enumerate(names)}
        return np.array([place[name] for name in types])[values], names
    if column == "fate":
        order = sorted(FATES, key=lambda name: FATES[name])
        return values - min(FATES.values()), order
    return None


def _named(
    columns: Columns, types: list[str], made: Callable[[NDArray[Any], list[str]], Any]
) -> dict[str, Any]:
    """Return the columns; of those that stand for names what `made` makes of places and names."""
    named = {name: _names(types, name, values) for name, values in columns.items()}
    return {name: made(*its) if (its := named[name]) else values for name, values in columns.items()}


def frame_of(columns: Columns, types: list[str]) -> pd.DataFrame:
    """Return the columns as a data frame, types and fates by name.

    Raises:
        MissingExtraError: pandas is not installed.

    """
    require("tables", "pandas")
    import pandas as pd  # noqa: PLC0415  # an extra

    return pd.DataFrame(_named(columns, types, pd.Categorical.from_codes))


def table_of(columns: Columns, types: list[str]) -> pa.Table:
    """Return the columns as an Arrow table, types and fates by name.

    Raises:
        MissingExtraError: pyarrow is not installed.

    """
    require("tables", "pyarrow")
    import pyarrow as pa  # noqa: PLC0415  # an extra

    def dictionary(places: NDArray[Any], names: list[str]) -> pa.Array:
        return pa.DictionaryArray.from_arrays(pa.array(places.astype(np.int32)), names)

    return pa.table(_named(columns, types, dictionary))
