"""Whose a recording's row is, and the point at which its first part stops."""

from __future__ import annotations

from typing import Any

from arenalab.truth import rows
from arenalab.world.actors import MAIN
from arenalab.world.schedule import POINTS

_EXPECTED = f"one of: {', '.join(POINTS)}"


def goroutine_of(row: dict[str, Any], where: str, key: str = "g") -> int:
    """Return whose row it is, main's where it doesn't say.

    Raises:
        RecordingError: no goroutine's number.

    """
    return rows.integer(row, key, where, low=MAIN) if key in row else MAIN


def until_of(row: dict[str, Any], where: str) -> str:
    """Return the point at which an operation was overtaken, "" for none.

    Raises:
        RecordingError: no such point.

    """
    point = row.get("until", "")
    return str(point) if not point or point in list(POINTS) else rows.refuse(where, "until", point, _EXPECTED)
