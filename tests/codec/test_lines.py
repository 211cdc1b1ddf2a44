"""A line of a file is one JSON object, or is refused with the reason."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.codec.lines import MOST_CHARS, row_of
from arenalab.errors import ScenarioError

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


BLANK = st.text(" \t\r\n", max_size=3)


@given(st.dictionaries(st.text(max_size=5), VALUES, max_size=3), BLANK, BLANK)
def test_an_object_is_read_with_what_is_blank_around_it(row, before, after):
    assert row_of(before + json.dumps(row) + after) == row


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", "not JSON .Expecting value"),
        ("{} {}", "not JSON .Extra data"),
        ('{"a": 1}x', "not JSON .Extra data"),
        ('{"a": 1}}', "not JSON .Extra data"),
        ("\ufeff{}", "not JSON"),
        ('{"a": ' + "9" * 5000 + "}", "not JSON"),
        ('{"a":' * 100_000, "not JSON"),
        ("[1]", r"got \[1\]; expected a JSON object"),
        ("NaN", "got nan; expected a JSON object"),
        (" " * (MOST_CHARS + 1), "the line has 67,108,865 characters"),
    ],
    ids=range(10),
)
def test_what_is_no_object_is_refused_with_the_reason(line, said):
    with pytest.raises(ScenarioError, match=f"^{said}") as refused:
        row_of(line)
    assert len(str(refused.value)) < 500
