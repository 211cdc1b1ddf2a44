"""Equal values stand as one value of all their bytes; a wrong count of them is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.bulk.equal import run_length
from arenalab.errors import ModelBug
from arenalab.go import layout
from arenalab.machine import repeat
from arenalab.machine.machine import Machine
from arenalab.syntax import type_of
from arenalab.world.ops import NewArena, Rep
from tests.strategies import GC_OFF

BASE = 0x40C000000000
aligns = st.sampled_from([1, 2, 4, 8])


@given(aligns, st.integers(1, 40), st.integers(1, 300), st.integers(0, 40), st.integers(0, 9_000))
def test_values_one_by_one_stand_as_one_value_of_all_their_bytes(align, units, count, gap, room):
    size = align * units
    low, high = BASE + gap, BASE + gap + room
    for take, moved in ((layout.take_from_front, "low"), (layout.take_from_back, "high")):
        edges, starts, all_fit = {"low": low, "high": high}, [], True
        for _ in range(count):
            start, edges[moved], fits = take(edges["low"], edges["high"], size, align)
            starts.append(start)
            all_fit = all_fit and fits
        first, edge, fits = take(low, high, count * size, align)
        assert (min(starts), edges[moved], all_fit) == (first, edge, fits)


@pytest.mark.parametrize("expr", ["bool", "*int", "struct{ a bool; b string }"])
def test_run_that_claims_one_value_too_many_is_refused(expr, monkeypatch):
    machine = Machine(GC_OFF, in_bulk=True)
    machine.do(NewArena(0))
    monkeypatch.setattr(repeat, "run_length", lambda *asked: run_length(*asked) + 1)
    with pytest.raises(ModelBug, match="don't fit the free range of chunk 0"):
        machine.do(Rep(0, type_of(expr), 2**24))
