"""Bits solved in bulk are the one-store-at-a-time writer's; wrong solvers, planted, are refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.bulk import written
from arenalab.bulk.bits import MaskTable, Window, certify_bits, kinds_of, pieces_of, solve_bits, values_of
from arenalab.bulk.marks import certify_marks, solve_marks
from arenalab.bulk.prefixes import certify_prefixes, solve_prefixes
from arenalab.errors import ModelBug
from arenalab.replay.replay import replay
from arenalab.replay.workloads import workload, workload_types
from tests.go.test_heapbits import write
from tests.strategies import GC_OFF

TABLE = MaskTable(workload_types())
POINTERFUL = [number for number, go_type in enumerate(workload_types()) if go_type.ptr_bytes]


def bits_problem(kinds, start=0, caps=None):
    """Return the window and the values of rows laid end to end, from heap word `start` of a chunk on."""
    kinds = np.array(kinds)
    width = TABLE.width[kinds] * (1 if caps is None else np.maximum(caps, 1))
    word = start + np.cumsum(width) - width
    first = max(start - 1, 0) // 64
    last = (start + int(width.sum()) - 1) // 64
    before = np.zeros(last - first + 1, dtype=np.uint64)
    if start:
        before[0] = np.uint64(1)
    zero = np.zeros(1, int)
    window = Window(np.array([first]), zero, zero, before)
    return window, values_of(window, kinds_of(kinds, TABLE), word - first * 64, width, caps, TABLE)


def solved(window, values):
    return solve_bits(window, pieces_of(values, TABLE))


def certify(window, values, after):
    certify_bits(window, values, pieces_of(values, TABLE), after)


def flipped(after, bit):
    after = after.copy()
    after[bit // 64] ^= np.uint64(1) << np.uint64(bit % 64)
    return after


#: Rows of single values, of few and of many equal ones.
ROWS = st.lists(
    st.tuples(st.sampled_from(POINTERFUL), st.sampled_from([-1, 1, 2, 40, 600, 900])), min_size=1, max_size=4
)
STARTS = st.sampled_from([0, 1, 3, 63, 64, 65, 130, 200])


@given(ROWS, STARTS)
def test_bits_and_marks_are_the_writers(rows, start):
    kinds, caps = zip(*rows, strict=True)
    window, values = bits_problem(kinds, start, np.array(caps))
    words = np.zeros(int(window.first[0]) + len(window.before), dtype=np.uint64)
    words[window.first[0] :], marks, at = window.before, np.ones(len(words), dtype=bool), start
    for kind, cap in rows:
        for _ in range(max(cap, 1)):
            write(words, marks, workload_types()[kind], at)
            at += int(TABLE.width[kind])
    assert solved(window, values).tolist() == words[window.first[0] :].tolist()
    assert (solve_marks(window) == 0).tolist() == marks[window.first[0] :].tolist()


@given(ROWS, STARTS, st.data())
def test_any_flipped_bit_is_refused(rows, start, data):
    kinds, caps = zip(*rows, strict=True)
    window, values = bits_problem(kinds, start, np.array(caps))
    after = solved(window, values)
    certify(window, values, after)
    bit = data.draw(st.integers(0, 64 * len(after) - 1))
    with pytest.raises(ModelBug):
        certify(window, values, flipped(after, bit))


@given(ROWS, STARTS, st.data())
def test_any_flipped_mark_is_refused(rows, start, data):
    kinds, caps = zip(*rows, strict=True)
    window, values = bits_problem(kinds, start, np.array(caps))
    clears = solve_marks(window)
    certify_marks(window, values, clears)
    clears[data.draw(st.integers(0, len(clears) - 1))] ^= 1
    with pytest.raises(ModelBug, match="noMorePtrs mark"):
        certify_marks(window, values, clears)


@given(ROWS, STARTS, st.sampled_from([-8, 8, 512]))
def test_ptr_bytes_reach_the_last_pointer_of_the_last_value_and_nothing_else_is_accepted(rows, start, off):
    kinds, caps = zip(*rows, strict=True)
    window, values = bits_problem(kinds, start, np.array(caps))
    ptr_bytes = solve_prefixes(window, values, TABLE)
    certify_prefixes(window, values, ptr_bytes, TABLE)
    last = workload_types()[kinds[-1]]
    end = start + sum(int(TABLE.width[kind]) * max(cap, 1) for kind, cap in rows)
    assert ptr_bytes.tolist() == [8 * end - last.size + last.ptr_bytes]
    with pytest.raises(ModelBug, match="PtrBytes of the run's chunk 0"):
        certify_prefixes(window, values, ptr_bytes + off, TABLE)


def test_words_that_repeat_wrongly_are_refused():
    kind = next(kind for kind in POINTERFUL if 0 < TABLE.ones[kind] < TABLE.width[kind])
    window, values = bits_problem([kind], 3, np.array([1500]))
    after = solved(window, values)
    middle = len(after) // 2  # as many bits as before
    after[middle] = after[middle] << np.uint64(1) | after[middle] >> np.uint64(63)
    with pytest.raises(ModelBug, match=f"heap word {64 * (middle - 1) + 3} of the window"):
        certify(window, values, after)


def test_rows_that_overlap_or_leave_a_gap_are_refused():
    for off in (-1, 1):
        window, values = bits_problem(POINTERFUL, 3)
        after = solved(window, values)
        values.word[2] += off
        with pytest.raises(ModelBug, match="doesn't begin where the one before it ends"):
            certify(window, values, after)


def test_run_over_words_that_are_not_blank_is_refused():
    window, values = bits_problem(POINTERFUL, 3)
    window.before[0] = 0b1001
    with pytest.raises(ModelBug, match="not blank where the run begins"):
        certify(window, values, solved(window, values))


def test_replay_with_wrong_bits_raises(monkeypatch):
    def wrong(*asked):
        return flipped(solve_bits(*asked), 70)

    monkeypatch.setattr(written, "solve_bits", wrong)
    with pytest.raises(ModelBug, match="of the window"):
        replay(workload("mixed", 2_000), GC_OFF)
