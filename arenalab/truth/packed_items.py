"""The items of a recording: one made of each row; of a file of columns, when somebody asks for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from arenalab.errors import RecordingError, ScenarioError
from arenalab.go.types import GoType
from arenalab.truth import rows
from arenalab.truth.items import GoesOn, Item, Step, ValueRun, single_row
from arenalab.truth.op_rows import goroutine_of, until_of
from arenalab.truth.packed import GO_ON, RUN, Row
from arenalab.truth.packed_file import PackedFile
from arenalab.truth.packed_json import values_in
from arenalab.world.forms import asked_form, kind_named


def read_item(row: Row, index: int, where: str, line: int, types: list[GoType]) -> Step | ValueRun:
    """Return the operation, or the run of values, that a row of JSON tells.

    Raises:
        RecordingError: an operation that is not known, or arguments that it can't have.

    """
    goroutine = goroutine_of(row, where)
    if row["op"] == RUN:
        arena, chunk = (rows.integer(row, key, where, high=rows.MAX_ID) for key in ("arena", "chunk"))
        base, values = rows.address(row, "base", where), values_in(row, where, len(types))
        return ValueRun(line, index, goroutine, arena, chunk, base, types, values)
    try:
        op = asked_form(kind_named(row["op"])).read(row, types)
    except ScenarioError as error:
        raise RecordingError(f"{where}: {error}") from None
    return Step(line, index, op, row, goroutine, until_of(row, where))


class PackedItems(Sequence[Item]):
    """The rows of a file of columns, each read when somebody asks for it; a line is a row's number, from 1."""

    def __init__(self, file: PackedFile, types: list[GoType], *, partial: bool) -> None:
        """Know the file, and the types that its rows name.

        Raises:
            RecordingError: not a recording of a person's program, which alone is written so.

        """
        if not partial:
            raise RecordingError(
                f"{file.where}: columns hold recordings of programs only ('observed': 'partial')"
            )
        self.file, self.types = file, types

    @property
    def op_count(self) -> int:
        """Return how many operations the rows stand for."""
        return int(self.file.rows_ops.sum())

    @property
    def several(self) -> bool:
        """Whether more than main's goroutine acts."""
        return any(key in ("g", GO_ON) for shape in self.file.shapes for key, _ in shape)

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(self.file.order)

    def __iter__(self) -> Iterator[Item]:
        """Walk through all items."""
        for line, row in enumerate(self.file.rows(), 1):
            yield self._item(line, row)

    def __getitem__(self, number: Any) -> Any:
        """Return an item, or those of a slice as a list; a walk from the first one on."""
        if isinstance(number, slice):
            wanted = range(len(self))[number]
            items = list(islice(self, max(wanted, default=-1) + 1))
            return [items[at] for at in wanted]
        return next(islice(iter(self), range(len(self))[number], None))

    def _item(self, line: int, row: Row) -> Item:
        where = f"{self.file.where}:{line}"
        if GO_ON in row:
            return GoesOn(line, goroutine_of(row, where, GO_ON), until_of(row, where))
        if row["op"] != RUN:
            return read_item(row, row["i"], where, line, self.types)
        values = self.file.values.rows(slice(row["values"], row["values"] + row["n"]))
        for key in ("arena", "chunk", "base"):
            rows.integer(row, key, where)
        if row["n"] == 1:
            return read_item(single_row(row, values, 0), row["i"], where, line, self.types)
        goroutine = goroutine_of(row, where)
        return ValueRun(
            line, row["i"], goroutine, row["arena"], row["chunk"], row["base"], self.types, values
        )
