"""View: what one picture shows, as columns of equal length.

Rules:
1. A view holds numbers and Go's words; colours, pixels and widgets belong to the floors above.
2. A view never changes; two views of one moment are equal.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

Column = npt.NDArray[Any]

TEXT_ROWS = 24  #: a text twin shows this many rows and counts the rest.
#: Columns that say who did something and where the program asked for it: left out of a table where they are empty.
ABOUT_WHOM = ("by", "swept_by", "site", "made")
LONGEST_TEXT = 120  #: characters of a type expression that a picture needs; types may be 100,000 long.


@dataclass(frozen=True, eq=False)
class View:
    """Equal-length numpy columns; subclasses add the fields.

    Raises:
        ValueError: the columns differ in length.

    """

    def __post_init__(self) -> None:
        """Hold the columns against the law."""
        lengths = {name: len(column) for name, column in self.columns().items()}
        if len(set(lengths.values())) > 1:
            raise ValueError(f"{type(self).__name__}: columns of different lengths: {lengths}")

    def columns(self) -> dict[str, Column]:
        """Return name -> column, in the order of the fields."""
        return {f.name: getattr(self, f.name) for f in fields(self)}

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(getattr(self, fields(self)[0].name)) if fields(self) else 0

    def __eq__(self, other: object) -> bool:
        """Compare kind and all columns."""
        if type(other) is not type(self):
            return NotImplemented
        mine, theirs = self.columns(), other.columns()
        return all(np.array_equal(mine[name], theirs[name]) for name in mine)

    __hash__ = None  # type: ignore[assignment]  # arrays have no hash

    def text(self) -> str:
        """Return the rows as a table for terminals and tests; long ones are cut and counted."""
        return listing(self.columns())


def listing(columns: dict[str, Column]) -> str:
    """Write equal-length columns as a table; long ones are cut and counted."""
    columns = {name: column for name, column in columns.items() if name not in ABOUT_WHOM or any(column)}
    cells = {name: [str(x) for x in column[:TEXT_ROWS]] for name, column in columns.items()}
    widths = {name: max([len(name), *map(len, column)]) for name, column in cells.items()}
    head = "  ".join(name.rjust(width) for name, width in widths.items())
    body = [
        "  ".join(text.rjust(widths[name]) for name, text in zip(cells, row, strict=True))
        for row in zip(*cells.values(), strict=True)
    ]
    rows = len(next(iter(columns.values()), ()))
    rest = [f"… {rows - TEXT_ROWS} more"] if rows > TEXT_ROWS else []
    return "\n".join([head, *body, *rest])


def brief(text: str, longest: int = LONGEST_TEXT) -> str:
    """Cut a text to `longest` characters, with an ellipsis when something was cut."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def text_column(values: list[str]) -> Column:
    """Return a column of texts."""
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column
