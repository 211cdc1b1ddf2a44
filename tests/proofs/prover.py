"""Proves a statement for all inputs, or says for which numbers it is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import z3

from tests.proofs.numbers import Number, Truth, truth

SECONDS = 30  #: a question that takes longer is asked in the wrong way.

CLAIMS: dict[str, Claim] = {}  #: by name


class Claim(NamedTuple):
    """Something proved of a module."""

    module: str
    prove: Callable[[Any], None]  #: takes the module, so that a spoilt copy can be tried


def claim(module: str) -> Callable[[Callable[[Any], None]], Callable[[Any], None]]:
    """Enter a proof into the table of all."""

    def enter(proves: Callable[[Any], None]) -> Callable[[Any], None]:
        CLAIMS[proves.__name__] = Claim(module, proves)
        return proves

    return enter


class CounterexampleError(AssertionError):
    """Numbers for which a statement is wrong."""


def prove(claim: Any, given: Iterable[Any] = (), **shown: Any) -> None:
    """Prove that a claim holds whenever what is given does; numbers in `shown` are told where it does not.

    Raises:
        CounterexampleError: it does not hold; the text has the inputs as numbers.
        AssertionError: nothing satisfies what is given, so anything would follow, or the solver gave up.

    """
    solver = z3.Solver()
    solver.set("timeout", SECONDS * 1000)
    solver.add(*(truth(each) for each in given))
    assert solver.check() == z3.sat, "nothing satisfies what is given: this would prove anything"
    solver.add(z3.Not(truth(claim)))
    answer = solver.check()
    if answer == z3.sat:
        raise CounterexampleError(_told(solver.model(), shown))
    assert answer == z3.unsat, f"the solver gave up: {solver.reason_unknown()}"


def _told(model: Any, shown: dict[str, Any]) -> str:
    """Return the inputs that the solver found, and what is made of them."""
    inputs = {str(it): model[it].as_long() for it in model.decls() if it.arity() == 0}
    made = {name: _value(model, it) for name, it in shown.items() if name not in inputs}
    return ", ".join(
        f"{name} = {_plain(value)}" for name, value in sorted(inputs.items()) + list(made.items())
    )


def _value(model: Any, it: Any) -> int | bool:
    found = model.eval(it.expr if isinstance(it, Number | Truth) else it, model_completion=True)
    return z3.is_true(found) if z3.is_bool(found) else int(found.as_long())


def _plain(value: int | bool) -> str:  # a number or an answer
    return str(value) if isinstance(value, bool) or value < 1024 else f"{value:#x}"


def all_of(*claims: Any) -> Truth:
    """Return the statement that all hold."""
    return Truth(z3.And(*map(truth, claims)))


def implies(when: Any, then: Any) -> Truth:
    """Return the statement that one thing follows from another."""
    return Truth(z3.Implies(truth(when), truth(then)))


def power_of_two(value: Number) -> Truth:
    """Return the statement that a number is a power of two."""
    return all_of(value > 0, (value & (value - 1)) == 0)


def multiple(value: Number, unit: Any) -> Truth:
    """Return the statement that a number is a multiple of a power of two."""
    return (value & (unit - 1)) == 0
