"""Rows by what holds them: one order for stretches of equal keys and for rows that change with each."""

from bisect import bisect_left

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from arenalab.view.object_order import ObjectOrder
from arenalab.world.columns import Columns

KEYS = 4


def ledger_of(keys):
    ledger = Columns(("key",))
    ledger.extend_later(len(keys), lambda rows, first: np.copyto(rows[:, 0], keys[first : first + len(rows)]))
    return ledger


@given(st.lists(st.tuples(st.integers(-2, KEYS - 1), st.integers(1, 4)), max_size=12), st.data())
def test_order_is_that_of_a_stable_sort(stretches, data):
    keys = np.array([key for key, count in stretches for _ in range(count)], dtype=np.int64)
    ledger = ledger_of(keys)
    order = ObjectOrder.of(ledger, lambda rows: rows[:, 0], KEYS)
    wanted = np.argsort(keys, kind="stable")
    assert order.rows(0, len(keys)).tolist() == wanted.tolist()
    assert order.starts.tolist() == np.searchsorted(keys[wanted], np.arange(KEYS + 1)).tolist()
    first, last = sorted(data.draw(st.lists(st.integers(0, len(keys)), min_size=2, max_size=2)))
    assert order.rows(first, last).tolist() == wanted[first:last].tolist()
    for key in range(KEYS):
        start, stop = order.starts[key : key + 2].tolist()
        for row in range(len(keys) + 1):
            assert order.place_of(row, start, stop) == bisect_left(wanted, row, start, stop)
    assert ledger._data.left == len(keys)


def test_values_made_side_by_side_take_as_much_as_one():
    keys = np.repeat([0, 3, 0, 1], 50_000)
    order = ObjectOrder.of(ledger_of(keys), lambda rows: rows[:, 0], KEYS)
    assert len(order._row) == 4
