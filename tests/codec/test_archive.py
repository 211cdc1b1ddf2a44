"""Archives give back the columns that were put in, and refuse what their reader has not asked for."""

import gc
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.codec import archive as archives
from arenalab.codec.archive import ANY, INT_64, SHORT, Archive, ArchiveOut
from arenalab.codec.cells import Cells, write_cells
from arenalab.codec.kinds import Kind, Several
from arenalab.codec.late_column import LateColumn
from arenalab.errors import HistoryError

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


@given(numbers, st.integers(1, 2 * SHORT), st.data())
def test_some_of_a_column_in_blocks_are_those_that_were_written_there(column, size, data):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(archives, "BLOCK", size)
        read = archive(lambda out: out.put("a", column))
    late, edge = LateColumn(read, "a", len(column), ANY), st.integers(0, len(column) + 1)
    for first, last in data.draw(st.lists(st.tuples(edge, edge), max_size=4)):
        assert late[first:last].tolist() == column[first:last]
    places = data.draw(st.lists(st.integers(0, len(column) - 1), max_size=9)) if column else []
    assert late[np.array(places, dtype=np.int64)].tolist() == [column[at] for at in places]
    assert late.whole.tolist() == read.column("a", len(column), ANY).tolist() == column
    assert late[: len(column)].tolist() == column


def in_blocks(change):
    """Return an archive with the column "a" in blocks of 100, 0 to 999 in a strange order, changed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(archives, "BLOCK", 100)
        return archive(lambda out: (out.put("a", np.arange(1000) * 377 % 1000), change(out)))


@given(st.lists(st.integers(0, 399) | st.integers(0, 999), min_size=1, max_size=30))
def test_numbers_in_places_of_few_blocks_come_in_the_order_asked_for(places):
    late = LateColumn(in_blocks(lambda _: None), "a", 1000, ANY)
    assert late[np.array(places)].tolist() == [at * 377 % 1000 for at in places]
    assert ("whole" in vars(late)) == (len({at // 100 for at in places}) > 5)


def other_block(length):
    """Return a change of the fourth block to one of another length."""
    return lambda out: out._member("a@3", np.arange(length, dtype=np.uint8))


@pytest.mark.parametrize("length", [0, 99, 101])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_spoilt_block_is_named_where_somebody_looks_at_it(length):
    late = LateColumn(in_blocks(other_block(length)), "a", 1000, ANY)
    assert late[250:300].tolist() == [at * 377 % 1000 for at in range(250, 300)]
    for look in (lambda: late[299:301], lambda: late[np.array([305])], lambda: late.whole):
        with pytest.raises(HistoryError, match=rf"^x\.npz: column a@3 has {length} numbers; expected 100"):
            look()


def test_number_out_of_range_is_named_where_somebody_looks_at_its_block():
    late = LateColumn(in_blocks(lambda _: None), "a", 1000, range(999))  # number 687 is 999
    assert late[500:600].tolist() == [at * 377 % 1000 for at in range(500, 600)]
    with pytest.raises(HistoryError, match=r"^x\.npz: column a@6, number 87: got 999; expected .* to 998"):
        late[600:601]


def test_block_that_only_the_head_tells_of_is_none():
    """One number throughout costs a file nothing: a thousand such blocks would claim what no packing can make."""
    read = in_blocks(lambda out: (out._blocks.update(b=2**24), out._same.update({"b@0": 7, "b@1": 7})))
    for look in (lambda: read.column("b", 2**25, ANY), lambda: LateColumn(read, "b", 2**25, ANY)[:3]):
        with pytest.raises(HistoryError, match=r"^x\.npz: column b@0 can't be read"):
            look()


@pytest.mark.parametrize("size", [-1, 2**25, "100", True, None])
def test_blocks_of_a_length_that_none_has_are_refused(size):
    read = in_blocks(lambda out: out._blocks.update(a=size))
    with pytest.raises(HistoryError, match=r"^x\.npz: blocks: a: got .*; expected a length"):
        read.column("a", 1000, ANY)


def test_file_is_closed_with_the_last_part_of_its_archive_also_in_a_cycle():
    whole = archive(lambda out: out.put("a", [1, 2]))
    zipped, part = whole._zip, whole.part("head")
    whole.reader = part.reader = [whole, part]  # as a history and its readers are
    del whole
    gc.collect()
    assert part.column("a", 2, ANY).tolist() == [1, 2]
    del part
    gc.collect()
    assert zipped.fp is None


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
@given(st.sampled_from([9, archives.BLOCK]), st.data())
def test_what_fields_hold_is_read_as_it_was_written(kind, values, block, data):
    column, texts = data.draw(st.lists(values, max_size=80)), {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(archives, "BLOCK", block)
        read = archive(lambda out: write_cells(out, "a", kind, column, int, texts))
    read.said["texts"] = texts
    cells = Cells(read, "a", kind, len(column), ())
    assert list(cells.values(slice(0, len(column)))) == column
    some = data.draw(st.lists(st.integers(0, len(column) - 1), max_size=9)) if column else []
    assert list(cells.values(np.array(some, dtype=np.int64))) == [column[at] for at in some]
