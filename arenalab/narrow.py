"""Columns of whole numbers in as few bytes as hold them: of ten millions each byte is ten megabytes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

SIGNED = (np.int8, np.int16, np.int32)  #: for columns that are computed with.
HALF = (np.int32,)  #: for those that are computed with by who may not think of it.
ANY = (np.uint8, np.int8, np.uint16, np.int16, np.uint32, np.int32)  #: for those that are written.


MOST_NARROW = 2**31  #: places that 32 bits can say.


def places_in(order: npt.NDArray[np.intp]) -> npt.NDArray[np.signedinteger[Any]]:
    """Return for each row its place in an order of all rows: int32, or int64 where there are very many."""
    place: npt.NDArray[np.signedinteger[Any]] = np.empty(
        len(order), np.int32 if len(order) < MOST_NARROW else np.int64
    )
    place[order] = np.arange(len(order), dtype=place.dtype)
    return place


def different(column: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return the different numbers of a column, rising; quick where it consists of stretches that rise.

    numpy's own `unique` looks each number up in a table, which takes a microsecond each where there are millions.
    """
    rising = np.sort(column, kind="stable")
    kept: npt.NDArray[Any] = rising[np.append(True, rising[1:] != rising[:-1])[: len(rising)]]
    return kept


def begins_of(columns: Sequence[npt.NDArray[Any]]) -> npt.NDArray[np.bool_]:
    """Return which rows of equally long columns, one at least, differ from the row before; the first one does."""
    begins = np.ones(len(columns[0]), dtype=bool)
    begins[1:] = columns[0][1:] != columns[0][:-1]
    for column in columns[1:]:
        np.logical_or(begins[1:], column[1:] != column[:-1], out=begins[1:])
    return begins


def narrow(column: npt.NDArray[Any], kinds: tuple[type[np.integer[Any]], ...] = ANY) -> npt.NDArray[Any]:
    """Return a column in the first of some types, the narrowest first, that holds all of it; int64 where none does."""
    low, high = int(column.min(initial=0)), int(column.max(initial=0))
    fits = (kind for kind in kinds if np.iinfo(kind).min <= low and high <= np.iinfo(kind).max)
    return column.astype(next(fits, np.int64))


def joined(columns: Sequence[npt.NDArray[Any]]) -> npt.NDArray[Any]:
    """Return columns one after the other; where one has words of 64 bits all do, for numpy's common type rounds them.

    Raises:
        ValueError: a number of another one is negative, and no word.

    """
    if not any(column.dtype == np.uint64 for column in columns):
        return np.concatenate(columns)
    if any(column.min(initial=0) < 0 for column in columns):
        raise ValueError("words of 64 bits beside negative numbers")
    return np.concatenate([column.astype(np.uint64, copy=False) for column in columns])
