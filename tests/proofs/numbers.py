"""Numbers that a solver fills in: the operators of Python, over bit vectors.

A function that is made of operators takes them as it takes ints and columns, so what is proved is the code that
runs. Four kinds of arithmetic: `uintptr` wraps at 64 bits and compares without a sign, as Go does; `int64` wraps and
compares with one, as numpy does; `whole` is wider than any result here, so it never wraps, as Python's ints;
`integer` has no bits at all: products and quotients of two unknowns are out of reach for the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partialmethod
from typing import Any

import z3

WIDE = 144  #: bits of `whole`: two words one above the other, and more.


@dataclass(frozen=True)
class Arithmetic:
    """How wide numbers are, and whether the highest bit is a sign."""

    bits: int
    signed: bool

    def of(self, name: str) -> Number:
        """Return a number of 64 bits that the solver chooses, without a sign: it means the same in each arithmetic."""
        word = z3.BitVec(name, 64)
        return Number(z3.ZeroExt(self.bits - 64, word) if self.bits > 64 else word, self)

    def __call__(self, value: int) -> Number:
        """Return a number that is given."""
        return Number(self.constant(value), self)

    def constant(self, value: int) -> Any:
        """Return a number that is given, for the solver."""
        return z3.BitVecVal(value, self.bits)

    def quotient(self, one: Any, other: Any) -> Any:
        """Return a quotient; only numbers of 0 and more are divided here, and by more than 0."""
        return z3.UDiv(one, other)


class Integers(Arithmetic):
    """Numbers of any size, without bits."""

    def of(self, name: str) -> Number:
        """Return a number that the solver chooses."""
        return Number(z3.Int(name), self)

    def constant(self, value: int) -> Any:
        """Return a number that is given, for the solver."""
        return z3.IntVal(value)

    def quotient(self, one: Any, other: Any) -> Any:
        """Return a quotient, rounded down."""
        return one / other


uintptr, int64, whole = (
    Arithmetic(64, signed=False),
    Arithmetic(64, signed=True),
    Arithmetic(WIDE, signed=True),
)
integer = Integers(0, signed=True)


class Number:
    """A number of one arithmetic."""

    __hash__ = None  # type: ignore[assignment]  # == is a statement about numbers, not about objects

    def __init__(self, expr: Any, kind: Arithmetic) -> None:
        """Wrap a bit vector."""
        self.expr, self.kind = expr, kind

    def _other(self, other: Any) -> Any:
        return other.expr if isinstance(other, Number) else self.kind.constant(int(other))

    def _made(self, do: Callable[[Any, Any], Any], other: Any) -> Number:
        return Number(do(self.expr, self._other(other)), self.kind)

    def _turned(self, do: Callable[[Any, Any], Any], other: Any) -> Number:
        return Number(do(self._other(other), self.expr), self.kind)

    def _said(self, signed: Callable[..., Any], unsigned: Callable[..., Any], other: Any) -> Truth:
        return Truth((signed if self.kind.signed else unsigned)(self.expr, self._other(other)))

    def __floordiv__(self, other: Any) -> Number:
        return self._made(self.kind.quotient, other)

    def __rfloordiv__(self, other: Any) -> Number:
        return self._turned(self.kind.quotient, other)

    def __mod__(self, other: Any) -> Number:
        return self._made(z3.URem, other)

    def __divmod__(self, other: Any) -> tuple[Number, Number]:
        return self // other, self % other

    def __invert__(self) -> Number:
        return Number(~self.expr, self.kind)

    def __neg__(self) -> Number:
        return Number(-self.expr, self.kind)

    __add__ = partialmethod(_made, lambda a, b: a + b)
    __radd__ = partialmethod(_turned, lambda a, b: a + b)
    __sub__ = partialmethod(_made, lambda a, b: a - b)
    __rsub__ = partialmethod(_turned, lambda a, b: a - b)
    __mul__ = partialmethod(_made, lambda a, b: a * b)
    __rmul__ = partialmethod(_turned, lambda a, b: a * b)
    __and__ = partialmethod(_made, lambda a, b: a & b)
    __rand__ = partialmethod(_turned, lambda a, b: a & b)
    __or__ = partialmethod(_made, lambda a, b: a | b)
    __ror__ = partialmethod(_turned, lambda a, b: a | b)
    __xor__ = partialmethod(_made, lambda a, b: a ^ b)
    __rxor__ = partialmethod(_turned, lambda a, b: a ^ b)
    __lshift__ = partialmethod(_made, lambda a, b: a << b)
    __rlshift__ = partialmethod(_turned, lambda a, b: a << b)
    __rshift__ = partialmethod(_made, z3.LShR)
    __eq__ = partialmethod(_said, lambda a, b: a == b, lambda a, b: a == b)  # type: ignore[assignment]
    __ne__ = partialmethod(_said, lambda a, b: a != b, lambda a, b: a != b)  # type: ignore[assignment]
    __lt__ = partialmethod(_said, lambda a, b: a < b, z3.ULT)
    __le__ = partialmethod(_said, lambda a, b: a <= b, z3.ULE)
    __gt__ = partialmethod(_said, lambda a, b: a > b, z3.UGT)
    __ge__ = partialmethod(_said, lambda a, b: a >= b, z3.UGE)


class Truth:
    """Whether something holds: true, false, or as the solver's numbers have it.

    Code that branches on it runs once for each answer: `paths`.
    """

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, expr: Any) -> None:
        """Wrap a statement."""
        self.expr = expr

    def __bool__(self) -> bool:
        """Take a way, as the present run of `paths` has it."""
        return _Way.present.turn(self.expr)

    def __eq__(self, other: object) -> Truth:  # type: ignore[override]
        return Truth(self.expr == truth(other))

    def __and__(self, other: object) -> Truth:
        return Truth(z3.And(self.expr, truth(other)))


def truth(it: Any) -> Any:
    """Return a statement for the solver."""
    return it.expr if isinstance(it, Truth) else z3.BoolVal(bool(it))


class _Way:
    """One run of a function: which way it took at each branch."""

    present: _Way

    def __init__(self, turns: list[bool]) -> None:
        self.turns, self.taken, self.met = turns, 0, []  # type: ignore[var-annotated]

    def turn(self, statement: Any) -> bool:
        if self.taken == len(self.turns):
            self.turns.append(True)
        way = self.turns[self.taken]
        self.taken += 1
        self.met.append(statement if way else z3.Not(statement))
        return way


def paths(run: Callable[[], Any], given: Iterable[Truth] = ()) -> list[tuple[Truth, Any]]:
    """Run code along each branch that what is given allows; return (when it goes so, what it returns) of each."""
    ways: list[tuple[Truth, Any]] = []
    turns: list[bool] = []
    while True:
        _Way.present = way = _Way(turns)
        result, solver = run(), z3.Solver()
        solver.add(*way.met, *(it.expr for it in given))
        if solver.check() != z3.unsat:
            ways.append((Truth(z3.And(*way.met)), result))
        while turns and not turns[-1]:
            turns.pop()
        if not turns:
            return ways
        turns[-1] = False
