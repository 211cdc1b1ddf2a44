"""Proved: for all inputs, by a solver, of the functions that machine and certificate run (docs/proofs.md)."""

import re
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from arenalab.go.mirror import MIRRORED
from tests.proofs import claims_chunk, claims_layout  # noqa: F401  # they enter their claims
from tests.proofs.faults import FAULTS
from tests.proofs.numbers import uintptr
from tests.proofs.prover import CLAIMS, CounterexampleError, prove

PAGE = Path(__file__).parents[2] / "docs" / "proofs.md"


def spoilt(name, old, new):
    """Return a module with one text in the place of another; it is not the one that others import."""
    source = Path(sys.modules[name].__file__).read_text(encoding="utf-8")
    assert source.count(old) >= 1, f"{old!r} does not stand in {name} any more"
    module, entered = ModuleType(name), len(MIRRORED)
    try:
        exec(compile(source.replace(old, new, 1), name, "exec"), module.__dict__)  # noqa: S102  # our own source
    finally:
        del MIRRORED[entered:]
    return module


@pytest.mark.parametrize("name", CLAIMS)
def test_claim_holds_for_all_inputs(name):
    CLAIMS[name].prove(import_module(CLAIMS[name].module))


@pytest.mark.parametrize(
    ("name", "old", "new"), [(name, *fault) for name, faults in FAULTS.items() for fault in faults]
)
def test_wrong_operator_is_shown_by_numbers(name, old, new):
    with pytest.raises(CounterexampleError, match=r"\w+ = (0x)?\d"):
        CLAIMS[name].prove(spoilt(CLAIMS[name].module, old, new))


def test_each_claim_has_three_faults_and_its_line_on_the_page():
    assert {name: len(faults) for name, faults in FAULTS.items()} == dict.fromkeys(CLAIMS, 3)
    listed = re.findall(r"^\| `(\w+)`", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert listed == list(CLAIMS)


def test_premises_that_nothing_satisfies_prove_nothing():
    value = uintptr.of("value")
    with pytest.raises(AssertionError, match="would prove anything"):
        prove(value > 3, [value < 2, value > 2])
