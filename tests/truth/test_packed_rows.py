"""Rows kept as columns by shape come back as they were, in few bytes."""

import tracemalloc

from hypothesis import given
from hypothesis import strategies as st

from arenalab.truth.packed import RUN
from arenalab.truth.packed_rows import NumberedRows, Table

VALUES = st.one_of(
    st.integers(-(2**70), 2**70), st.booleans(), st.none(), st.integers(0, 2**62).map(hex),
    st.sampled_from(["0x00", "0xG", "run", "0X1", "", [1, 2], {"a": None}, 0.5]),
)  # fmt: skip
ROWS = st.lists(st.dictionaries(st.sampled_from("abcdef"), VALUES, max_size=4), max_size=12)


def plainly(row):
    return [(key, type(value), value) for key, value in row.items()]


@given(ROWS)
def test_rows_come_back_as_they_were(rows):
    table = Table()
    assert [table.add(row) for row in rows] == list(range(len(rows))) == list(range(len(table)))
    assert [plainly(row) for row in table] == [plainly(row) for row in rows]
    assert [plainly(table[number]) for number in range(len(rows))] == [plainly(row) for row in rows]


@given(
    st.lists(
        st.sampled_from([{"op": "free", "g": 2}, {"op": RUN, "n": 3}, {"op": RUN, "n": 1}, {"go_on": 5}])
    )
)
def test_numbers_follow_from_the_place(rows):
    op = value = 0
    for row in NumberedRows(rows):
        assert row.get("i", op) == op
        assert row.get("values", value) == value
        assert ("i" in row, "values" in row) == ("op" in row, "n" in row)
        op, value = op + row.get("n", "op" in row), value + row.get("n", 0)


@given(st.lists(st.tuples(st.integers(0, 7), st.sampled_from(["", "reuse empty", "refilled"])), max_size=20))
def test_rows_taken_from_another_table_are_the_same(chosen):
    given_ = [
        {"op": "free", "last": None, "g": 2}, {"op": "free", "last": 3, "g": 2}, {"op": "free", "last": None, "g": 9},
        {"op": RUN, "values": 7, "n": 2}, {"op": RUN, "n": 1, "values": 9, "g": 1},
        {"op": "new", "base": "0xc0", "b": True},
    ]  # fmt: skip
    table, rows = Table(), NumberedRows()
    for row in given_:
        table.add(row)
    chosen = [(number % len(given_), until) for number, until in chosen]
    for number, until in chosen:
        rows.take(table, number, until)
    told = [given_[number] | ({"until": until} if until else {}) for number, until in chosen]
    assert [plainly(row) for row in rows] == [plainly(row) for row in NumberedRows(told)]


def test_row_takes_the_bytes_of_its_numbers():
    tracemalloc.start()
    table, count = Table(), 20_000
    for number in range(count):
        table.add(
            {"op": "free", "arena": number, "base": hex(number), "nrefs": 1, "last": None, "g": number + 1000}
        )
    used, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert used / count < 70  # a dictionary takes five times that
