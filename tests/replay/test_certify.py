"""Wrong solvers, planted: the certificate refuses each and says where."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.errors import ModelBug
from arenalab.go import layout
from arenalab.go.mixedbits import MaskTable, Values, Window, certify_mixed, pieces_of, solve_mixed
from arenalab.replay import replay as replay_module
from arenalab.replay import run_bits, solve
from arenalab.replay.bump import Ask
from arenalab.replay.certify import certify_run
from arenalab.replay.replay import replay
from arenalab.replay.solve import rows_that_fit
from arenalab.replay.workloads import workload, workload_types
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
    placed = solve.solve(ask, LEVELS)
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
    count = rows_that_fit(ask, solve.solve(ask, LEVELS))
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
    placed, chunks = solve.solve(ask, levels), len(ask.free_base)
    for slot in range(chunks):
        edge = int(ask.free_limit[slot])
        for place in range(*placed.groups[chunks + slot : chunks + slot + 2]):
            lowest = edge - int(placed.size[place])
            edge = lowest - sum(lowest % level for level in levels if level <= placed.align[place])
            placed.start[place] = edge
    return placed


def swapped_rows(ask, levels):
    placed = solve.solve(ask, levels)
    order = placed.order.copy()
    order[[0, 1]] = order[[1, 0]]
    return placed._replace(order=order)


def one_byte_off(ask, levels):
    placed = solve.solve(ask, levels)
    placed.start[-1] -= 1
    return placed


def one_row_missing(ask, levels):
    placed = solve.solve(ask, levels)
    groups = placed.groups.copy()
    groups[-1] -= 1
    return placed._replace(order=placed.order[:-1], start=placed.start[:-1], groups=groups)


def a_row_twice(ask, levels):
    placed = solve.solve(ask, levels)
    order = placed.order.copy()
    order[1] = order[0]
    return placed._replace(order=order)


def fronts_and_backs_exchanged(ask, levels):
    return solve.solve(ask._replace(pointerful=np.logical_not(ask.pointerful)), levels)


WRONG = {
    padding_added_to_padded_sizes: "row 1 of the run: solver says 0x40c0007ffff7, the rule 0x40c0007ffff8",
    swapped_rows: "before an earlier one",
    one_byte_off: "solver says",
    one_row_missing: "placed 9 of the run's 10",
    a_row_twice: "another chunk or end, or before an earlier one",
    fronts_and_backs_exchanged: "another chunk or end",
}


@pytest.mark.parametrize("wrong", WRONG, ids=lambda solver: solver.__name__)
def test_wrong_solver_is_refused(wrong):
    ask = ask_of([(0, False, 1, 1), (0, False, 4, 4), *[(0, True, 16, 8), (1, False, 3, 2)] * 4])
    certify_run(ask, solve.solve(ask, LEVELS))
    with pytest.raises(ModelBug, match=WRONG[wrong]):
        certify_run(ask, wrong(ask, LEVELS))


def test_padding_replaces_and_does_not_add_as_real_go_has_it():
    ask = ask_of([(0, False, 1, 1), (0, False, 4, 4)], (LIMIT,))
    assert (LIMIT - solve.solve(ask, LEVELS).start).tolist() == [1, 8]


def test_run_longer_than_its_room_is_refused():
    ask = ask_of([(0, False, 8, 8)] * 5, (BASE + 32,))
    with pytest.raises(ModelBug, match=r"row 4 of the run: .*finds no room"):
        certify_run(ask, solve.solve(ask, LEVELS))


@pytest.mark.parametrize("wrong", [padding_added_to_padded_sizes, one_byte_off, swapped_rows])
def test_replay_with_a_wrong_solver_raises_and_records_no_run(wrong, monkeypatch):
    monkeypatch.setattr(replay_module, "solve", wrong)
    with pytest.raises(ModelBug):
        replay(workload("mixed", 2_000), GC_OFF)


TABLE = MaskTable(workload_types())
POINTERFUL = [number for number, go_type in enumerate(workload_types()) if go_type.ptr_bytes]


def bits_problem(kinds, start=0):
    kinds = np.array(kinds)
    word = start + np.cumsum(TABLE.width[kinds]) - TABLE.width[kinds]
    first = max(start - 1, 0) // 64
    last = (start + int(TABLE.width[kinds].sum()) - 1) // 64
    before = np.zeros(last - first + 1, dtype=np.uint64)
    if start % 64 or start:
        before[0] = np.uint64(1)
    window = Window(np.array([first]), np.array([0]), before)
    return window, Values(kinds, word - first * 64)


@pytest.mark.parametrize("start", [0, 1, 63, 64, 65, 200])
def test_bits_solved_are_certified_wherever_the_run_starts(start):
    window, values = bits_problem(POINTERFUL * 5, start)
    certify(window, values, solve_mixed(window, pieces_of(values, TABLE)))


def certify(window, values, solved):
    certify_mixed(window, values, pieces_of(values, TABLE), TABLE, solved)


def flipped(solved, bit):
    after = solved.after.copy()
    after[bit // 64] ^= np.uint64(1) << np.uint64(bit % 64)
    return solved._replace(after=after)


@given(
    st.lists(st.sampled_from(POINTERFUL), min_size=1, max_size=12),
    st.sampled_from([0, 3, 64, 130]),
    st.data(),
)
def test_any_flipped_bit_is_refused(kinds, start, data):
    window, values = bits_problem(kinds, start)
    solved = solve_mixed(window, pieces_of(values, TABLE))
    bit = data.draw(st.integers(0, 64 * len(solved.after) - 1))
    with pytest.raises(ModelBug):
        certify(window, values, flipped(solved, bit))


@given(
    st.lists(st.sampled_from(POINTERFUL), min_size=1, max_size=12),
    st.sampled_from([0, 3, 64, 130]),
    st.data(),
)
def test_any_flipped_mark_is_refused(kinds, start, data):
    window, values = bits_problem(kinds, start)
    solved = solve_mixed(window, pieces_of(values, TABLE))
    clears = solved.clears.copy()
    clears[data.draw(st.integers(0, len(clears) - 1))] ^= 1
    with pytest.raises(ModelBug, match="noMorePtrs mark"):
        certify(window, values, solved._replace(clears=clears))


def test_replay_with_wrong_bits_raises(monkeypatch):
    def wrong(window, pieces):
        return flipped(solve_mixed(window, pieces), 70)

    monkeypatch.setattr(run_bits, "solve_mixed", wrong)
    with pytest.raises(ModelBug, match="of the window"):
        replay(workload("mixed", 2_000), GC_OFF)
