"""Objects that are read some at a time are written as they are, whatever stands in which of the times."""

import io
from dataclasses import dataclass
from operator import attrgetter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.codec import gathered
from arenalab.codec.archive import ANY, INT_64, Archive, ArchiveOut
from arenalab.codec.forms import Cell, Form
from arenalab.codec.gathered import whole_numbers
from arenalab.codec.kinds import Kind
from arenalab.codec.records import Named, Records, write_records
from arenalab.errors import HistoryError


@dataclass(frozen=True)
class Counted:
    number: int
    many: int | None


@dataclass(frozen=True)
class Told:
    words: str
    number: int


NUMBER = Kind(int, ANY, "a whole number")
FORMS = {
    Counted: [
        Cell("number", "number", NUMBER),
        Cell("many", "many", Kind(int, INT_64, "a whole number", optional=True)),
    ],
    Told: [Cell("words", "words", Kind(str, None, "a text")), Cell("number", "number", NUMBER)],
}
numbers = st.integers(-9, 9) | st.sampled_from([-(2**63), 2**63 - 1, 2**63, 2**64 - 1])
things = st.lists(
    st.builds(Counted, numbers, st.none() | st.integers(-3, 3))
    | st.builds(Told, st.text(max_size=2), numbers),
    max_size=30,
)


def named(kind):
    return Named(kind.__name__, Form(kind.__name__, kind, FORMS[kind], checked=False))


@given(things, st.sampled_from([1, 3, gathered.TOGETHER]))
def test_objects_are_read_back_however_many_were_gathered_together(objects, together):
    file, texts = io.BytesIO(), {}
    out = ArchiveOut(file)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gathered, "TOGETHER", together)
        names = write_records(out, "thing", iter(objects), named, int, texts)
    out.end("head", {"texts": texts})
    out.close()
    assert names == [kind.__name__ for kind in dict.fromkeys(map(type, objects))]
    kinds = [named({"Counted": Counted, "Told": Told}[name]) for name in names]
    read = Records(Archive(io.BytesIO(file.getvalue()), "head", "x.npz", HistoryError), "thing", kinds, ())
    assert read.some(0, len(objects)) == objects
    for kind in dict.fromkeys(map(type, objects)):
        its = [each for each in objects if type(each) is kind]
        for cell in FORMS[kind]:
            said = read.fields(kind)[cell.name].values(slice(0, len(its)))
            assert list(said) == list(map(attrgetter(cell.name), its))


@given(st.lists(numbers, max_size=9))
def test_whole_numbers_are_themselves(values):
    column = whole_numbers(values)
    assert column.tolist() == values
    wide, negative = max(values, default=0) >= 2**63, min(values, default=0) < 0
    assert column.dtype == ("O" if wide and negative else "u8" if wide else "i8")


@pytest.mark.parametrize("values", [[2**64], [-1, 2**64], [-(2**63) - 1]])
def test_number_of_more_than_64_bits_is_refused(values):
    with pytest.raises(OverflowError):
        whole_numbers(values)
