"""The constant arithmetic of array lengths: exact, and small enough never to hurt.

Go: constant expressions of the language specification, whole numbers only.
"""

from __future__ import annotations

from fractions import Fraction

from arenalab.errors import TypeTextError

_MAX_BITS = 512  # Go's compiler refuses larger constants
_MAX_DIGITS = 160
_MAX_LENGTH = 2**63 - 1  # a length must fit an int


def integer(text: str, line: int, column: int) -> int:
    """Read a whole number as Go writes it: 12, 0x1f, 0b11, 0o17, 017, 1_000_000."""
    digits = text.replace("_", "").lower()
    if len(digits) > _MAX_DIGITS:
        raise TypeTextError("excessively long constant", line, column)
    if len(digits) > 1 and digits[0] == "0" and digits[1].isdecimal():  # 017, the old way to write octal
        if not set(digits) <= set("01234567"):
            raise TypeTextError(f"invalid digit in octal literal {text}", line, column)
        return int(digits, 8)
    return _bounded(int(digits, 0), line, column)


def decimal(text: str, line: int, column: int) -> int:
    """Read a number with a point or an exponent; it must be whole, as in 1e6."""
    _, _, exponent = text.lower().partition("e")
    if len(text) > _MAX_DIGITS or abs(int(exponent or 0)) > _MAX_DIGITS:
        raise TypeTextError("excessively long constant", line, column)
    value = Fraction(text)
    if value.denominator != 1:
        raise TypeTextError(f"array length {text} (untyped float constant) must be integer", line, column)
    return _bounded(value.numerator, line, column)


def binary(left: int, operator: str, right: int, line: int, column: int) -> int:
    """Compute `left operator right`, truncating quotients toward zero as Go does."""
    if operator in ("/", "%") and right == 0:
        raise TypeTextError("invalid operation: division by zero", line, column)
    if operator in ("<<", ">>"):
        return _bounded(_shift(left, operator, right, line, column), line, column)
    quotient = abs(left) // abs(right) * (1 if left * right >= 0 else -1) if right else 0
    values = {
        "+": left + right,
        "-": left - right,
        "*": left * right,
        "/": quotient,
        "%": left - quotient * right,
    }
    return _bounded(values[operator], line, column)


def _shift(left: int, operator: str, right: int, line: int, column: int) -> int:
    """Shift by a bounded count."""
    if not 0 <= right < _MAX_BITS * 2:
        raise TypeTextError(f"invalid shift count {right}", line, column)
    power = int(2**right)
    return left * power if operator == "<<" else left // power


def array_length(value: int, line: int, column: int) -> int:
    """Return a length that an array may have; refuse others with Go's reason."""
    if not 0 <= value <= _MAX_LENGTH:
        raise TypeTextError(f"invalid array length {value} (untyped int constant)", line, column)
    return value


def _bounded(value: int, line: int, column: int) -> int:
    if value.bit_length() > _MAX_BITS:
        raise TypeTextError("constant overflow", line, column)
    return value
