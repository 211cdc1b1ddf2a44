"""All arenas solved at once against the machine that performs them one by one: every value's place, every number."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.advice import placement
from arenalab.advice.placement import certified, performed, solved
from arenalab.errors import ModelBug
from tests.advice.arenas import RULES, of_order, programs
from tests.examples import examples

FULL = [("value", 0, 2, 20)]  #: slices of 12,640 bytes: five fill a chunk.


@examples(100)
@given(programs())
def test_solver_gives_what_the_machine_performs(program):
    assert list(solved(program).differs(performed(program))) == []


@pytest.mark.parametrize("rules", RULES, ids=lambda rules: rules.version)
def test_chunks_wait_for_a_cycle_and_come_again(rules):
    """Two chunks set to fault, one of them while a cycle marks, which therefore doesn't ready it."""
    order = [("made", 0, 0, 0), *FULL * 6, ("freed", 0, 0, 0), ("cycle",), ("made", 1, 0, 0)]
    order += [("value", 1, 2, 20)] * 6 + [("freed", 1, 0, 0), ("cycle",)] + [("cycle",)] * 2
    order += [("made", 2, 0, 0), ("value", 2, 2, 20), ("freed", 2, 0, 0)]
    found = performed(of_order(order, rules, 3))
    assert (found.refills, found.mapped_peak, found.chunks_reserved) == (2, 2, 4)
    assert found.faulted.tolist()[:2] == [
        order.index(("freed", 0, 0, 0)),
        order.index(("freed", 1, 0, 0)) + 1,
    ]
    assert certified(of_order(order, rules, 3)) == 3


def test_tiny_remainder_is_refilled_at_once():
    """An arena gets a chunk with less room than its first value needs, and gives it up for the next."""
    order = [("made", 0, 0, 0), *FULL * 5, ("freed", 0, 0, 0), ("made", 1, 0, 0), ("value", 1, 2, 20)]
    found = solved(of_order([*order, ("freed", 1, 0, 0)], RULES[0], 2))
    assert found.life.tolist() == [0, 0, 0, 0, 0, 1]
    assert (found.refills, found.chunks_peak) == (1, 2)


@given(programs(), st.data())
def test_wrong_answer_is_refused(program, data):
    """Any stay that begins or ends elsewhere is refused, though the machine is not asked."""
    asked = placement._asked(program)[1]  # the columns that solver and certificate share
    filled = placement.fill_arenas(asked, program.rules)
    if not filled.stays:
        return
    at = data.draw(st.integers(0, len(filled.stays) - 1))
    field = data.draw(st.sampled_from(["start", "stop", "base", "limit"]))
    stay = filled.stays[at]
    filled.stays[at] = stay._replace(**{field: getattr(stay, field) + data.draw(st.sampled_from([-8, 8, 1]))})
    with pytest.raises(ModelBug):
        placement.certify_arenas(asked, filled, program.rules)


def test_difference_is_named(monkeypatch):
    order = [("made", 0, 0, 0), *FULL, ("freed", 0, 0, 0)]
    program = of_order(order, RULES[2], 1)
    monkeypatch.setattr(
        placement, "performed", lambda _: solved(of_order([*order[:2], *order[1:]], RULES[2], 1))
    )
    with pytest.raises(
        ModelBug, match=r"1 arenas solved at once and by the machine: .*life: 1 and 2 of them"
    ):
        certified(program)
    assert np.array_equal(solved(program).offset, [0])
