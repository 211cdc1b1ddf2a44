"""Wrong solvers of where values stand, planted: the certificate refuses each and says where."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.bulk import run
from arenalab.bulk.ask import Ask
from arenalab.bulk.certify import certify_run
from arenalab.bulk.place import rows_that_fit, solve
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
    return Ask(slot.astype(np.uint16), up.astype(bool), size, align, bases, np.array(limits))


@given(st.lists(values, min_size=1, max_size=60), st.tuples(*[st.integers(0, 9)] * 3))
def test_solver_places_what_single_steps_place(rows, below):
    ask = ask_of(rows, [LIMIT - less for less in below])
    placed = solve(ask, LEVELS)
    certify_run(ask, placed)
    low, high = ask.free_base.tolist(), ask.free_limit.tolist()
    found = np.empty(len(rows), dtype=np.int64)
    found[placed.order] = placed.start
    for row, (slot, up, size, align) in enumerate(zip(*(column.tolist() for column in ask[:4]), strict=True)):
        if up:
            start, low[slot], _ = layout.take_from_front(low[slot], high[slot], size, align)
        else:
            start, high[slot], _ = layout.take_from_back(low[slot], high[slot], size, align)
        assert found[row] == start


@given(st.lists(values, min_size=1, max_size=60), st.tuples(*[st.integers(0, 900)] * 3))
def test_run_is_cut_at_the_first_value_without_room(rows, room):
    ask = ask_of(rows, [BASE + much for much in room])
    count = rows_that_fit(ask, solve(ask, LEVELS))
    low, high = ask.free_base.tolist(), ask.free_limit.tolist()
    for row, (slot, up, size, align) in enumerate(zip(*(column.tolist() for column in ask[:4]), strict=True)):
        take = layout.take_from_front if up else layout.take_from_back
        _, edge, fits = take(low[slot], high[slot], size, align)
        if not fits:
            assert count == row
            return
        (low if up else high)[slot] = edge
    assert count == len(rows)


def padding_added_to_padded_sizes(ask, levels):
    """The classic mistake: a level's padding is added to that of the level below, and should replace it."""
    placed, chunks = solve(ask, levels), len(ask.free_base)
    for slot in range(chunks):
        edge = int(ask.free_limit[slot])
        for place in range(*placed.groups[chunks + slot : chunks + slot + 2]):
            lowest = edge - int(placed.size[place])
            edge = lowest - sum(lowest % level for level in levels if level <= placed.align[place])
            placed.start[place] = edge
    return placed


def swapped_rows(ask, levels):
    placed = solve(ask, levels)
    order = placed.order.copy()
    order[[0, 1]] = order[[1, 0]]
    return placed._replace(order=order)


def one_byte_off(ask, levels):
    placed = solve(ask, levels)
    placed.start[-1] -= 1
    return placed


def one_row_missing(ask, levels):
    placed = solve(ask, levels)
    groups = placed.groups.copy()
    groups[-1] -= 1
    return placed._replace(order=placed.order[:-1], start=placed.start[:-1], groups=groups)


def a_row_twice(ask, levels):
    placed = solve(ask, levels)
    order = placed.order.copy()
    order[1] = order[0]
    return placed._replace(order=order)


def a_row_beyond_the_run(ask, levels):
    placed = solve(ask, levels)
    order = placed.order.copy()
    order[-1] = len(order)
    return placed._replace(order=order)


def fronts_and_backs_exchanged(ask, levels):
    return solve(ask._replace(pointerful=np.logical_not(ask.pointerful)), levels)


WRONG = {
    padding_added_to_padded_sizes: "row 1 of the run: solver says 0x40c0007ffff7, the rule 0x40c0007ffff8",
    swapped_rows: "before an earlier one",
    one_byte_off: "solver says",
    one_row_missing: "placed 9 of the run's 10",
    a_row_twice: "another chunk or end, or before an earlier one",
    a_row_beyond_the_run: "a row that the run doesn't have",
    fronts_and_backs_exchanged: "another chunk or end",
}


@pytest.mark.parametrize("wrong", WRONG, ids=lambda solver: solver.__name__)
def test_wrong_solver_is_refused(wrong):
    ask = ask_of([(0, False, 1, 1), (0, False, 4, 4), *[(0, True, 16, 8), (1, False, 3, 2)] * 4])
    certify_run(ask, solve(ask, LEVELS))
    with pytest.raises(ModelBug, match=WRONG[wrong]):
        certify_run(ask, wrong(ask, LEVELS))


def test_padding_replaces_and_does_not_add_as_real_go_has_it():
    ask = ask_of([(0, False, 1, 1), (0, False, 4, 4)], (LIMIT,))
    assert (LIMIT - solve(ask, LEVELS).start).tolist() == [1, 8]


def test_run_longer_than_its_room_is_refused():
    ask = ask_of([(0, False, 8, 8)] * 5, (BASE + 32,))
    with pytest.raises(ModelBug, match=r"row 4 of the run: .*finds no room"):
        certify_run(ask, solve(ask, LEVELS))


@pytest.mark.parametrize("wrong", [padding_added_to_padded_sizes, one_byte_off, swapped_rows])
def test_replay_with_a_wrong_solver_raises_and_records_no_run(wrong, monkeypatch):
    monkeypatch.setattr(run, "solve", wrong)
    with pytest.raises(ModelBug):
        replay(workload("mixed", 2_000), GC_OFF)
