"""Archives give back the columns that were put in, and refuse what their reader has not asked for."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.codec.archive import INT_64, SHORT, UINT_64, Archive, ArchiveOut
from arenalab.codec.cells import Cells, write_cells
from arenalab.codec.kinds import Kind, Several
from arenalab.errors import HistoryError

ANY = range(INT_64.start, UINT_64.stop)
numbers = st.one_of(
    st.lists(st.integers(-5, 5), max_size=3 * SHORT),
    st.lists(st.integers(-(2**63), 2**63 - 1), min_size=SHORT, max_size=2 * SHORT),
    st.lists(st.integers(0, 2**64 - 1), min_size=SHORT, max_size=2 * SHORT),
    st.integers(0, 2**64 - 1).map(lambda number: [number] * (SHORT + 9)),
    st.integers(0, 2**62).map(lambda number: list(range(number, number + 300))),
)


def archive(write):
    """Return the archive that is written so."""
    out = io.BytesIO()
    with_head = ArchiveOut(out)
    write(with_head)
    with_head.end("head", {})
    with_head.close()
    return Archive(io.BytesIO(out.getvalue()), "head", "x.npz", HistoryError)


@given(numbers)
def test_column_is_read_as_it_was_written(column):
    read = archive(lambda out: out.put("a", column))
    assert read.column("a", len(column), ANY).tolist() == column
    if column:
        low, high = min(column), max(column)
        for within in (range(low + 1, high + 2), range(low, high)):
            with pytest.raises(HistoryError, match=r"^x\.npz: column a, number \d+: got "):
                read.column("a", len(column), within)
    with pytest.raises(HistoryError, match=r"^x\.npz: column b can't be read"):
        read.column("b", 1, ANY)
    if len(set(column)) > 1:
        with pytest.raises(HistoryError, match=r"^x\.npz: column a has [\d,]+ numbers; expected"):
            read.column("a", len(column) + 1, ANY)


@given(numbers)
def test_column_whose_length_nothing_else_tells_is_there_number_for_number(column):
    numbers = np.array(column, dtype=np.uint64 if column and max(column) >= INT_64.stop else np.int64)
    read = archive(lambda out: out.put_counted("a", numbers))
    assert read.column("a", None, ANY).tolist() == column


KINDS = [
    (Kind(int, ANY, ""), st.integers(-(2**63), 2**64 - 1)),
    (Kind(int, INT_64, "", optional=True), st.none() | st.integers(-9, 9)),
    (Kind(bool, None, ""), st.booleans()),
    (Kind(str, None, ""), st.text(max_size=3)),
    (Kind(bytes, None, ""), st.binary(max_size=5)),
    (
        Several(tuple, None, "", one=Kind(int, INT_64, "")),
        st.lists(st.integers(0, 300), max_size=4).map(tuple),
    ),
]


@pytest.mark.parametrize(("kind", "values"), KINDS, ids=["wide", "optional", "flag", "text", "bytes", "list"])
@given(st.data())
def test_what_fields_hold_is_read_as_it_was_written(kind, values, data):
    column, texts = data.draw(st.lists(values, max_size=80)), {}
    read = archive(lambda out: write_cells(out, "a", kind, column, int, texts))
    read.said["texts"] = texts
    cells = Cells(read, "a", kind, len(column), ())
    assert list(cells.values(slice(0, len(column)))) == column
    some = data.draw(st.lists(st.integers(0, len(column) - 1), max_size=9)) if column else []
    assert list(cells.values(np.array(some, dtype=np.int64))) == [column[at] for at in some]
