"""Wrong solvers of where values stand, planted: the certificate refuses each and says where."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.bulk import run
from arenalab.bulk.ask import Ask, Placed, edges_after, homes
from arenalab.bulk.certify import certify_run
from arenalab.bulk.place import order_of, rows_that_fit, solve
from arenalab.errors import ModelBug
from arenalab.go import layout
from arenalab.replay.replay import replay
from arenalab.replay.workloads import workload
from tests.strategies import GC_OFF

BASE, LIMIT = 0x40C000000000, 0x40C000800000
LEVELS = (2, 4, 8)
values = st.tuples(st.integers(0, 2), st.booleans(), st.integers(1, 70), st.sampled_from([1, 2, 4, 8]))


def ask_of(rows, limits=(LIMIT, LIMIT, LIMIT)):
    slot, up, size, align = (np.array(column) for column in zip(*rows, strict=True))
    # what the columns hold: pointerful values have alignment 8 and a size that is a multiple of it
    size, align = np.where(up, -(-size // 8) * 8, size), np.where(up, 8, align)
    bases = np.full(len(limits), BASE)
    back = np.logical_not(up).astype(np.uint8)
    home = homes(slot if len(limits) > 1 else None, back, len(limits))
    return Ask(home, size, align, np.append(bases, limits))


def asked_for(ask):
    """Return of each row its chunk, whether it goes up, its size and its alignment."""
    back, slot = np.divmod(ask.home.astype(int), ask.chunks)
    return zip(slot.tolist(), (back == 0).tolist(), ask.size.tolist(), ask.align.tolist(), strict=True)


def certify(placed):
    certify_run(placed, edges_after(placed))


def answer(ask, orders=order_of, places=solve):
    """Return a run's answer as a run makes it, by solvers of the order and of the places."""
    order = orders(ask)
    rows = ask.ordered(order)
    return Placed(order, rows, *places(rows))


@given(st.lists(values, min_size=1, max_size=60), st.tuples(*[st.integers(0, 9)] * 3))
def test_solver_places_what_single_steps_place(rows, below):
    ask = ask_of(rows, [LIMIT - less for less in below])
    placed = answer(ask)
    certify(placed)
    low, high = ask.edges.reshape(2, -1).tolist()
    found = placed.in_time(placed.start)
    for row, (slot, up, size, align) in enumerate(asked_for(ask)):
        if up:
            start, low[slot], _ = layout.take_from_front(low[slot], high[slot], size, align)
        else:
            start, high[slot], _ = layout.take_from_back(low[slot], high[slot], size, align)
        assert found[row] == start


@given(st.lists(values, min_size=1, max_size=60), st.tuples(*[st.integers(0, 900)] * 3))
def test_run_is_cut_at_the_first_value_without_room(rows, room):
    ask = ask_of(rows, [BASE + much for much in room])
    placed = answer(ask)
    count = rows_that_fit(placed, edges_after(placed))
    low, high = ask.edges.reshape(2, -1).tolist()
    for row, (slot, up, size, align) in enumerate(asked_for(ask)):
        take = layout.take_from_front if up else layout.take_from_back
        _, edge, fits = take(low[slot], high[slot], size, align)
        if not fits:
            assert count == row
            return
        (low if up else high)[slot] = edge
    assert count == len(rows)


def padding_added_to_padded_sizes(rows):
    """The classic mistake: a level's padding is added to that of the level below, and should replace it."""
    groups, start = solve(rows)
    chunks = rows.chunks
    for slot in range(chunks):
        edge = int(rows.edges[chunks + slot])
        for place in range(*groups[chunks + slot : chunks + slot + 2]):
            lowest = edge - int(rows.size[place])
            edge = lowest - sum(lowest % level for level in LEVELS if level <= rows.align[place])
            start[place] = edge
    return groups, start


def one_byte_off(rows):
    groups, start = solve(rows)
    start[-1] -= 1
    return groups, start


def one_place_missing(rows):
    groups, start = solve(rows)
    groups[-1] -= 1
    return groups, start[:-1]


def a_group_that_ends_early(rows):
    groups, start = solve(rows)
    groups[1] -= 1
    return groups, start


def swapped_rows(ask):
    order = order_of(ask)
    order[[0, 1]] = order[[1, 0]]
    return order


def one_row_missing(ask):
    return order_of(ask)[:-1]


def a_row_twice(ask):
    order = order_of(ask)
    order[1] = order[0]
    return order


def a_row_beyond_the_run(ask):
    order = order_of(ask)
    order[-1] = len(order)
    return order


def a_row_before_the_run(ask):
    order = order_of(ask)
    order[-1] -= len(order)
    return order


def fronts_and_backs_exchanged(ask):
    return order_of(ask._replace(home=(ask.home + ask.chunks) % (2 * ask.chunks)))


def no_order(ask):  # noqa: ARG001  # as if all went up from one edge
    return None


#: A wrong solver of places, or of the order -> what the certificate says.
WRONG_PLACES = {
    padding_added_to_padded_sizes: "row 1 of the run: solver says 0x40c0007ffff7, the rule 0x40c0007ffff8",
    one_byte_off: "solver says",
    one_place_missing: "placed 9 of the run's 10",
    a_group_that_ends_early: "another chunk or end",
}
WRONG_ORDERS = {
    swapped_rows: "before an earlier one",
    one_row_missing: "placed 9 of the run's 10",
    a_row_twice: "another chunk or end, or before an earlier one",
    a_row_beyond_the_run: "a row that the run doesn't have",
    a_row_before_the_run: "a row that the run doesn't have",
    fronts_and_backs_exchanged: "another chunk or end",
    no_order: "another chunk or end",
}
TEN = [(0, False, 1, 1), (0, False, 4, 4), *[(0, True, 16, 8), (1, False, 3, 2)] * 4]


@pytest.mark.parametrize("wrong", WRONG_PLACES, ids=lambda solver: solver.__name__)
def test_wrong_solver_of_places_is_refused(wrong):
    ask = ask_of(TEN)
    certify(answer(ask))
    with pytest.raises(ModelBug, match=WRONG_PLACES[wrong]):
        certify(answer(ask, places=wrong))


@pytest.mark.parametrize("wrong", WRONG_ORDERS, ids=lambda solver: solver.__name__)
def test_wrong_solver_of_the_order_is_refused(wrong):
    with pytest.raises(ModelBug, match=WRONG_ORDERS[wrong]):
        certify(answer(ask_of(TEN), orders=wrong))


def test_padding_replaces_and_does_not_add_as_real_go_has_it():
    ask = ask_of([(0, False, 1, 1), (0, False, 4, 4)], (LIMIT,))
    assert (LIMIT - answer(ask).start).tolist() == [1, 8]


def test_run_longer_than_its_room_is_refused():
    ask = ask_of([(0, False, 8, 8)] * 5, (BASE + 32,))
    with pytest.raises(ModelBug, match=r"row 4 of the run: .*finds no room"):
        certify(answer(ask))


@pytest.mark.parametrize("wrong", [padding_added_to_padded_sizes, one_byte_off, swapped_rows])
def test_replay_with_a_wrong_solver_raises_and_records_no_run(wrong, monkeypatch):
    monkeypatch.setattr(run, "solve" if wrong in WRONG_PLACES else "order_of", wrong)
    with pytest.raises(ModelBug):
        replay(workload("mixed", 2_000), GC_OFF)
