"""How rows hold objects: a key for each field, read and written by the description of what the field may hold."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Generic, NamedTuple, TypeVar

from arenalab.codec.kinds import Kind, Number, Types
from arenalab.errors import ArgumentError, ScenarioError, listed, shown

T = TypeVar("T")


class Cell(NamedTuple):
    """One field of an object in a row."""

    key: str  #: in the row.
    name: str  #: of the field.
    kind: Kind
    needed: bool = True  #: a row without it is refused; else the field has its default then.


class Form(Generic[T]):
    """The rows that hold objects of one class."""

    def __init__(self, what: str, made: type[T], cells: Iterable[Cell], *, checked: bool) -> None:
        """Describe rows by their cells.

        Args:
            what: the row's own name of such an object, for errors.
            made: its class.
            cells: its fields, those without a default first.
            checked: whether the class looks at what it is given; then only what a row holds otherwise is read here.

        """
        self.what, self.made, self.cells = what, made, tuple(cells)
        self.keys = frozenset(cell.key for cell in self.cells)
        self.needed = frozenset(cell.key for cell in self.cells if cell.needed)
        #: (key, field, exact type, range, kind): a value of that type in that range is read as it is.
        self._read = [
            (key, name, kind.exact, kind.within, None if checked and not kind.converts else kind)
            for key, name, kind, _ in self.cells
        ]

    def read(self, row: Mapping[str, Any], types: Types, beside: Collection[str] | None = None) -> T:
        """Return the object in a row.

        Args:
            row: keys and what they hold.
            types: those that it may name.
            beside: keys that it may have besides; None for any.

        Raises:
            ScenarioError: a key is missing or unknown, or holds what it may not.

        """
        if beside is not None or not self.needed <= row.keys():
            self.check_keys(row, row.keys() if beside is None else beside)
        values: dict[str, Any] = {}
        try:
            for key, name, exact, within, kind in self._read:
                if key in row:
                    value = row[key]
                    if kind is not None and (
                        type(value) is not exact or (within is not None and value not in within)
                    ):
                        value = kind.read(key, value, types)
                    values[name] = value
            return self.made(**values)
        except ArgumentError as error:
            raise self._error(error) from None

    def check_keys(self, row: Mapping[str, Any], beside: Collection[str]) -> None:
        """Hold a row's keys against those there are.

        Raises:
            ScenarioError: one is missing, or is neither the object's nor `beside` it.

        """
        for key in row:
            if key not in self.keys and key not in beside:
                there = listed([*beside, *(cell.key for cell in self.cells)], key)
                raise ScenarioError(f"{self.what}: unknown key {shown(key)}; expected one of: {there}")
        for cell in self.cells:
            if cell.needed and cell.key not in row:
                there = ", ".join(each.key for each in self.cells)
                raise ScenarioError(f"{self.what}: {cell.key} is missing; its keys are {there}")

    def check(self, row: Mapping[str, Any], types: Types) -> None:
        """Check the values of a row's keys.

        Raises:
            ArgumentError: one holds something else.

        """
        try:
            for key, _, kind, _ in self.cells:
                if key in row:
                    kind.read(key, row[key], types)
        except ArgumentError as error:
            raise self._error(error) from None

    def write(self, thing: T, number: Number) -> dict[str, Any]:
        """Return an object as a row; `number` is a type's number in the file."""
        return {key: kind.written(getattr(thing, name), number) for key, name, kind, _ in self.cells}

    def _error(self, error: ArgumentError) -> ArgumentError:
        """Return an error that calls a field as the row does."""
        field = error.name.rpartition(".")[2]
        key = next((cell.key for cell in self.cells if cell.name == field), field)
        return ArgumentError(f"{self.what}.{key}", error.given, error.expected)
