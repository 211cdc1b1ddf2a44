"""Answers as readers type them: read generously, refused clearly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.course.answers import Bits, Offset, Whole, choice, several, which_list
from arenalab.errors import ScenarioError

PICK = several("red", "green", "blue")


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        (Whole(), "8,388,608", 8_388_608),
        (Whole(), " 8_388 608 ", 8_388_608),
        (Whole(), "0x10", 16),
        (Whole(), "-3", -3),
        (Whole(unit="bytes"), "24 bytes", 24),
        (Whole(unit="bytes"), "1 byte", 1),
        (Whole(unit="GC cycles"), "2 gc cycles", 2),
        (Offset(), "0x7FFFF3", 0x7FFFF3),
        (Offset(), " 0x40_0000 ", 0x400000),
        (Bits(), "0x2b", 0x2B),
        (Bits(), "101011", 0x2B),
        (Bits(), "0b10 1011", 0x2B),
        (Bits(), "0", 0),
        (PICK, ["blue", "red"], {"red", "blue"}),
        (PICK, "red; blue", {"red", "blue"}),
        (PICK, "none", set()),
        (PICK, [], set()),
        (which_list(), "reuse", "reuse"),
    ],
)
def test_answer_is_read(kind, typed, value):
    assert kind.read(typed) == value
    assert kind.read(kind.show(value)) == value


@pytest.mark.parametrize(
    ("kind", "typed", "told"),
    [
        (Whole(), "", "'' is not a whole number, such as 24"),
        (Whole(unit="bytes"), "many", "'many' is not a whole number of bytes, such as 24"),
        (Whole(), "1.5", "not a whole number"),
        (Offset(), "24", "'24': write the number in hex with 0x in front"),
        (Offset(), "0xgg", "write the number in hex"),
        (Bits(), "012", "is not 64 bits"),
        (Bits(), "1" * 65, "more than 64 bits"),
        (Bits(), "", "is not 64 bits"),
        (PICK, ["pink"], "'pink': choose among red; green; blue"),
        (PICK, ["red", 3], "3: choose among red; green; blue"),
        (PICK, [["red"]], r"\['red'\]: choose among"),
        (PICK, 3, "3: choose among red; green; blue"),
        pytest.param(Whole(), 10**5000, "is not a whole number", id="huge"),
        (Whole(), "9" * 5000, r"'9+\.\.\. is not a whole number"),
        (Whole(), ["24"], "is not a whole number"),
        (Whole(), True, "True is not a whole number"),
        (Offset(), "0x" + "f" * 5000, "write the number in hex"),
        pytest.param(Bits(), 10**5000, "is not 64 bits", id="huge bits"),
        (choice("a", "b"), None, "choose one of the answers first"),
        (choice("a", "b"), ["a"], "choose one of the answers first"),
    ],
)
def test_mistyped_answer_is_told_what_to_write(kind, typed, told):
    with pytest.raises(ScenarioError, match=told.replace("'", ".").replace("(", ".")):
        kind.read(typed)


@given(st.integers(0, 2**64 - 1))
def test_numbers_are_read_as_they_are_shown(value):
    for kind in (Whole(), Whole(unit="bytes"), Offset(), Bits()):
        assert kind.read(kind.show(value)) == value


def test_options_are_shown_in_the_order_in_which_they_were_offered():
    assert PICK.show({"blue", "red"}) == "red; blue"
    assert PICK.show(frozenset()) == "none"
