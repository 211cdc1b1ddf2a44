"""What a field may hold: one description, by which it is checked where it is made, and read from files and written."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from arenalab.asked import as_int
from arenalab.errors import ArgumentError, listed
from arenalab.go.types import GoType

#: The types that a row may name: by number those above it, by name those of a scenario.
Types = Sequence[GoType] | Mapping[str, Any]
Number = Callable[[GoType], int]


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """One kind of field: its exact type, its range, and how both read in an error."""

    exact: type
    within: Container[Any] | None  #: None: every value of the type.
    expected: str
    optional: bool = False  #: whether None is a value as well.

    #: Whether a row holds something else than the field does.
    converts = False

    def taken(self, name: str, value: Any) -> Any:
        """Return a value that isn't plainly of this kind as one: numpy's integers become int.

        Raises:
            ArgumentError: it is not of this kind.

        """
        if value is None and self.optional:
            return None
        plain = self.plain(value)
        if type(plain) is not self.exact or (self.within is not None and plain not in self.within):
            raise ArgumentError(name, value, self.expected, _hint(self, value))
        return plain

    def read(self, name: str, value: Any, types: Types) -> Any:  # noqa: ARG002  # for kinds that name types
        """Return what a row holds as the field's value.

        Raises:
            ArgumentError: it is not of this kind.

        """
        if type(value) is self.exact and (self.within is None or value in self.within):
            return value
        return self.taken(name, value)

    def written(self, value: Any, number: Number) -> Any:  # noqa: ARG002  # for kinds that name types
        """Return the field's value as a row holds it; `number` is a type's number in the file."""
        return value

    def plain(self, value: Any) -> Any:
        """Return an integer of any library as int, numpy's truth value as bool, the rest as it is."""
        if self.exact is bool:
            return bool(value) if type(value).__name__ == "bool" and hasattr(value, "dtype") else value
        number = as_int(value) if self.exact is int else None
        return value if number is None else number


def _hint(kind: Kind, value: Any) -> str:
    """Return what was meant by the handle of a Lab where its number is due, "" for anything else."""
    number = (
        getattr(value, "number", None) if kind.exact is int and hasattr(type(value), "elsewhere") else None
    )
    return "" if number is None else f"did you mean its number, {number}?"


class OneType(Kind):
    """A Go type; a row holds its number, or its name."""

    __slots__ = ()
    converts = True

    def read(self, name: str, value: Any, types: Types) -> Any:
        """Return the type of that number or name."""
        if isinstance(types, Mapping):
            if isinstance(value, str) and value in types:
                return types[value]
            raise ArgumentError(name, value, f"one of [types]: {listed(types, value)}")
        if type(value) is int and 0 <= value < len(types):
            return types[value]
        raise ArgumentError(
            name, value, f"the number of a type row above it, of which there are {len(types)}"
        )

    def written(self, value: Any, number: Number) -> Any:
        """Return the type's number."""
        return number(value)


class Column(Kind):
    """Numbers as bytes; a row holds them in hex."""

    __slots__ = ()
    converts = True

    def read(self, name: str, value: Any, types: Types) -> Any:  # noqa: ARG002  # as in Kind
        """Return the bytes."""
        try:
            return bytes.fromhex(value)
        except (TypeError, ValueError):
            raise ArgumentError(name, value, self.expected) from None

    def written(self, value: Any, number: Number) -> Any:  # noqa: ARG002  # as in Kind
        """Return them in hex."""
        return value.hex()


class Numbers(Kind):
    """Any number of integers, in order; a list becomes a tuple."""

    __slots__ = ()
    converts = True

    def plain(self, value: Any) -> Any:
        """Return a list as a tuple, its integers as int."""
        return tuple(map(_ANY.plain, value)) if type(value) in (tuple, list) else value


@dataclass(frozen=True, slots=True, eq=False)
class Several(Kind):
    """Any number of one kind, in order; a row holds a list."""

    one: Kind = None  # type: ignore[assignment]  # always given
    converts = True

    def read(self, name: str, value: Any, types: Types) -> Any:
        """Return them in a tuple."""
        if not isinstance(value, list | tuple):
            raise ArgumentError(name, value, self.expected)
        return tuple(self.one.read(name, each, types) for each in value)

    def written(self, value: Any, number: Number) -> Any:
        """Return them in a list."""
        return [self.one.written(each, number) for each in value]


class Naturals(Container[tuple[int, ...]]):
    """Tuples of whole numbers from 0 on."""

    def __contains__(self, values: object) -> bool:
        """Return whether it is one."""
        return isinstance(values, tuple) and all(type(each) is int and 0 <= each < 2**63 for each in values)


class Texts(Container[str]):
    """Texts of so many characters."""

    def __init__(self, least: int = 0, most: int = 2**63) -> None:
        """Take those from `least` to `most` characters long."""
        self._lengths = range(least, most + 1)

    def __contains__(self, text: object) -> bool:
        """Return whether it is one."""
        return isinstance(text, str) and len(text) in self._lengths


_ANY = Kind(int, None, "")
