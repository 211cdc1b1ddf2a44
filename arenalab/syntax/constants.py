"""The constant arithmetic of array lengths: exact, and small enough never to hurt.

Go: constant expressions of the language specification, whole numbers only.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from arenalab.errors import TypeTextError

_MAX_BITS = 512  # Go's compiler refuses larger constants
_MAX_DIGITS = 160
_MAX_LENGTH = 2**63 - 1  # a length must fit an int


class Number(NamedTuple):
    """A constant and where it is written."""

    value: int
    line: int
    column: int


def integer(text: str, line: int, column: int) -> Number:
    """Read a whole number as Go writes it: 12, 0x1f, 0b11, 0o17, 017, 1_000_000."""
    digits = text.replace("_", "").lower()
    if len(digits) > _MAX_DIGITS:
        raise TypeTextError("excessively long constant", line, column)
    if len(digits) > 1 and digits[0] == "0" and digits[1].isdecimal():  # 017, the old way to write octal
        if not set(digits) <= set("01234567"):
            raise TypeTextError(f"invalid digit in octal literal {text}", line, column)
        return Number(int(digits, 8), line, column)
    return _bounded(int(digits, 0), line, column)


def decimal(text: str, line: int, column: int) -> Number:
    """Read a number with a point or an exponent; it must be whole, as in 1e6."""
    _, _, exponent = text.lower().partition("e")
    if len(text) > _MAX_DIGITS or abs(int(exponent or 0)) > _MAX_DIGITS:
        raise TypeTextError("excessively long constant", line, column)
    value = Fraction(text)
    if value.denominator != 1:
        raise TypeTextError(f"array length {text} (untyped float constant) must be integer", line, column)
    return _bounded(value.numerator, line, column)


def binary(left: Number, operator: str, right: Number) -> Number:
    """Compute `left operator right`, truncating quotients toward zero as Go does."""
    one, other = left.value, right.value
    if operator in ("/", "%") and other == 0:
        raise TypeTextError("invalid operation: division by zero", right.line, right.column)
    if operator in ("<<", ">>"):
        return _bounded(_shift(one, operator, right), left.line, left.column)
    quotient = abs(one) // abs(other) * (1 if one * other >= 0 else -1) if other else 0
    values = {
        "+": one + other,
        "-": one - other,
        "*": one * other,
        "/": quotient,
        "%": one - quotient * other,
    }
    return _bounded(values[operator], left.line, left.column)


def _shift(value: int, operator: str, count: Number) -> int:
    """Shift by a bounded count."""
    if not 0 <= count.value < _MAX_BITS * 2:
        raise TypeTextError(f"invalid shift count {count.value}", count.line, count.column)
    power = int(2**count.value)
    return value * power if operator == "<<" else value // power


def array_length(number: Number) -> int:
    """Return a length that an array may have; refuse others with Go's reason."""
    if not 0 <= number.value <= _MAX_LENGTH:
        reason = f"invalid array length {number.value} (untyped int constant)"
        raise TypeTextError(reason, number.line, number.column)
    return number.value


def _bounded(value: int, line: int, column: int) -> Number:
    if value.bit_length() > _MAX_BITS:
        raise TypeTextError("constant overflow", line, column)
    return Number(value, line, column)
