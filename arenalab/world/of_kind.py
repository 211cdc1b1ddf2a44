"""Events or operations of one kind: where they are, what they hold in a field; a file's are not made for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from arenalab.codec.archive import Column
from arenalab.codec.records import Stored


def field_of(objects: Sequence[Any], kind: type[Any], name: str, until: int | None = None) -> Column:
    """Return what objects of a kind hold in a field of 64 bits with a sign, in order; those of a file as it says them.

    Args:
        objects: a list, or what a file holds.
        kind: of objects.
        name: of the field.
        until: number of objects of any kind that are looked at; None for all.

    """
    until = len(objects) if until is None else until
    if not isinstance(objects, Stored):
        return np.array([getattr(it, name) for it in objects[:until] if type(it) is kind], dtype=np.int64)
    its, kept = objects.records, min(until, objects.kept)
    cells = its.cells(kind, name)
    stored = (
        cells.numbers[: int(its.before(kept)[its.kinds.index(kind)])]
        if cells
        else np.zeros(0, dtype=np.int64)
    )
    return np.append(stored, field_of(objects.added, kind, name, until - kept)) if until > kept else stored


def has_any(objects: Sequence[Any], kind: type[Any]) -> bool:
    """Return whether any object is of a kind."""
    if not isinstance(objects, Stored):
        return any(type(it) is kind for it in objects)
    its = objects.records
    stored = kind in its.kinds and int(its.before(objects.kept)[its.kinds.index(kind)]) > 0
    return stored or has_any(objects.added, kind)


def latest_first(objects: Sequence[Any], kind: type[Any], until: int) -> Iterator[int]:
    """Yield the places, below `until`, of objects of a kind, the latest first."""
    kept = min(until, objects.kept) if isinstance(objects, Stored) else 0
    yield from (at for at in range(until - 1, kept - 1, -1) if type(objects[at]) is kind)
    if isinstance(objects, Stored):
        yield from stored_places(objects, kind, kept)[::-1].tolist()


def stored_places(objects: Stored[Any], kind: type[Any], until: int | None = None) -> Column:
    """Return the places, rising, of those objects of a kind that a file holds; `until` bounds them."""
    its = objects.records
    if kind not in its.kinds:
        return np.zeros(0, dtype=np.int64)
    return np.flatnonzero(its.order[: objects.kept if until is None else until] == its.kinds.index(kind))
