"""Append-only rows: snapshots share, branches part."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.world.columns import Columns
from arenalab.world.deferred import Same, Upwards
from arenalab.world.growing import GrowableArray


def filled(rows):
    columns = Columns(("a", "b"))
    for row in rows:
        columns.append(row)
    return columns


def test_a_snapshot_sees_only_what_was_there():
    columns = filled([(1, 2)])
    twin = columns.fork()
    columns.append((3, 4))
    assert (len(twin), len(columns)) == (1, 2)
    assert twin.table().tolist() == [[1, 2]]


def test_re_applying_the_same_rows_copies_nothing():
    columns = filled([(1, 2), (3, 4), (5, 6)])
    twin = filled([])
    twin = columns.fork()
    twin.count = 1
    twin.append((3, 4))
    twin.extend(np.array([[5, 6]]))
    assert twin == columns
    assert twin._data is columns._data


def test_a_branch_that_writes_something_else_leaves_the_other_untouched():
    columns = filled([(1, 2), (3, 4)])
    for write in (lambda twin: twin.append((9, 9)), lambda twin: twin.extend(np.array([[9, 9]]))):
        twin = columns.fork()
        twin.count = 1
        write(twin)
        assert columns.table().tolist() == [[1, 2], [3, 4]]
        assert twin.table().tolist() == [[1, 2], [9, 9]]


def test_rows_are_counted_from_either_end_of_what_the_snapshot_sees():
    columns = filled([(1, 2), (3, 4)])
    assert (columns.row(0), columns.row(-1)) == ((1, 2), (3, 4))
    with pytest.raises(IndexError, match="row 2 of 2"):
        columns.row(2)


def test_unsigned_columns_hold_whole_words():
    columns = Columns(("word",), "Q")
    columns.append((2**64 - 1,))
    assert columns.column("word").dtype == np.uint64
    assert int(columns.column("word")[0]) == 2**64 - 1


class Squares:
    """Writes squares, and counts how often it is asked."""

    def __init__(self):
        self.asked = []

    def __call__(self, rows, first):
        self.asked.append((first, len(rows)))
        rows[:] = (np.arange(first, first + len(rows)) ** 2)[:, None]


@pytest.fixture
def later():
    """Columns with a row, ten rows left for later, a row; and what writes the ten."""
    columns, squares = filled([(7, 7)]), Squares()
    columns.extend_later(10, squares)
    columns.append((8, 8))
    return columns, squares


def test_rows_left_for_later_are_written_when_they_are_read_and_once(later):
    columns, squares = later
    assert (len(columns), squares.asked) == (12, [])
    assert columns.table().tolist() == [[7, 7], *([n * n] * 2 for n in range(10)), [8, 8]]
    assert columns.column("b")[10] == 81
    assert squares.asked == [(0, 10)]


def test_a_single_row_left_for_later_is_read_without_the_others(later):
    columns, squares = later
    assert [columns.row(number)[0] for number in (0, 1, 4, 10, 11, -1)] == [7, 0, 9, 81, 8, 8]
    assert squares.asked == [(0, 1), (3, 1), (9, 1)]


def test_rows_left_for_later_survive_a_larger_buffer(later):
    columns, _ = later
    columns.extend(np.full((500, 2), 5))
    assert columns.column("a")[[1, 10, 11, 12, 511]].tolist() == [0, 81, 8, 5, 5]


@pytest.mark.parametrize("read_before", [False, True])
def test_re_applying_rows_left_for_later_asks_nobody(later, read_before):
    columns, squares = later
    if read_before:
        columns.table()
    asked = len(squares.asked)
    twin = columns.fork()
    twin.count = 1
    twin.extend_later(10, squares)
    twin.append((8, 8))
    assert len(squares.asked) == asked
    assert twin == columns
    assert twin._data is columns._data


def test_a_branch_that_leaves_other_rows_for_later_goes_its_own_way(later):
    columns, _ = later
    twin = columns.fork()
    twin.count = 1
    twin.extend_later(10, lambda rows, first: rows.fill(first + 3))
    assert twin.table().tolist() == [[7, 7], *[[3, 3]] * 10]
    assert columns.row(4) == (9, 9)


def test_numbers_left_for_later_can_be_taken_back_and_walked_through():
    numbers = GrowableArray()
    numbers.extend_later(3, Upwards(5))
    numbers.extend_later(2, Same(4))
    assert (numbers.pop(), numbers[-1], numbers[1], len(numbers)) == (4, 4, 6, 4)
    numbers.append(9)
    assert list(numbers) == [5, 6, 7, 4, 9]


def test_rows_re_applied_one_by_one_over_unwritten_ones_stand_apart(later):
    columns, squares = later
    twin = columns.fork()
    twin.count = 1
    for number in range(10):
        twin.append((number**2, number**2))
    twin.append((8, 8))
    assert squares.asked == []
    assert twin._data is not columns._data
    assert twin == columns


def test_run_re_applied_over_a_part_of_unwritten_rows_has_only_those_written(later):
    columns, squares = later
    twin = columns.fork()
    twin.count = 1
    twin.extend_later(4, Squares())
    assert (squares.asked, columns._data.left) == ([(0, 4)], 20)
    assert twin._data is columns._data
    assert twin.table(1).tolist() == columns.table(1, 5).tolist()


def test_rows_re_applied_one_by_one_over_written_ones_are_compared(later):
    columns, squares = later
    columns.table()
    twin = columns.fork()
    twin.count = 1
    for number in range(10):
        twin.append((number**2, number**2))
    assert squares.asked == [(0, 10)]
    assert twin._data is columns._data


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 5)), max_size=8), st.integers(0, 40), st.booleans())
def test_windows_show_every_row_once_and_write_none(parts, start, read):
    """Rows that a rule gives and single ones, by turns; as many of the first are unwritten afterwards."""
    lazy, eager = Columns(("a", "b")), Columns(("a", "b"))
    for by_rule, count in parts:
        first = len(eager)
        rows = np.array([(first + at, count) for at in range(count if by_rule else 1)])
        eager.extend(rows)
        if by_rule:
            lazy.extend_later(
                count, lambda window, at, rows=rows: np.copyto(window, rows[at : at + len(window)])
            )
        else:
            lazy.append(tuple(rows[0].tolist()))
    if read and len(lazy):
        lazy.table()
    left, start = lazy._data.left, min(start, len(lazy))
    seen = [(first + at, row) for first, rows in lazy.windows(start) for at, row in enumerate(rows.tolist())]
    assert seen == [(at, row) for at, row in enumerate(eager.table().tolist()) if at >= start]
    assert [list(lazy.row(at)) for at in range(len(lazy))] == eager.table().tolist()
    assert lazy._data.left == left
    assert lazy == eager


def test_snapshot_that_goes_apart_copies_nothing_and_leaves_no_row_behind(later):
    columns, squares = later
    twin = columns.fork(apart=True)
    twin.append((9, 9))
    columns.append((5, 5))
    assert (twin.row(-1), columns.row(-1), len(columns)) == ((9, 9), (5, 5), 13)
    assert twin.shared(columns) == columns.shared(twin) == 12
    assert squares.asked == []
    assert twin.table().tolist() == [*columns.table(0, 12).tolist(), [9, 9]]


def test_snapshot_of_one_that_went_apart_reads_the_first_one(later):
    columns, _ = later
    twin = columns.fork(apart=True)
    twin.append((9, 9))
    third = twin.fork(apart=True)
    third.append((6, 6))
    assert third._data._source == (columns._data, 24)
    assert third.table(10).tolist() == [[81, 81], [8, 8], [9, 9], [6, 6]]
    assert third != twin
    twin.append((6, 6))
    assert third == twin


def test_what_is_shared_is_compared_without_being_written(later):
    columns, squares = later
    one, other = columns.fork(apart=True), columns.fork(apart=True)
    one.append((1, 2))
    other.append((1, 2))
    assert one == other
    other.append((1, 2))
    assert one != other
    assert squares.asked == []


def test_some_rows_are_read_and_the_others_stay_unwritten(later):
    columns, squares = later
    assert columns.table(0, 3).tolist() == [[7, 7], [0, 0], [1, 1]]
    assert columns.table(9).tolist() == [[64, 64], [81, 81], [8, 8]]
    assert columns.table(-1).tolist() == [[8, 8]]
    assert columns._data.left == 20
    assert squares.asked == [(0, 2), (8, 2)]
    assert columns.table(5, 2).tolist() == []


class Picked(Squares):
    """Writes squares and their halves, and can pick one column of some of its rows."""

    def __call__(self, rows, first):
        super().__call__(rows, first)
        rows[:, 1] //= 2

    def pick(self, rows, place):
        assert 0 <= rows.min() <= rows.max() < 10
        return rows**2 // (1 + place)


@given(st.lists(st.integers(0, 11), max_size=20), st.booleans(), st.sampled_from([Squares, Picked]))
def test_columns_of_some_rows_come_in_the_order_asked_for(asked, again, rule):
    columns = filled([(7, 7)])
    columns.extend_later(10, rule())
    columns.append((8, 9))
    left = columns._data.left
    rows = np.array(asked * (1 + again), dtype=np.int64)
    found = columns.gather(rows, "b", "a")
    assert columns._data.left == left
    assert found.tolist() == columns.table()[rows][:, ::-1].tolist()
    assert columns.gather(rows, "b", "a").tolist() == found.tolist()  # written by now


def test_columns_that_a_rule_can_pick_are_picked():
    columns, rule = filled([(7, 7)]), Picked()
    columns.extend_later(10, rule)
    assert columns.gather(np.array([10, 2, 2]), "b").tolist() == [[40], [0], [0]]
    assert (rule.asked, columns._data.left) == ([], 20)
    assert columns.gather(np.array([0, 2]), "b").tolist() == [[7], [0]]
    assert rule.asked == [(0, 2)]
