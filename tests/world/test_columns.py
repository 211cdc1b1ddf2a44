"""Append-only rows: snapshots share, branches part."""

import numpy as np
import pytest

from arenalab.world.columns import Columns


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
