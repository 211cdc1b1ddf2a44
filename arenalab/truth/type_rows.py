"""Type rows of a recording: the declarations among them, and the mask where a row leaves it out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from arenalab.errors import ArenaLabError, RecordingError, shown
from arenalab.syntax import type_of

Row = Mapping[str, Any]


def declarations(given: Iterable[Row]) -> str:
    """Return the named types of a scenario's recording as Go declarations: its expressions may use them."""
    named = [row for row in given if isinstance(row.get("name"), str) and row["name"].isidentifier()]
    return "\n".join(f"type {row['name']} {row['expr']}" for row in named)


def with_mask(row: Row, given: Iterable[Row]) -> Row:
    """Return a row whose mask can be read: a large one is left out, and follows from the expression.

    A mask's bits are the same in every Go, and the newest, by which the type is laid out here, rounds none up: what
    describes the type is left to the row. `given` are the rows before it, whose names its expression may use. What
    the row says of its mask otherwise stays to be compared.

    Raises:
        RecordingError: the expression can't be read here, or makes a mask of another length.

    """
    said = row.get("ptrmask")
    if not isinstance(said, Mapping) or "hex" in said or row.get("gcprog") is not False:
        return row
    try:
        made = type_of(row.get("expr"), declarations(given))  # type: ignore[arg-type]  # anything but a text is refused
    except ArenaLabError as trouble:
        raise RecordingError(
            f"its mask is left out, and its expression can't be read instead: {trouble}"
        ) from None
    if made.mask.n != said.get("n"):
        raise RecordingError(
            f"its mask of {shown(said.get('n'))} words is left out, and its expression makes a mask of "
            f"{made.mask.n} words instead"
        )
    return {**row, "ptrmask": made.to_row()["ptrmask"]}
